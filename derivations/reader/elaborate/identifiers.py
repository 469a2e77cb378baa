"""Name resolution: identifiers, with and without subscripts, as the objects they are bound to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from functools import lru_cache

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.functions import ABS, RELU, SQRT
from derivations.language.traversal import Closed, abstracted, free_in, parts, with_members
from derivations.language.tree import (
    Apply,
    Call,
    Comparison,
    Definition,
    Entry,
    Identity,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    ListEntry,
    Member,
    Number,
    Offset,
    Pi,
    Reference,
    Row,
    Shape,
    Sum,
    Table,
    Term,
    Transpose,
    Variable,
    Zeros,
    vector_axis,
)
from derivations.reader.elaborate import applications
from derivations.reader.elaborate.applications import function_of, is_number_below
from derivations.reader.elaborate.constructors import (
    applied_to,
    dot,
    exponent_of,
    exponential,
    is_zero,
    power_of,
    powered,
    transposed,
)
from derivations.reader.elaborate.indexing import bound_of, comparison, member_in, with_bounds
from derivations.reader.elaborate.intermediates import applied
from derivations.reader.elaborate.matrices import by_entry, is_row, listed_row
from derivations.reader.elaborate.operators import Factors, unscripted
from derivations.reader.elaborate.probabilities import probability_here
from derivations.reader.elaborate.properties import inverse, ones
from derivations.reader.environment import (
    ENTRIES,
    PRIME,
    Environment,
    Function,
    IllFormed,
    Named,
    UnsizedIdentity,
    UnsizedOnes,
    beginning,
    fitted,
    ill_formed,
    is_numeral,
    is_tuple,
    is_unsized,
    is_with_number_pi,
    letter_of,
    letters_in,
    lowered,
    name_of,
    own_letters,
    plain,
    raised_name,
    require,
    resolve,
    shape_of,
    unknown,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    ENTRYWISE,
    EVALUATED,
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    subscripts,
    written,
)


def _value_of_drawn(letter: IndexVariable) -> Term:
    """The number that a drawn letter is where a number is wanted: any, for each of its members."""
    return Entry(Reference(_values(letter.space)), (letter,))


@lru_cache(maxsize=256)
def _values(space: IndexSet) -> Variable:
    return Variable((space, None), space.name, space.name)


PI = "\\pi"


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
    if node.kind == "INDICATOR":
        here.mention("a bold 1 is read as a vector of ones")
        return UnsizedOnes()
    raise Unreadable(node.at, written(node), "this cannot stand alone", _what_is_missing(node))


def _what_is_missing(node: Leaf) -> str:
    advice = {
        "FUNCTION": "give it an argument in parentheses",
        "SUM": "say what is summed",
        "PROD": "say what is multiplied",
        "EMPTY": "write what stands in each cell, zeros as well",
        "DOTS": "write out what the dots stand for, or use \\sum",
    }
    return advice.get(node.kind, "")


def named(node: Node, here: Environment) -> Term:
    """A name without subscripts."""
    name, scope = name_of(node), here.scope
    variable = scope.letter(name)
    if variable is not None:
        drawn = name in scope.drawn
        return _value_of_drawn(variable) if drawn else index_as_number(node, variable)
    function = applications.function_of(node, here)
    if isinstance(function, Function):
        return applications.bare(function, node, here)
    thing = scope.things.get(name)
    if name == PI and thing is not None and (thing.letters or thing.body.shape):
        thing = None if is_with_number_pi() else thing
    if thing is None:
        if name in ("I", "eye"):
            here.mention(f"{name} is read as the identity matrix")
            return UnsizedIdentity()
        if name == PI:
            here.mention("\\pi is read as the number 3.14...")
            return fitted(node, Pi)
        raise unknown(node, here)
    _question_face(thing, node, here)
    return _meant(thing, node, here)


def _question_face(thing: Named, node: Node, here: Environment) -> None:
    """An r beside a bold one, which is declared as a vector, may be its length; or a slip."""
    other = "PLAIN" if thing.body.shape else "BOLD"
    if isinstance(node, Leaf) and node.style == other:
        bold, plain = f"\\mathbf{{{node.text}}}", node.text
        one, two = (plain, bold) if other == "PLAIN" else (bold, plain)
        what = f"is {one} the {two} of this text, which is declared?"
        here.question(Question(node.at, node.text, what, "write one letter in one face"))


def _meant(thing: Named, node: Node, here: Environment) -> Term:
    """What a name without subscripts means."""
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
    if isinstance(node.base, Group) and node.base.bracket == EVALUATED:
        return _evaluated(node.base, node, here)
    base = node.base
    listed = node.sup is not None and node.sub is None and is_tuple(base)
    if listed and is_tuple(base) and _is_transpose(_only_above(node), here) and is_row(base, here):
        return transposed(listed_row(base, here), node)
    apart = _transpose_apart(node)
    if apart is not None:
        return transposed(atom(apart, here), node)
    primed = here.scope.letter(letter_of(node)) if node.primes else None
    if primed is not None:
        return index_as_number(node, primed)
    exact = _exactly(node, here)
    if exact is not None:
        return exact
    node = _lowered(node, here)
    without = Script(node.at, node.base, node.sub, None, node.primes)
    if node.primes and raised_name(node.base) + PRIME * node.primes in here.scope.things:
        value = subscripted(without, here) if node.sub else resolve(without, here)
        return superscripted(value, node, here)
    if node.primes:
        return _turned_by_prime(node, here)
    if node.sup is not None and _is_euler(node, here):
        return _exponential(_only(node.sup, node), node, here)
    if isinstance(node.base, Group) and node.base.bracket == r"\|":
        return _norm(node, here)
    if _is_inner_product(node):
        return superscripted(resolve(node.base, here), node, here)
    value = subscripted(without, here) if node.sub else resolve(node.base, here)
    if isinstance(value, Entry | Row) and _is_of_square(value.of) and _is_minus(node.sup):
        what = "an entry of the inverse, or one over an entry?"
        raise Unreadable(node.at, written(node), what, "write (A^{-1})_{ij}, or 1 / A_{ij}")
    return superscripted(value, node, here)


def _turned_by_prime(node: Script, here: Environment) -> Term:
    """``X'`` as the transpose, as statisticians write it: nothing else is called so.

    Who means another X, or a derivative, is asked; no line falls by it.
    """
    plain_ = node.primes == 1 and node.sub is None and node.sup is None
    if plain_ and name_of(node.base) not in here.scope.functions:
        value = resolve(node.base, here)
        if value.shape:
            here.note(f"{written(node)} is read as the transpose")
            what, advice = "is the prime that of a transpose?", "write ^\\top, or declare the name"
            here.question(Question(node.at, written(node), what, advice))
            return transposed(value, node)
    advice = "a prime is read behind a function with its argument: \\sigma'(x)"
    raise Unreadable(node.at, written(node), "a derivative of what?", advice)


def _is_inner_product(node: Script) -> bool:
    """Whether this is ``\\langle A, B \\rangle_F``, with a subscript that says nothing more."""
    inside = isinstance(node.base, Group) and node.base.bracket == "<"
    return inside and node.sub is not None and plain(node.sub) == "F"


def _is_of_square(term: Term) -> bool:
    """Whether a matrix has as many rows as columns."""
    return term.shape[:1] == term.shape[1:] != (None,) and bool(term.shape)


def _is_minus(above: Content | None) -> bool:
    only = above.only if above is not None else None
    return isinstance(only, Terms) and only.signs == ("-",)


def _exponential(raised: Node, node: Script, here: Environment) -> Term:
    """``e^x``, of each entry of a vector."""
    value = resolve(raised, here)
    if value.shape and vector_axis(value.shape) is None:
        what, advice = "of each entry, or of the matrix?", r"write \exp(...) for each entry"
        raise Unreadable(node.at, written(node), what, advice)
    if value.shape:
        here.mention(f"{written(node)} is read entry by entry")
    return exponential(value, node)


def _evaluated(inside: Group, node: Script, here: Environment) -> Term:
    """``\\left. ... \\right|_{x = a}``: the same where x is a."""
    relations = node.sub.items if node.sub else ()
    alone_ = node.sup is None and not node.primes
    if not relations or not alone_ or not all(map(_is_equality, relations)):
        raise evaluated_where(node)
    value = resolve(inside.content.items[0], here)
    puts: list[tuple[Reference, Term]] = []
    for relation in relations:
        assert isinstance(relation, Relation)
        at, put = (resolve(part, here) for part in relation.parts)
        put = Zeros(at.shape) if is_zero(put) and at.shape else put
        if not isinstance(at, Reference):
            raise Unreadable(relation.at, written(relation), "no variable is put in here")
        require(at.shape == put.shape, relation, shape_of(at), shape_of(put))
        puts.append((at, put))
    return evaluated_at(value, puts, node, here)


def evaluated_at(
    value: Term, puts: Sequence[tuple[Reference, Term]], node: Node, here: Environment
) -> Term:
    """A term with others put in for variables, all at once."""
    for at, put in puts:
        if any(at.variable in free_in(other).variables for _, other in puts if other is not put):
            raise Unreadable(node.at, written(node)[:40], "in which order are these put in?")
        value = _put_in(value, at, put, node, here)
    return value


def _is_equality(node: Node) -> bool:
    return isinstance(node, Relation) and node.signs == ("=",)


def evaluated_where(node: Node) -> Unreadable:
    """The error that nothing says where something is evaluated."""
    advice = "write \\left. ... \\right|_{x = a}"
    return Unreadable(node.at, written(node)[:40], "evaluated where?", advice)


def _put_in(value: Term, at: Reference, put: Term, node: Node, here: Environment) -> Term:
    try:
        found = abstracted(value, at, at.variable.name, at.variable.latex)
    except Closed:
        what = "a function taken entry by entry depends on what is put in"
        raise Unreadable(node.at, written(node)[:40], what) from None
    if found is None:
        return value
    return fitted(node, lambda: applied(*found, put, written(node), here.scope.names))


def _transpose_apart(node: Script) -> Script | None:
    """What is transposed in ``x^{(i)T}`` and ``w^{*\\top}``."""
    above = node.sup.only if node.sup else None
    if not isinstance(above, Product) or len(above.factors) != 2 or any(above.joins):
        return None
    first, last = above.factors
    mark = isinstance(first, Group) or (isinstance(first, Leaf) and first.kind == "MARK")
    if not mark or not isinstance(last, Leaf) or not (last.kind == "TOP" or last.text == "T"):
        return None
    return Script(node.at, node.base, node.sub, Content(first.at, (first,)), node.primes)


def _exactly(node: Script, here: Environment) -> Term | None:
    """What was declared by this very name, or by the name without its subscript: ``s^{-}_i``."""
    if node.sup is None and not node.primes:
        return None
    things, name = here.scope.things, raised_name(node)
    base = Script(node.at, node.base, None, node.sup, node.primes)
    if name not in things and (node.sup is None or raised_name(base) not in things):
        return None
    above = node.sup.only if node.sup else None
    if is_numeral(above) and here.scope.declares(raised_name(node.base)):
        what = "what is declared by this name, or a power?"
        raise Unreadable(node.at, written(node), what, "call one of the two otherwise")
    for item in node.sup.items if node.sup else ():
        for letter in here.scope.bound:
            if letter in letters_in(item):
                what = f"{letter} is bound here, and part of a name"
                raise Unreadable(node.at, written(node), what, "use another letter for the sum")
    if name not in things:
        return picked(things[raised_name(base)], node, here)
    return _meant(things[name], node, here)


def _lowered(node: Script, here: Environment) -> Script:
    """The same with an index that stands above the name of an array set below it."""
    found = lowered(node, here.scope)
    if found is not node:
        here.mention(f"{written(node)} is read as {written(found)}")
    assert isinstance(found, Script)
    return found


def _norm(node: Script, here: Environment) -> Term:
    """A norm with something below or above it; its square has no root."""
    assert isinstance(node.base, Group)
    above, inside = node.sup.only if node.sup else None, node.base.content.only
    if inside is None:
        raise Unreadable(node.at, written(node), "a norm of what?")
    if isinstance(above, Leaf) and above.text == "2" and not _is_of_one(node.sub):
        return _square(inside, node.sub, node, here)
    value = norm(inside, node.sub, node, here)
    return superscripted(value, Script(node.at, node.base, None, node.sup), here)


def norm(inside: Node, below: Content | None, node: Node, here: Environment) -> Term:
    """The norm of a vector: the root of its square, or the sum of its absolute values."""
    if not _is_of_one(below):
        square = _square(inside, below, node, here)
        return fitted(node, lambda: Apply(SQRT, square))
    value = resolve(inside, here)
    space = vector_axis(value.shape)
    if space is None:
        advice = "the sum of absolute values is read of a vector"
        raise Unreadable(node.at, written(node), "which norm is this?", advice)
    index = IndexVariable(space, "")
    return fitted(node, lambda: Sum(index, Apply(ABS, Entry(value, (index,)))))


def _is_of_one(below: Content | None) -> bool:
    return below is not None and plain(below) == "1"


def _square(inside: Node, below: Content | None, node: Node, here: Environment) -> Term:
    value = resolve(inside, here)
    kind = plain(below) if below is not None else ""
    matrix = bool(value.shape) and None not in value.shape
    if kind not in (("F",) if matrix else ("", "2")):
        advice = r"write \lVert A \rVert_F" if matrix else r"write \lVert v \rVert"
        raise Unreadable(node.at, written(node), "which norm is this?", advice)
    if matrix:
        return fitted(node, lambda: InnerProduct(value, value))
    return dot(value, value, node, here)


def superscripted(value: Term, node: Script, here: Environment) -> Term:
    """A term with what stands above it: a power or a transpose."""
    if not node.sup:
        return value
    above = _only(node.sup, node)
    if isinstance(above, Leaf) and (above.kind, above.text) == ("MARK", "*"):
        raise unknown(node, here)
    if _is_transpose(above, here, value.shape, of_number=not (value.shape or is_unsized(value))):
        return transposed(value, node)
    if (value.shape or is_unsized(value)) and _is_minus_transpose(above, here):
        return transposed(inverse(value, node, here), node)
    if isinstance(above, Group) and above.bracket == ENTRYWISE and above.content.only is not None:
        return power_of(value, exponent_of(above.content.only, here), node)
    if isinstance(above, Group):
        advice = "write a power without parentheses"
        raise Unreadable(above.at, written(above), "a power, or the number of something?", advice)
    return powered(value, above, node, here)


def _is_euler(node: Script, here: Environment) -> bool:
    """Whether this is a power of Euler's number: a vector named e has none with a variable."""
    above = node.sup.only if node.sup is not None else None
    if not isinstance(node.base, Leaf) or node.base.text != "e" or node.sub or above is None:
        return False
    named = here.scope.things.get("e")
    if named is None or here.scope.letter("e"):
        return here.scope.letter("e") is None
    if named.letters or not named.body.shape or _is_transpose(above, here, named.body.shape):
        return False
    try:
        varies = bool(free_in(resolve(above, here)).variables)
    except (IllFormed, Unreadable):
        return False
    if varies:
        here.mention(f"{written(node)} is read as an exponential, as no vector has such a power")
    return varies


