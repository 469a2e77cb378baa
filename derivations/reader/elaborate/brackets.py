"""Sums of terms, fractions and brackets."""

from __future__ import annotations

from derivations.language.functions import ABS, SQRT
from derivations.language.traversal import free_in
from derivations.language.tree import Negative, Term
from derivations.reader.elaborate import constructors, derivatives
from derivations.reader.elaborate.applications import derivative_of_bare
from derivations.reader.elaborate.constructors import applied_to
from derivations.reader.elaborate.constructs import is_dots, is_list
from derivations.reader.elaborate.environment import (
    Environment,
    fitted,
    is_reaching,
    resolve,
)
from derivations.reader.elaborate.functions_of_arrays import determinant
from derivations.reader.elaborate.identifiers import PI, evaluated_where, norm
from derivations.reader.elaborate.indexing import (
    how_many,
    size_term,
    space_named,
    subset_named,
)
from derivations.reader.elaborate.intermediates import differentiated_of
from derivations.reader.elaborate.matrices import (
    dotted,
    is_block,
)
from derivations.reader.elaborate.operators import is_sum, open_sums, with_reaching_sums
from derivations.reader.elaborate.piecewise import indicator
from derivations.reader.elaborate.probabilities import of_count
from derivations.reader.latex_commands import VOCABULARY
from derivations.reader.scope import name_of
from derivations.reader.source import HowFar, Unreadable
from derivations.reader.syntax import (
    EVALUATED,
    FACTORIAL,
    SQUARE_ROOT,
    Content,
    Fraction,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Terms,
    written,
)


@resolve.register
def _terms(node: Terms, here: Environment) -> Term:
    node = _with_signed_summands(node, here)
    if is_reaching():
        node = with_reaching_sums(node, here)
    run = dotted(node, here) if any(map(is_dots, node.parts)) else None
    parts = []
    open_letters: dict[str, str] = {}
    for number, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        if run is not None and run.start < number < run.end:
            continue
        value = run.value if run is not None and number == run.start else resolve(part, here)
        _ask_how_far(open_letters, value, part, here)
        if any(map(is_sum, part.factors if isinstance(part, Product) else (part,))):
            open_letters |= {letter.latex: letter.name for letter in open_sums(value)}
        parts.append(Negative(value, at=value.at) if sign == "-" else value)
    return parts[0] if len(parts) == 1 else constructors.plus(parts, node, here)


def _ask_how_far(sums: dict[str, str], value: Term, part: Node, here: Environment) -> None:
    """``\\sum_i y_i + z_i``: whoever has i behind the sum may mean the sum to reach so far."""
    for letter in free_in(value).indices:
        if letter.latex in sums:
            what = f"does the sum over {sums[letter.latex]} reach as far as here?"
            advice = r"write \sum [ ... ] over both, or another letter in one"
            asked = HowFar(part.at, written(part), what, advice)
            asked.letter = letter.latex
            here.question(asked)


def _with_signed_summands(node: Terms, here: Environment) -> Terms:
    """``\\sum_i -x_i`` as the sum of ``(-x_i)``: the minus stands where its operand begins."""
    signs: list[str] = []
    parts: list[Node] = []
    for sign, part in zip(node.signs, node.parts, strict=True):
        before = parts[-1] if parts else None
        factors = before.factors if isinstance(before, Product) else (before,)
        last = factors[-1]
        if sign != "-" or last is None or before is None or not is_sum(last):
            signs.append(sign)
            parts.append(part)
            continue
        inside = Group(part.at, "(", Content(part.at, (Terms(part.at, ("-",), (part,)),)))
        joins = before.joins if isinstance(before, Product) else ()
        kept = tuple(each for each in factors if each is not None)
        parts[-1] = Product(before.at, (*kept, inside), (*joins, ""))
        here.note(f"{written(last)} is read to reach over -{written(part)}")
    return Terms(node.at, tuple(signs), tuple(parts)) if len(parts) < len(node.parts) else node


