"""Resolution of names, with and without subscripts, to the objects they are bound to."""

from __future__ import annotations

from fractions import Fraction

from derivations.language.free import free_in
from derivations.language.rewrite import with_members
from derivations.language.tree import Entry, IndexNumber, IndexVariable, Indicator, Number, Term
from derivations.reader.elaborate import applications
from derivations.reader.elaborate.arithmetic import (
    UnsizedIdentity,
    dot,
    exponent_of,
    power_of,
    powered,
    transposed,
)
from derivations.reader.elaborate.environment import (
    Environment,
    fitted,
    ill_formed,
    own_letters,
    require,
    resolve,
    scalar,
    unknown,
)
from derivations.reader.elaborate.indexing import comparison, member_in, subscripts
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function, Named
from derivations.reader.syntax import (
    ENTRYWISE,
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Relation,
    Script,
)
from derivations.reader.written import written


def atom(node: Node, here: Environment) -> Term:
    """The term of one factor that is no sign and no application."""
    if isinstance(node, Leaf):
        return _leaf(node, here)
    if isinstance(node, Accented):
        return named(node, here)
    return _script(node, here) if isinstance(node, Script) else resolve(node, here)


def _leaf(node: Leaf, here: Environment) -> Term:
    if node.kind == "NUMBER":
        return fitted(node, lambda: Number(Fraction(node.text)))
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


def named(node: Node, here: Environment) -> Term:
    """A name without subscripts."""
    name, scope = name_of(node), here.scope
    variable = scope.letter(name)
    if variable is not None:
        return index_as_number(node, variable)
    function = applications.function_of(node, here)
    if isinstance(function, Function):
        return applications.bare(function, node, here)
    thing = scope.things.get(name)
    if thing is None:
        if name == "I":
            here.mention("I is read as the identity matrix")
            return UnsizedIdentity()
        raise unknown(node, here)
    if thing.letters:
        needed = ", ".join(letter.name for letter in thing.letters)
        raise Unreadable(node.at, written(node), "a subscript is missing", f"it takes {needed}")
    letters = own_letters(free_in(thing.body).indices, node, here)
    return fitted(node, lambda: with_members(thing.body, letters))


def index_as_number(node: Node, variable: IndexVariable) -> Term:
    """An index of a range of numbers; labels are no numbers."""
    require(not variable.space.labels, node, f"a member of {variable.space.name}", "a number")
    return fitted(node, lambda: IndexNumber(variable))


def _script(node: Script, here: Environment) -> Term:
    without = Script(node.at, node.base, node.sub)
    primed = here.scope.letter(letter_of(node)) if node.primes else None
    if primed is not None:
        return index_as_number(node, primed)
    if node.primes:
        advice = "a prime is read behind a function with its argument: \\sigma'(x)"
        raise Unreadable(node.at, written(node), "a derivative of what?", advice)
    if isinstance(node.base, Leaf) and _is_euler(node.base, here) and node.sup and not node.sub:
        raised = _only(node.sup, node)
        return applications.exponential(scalar(raised, here, "an exponent"), node)
    if isinstance(node.base, Group) and node.base.bracket == r"\|":
        return _norm(node, here)
    value = subscripted(without, here) if node.sub else resolve(node.base, here)
    return superscripted(value, node, here)


def _norm(node: Script, here: Environment) -> Term:
    """A norm is read squared, which needs no root."""
    assert isinstance(node.base, Group)
    above = node.sup.only if node.sup else None
    inside = node.base.content.only
    two = node.sub is None or name_of(node).endswith("_{2}")
    if inside is None or not isinstance(above, Leaf) or above.text != "2" or not two:
        advice = r"write \lVert v \rVert^2"
        raise Unreadable(node.at, written(node), "only squares of norms are read", advice)
    value = resolve(inside, here)
    return dot(value, value, node, here)