def _is_transpose(
    node: Node, here: Environment, of: Shape = (), *, of_number: bool = False
) -> bool:
    """Whether this is the sign of a transpose, above what has the shape ``of``, or a number.

    A T that is declared is one where nothing could be raised to it: where it is no number itself,
    or above a vector, or a matrix that is not square.
    """
    if not isinstance(node, Leaf) or node.kind not in ("TOP", "LETTER", "WORD"):
        return False
    if node.kind == "TOP":
        return True
    thing = here.scope.things.get("T")
    declared = here.scope.letter("T") or thing is not None
    array = thing is not None and bool(thing.letters or thing.body.shape)
    if node.text == "T" and declared and of and (array or of[:1] != of[1:]):
        here.mention("T is read as the transpose above what cannot be raised to it")
    elif node.text == "T" and declared and not of and not array and of_number:
        here.mention("T above a number is read as its power")
        return False
    elif node.text == "T" and declared:
        advice = r"write ^\top for the transpose"
        raise Unreadable(node.at, "T", "T is declared: a power or a transpose?", advice)
    return node.text == "T"


def _is_minus_transpose(node: Node, here: Environment) -> bool:
    """``-T`` or ``-\\top`` above a matrix: the transpose of its inverse."""
    return isinstance(node, Terms) and node.signs == ("-",) and _is_transpose(node.parts[0], here)


