"""Products of matrices and vectors in blocks: ``[A \\; B] [x; h]`` is ``A x + B h``.

An entry of a product is a sum over the inner index. Where that runs over several ranges, one for
each block, it is the sum of the sums over these: block by block as if blocks were numbers, in their
order (Horn and Johnson, Matrix Analysis, section 0.7.1). Read is what comes down to one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from derivations.indices import IndexSet
from derivations.language.tree import Shape, Term
from derivations.reader.elaborate import arithmetic
from derivations.reader.elaborate.dots import is_dots
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Accented, Content, Group, Leaf, Matrix, Node, Product, Script
from derivations.reader.written import written

Blocks = tuple[tuple[Term, ...], ...]  # of one matrix, in rows
ADVICE = "write products block by block: W_h h + W_x x"


def product_of_blocks(
    factors: Sequence[Node], whole: Node, here: Environment
) -> tuple[Term, int, int] | None:
    """The product of the first factors that are written in blocks, and where they stand.

    None where no two of these stand side by side. Raises Unreadable where the blocks do not fit one
    another, or come down to no single one.
    """
    runs = [_blocks_at(number, factors, here) for number in range(len(factors))]
    start = next((n for n, (a, b) in enumerate(pairwise(runs)) if a and b), None)
    if start is None:
        return None
    end = next((n for n in range(start, len(runs)) if runs[n] is None), len(runs))
    found, *others = [each for each in runs[start:end] if each is not None]
    for each in others:
        found = _times(found, each, whole, here)
    ((only, *more), *below) = found
    if more or below:
        raise _refused(whole)
    return only, start, end


def _blocks_at(number: int, factors: Sequence[Node], here: Environment) -> Blocks | None:
    behind = factors[number + 1] if number + 1 < len(factors) else None
    before = factors[number - 1] if number else None
    node = factors[number]
    column = isinstance(node, Group) and _is_stacked(node)
    if column and before is not None and _named(before, here):
        assert isinstance(node, Group)  # what a matrix with blocks stands before is no matrix
        return _grid([(each,) for each in node.content.items], node, here)
    return _blocks(node, here) or (_beside(node, here) if _is_stacked(behind) else None)


def _named(node: Node, here: Environment) -> Blocks | None:
    """The blocks that a matrix is declared with, or those of its transpose."""
    if isinstance(node, Script) and node.sup is not None:
        found = here.scope.in_blocks.get(name_of(Script(node.at, node.base, node.sub)))
        turned = found is not None and not node.primes and _is_transpose(node.sup)
        return _transposed(found, node) if found is not None and turned else None
    plain = isinstance(node, Leaf | Script | Accented)
    return here.scope.in_blocks.get(name_of(node)) if plain else None


def _is_transpose(above: Content) -> bool:
    sign = above.only
    return isinstance(sign, Leaf) and (sign.kind == "TOP" or sign.text == "T")


def _refused(node: Node) -> Unreadable:
    what = "blocks that do not come down to one"
    return Unreadable(node.at, written(node)[:40], what, ADVICE)


def _is_stacked(node: Node | None) -> bool:
    """Whether arrays stand below one another here: ``[x; h]``, or ``[x, h]`` as many write."""
    if isinstance(node, Group):
        return len({*node.content.separators} & {";", ","}) == 1 and node.bracket in ("[", "(")
    return isinstance(node, Matrix) and len(node.rows) > 1


def _beside(node: Node, here: Environment) -> Blocks | None:
    """``[A \\; B]`` in front of what has blocks below one another: a row of blocks."""
    if not isinstance(node, Group) or node.bracket != "[":
        return None
    inside, items = node.content.only, node.content.items
    if {*node.content.separators} == {","}:
        return _grid((items,), node, here)
    if not isinstance(inside, Product) or any(inside.joins):
        return None
    return _grid((inside.factors,), node, here)


def _blocks(node: Node, here: Environment) -> Blocks | None:
    """The blocks of a matrix that is written in them, or of its transpose."""
    match node:
        case Script(base=Group() | Matrix(), sub=None, sup=above) if above is not None:
            turned = _is_transpose(above) and not node.primes
            found = _blocks(node.base, here) if turned else None
            return None if found is None else _transposed(found, node)
        case Group(content=content) if _is_stacked(node):
            if "," in content.separators and not _fit_below_alone(content.items, here):
                return None
            return _grid([(each,) for each in content.items], node, here)
        case Matrix(rows=rows):
            return _grid(rows, node, here)
    return _named(node, here)


def _grid(rows: Sequence[Sequence[Node]], node: Node, here: Environment) -> Blocks | None:
    """Cells as blocks; None where they are all numbers, or dots stand among them."""
    if len({len(row) for row in rows}) != 1 or any(is_dots(each) for row in rows for each in row):
        return None
    sides = [[_shape_of(each, here) for each in row] for row in rows]
    if all(shape in (None, ()) for row in sides for shape in row):
        return None
    if any(shape is None for row in sides for shape in row):
        return None
    filled = [[_sides(shape or ()) for shape in row] for row in sides]
    tall = all(len({down for down, _ in row}) == 1 for row in filled)
    wide = all(len({across for _, across in column}) == 1 for column in zip(*filled, strict=True))
    if not (tall and wide):
        what = "blocks that do not fit beside one another"
        raise Unreadable(node.at, written(node)[:40], what, ADVICE)
    return tuple(tuple(resolve(each, here) for each in row) for row in rows)


def _shape_of(node: Node, here: Environment) -> Shape | None:
    """The shape of a cell; None of one that cannot be read."""
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        return resolve(node, quietly).shape
    except (IllFormed, Unreadable):
        return None


def _fit_below_alone(items: Sequence[Node], here: Environment) -> bool:
    """Whether columns and numbers are of different lengths: beside one another they fit in none."""
    shapes = [_shape_of(each, here) for each in items]
    sides = [_sides(shape) for shape in shapes if shape is not None]
    columns = len(sides) == len(shapes) and all(across is None for _, across in sides)
    return columns and len({down for down, _ in sides}) > 1


def _sides(shape: Shape) -> tuple[IndexSet | None, IndexSet | None]:
    """What rows and columns go over; a number is one of each."""
    match shape:
        case (down, across):
            return down, across
    return None, None


def _transposed(blocks: Blocks, node: Node) -> Blocks:
    columns = zip(*blocks, strict=True)
    return tuple(tuple(arithmetic.transposed(each, node) for each in row) for row in columns)


def _times(left: Blocks, right: Blocks, whole: Node, here: Environment) -> Blocks:
    columns = list(zip(*right, strict=True))
    inner = [_sides(each.shape)[1] for each in left[0]]
    if inner != [_sides(row[0].shape)[0] for row in right]:
        what = "blocks that do not fit one another"
        raise Unreadable(whole.at, written(whole)[:40], what, ADVICE)

    def cell(row: Sequence[Term], column: Sequence[Term]) -> Term:
        pairs = zip(row, column, strict=True)
        products = [arithmetic.times(one, other, whole, here) for one, other in pairs]
        return arithmetic.plus(products, whole, here) if len(products) > 1 else products[0]

    return tuple(tuple(cell(row, column) for column in columns) for row in left)
