r"""Undeclared probabilities ``P(x | y; \\theta)`` of random variables; uninterpreted functions.

Which variable is meant follows from its name and its numbers. Less is known of these functions, and
of factorials, than their names say: no line is refuted by their values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from math import factorial
from weakref import WeakKeyDictionary

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.functions import EXP
from derivations.language.index_form import size
from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    Derivative,
    IndexVariable,
    ListEntry,
    Mapped,
    Negative,
    Number,
    Offset,
    Parameter,
    Plus,
    Quotient,
    Reference,
    Shape,
    Sum,
    Term,
    Transpose,
    Variable,
    remembered,
    variable_of,
)
from derivations.reader.elaborate.indexing import member_in
from derivations.reader.environment import (
    BY_ITS_BAR,
    PROBABILITIES,
    UNKNOWN,
    Environment,
    Scope,
    fitted,
    letter_of,
    letters_in,
    name_of,
    plain_name,
    raised_name,
    resolve,
    scalar,
)
from derivations.reader.source import Unreadable
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    inner,
    nodes,
    written,
)

# Random variables by their names, as arguments of a probability that nothing declares.
#
# ``P(x^{(i)}, z^{(i)} = j)`` is about two of them, x and z, both of number i. What is not a
# letter in a subscript belongs to the name, and so does a shift: x_{t-1} is another variable than
# x_t. So which variable is meant follows from its name and its numbers, and the functions that
# probabilities are read as take these numbers as arguments.


@dataclass(frozen=True)
class Chance:
    """A random variable that takes a value: by name, by the letters of its numbers, in a set.

    ``value`` is what stands for the value; ``space`` is its set, where it is a member of one.
    """

    name: str
    labels: tuple[str, ...]
    value: Node
    space: IndexSet | None = None


@dataclass(frozen=True)
class Probability:
    """``P(a, b | c; t)``: its name, what it is of, what is given, its parameters."""

    name: Node
    of: tuple[Node, ...]
    given: tuple[Node, ...] = ()
    parameters: tuple[Node, ...] = field(default=())


_ALL_DECLARED: ContextVar[bool] = ContextVar("all_declared", default=False)


@contextmanager
def all_declared() -> Iterator[None]:
    """No name is that of an undeclared probability: what declares it may be still to come."""
    token = _ALL_DECLARED.set(True)
    try:
        yield
    finally:
        _ALL_DECLARED.reset(token)


def probability_in(name: Node, following: Node | None, scope: Scope) -> Probability | None:
    """The probability that stands here, where nothing declares its name."""
    if not isinstance(following, Group) or following.bracket != "(" or not following.content.items:
        return None
    if not _is_undeclared_name(name, following, scope):
        return None
    content = following.content
    parts: list[list[Node]] = [[]]
    signs = [""]
    for item, sign in zip(content.items, ("", *content.separators), strict=False):
        if sign in ("|", ";"):
            parts.append([])
            signs.append(sign)
        parts[-1].append(item)
    if signs not in ([""], ["", "|"], ["", ";"], ["", "|", ";"]) or not all(parts):
        return None
    found = dict(zip(signs, map(tuple, parts), strict=True))
    return Probability(name, found[""], found.get("|", ()), found.get(";", ()))


def _is_undeclared_name(node: Node, following: Group, scope: Scope) -> bool:
    if _ALL_DECLARED.get():
        return False
    base = node.base if isinstance(node, Script) else node
    while isinstance(base, Accented):
        base = base.base
    if not isinstance(base, Leaf) or base.kind not in ("LETTER", "WORD"):
        return False
    by_bar = base.text in BY_ITS_BAR and "|" in following.content.separators
    if base.text not in PROBABILITIES and not by_bar:
        return False
    if isinstance(node, Script) and node.primes:
        return False
    names = {raised_name(node), name_of(node), base.text}
    return not any(each in known for each in names for known in (*scope.declared, scope.lists))


def chance(node: Node, scope: Scope) -> Chance | None:
    """The random variable that an argument is about; None where that cannot be told."""
    if isinstance(node, Relation):
        if node.signs != ("=",):
            return None
        variable, value = node.parts
        named = _named(variable, scope)
        return None if named is None else Chance(*named, value, _space(value, scope))
    letter = letter_of(node)
    space = _space(node, scope)
    if letter and space is not None:
        drawn = letter in scope.drawn
        return Chance(letter if drawn else f"in {space.name}", (), node, space)
    named = _named(node, scope)
    return None if named is None else Chance(*named, node, space)


def _space(value: Node, scope: Scope) -> IndexSet | None:
    """The set that a value is a member of: a letter, or an entry of a list."""
    known = scope.letter(letter_of(value)) if letter_of(value) else None
    if known is not None:
        return known.space
    base = value.base if isinstance(value, Script) else value
    words = scope.lists.get(name_of(base), ()) if isinstance(value, Script) else ()
    return words[0].values if words else None


def _named(node: Node, scope: Scope) -> tuple[str, tuple[str, ...]] | None:
    """The name of a variable, and the letters of its numbers."""
    if not isinstance(node, Leaf | Accented | Script):
        return None
    if isinstance(node, Leaf) and node.kind not in ("LETTER", "WORD"):
        return None
    if any(raised_name(node) in known for known in (scope.things, scope.functions)):
        return raised_name(node), ()
    if not isinstance(node, Script):
        return written(node), ()
    inside = _named(node.base, scope)
    if inside is None:
        return None
    name, labels = inside
    for content, sign in ((node.sub, "_"), (node.sup, "^")):
        for item in content.items if content is not None else ():
            plain = _bare(item)
            if scope.letter(letter_of(plain)) is not None and letter_of(plain):
                labels += (letter_of(plain),)
                continue
            found = [each for each in sorted(letters_in(item)) if scope.letter(each) is not None]
            labels += tuple(found)
            text = written(item)
            for each in found:
                text = text.replace(each, "·")
            name += f"{sign}{text}"
    return name + "'" * node.primes, labels


def _bare(node: Node) -> Node:
    """``i`` for ``(i)``."""
    if isinstance(node, Group) and node.content.only is not None:
        return node.content.only
    return node


def probabilities(trees: Iterator[Node] | tuple[Node, ...], scope: Scope) -> Iterator[Probability]:
    """All probabilities of some formulas."""
    for node in nodes(*trees):
        if isinstance(node, Product):
            for name, following in zip(node.factors, node.factors[1:], strict=False):
                base = following.base if isinstance(following, Script) else following
                found = probability_in(name, base, scope)
                if found is not None:
                    yield found


def key_of(name: Node) -> str:
    """What tells one probability from another one: its name with all that belongs to it."""
    return raised_name(name)


# What a statement says of its undeclared probabilities, before its sides are read.
#
# A letter that nothing declares, and that is drawn or summed over, as z in ``\sum_z p(x, z)``, has
# finitely many values: a member of a set of its own. And of each name: which of its variables have
# their values in finite sets, so that it can be summed over those not named.


MOST_HIDDEN = 3  # variables that are summed over


def with_chances(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which the sides of a statement are read."""
    found = [*probabilities(tuple(trees), scope)]
    if not found:
        return scope
    for letter in dict.fromkeys(_drawn(trees, found, scope)):
        variable = _values_of(letter)
        scope = replace(
            scope,
            letters={**scope.letters, letter: variable},
            drawn=scope.drawn | {letter},
        )
    hidden: dict[str, tuple[tuple[str, IndexSet], ...]] = {}
    for key in dict.fromkeys(key_of(each.name) for each in found):
        mine = [each for each in found if key_of(each.name) == key]
        hidden[key] = _finite(mine, scope)
    return replace(scope, hidden=hidden)


