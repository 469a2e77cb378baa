"""The meaning of emitted Coq text at numbers, read from the text and the library alone.

It is independent of the translator on purpose: nothing of `derivations.certify` is imported.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import count, product
from typing import Any

from flint import arb, fmpq

from tests.certify.theorem_syntax import (
    Apply,
    Arrow,
    Binding,
    Both,
    Choice,
    Definition,
    Implies,
    Name,
    Number,
    Operation,
    Power,
    Relation,
    Scoped,
    Term,
    Type,
    parse,
)


class NoValue(ArithmeticError):
    """A quotient by zero, or a logarithm of what is not positive: Coq's value means nothing."""


class NoDerivative(ArithmeticError):
    """A function that has no derivative here."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and its slope; ``level`` says by what: the higher, the further inside."""

    level: int
    value: Real
    slope: Real


Real = Any  # arb, or Pair
LEVELS = count(1)


def pi() -> arb:
    return arb.pi()


def rational(number: int | Fraction) -> arb:
    """An exact number as a ball."""
    q = Fraction(number)
    return arb(fmpq(q.numerator, q.denominator))


ZERO, ONE = rational(0), rational(1)


def _level(*numbers: Real) -> int:
    return max(number.level if isinstance(number, Pair) else 0 for number in numbers)


def _value_of(number: Real, level: int) -> Real:
    return number.value if isinstance(number, Pair) and number.level == level else number


def _slope_of(number: Real, level: int) -> Real:
    return number.slope if isinstance(number, Pair) and number.level == level else ZERO


def add(x: Real, y: Real) -> Real:
    if not (level := _level(x, y)):
        return x + y
    value = add(_value_of(x, level), _value_of(y, level))
    return Pair(level, value, add(_slope_of(x, level), _slope_of(y, level)))


def multiply(x: Real, y: Real) -> Real:
    if x is ZERO or y is ZERO:
        return ZERO
    if not (level := _level(x, y)):
        return x * y
    (a, da), (b, db) = ((_value_of(n, level), _slope_of(n, level)) for n in (x, y))
    return Pair(level, multiply(a, b), add(multiply(da, b), multiply(a, db)))


def opposite(x: Real) -> Real:
    return multiply(rational(-1), x)


def inverse(x: Real) -> Real:
    if not (level := _level(x)):
        if x.contains(0):
            raise NoValue("a quotient by zero")
        return 1 / x
    one_over = inverse(x.value)
    return Pair(level, one_over, multiply(opposite(multiply(one_over, one_over)), x.slope))


def exponential(x: Real) -> Real:
    if not (level := _level(x)):
        return x.exp()
    value = exponential(x.value)
    return Pair(level, value, multiply(value, x.slope))


def logarithm(x: Real) -> Real:
    if not (level := _level(x)):
        if not x > 0:
            raise NoValue("the logarithm of what is not positive")
        return x.log()
    return Pair(level, logarithm(x.value), multiply(inverse(x.value), x.slope))


def root(x: Real) -> Real:
    if not (level := _level(x)):
        if not x >= 0:
            raise NoValue("the root of what may be negative")
        return x.sqrt()
    value = root(x.value)
    return Pair(level, value, multiply(inverse(multiply(rational(2), value)), x.slope))


def sine(x: Real) -> Real:
    if not (level := _level(x)):
        return x.sin()
    return Pair(level, sine(x.value), multiply(cosine(x.value), x.slope))


def cosine(x: Real) -> Real:
    if not (level := _level(x)):
        return x.cos()
    return Pair(level, cosine(x.value), multiply(opposite(sine(x.value)), x.slope))


def arctangent(x: Real) -> Real:
    if not (level := _level(x)):
        return x.atan()
    slope = inverse(add(ONE, multiply(x.value, x.value)))
    return Pair(level, arctangent(x.value), multiply(slope, x.slope))


def at_most(x: Real, y: Real) -> bool:
    """Whether x <= y; where both are the same, no derivative may pass through."""
    inner_x, inner_y = x, y
    while isinstance(inner_x, Pair):
        inner_x = inner_x.value
    while isinstance(inner_y, Pair):
        inner_y = inner_y.value
    if _level(x, y) and inner_x.overlaps(inner_y):
        raise NoDerivative("a branch that ends here")
    if inner_x <= inner_y:
        return True
    if inner_y < inner_x:
        return False
    raise NoValue("two numbers too near to be told apart")


