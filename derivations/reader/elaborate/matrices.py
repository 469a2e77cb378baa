"""Arrays written cell by cell with dots, by their entry, or by their diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar

from derivations.indices import IndexSet
from derivations.language.traversal import same
from derivations.language.tree import (
    Comparison,
    Entry,
    IndexVariable,
    Indicator,
    Rows,
    Table,
    Term,
    Times,
    Transpose,
    vector_axis,
)
from derivations.reader.elaborate.dots import (
    MOST_SHOWN,
    PLACE,
    Pattern,
    is_dots,
    is_instance,
    pattern,
    space_of,
)
from derivations.reader.elaborate.environment import (
    Environment,
    IllFormed,
    fitted,
    ill_formed,
    resolve,
    shape_of,
)
from derivations.reader.elaborate.indexing import size_expression, subscripts
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Matrix,
    Node,
    Product,
    Relation,
    Script,
    inner,
)
from derivations.reader.unicode import plain_name
from derivations.reader.written import written

T = TypeVar("T")
_ROW = "■"  # the letter of the general row, as PLACE is that of the general column
_BY_ENTRY = "write its entries by a declared letter, as in y_w = \\mathbb{1}_{w = o}"


@resolve.register
def _matrix(node: Matrix, here: Environment) -> Term:
    one_row = len(node.rows) == 1
    if not one_row and any(len(row) != 1 for row in node.rows):
        return _grid(node, here)
    cells = node.rows[0] if one_row else tuple(row[0] for row in node.rows)
    if len(cells) == 1 and not is_dots(cells[0]):
        return resolve(cells[0], here)
    return _laid(cells, node, here, one_row=one_row)


def _laid(cells: Sequence[Node], node: Node, here: Environment, *, one_row: bool) -> Term:
    """Cells side by side, or on top of each other."""
    family = _family(cells, node)
    space = space_of(family, here, node)
    _require_instances(cells, family, space, node, here)
    variable = IndexVariable(space, "")
    body = resolve(family.instance, here.under(node, PLACE, variable))
    if not body.shape:
        axes = (None, variable) if one_row else (variable, None)
        return fitted(node, lambda: Table(axes, body))
    row, column = body.shape
    if one_row and column is None:
        return fitted(node, lambda: Rows(variable, body, as_columns=True))
    if not one_row and row is None:
        return fitted(node, lambda: Rows(variable, Transpose(body)))
    cells_ = f"cells of shape {shape_of(body)}"
    raise ill_formed(node, cells_, "side by side" if one_row else "stacked")


def _family(cells: Sequence[Node], node: Node, place: str = PLACE) -> Pattern:
    """What the cells have in common: ``f(1), f(2), ..., f(N)``."""
    at = [i for i, cell in enumerate(cells) if is_dots(cell)]
    numbers = [cell.text for cell in cells if isinstance(cell, Leaf) and cell.kind == "NUMBER"]
    if at and len(at) + len(numbers) == len(cells) and sorted({*numbers}) == ["0", "1"]:
        raise Unreadable(node.at, written(node), "where does the 1 stand?", _BY_ENTRY)
    if not at or at[-1] != len(cells) - 2 or not 1 <= at[0] <= MOST_SHOWN:
        advice = "write its first entries, \\dots, and its last"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    return pattern(cells[: at[0]], cells[-1], node, place)


def _require_instances(
    cells: Sequence[Node], family: Pattern, space: IndexSet, node: Node, here: Environment
) -> None:
    """Refuse a cell between dots that is none of the family: ``x_1, ..., x_i, ..., x_n``."""
    first = next(i for i, cell in enumerate(cells) if is_dots(cell))
    for cell in cells[first:-1]:
        if not is_dots(cell) and not is_instance(cell, family.instance, space, here):
            what = "this cell is no instance of what the dots leave out"
            raise Unreadable(cell.at, written(cell), what, _BY_ENTRY)


# Lists -------------------------------------------------------------------------------------------


def is_block(node: Group, here: Environment) -> bool:
    """Whether vectors or matrices stand in brackets: ``[h; x]``, ``[h_{t-1}, x_t]``."""
    if {*node.content.separators} == {";"}:
        return True
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        return any(bool(resolve(each, quietly).shape) for each in node.content.items)
    except (IllFormed, Unreadable):
        return False


def is_list(node: Node) -> bool:
    """Whether this is ``[x_1, ..., x_n]``, or the same in parentheses."""
    if not isinstance(node, Group) or node.bracket not in ("(", "["):
        return False
    content = node.content
    return {*content.separators} == {","} and any(map(is_dots, content.items))


def listed_row(node: Group, here: Environment) -> Term:
    """A list as a row, or as a matrix by its columns."""
    return _laid(node.content.items, node, here, one_row=True)


# Rows and columns with dots ----------------------------------------------------------------------


def _grid(node: Matrix, here: Environment) -> Term:
    """A matrix whose last but one row and column are dots, a diagonal one or a full one."""
    rows = node.rows
    width = len(rows[0])
    shown = [*range(len(rows) - 2), len(rows) - 1]
    across = [*range(width - 2), width - 1]
    if (
        any(len(row) != width for row in rows)
        or min(len(rows), width) < 3
        or not all(map(_is_left_out, rows[-2]))
        or not any(map(is_dots, rows[-2]))
        or not all(_is_left_out(rows[i][-2]) for i in shown)
        or any(is_dots(rows[i][j]) for i in shown for j in across)
    ):
        advice = "write its first rows and columns, dots, and its last; or its entries"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    if len(rows) == width and all(_is_zero(rows[i][j]) for i in shown for j in across if i != j):
        diagonal = [rows[i][i] for i in range(width - 2)]
        dots = next(cell for cell in rows[-2] if is_dots(cell))
        return _diagonal([*diagonal, dots, rows[-1][-1]], node, here)
    columns = [_family([_apart(cell) for cell in rows[i]], node) for i in shown]
    if any((each.last, each.first) != (columns[0].last, columns[0].first) for each in columns):
        what, advice = "these rows do not end alike", "end each with the same number"
        raise Unreadable(node.at, written(node), what, advice)
    instances = [each.instance for each in columns]
    family = pattern(instances[:-1], instances[-1], node, _ROW)
    row = IndexVariable(space_of(family, here, node), "")
    column = IndexVariable(space_of(columns[0], here, node), "")
    inside = here.under(node, _ROW, row).under(node, PLACE, column)
    body = resolve(family.instance, inside)
    return fitted(node, lambda: Table((row, column), body))


def _apart(node: T) -> T:
    """Two digits below a name are two subscripts, as in ``a_{11}, ..., a_{1n}``."""
    if isinstance(node, tuple):
        return tuple(map(_apart, node))  # type: ignore[return-value]
    if not isinstance(node, Node):
        return node
    if isinstance(node, Script) and node.sub is not None:
        only, items = node.sub.only, node.sub.items
        if isinstance(only, Leaf) and only.kind == "NUMBER" and len(only.text) == 2:
            items = tuple(Leaf(only.at, "NUMBER", digit) for digit in only.text)
        elif isinstance(only, Product) and not any(only.joins):
            items = only.factors
        sub = Content(node.sub.at, items, (",",) * (len(items) - 1))
        return replace(node, sub=sub)
    values = {each.name: _apart(getattr(node, each.name)) for each in fields(node)}
    return replace(node, **values)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "EMPTY"


def _is_left_out(node: Node) -> bool:
    return is_dots(node) or _is_empty(node)


def _is_zero(node: Node) -> bool:
    """Whether a cell beside a diagonal is zero; one that is empty is."""
    return _is_empty(node) or (isinstance(node, Leaf) and (node.kind, node.text) == ("NUMBER", "0"))


# Diagonal matrices -------------------------------------------------------------------------------


def diagonal(content: Content, node: Node, here: Environment) -> Term:
    """``\\operatorname{diag}(v)``, ``diag(x_1, ..., x_n)``, and the diagonal of a matrix."""
    if content.only is None:
        return _diagonal(content.items, node, here)
    value = resolve(content.only, here)
    space = vector_axis(value.shape)
    if space is not None:
        row, column = IndexVariable(space, ""), IndexVariable(space, "")
        entry = fitted(node, lambda: Entry(value, (row,)))
        return _with_diagonal(row, column, entry, node)
    if value.shape and value.shape[0] is not None and value.shape[0] == value.shape[1]:
        row = IndexVariable(value.shape[0], "")
        here.note(f"{written(node)} is read as the vector of the diagonal entries")
        return fitted(node, lambda: Table((row, None), Entry(value, (row, row))))
    raise ill_formed(node, f"shape {shape_of(value)}", "diag, which takes a vector")


def _diagonal(cells: Sequence[Node], node: Node, here: Environment) -> Term:
    """The diagonal matrix of what is listed with dots."""
    family = _family(cells, node)
    space = space_of(family, here, node)
    _require_instances(cells, family, space, node, here)
    row, column = IndexVariable(space, ""), IndexVariable(space, "")
    entry = resolve(family.instance, here.under(node, PLACE, row))
    if entry.shape:
        raise ill_formed(node, f"cells of shape {shape_of(entry)}", "numbers of a diagonal")
    return _with_diagonal(row, column, entry, node)


def _with_diagonal(row: IndexVariable, column: IndexVariable, entry: Term, node: Node) -> Term:
    there = Indicator((Comparison(row, column),))
    return fitted(node, lambda: Table((row, column), Times(there, entry)))


# Arrays by their entry ---------------------------------------------------------------------------


def by_entry(node: Script, here: Environment) -> Term | None:
    """``[a_{ij}]_{n \\times m}`` and ``(a_{ij})_{i,j}``; None for the entry of an array.

    Its letters are bound, as that of a sum is: with sizes they run over these, whatever they were
    declared for.
    """
    base = node.base
    if not isinstance(base, Group) or base.bracket not in ("(", "[") or node.sub is None:
        return None
    inside = base.content.only
    if inside is None or node.primes:
        return None
    ends = _ends(node.sub)
    used = [each for each in _letters_below(inside) if each not in here.scope.bound]
    if ends is not None:
        return _of_sizes(inside, used, ends, node, here)
    own = [letter_of(part) for part in subscripts(node.sub)]
    declared = [here.scope.letters.get(name) for name in own]
    letters = [each for each in declared if each is not None]
    if not set(own) <= set(used) or len(letters) < len(own):
        return None
    spaces = {name: each.space for name, each in zip(own, letters, strict=True)}
    try:
        return _bound(inside, spaces, node, here)
    except IllFormed:
        what = "these letters run over other sets than they were declared for"
        advice = "use letters of the sets that are meant"
        raise Unreadable(node.at, written(node), what, advice) from None


def _bound(inside: Node, spaces: dict[str, IndexSet], node: Node, here: Environment) -> Term | None:
    """The array of what stands inside, by the letters of its rows and columns.

    None where that is an array itself: then this is an entry of it.
    """
    axes: list[IndexVariable] = []
    for name, space in spaces.items():
        axes.append(IndexVariable(space, plain_name(name), name))
        here = here.under(node, name, axes[-1])
    asked: list[Question] = []
    body = resolve(inside, replace(here, questions=asked))
    here.questions.extend(each for each in asked if not each.apart)
    if body.shape:
        return None
    if not 1 <= len(axes) <= 2:
        what = "an array of rows, columns, and what else?"
        raise Unreadable(node.at, written(node), what, "write one or two letters below")
    row, column = axes if len(axes) == 2 else (axes[0], None)
    return fitted(node, lambda: Table((row, column), body))


def _letters_below(node: Node) -> list[str]:
    """The letters below names, in the order in which they stand there."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        conditions = (
            isinstance(part, Script)
            and part.sub
            and any(isinstance(item, Relation) for item in part.sub.items)
        )
        if isinstance(part, Script) and part.sub is not None and not conditions:
            found += (letter_of(each) for each in subscripts(part.sub))
        waiting += reversed(list(inner(part)))
    return list(dict.fromkeys(each for each in found if each))


