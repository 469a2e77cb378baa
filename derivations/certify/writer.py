"""Printer of index expressions as Coq's text: a syntax-directed translation.

The letters of one claim are declared before its statement, by their identifiers in Coq.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from enum import IntEnum
from unicodedata import name, normalize

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)
from sympy.core.relational import GreaterThan, StrictLessThan
from sympy.logic.boolalg import BooleanTrue

from derivations.indices import Index, IndexSet, WordArray
from derivations.language.functions import EVERY, Known
from derivations.language.index_nodes import Defined, Opaque
from derivations.language.layout import Piece, sum_of

# Identifiers of Coq for the letters of a claim: distinct, legal, and as near as they can be.


# what the statements are written with, and Coq's own words
RESERVED = frozenset(
    [
        "Sum",
        "ISum",
        "delta",
        "idelta",
        "has_partial",
        "has_partial2",
        "has_second",
        "has_second2",
        "has_second_slope",
        "ex_partial",
        "ex_partial2",
        "partial",
        "partial2",
        "is_derive",
        "ex_derive",
        "Derive",
        "differentiable",
        "differentiable2",
        "entry",
        "entry2",
        "exp",
        "ln",
        "IZR",
        "sqrt",
        "PI",
        "sin",
        "cos",
        "atan",
        "Rabs",
        "Rmin",
        "Rmax",
        "Rle_dec",
        "R",
        "Z",
        "nat",
        "O",
        "S",
        "Prop",
        "Set",
        "Type",
        "SProp",
        "fun",
        "forall",
        "exists",
        "exists2",
        "let",
        "in",
        "if",
        "then",
        "else",
        "match",
        "with",
        "end",
        "as",
        "at",
        "return",
        "for",
        "where",
        "fix",
        "cofix",
        "using",
        "t",
        "slope",
        "holds",
        "falls",
        "True",
        "False",
        "and",
        "or",
        "not",
        "Definition",
        "Theorem",
        "Module",
        "End",
        "mod",
        "by",
        "of",
        "is",
        "upd",
        "upd2",
    ]
)


class Names:
    """One identifier for each letter: the same letter always has the same one.

    Bound indices are named anew in every sum; they may repeat a name that is not in scope.
    """

    def __init__(self) -> None:
        self._of: dict[object, str] = {}
        self._taken: set[str] = set(RESERVED)
        self._bound: set[str] = set()

    def of(self, thing: object, letter: str) -> str:
        """The identifier of ``thing``, which is written as ``letter``."""
        if thing not in self._of:
            self._of[thing] = _first(letter, self._taken | self._bound)
            self._taken.add(self._of[thing])
        return self._of[thing]

    def within(self, letter: str, scope: Iterable[str], used: Set[str] | None = None) -> str:
        """An identifier for a bound index that is in scope nowhere, and is no letter.

        Where ``used`` says which letters occur at all, it may be one of the others.
        """
        taken = self._taken if used is None else {*used, *RESERVED}
        name = _first(letter, {*taken, *scope})
        self._bound.add(name)
        return name


def _first(letter: str, taken: Set[str]) -> str:
    stem = identifier(letter)
    separator = "" if stem[-1].isalpha() else "_"
    names = (f"{stem}{separator}{number}" if number else stem for number in (0, *range(2, 999)))
    return next(name for name in names if name not in taken)


def identifier(letter: str) -> str:
    """A legal identifier that looks like ``letter``: Greek letters are spelled out."""
    plain = "".join(_spelled(character) for character in normalize("NFD", letter))
    words = re.sub(r"[^A-Za-z0-9_']+", "_", plain).strip("_")
    return words if words and words[0].isalpha() else f"x{words}"


def _spelled(character: str) -> str:
    if character.isascii():
        return "_prime" if character == "'" else character
    called = name(character, "").split()
    if called[:1] == ["GREEK"]:
        letter = called[called.index("LETTER") + 1] if "LETTER" in called else called[-1]
        return letter.capitalize() if "CAPITAL" in called else letter.lower()
    return "_hat" if "CIRCUMFLEX" in called else "_tilde" if "TILDE" in called else "_"


# The letters of one claim: what is declared before its statement.


Family = tuple[IndexedBase, int]


@dataclass
class Letters:
    """Letters by kind, in the order met, each with its identifier.

    A family of numbers or words goes with how many indices it takes. ``places`` are the index
    sets that each place of a list of words is read at.
    """

    names: Names = field(default_factory=Names)
    sizes: dict[Symbol, str] = field(default_factory=dict)
    indices: dict[Index, str] = field(default_factory=dict)
    scalars: dict[Symbol, str] = field(default_factory=dict)
    families: dict[Family, str] = field(default_factory=dict)
    lists: dict[Family, str] = field(default_factory=dict)
    functions: dict[type[Opaque], str] = field(default_factory=dict)
    definitions: dict[type[Defined], str] = field(default_factory=dict)
    places: dict[Family, list[set[IndexSet]]] = field(default_factory=dict)

    def declare(self, node: Basic, bound: Iterable[Index] = ()) -> None:
        """Declare every letter that is free in an expression or in what it rests on."""
        for part in _free(node, frozenset(bound)):
            self._one(part)

    def bind(self, *letters: Basic) -> None:
        """Say that letters are bound where they stand, and are not to be declared."""
        self.families = {key: name for key, name in self.families.items() if key[0] not in letters}
        self.scalars = {key: name for key, name in self.scalars.items() if key not in letters}

    def _one(self, part: Basic) -> None:
        names = self.names
        if isinstance(part, Index):
            self._range(part.space)
            self.indices.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Symbol):
            kind = self.sizes if part.is_integer else self.scalars
            kind.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Indexed):
            self._family(part)
        elif isinstance(part, Opaque):
            for base in part.rows:
                family = base, part.depth(base)
                self.families.setdefault(family, names.of(family, str(base.label)))
            self.functions.setdefault(type(part), names.of(type(part), type(part).__name__))
        elif isinstance(part, Defined) and type(part) not in self.definitions:
            self.definitions[type(part)] = names.of(type(part), type(part).__name__)
            for inside in _free(part.body, frozenset(part.params)):
                self._one(inside)
            # what a body uses is stated before it
            self.definitions[type(part)] = self.definitions.pop(type(part))

    def _family(self, part: Indexed) -> None:
        key = (part.base, len(part.indices))
        name = self.names.of(key, str(part.base.label))
        if not isinstance(part.base, WordArray):
            self.families.setdefault(key, name)
            return
        self._range(part.base.space)
        self.lists.setdefault(key, name)
        places = self.places.setdefault(key, [set() for _ in part.indices])
        for known, index in zip(places, part.indices, strict=True):
            if isinstance(index, Index):
                known.add(index.space)

    def _range(self, space: IndexSet) -> None:
        for end in (space.lower, space.upper):
            self.declare(end)


def _free(node: Basic, bound: frozenset[Basic]) -> Iterator[Basic]:
    """The nodes of a tree that may have to be declared, those bound in it left out."""
    if isinstance(node, Sum | Product):
        for index, lower, upper in reversed(node.limits):
            yield from _free(lower, bound)
            yield from _free(upper, bound)
            bound |= {index}
        yield from _free(node.function, bound)
        return
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
        return
    if isinstance(node, Indexed | Opaque | Defined):
        yield node
    if isinstance(node, Indexed):
        parts: tuple[Expr, ...] = node.indices
    else:
        parts = (*node.args, *(node.variables if isinstance(node, Derivative) else ()))
    for part in parts:
        if isinstance(part, Basic):
            yield from _free(part, bound)


# Pieces of Coq text, and the parentheses they need.


class Level(IntEnum):
    """How tightly a piece holds together."""

    OPEN = 0
    TERMS = 1
    PRODUCT = 2
    SIGNED = 3
    APPLIED = 4
    CLOSED = 5


@dataclass(frozen=True)
class Text(Piece):
    """A piece of Coq text, and how tightly it holds together."""

    level: Level = Level.CLOSED

    @property
    def closed(self) -> str:
        """The text where anything may stand beside it."""
        return self.within(Level.CLOSED)


def parenthesised(proposition: str) -> str:
    """A proposition in parentheses, unless it is one range in parentheses already."""
    if proposition.endswith(")%Z") and proposition.count("(") == 1:
        return proposition
    return proposition if proposition.startswith("(forall") else f"({proposition})"


def applied(function: str, *arguments: Text) -> Text:
    """A function at its arguments."""
    if not arguments:
        return Text(function)
    return Text(" ".join([function, *(each.closed for each in arguments)]), Level.APPLIED)


def terms(pieces: list[Text]) -> Text:
    """A sum of a few pieces."""
    first, *others = pieces
    texts = [first.within(Level.TERMS), *(piece.within(Level.PRODUCT) for piece in others)]
    return Text(sum_of(texts, "- "), Level.TERMS)


def quotient(over: list[Text], under: list[Text], *, minus: bool) -> Text:
    """The product of ``over`` divided by the product of ``under``."""
    text = " * ".join(factor.within(Level.SIGNED) for factor in over) or "1"
    single = over[0].level if len(over) == 1 and not under else Level.PRODUCT
    if under:
        below = under[0] if len(under) == 1 else Text(_times(under), Level.PRODUCT)
        text += f" / {below.within(Level.APPLIED)}"
    if not minus:
        return Text(text, single if over else Level.PRODUCT)
    return Text(f"- {text}", Level.PRODUCT)


def _times(factors: list[Text]) -> str:
    return " * ".join(factor.within(Level.APPLIED) for factor in factors)


# An index expression as Coq text: the tree is walked once, each kind of node in one place.
#
# A number is a term of type R, an index or a size one of type Z. What the text mentions is
# recorded on the way: letters to be declared, definitions to be stated before it, and derivatives
# that have to exist.


Bound = dict[Basic, str]
# a named function as a number or as an index: its identifier, and the letters it takes first
Definitions = dict[tuple[type[Defined], bool], tuple[str, tuple[str, ...]]]


class NotCovered(ValueError):
    """A statement that is not written in Coq, and why."""


@dataclass(frozen=True)
class Binder:
    """An index that a sum binds: its identifier and its bounds."""

    name: str
    lower: str
    upper: str


@dataclass
class Writer:
    """Writes expressions of one claim.

    ``definitions`` are those stated before; ``used`` are the letters written so far, and
    ``existing`` the derivatives that have to exist, with the indices bound around them. ``at`` is
    what a letter stands for that is bound where it is differentiated by.
    """

    letters: Letters
    definitions: Definitions = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    existing: list[tuple[tuple[Binder, ...], Text]] = field(default_factory=list)
    binders: tuple[Binder, ...] = ()
    bound: Bound = field(default_factory=dict)
    at: dict[Basic, Text] = field(default_factory=dict)
    letters_used: frozenset[str] | None = None  # all there will be, where this is known

    def bind(self, index: Symbol) -> str:
        """A name for an index that is bound from here on."""
        names = self.letters.names
        name = names.within(index.name, self.bound.values(), self.letters_used)
        self.bound = {**self.bound, index: name}
        return name

    def real(self, node: Expr) -> Text:
        """``node`` as a real number."""
        for kind, how in _REAL:
            if isinstance(node, kind):
                return how(self, node)
        raise NotCovered(f"{type(node).__name__} has no counterpart in the library: {node}")

    def integer(self, node: Expr) -> Text:
        """``node`` as an index or a size."""
        for kind, how in _INTEGER:
            if isinstance(node, kind):
                return how(self, node)
        raise NotCovered(f"{type(node).__name__} as an index: {node}")

    def argument(self, node: Expr) -> Text:
        """An index where Coq cannot know that it is one from the function before it."""
        text = self.integer(node)
        plain = text.text.replace("_", "").isalnum() and not text.text.isdigit()
        return text if plain else Text(f"({text.text})%Z")

    def array(self, entry: Expr, axes: tuple[Index, ...]) -> Text:
        """An array as a function of its indices; a number where it has none."""
        if isinstance(entry, Defined) and entry.args == axes:
            name, given = self.definitions[type(entry), False]
            self.used.update(given)
            return applied(name, *map(Text, given))
        names = [self.bind(axis) for axis in axes]
        text = self.real(entry)
        return Text(f"(fun {' '.join(names)} => {text.text})") if names else text

    def slope(self, node: Derivative, function: str) -> Text:
        """``function`` of what is differentiated and where: ``has_partial`` and its kin.

        A second derivative is the slope of what the first one is near there.
        """
        *before, by = node.variables
        if before and function != "has_partial":
            raise NotCovered(f"a second derivative that is no side by itself: {node}")
        if isinstance(by, Indexed):
            base, places = by.base, [self.argument(index) for index in by.indices]
            if isinstance(base, WordArray) or len(places) > 2:
                raise NotCovered(f"a derivative by {by}")
            function = "has_second" if before else function
            function += "" if len(places) == 1 else "2"
            letter = self._letter(self.letters.families[base, len(places)])
            where = [self.at.get(base, Text(letter)), *places]
        else:
            function = "has_second_slope" if before else _OF_SCALARS[function]
            letter = self._letter(self.letters.scalars[by])
            where = [self.at.get(by, Text(letter))]
        typed = letter if isinstance(by, Indexed) else f"{letter} : R"
        if before:
            near = replace(self, at={})
            once = Derivative(node.expr, *before, evaluate=False)
            first = near.slope(once, function="has_partial")
            inner = f"fun slope => {first.text} slope"
        else:
            inner = self.real(node.expr).text
        return applied(function, Text(f"(fun {typed} => {inner})"), *where)

    def _rational(self, node: Rational) -> Text:
        over, under = Text(str(abs(node.p))), Text(str(node.q))
        return quotient([over], [under] if node.q != 1 else [], minus=node.p < 0)

    def _symbol(self, node: Symbol) -> Text:
        if node.is_integer:
            return applied("IZR", self.integer(node))
        return Text(self.bound.get(node) or self._letter(self.letters.scalars[node]))

    def _letter(self, name: str) -> str:
        self.used.add(name)
        return name

    def _entry(self, node: Indexed) -> Text:
        if isinstance(node.base, WordArray):
            raise NotCovered(f"the word {node} as a number")
        name = self._letter(self.letters.families[node.base, len(node.indices)])
        return applied(name, *map(self.argument, node.indices))

    def _terms(self, node: Add) -> Text:
        return terms([self.real(term) for term in node.args])

    def _product(self, node: Mul) -> Text:
        over: list[Text] = []
        under: list[Text] = []
        minus = False
        for factor in node.args:
            if isinstance(factor, Rational):
                minus ^= factor.p < 0
                over += [Text(str(abs(factor.p)))] if abs(factor.p) != 1 else []
                under += [Text(str(factor.q))] if factor.q != 1 else []
            elif isinstance(factor, Pow) and _is_whole_or_half(factor.exp) and factor.exp < 0:
                under.append(self._raised(factor.base, -factor.exp))
            else:
                over.append(self.real(factor))
        return quotient(over, under, minus=minus)

    def _power(self, node: Pow) -> Text:
        """A power; one that is neither whole nor half is the exponential that it stands for."""
        if not _is_whole_or_half(node.exp):
            raised = quotient([self.real(node.exp), self._log(node)], [], minus=False)
            return applied("exp", raised)
        if node.exp < 0:
            return quotient([], [self._raised(node.base, -node.exp)], minus=False)
        return self._raised(node.base, node.exp)

    def _raised(self, base: Expr, exponent: Rational) -> Text:
        """A power above zero: a whole one, or one of a root."""
        text = self.real(base)
        if exponent.q == 2:
            text = applied("sqrt", text)
        if exponent.p == 1:
            return text
        return Text(f"{text.within(Level.APPLIED)} ^ {exponent.p}", Level.SIGNED)

    def _pi(self, _: Expr) -> Text:
        return Text("PI")

    def _sum(self, node: Sum) -> Text:
        return self._summed("Sum", node, self.real)

    def _summed(self, function: str, node: Sum, summand: Callable[[Expr], Text]) -> Text:
        before = self.bound, self.binders
        limits = []
        for index, lower, upper in reversed(node.limits):  # the last one is outermost
            ends = self.integer(lower), self.integer(upper)
            name = self.bind(index)
            self.binders = (*self.binders, Binder(name, ends[0].text, ends[1].text))
            limits.append((name, *ends))
        text = summand(node.function)
        self.bound, self.binders = before
        for name, lower, upper in reversed(limits):
            text = applied(function, lower, upper, Text(f"(fun {name} => {text.text})"))
        return text

    def _delta(self, node: KroneckerDelta) -> Text:
        return applied("delta", *map(self.integer, node.args))

    def _exp(self, node: exp) -> Text:
        return applied("exp", self.real(node.args[0]))

    def _log(self, node: log) -> Text:
        return applied("ln", self.real(node.args[0]))

    def _abs(self, node: Abs) -> Text:
        return applied("Rabs", self.real(node.args[0]))

    def _known(self, node: Known) -> Text:
        name = _IN_COQ[node.called]
        if not name:
            raise NotCovered(f"{node.called} has no counterpart in the library")
        return applied(name, self.real(node.args[0]))

    def _extreme(self, node: Min | Max) -> Text:
        function = "Rmin" if isinstance(node, Min) else "Rmax"
        first, *rest = map(self.real, node.args)
        for other in rest:
            first = applied(function, first, other)
        return first

    def _cases(self, node: Piecewise) -> Text:
        """``if`` by the sign of a number; the last case holds otherwise."""
        (value, test), *others = node.args
        if isinstance(test, BooleanTrue):
            return self.real(value)
        if not others:
            raise NotCovered(f"cases that leave some out: {node}")
        otherwise = self._cases(Piecewise(*others)) if len(others) > 1 else self._last(others[0])
        then = self.real(value)
        if isinstance(test, GreaterThan):
            below, above = test.rhs, test.lhs
        elif isinstance(test, StrictLessThan):
            below, above = test.rhs, test.lhs
            then, otherwise = otherwise, then
        else:
            raise NotCovered(f"the condition {test}")
        choice = applied("Rle_dec", self.real(below), self.real(above)).text
        return Text(f"if {choice} then {then.text} else {otherwise.text}", Level.OPEN)

    def _last(self, case: tuple[Expr, Basic]) -> Text:
        value, test = case
        if not isinstance(test, BooleanTrue):
            raise NotCovered(f"cases that leave some out: {test}")
        return self.real(value)

    def _slope_of(self, node: Derivative) -> Text:
        self.existing.append((self.binders, self.slope(node, "ex_partial")))
        return self.slope(node, "partial")

    def _application(self, node: Defined) -> Text:
        return self._named(node, integer=False)

    def _named(self, node: Defined, *, integer: bool) -> Text:
        name, given = self.definitions[type(node), integer]
        self.used.update(given)
        arguments = zip(node.params, node.args, strict=True)
        written = (self.integer(n) if p.is_integer else self.real(n) for p, n in arguments)
        return applied(name, *map(Text, given), *written)

    def _arbitrary(self, node: Opaque) -> Text:
        name = self._letter(self.letters.functions[type(node)])
        places = [self.argument(place) for place in node.args]
        rows = []
        for base, picked in node.rows.items():
            family = self._letter(self.letters.families[base, node.depth(base)])
            rows.append(Text(family) if picked is None else applied(family, places[picked]))
        return applied(name, *places, *rows)

    def _index(self, node: Symbol) -> Text:
        if node in self.bound:
            return Text(self.bound[node])
        known = self.letters.indices if isinstance(node, Index) else self.letters.sizes
        return Text(self._letter(known[node]))

    def _whole(self, node: Integer) -> Text:
        return Text(str(node)) if node >= 0 else Text(f"- {-node}", Level.PRODUCT)

    def _word(self, node: Indexed) -> Text:
        if not isinstance(node.base, WordArray):
            raise NotCovered(f"{node} as an index")
        name = self._letter(self.letters.lists[node.base, len(node.indices)])
        return applied(name, *map(self.argument, node.indices))

    def _counted(self, node: Expr) -> Text:
        if isinstance(node, Add):
            return terms([self.integer(term) for term in node.args])
        minus = node.args[0] == -1
        factors = [self.integer(factor) for factor in node.args[int(minus) :]]
        return quotient(factors, [], minus=minus)

    def _count(self, node: Sum) -> Text:
        return self._summed("ISum", node, self.integer)

    def _one_or_none(self, node: KroneckerDelta) -> Text:
        return applied("idelta", *map(self.integer, node.args))

    def _number(self, node: Defined) -> Text:
        return self._named(node, integer=True)


def _is_whole_or_half(exponent: Expr) -> bool:
    return bool(exponent.is_Rational and exponent.q <= 2)


_OF_SCALARS = {"has_partial": "is_derive", "ex_partial": "ex_derive", "partial": "Derive"}

_IN_COQ = {each.name: each.coq for each in EVERY}

Rule = Callable[[Writer, Expr], Text]

_REAL: tuple[tuple[type | tuple[type, ...], Rule], ...] = (
    (Rational, Writer._rational),
    (type(pi), Writer._pi),
    (Symbol, Writer._symbol),
    (Indexed, Writer._entry),
    (Add, Writer._terms),
    (Mul, Writer._product),
    (Pow, Writer._power),
    (Sum, Writer._sum),
    (KroneckerDelta, Writer._delta),
    (Known, Writer._known),
    (exp, Writer._exp),
    (log, Writer._log),
    (Derivative, Writer._slope_of),
    (Defined, Writer._application),
    (Opaque, Writer._arbitrary),
    (Abs, Writer._abs),
    ((Min, Max), Writer._extreme),
    (Piecewise, Writer._cases),
)

_INTEGER: tuple[tuple[type | tuple[type, ...], Rule], ...] = (
    (Integer, Writer._whole),
    (Symbol, Writer._index),
    (Indexed, Writer._word),
    ((Add, Mul), Writer._counted),
    (Sum, Writer._count),
    (KroneckerDelta, Writer._one_or_none),
    (Defined, Writer._number),
)