@lru_cache(maxsize=256)
def _values_of(letter: str) -> IndexVariable:
    name = plain_name(letter)
    space = IndexSet(f"values of {name}", Integer(1), size(f"#{name}", 1), labels=True)
    return IndexVariable(space, name, letter)


def _drawn(trees: Sequence[Node], found: list[Probability], scope: Scope) -> Iterator[str]:
    """The undeclared letters that are summed over, or drawn."""
    of = {letter_of(node) for each in found for node in (*each.of, *each.given)} - {""}
    open_ = {each for each in of if not scope.means(each)}
    first = {letter_of(each.of[0]) for each in found}
    for node in nodes(*trees):
        if isinstance(node, Group) and r"\|" in node.content.separators:
            yield from sorted(open_ & first & _letters(node))
        if not isinstance(node, Script) or node.sub is None or not isinstance(node.base, Leaf):
            continue
        if node.base.kind == "SUM":
            yield from (letter_of(e) for e in node.sub.items if letter_of(e) in open_)
        elif node.base.text == "E":
            for item in node.sub.items:
                drawn = item.parts[0] if isinstance(item, Relation) else None
                letters = {letter_of(drawn)} if drawn is not None else first & _letters(item)
                yield from sorted(letters & open_)


def _letters(node: Node) -> set[str]:
    found = {letter_of(node)} - {""}
    return found.union(*map(_letters, inner(node)))


