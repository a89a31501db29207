"""What the tests need from the system: a Chromium, a PostgreSQL and a MariaDB.

Run before the tests. As root on Debian or Ubuntu under CI it installs what is missing;
elsewhere it says the exact line and the tests that need it say why they skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    missing: list[str] = []
    if not any(map(shutil.which, CHROMIUM)):
        missing.append("chromium")
    if not (shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        missing.append("postgresql")
    if not shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        missing.append("mariadb-server-core")
    if not shutil.which("my_print_defaults"):  # without it mariadb-install-db lays out nothing
        missing.append("mariadb-client-core")
    if not missing:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.environ.get("CI") and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"▸ Installing {', '.join(missing)} …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(line.split(), check=True, env=quiet, stdout=subprocess.DEVNULL)
    else:
        print(f"▸ Some tests need {' and '.join(missing)}:  sudo {line}", flush=True)


if __name__ == "__main__":
    main()
