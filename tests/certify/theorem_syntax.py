"""The printed theorems and the library in Coq, parsed back by a grammar of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer, v_args
from lark.exceptions import UnexpectedInput

# The trees of the text: terms, types and sentences. Data only.


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


# Text to trees, by a grammar of its own; what the grammar does not list is an error.


class UnknownSyntax(ValueError):
    """Text that the grammar does not know."""


def parse(text: str) -> tuple[list[Definition], Theorem]:
    """The definitions of a module and its one theorem; proofs are passed over."""
    try:
        sentences = _Trees().transform(_grammar().parse(text))
    except UnexpectedInput as error:
        raise UnknownSyntax(f"{error}\n{error.get_context(text)}") from None
    theorems = [each for each in sentences if isinstance(each, Theorem)]
    definitions = [each for each in sentences if isinstance(each, Definition)]
    if len(theorems) != 1 or sentences.index(theorems[0]) != len(definitions):
        raise UnknownSyntax("not definitions and then one theorem")
    return definitions, theorems[0]


@cache
def _grammar() -> Lark:
    text = Path(__file__).with_name("theorem_syntax.lark").read_text()
    return Lark(text, parser="lalr", maybe_placeholders=True)


@v_args(inline=True)
class _Trees(Transformer[Any, Any]):
    """Lark's trees as ours."""

    def start(self, *sentences: Any) -> list[Definition | Theorem]:
        inner = sentences[0] if isinstance(sentences[0], list) else sentences
        return [each for each in inner if isinstance(each, Definition | Theorem)]

    def module(self, name: str, *rest: Any) -> list[Any]:
        *sentences, end = rest
        if end != name:
            raise UnknownSyntax(f"Module {name} is ended as {end}")
        return sentences

    def definition(self, name: str, *rest: Any) -> Definition:
        *groups, type_, body = rest
        return Definition(str(name), self.groups(*groups), type_, body)

    def theorem(self, name: str, says: Term) -> Theorem:
        return Theorem(str(name), says)

    def group(self, *parts: Any) -> tuple[tuple[str, Any], ...]:
        *names, type_ = parts
        return tuple((str(name), type_) for name in names)

    bare = group

    def groups(self, *groups: Any) -> tuple[tuple[str, Any], ...]:
        return tuple(pair for group in groups for pair in group)

    def base(self, name: str) -> str:
        if name not in ("Z", "R"):
            raise UnknownSyntax(f"the type {name}")
        return str(name)

    def arrow(self, start: Any, end: Any) -> Arrow:
        return Arrow(start, end)

    def forall(self, names: Any, body: Term) -> Term:
        return Binding("forall", names, body)

    def exists(self, names: Any, body: Term) -> Term:
        return Binding("exists", names, body)

    def lambda_(self, names: Any, body: Term) -> Term:
        return Binding("fun", names, body)

    def choice(self, *parts: Term) -> Term:
        return Choice(*parts)

    def implies(self, premise: Term, conclusion: Term) -> Term:
        return Implies(premise, conclusion)

    def both(self, left: Term, right: Term) -> Term:
        return Both(left, right)

    def relation(self, *parts: Any) -> Term:
        return Relation(parts[::2], tuple(map(str, parts[1::2])))

    def plus(self, *parts: Term) -> Term:
        return Operation("+", parts)

    def minus(self, *parts: Term) -> Term:
        return Operation("-", parts)

    def times(self, *parts: Term) -> Term:
        return Operation("*", parts)

    def over(self, *parts: Term) -> Term:
        return Operation("/", parts)

    def opposite(self, part: Term) -> Term:
        return Operation("opposite", (part,))

    def raised(self, base: Term, exponent: str) -> Term:
        return Power(base, int(exponent))

    def apply(self, function: Term, *arguments: Term) -> Term:
        return Apply(function, arguments)

    def name(self, text: str) -> Term:
        return Name(str(text))

    def number(self, digits: str) -> Term:
        return Number(int(digits))

    def scoped(self, term: Term, scope: str) -> Term:
        if scope != "Z":
            raise UnknownSyntax(f"the scope %{scope}")
        return Scoped(term, "Z")