def is_below(x: Real, y: Real) -> bool:
    """Whether x < y, of numbers that nothing differentiates."""
    if x < y or x >= y:
        return bool(x < y)
    raise NoValue("two numbers too near to be told apart")


def derivative(function: Any, at: Real) -> Real:
    """The derivative of a function of one number; raises NoDerivative."""
    level = next(LEVELS)
    return _slope_of(function(Pair(level, at, ONE)), level)


Row = Callable[[int], Real]
Matrix = Callable[[int], Row]


@dataclass(frozen=True)
class Sides:
    """What is said to be equal, or with ``differ`` not to be."""

    left: Real
    right: Real
    differ: bool = False


def function(*types: Type) -> Type:
    """The type of functions of all but the last, with values in the last."""
    return reduce(lambda end, start: Arrow(start, end), reversed(types[:-1]), types[-1])


def updated(row: Row, place: int, value: Real) -> Row:
    """``upd``: a vector with a number in place of one entry."""
    return lambda k: value if k == place else row(k)


def updated_in(matrix: Matrix, row: int, place: int, value: Real) -> Matrix:
    """``upd2``: a matrix with a number in place of one entry."""
    return lambda w: updated(matrix(w), place, value) if w == row else matrix(w)


def slope_by_entry(of: Callable[[Row], Real], row: Row, place: int) -> Real:
    return derivative(lambda t: of(updated(row, place, t)), row(place))


def slope_by_entry_of_matrix(of: Callable[[Matrix], Real], at: Matrix, row: int, i: int) -> Real:
    return derivative(lambda t: of(updated_in(at, row, i, t)), at(row)(i))


def _exists(slope: Callable[..., Real]) -> Callable[..., bool]:
    def exists(*arguments: Any) -> bool:
        try:
            slope(*arguments)
        except NoDerivative:
            return False
        return True

    return exists


def _is(slope: Callable[..., Real]) -> Callable[..., Sides]:
    return lambda *arguments: Sides(slope(*arguments[:-1]), arguments[-1])


def _second(updated_at: Callable[..., Any], entry: Callable[..., Real]) -> Callable[..., Sides]:
    """``has_second`` and its kin: the slope of what a first derivative is near a point."""

    def second(says: Any, at: Any, *rest: Any) -> Sides:
        *places, slope = rest

        def near(t: Real) -> Real:
            return says(updated_at(at, *places, t))(ZERO).left

        return Sides(derivative(near, entry(at, *places)), slope)

    return second


def _sum(low: int, high: int, summand: Callable[[int], Real]) -> Real:
    return reduce(add, map(summand, range(low, high + 1)), ZERO)


def _least(x: Real, y: Real) -> Real:
    return x if at_most(x, y) else y


def _greatest(x: Real, y: Real) -> Real:
    return y if at_most(x, y) else x


def _absolute(x: Real) -> Real:
    return x if at_most(ZERO, x) else opposite(x)


ROW, MATRIX = function("Z", "R"), function("Z", "Z", "R")
_BY_ENTRY = (Arrow(ROW, "R"), ROW, "Z")
_BY_ENTRY_OF_MATRIX = (Arrow(MATRIX, "R"), MATRIX, "Z", "Z")
_BY_NUMBER = (Arrow("R", "R"), "R")
_FAMILIES = (
    (_BY_ENTRY, slope_by_entry, ("has_partial", "ex_partial", "partial")),
    (_BY_ENTRY_OF_MATRIX, slope_by_entry_of_matrix, ("has_partial2", "ex_partial2", "partial2")),
    (_BY_NUMBER, derivative, ("is_derive", "ex_derive", "Derive")),
)

_SECOND = (
    ("has_second", ROW, ("Z",), updated, lambda row, i: row(i)),
    ("has_second2", MATRIX, ("Z", "Z"), updated_in, lambda matrix, x, i: matrix(x)(i)),
    ("has_second_slope", "R", (), lambda _, t: t, lambda at: at),
)

