"""Mistakes in the translation: wrong functions of the translator, and wrong texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sympy import Integer

from derivations.certify import certificate, theorem, writer
from derivations.certify.writer import Level, Text, Writer
from tests.planting import Mutant, Replaced, around, instead

# How a mistake is planted: a function of the translator is put in another's place.


def of_function(module: Any, name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A function of a module replaced; ``wrong`` gets the right one before the arguments."""
    return Mutant(said, (around(module, name, wrong),), claim)


def of_method(name: str, wrong: Callable[..., Any], claim: str, said: str) -> Mutant:
    """A way to write one kind of node replaced, in the writer and in its tables."""
    right = getattr(Writer, name)

    def patched(*given: Any, **more: Any) -> Any:
        return wrong(right, *given, **more)

    def in_table(rows: tuple[tuple[Any, Any], ...]) -> object:
        return tuple((kind, patched if how is right else how) for kind, how in rows)

    tables = (Replaced(writer, table, in_table) for table in ("_REAL", "_INTEGER"))
    return Mutant(said, (instead(Writer, name, patched), *tables), claim)


def of_hypotheses(change: Callable[[str], str | None], claim: str, said: str) -> Mutant:
    """Each hypothesis changed as ``change`` says; None drops it."""

    def changed(right: Callable[..., Any], *given: Any) -> list[str]:
        return [new for each in right(*given) if (new := change(each)) is not None]

    return of_function(theorem, "_hypotheses", changed, claim, said)


def without(text: str, claim: str, said: str) -> Mutant:
    """Hypotheses with ``text`` in them dropped."""
    return of_hypotheses(lambda each: None if text in each else each, claim, said)


def with_instead(old: str, new: str, claim: str, said: str) -> Mutant:
    """``old`` in hypotheses replaced by ``new``."""
    return of_hypotheses(lambda each: each.replace(old, new), claim, said)


def of_statement(change: Callable[[Any], dict[str, Any]], claim: str, said: str) -> Mutant:
    """Fields of the finished statement replaced."""

    def changed(right: Callable[..., Any], of: Any) -> Any:
        found = right(of)
        return replace(found, **change(found))

    return of_function(certificate, "statement", changed, claim, said)


# Mistakes in how expressions are written.


def _of_first_twice(right: Any, self: Any, node: Any) -> Text:
    first = self.integer(node.args[0])
    return writer.applied("delta", first, first)


def _with_limits(change: Any) -> Any:
    def wrong(right: Any, self: Any, function: str, node: Any, summand: Any) -> Any:
        limits = [change(*limit) for limit in node.limits]
        return right(self, function, node.func(node.function, *limits), summand)

    return wrong


def _unary(function: str) -> Any:
    return lambda right, self, node: writer.applied(function, self.real(node.args[0]))


def _inside_out(right: Any, over: Any, under: Any, *, minus: bool) -> Any:
    return right(under, over, minus=minus) if under and over else right(over, under, minus=minus)


def _unbound(right: Any, self: Any, node: Any, function: str) -> Any:
    text = right(self, node, function)
    letter = text.text.split("(fun ")[1].split()[0]
    return replace(text, text=text.text.replace(f"fun {letter} ", "fun other ", 1))


def _second_place(right: Any, self: Any, node: Any, function: str) -> Any:
    text = right(self, node, function)
    *start, row, place = text.text.rsplit(" ", 2)
    return replace(text, text=" ".join([*start, place, row]))


def _arguments_turned(right: Any, self: Any, node: Any, *, integer: bool) -> Any:
    text = right(self, node, integer=integer)
    words = text.text.split(" ")
    return replace(text, text=" ".join([*words[:-2], words[-1], words[-2]]))


def _then_and_else(right: Any, self: Any, node: Any) -> Text:
    text = right(self, node).text
    start, rest = text.split(" then ", 1)
    then, otherwise = rest.split(" else ", 1)
    return Text(f"{start} then {otherwise} else {then}", Level.OPEN)


