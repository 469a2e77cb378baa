"""python -m tests.reader.fuzz: a coverage-guided campaign; pip install '.[fuzz]' before."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reader.fuzz.texts import Tally

_COVERAGE = re.compile(r"\bcov: (\d+)")


def main() -> int:
    """0 if nothing broke and nothing was slow, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.reader.fuzz",
        description="Random texts, guided by coverage: read or refused, soon, and never a crash.",
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for texts and notes")
    chosen = parser.parse_args()
    with TemporaryDirectory() as temporary:
        return _campaign(chosen.keep or Path(temporary), chosen)


def _campaign(folder: Path, chosen: argparse.Namespace) -> int:
    seconds = str(int(chosen.minutes * 60))
    running = []
    for job in range(chosen.jobs):
        mine = folder / str(job)
        mine.mkdir(parents=True, exist_ok=True)
        seed = str(chosen.seed + job)
        command = [sys.executable, "-m", "tests.reader.fuzz.worker", str(mine), seconds, seed]
        log = (mine / "log").open("w", encoding="utf-8")
        running.append(subprocess.Popen(command, stdout=log, stderr=log))
    codes = [process.wait() for process in running]
    whole = Tally()
    for job in range(chosen.jobs):
        mine = folder / str(job)
        log_text = (mine / "log").read_text(encoding="utf-8", errors="replace")
        if not (mine / "notes.json").exists():
            print(log_text[-2000:])
            return 1
        found = Tally.load(mine / "notes.json")
        found.coverage = max(map(int, _COVERAGE.findall(log_text)), default=0)
        whole.merge(found)
    print("\n".join(whole.lines()))
    return int(bool(any(codes) or whole.broken or whole.slow))


if __name__ == "__main__":
    sys.exit(main())