def _only_above(node: Script) -> Node:
    assert node.sup is not None
    return _only(node.sup, node)


def _only(content: Content, node: Script) -> Node:
    if content.only is None:
        raise Unreadable(node.at, written(node), "more than one thing above a name")
    return content.only


def subscripted(node: Script, here: Environment) -> Term:
    """A name, or something in brackets, with a subscript."""
    assert node.sub is not None
    exact = here.scope.things.get(raised_name(node))
    if exact is not None:
        return _meant(exact, node, here)
    function = applications.function_of(node, here)
    if isinstance(function, Function):
        return applications.bare(function, node, here)
    array = by_entry(node, here) if ENTRIES.may_begin(beginning(node)) else None
    if array is not None:
        return array
    if isinstance(node.base, Group):
        below = node.sub.only
        if isinstance(below, Leaf) and (below.kind, below.text) == ("MARK", "+"):
            here.mention(f"{written(node)} is read as the positive part, zero below zero")
            return applied_to(RELU, resolve(node.base, here), node, here)
        return picked(Named((), resolve(node.base, here)), node, here)
    base = raised_name(node.base) + PRIME * node.primes
    thing = _with_subscripts(base, node, here)
    if thing is not None:
        _require_no_label(base, node, here)
        return picked(thing, node, here)
    if base in here.scope.lists:
        raise ill_formed(node, "a label", "a number")
    if base == "\\delta":
        return _kronecker(node, here)
    return _standard(node, base, here)