Word = tuple[Type, int, Callable[..., Any]]
# each word: its type, how many arguments it takes, and what it makes of them
LIBRARY: dict[str, Word] = {
    "Sum": (function("Z", "Z", ROW, "R"), 3, _sum),
    "ISum": (
        function("Z", "Z", Arrow("Z", "Z"), "Z"),
        3,
        lambda low, high, summand: sum(map(summand, range(low, high + 1))),
    ),
    "delta": (function("Z", "Z", "R"), 2, lambda a, b: ONE if a == b else ZERO),
    "idelta": (function("Z", "Z", "Z"), 2, lambda a, b: int(a == b)),
    "exp": (function("R", "R"), 1, exponential),
    "ln": (function("R", "R"), 1, logarithm),
    "IZR": (function("Z", "R"), 1, rational),
    "Rabs": (function("R", "R"), 1, _absolute),
    "PI": ("R", 0, pi),
    "sqrt": (function("R", "R"), 1, root),
    "sin": (function("R", "R"), 1, sine),
    "cos": (function("R", "R"), 1, cosine),
    "atan": (function("R", "R"), 1, arctangent),
    "Rmin": (function("R", "R", "R"), 2, _least),
    "Rmax": (function("R", "R", "R"), 2, _greatest),
}
for _types, _slope, (_has, _ex, _value) in _FAMILIES:
    _arity = len(_types)
    LIBRARY[_has] = (function(*_types, "R", "Prop"), _arity + 1, _is(_slope))
    LIBRARY[_ex] = (function(*_types, "Prop"), _arity, _exists(_slope))
    LIBRARY[_value] = (function(*_types, "R"), _arity, _slope)
for _has, _of, _places, _updated, _entry in _SECOND:
    _says = Arrow(_of, Arrow("R", "Prop"))
    LIBRARY[_has] = (
        function(_says, _of, *_places, "R", "Prop"),
        len(_places) + 3,
        _second(_updated, _entry),
    )


# What a ``forall`` inside a hypothesis is tried at.
#
# Integers from a window that is wider than every list at the sizes used. Vectors and matrices are
# tried at zero, where the functions used have their kinks, and with a few integers beside them.


WINDOW = range(-5, 7)
FEW = range(1, 3)


def ranges(names: Mapping[str, Type]) -> dict[str, Sequence[Any]]:
    """The values that each name is tried at."""
    functions = any(isinstance(kind, Arrow) for kind in names.values())
    return {name: _range(kind, FEW if functions else WINDOW) for name, kind in names.items()}


