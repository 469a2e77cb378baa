"""Text to trees, by a grammar of its own; what the grammar does not list is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Transformer, v_args
from lark.exceptions import UnexpectedInput

from tests.certify.interpreter import syntax
from tests.certify.interpreter.syntax import Arrow, Definition, Term, Theorem


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
    text = Path(__file__).with_name("grammar.lark").read_text()
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
        return syntax.Binding("forall", names, body)

    def exists(self, names: Any, body: Term) -> Term:
        return syntax.Binding("exists", names, body)

    def lambda_(self, names: Any, body: Term) -> Term:
        return syntax.Binding("fun", names, body)

    def choice(self, *parts: Term) -> Term:
        return syntax.Choice(*parts)

    def implies(self, premise: Term, conclusion: Term) -> Term:
        return syntax.Implies(premise, conclusion)

    def both(self, left: Term, right: Term) -> Term:
        return syntax.Both(left, right)

    def relation(self, *parts: Any) -> Term:
        return syntax.Relation(parts[::2], tuple(map(str, parts[1::2])))

    def plus(self, *parts: Term) -> Term:
        return syntax.Operation("+", parts)

    def minus(self, *parts: Term) -> Term:
        return syntax.Operation("-", parts)

    def times(self, *parts: Term) -> Term:
        return syntax.Operation("*", parts)

    def over(self, *parts: Term) -> Term:
        return syntax.Operation("/", parts)

    def opposite(self, part: Term) -> Term:
        return syntax.Operation("opposite", (part,))

    def raised(self, base: Term, exponent: str) -> Term:
        return syntax.Power(base, int(exponent))

    def apply(self, function: Term, *arguments: Term) -> Term:
        return syntax.Apply(function, arguments)

    def name(self, text: str) -> Term:
        return syntax.Name(str(text))

    def number(self, digits: str) -> Term:
        return syntax.Number(int(digits))

    def scoped(self, term: Term, scope: str) -> Term:
        if scope != "Z":
            raise UnknownSyntax(f"the scope %{scope}")
        return syntax.Scoped(term, "Z")