def _with_subscripts(base: str, node: Script, here: Environment) -> Named | None:
    """What a name with something below it means: a member of its family, or an entry of it alone.

    Where both are declared, the set of the first subscript says which.
    """
    one, family = here.scope.things.get(base), here.scope.families.get(base)
    if one is None or family is None or not one.body.shape:
        return family or one
    assert node.sub is not None
    letter = here.scope.letter(letter_of(subscripts(node.sub)[0]))
    own = [each.space for each in family.letters] or [*family.body.shape]
    mine = letter is not None and letter.space == own[0]
    if letter is None or mine == (letter.space in one.body.shape):
        what = f"a member of the family {base}, or an entry of {base} alone?"
        raise Unreadable(node.at, written(node), what, "call one of the two otherwise")
    return family if mine else one


def _require_no_label(base: str, node: Script, here: Environment) -> None:
    """Refuse ``L_\\delta`` of a number ``\\delta``: no member, and nothing says what it is."""
    assert node.sub is not None
    for each in node.sub.items:
        if is_number_below(each, here.scope):
            what = f"is this a member of {base}, or a name of its own?"
            advice = f"{written(each)} is declared and no index; declare {written(node)}"
            raise Unreadable(node.at, written(node), what, advice)


def _standard(node: Script, base: str, here: Environment) -> Term:
    """What nobody declares: ``I_n``, ``1_n``, ``0_n``, and the unit vector ``e_i``."""
    assert node.sub is not None
    inner = node.sub.only
    letter = here.scope.letter(letter_of(inner)) if inner is not None else None
    if base == "e" and letter is not None:
        here.mention(f"{written(node)} is read as a unit vector")
        what = f"is {written(node)} a unit vector, or something that is not declared?"
        here.question(Question(node.at, written(node), what, "declare it"))
        place = IndexVariable(letter.space, "")
        entry = Indicator((Comparison(place, letter),))
        return fitted(node, lambda: Table((place, None), entry))
    if base not in ("I", "1", "0") or inner is None:
        raise unknown(node, here)
    try:
        spaces = with_bounds(Number(Fraction(1)), bound_of(inner, here), here)
    except (IllFormed, Unreadable):
        raise unknown(node, here) from None
    if len(spaces) != 1:
        what = "which index set does it run over?" if spaces else "no index set ends there"
        raise Unreadable(node.at, written(node), what, "declare one, as 1..N")
    (space,) = spaces
    made = {"I": Identity(space), "1": ones(space), "0": Zeros((space, None))}
    return fitted(node, lambda: made[base])


