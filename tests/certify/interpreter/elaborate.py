"""What a theorem's terms mean, typed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import product
from typing import Any

from tests.certify.interpreter import values
from tests.certify.interpreter.library import LIBRARY, Sides
from tests.certify.interpreter.parse import (
    Apply,
    Arrow,
    Binding,
    Both,
    Choice,
    Implies,
    Name,
    Number,
    Operation,
    Power,
    Relation,
    Scoped,
    Term,
    Type,
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
        return values.ZERO
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
    "+": values.add,
    "-": lambda x, y: values.add(x, values.opposite(y)),
    "*": values.multiply,
    "/": lambda x, y: values.multiply(x, values.inverse(y)),
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
    known = value if want == "Z" else values.rational(value)
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
        turned: Callable[[Any], Any] = values.opposite if want == "R" else operator.neg
        return lambda env: turned(part(env))
    known: Callable[[Any, Any], Any] | None = (_REAL if want == "R" else _INTEGER).get(term.sign)
    if known is None:
        raise IllTyped(f"{term.sign} of type {want}")
    left, right = parts
    return lambda env: known(left(env), right(env))


def _power(base: Meaning, exponent: int) -> Meaning:
    def raised(env: Environment) -> Any:
        value, result = base(env), values.ONE
        for _ in range(exponent):
            result = values.multiply(result, value)
        return result

    return raised


def _choice(term: Choice, want: Type, types: Types) -> Meaning:
    low, high = (meaning(part, "R", types) for part in (term.low, term.high))
    then, otherwise = (meaning(part, _real(want), types) for part in (term.then, term.otherwise))
    return lambda env: (then if values.at_most(low(env), high(env)) else otherwise)(env)


def _relation(term: Term, inside: Type | None, types: Types) -> Meaning:
    assert isinstance(term, Relation)
    # numerals alone are reals: R_scope is open
    of = next((t for part in term.parts if (t := type_of(part, types))), inside or "R")
    if of not in ("Z", "R") or (inside and of != inside):
        raise IllTyped(f"a relation of {of}: {term}")
    parts = [meaning(part, of, types) for part in term.parts]
    if of == "R" and term.signs == ("<",):
        below, above = parts
        return lambda env: values.is_below(below(env), above(env))
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
