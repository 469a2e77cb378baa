"""Incremental reading: chains and declarations of a file that need not be read a second time.

A chain means what it does by its own text and place, what is known where it stands, and what the
text beside the displays says; a block of declarations by its text, place and what is known. All of
that is the key here: two things known are the same if every name stands for the same object, which
is so where what declared it was itself kept. Whatever differs is read anew, and so is everything
that depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from derivations.reader.declare.block import Known
from derivations.reader.forward_references import Elsewhere
from derivations.reader.line import Line, NotRead
from derivations.reader.segmentation import Chain, Display
from derivations.reader.source import Span, Unreadable

T = TypeVar("T")


@dataclass(frozen=True)
class ReadChain:
    """The lines of a chain, what is known behind it, and what else its reading came to."""

    lines: tuple[Line | NotRead, ...]
    known: Known
    problems: tuple[Unreadable, ...]
    introduced: tuple[tuple[str, Elsewhere], ...]
    passes: bool  # the equality that is shown behind it is the one that was shown before it


@dataclass
class Kept(Generic[T]):
    """What was read under a key and what was known there; of two readings ago nothing is kept."""

    earlier: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)
    current: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)

    def __call__(self, key: Hashable, known: Known, read: Callable[[], T]) -> T:
        """What was read before, or is read now."""
        before = self.earlier.get(key)
        found = before[1] if before is not None and before[0] == known else read()
        self.current[key] = (known, found)
        return found

    def begin(self) -> None:
        """The file is read once more."""
        self.earlier, self.current = self.current, {}


@dataclass
class Readings:
    """What one file was read as, piece by piece."""

    blocks: Kept[tuple[Known, list[Unreadable]]] = field(default_factory=Kept)
    winning: Kept[Known | Unreadable] = field(default_factory=Kept)
    chains: Kept[ReadChain] = field(default_factory=Kept)

    def begin(self) -> None:
        """The file is read once more."""
        for kept in (self.blocks, self.winning, self.chains):
            kept.begin()


def key_of_span(span: Span) -> Hashable:
    """What stands there and where: of a text that was made, where each of its signs comes from."""
    author = span.source.author
    if author is None:
        return (span.text, span.place)
    at = span.source.at[span.start : span.end + 1]
    if author.author is not None:
        return (span.text, tuple(map(author.place, at)))
    starts = [n for n in range(len(at)) if n == 0 or at[n] != at[n - 1] + 1]
    runs = zip(starts, [*starts[1:], len(at)], strict=True)
    return (
        span.text,
        tuple((author.place(at[a]), author.text[at[a] : at[b - 1]]) for a, b in runs),
    )


def key_of_spans(spans: Iterable[Span]) -> Hashable:
    """The same of several."""
    return tuple(map(key_of_span, spans))


def key_of_problem(problem: Unreadable | None) -> Hashable:
    """All that is told of what cannot be read."""
    if problem is None:
        return None
    return (type(problem).__name__, *sorted(vars(problem).items()))


def _of_display(display: Display) -> Hashable:
    return (key_of_span(display.span), key_of_problem(display.problem))


def key_of_chain(chain: Chain) -> Hashable:
    """All that a chain is, beside what is known where it stands."""
    return (
        tuple(map(_of_display, chain.displays)),
        key_of_spans(chain.remarks),
        chain.words,
        chain.series,
        tuple(chain.notes),
        key_of_problem(chain.perhaps),
        tuple((key_of_span(each.span), each.plainly) for each in chain.supposed),
        key_of_spans(chain.beside),
        tuple((key_of_span(each.span), each.plainly) for each in chain.told),
    )
