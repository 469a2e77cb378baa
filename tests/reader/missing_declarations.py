"""How much of printed derivations is read once what they forgot to declare is declared.

    python -m tests.reader.missing_declarations --corpus FOLDER

FOLDER holds `word2vec/NN.printed.md` and `other/NN-name.printed.md`. What each of them forgot
stands in `missing_declarations.md`, letters alone; nothing in a display is changed. Each refusal
that remains is listed by its kind.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from derivations.proof.judge import judge
from derivations.reader.equation import NotRead
from derivations.report.results import results_of
from derivations.report.subject import HowToRead, of_file

_, *_SECTIONS = re.split(
    r"(?m)^# (\w+/\d+)$", Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
)
FORGOTTEN = dict(zip(_SECTIONS[::2], _SECTIONS[1::2], strict=True))  # by folder and number
PRINTED = ".printed.md"
_TRUTH = re.compile(r"<!-- d=\S+ truth=(\S+).*?-->|\$\$(.*?)\$\$", re.DOTALL)
_NUMBERS = re.compile(r"\d+ (?=subscripts)|-?\d+(?= to)|(?<=to )\d+")
RIGHT = {"T": ("proved",), "D": ("proved",), "F": ("refuted", "ill-typed")}
WRONG = {"T": ("refuted", "ill-typed"), "D": ("refuted", "ill-typed"), "F": ("proved",)}


@dataclass
class Share:
    """What was read of so many equalities, with the refusals by kind."""

    equalities: int = 0
    read: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)


def measured(path: Path, *, helped: bool) -> Share:
    """The share of one file; ``helped`` says that what it forgot is declared."""
    text = path.read_text(encoding="utf-8")
    own = FORGOTTEN.get(f"{path.parent.name}/{path.name[:2]}") if helped else None
    how = HowToRead(given="-", standard_input=own.encode()) if own else HowToRead()
    subject = of_file(str(path), None, how)
    results = results_of(subject, [judge(claim) for claim in subject.everything], 0.0)
    share = Share(len(results.lines))
    truths = dict(_truths(text))
    for judged in results.lines:
        entry = judged.line
        letters = truths.get(entry.place.line, [])
        letter = letters.pop(0) if letters else ""
        if isinstance(entry, NotRead):
            share.refusals[_kind(entry)] += 1
            continue
        share.read += 1
        verdict = judged.verdict.value
        share.right += verdict in RIGHT.get(letter, ())
        if verdict in WRONG.get(letter, ()):
            share.wrong.append(f"{path.name}:{entry.place}: {verdict}, marked {letter}")
    return share


def _truths(text: str) -> Iterator[tuple[int, list[str]]]:
    """For each line of the displays behind a truth: what is true of the equalities left.

    A chain may go on in the next display, and so does what is said of it.
    """
    left: list[str] = []
    for found in _TRUTH.finditer(text):
        if found[1]:
            left = list(found[1])
            continue
        first = text.count("\n", 0, found.start()) + 1
        for line in range(first, text.count("\n", 0, found.end()) + 2):
            yield line, left


def _kind(entry: NotRead) -> str:
    return _NUMBERS.sub("", entry.problem.what)


def main() -> None:
    """Print a row for each file, and the refusals that remain."""
    parser = argparse.ArgumentParser(description="read printed files with what they forgot")
    parser.add_argument("--corpus", type=Path, required=True)
    options = parser.parse_args()
    for folder in ("word2vec", "other"):
        total = {helped: Share() for helped in (False, True)}
        for path in sorted((options.corpus / folder).glob(f"*{PRINTED}")):
            row = f"{path.name:28}"
            for helped, whole in total.items():
                share = measured(path, helped=helped)
                whole.equalities += share.equalities
                whole.read += share.read
                whole.right += share.right
                whole.wrong += share.wrong
                whole.refusals += share.refusals
                row += f"  {share.read:3} of {share.equalities:3}"
            print(row)
        for helped, whole in total.items():
            said = "with what they forgot" if helped else "as printed"
            share_read = whole.read / max(whole.equalities, 1)
            print(
                f"{folder}, {said}: {whole.read} of {whole.equalities} read ({share_read:.1%}), "
                f"{whole.right} as marked, {len(whole.wrong)} wrong"
            )
            for line in whole.wrong:
                print(f"  WRONG {line}")
        for kind, count in total[True].refusals.most_common():
            print(f"  {count:3}  {kind}")


if __name__ == "__main__":
    main()