def _other_extreme(right: Any, self: Any, node: Any) -> Any:
    text = right(self, node)
    return replace(text, text=text.text.replace("Rmin", "Rmax"))


def _bare(right: Any, piece: Text, level: int) -> str:
    return piece.text


def _first_size(right: Any, self: Any, node: Any) -> Text:
    size = self._letter(next(iter(self.letters.sizes.values())))
    return writer.applied("IZR", Text(size)) if node.is_integer else right(self, node)


LOSS, ROW = "word2vec/b.columns", "word2vec/g.row"

EXPRESSIONS: tuple[Mutant, ...] = (
    of_function(
        writer, "terms", lambda right, parts: right(parts[:-1]), LOSS, "a term of a sum is lost"
    ),
    of_method(
        "_entry",
        lambda right, self, node: right(self, node.base[node.indices[::-1]]),
        LOSS,
        "the indices of an entry are exchanged",
    ),
    of_method(
        "_summed",
        _with_limits(lambda index, low, high: (index, low, high - 1)),
        LOSS,
        "a sum ends one too early",
    ),
    of_method(
        "_summed",
        _with_limits(lambda index, low, high: (index, low + 1, high)),
        "word2vec/h.U",
        "a sum begins one too late",
    ),
    of_method(
        "_count",
        lambda right, self, node: right(self, node.func(Integer(1), *node.limits)),
        "word2vec/g.6 from the start",
        "a count counts everything",
    ),
    of_function(
        writer,
        "quotient",
        lambda right, over, under, *, minus: right(over, under, minus=False),
        LOSS,
        "a minus is lost",
    ),
    of_function(writer, "quotient", _inside_out, LOSS, "a quotient is turned over"),
    of_function(
        writer,
        "quotient",
        lambda right, over, under, *, minus: right(over, under[:1], minus=minus),
        "contrastive/s.4",
        "the second factor of a denominator is lost",
    ),
    of_method("_delta", _of_first_twice, ROW, "a delta compares a word with itself"),
    of_method("_exp", _unary("ln"), LOSS, "ln is written for exp"),
    of_method("_log", _unary("exp"), LOSS, "exp is written for ln"),
    of_method(
        "_abs",
        lambda right, self, node: self.real(node.args[0]),
        "word2vec/stable.sigmoid",
        "an absolute value is lost",
    ),
    of_method(
        "_extreme",
        _other_extreme,
        "word2vec/stable.log-sigmoid",
        "the larger number is written for the smaller",
    ),
    of_method(
        "_cases",
        _then_and_else,
        "word2vec/slip.stable.abs-sign",
        "the branches of a case are exchanged",
    ),
    of_method(
        "_raised",
        lambda right, self, base, exponent: right(self, base, Integer(1)),
        "glove/p.2",
        "a power is lost",
    ),
    of_method("_symbol", _first_size, "word2vec/spans.expected", "one size is written for another"),
    of_method("slope", _unbound, LOSS, "the letter differentiated by is not the function's"),
    of_method("slope", _second_place, LOSS, "the row and place of a slope are exchanged"),
    of_method("_named", _arguments_turned, LOSS, "the last two arguments are exchanged"),
    of_function(Text, "within", _bare, LOSS, "all parentheses are lost"),
    of_function(
        writer,
        "terms",
        lambda right, p: replace(right(p), level=Level.SIGNED),
        LOSS,
        "a - (b + c) loses its parentheses",
    ),
)


# Mistakes in what a theorem assumes, and in how its parts are put together.


SAMPLE, WINDOW = "word2vec/f.sample", "word2vec/h.U"


def _zero(right: Any, claim: Any) -> Any:
    left, other = right(claim)
    return left, other * 0