def _finite(found: list[Probability], scope: Scope) -> tuple[tuple[str, IndexSet], ...]:
    """The variables with values in finite sets, where it is told of what the others depend on.

    They have the numbers of the variables that they stand beside, or never have any.
    """
    spaces: dict[str, IndexSet] = {}
    numbered: dict[str, bool] = {}
    for each in found:
        told = [chance(node, scope) for node in (*each.of, *each.given)]
        parts = [part for part in told if part is not None]
        if len(parts) < len(told) or len({p.labels for p in parts if p.labels}) > 1:
            return ()
        for part in parts:
            if not _agrees(part, spaces, numbered):
                return ()
    if len(spaces) > MOST_HIDDEN:
        return ()
    return tuple(sorted(spaces.items(), key=lambda each: each[0]))


def _agrees(part: Chance, spaces: dict[str, IndexSet], numbered: dict[str, bool]) -> bool:
    """Note what a variable is; whether it has been the same before."""
    if part.space is None:
        return part.name not in spaces
    known = spaces.setdefault(part.name, part.space)
    return known == part.space and numbered.setdefault(part.name, bool(part.labels)) == bool(
        part.labels
    )


# Functions of which less is known here than their names say: no line falls by them.
#
# A factorial is any positive function here, and so is a probability that nothing declares. What is
# true of all such functions is true of these; what is false of some may be true of these. So a line
# that depends on one, through definitions as well, can be proved and not refuted.


@dataclass(frozen=True)
class _Asked:
    """What would have to be known of a function, and what would say it.

    ``whole`` says that it depends on what is written behind it alone: a factorial does, while P(o)
    may depend on parameters that nobody wrote.
    """

    name: str
    what: str
    advice: str
    whole: bool = False


_ASKED: WeakKeyDictionary[Arbitrary, _Asked] = WeakKeyDictionary()


def _partly_known(function: Arbitrary, asked: _Asked) -> Arbitrary:
    """The function, noted as one of which more is known elsewhere."""
    _ASKED[function] = asked
    return function


@remembered
def asked_of(term: Term) -> _Asked | None:
    """What is asked of the first such function that a term depends on, of one in part first."""
    if isinstance(term, ArbitraryCall) and term.function in _ASKED:
        return _ASKED[term.function]
    if isinstance(term, Derivative):
        asked = asked_of(term.of)
        if asked is None or not asked.whole:
            return asked
        varied = frozenset({variable_of(term.by)})
        return next(filter(None, map(asked_of, _varying(term.of, varied))), None)
    inside = [_asked_in(term.definition)] if isinstance(term, Call | Mapped) else []
    found = [each for each in (*inside, *map(asked_of, parts(term))) if each is not None]
    return next((each for each in found if not each.whole), found[0] if found else None)


def _varying(term: Term, variables: frozenset[Variable]) -> Iterator[Term]:
    """The summands of a number that depend on some variables: the others have no derivative."""
    match term:
        case Plus(parts=summands):
            for each in summands:
                yield from _varying(each, variables)
        case Negative(of=inside) | Sum(body=inside):
            yield from _varying(inside, variables)
        case Call(definition, arguments):
            inner = {
                parameter
                for parameter, argument in zip(definition.parameters, arguments, strict=True)
                if isinstance(parameter, Variable)
                and isinstance(argument, Term)
                and variables & {*free_in(argument).variables}
            }
            yield from _varying(definition.body, variables | inner)
        case _ if variables & {*free_in(term).variables}:
            yield term


@lru_cache(maxsize=1024)
def _asked_in(definition: Definition) -> _Asked | None:
    return asked_of(definition.body)


