"""A statement of a kernel: a name for what a text computes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from codegen.lower.text import LINE, wrapped
from derivations.indices import Index


@dataclass(frozen=True)
class Statement:
    """``name = code``, with a comment that says what it is.

    ``is_fresh`` says that it is an array of its own. ``parts`` are the arguments of a call that
    stand below one another where the line is too long.
    """

    name: str
    code: str
    axes: tuple[Index, ...] = ()
    comment: str = ""
    is_fresh: bool = True
    parts: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The statement as text."""
        line = f"{self.name} = {self.code}"
        if len(line) > LINE and self.parts:
            function, _, rest = self.code.partition("(")
            closing = rest[rest.rindex(")") :]
            return [f"{self.name} = {function}(", *(f"    {part}," for part in self.parts), closing]
        if not self.comment:
            return wrapped(line)
        fits = len(line) + len(self.comment) + 2 <= LINE
        return [f"{line}  {self.comment}"] if fits else [self.comment, *wrapped(line)]

    def reads(self, name: str) -> bool:
        """Whether the name occurs in it."""
        return re.search(rf"\b{name}\b", self.code) is not None


_EXPONENTIAL = re.compile(r"np\.exp\((\w+) - (.+)\)")
_REUSING = re.compile(r"(?:replaced\(|np\.exp\()(\w+)(?:, | - )")


def in_place(statements: Iterable[Statement], returned: str) -> list[Statement]:
    """The statements, with memory that nothing reads any more written to instead of copied.

    What still reads it but could do so before is moved there.
    """
    done = list(statements)
    for place, statement in enumerate(done):
        found = _REUSING.match(statement.code)
        source = next((s for s in done[:place] if found and s.name == found[1]), None)
        if source is None or not source.is_fresh or source.axes != statement.axes:
            continue
        views = any(s.reads(source.name) and not s.is_fresh for s in done)
        if views or re.search(rf"\b{source.name}\b", returned):
            continue
        later = [other for other in done[place + 1 :] if other.reads(source.name)]
        made_later = {other.name for other in done[place:]}
        if any(other.reads(name) for other in later for name in made_later):
            continue
        rest = [other for other in done[place + 1 :] if other not in later]
        done[place:] = [*later, *_overwriting(statement, source.name), *rest]
    return done


def _overwriting(statement: Statement, source: str) -> list[Statement]:
    """The same written to the memory of what it is made of."""
    difference = _EXPONENTIAL.fullmatch(statement.code)
    if difference is None:
        return [replace(statement, code=f"overwritten{statement.code[len('replaced') :]}")]
    name = statement.name
    first = f"np.subtract({source}, {difference[2]}, out={source})"
    return [
        replace(statement, code=first, comment=""),
        replace(statement, code=f"np.exp({name}, out={name})"),
    ]
