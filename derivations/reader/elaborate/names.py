"""Names, with and without subscripts."""

from __future__ import annotations

from difflib import get_close_matches

from sympy import Expr, Rational

from derivations.definition import substitute
from derivations.indices import Index
from derivations.reader import syntax
from derivations.reader.array import Array
from derivations.reader.elaborate.call import bare, function_of, require_free
from derivations.reader.elaborate.index import index_in, subscripts
from derivations.reader.elaborate.indicator import compared
from derivations.reader.elaborate.number import Here, ill_typed, number, scalar
from derivations.reader.elaborate.shape import dot, exponential, powered, transposed
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.meaning import Function, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Leaf, Node, Script
from derivations.reader.written import written


def atom(node: Node, here: Here) -> Array:
    """The meaning of one factor that is no sign and no application."""
    if isinstance(node, Leaf):
        return _leaf(node, here)
    if isinstance(node, syntax.Accented):
        return named(node, here)
    return _script(node, here) if isinstance(node, Script) else number(node, here)


def _leaf(node: Leaf, here: Here) -> Array:
    if node.kind == "NUMBER":
        return Array(Rational(node.text), (), node.text)  # its name tells a written zero
    if node.kind in ("LETTER", "WORD"):
        return named(node, here)
    raise Unreadable(node.at, written(node), "this cannot stand alone", _alone(node))


def _alone(node: Leaf) -> str:
    advice = {
        "FUNCTION": "give it an argument in parentheses",
        "SUM": "say what is summed",
        "INDICATOR": "say of what: \\mathbb{1}_{\\{w = o\\}}",
        "DOTS": "write out what the dots stand for, or use \\sum",
    }
    return advice.get(node.kind, "")


def named(node: Node, here: Here) -> Array:
    """A name without subscripts."""
    name, scope = name_of(node), here.scope
    index = scope.letter(name)
    if index is not None:
        return index_as_number(node, index)
    function = function_of(node, here)
    if isinstance(function, Function):
        return bare(function, node, here)
    thing = scope.things.get(name)
    if thing is None:
        raise unknown(node, here)
    if thing.params:
        needed = ", ".join(param.name for param in thing.params)
        raise Unreadable(node.at, written(node), "a subscript is missing", f"it takes {needed}")
    require_free(thing.implicit, node, here)
    return thing.body


def index_as_number(node: Node, index: Index) -> Array:
    """An index of a range of numbers; labels are no numbers."""
    if index.space.labels:
        raise ill_typed(node, f"a member of {index.space.name}", "a number")
    return Array(index)


def unknown(node: Node, here: Here) -> Unreadable:
    """The error that nothing has this name, with the nearest name there is."""
    scope = here.scope
    known = [*scope.things, *scope.functions, *scope.letters, *scope.lists]
    near = get_close_matches(name_of(node), known, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}?" if near else "declare it in a ```given block"
    return Unreadable(node.at, written(node), "nothing has this name", advice)


def _script(node: Script, here: Here) -> Array:
    without = Script(node.at, node.base, node.sub)
    primed = here.scope.letter(letter_of(node)) if node.primes else None
    if primed is not None:
        return index_as_number(node, primed)
    if node.primes:
        advice = "a prime is read behind a function with its argument: \\sigma'(x)"
        raise Unreadable(node.at, written(node), "a derivative of what?", advice)
    if isinstance(node.base, Leaf) and _is_euler(node.base, here) and node.sup and not node.sub:
        (raised,) = _only(node.sup, node)
        return Array(exponential(scalar(raised, here, "an exponent").entry, node))
    if isinstance(node.base, Group) and node.base.bracket == r"\|":
        return _norm(node, here)
    value = subscripted(without, here) if node.sub else number(node.base, here)
    return superscripted(value, node, here)


def _norm(node: Script, here: Here) -> Array:
    """A norm is read squared, which needs no root."""
    assert isinstance(node.base, Group)
    above = node.sup.only if node.sup else None
    inside = node.base.content.only
    two = node.sub is None or name_of(node).endswith("_{2}")
    if inside is None or not isinstance(above, Leaf) or above.text != "2" or not two:
        advice = r"write \lVert v \rVert^2"
        raise Unreadable(node.at, written(node), "only squares of norms are read", advice)
    value = number(inside, here)
    return dot(value, value, node)


def superscripted(value: Array, node: Script, here: Here) -> Array:
    """A value with what stands above it: a power or a transpose."""
    if not node.sup:
        return value
    (above,) = _only(node.sup, node)
    if _is_transpose(above, here):
        return transposed(value)
    if isinstance(above, Group):
        advice = "write a power without parentheses"
        raise Unreadable(above.at, written(above), "a power, or the number of something?", advice)
    return powered(value, above, node, here)


def _is_euler(node: Leaf, here: Here) -> bool:
    scope = here.scope
    return node.text == "e" and not (scope.letter("e") or "e" in scope.things)


def _is_transpose(node: Node, here: Here) -> bool:
    if not isinstance(node, Leaf) or node.kind not in ("TOP", "LETTER", "WORD"):
        return False
    if node.kind == "TOP":
        return True
    declared = here.scope.letter("T") or "T" in here.scope.things
    if node.text == "T" and declared:
        advice = r"write ^\top for the transpose"
        raise Unreadable(node.at, "T", "T is declared: a power or a transpose?", advice)
    return node.text == "T"


def _only(content: Content, node: Script) -> tuple[Node]:
    if content.only is None:
        raise Unreadable(node.at, written(node), "more than one thing above a name")
    return (content.only,)


def subscripted(node: Script, here: Here) -> Array:
    """A name, or something in brackets, with a subscript."""
    assert node.sub is not None
    exact = here.scope.things.get(name_of(node))
    if exact is not None:
        require_free(exact.implicit, node, here)
        return exact.body
    function = function_of(node, here)
    if isinstance(function, Function):
        return bare(function, node, here)
    if isinstance(node.base, syntax.Group):
        return picked(Thing((), number(node.base, here)), node, here)
    base = name_of(node.base)
    thing = here.scope.things.get(base)
    if thing is not None:
        require_free(thing.implicit, node, here)
        return picked(thing, node, here)
    if base in here.scope.lists:
        raise ill_typed(node, "a label", "a number")
    if base == "\\delta":
        return _kronecker(node, here)
    raise unknown(node, here)


def _kronecker(node: Script, here: Here) -> Array:
    assert node.sub is not None
    parts = subscripts(node.sub)
    if len(parts) != 2:
        raise unknown(node, here)
    here.note(f"{written(node)} is read as Kronecker's delta")
    return Array(compared(parts[0], parts[1], node, here))


def picked(thing: Thing, node: Script, here: Here) -> Array:
    """The member of a family, or the entry of a vector or matrix, that the subscripts name."""
    assert node.sub is not None
    parts = subscripts(node.sub)
    expected = [*thing.params, *thing.body.indices]
    if not len(thing.params) <= len(parts) <= len(expected) or len(parts) == 0:
        what = f"{len(parts)} subscripts where {len(thing.params)} to {len(expected)} can stand"
        raise Unreadable(node.at, written(node), what)
    partly = len(thing.params) < len(parts) < len(expected)
    if partly:
        advice = "name the entry with all its subscripts, or declare the rows as vectors"
        raise Unreadable(node.at, written(node), "a row or a column?", advice)
    values: dict[Index, Expr] = {
        param: index_in(part, param.space, here, node)
        for param, part in zip(expected, parts, strict=False)
    }
    entry = substitute(thing.body.entry, values)
    return Array(entry, () if len(parts) > len(thing.params) else thing.body.axes)