@resolve.register
def _fraction(node: Fraction, here: Environment) -> Term:
    found = derivatives.quotient(node, here)
    if found is not None:
        inside, by = found
        bare = derivative_of_bare(inside, by, node, here)
        if bare is not None:
            return bare
        value = differentiated_of(inside, here)
        return derivatives.differentiated(value, by, node, here, inside)
    if derivatives.operator(node, here) is not None:
        raise Unreadable(node.at, written(node), "of what?", "its operand is missing")
    return constructors.over(resolve(node.over, here), resolve(node.under, here), node, here)


@resolve.register
def _group(node: Group, here: Environment) -> Term:
    inside = node.content.only
    if node.bracket == "<":
        return _inner(node, here)
    if is_list(node):
        what = "a row or a column?"
        raise Unreadable(node.at, written(node), what, "write (..)^T for a column, or a matrix")
    if inside is None and is_block(node, here):
        what, advice = "vectors below one another", "write products block by block: W_h h + W_x x"
        raise Unreadable(node.at, written(node), what, advice)
    if inside is None:
        what, advice = "a list where one thing is expected", "define a function with its arguments"
        raise Unreadable(node.at, written(node), what, advice)
    if node.bracket == "|":
        subset = subset_named(inside, here)
        if subset is not None:
            return how_many(subset)
        return _between_bars(inside, node, here)
    if node.bracket == r"\|":
        return norm(inside, None, node, here)
    if node.bracket == FACTORIAL:
        return of_count(node, here)
    if node.bracket == SQUARE_ROOT:
        value = resolve(inside, here)
        if value.shape and None not in value.shape:
            advice = "write the root of each entry"
            raise Unreadable(node.at, written(node), "the root of a matrix", advice)
        return applied_to(SQRT, value, node, here)
    if node.bracket == EVALUATED:
        raise evaluated_where(node)
    if isinstance(inside, Relation):
        return _bracketed(node, here)
    return resolve(inside, here)


def _between_bars(inside: Node, node: Group, here: Environment) -> Term:
    """The size of a set, or the absolute value of a number."""
    name = name_of(inside)
    if name in VOCABULARY and name in here.scope.things and name not in here.scope.sets:
        what, advice = "a determinant, or a size?", "write the size by its name"
        raise Unreadable(node.at, written(node), what, advice)
    braces = isinstance(inside, Group) and inside.bracket in ("[", r"\{")
    unknown = isinstance(inside, Leaf) and inside.kind in ("LETTER", "WORD")
    unknown = unknown and not here.scope.declares(name) and name != PI
    if braces or unknown or name in VOCABULARY or name in here.scope.sets:
        size = size_term(space_named(inside, here).size)
        return fitted(node, lambda: size)
    value = resolve(inside, here)
    if value.shape and value.shape[0] == value.shape[1]:
        here.mention(f"{written(node)} is read as a determinant")
        return determinant(value, node, here)
    if value.shape:
        what, advice = "a norm, a determinant, or a size?", r"write \lVert v \rVert for a norm"
        raise Unreadable(node.at, written(node), what, advice)
    return applied_to(ABS, value, node, here)


def _bracketed(node: Group, here: Environment) -> Term:
    """``[w = o]``, Iverson's bracket; a condition in parentheses stands at the end of a side."""
    if node.bracket != "[":
        advice = "a condition stands at the end of a side; an indicator is [w = o]"
        raise Unreadable(node.at, written(node), "a relation where a number is expected", advice)
    here.note(f"{written(node)} is read as one where it holds, else zero")
    return indicator(node.content, here)


def _inner(node: Group, here: Environment) -> Term:
    if len(node.content.items) != 2:
        raise Unreadable(node.at, written(node), "an inner product takes two vectors")
    left, right = (resolve(item, here) for item in node.content.items)
    return constructors.inner(left, right, node, here)
