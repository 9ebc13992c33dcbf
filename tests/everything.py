"""`make test`: every check there is, in the order in which a mistake is found soonest.

What the suite needs of the system (Debian's chromium and PostgreSQL) is installed where this user may; where not, one
line says which tests were left out.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

# package -> (the program that shows it is there, the mark of the tests that need it)
SYSTEM = {"chromium": ("chromium", "browser"), "postgresql": ("initdb", "postgres")}

STEPS = (
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("house rules", ["lint-imports", "--no-cache"]),
)


def main() -> int:
    started = time.monotonic()
    missing = _install([package for package, (program, _) in SYSTEM.items() if not _find(program)])
    for name, command in STEPS:
        print(f"--- {name}", flush=True)
        if subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT).returncode:
            print(f"{name}: failed", file=sys.stderr)
            return 1
    result = _pytest([SYSTEM[package][1] for package in missing])
    print(f"--- {time.monotonic() - started:.0f} s", flush=True)
    for package in missing:
        print(f"left out: the tests marked {SYSTEM[package][1]}, because {package} is not installed and may not be")
    return result


def _find(program: str) -> str | None:
    """PostgreSQL's server programs are not on the path: each version has a folder of its own."""
    found = shutil.which(program)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return found or (str(versions[-1]) if versions else None)


def _install(packages: list[str]) -> list[str]:
    """Install Debian packages where we may; those that are still missing afterwards."""
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' '.join(packages)} (once) ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet)  # type: ignore[call-overload]
    return [package for package in packages if not _find(SYSTEM[package][0])]


def _pytest(left_out: list[str]) -> int:
    marks = " and ".join(f"not {mark}" for mark in left_out)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        *(["-m", marks] if marks else []),
    ]
    print("--- tests", flush=True)
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
