"""Declarations that are proposed, and whether they agree with those that were written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from derivations.proof.judge import judge
from derivations.reader.derivation import document_of, reading
from derivations.reader.line import Derivation, Line
from derivations.reader.propose import Proposal, inserted, proposed
from derivations.reader.source import Siblings

# A text, what is proposed for it, and what it comes to with that.


GIVEN = re.compile(r"^```given\n.*?^```\n", re.DOTALL | re.MULTILINE)


def proposal(text: str) -> Proposal:
    """What is proposed for a text."""
    return proposed(document_of(text, "text.md", Siblings()))


def said(*displays: str) -> list[str]:
    """The declarations proposed for displays, without what is asked."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    lines = proposal(text).text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "```", "before"))]


def asked(*displays: str) -> list[str]:
    """The questions and contradictions of a proposal."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    return [line for line in proposal(text).text().splitlines() if line.startswith("#")]


def without(text: str) -> str:
    """A text without its declarations."""
    return GIVEN.sub("", text)


def read(text: str) -> Derivation:
    """A text without declarations, with those that are proposed."""
    return reading(inserted(text, proposal(text)), "text.md")


def verdicts_of_propose(text: str) -> list[str]:
    """The verdicts of a text with the declarations that are proposed."""
    entries = read(text).entries
    return [
        judge(each.claim).verdict.value if isinstance(each, Line) else "not read"
        for each in entries
    ]


# How many files come to the same verdicts with what is proposed as with what they declare.
#
# ``python -m tests.reader.proposals.propose FILE ...``: a row a file, and every line on which the
# two differ. What is declared by hand is taken out, declarations are proposed for what is left, and
# every question is answered by its first choice.


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
