"""Mistakes in how expressions are written."""

from __future__ import annotations

from typing import Any

from sympy import Integer

from derivations.certify import writer
from derivations.certify.writer import Level, Text
from tests.certify.plants.planting import Plant, of_function, of_method


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


def _inside_out(right: Any, over: Any, under: Any, *, minus: bool) -> Text:
    return right(under, over, minus=minus) if under and over else right(over, under, minus=minus)


def _unbound(right: Any, self: Any, node: Any, function: str) -> Text:
    text = right(self, node, function)
    letter = text.text.split("(fun ")[1].split()[0]
    return text._replace(text=text.text.replace(f"fun {letter} ", "fun other ", 1))


def _second_place(right: Any, self: Any, node: Any, function: str) -> Text:
    text = right(self, node, function)
    *start, row, place = text.text.rsplit(" ", 2)
    return text._replace(text=" ".join([*start, place, row]))


def _arguments_turned(right: Any, self: Any, node: Any, *, integer: bool) -> Text:
    text = right(self, node, integer=integer)
    words = text.text.split(" ")
    return text._replace(text=" ".join([*words[:-2], words[-1], words[-2]]))


def _then_and_else(right: Any, self: Any, node: Any) -> Text:
    text = right(self, node).text
    start, rest = text.split(" then ", 1)
    then, otherwise = rest.split(" else ", 1)
    return Text(f"{start} then {otherwise} else {then}", Level.OPEN)


def _other_extreme(right: Any, self: Any, node: Any) -> Text:
    text = right(self, node)
    return text._replace(text=text.text.replace("Rmin", "Rmax"))


def _bare(right: Any, piece: Text, least: Any = None) -> str:
    return piece.text


def _first_size(right: Any, self: Any, node: Any) -> Text:
    size = self._letter(next(iter(self.letters.sizes.values())))
    return writer.applied("IZR", Text(size)) if node.is_integer else right(self, node)


LOSS, ROW = "word2vec/b.columns", "word2vec/g.row"

EXPRESSIONS: tuple[Plant, ...] = (
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
    of_function(writer, "closed", _bare, LOSS, "all parentheses are lost"),
    of_function(
        writer,
        "terms",
        lambda right, p: right(p)._replace(level=Level.SIGNED),
        LOSS,
        "a - (b + c) loses its parentheses",
    ),
)
