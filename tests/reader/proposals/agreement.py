"""How many files come to the same verdicts with what is proposed as with what they declare.

``python -m tests.reader.proposals.agreement FILE ...``: a row a file, and every line on which the
two differ. What is declared by hand is taken out, declarations are proposed for what is left, and
every question is answered by its first choice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from derivations.reader.propose import inserted
from tests.reader.proposals.propose import proposal, without

VERIFY = (sys.executable, "-m", "derivations.verify", "--format", "json", "--repairs", "none")


def verdicts(text: str) -> list[tuple[str, str]]:
    """Each equality of a text with its verdict, in the order of the text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "text.md")
        file.write_text(text, encoding="utf-8")
        done = subprocess.run([*VERIFY, str(file)], capture_output=True, text=True, check=False)
    try:
        lines = json.loads(done.stdout)["lines"]
    except (ValueError, KeyError):
        return []
    return [(line["latex"], line["verdict"]) for line in lines]


def compared(text: str) -> list[tuple[str, str, str]]:
    """Each equality: its verdict with what is declared, and with what is proposed."""
    bare = without(text)
    mine = verdicts(text)
    theirs = verdicts(inserted(bare, proposal(bare)))
    if len(mine) != len(theirs):
        return [("the number of lines", str(len(mine)), str(len(theirs)))]
    return [(line, one, other) for (line, one), (_, other) in zip(mine, theirs, strict=True)]


def main(files: list[str]) -> int:
    """Tell how many files agree in every line; exit code 0."""
    agree = lines = same = 0
    for file in files:
        found = compared(Path(file).read_text(encoding="utf-8"))
        apart = [each for each in found if each[1] != each[2]]
        agree += not apart
        lines += len(found)
        same += len(found) - len(apart)
        print(f"{file}: {len(found) - len(apart)} of {len(found)} lines agree")
        for line, one, other in apart:
            print(f"    declared {one}, proposed {other}: {line}")
    print(f"{agree} of {len(files)} files agree in every line, {same} of {lines} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
