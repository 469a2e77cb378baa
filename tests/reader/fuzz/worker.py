"""One process of a campaign: coverage guides which texts are kept and changed again."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from random import Random
from time import monotonic

import atheris

with atheris.instrument_imports(include=["derivations.reader"]):
    import derivations.reader.derivation  # noqa: F401

from tests.reader.fuzz.texts import LONGEST, Tally, mutated, outcome, seeds

JUDGED = 20  # one text in so many is judged
SAVED = 10.0  # seconds between two notes of what was seen
WARM = 500  # texts before memory is looked at first


class Worker:
    """Reads what the library hands over, and writes down what came of it."""

    def __init__(self, notes: Path) -> None:
        self.notes, self.tally, self.saved = notes, Tally(), monotonic()
        self.others = seeds()

    def one(self, data: bytes) -> None:
        """Read one text."""
        text = data.decode("utf-8", "replace")
        seen = self.tally.counts["texts"]
        self.tally.record(text, outcome(text, judging=seen % JUDGED == 0))
        if seen == WARM or monotonic() - self.saved > SAVED:
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            self.tally.megabytes = [*self.tally.megabytes[:1], used]
            self.tally.save(self.notes)
            self.saved = monotonic()

    def change(self, data: bytes, most: int, seed: int) -> bytes:
        """Another text, by tokens mostly and by bytes sometimes."""
        random = Random(seed)
        if random.random() < 0.1:
            return bytes(atheris.Mutate(data, most))
        text = mutated(data.decode("utf-8", "replace"), self.others, random)
        return text.encode("utf-8", "replace")[:most]


def main() -> None:
    """Arguments: the folder for notes and texts, seconds, seed."""
    folder, seconds, seed = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    texts = folder / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    worker = Worker(folder / "notes.json")
    for number, text in enumerate(worker.others):
        (texts / f"seed-{number}").write_text(text, encoding="utf-8")
    options = [
        "-timeout=100000",
        "-rss_limit_mb=0",
        f"-max_len={LONGEST}",
        f"-seed={int(seed) + 1}",
    ]
    arguments = [sys.argv[0], *options, f"-max_total_time={seconds}", str(texts)]
    atheris.Setup(arguments, worker.one, custom_mutator=worker.change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