CONDITIONS: tuple[Mutant, ...] = (
    without("(1 <= d)", "word2vec/a.scores", "no coordinate at all is allowed"),
    with_instead("(1 <= d)", "(0 <= d)", "word2vec/a.scores", "a size may be zero"),
    with_instead(
        "(0 <= K)", "(1 <= K)", "word2vec/f.center", "a size may not be zero, against the claim"
    ),
    without("(0 <= K)", "word2vec/f.center", "a size may be negative"),
    without("<= o <=", "word2vec/a.scores", "a word may be none of the vocabulary"),
    without("(1 <= n j <= N)", "word2vec/f.center", "a drawn word may be none"),
    with_instead(
        "<= K)%Z -> (1", "<= K - 1)%Z -> (1", "word2vec/f.center", "the last draw is free"
    ),
    without("-> o <> n", "word2vec/f.outside", "the outside word may be drawn"),
    with_instead("o <> n j", "o = n j", "word2vec/f.outside", "every draw is the outside word"),
    without("n j = n", SAMPLE, "the draws may repeat"),
    with_instead("x <> o", "x = o", "word2vec/c.other", "two words are the same, not different"),
    without("x <> o", "word2vec/c.other", "two words may be the same"),
    without("= o", "word2vec/c.2", "two words need not be the same"),
    without("(V : Z -> R) (U : Z -> Z -> R) (i", "word2vec/h.center", "a loss of any kind, by V"),
    without("(V : Z -> R) (U : Z -> Z -> R) (x", "word2vec/h.U", "a loss of any kind, by U"),
    with_instead(
        "(1 <= j <= K)%Z -> o <> n",
        "o <> n",
        "word2vec/f.outside",
        "a condition on draws is one on places that the list has not",
    ),
    of_function(theorem, "_sides", _zero, "word2vec/b.columns", "the right side is 0"),
    of_statement(
        lambda said: {"right": said.left}, "word2vec/a.scores", "a side is compared with itself"
    ),
    of_statement(lambda said: {"existing": ()}, WINDOW, "it is not said that slopes exist"),
    of_statement(
        lambda said: {"existing": tuple(e.replace("<= m)", "<= 0)") for e in said.existing)},
        WINDOW,
        "slopes are said to exist at some places of a sum only",
    ),
    of_function(
        certificate,
        "at_witness",
        lambda right, said: right(said).replace("<>", "="),
        "word2vec/a.scores",
        "that a claim falls says that it holds",
    ),
    of_function(
        certificate,
        "at_witness",
        lambda right, said: right(said).replace("  (1 <= d)%Z /\\\n", ""),
        "word2vec/a.scores",
        "a counterexample may have no coordinate",
    ),
)


# Small changes of an emitted theorem: a sign, a numeral, a name, a hypothesis dropped.


TOKEN = re.compile(r"[A-Za-z][\w']*|\d+|<=|<>|->|=>|:=|/\\|\S")
SIGNS = {"+": "-", "-": "+", "*": "+", "/": "*", "<=": "<", "<>": "=", "=": "<>"}
WORDS = {
    "exp": "ln",
    "ln": "exp",
    "Rmin": "Rmax",
    "Rabs": "exp",
    "has_partial2": "ex_partial2",
}


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Every text with one change, each after the line in question as it then stands."""
    start, end = text.index("Theorem"), text.index("Proof.")
    groups = _of_one_type(text[start:end])
    for token in TOKEN.finditer(text, text.index("\n"), end):
        for other in _others(token[0], groups):
            changed = text[: token.start()] + other + text[token.end() :]
            first = changed.rfind("\n", 0, token.start()) + 1
            yield changed[first:].partition("\n")[0], changed
    for hypothesis in re.finditer(r"^  \(.*\) ->\n", text, re.M):
        yield hypothesis[0].rstrip(), text[: hypothesis.start()] + text[hypothesis.end() :]


def _others(token: str, groups: list[list[str]]) -> Iterator[str]:
    """What is written for a token: another sign, function, numeral or letter of its type."""
    if token in SIGNS:
        yield SIGNS[token]
    if token in WORDS:
        yield WORDS[token]
    if token.isdigit():
        yield str(int(token) + 1)
    for group in groups:
        if token in group:
            yield from (name for name in group if name != token)


def _of_one_type(theorem: str) -> list[list[str]]:
    declared = theorem.partition(",\n")[0]
    return [group.split() for group in re.findall(r"\(([\w' ]+) : ", declared)]
