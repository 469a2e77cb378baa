"""The trees of the text: terms, types and sentences. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arrow:
    """The type of functions."""

    start: Type
    end: Type


Type = str | Arrow  # "Z", "R", "Prop", or functions of these


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Apply:
    function: Term
    arguments: tuple[Term, ...]


@dataclass(frozen=True)
class Operation:
    """``+ - * /`` of two, or ``opposite`` of one."""

    sign: str
    parts: tuple[Term, ...]


@dataclass(frozen=True)
class Power:
    base: Term
    exponent: int


@dataclass(frozen=True)
class Choice:
    """``if Rle_dec low high then … else …``."""

    low: Term
    high: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True)
class Scoped:
    """``( … )%Z``."""

    term: Term
    scope: str


@dataclass(frozen=True)
class Relation:
    """``a <= b <= c``: all of ``signs`` hold between neighbours."""

    parts: tuple[Term, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Both:
    left: Term
    right: Term


@dataclass(frozen=True)
class Implies:
    premise: Term
    conclusion: Term


@dataclass(frozen=True)
class Binding:
    """``forall``, ``exists`` or ``fun``; the type of a name is None where it is left out."""

    kind: str
    names: tuple[tuple[str, Type | None], ...]
    body: Term


Term = (
    Name
    | Number
    | Apply
    | Operation
    | Power
    | Choice
    | Scoped
    | Relation
    | Both
    | Implies
    | Binding
)


@dataclass(frozen=True)
class Definition:
    name: str
    parameters: tuple[tuple[str, Type | None], ...]
    type: Type
    body: Term


@dataclass(frozen=True)
class Theorem:
    name: str
    says: Term
