"""Block matrices and arrays written cell by cell: patterns with dots, diagonals, block products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.index_form import size_expression
from derivations.language.traversal import same
from derivations.language.tree import (
    Comparison,
    Entry,
    IndexVariable,
    Indicator,
    Number,
    Numbered,
    Plus,
    Rows,
    Shape,
    Sum,
    Table,
    Term,
    Times,
    Transpose,
    Zeros,
    vector_axis,
)
from derivations.reader.elaborate import constructors
from derivations.reader.elaborate.indexing import said
from derivations.reader.environment import (
    Environment,
    IllFormed,
    fitted,
    ill_formed,
    is_dots,
    is_list,
    letter_of,
    name_of,
    plain_name,
    resolve,
    shape_of,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Matrix,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    inner,
    subscripts,
    written,
)

_PLACE = "□"  # the letter of the general instance
MOST_WRITTEN = 6  # rows or columns of an array whose entries are all written
MOST_SHOWN = 3  # instances before the dots
T = TypeVar("T")


@dataclass(frozen=True)
class Pattern:
    """The general instance, the number of the first one, and what stands for it in the last one."""

    instance: Node
    last: Node
    first: int = 1


def pattern(shown: Sequence[Node], last: Node, whole: Node, place: str = _PLACE) -> Pattern:
    """What instances have in common: ``f(1), f(2), ..., f(N)``; Unreadable where it is nothing."""
    found: list[tuple[Leaf, Node]] = []
    instance = _common(shown[0], last, found, place)
    if not isinstance(instance, Node) or not found or any(other != found[0] for other in found):
        advice = "show entries that differ in one number alone: f(1), f(2), ..., f(N)"
        what = "the first and the last entry do not agree"
        raise Unreadable(whole.at, written(whole), what, advice)
    first, end = found[0]
    for number, given in enumerate(shown, start=int(first.text)):
        if _filled(instance, Leaf(given.at, "NUMBER", str(number)), place) != given:
            what, advice = "this entry does not agree with the first", "number them one by one"
            raise Unreadable(given.at, written(given), what, advice)
    return Pattern(instance, end, int(first.text))


def _common(first: object, last: object, found: list[tuple[Leaf, Node]], place: str) -> object:
    """The tree of both, with the place where the first and the last number stand left open."""
    if first == last:
        return first
    if isinstance(first, Leaf) and first.kind == "NUMBER" and first.text.isdigit():
        if not isinstance(last, Node):
            return None
        found.append((first, last))
        return Leaf(first.at, "LETTER", place)
    if type(first) is not type(last):
        return None
    if isinstance(first, tuple) and isinstance(last, tuple):
        parts = [_common(a, b, found, place) for a, b in zip(first, last, strict=False)]
        return tuple(parts) if len(first) == len(last) and None not in parts else None
    if not isinstance(first, Node):
        return None
    values = {}
    for each in fields(first):
        if each.name != "at":
            mine, other = getattr(first, each.name), getattr(last, each.name)
            values[each.name] = _common(mine, other, found, place)
            if values[each.name] is None and mine is not None:
                return None
    return replace(first, **values)  # type: ignore[arg-type]  # each of the kind it was


def _filled(node: T, by: Leaf, place: str = _PLACE) -> T:
    """The general instance at a number or a letter."""
    if isinstance(node, Leaf):
        return by if node.text == place else node  # type: ignore[return-value]
    if isinstance(node, tuple):
        return tuple(_filled(part, by, place) for part in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    values = {each.name: _filled(getattr(node, each.name), by, place) for each in fields(node)}
    return replace(node, **values)


def _space_of(found: Pattern, here: Environment, whole: Node) -> IndexSet:
    """The one index set that the instances run over."""
    begin = [s for s in here.scope.spaces() if s.lower == Integer(found.first)]
    spaces = _spaces(found, here) if begin else []
    if len(spaces) == 1:
        return spaces[0]
    run = f"from {found.first} to {written(found.last)}"
    what = f"which index set runs {run}?" if spaces else f"no index set runs {run}"
    known = ", ".join(map(said, here.scope.spaces()))
    raise Unreadable(whole.at, written(found.last), what, f"declared are {known}")


def _spaces(found: Pattern, here: Environment) -> list[IndexSet]:
    size, first = size_expression(resolve(found.last, here)), Integer(found.first)
    return [s for s in here.scope.spaces() if (s.lower, s.upper) == (first, size)]


@dataclass(frozen=True)
class Dotted:
    """The terms from ``start`` to before ``end``, and the sum that dots make of them."""

    start: int
    end: int
    value: Term


def dotted(node: Terms, here: Environment) -> Dotted:
    """``y_1 + \\cdots + y_N`` as the sum over 1..N, with a note.

    Raises Unreadable where what is shown has no pattern, or does not end where a range does.
    """
    at = [number for number, part in enumerate(node.parts) if is_dots(part)]
    first, end = at[0], at[-1] + 2
    if first == 0 or end > len(node.parts):
        what, advice = "what do the dots go on to?", "write its first terms, \\cdots, and its last"
        raise Unreadable(node.parts[first].at, "...", what, advice)
    found, start = _shown(node, first, end)
    if len({*node.signs[start:end]}) > 1:
        what = "terms of different signs, with dots"
        raise Unreadable(node.at, written(node), what, r"use \sum")
    value, space = _summed(found, here, node)
    for number in range(first + 1, end - 1):
        part = node.parts[number]
        if not is_dots(part) and not _is_instance(part, found.instance, space, here):
            what = "this term is no instance of what the dots leave out"
            raise Unreadable(part.at, written(part), what, r"use \sum")
    here.mention(f"{_shortly(node, start, end)} is read as the sum over {said(space)}")
    return Dotted(start, end, value)


def _shortly(node: Terms, start: int, end: int) -> str:
    return written(Terms(node.at, node.signs[start:end], node.parts[start:end]))


def _shown(node: Terms, dots: int, end: int) -> tuple[Pattern, int]:
    """The pattern, and where its first instance stands: as far before the dots as there is one."""
    problem: Unreadable | None = None
    for count in range(min(dots, MOST_SHOWN), 0, -1):
        try:
            return pattern(node.parts[dots - count : dots], node.parts[end - 1], node), dots - count
        except Unreadable as error:
            problem = error  # of the one right before the dots, at last
    assert problem is not None
    advice = r"show the first terms and the last one of one pattern, or use \sum"
    raise Unreadable(problem.place, problem.token, problem.what, advice)


def _summed(found: Pattern, here: Environment, node: Node) -> tuple[Term, IndexSet]:
    """The sum, over the index set that makes sense of it."""
    try:
        spaces = _spaces(found, here)
    except IllFormed:
        spaces = []
    labels = _labels(found, here) if not spaces else None
    if labels is not None:
        what = f"does the sum go over all of {said(labels)}? a label is no end"
        here.question(Question(found.last.at, written(found.last), what, r"use \sum"))
        spaces = [labels]
    results: list[tuple[Term, IndexSet]] = []
    problems: list[IllFormed | Unreadable] = []
    for space in spaces:
        variable = IndexVariable(space, "")
        try:
            body = resolve(found.instance, here.under(node, _PLACE, variable))
        except (IllFormed, Unreadable) as error:
            problems.append(error)
            continue
        results.append((replace(Sum(variable, body), at=(node.at.line, node.at.column)), space))
    if len(results) == 1:
        return results[0]
    if problems and not results:
        raise problems[0]
    last = written(found.last)
    what = "which index set do the dots run over?" if results else f"no range ends at {last}"
    advice = r"use \sum, or end where a declared range ends, as in 1..N"
    raise Unreadable(found.last.at, last, what, advice)


def _labels(found: Pattern, here: Environment) -> IndexSet | None:
    """The set of labels that the last instance is one of: they have no order to end in."""
    letter = here.scope.letter(letter_of(found.last))
    return letter.space if letter is not None and letter.space.labels else None


def _is_instance(node: Node, instance: Node, space: IndexSet, here: Environment) -> bool:
    """Whether a term in between is the instance at some letter of the range."""
    letters = [name for name, each in here.scope.letters.items() if each.space == space]
    return any(_filled(instance, Leaf(node.at, "LETTER", name)) == node for name in letters)


_ROW = "■"  # the letter of the general row, as PLACE is that of the general column
_BY_ENTRY = "write its entries by a declared letter, as in y_w = \\mathbb{1}_{w = o}"


@resolve.register
def _matrix(node: Matrix, here: Environment) -> Term:
    literal = listed_entries(node.rows, node, here)
    if literal is not None:
        return literal
    one_row = len(node.rows) == 1
    if not one_row and any(len(row) != 1 for row in node.rows):
        return _grid(node, here)
    cells = node.rows[0] if one_row else tuple(row[0] for row in node.rows)
    if len(cells) == 1 and not is_dots(cells[0]):
        return resolve(cells[0], here)
    return _laid(cells, node, here, one_row=one_row)


def listed_entries(rows: Sequence[Sequence[Node]], node: Node, here: Environment) -> Term | None:
    """The array whose entries are all written; None where one of them is no number."""
    down, across = len(rows), len(rows[0])
    if down * across == 1 or max(down, across) > MOST_WRITTEN:
        return None
    if any(len(row) != across or any(map(is_dots, row)) for row in rows):
        return None
    if any(not _is_empty(cell) and _shape_of(cell, here) for row in rows for cell in row):
        return None
    if any(_is_empty(cell) for row in rows for cell in row):
        what, advice = "is a cell with nothing in it zero?", "write what stands in each cell"
        here.note(f"cells of {written(node)} with nothing in them are read as zero")
        here.question(Question(node.at, written(node)[:40], what, advice))
    zero = Number(Fraction(0))
    cells = [[zero if _is_empty(c) else resolve(c, here) for c in row] for row in rows]
    return array_of(cells, node, here)


def array_of(rows: Sequence[Sequence[Term]], node: Node, here: Environment) -> Term:
    """The array with these numbers, over 1..m and 1..n.

    An entry is the sum of what is written, each times one at its own place and zero elsewhere.
    """
    axes = tuple(_axis(count, node, here) for count in (len(rows), len(rows[0])))
    entries: list[Term] = []
    for number, row in enumerate(rows, start=1):
        for other, value in enumerate(row, start=1):
            places = zip(axes, (Numbered(number), Numbered(other)), strict=True)
            at = tuple(Comparison(axis, place) for axis, place in places if axis is not None)
            if not constructors.is_zero(value):
                entries.append(Times(Indicator(at), value))
    row_, column = axes
    if not entries:
        down, across = (None if axis is None else axis.space for axis in axes)
        return fitted(node, lambda: Zeros((down, across)))
    body = entries[0] if len(entries) == 1 else Plus(tuple(entries))
    return fitted(node, lambda: Table((row_, column), body))


def _axis(count: int, node: Node, here: Environment) -> IndexVariable | None:
    """A letter for a number of rows or columns; for a single one, none."""
    if count == 1:
        return None
    same = [s for s in here.scope.spaces() if (s.lower, s.upper) == (1, count)]
    space = same[0] if len(same) == 1 else IndexSet(f"1..{count}", Integer(1), Integer(count))
    symbolic = any(not isinstance(s.upper, Integer) for s in here.scope.spaces())
    if len(same) != 1 and symbolic:
        what, advice = f"is a declared size {count} here?", f"declare it so, as in R^{count}"
        question = Question(node.at, written(node)[:40], what, advice)
        question.unless_it_fits = True
        here.question(question)
    return IndexVariable(space, "")


def _laid(cells: Sequence[Node], node: Node, here: Environment, *, one_row: bool) -> Term:
    """Cells side by side, or on top of each other."""
    family = _family(cells, node)
    space = _space_of(family, here, node)
    _require_instances(cells, family, space, here)
    variable = IndexVariable(space, "")
    body = resolve(family.instance, here.under(node, _PLACE, variable))
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


def _family(cells: Sequence[Node], node: Node, place: str = _PLACE) -> Pattern:
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
    cells: Sequence[Node], family: Pattern, space: IndexSet, here: Environment
) -> None:
    """Refuse a cell between dots that is none of the family: ``x_1, ..., x_i, ..., x_n``."""
    first = next(i for i, cell in enumerate(cells) if is_dots(cell))
    for cell in cells[first:-1]:
        if not is_dots(cell) and not _is_instance(cell, family.instance, space, here):
            what = "this cell is no instance of what the dots leave out"
            raise Unreadable(cell.at, written(cell), what, _BY_ENTRY)


def is_block(node: Group, here: Environment) -> bool:
    """Whether vectors or matrices stand in brackets: ``[h; x]``, ``[h_{t-1}, x_t]``."""
    if {*node.content.separators} == {";"}:
        return True
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        return any(bool(resolve(each, quietly).shape) for each in node.content.items)
    except (IllFormed, Unreadable):
        return False


def is_row(node: Group, here: Environment) -> bool:
    """Whether brackets hold a list with dots, or numbers alone."""
    return is_list(node) or all(_shape_of(each, here) == () for each in node.content.items)


def listed_row(node: Group, here: Environment) -> Term:
    """A list as a row, or as a matrix by its columns."""
    literal = listed_entries([node.content.items], node, here)
    if literal is not None:
        return literal
    return _laid(node.content.items, node, here, one_row=True)


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
    row = IndexVariable(_space_of(family, here, node), "")
    column = IndexVariable(_space_of(columns[0], here, node), "")
    inside = here.under(node, _ROW, row).under(node, _PLACE, column)
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
    space = _space_of(family, here, node)
    _require_instances(cells, family, space, here)
    row, column = IndexVariable(space, ""), IndexVariable(space, "")
    entry = resolve(family.instance, here.under(node, _PLACE, row))
    if entry.shape:
        raise ill_formed(node, f"cells of shape {shape_of(entry)}", "numbers of a diagonal")
    return _with_diagonal(row, column, entry, node)


def _with_diagonal(row: IndexVariable, column: IndexVariable, entry: Term, node: Node) -> Term:
    there = Indicator((Comparison(row, column),))
    return fitted(node, lambda: Table((row, column), Times(there, entry)))


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
        if _is_subscripted_name(inside):
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


def _is_subscripted_name(node: Node) -> bool:
    """Whether this is a name with its subscripts, whose order is that of rows and columns."""
    return isinstance(node, Script) and isinstance(node.base, Leaf) and node.sub is not None


def _ends(sub: Content) -> tuple[Node, Node] | None:
    """The sizes in ``n \\times m``."""
    only = sub.only
    if isinstance(only, Product) and only.joins == (r"\times",):
        return only.factors[0], only.factors[1]
    return None


# Products of matrices and vectors in blocks: ``[A \; B] [x; h]`` is ``A x + B h``.
#
# An entry of a product is a sum over the inner index. Where that runs over several ranges, one
# for each block, it is the sum of the sums over these: block by block as if blocks were numbers,
# in their order (Horn and Johnson, Matrix Analysis, section 0.7.1). Read is what comes down to
# one block.


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
        return _blocks_of([(each,) for each in node.content.items], node, here)
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
        return _blocks_of((items,), node, here)
    if not isinstance(inside, Product) or any(inside.joins):
        return None
    return _blocks_of((inside.factors,), node, here)


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
            return _blocks_of([(each,) for each in content.items], node, here)
        case Matrix(rows=rows):
            return _blocks_of(rows, node, here)
    return _named(node, here)


def _blocks_of(rows: Sequence[Sequence[Node]], node: Node, here: Environment) -> Blocks | None:
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
    return tuple(tuple(constructors.transposed(each, node) for each in row) for row in columns)


def _times(left: Blocks, right: Blocks, whole: Node, here: Environment) -> Blocks:
    columns = list(zip(*right, strict=True))
    inner = [_sides(each.shape)[1] for each in left[0]]
    if inner != [_sides(row[0].shape)[0] for row in right]:
        what = "blocks that do not fit one another"
        raise Unreadable(whole.at, written(whole)[:40], what, ADVICE)

    def cell(row: Sequence[Term], column: Sequence[Term]) -> Term:
        pairs = zip(row, column, strict=True)
        products = [constructors.times(one, other, whole, here) for one, other in pairs]
        return constructors.plus(products, whole, here) if len(products) > 1 else products[0]

    return tuple(tuple(cell(row, column) for column in columns) for row in left)
