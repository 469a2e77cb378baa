"""Equality of terms up to how they are arranged, by a key: definitions written out, order, signs.

Two terms with one key have one value wherever both have one: a key forgets the names that are
bound, the order and the brackets of sums and products, where a minus sign, a number or a quotient
stands in a product, and which abbreviations are used. It keeps everything else; no sum is
multiplied out, nothing is differentiated. Names that are given are kept by what they are called, so
that keys of terms from two texts can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction

from derivations.language.functions import Elementary
from derivations.language.traversal import binders, parts
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Comparison,
    Definition,
    Derivative,
    Entrywise,
    IndexVariable,
    InnerProduct,
    ListEntry,
    Mapped,
    MatrixProduct,
    Negative,
    Number,
    Offset,
    Parameter,
    Plus,
    Quotient,
    Reference,
    Shape,
    Term,
    Times,
    Transpose,
    Variable,
    Zeros,
    remembered,
    variable_of,
)

Key = tuple[object, ...]
ONE = Fraction(1)


def key(term: Term, replaced: Mapping[Key, Key] | None = None) -> Key:
    """The key of a term, derivatives in it whose keys are replaced told by those they become."""
    return _Here(replaced or {}).key(term)


@dataclass(frozen=True)
class Untaken:
    """A derivative that stands in a term: its key, and the name of what it is taken by.

    ``of_unknown`` says that it is one of a function of which nothing is known.
    """

    key: Key
    by: str
    of_unknown: bool


def left_to_take(term: Term) -> list[Untaken]:
    """The derivatives that stand in a term with its definitions written out, the outermost ones."""
    return list(dict.fromkeys(_Here({}).derivatives(term)))


@dataclass(frozen=True)
class _Here:
    """What the names in a term stand for where it is written out, and how many binders are above.

    A definition is written out where no derivative is taken in it, or it has no arguments but
    labels: a derivative in a body is taken before the arguments are put in.
    """

    replaced: Mapping[Key, Key]
    bound: Mapping[IndexVariable | Variable, Key] = field(default_factory=dict)
    depth: int = 0

    def key(self, term: Term) -> Key:
        match term:
            case Plus() | Negative():
                return self._sum(term)
            case Number() | Times() | Quotient():
                return _scaled(*self._product(term))
            case Entrywise():
                number, factors = self._factors(term, Entrywise)
                return _scaled(number, [(_ENTRYWISE, *_sorted(factors))])
            case MatrixProduct():
                number, factors = self._factors(term, MatrixProduct)
                if not term.shape:  # a number is its own transpose
                    factors = min(factors, _turned(factors), key=repr)
                return _scaled(number, [(_MATRICES, *factors)])
            case InnerProduct(left, right) if left.shape and left.shape[1] is None:
                return self.key(MatrixProduct(Transpose(left), right))
            case InnerProduct(left, right):
                one, a = _unscaled(self.key(left))
                other, b = _unscaled(self.key(right))
                return _scaled(one * other, [("InnerProduct", *_sorted((a, b)))])
            case Transpose(of):
                number, found = _unscaled(self.key(of))
                return _scaled(number, [_transposed(found) if of.shape else found])
            case Call(definition, arguments) if _takes_derivative(definition):
                names = {p: ("at", self.depth + n) for n, p in enumerate(definition.parameters)}
                body = self._with(names, len(names)).key(definition.body)
                return ("Call", body, *map(self._value, arguments)) if arguments else body
            case Call(definition, arguments):
                return self._written_out(definition, arguments).key(definition.body)
            case Mapped(definition, of):
                inside = self._with({definition.parameters[0]: ("each", self.depth)}, 1)
                return ("Mapped", inside.key(definition.body), self.key(of))
            case Reference(variable):
                return self._named(variable)
            case Zeros():
                return ("zeros", _value_of(term.shape)) if term.shape else _ZERO
            case Derivative():
                found = self._node(term)
                return self.replaced.get(found, found)
        return self._node(term)

    def derivatives(self, term: Term) -> Iterator[Untaken]:
        match term:
            case Derivative(of, by):
                of_unknown = isinstance(of, ArbitraryCall)
                yield Untaken(self.key(term), variable_of(by).name, of_unknown)
                return
            case Call(definition, arguments):
                yield from self._written_out(definition, arguments).derivatives(definition.body)
            case Mapped(definition, _):
                inside = self._with({definition.parameters[0]: ("each", self.depth)}, 1)
                yield from inside.derivatives(definition.body)
        below = self._under(term)
        for part in parts(term):
            yield from below.derivatives(part)

    def _written_out(self, definition: Definition, arguments: tuple[Argument, ...]) -> _Here:
        """Where the body of a definition is written out at its arguments."""
        values = map(self._value, arguments)
        return self._with(dict(zip(definition.parameters, values, strict=True)))

    def _with(self, values: Mapping[Parameter, Key], deeper: int = 0) -> _Here:
        return _Here(self.replaced, {**self.bound, **values}, self.depth + deeper)

    def _under(self, term: Term) -> _Here:
        """Under what a node binds."""
        mine = binders(term)
        levels: dict[Parameter, Key] = {
            each: ("bound", self.depth + n) for n, each in enumerate(mine)
        }
        return self._with(levels, len(mine)) if mine else self

    def _node(self, term: Term) -> Key:
        """A node by its kind, the sets that it binds in, and what is in it."""
        below = self._under(term)
        spaces = tuple(each.space for each in binders(term))
        inside = (getattr(term, each.name) for each in fields(term) if each.compare)
        return (type(term).__name__, spaces, *map(below._value, inside))

    def _value(self, value: object) -> Key:
        match value:
            case Term():
                return self.key(value)
            case IndexVariable() | Variable():
                return self._named(value)
            case ListEntry(words, at):
                return ("entry", words.name, words.values, words.places, self._value(at))
            case Offset(of, by):
                return ("offset", self._value(of), self._value(by))
            case Comparison(left, right, negated):
                return ("whether", self._value(left), self._value(right), negated)
            case Arbitrary(name, parameters):
                return ("function", name, *map(_named, parameters))
            case Elementary():
                return ("function", value.name)
            case tuple():
                return ("tuple", *map(self._value, value))
        return ("plain", type(value).__name__, value)

    def _named(self, thing: Parameter) -> Key:
        return self.bound.get(thing) or _named(thing)

    # What is arranged

    def _sum(self, term: Term) -> Key:
        found: dict[Key, Fraction] = {}
        for number, part in self._addends(term, ONE):
            found[part] = found.get(part, Fraction(0)) + number
        kept = [_scaled(number, [part]) for part, number in found.items() if part != _ZERO]
        kept = [each for each in kept if each != _ZERO]
        if not kept:
            return ("zeros", _value_of(term.shape)) if term.shape else _ZERO
        return kept[0] if len(kept) == 1 else ("sum", *_sorted(kept))

    def _addends(self, term: Term, number: Fraction) -> Iterator[tuple[Fraction, Key]]:
        if isinstance(term, Plus):
            for part in term.parts:
                yield from self._addends(part, number)
        elif isinstance(term, Negative):
            yield from self._addends(term.of, -number)
        else:
            scale, found = _unscaled(self.key(term))
            if found[0] == "sum" and scale == ONE:  # one that an abbreviation stands for
                for inner, rest in map(_unscaled, _inside(found)):
                    yield number * inner, rest
            elif found[0] != "zeros":
                yield number * scale, found

    def _product(self, term: Term) -> tuple[Fraction, tuple[Key, ...]]:
        """A number and the other factors, those below a line marked so."""
        match term:
            case Number(value):
                return value, ()
            case Negative(of):
                number, factors = self._product(of)
                return -number, factors
            case Times(left, right):
                one, a = self._product(left)
                other, b = self._product(right)
                return one * other, (*a, *b)
            case Quotient(over, under):
                one, a = self._product(over)
                other, b = self._product(under)
                if not other:
                    return one, (*a, ("below", _ZERO))
                return one / other, (*a, *map(_below, b))
        number, found = _unscaled(self.key(term))
        return number, _inside(found) if found[0] == "product" else (found,)

    def _factors(self, term: Term, kind: type[Term]) -> tuple[Fraction, tuple[Key, ...]]:
        """A product of matrices, or entry by entry: a number, and its factors in their order."""
        if isinstance(term, kind) and isinstance(term, MatrixProduct | Entrywise):
            one, a = self._factors(term.left, kind)
            other, b = self._factors(term.right, kind)
            return one * other, (*a, *b)
        number, found = _unscaled(self.key(term))
        return number, _inside(found) if found[0] == kind.__name__ else (found,)


_MATRICES, _ENTRYWISE = MatrixProduct.__name__, Entrywise.__name__
_UNIT: Key = ("product",)
_ZERO: Key = ("number", Fraction(0))


def _scaled(number: Fraction, factors: Iterable[Key]) -> Key:
    """A product with its number in front, its factors in one order."""
    several = list(factors)
    if not number:
        return _ZERO
    if not several or several == [_UNIT]:
        return ("number", number)
    rest: Key = several[0]
    if len(several) > 1 or rest[0] == "below":
        rest = ("product", *_sorted(several))
    return rest if number == ONE else ("scaled", number, rest)


def _unscaled(key: Key) -> tuple[Fraction, Key]:
    """The number in front of a product, and the rest."""
    match key:
        case ("scaled", Fraction() as number, tuple() as rest):
            return number, rest
        case ("number", Fraction() as number):
            return (number, _UNIT) if number else (ONE, _ZERO)
    return ONE, key


def _transposed(key: Key) -> Key:
    match key:
        case ("Transpose", tuple() as of):
            return of
        case (str() as kind, *_) if kind == _MATRICES:
            return (_MATRICES, *_turned(_inside(key)))
    return ("Transpose", key)


def _turned(factors: Sequence[Key]) -> tuple[Key, ...]:
    """The factors of the transpose of a product."""
    return tuple(map(_transposed, reversed(factors)))


def _below(key: Key) -> Key:
    return key[1] if key[0] == "below" and isinstance(key[1], tuple) else ("below", key)


def _inside(key: Key) -> tuple[Key, ...]:
    return tuple(each for each in key[1:] if isinstance(each, tuple))


def _sorted(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=repr)


def _value_of(shape: Shape) -> Key:
    return tuple(shape)


def _named(thing: Parameter) -> Key:
    """A name that is given, by what it is called and what it is."""
    if isinstance(thing, IndexVariable):
        return ("index", thing.space, thing.name)
    return ("variable", thing.shape, thing.name, thing.over)


def _takes_derivative(definition: Definition) -> bool:
    """Whether a derivative is taken in a body, at arguments that are put in afterwards."""
    if all(isinstance(each, IndexVariable) for each in definition.parameters):
        return False
    return _has_derivative(definition.body)


@remembered
def _has_derivative(term: Term) -> bool:
    definition = term.definition if isinstance(term, Call | Mapped) else None
    return (
        isinstance(term, Derivative)
        or (definition is not None and _has_derivative(definition.body))
        or any(map(_has_derivative, parts(term)))
    )