def _of_sizes(
    inside: Node, used: list[str], ends: tuple[Node, Node], node: Node, here: Environment
) -> Term:
    """The array of these sizes; of i and j, where both can be the row, i is."""
    letters = used if len(used) == 2 else [each for each in used if each in ("i", "j")]
    if len(letters) != 2:
        what, advice = "an array of what entries?", "write (a_{ij})_{i,j}, with declared letters"
        raise Unreadable(node.at, written(node), what, advice)
    spaces = [_of_size(end, node, here) for end in ends]
    found: dict[str, Term] = {}
    for first, second in (letters, letters[::-1]):
        try:
            made = _bound(inside, {first: spaces[0], second: spaces[1]}, node, here)
        except IllFormed:
            made = None
        if made is not None:
            found[first] = made
        if _is_name(inside):
            break  # whose subscripts are in order
    if not found:
        what = "no two letters in it run over these sizes"
        raise Unreadable(node.at, written(node), what, "write (a_{ij})_{i,j}")
    terms = list(found.values())
    if len(terms) == 1 or same(terms[0], terms[1]):
        return terms[0]
    row = min(found)
    said = f"is {row} the row of {written(node)}?"
    here.note(f"{row} is read as the row of {written(node)}")
    here.question(Question(node.at, written(node), said, f"write ({written(inside)})_{{i,j}}"))
    return found[row]


def _of_size(end: Node, node: Node, here: Environment) -> IndexSet:
    """The one declared index set of a size."""
    size = size_expression(resolve(end, here))
    found = [each for each in here.scope.spaces() if (each.lower, each.upper) == (1, size)]
    if len(found) != 1:
        what = "which index set has this size?" if found else "no index set has this size"
        raise Unreadable(node.at, written(end), what, "declare one, as in index i in 1..n")
    return found[0]


def _is_name(node: Node) -> bool:
    """Whether this is a name with its subscripts, whose order is that of rows and columns."""
    return isinstance(node, Script) and isinstance(node.base, Leaf) and node.sub is not None


def _ends(sub: Content) -> tuple[Node, Node] | None:
    """The sizes in ``n \\times m``."""
    only = sub.only
    if isinstance(only, Product) and only.joins == (r"\times",):
        return only.factors[0], only.factors[1]
    return None