def _kronecker(node: Script, here: Environment) -> Term:
    assert node.sub is not None
    parts = subscripts(node.sub)
    if len(parts) != 2:
        raise unknown(node, here)
    here.note(f"{written(node)} is read as Kronecker's delta")
    relation = Relation(node.at, tuple(parts), ("=",))
    return fitted(node, lambda: Indicator((comparison(relation, here),)))


def _is_colon(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "MARK" and node.text in (":", "\\cdot", "*")


def _slice(thing: Named, parts: list[Node], node: Node, here: Environment) -> Term:
    """``A_{i,:}``, ``A_{i \\cdot}`` and ``A_{i*}`` as the row, ``A_{:,j}`` as the column."""
    colons = [_is_colon(part) for part in parts]
    body = thing.body
    space = body.shape[int(colons[0])] if body.shape else None
    if thing.letters or None in body.shape or space is None or sorted(colons) != [False, True]:
        advice = "rows and columns of a matrix are, as A_{i,:} and A_{:,j}"
        raise Unreadable(node.at, written(node), "this slice is not read", advice)
    member = member_in(parts[colons.index(False)], space, here, node)
    here.mention(f"{written(node)} is read as a {'column' if colons[0] else 'row'}")
    if colons[0]:
        return fitted(node, lambda: Row(Transpose(body), member))
    return fitted(node, lambda: Transpose(Row(body, member)))


def _unconditional(sub: Content, here: Environment) -> Content:
    """A subscript without what the sum around has for a condition: ``u_{i; i \\ne k}``."""
    said = [item for item in sub.items[1:] if isinstance(item, Relation)]
    for relation in said:
        holds = comparison(relation, here)
        turned = Comparison(holds.right, holds.left, holds.negated)
        if holds not in here.holding and turned not in here.holding:
            return sub  # whoever takes it apart refuses it
        here.note(f"the condition {written(relation)} in a subscript is that of the sum around it")
    if not said:
        return sub
    kept = tuple(item for item in sub.items if item not in said)
    return Content(sub.at, kept, sub.separators[: len(kept) - 1])


def picked(thing: Named, node: Script, here: Environment) -> Term:
    """The member of a family, or the entry of a vector or matrix, that the subscripts name."""
    assert node.sub is not None
    parts = subscripts(_unconditional(node.sub, here))
    if any(map(_is_colon, parts)):
        return _slice(thing, parts, node, here)
    axes = [axis for axis in thing.body.shape if axis is not None]
    spaces = [*(letter.space for letter in thing.letters), *axes]
    least = len(thing.letters)
    if len(axes) == len(spaces) == 2:
        parts = _digits_apart(parts, spaces, node, here)
    if not least <= len(parts) <= len(spaces) or len(parts) == 0:
        what = f"{len(parts)} subscripts where {least} to {len(spaces)} can stand"
        advice = "write as many, or declare the name with what stands below it"
        raise Unreadable(node.at, written(node), what, advice)
    if least < len(parts) < len(spaces):
        advice = "name the entry with all its subscripts, or declare the rows as vectors"
        raise Unreadable(node.at, written(node), "a row or a column?", advice)
    members = [_member(part, space, here, node) for part, space in zip(parts, spaces, strict=False)]
    implicit = [letter for letter in free_in(thing.body).indices if letter not in thing.letters]
    letters = own_letters(implicit, node, here) if isinstance(node.base, Leaf | Accented) else {}
    body = with_members(thing.body, letters | dict(zip(thing.letters, members, strict=False)))
    if len(parts) == least:
        return fitted(node, lambda: body)
    return fitted(node, lambda: _entry(body, tuple(members[least:])))


def _member(node: Node, space: IndexSet, here: Environment, whole: Node) -> Member:
    """The letter that a subscript is, of the very set; or whatever else names a member of it."""
    letter = here.scope.letter(letter_of(node))
    if letter is not None and letter.space == space:
        return letter
    return member_in(node, space, here, whole)


def _digits_apart(
    parts: list[Node], spaces: Sequence[IndexSet], node: Node, here: Environment
) -> list[Node]:
    """Row and column for ``A_{12}``: of a matrix, a number by itself names neither."""
    match parts:
        case [Leaf(at, "NUMBER", digits)] if len(digits) == 2 and digits.isdigit():
            if not all(isinstance(each.upper, Integer) for each in spaces):
                here.mention(f"{written(node)} is read as row {digits[0]}, column {digits[1]}")
            return [Leaf(at, "NUMBER", digit) for digit in digits]
    return parts


def _entry(of: Term, members: tuple[Member, ...]) -> Term:
    """The entry that subscripts name, in the order in which they are written."""
    return Entry(of, members)


def without_own_argument(rest: Factors, by: Node | None, here: Environment) -> Node | None:
    """``J`` for ``J(u)`` in ``\\nabla_u J(u)``, where J was defined without arguments."""
    if len(rest.nodes) != 2 or not rest.adjacent or not isinstance(rest.nodes[1], Group):
        return None
    name, group = rest.nodes[0], rest.nodes[1]
    if group.bracket != "(" or group.content.only != by or function_of(name, here) is not None:
        return None
    if probability_here(name, group, here) is not None:
        return None
    if not isinstance(name, Leaf | Script | Accented) or not isinstance(atom(name, here), Call):
        return None
    here.note(f"{written(rest.node)} is read as {written(name)}, which was defined so")
    return name


def is_at_its_own(value: Term, following: Node, here: Environment) -> bool:
    """Whether ``s(x)`` can be nothing but s, which was defined by means of x.

    A list in brackets is no factor, and neither is a column beside a column.
    """
    group = unscripted(following)
    if not isinstance(group, Group) or group.bracket != "(" or not isinstance(value, Call):
        return False
    if value.definition.parameters and any(isinstance(a, Term) for a in value.arguments):
        return False
    items, free, used = group.content.items, free_in(value), _definitions_used(value)
    labels: set[IndexVariable] = set()
    given: list[Term] = []
    try:
        for item in items:
            letter = here.scope.letter(letter_of(item))
            if letter is None:
                given.append(resolve(item, here))
            else:
                labels.add(letter)
    except (IllFormed, Unreadable):
        return False
    rows = {each.member for each in given if isinstance(each, Row)}
    if labels and labels != {letter for letter in free.indices if letter not in rows}:
        return False
    if len(items) == 1 and not (given and _both_columns(value, given[0])):
        return False
    if _is_bracketed_name(following, here):
        return False
    return bool(items) and all(_mentions(value, each, free.variables, used) for each in given)


def _is_bracketed_name(following: Node, here: Environment) -> bool:
    """Whether this is ``(a^{[1]})^T``: a factor, whose brackets are there for the sake of ^T."""
    group = unscripted(following)
    item = group.content.only if isinstance(group, Group) else None
    if not isinstance(following, Script) or not isinstance(item, Script):
        return False
    above = following.sup.only if following.sup else None
    transpose = isinstance(above, Leaf) and (above.kind == "TOP" or above.text == "T")
    raised = item.sup is not None or item.primes > 0
    return transpose and raised and raised_name(item) in here.scope.things


def _both_columns(left: Term, right: Term) -> bool:
    return left.shape[1:] == (None,) and right.shape[1:] == (None,)


def _mentions(
    value: Term, on: Term, variables: Collection[Variable], definitions: Collection[object]
) -> bool:
    """Whether a term mentions this variable, this very row of one, or this definition."""
    match on:
        case Reference(variable) | Transpose(of=Reference(variable)):
            return variable in variables
        case Row(of=Reference()):
            try:
                return abstracted(value, on, "row", "row") is not None
            except Closed:
                return False
        case Call(definition):
            return definition in definitions
    return False


def _definitions_used(term: Term) -> set[object]:
    """The definitions that a term depends on, through others as well."""
    found: set[object] = set()
    waiting = [term]
    while waiting:
        for definition in _definitions(waiting.pop()) - found:
            found.add(definition)
            assert isinstance(definition, Definition)
            waiting.append(definition.body)
    return found


def require_no_application(node: Node, value: Term, following: Node, here: Environment) -> None:
    """Refuse ``f(x)`` where f was defined without arguments, and could be meant as a function.

    That is where the bracket holds a list, a single name or number, or names a letter that f
    depends on; a bracket that mentions f itself, as in ``h (1 - h)``, holds a factor.
    """
    group = following.base if isinstance(following, Script) else following
    plain = isinstance(group, Group) and group.bracket == "("
    if not plain or not isinstance(value, Call) or value.definition.parameters:
        return
    if value.shape and _is_bracketed_name(following, here):
        return
    assert isinstance(group, Group)
    content = group.content
    if any(isinstance(item, Relation) for item in content.items):
        return  # a condition at the end of a side
    single = isinstance(content.only, Leaf | Accented | Script) or content.only is None
    if not single:
        try:
            inside = resolve(content.only, here) if content.only is not None else value
        except (IllFormed, Unreadable):
            return
        if value.definition in _definitions(inside):
            return
        depends = free_in(value)
        single = any(
            variable in depends.variables or variable in depends.indices
            for variable in _mentioned(inside)
        )
    if single:
        name = written(node)
        what = f"is {name}(...) a product, or {name} at something?"
        advice = f"write {name} \\cdot (...), or define {name} with its argument"
        raise Unreadable(node.at, f"{name}{written(group)}", what, advice)


def _mentioned(value: object) -> Iterator[object]:
    """The variables that a term mentions itself, not through a definition."""
    if isinstance(value, Variable | IndexVariable):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _mentioned(each)
    elif isinstance(value, Term | ListEntry | Offset | Comparison):
        for each in fields(value):
            yield from _mentioned(getattr(value, each.name))


def _definitions(term: Term) -> set[object]:
    own = {term.definition} if isinstance(term, Call) else set()
    return own.union(*map(_definitions, parts(term)))