def superscripted(value: Term, node: Script, here: Environment) -> Term:
    """A term with what stands above it: a power or a transpose."""
    if not node.sup:
        return value
    above = _only(node.sup, node)
    if _is_transpose(above, here):
        return transposed(value, node)
    if isinstance(above, Group) and above.bracket == ENTRYWISE and above.content.only is not None:
        return power_of(value, exponent_of(above.content.only, here), node)
    if isinstance(above, Group):
        advice = "write a power without parentheses"
        raise Unreadable(above.at, written(above), "a power, or the number of something?", advice)
    return powered(value, above, node, here)


def _is_euler(node: Leaf, here: Environment) -> bool:
    scope = here.scope
    return node.text == "e" and not (scope.letter("e") or "e" in scope.things)


def _is_transpose(node: Node, here: Environment) -> bool:
    if not isinstance(node, Leaf) or node.kind not in ("TOP", "LETTER", "WORD"):
        return False
    if node.kind == "TOP":
        return True
    declared = here.scope.letter("T") or "T" in here.scope.things
    if node.text == "T" and declared:
        advice = r"write ^\top for the transpose"
        raise Unreadable(node.at, "T", "T is declared: a power or a transpose?", advice)
    return node.text == "T"


def _only(content: Content, node: Script) -> Node:
    if content.only is None:
        raise Unreadable(node.at, written(node), "more than one thing above a name")
    return content.only


def subscripted(node: Script, here: Environment) -> Term:
    """A name, or something in brackets, with a subscript."""
    assert node.sub is not None
    exact = here.scope.things.get(name_of(node))
    if exact is not None:
        letters = own_letters(free_in(exact.body).indices, node, here)
        return fitted(node, lambda: with_members(exact.body, letters))
    function = applications.function_of(node, here)
    if isinstance(function, Function):
        return applications.bare(function, node, here)
    if isinstance(node.base, Group):
        return picked(Named((), resolve(node.base, here)), node, here)
    base = name_of(node.base)
    thing = here.scope.things.get(base)
    if thing is not None:
        return picked(thing, node, here)
    if base in here.scope.lists:
        raise ill_formed(node, "a label", "a number")
    if base == "\\delta":
        return _kronecker(node, here)
    raise unknown(node, here)


def _kronecker(node: Script, here: Environment) -> Term:
    assert node.sub is not None
    parts = subscripts(node.sub)
    if len(parts) != 2:
        raise unknown(node, here)
    here.note(f"{written(node)} is read as Kronecker's delta")
    relation = Relation(node.at, tuple(parts), ("=",))
    return fitted(node, lambda: Indicator((comparison(relation, here),)))


def picked(thing: Named, node: Script, here: Environment) -> Term:
    """The member of a family, or the entry of a vector or matrix, that the subscripts name."""
    assert node.sub is not None
    parts = subscripts(node.sub)
    axes = [axis for axis in thing.body.shape if axis is not None]
    spaces = [*(letter.space for letter in thing.letters), *axes]
    least = len(thing.letters)
    if not least <= len(parts) <= len(spaces) or len(parts) == 0:
        what = f"{len(parts)} subscripts where {least} to {len(spaces)} can stand"
        raise Unreadable(node.at, written(node), what)
    if least < len(parts) < len(spaces):
        advice = "name the entry with all its subscripts, or declare the rows as vectors"
        raise Unreadable(node.at, written(node), "a row or a column?", advice)
    members = [
        member_in(part, space, here, node) for part, space in zip(parts, spaces, strict=False)
    ]
    implicit = [letter for letter in free_in(thing.body).indices if letter not in thing.letters]
    letters = own_letters(implicit, node, here) if isinstance(node.base, Leaf | Accented) else {}
    body = with_members(thing.body, letters | dict(zip(thing.letters, members, strict=False)))
    if len(parts) == least:
        return fitted(node, lambda: body)
    return fitted(node, lambda: Entry(body, tuple(members[least:])))
