"""Set up `.venv` from the lock files. Standard library only: it runs before anything is installed.

    python tools/install.py [--dev]

Steps, each skipped when it is already done: check the interpreter and the compiler, make
`.venv`, compile llama-cpp-python once into a wheelhouse that later set-ups reuse, install
everything else from the hashed lock, install this project.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "installed.txt"
# Without the matrix unit (AMX) of newer Xeons: GCC up to 12 leaves its configuration half written, and
# the first prompt crashes (llama.cpp pull request 26954). Undefining the name works whatever
# -march=native says.
LLAMA_FLAGS = (
    "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF "
    "-DCMAKE_C_FLAGS=-U__AMX_INT8__ -DCMAKE_CXX_FLAGS=-U__AMX_INT8__"
)
COMPILER_LINES = {
    "apt-get": "sudo apt-get install -y build-essential python3-venv",
    "dnf": "sudo dnf install -y gcc gcc-c++ make python3-devel",
    "pacman": "sudo pacman -S --needed base-devel",
    "zypper": "sudo zypper install -y gcc gcc-c++ make",
    "apk": "sudo apk add build-base python3-dev",
    "brew": "xcode-select --install",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description="Set up .venv from the lock files.")
    arguments.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = arguments.parse_args().dev
    check_python()
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    wanted = fingerprint()
    have = STAMP.read_text().split() if STAMP.exists() else []
    if have[:1] == [wanted] and (not dev or "dev" in have):
        return
    started = time.monotonic()
    make_venv()
    requirements, llama = split(lock)
    wheel = llama_wheel(llama)
    say(f"Installing {len(requirements)} packages from {lock.name} …")
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("\n".join(requirements), encoding="utf-8")
        pip(
            "install",
            "--require-hashes",
            "--no-deps",
            "-r",
            str(listed),
            packages=len(requirements),
        )
    pip("install", "--no-deps", "--force-reinstall", str(wheel))
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    kept_dev = dev or "dev" in have
    STAMP.write_text(f"{wanted} {'dev' if kept_dev else 'run'}\n")
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def check_python() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        stop(
            f"Python {platform.python_version()} is not supported; 3.11, 3.12 or 3.13 is.",
            "Install one of them and run: make run PYTHON=python3.12",
        )


def fingerprint() -> str:
    """Changes whenever the locks, the project's metadata, the way llama.cpp is compiled or the
    interpreter do."""
    digest = hashlib.sha256(f"{platform.python_version()} {LLAMA_FLAGS}".encode())
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:16]


def make_venv() -> None:
    python = BIN / "python"
    if python.exists() and version_of(python) == platform.python_version():
        return
    if VENV.is_symlink():
        stop(f"{VENV} is a link, and not to a working environment.", "Remove it and try again.")
    say("Making .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        stop("Python cannot make a virtual environment.", install_line() or made.stderr.strip())


def version_of(python: Path) -> str:
    told = subprocess.run([str(python), "-V"], capture_output=True, text=True)
    return told.stdout.strip().removeprefix("Python ")


def split(lock: Path) -> tuple[list[str], str]:
    """The lock's requirements, and apart from them llama-cpp-python's, which has to be compiled."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    llama = next(line for line in lines if line.startswith("llama-cpp-python=="))
    return [line for line in lines if line is not llama], llama


def llama_wheel(requirement: str) -> Path:
    """The compiled wheel for this processor, made now if it is not there yet."""
    house = wheelhouse(requirement)
    found = sorted(house.glob("llama_cpp_python-*.whl"))
    if found:
        return found[-1]
    check_compiler()
    cores = os.cpu_count() or 1
    say(f"Compiling llama-cpp-python, once: about {max(1, 6 // cores)} minutes on {cores} cores …")
    environment = os.environ | {
        "CMAKE_ARGS": LLAMA_FLAGS,
        "CMAKE_BUILD_PARALLEL_LEVEL": str(cores),
    }
    house.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house) as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(requirement, encoding="utf-8")
        command = [
            str(BIN / "python"), "-m", "pip", "wheel", "-v", "--no-deps", "--no-cache-dir",
            "--no-binary", ":all:", "--require-hashes", "-w", folder, "-r", str(listed),
        ]  # fmt: skip
        log = house / "build.log"
        if build(command, environment, log):
            stop(
                f"llama-cpp-python did not compile; the compiler's words are in {log}",
                install_line(),
            )
        built = next(Path(folder).glob("llama_cpp_python-*.whl"))
        return Path(shutil.move(built, house / built.name))


def wheelhouse(requirement: str) -> Path:
    """A folder of the user's cache: one per version, flags and processor, as GGML_NATIVE asks."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    identity = f"{requirement.split()[0]} {LLAMA_FLAGS} {platform.machine()} {processor()}"
    return base / "assistant" / "wheelhouse" / hashlib.sha256(identity.encode()).hexdigest()[:12]


def processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.MULTILINE)
    return flags.group(1) if flags else ""


def build(command: list[str], environment: dict[str, str], log: Path) -> int:
    """Run the build, its words to the log, its progress to the screen."""
    started, shown = time.monotonic(), ""
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for line in process.stdout or ():
            out.write(line)
            if step := re.search(r"\[(\d+)/(\d+)\]", line):
                done, total = map(int, step.groups())
                now = f"  {100 * done // total:3d} %  {time.monotonic() - started:4.0f} s"
                if now[:6] != shown[:6]:
                    print(now, flush=True)
                    shown = now
        return process.wait()


def check_compiler() -> None:
    missing = [
        name for name, ways in {"a C compiler": ("cc", "gcc", "clang"),
                                "a C++ compiler": ("c++", "g++", "clang++")}.items()
        if not any(map(shutil.which, ways))
    ]  # fmt: skip
    if missing:
        stop(f"This machine has no {' and no '.join(m[2:] for m in missing)}.", install_line())


def install_line() -> str:
    for manager, line in COMPILER_LINES.items():
        if shutil.which(manager):
            return f"Install what is missing with:  {line}"
    return "Install a C and a C++ compiler (gcc or clang), then try again."


def pip(*arguments: str, packages: int = 0) -> None:
    """Run pip; with `packages`, count on the screen those it has reached."""
    command = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
    process = subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
    )
    words: list[str] = []
    reached = 0
    for line in process.stdout or ():
        words.append(line)
        if line.startswith("Collecting "):
            reached += 1
            if packages and reached % 10 == 0:
                print(f"  {reached:3d} of {packages} fetched", flush=True)
        elif line.startswith("Installing collected packages"):
            print("  unpacking …" if packages else "", end="\n" if packages else "", flush=True)
    if process.wait():
        stop(
            f"pip could not finish:\n{''.join(words[-12:])}",
            "With a network again, the same command goes on from here.",
        )


def say(text: str) -> None:
    print(f"▸ {text}", flush=True)


def stop(problem: str, cure: str) -> None:
    sys.exit(f"✗ {problem}\n  {cure}")


if __name__ == "__main__":
    main()