# Probabilities that nothing declares, ``P(x, y; \theta)`` and ``P(x | y)``, by their names.
#
# A joint probability is any positive function of the values of its variables, of their numbers
# and of the declared parameters: another one for other variables. ``P(a | b)`` is P(a, b) / P(b),
# which is its definition. Variables whose values are members of finite sets are summed over:
# where one of a statement is not named, P(x) is the sum of P(x, z) over z, and of these alone the
# probabilities add up to one. All of this is true of every distribution with a positive density,
# so what follows from it is proved. Integrals, independence and what a text says of its
# distributions are not known: no line falls by this reading.


_ADVICE = "declare it, as in distribution p(y | x), or arbitrary p(x)"


def probability_here(node: Node, following: Node | None, here: Environment) -> Probability | None:
    """The probability that stands here, where nothing declares its name."""
    group = following.base if isinstance(following, Script) else following
    return probability_in(node, group, here.scope)


def probability(found: Probability, whole: Node, here: Environment) -> Term:
    """``P(a | b)`` as P(a, b) / P(b), ``P(a, b)`` as any positive function."""
    name = written(found.name)
    here.mention(
        f"{name} is not declared: it is read as probabilities, any above zero,"
        " with P(a | b) = P(a, b) / P(b)"
    )
    besides = [*_below(found.name, here)]
    key = key_of(found.name)
    for node in found.parameters:
        value = _value(node, None, here)
        if value is None:
            key += f"; {written(node)}"
        else:
            besides.append(value)
    both = _joint(key, (*found.of, *found.given), besides, whole, here)
    if not found.given:
        return both
    alone = _joint(key, found.given, besides, whole, here)
    return fitted(whole, lambda: Quotient(both, alone))


def _joint(
    key: str, nodes: tuple[Node, ...], besides: list[Argument], whole: Node, here: Environment
) -> Term:
    """The probability of values of some variables together, in whatever order they stand."""
    told = [chance(node, here.scope) for node in nodes]
    parts = [each for each in told if each is not None]
    if len(parts) < len(nodes):
        node = nodes[told.index(None)]
        what = "of what is this the probability?"
        raise Unreadable(node.at, written(node), what, _ADVICE)
    names = [each.name for each in parts]
    if any(each.startswith("in ") and names.count(each) > 1 for each in names):
        what = "which of these members of one set is which?"
        advice = "write P(y = k, z = l), or declare it"
        raise Unreadable(whole.at, written(whole), what, advice)
    hidden = (
        {} if len(set(names)) < len(names) else dict(here.scope.hidden.get(key_of_base(key), ()))
    )
    own = sorted(
        (each for each in parts if each.name not in hidden),
        key=lambda each: (each.name, written(each.value)),
    )
    labels = [each.labels for each in parts if each.labels]
    numbers = labels[:1] if hidden else labels
    arguments: list[Argument] = [_index_of(letter, here) for group in numbers for letter in group]
    described = [key, *(f"{each.name}({len(each.labels)})" for each in own)]
    for each in own:
        value = _value(each.value, each, here)
        if value is None:
            described[-1] += f"={written(each.value)}" if each.value else ""
        else:
            arguments.append(value)
    named = {each.name: each for each in parts if each.name in hidden}
    inside: list[Argument] = []
    open_: list[IndexVariable] = []
    for name, space in hidden.items():
        if name in named:
            _value(named[name].value, named[name], here)
            inside.append(member_in(named[name].value, space, here, whole))
        else:
            bound = IndexVariable(space, "z", "z")
            open_.append(bound)
            inside.append(bound)
    every = (*arguments, *inside, *besides)
    made = _positive(" ".join(described), key, tuple(map(_kind, every)))
    term: Term = fitted(whole, lambda: Call(made, every))
    for bound in reversed(open_):
        term = Sum(bound, term)
    if hidden and not own:
        everything = {name: IndexVariable(space, "z", "z") for name, space in hidden.items()}
        total: Term = Call(made, (*arguments, *everything.values(), *besides))
        for bound in reversed(everything.values()):
            total = Sum(bound, total)
        term = Quotient(term, total)
    return term


def key_of_base(key: str) -> str:
    """The name of a probability without its undeclared parameters."""
    return key.partition(";")[0]


def _index_of(name: str, here: Environment) -> IndexVariable:
    letter = here.scope.letter(name)
    assert letter is not None
    return letter


