"""What a claim says, as a key: two claims with the same key have the same judgement.

A claim is a tree whose names are objects. Here each object is named by its turn, so that a claim
that was read a second time, with objects of its own, has the key that it had; everything that an
object says of itself (shape, conditions, the body of a definition) belongs to the key, and so does
everything that a claim may follow from. Only where it stands does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from hashlib import sha256

from sympy import Basic, IndexedBase

from derivations.claim import Claim

# of a claim itself: what it is called and where it stands
_APART = ("id", "part", "place", "title")
_ATOMS = (str, int, bool, Fraction, type(None))


class Unkeyed(TypeError):
    """A claim has something in it that this module does not know."""


@dataclass
class Keys:
    """The keys of claims; that of an object that was seen before is kept with it."""

    known: dict[int, tuple[Claim, str]] = field(default_factory=dict)

    def __call__(self, claim: Claim) -> str:
        """The key of a claim."""
        found = self.known.get(id(claim))
        if found is None:
            found = self.known[id(claim)] = (claim, key_of(claim))
        return found[1]

    def keep(self, claims: tuple[Claim, ...]) -> None:
        """Forget all others."""
        kept = (self.known.get(id(claim)) for claim in claims)
        self.known = {id(each[0]): each for each in kept if each is not None}


def key_of(claim: Claim) -> str:
    """A digest of all that a claim says."""
    digest = sha256()
    for piece in _Spelling().claim(claim):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


class _Spelling:
    def __init__(self) -> None:
        self.seen: dict[int, int] = {}
        self.held: list[object] = []  # so that no object has the number of one that is gone

    def claim(self, claim: Claim) -> Iterator[str]:
        for each in fields(claim):
            if each.name not in _APART:
                yield from self._of(getattr(claim, each.name))

    def _of(self, value: object) -> Iterator[str]:
        if isinstance(value, _ATOMS):
            yield f"{type(value).__name__} {value!r}"
        elif isinstance(value, Enum):
            yield f"{type(value).__name__}.{value.name}"
        elif isinstance(value, Basic):
            yield from self._of_expression(value)
        elif isinstance(value, tuple | list):
            yield f"({len(value)}"
            for each in value:
                yield from self._of(each)
        elif isinstance(value, frozenset | set):
            yield f"{{{len(value)}"
            yield from sorted("\1".join(self._of(each)) for each in value)
        elif isinstance(value, Mapping):
            yield f"[{len(value)}"
            for name, each in value.items():
                yield from self._of(name)
                yield from self._of(each)
        elif is_dataclass(value) and not isinstance(value, type):
            yield from self._of_object(value, fields(value))
        elif callable(value):
            yield f"function {value.__module__}.{getattr(value, '__qualname__', '')}"
        else:
            raise Unkeyed(f"no key for {type(value).__name__}")

    def _of_object(self, value: object, names: tuple[Field[object], ...]) -> Iterator[str]:
        number = self.seen.get(id(value))
        if number is not None:
            yield f"#{number}"
            return
        self.seen[id(value)] = len(self.seen)
        self.held.append(value)
        yield f"{type(value).__name__} {len(names)}"
        for each in names:
            if each.compare:
                yield each.name
                yield from self._of(getattr(value, each.name))

    def _of_expression(self, value: Basic) -> Iterator[str]:
        yield f"{type(value).__name__} {len(value.args)}"
        if not value.args or isinstance(value, IndexedBase):
            yield repr(value._hashable_content())
        for each in value.args:
            yield from self._of(each)
