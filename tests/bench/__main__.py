"""All figures: `make bench`, or `python -m tests.bench [NAME …]`.

Runs every `bench_*.py` of this folder one after another, so that none disturbs another, prints
their tables, and writes all of them to `build/bench.json`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import line

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "build" / "bench.json"


def main(wanted: list[str]) -> int:
    records: dict[str, object] = {}
    missed: list[str] = []
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if wanted and name not in wanted:
            continue
        print(f"\n── {name} ──", flush=True)
        command = [sys.executable, "-m", f"tests.bench.{path.stem}", "--json"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        try:
            figures = json.loads(ran.stdout)
        except ValueError:
            print(ran.stdout, ran.stderr, sep="\n")
            missed.append(name)
            continue
        records[name] = figures
        print("\n".join(map(line, figures)), flush=True)
        for said in ran.stderr.splitlines():
            if said.startswith("Left out "):
                print(said, flush=True)
        if ran.returncode:
            missed.append(name)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    print(f"\nWritten: {OUT.relative_to(ROOT)}")
    if missed:
        print(f"A bar was missed in: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