def _value(node: Node, part: Chance | None, here: Environment) -> Argument | None:
    """What is written for a value; None where nothing declares it, and its name says all."""
    letter = here.scope.letter(letter_of(node)) if letter_of(node) else None
    if letter is not None:
        if letter_of(node) in here.scope.drawn:
            here.mention(f"{letter_of(node)} is not declared: it is read as one of finitely many")
        return letter
    if part is not None and part.space is not None:
        return member_in(node, part.space, here, node)
    inside = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        value = resolve(node, inside)
    except Unreadable as problem:
        if problem.what != UNKNOWN and not isinstance(node, Leaf | Accented):
            raise
        return None  # a name that stands for nothing that is declared
    for text in inside.notes:
        here.mention(text)
    return value


def _below(name: Node, here: Environment) -> list[Argument]:
    """The declared parameters below a name: theta in ``p_\\theta``."""
    found: list[Argument] = []
    items = name.sub.items if isinstance(name, Script) and name.sub is not None else ()
    for item in items:
        thing = here.scope.things.get(name_of(item)) if isinstance(item, Leaf | Script) else None
        inner = thing.body.of if thing and isinstance(thing.body, Transpose) else None
        if (
            thing is not None
            and not thing.letters
            and (isinstance(thing.body, Reference) or isinstance(inner, Reference))
        ):
            found.append(thing.body)
    return found


def _asked(name: str) -> str:
    return f"{name} is not declared: what is known of these probabilities?"


Kind = IndexSet | Shape


def _kind(argument: Argument) -> Kind:
    match argument:
        case Term():
            return argument.shape
        case IndexVariable(space=space):
            return space
    return _space_of(argument)


def _space_of(argument: Argument) -> IndexSet:
    if isinstance(argument, ListEntry):
        return argument.words.values
    if isinstance(argument, Offset) and argument.of is not None:
        return argument.of.space
    raise TypeError(f"the set of {argument} is not known")


@lru_cache(maxsize=1024)
def _positive(described: str, key: str, kinds: tuple[Kind, ...]) -> Definition:
    """Any positive function of arguments of these kinds: one for each description of variables."""
    made: list[Parameter] = []
    for number, kind in enumerate(kinds):
        name = f"x_{number}"
        made.append(
            IndexVariable(kind, name) if isinstance(kind, IndexSet) else Variable(kind, name)
        )
    name = plain_name(described)
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in made)
    function = Arbitrary(f"log {name}", tuple(made), _listed(rf"\log {key}", len(made)))
    _partly_known(function, _Asked(key, _asked(key_of_base(key)), _ADVICE))
    body = Apply(EXP, ArbitraryCall(function, arguments))
    return Definition(name, tuple(made), body, _listed(key, len(made)))


def _listed(name: str, count: int) -> tuple[str | int, ...]:
    pieces: list[str | int] = [f"{name}("]
    for number in range(count):
        pieces += [", ", number] if number else [number]
    return (*pieces, ")")


# Factorials: ``x!`` of a number is a positive function of it, 0! to 12! are the numbers they are.
#
# Nothing else is known of it, so that it drops out of derivatives by other things and is the same
# on both sides of a line. That x! is x (x - 1)! is not known: such lines are undecided.


MOST = 12  # of which factorial the number is written

_WHAT = "of a factorial nothing is known here but that it is above zero"
_OF_FACTORIALS = _Asked("!", _WHAT, "", whole=True)
_OF = Variable((), "x", "x")
_LOGARITHM = _partly_known(Arbitrary("log-factorial", (_OF,), (r"\log(", 0, "!)")), _OF_FACTORIALS)
_FACTORIAL = Definition(
    "factorial", (_OF,), Apply(EXP, ArbitraryCall(_LOGARITHM, (Reference(_OF),))), ("(", 0, ")!")
)


def of_count(node: Group, here: Environment) -> Term:
    """The factorial of what stands before the sign."""
    assert node.content.only is not None
    value = scalar(node.content.only, here, written(node))
    if isinstance(value, Number) and value.value.denominator == 1 and 0 <= value.value <= MOST:
        return fitted(node, lambda: Number(Fraction(factorial(int(value.value)))))
    here.mention(f"{written(node)} is read as a factorial, any function above zero of its number")
    return fitted(node, lambda: Call(_FACTORIAL, (value,)))
