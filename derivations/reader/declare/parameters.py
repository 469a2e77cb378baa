"""Parameters of declared functions; arbitrary functions, and distributions over finite sets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import takewhile

from derivations.language.functions import EXP
from derivations.language.traversal import free_in, with_members
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    IndexVariable,
    Parameter,
    Quotient,
    Reference,
    Row,
    Slice,
    Sum,
    Term,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.reader.elaborate.applications import parameters_below
from derivations.reader.environment import (
    Function,
    Named,
    Scope,
    Slot,
    as_word,
    declared_name,
    is_numeral,
    letter_of,
    lowered,
    name_of,
    plain_name,
    raised_name,
    symbol,
    with_function,
    with_thing,
)
from derivations.reader.source import Unreadable
from derivations.reader.syntax import Content, Group, Leaf, Node, Product, Relation, Script, written

_Head = list[tuple[Slot, Parameter | None]]


def parameters(content: Content, scope: Scope, *, arbitrary: bool) -> tuple[_Head, Scope]:
    """The slots and what each stands for, and the scope that the formula is read in.

    Vectors and matrices that are declared stay what they are in a definition; an arbitrary
    function has them as its arguments.
    """
    groups: list[list[Node]] = []
    joined = False
    for item in content.items:
        dots = isinstance(item, Leaf) and item.kind == "DOTS"
        if (dots or joined) and groups:
            groups[-1].append(item)
        else:
            groups.append([item])
        joined = dots
    found: _Head = []
    for group in groups:
        slot, parameter, scope = _parameter(group, scope, arbitrary=arbitrary)
        before = _member_before(slot, parameter, found)
        if before is not None:
            slot, parameter = replace(slot, parameter=before.parameter, again=True), None
        if parameter is not None:
            slot = replace(slot, parameter=sum(p is not None for _, p in found))
        found.append((slot, parameter))
    _require_different(found, content)
    alone = content.only
    if isinstance(alone, Leaf) and not arbitrary and isinstance(found[0][1], Variable):
        found = [(replace(found[0][0], declared=None), found[0][1])]  # f x is no f(x) times x
    if arbitrary:
        _require_other_variables(found, content)
    return found, scope


def _member_before(slot: Slot, parameter: Parameter | None, found: _Head) -> Slot | None:
    """The slot of another family at the same letter: that of y_i before x_i."""
    if not slot.vector or parameter is None:
        return None
    return next(
        (one for one, each in found if each is parameter and one.vector not in ("", slot.vector)),
        None,
    )


def _require_other_variables(found: _Head, content: Content) -> None:
    """Refuse a matrix beside its own rows: which of the two a derivative varies is not said."""
    arrays = [slot.declared for slot, _ in found if isinstance(slot.declared, Term)]
    arrays = [array for array in arrays if not _is_defined(array)]
    variables = [variable for array in arrays for variable in free_in(array).variables]
    for variable, times in Counter(variables).items():
        if times > 1:
            what = f"{variable.name} is named twice"
            raise Unreadable(content.at, written(content), what, "name a matrix or its rows")


def _require_different(found: _Head, content: Content) -> None:
    names = [parameter.name for _, parameter in found if parameter is not None]
    for name, times in Counter(names).items():
        if times > 1:
            what = f"two arguments are called {name}"
            raise Unreadable(content.at, written(content), what, "give each its own letter")


def _parameter(
    group: list[Node], scope: Scope, *, arbitrary: bool
) -> tuple[Slot, Parameter | None, Scope]:
    item = lowered(group[0], scope)  # x^{(i)} is x_i here as well
    if len(group) > 1:
        return Slot(fixed=tuple(map(written, group))), None, scope
    if isinstance(item, Relation) and item.signs == ("=",):
        slot, parameter, scope = _parameter([item.parts[1]], scope, arbitrary=arbitrary)
        return replace(slot, keyword=written(item.parts[0])), parameter, scope
    if isinstance(item, Script) and item.sub is not None and item.sub.only is not None:
        family = scope.things.get(name_of(item.base))
        letter = scope.letters.get(letter_of(item.sub.only))
        if family is not None and family.letters and letter is not None:
            name = name_of(item.base)
            if not arbitrary:
                return Slot(declared=letter, vector=name), letter, scope
            assert isinstance(family.body, Row | Slice)
            declared = replace(family.body, member=letter)
            row = Variable(declared.shape, plain_name(name), name)
            return Slot(declared=declared), row, scope
        entry = family is not None and not family.letters and letter is not None
        if entry and family is not None and not arbitrary:
            entry = letter is not None and vector_axis(family.body.shape) == letter.space
        if letter is not None and not arbitrary and (family is None or entry):
            return Slot(declared=letter, vector=name_of(item.base)), letter, scope
    name = name_of(item)
    letter = scope.letters.get(letter_of(item))
    if letter is not None:
        return Slot(declared=letter), letter, scope
    known = scope.things.get(name)
    if known is not None and known.letters and known.body.shape and not arbitrary:
        member = Variable(known.body.shape, plain_name(name), name)
        return Slot(), member, with_thing(scope, name, Named((), Reference(member)))
    raised = scope.things.get(raised_name(item)) if arbitrary else None
    if raised is not None and raised.body.shape and not raised.letters:
        name, known = raised_name(item), raised
    if known is not None and known.body.shape:
        return (*_array(item, name, known, arbitrary=arbitrary), scope)
    number_named = scope.things.get(raised_name(item)) if isinstance(item, Script) else None
    if number_named is not None and not number_named.body.shape:
        name, known = raised_name(item), number_named  # a number with a subscript, \theta_0
    elif not arbitrary and _is_power_of_a_number(item, scope):
        return Slot(fixed=(written(item),)), None, scope
    elif not isinstance(item, Leaf) or item.kind != "LETTER":
        advice = "declare it above, as a vector, a matrix or by define"
        what = "a letter, a vector or a matrix is expected"
        raise Unreadable(item.at, written(item), what, advice)
    number = Variable((), plain_name(name), name)
    says = known is not None and (
        _is_variable(known.body) or (arbitrary and _is_defined(known.body))
    )
    declared_number = known.body if known is not None and says else None
    inside = with_thing(scope, name, Named((), Reference(number)))
    return Slot(declared=declared_number), number, inside


def _is_power_of_a_number(item: Node, scope: Scope) -> bool:
    """Whether this is a power of what is declared: ``\\sigma^2`` in ``p(x; \\mu, \\sigma^2)``."""
    if not isinstance(item, Script) or item.primes or item.sup is None:
        return False
    root = item.base if item.sub is None else replace(item, sup=None)
    known = scope.things.get(raised_name(root))
    declared = known is not None and not known.letters and not known.body.shape
    return declared and is_numeral(item.sup.only)


def _array(
    item: Node, name: str, thing: Named, *, arbitrary: bool
) -> tuple[Slot, Parameter | None]:
    if not arbitrary:
        return Slot(fixed=(written(item),), declared=thing.body), None
    if thing.letters or not (_is_variable(thing.body) or _is_defined(thing.body)):
        advice = "name what is declared or defined without subscripts"
        raise Unreadable(item.at, written(item), "this is not one vector or matrix", advice)
    return Slot(declared=thing.body), Variable(thing.body.shape, plain_name(name), name)


def _is_variable(body: Term) -> bool:
    inner = body.of if isinstance(body, Transpose) else body
    return isinstance(inner, Reference)


def _is_defined(body: Term) -> bool:
    """Whether a name abbreviates something: ``arbitrary L(y)`` is any function of that then."""
    return isinstance(body, Call)


def pattern(name: str, content: Content, head: _Head) -> tuple[str | int, ...]:
    """How an application is written: the head of the declaration, open at the parameters."""
    pieces: list[str | int] = [name, "("]
    for place, (slot, parameter) in enumerate(head):
        if place:
            separator = content.separators[place - 1]
            pieces.append(" \\mid " if separator == "|" else f"{separator} ")
        if slot.keyword:
            pieces.append(f"{slot.keyword} = ")
        if parameter is None and not slot.again:
            pieces.append(", ".join(slot.fixed))
        elif slot.vector:
            assert slot.parameter is not None
            pieces += [f"{slot.vector}_{{", slot.parameter, "}"]
        else:
            assert slot.parameter is not None
            pieces.append(slot.parameter)
    pieces.append(")")
    return _joined(pieces)


def _joined(pieces: list[str | int]) -> tuple[str | int, ...]:
    """Neighbouring texts as one."""
    found: list[str | int] = []
    for piece in pieces:
        if found and isinstance(piece, str) and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


# Distributions over finite sets: ``distribution \pi_\theta(a | s)``.
#
# What is above zero and adds up to one over its first arguments, those before a bar, is exp(f) /
# sum exp(f) for some function f of all of them (its logarithm is one), and all of these are such
# distributions: an equality holds for every distribution that varies smoothly with what it
# depends on just where it holds for this formula with an arbitrary f. So nothing has to be
# assumed.


_ADVICE = "write distribution p(y | x), with letters for the members of a set before the bar"


def with_distribution(left: Node, scope: Scope) -> Scope:
    """The scope with a distribution over all values of the letters before the bar."""
    left = as_word(left)
    last = left.factors[-1] if isinstance(left, Product) else None
    if not isinstance(left, Product) or len(left.factors) != 2 or not isinstance(last, Group):
        raise Unreadable(left.at, written(left), "a name and its arguments", _ADVICE)
    name, content = declared_name(left.factors[0]), last.content
    head, _ = parameters(content, scope, arbitrary=False)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    over = _before_the_bar(head, content)
    if not over or not all(isinstance(each, IndexVariable) for each in over):
        raise Unreadable(left.at, written(left), "which finite set is it over?", _ADVICE)
    plain, scope = symbol(scope, "thing", name, f"distribution {written(left)}")
    besides = [*_declared(head), *parameters_below(left.factors[0], scope)]
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in own)
    weight = Apply(EXP, _any_of(plain, arguments, besides))
    total: Term = weight
    for letter in over:
        assert isinstance(letter, IndexVariable)
        bound = IndexVariable(letter.space, letter.name, letter.latex)
        total = Sum(bound, with_members(total, {letter: bound}))
    definition = Definition(
        plain, own, Quotient(weight, total), pattern(name, content, head), scope.names
    )
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    return with_function(scope, name, Function(name, slots, definition, (), apart))


def _before_the_bar(head: _Head, content: Content) -> list[object]:
    count = 1 + len([*takewhile(lambda each: each == ",", content.separators)])
    return [parameter for _, parameter in head[:count]]


def _declared(head: _Head) -> list[Term]:
    """The vectors and matrices that stand among the arguments as they are declared."""
    declared = (slot.declared for slot, parameter in head if parameter is None)
    return [each for each in declared if isinstance(each, Term)]


def _any_of(name: str, own: tuple[Argument, ...], besides: list[Term]) -> ArbitraryCall:
    """An arbitrary function of the arguments, and of what stands beside them."""
    arguments = (*own, *besides)
    made: list[IndexVariable | Variable] = []
    for each in arguments:
        if isinstance(each, Term):
            known = next(iter(free_in(each).variables))
            made.append(Variable(each.shape, known.name, known.latex))
        else:
            assert isinstance(each, IndexVariable)
            made.append(IndexVariable(each.space, each.name, each.latex))
    pieces: list[str | int] = [rf"\ell_{{{name}}}("]
    for number in range(len(made)):
        pieces += [", ", number] if number else [number]
    function = Arbitrary(f"log-weight of {name}", tuple(made), (*pieces, ")"))
    return ArbitraryCall(function, arguments)


def _depending(function: Function, node: Node, scope: Scope) -> Function:
    """An arbitrary function that depends on the declared parameters below its name, too."""
    besides = parameters_below(node, scope)
    if not besides or not isinstance(function.meaning, Arbitrary):
        return function
    own = function.meaning.parameters
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in own)
    inner = _any_of(function.meaning.name, arguments, besides)
    made = Arbitrary(function.meaning.name, inner.function.parameters, inner.function.pattern)
    body = ArbitraryCall(made, inner.arguments)
    definition = Definition(function.meaning.name, own, body, function.meaning.pattern, scope.names)
    slots: tuple[Slot, ...] = function.slots
    return Function(function.name, slots, definition, (), function.separators)


def with_arbitrary(left: Node, scope: Scope) -> Scope:
    """The scope with an arbitrary function of numbers, labels, rows and matrices added."""
    left = as_word(left)
    if not isinstance(left, Product):
        raise Unreadable(left.at, written(left), "say what it depends on: J(v_c, o, U)")
    name, content = name_and_arguments(left)
    head, _ = parameters(content, scope, arbitrary=True)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    plain, scope = symbol(scope, "thing", name, f"arbitrary {written(left)}")
    made = Arbitrary(plain, own, pattern(name, content, head))
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    function = _depending(Function(name, slots, made, (), apart), left.factors[0], scope)
    new = {raised_name(item) for item in content.items if not is_declared(item, scope)}
    awaiting = {**scope.awaiting, **{each: (left, function) for each in new if each}}
    return replace(with_function(scope, name, function), awaiting=awaiting)


def with_awaiting(name: str, scope: Scope) -> Scope:
    """The scope in which a function that was declared of a name, before it was, is of that."""
    left, function = scope.awaiting.get(name, (None, None))
    if left is None or function is None or scope.functions.get(function.name) is not function:
        return scope
    return with_arbitrary(left, scope)


def is_declared(node: Node, scope: Scope) -> bool:
    """Whether what stands as an argument of a function is declared."""
    name = raised_name(node)
    return any(name in each for each in (*scope.declared, scope.lists))


def name_and_arguments(left: Product) -> tuple[str, Content]:
    last = left.factors[-1]
    if len(left.factors) != 2 or any(left.joins) or not isinstance(last, Group):
        raise Unreadable(left.at, written(left), "a name and its arguments are expected here")
    name = left.factors[0]
    if isinstance(name, Script) and name.primes:
        advice = "a prime on a function is its derivative; call it otherwise"
        raise Unreadable(name.at, written(name), "a name is expected here", advice)
    return declared_name(name), last.content