def choices(ranges: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every choice of values for the names."""
    for chosen in product(*ranges.values()):
        yield dict(zip(ranges, chosen, strict=True))


def _range(kind: Type, integers: Sequence[int]) -> Sequence[Any]:
    if kind == "Z":
        return integers
    if isinstance(kind, Arrow):
        return [_zero(kind)]
    raise ValueError(f"a hypothesis about all of {kind}")


def _zero(kind: Type) -> Any:
    if kind == "R":
        return ZERO
    assert isinstance(kind, Arrow)
    inside = _zero(kind.end)
    return lambda _: inside


# Terms to functions of an environment, each term with its type.
#
# What a numeral or a sign means depends on scopes in Coq. Here the types decide: wherever Coq
# accepts the text at all, they leave one meaning. Text that is not well-typed is an error.


Environment = Mapping[str, Any]
Meaning = Callable[[Environment], Any]
Types = Mapping[str, Type]

_INTEGER: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_REAL = {
    "+": add,
    "-": lambda x, y: add(x, opposite(y)),
    "*": multiply,
    "/": lambda x, y: multiply(x, inverse(y)),
}
_COMPARED = {"<=": operator.le, "<": operator.lt, "=": operator.eq, "<>": operator.ne}


class IllTyped(ValueError):
    """Text that Coq would not accept, or whose type cannot be told."""


def type_of(term: Term, types: Types) -> Type | None:
    """The type of a term; None where its numerals leave it open."""
    match term:
        case Number():
            return None
        case Name(text):
            if text not in types:
                raise IllTyped(f"{text} is not declared")
            return types[text]
        case Apply(head, arguments):
            found = type_of(head, types)
            for _ in arguments:
                if not isinstance(found, Arrow):
                    raise IllTyped(f"too many arguments: {term}")
                found = found.end
            return found
        case Operation(_, parts):
            return next((t for part in parts if (t := type_of(part, types))), None)
        case Power(base, _):
            return type_of(base, types)
        case Choice():
            return type_of(term.then, types) or type_of(term.otherwise, types)
        case Scoped(inner, scope):
            return "Prop" if isinstance(inner, Relation) else scope
        case Binding("fun", ((_, start),), body) if start is not None:
            end = type_of(body, declared([(term.names[0][0], start)], types))
            return Arrow(start, end) if end else None
        case Binding("fun"):
            return None
    return "Prop"


def declared(names: Iterable[tuple[str, Type]], types: Types) -> Types:
    """The types with more names; a word of the library has to keep its meaning."""
    added = dict(names)
    if known := added.keys() & LIBRARY.keys():
        raise IllTyped(f"names of the library given to letters: {known}")
    return {**types, **added}


def meaning(term: Term, want: Type, types: Types) -> Meaning:
    """What a term of type ``want`` means."""
    known = type_of(term, types)
    if known is not None and known != want:
        raise IllTyped(f"{term} is of type {known}, not {want}")
    match term:
        case Number(value):
            return _number(value, want)
        case Name(text):
            if text in LIBRARY:
                return _constant(text)
            return lambda env: env[text]
        case Apply():
            return _application(term, types)
        case Operation():
            return _operation(term, want, types)
        case Power(base, exponent):
            return _power(meaning(base, _real(want), types), exponent)
        case Choice():
            return _choice(term, want, types)
        case Scoped(inner, scope):
            inside: Type | None = "Z" if isinstance(inner, Relation) else None
            return _relation(inner, inside, types) if inside else meaning(inner, scope, types)
        case Relation():
            return _relation(term, None, types)
        case Both(left, right):
            first, second = meaning(left, "Prop", types), meaning(right, "Prop", types)
            return lambda env: _decided(first(env)) and _decided(second(env))
        case Implies(premise, conclusion):
            first, second = meaning(premise, "Prop", types), meaning(conclusion, "Prop", types)
            return lambda env: not _decided(first(env)) or _decided(second(env))
        case Binding("fun"):
            return _lambda(term, want, types)
        case Binding("forall"):
            return _forall(term, types)
    raise IllTyped(f"no meaning for {term}")


def _decided(found: Any) -> bool:
    if not isinstance(found, bool):
        raise IllTyped(f"an equation of reals where it has to be decided: {found}")
    return found


def _real(want: Type) -> Type:
    if want != "R":
        raise IllTyped(f"a power or a branch of type {want}")
    return want


def _number(value: int, want: Type) -> Meaning:
    if want not in ("Z", "R"):
        raise IllTyped(f"the numeral {value} of type {want}")
    known = value if want == "Z" else rational(value)
    return lambda _: known


def _constant(name: str) -> Meaning:
    _, arity, known = LIBRARY[name]
    if arity:
        raise IllTyped(f"{name} without its arguments")
    return lambda _: known()


def _application(term: Apply, types: Types) -> Meaning:
    head = term.function
    expected = type_of(head, types)
    arguments = []
    for each in term.arguments:
        assert isinstance(expected, Arrow)
        arguments.append(meaning(each, expected.start, types))
        expected = expected.end
    if isinstance(head, Name) and head.text in LIBRARY:
        _, arity, known = LIBRARY[head.text]
        if len(arguments) != arity:
            raise IllTyped(f"{head.text} takes {arity} arguments: {term}")
        return lambda env: known(*[argument(env) for argument in arguments])
    first = meaning(head, type_of(head, types) or "Z", types)

    def applied(env: Environment) -> Any:
        found = first(env)
        for argument in arguments:
            found = found(argument(env))
        return found

    return applied


def _operation(term: Operation, want: Type, types: Types) -> Meaning:
    parts = [meaning(part, want, types) for part in term.parts]
    if want not in ("Z", "R"):
        raise IllTyped(f"{term.sign} of type {want}")
    if term.sign == "opposite":
        (part,) = parts
        turned: Callable[[Any], Any] = opposite if want == "R" else operator.neg
        return lambda env: turned(part(env))
    known: Callable[[Any, Any], Any] | None = (_REAL if want == "R" else _INTEGER).get(term.sign)
    if known is None:
        raise IllTyped(f"{term.sign} of type {want}")
    left, right = parts
    return lambda env: known(left(env), right(env))


def _power(base: Meaning, exponent: int) -> Meaning:
    def raised(env: Environment) -> Any:
        value, result = base(env), ONE
        for _ in range(exponent):
            result = multiply(result, value)
        return result

    return raised


def _choice(term: Choice, want: Type, types: Types) -> Meaning:
    low, high = (meaning(part, "R", types) for part in (term.low, term.high))
    then, otherwise = (meaning(part, _real(want), types) for part in (term.then, term.otherwise))
    return lambda env: (then if at_most(low(env), high(env)) else otherwise)(env)


def _relation(term: Term, inside: Type | None, types: Types) -> Meaning:
    assert isinstance(term, Relation)
    # numerals alone are reals: R_scope is open
    of = next((t for part in term.parts if (t := type_of(part, types))), inside or "R")
    if of not in ("Z", "R") or (inside and of != inside):
        raise IllTyped(f"a relation of {of}: {term}")
    parts = [meaning(part, of, types) for part in term.parts]
    if of == "R" and term.signs == ("<",):
        below, above = parts
        return lambda env: is_below(below(env), above(env))
    if of == "R":
        if len(parts) != 2 or term.signs[0] not in ("=", "<>"):
            raise IllTyped(f"reals are only said to be equal or not: {term}")
        left, right = parts
        differ = term.signs[0] == "<>"
        return lambda env: Sides(left(env), right(env), differ)
    if len(parts) > 2 and set(term.signs) != {"<="}:
        raise IllTyped(f"a chain of other than <=: {term}")

    def holds(env: Environment) -> bool:
        found = [part(env) for part in parts]
        return all(
            _COMPARED[sign](a, b) for sign, a, b in zip(term.signs, found, found[1:], strict=False)
        )

    return holds


def _lambda(term: Binding, want: Type, types: Types) -> Meaning:
    ((name, said),) = term.names
    if not isinstance(want, Arrow) or said not in (None, want.start):
        raise IllTyped(f"{term} is not of type {want}")
    body = meaning(term.body, want.end, declared([(name, want.start)], types))
    return lambda env: lambda value: body({**env, name: value})


def _forall(term: Binding, types: Types) -> Meaning:
    said = {name: kind for name, kind in term.names if kind is not None}
    if len(said) != len(term.names):
        raise IllTyped(f"a name without a type: {term}")
    body = meaning(term.body, "Prop", declared(said.items(), types))
    over = ranges(said)
    return lambda env: all(_decided(body({**env, **chosen})) for chosen in choices(over))


# A slope written as a number has to be said to exist: where it does not, the number is anything.
#
# It has to exist at every member of the sums around it.


SLOPES = {"partial": "ex_partial", "partial2": "ex_partial2", "Derive": "ex_derive"}
Range = tuple[str, Term, Term]
Existence = tuple[tuple[Range, ...], Term]


def require_existence(says: Term, existing: list[Term]) -> None:
    """Raise IllTyped unless ``existing`` says that the slopes in ``says`` exist, and no more."""
    wanted, stated = list(_wanted(says, ())), [_stated(each) for each in existing]
    if any(each not in stated for each in wanted) or any(each not in wanted for each in stated):
        raise IllTyped(f"slopes in it: {wanted}; said to exist: {stated}")


def is_existence(term: Term) -> bool:
    """Whether a term says of slopes that they exist."""
    while isinstance(term, Binding | Implies):
        term = term.body if isinstance(term, Binding) else term.conclusion
    match term:
        case Apply(Name(said), _):
            return said in SLOPES.values()
    return False


def _wanted(term: object, around: tuple[Range, ...]) -> Iterator[Existence]:
    """The slopes in a term, each with the sums around it."""
    match term:
        case Apply(Name("Sum"), (low, high, Binding("fun", ((name, _),), body))):
            yield from _wanted((low, high), around)
            yield from _wanted(body, (*around, (name, low, high)))
            return
        case Apply(Name(slope), arguments) if slope in SLOPES:
            yield around, Apply(Name(SLOPES[slope]), arguments)
    if isinstance(term, tuple):
        for each in term:
            yield from _wanted(each, around)
    elif is_dataclass(term):
        for field in fields(term):
            yield from _wanted(getattr(term, field.name), around)


def _stated(existence: Term) -> Existence:
    """What is said to exist, and the ranges it is said for."""
    ranges: list[Range] = []
    names: list[str] = []
    while isinstance(existence, Binding | Implies):
        if isinstance(existence, Binding):
            names += [name for name, _ in existence.names]
            existence = existence.body
            continue
        match existence.premise:
            case Scoped(Relation((low, Name(name), high), ("<=", "<=")), "Z"):
                ranges.append((name, low, high))
            case other:
                raise IllTyped(f"a slope exists only where {other}")
        existence = existence.conclusion
    if names != [name for name, *_ in ranges]:
        raise IllTyped(f"{names} are said to be in {ranges}")
    return tuple(ranges), existence


SAID = (
    *("has_partial", "has_partial2", "is_derive"),
    *("has_second", "has_second2", "has_second_slope"),
)


@dataclass(frozen=True)
class Theorem:
    """What a module says; ``falls`` where it says that the claim fails."""

    falls: bool
    letters: dict[str, Type]
    hypotheses: tuple[Term, ...]
    says: Term
    existing: tuple[Term, ...]
    definitions: tuple[Definition, ...]

    def admits(self, env: Environment) -> bool:
        """Whether all hypotheses hold."""
        inside = {**self._known, **env}
        return all(hypothesis(inside) is True for hypothesis in self._meanings[0])

    def sides(self, env: Environment) -> Sides:
        """The two sides that are said to be equal, or not to be."""
        found = self._meanings[1]({**self._known, **env})
        assert isinstance(found, Sides)
        return found

    def exists(self, env: Environment) -> bool:
        """Whether the slopes exist that are said to."""
        inside = {**self._known, **env}
        return all(each(inside) is True for each in self._meanings[2])

    @cached_property
    def _types(self) -> Types:
        types = {name: word[0] for name, word in LIBRARY.items()}
        return types | {each.name: _type(each) for each in self.definitions}

    @cached_property
    def _known(self) -> dict[str, Any]:
        """The definitions, each of which sees those before it."""
        found: dict[str, Any] = {}
        types: Types = {name: word[0] for name, word in LIBRARY.items()}
        for each in self.definitions:
            term = each.body
            for parameter in reversed(each.parameters):
                term = Binding("fun", (parameter,), term)
            found[each.name] = meaning(term, _type(each), types)(dict(found))
            types = declared([(each.name, _type(each))], types)
        return found

    @cached_property
    def _meanings(self) -> tuple[list[Meaning], Meaning, list[Meaning]]:
        types = declared(self.letters.items(), self._types)
        premises = [meaning(each, "Prop", types) for each in self.hypotheses]
        existing = [meaning(each, "Prop", types) for each in self.existing]
        return premises, meaning(self.says, "Prop", types), existing


def read(text: str) -> Theorem:
    """The theorem of a module; raises UnknownSyntax and IllTyped."""
    definitions, theorem = parse(text)
    names = [each.name for each in definitions]
    if len(set(names)) < len(names):
        raise IllTyped(f"defined twice: {names}")
    quantifier, letters, rest = "forall", {}, theorem.says
    if isinstance(rest, Binding):
        quantifier, letters, rest = rest.kind, _letters(rest), rest.body
    found = _falling(rest) if quantifier == "exists" else _holding(rest)
    return Theorem(quantifier == "exists", letters, *found, tuple(definitions))


def _type(definition: Definition) -> Type:
    kind = definition.type
    for name, said in reversed(definition.parameters):
        if said is None:
            raise IllTyped(f"{name} without a type")
        kind = Arrow(said, kind)
    return kind


def _letters(binding: Binding) -> dict[str, Type]:
    letters = {name: kind for name, kind in binding.names if kind is not None}
    if len(letters) < len(binding.names):
        raise IllTyped(f"a letter twice, or without a type: {binding.names}")
    return letters


def _holding(rest: Term) -> tuple[tuple[Term, ...], Term, tuple[Term, ...]]:
    hypotheses = []
    while isinstance(rest, Implies):
        hypotheses.append(rest.premise)
        rest = rest.conclusion
    says, *existing = _conjuncts(rest)
    if not _is_claim(says):
        raise IllTyped(f"neither an equation nor a slope: {says}")
    require_existence(says, existing)
    return tuple(hypotheses), says, tuple(existing)


def _falling(rest: Term) -> tuple[tuple[Term, ...], Term, tuple[Term, ...]]:
    *before, denied = _conjuncts(rest)
    existing = [each for each in before if is_existence(each)]
    hypotheses = tuple(each for each in before if each not in existing)
    says = _denied(denied)
    require_existence(says, existing)
    return hypotheses, says, tuple(existing)


def _denied(denied: Term) -> Term:
    """What is said not to be so."""
    match denied:
        case Binding("exists", ((name, "R"),), Both(slope, Relation((Name(same), right), ("<>",)))):
            match slope:
                case Apply(Name(said), (*where, Name(given))) if said in SAID:
                    if name == same == given:
                        return Apply(Name(said), (*where, right))
        case Relation((left, right), ("<>",)):
            return Relation((left, right), ("=",))
    raise IllTyped(f"not said to fail: {denied}")


def _is_claim(term: Term) -> bool:
    match term:
        case Relation(_, ("=",)):
            return True
        case Apply(Name(said), _):
            return said in SAID
    return False


def _conjuncts(term: Term) -> Iterator[Term]:
    if isinstance(term, Both):
        yield from _conjuncts(term.left)
        yield from _conjuncts(term.right)
    else:
        yield term
