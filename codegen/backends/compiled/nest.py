"""Loop nests from steps: loops over the axes of each, and the entry of a node that they compute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import S, Symbol

from codegen.array_language import (
    AllOf,
    Applied,
    Column,
    Compared,
    Contraction,
    Copied,
    Diagonal,
    Guarded,
    Indicator,
    Leader,
    Length,
    LoweringError,
    MatrixProduct,
    Name,
    Negative,
    Node,
    Number,
    Picked,
    Places,
    Power,
    Product,
    Program,
    Repeated,
    Replaced,
    RowSums,
    RowTerm,
    Spread,
    Step,
    Summed,
    SummedWithout,
    Taken,
    Terms,
    Turned,
    View,
)
from codegen.backends.compiled.loop_groups import (
    Group,
    grouped,
    is_large_product,
    overwritten,
    rowwise,
)
from codegen.backends.compiled.loops import (
    Call,
    Choice,
    Do,
    Entry,
    Increase,
    Kind,
    List,
    Loop,
    Make,
    Seen,
    Set,
    Size,
    Statement,
)
from codegen.compiler import unused
from codegen.docstrings import meaning
from codegen.kernel import Argument, Kernel
from derivations.indices import Index, IndexSet


class Sizes:
    """Each letter's variable, and the argument and place that it is read from."""

    def __init__(self, kernel: Kernel, taken: Collection[str]) -> None:
        self.arguments = kernel.arguments
        self.variables: dict[str, str] = {}
        self.read: dict[str, tuple[str, int]] = {}
        self.inhabited: list[str] = []
        used = set(taken)
        # matrices first: their lengths are what the others are compared with
        for one in sorted(kernel.arguments, key=lambda one: (one.is_integer, -len(one.axes))):
            for place, (axis, letter) in enumerate(zip(one.axes, one.letters, strict=True)):
                if letter not in self.variables:
                    name = unused(letter, used)
                    used.add(name)
                    self.variables[letter] = name
                    self.read[name] = (one.name, place)
                if axis.space.inhabited and one.left_out is None:
                    self.inhabited.append(self.variables[letter])
        self.inhabited = list(dict.fromkeys(self.inhabited))

    @property
    def names(self) -> set[str]:
        """The variables."""
        return set(self.read)

    def of(self, argument: str, place: int) -> Node:
        """The length of an argument's axis."""
        one = next(each for each in self.arguments if each.name == argument)
        return Size(self.variables[one.letters[place]])

    def along(self, axis: Index) -> Node:
        """The length of an axis."""
        return Size(self._of_space(axis.space))

    def words(self, node: Node, known: Collection[str]) -> Node:
        """How many words there are that those of an argument are of."""
        if not isinstance(node, Name) or node.name not in known:
            raise LoweringError(f"the words of {node} are no argument")
        return Size(self.many(next(one for one in self.arguments if one.name == node.name)))

    def many(self, argument: Argument) -> str:
        """The variable that the words of an argument are below."""
        held = argument.stands_for
        space = held.space if isinstance(held, Symbol) else held.base.space
        return self._of_space(space)

    def _of_space(self, space: IndexSet) -> str:
        for one in self.arguments:
            for axis, letter in zip(one.axes, one.letters, strict=True):
                if axis.space == space:
                    return self.variables[letter]
        raise LoweringError(f"no argument has an axis of {space.name}s")


# where each axis is; None is all along it
At = Mapping[Index, Node | None]


class Entries:
    """The entries of nodes whose names are arrays, or lookups written out where they are read.

    ``inlined`` are those by name; of the arrays in ``rowwise`` the loop over pairs holds one row
    at a time, so that they have no first axis; ``size`` says how long an axis is.
    """

    def __init__(self, size: Callable[[str, int], Node]) -> None:
        self.inlined: dict[str, tuple[tuple[Index, ...], Node]] = {}
        self.rowwise: set[str] = set()
        self.size = size

    def entry(self, node: Node, at: At) -> Node:
        """The entry, as a node without axes; a row or more where a place is left open."""
        if isinstance(node, Number):
            return node
        if isinstance(node, Length):
            return Call("number", (self.size(node.of, node.place),))
        if isinstance(node, Name):
            return self._named(node, at)
        if isinstance(node, Places):
            place = at[node.axes[0]]
            if node.first or place is None:
                raise LoweringError(f"no loop counts {node}")
            return place
        if isinstance(node, Diagonal | Turned | Repeated | Copied | Spread | Column):
            return self.entry(node.of, at)
        if isinstance(node, Taken):
            return self.entry(node.of, {**at, node.of.axes[node.place]: self.entry(node.word, at)})
        if isinstance(node, Picked):
            return self.entry(node.of, {**at, node.of.axes[-1]: self.entry(node.word, at)})
        return self._computed(node, at)

    def _named(self, node: Name, at: At) -> Node:
        places = tuple(at[axis] for axis in node.axes)
        if node.name in self.inlined:
            axes, value = self.inlined[node.name]
            return self.entry(value, dict(zip(axes, places, strict=True)))
        if node.name in self.rowwise:
            places = places[1:]
        return Entry(node.name, places) if places else Name(node.name)

    def _computed(self, node: Node, at: At) -> Node:
        def of(part: Node) -> Node:
            return self.entry(part, at)

        if isinstance(node, Terms):
            return Terms(tuple(map(of, node.terms)), node.negative, ())
        if isinstance(node, Product):
            return Product(tuple(map(of, node.above)), tuple(map(of, node.below)), ())
        if isinstance(node, Negative):
            return Negative(of(node.of), ())
        if isinstance(node, Power):
            return Power(of(node.base), node.exponent, ())
        if isinstance(node, Compared):
            return Compared(node.sign, of(node.left), of(node.right), ())
        if isinstance(node, AllOf):
            return AllOf(tuple(map(of, node.conditions)), ())
        if isinstance(node, Indicator):
            return Call("number", (of(node.condition),))
        if isinstance(node, Applied):
            return self._applied(node, tuple(map(of, node.operands)))
        raise LoweringError(f"no loop computes an entry of {type(node).__name__}")

    def _applied(self, node: Applied, given: tuple[Node, ...]) -> Node:
        if node.function == "where":
            condition, yes, no = given
            return Choice(condition, yes, no)
        if node.function == "subtract":
            return Terms(given, (False, True), ())
        if node.function == "exp" and (below := _below_zero(given[0])) is not None:
            return Call("exp_below", (below,))
        return Call(node.function, given)

    def row(self, node: Node, at: At, axis: Index) -> Entry | Name | None:
        """All along one axis, where that is a row of an array; nothing where it is not."""
        found = self.entry(node, {**at, axis: None})
        return found if isinstance(found, Entry) and found.places.count(None) == 1 else None


def _below_zero(node: Node) -> Node | None:
    """The number of which and zero this is the smaller one; None of anything else."""
    if not isinstance(node, Call) or node.function != "minimum":
        return None
    others = [one for one in node.given if not (isinstance(one, Number) and one.value == 0)]
    return others[0] if len(others) == 1 else None


ZERO = Number(S.Zero)
AMBIGUOUS = {"l": "ell", "I": "row", "O": "place"}  # letters that look like digits
Body = Callable[[At], list[Statement]]


@dataclass(frozen=True)
class Nested:
    """What a kernel does, as loops, and the names of what it returns."""

    statements: tuple[Statement, ...]
    returned: tuple[str, ...]


def nested(program: Program, steps: Sequence[Step], sizes: Sizes, given: set[str]) -> Nested:
    """The steps as loops; memory is ``given`` for some of them."""
    nest = _Nest(program, steps, sizes, given)
    statements = [one for group in nest.groups for one in nest.group(group)]
    returned = list[str]()
    for result in program.results:
        returned += [nest.rows[result.name], result.name] if result.is_sparse else [result.name]
    return Nested(tuple(statements), tuple(returned))


@dataclass(frozen=True)
class Sums:
    """Rows that are added up: by word, or by the place of the word among those that occur.

    Where ``begun`` says of each row whether it holds something yet, it need not hold zeros.
    """

    name: str
    places: str = ""
    begun: str = ""

    def place(self, word: Node) -> Node:
        """The row of a word."""
        return Entry(self.places, (word,)) if self.places else word


class _Nest:
    def __init__(
        self, program: Program, steps: Sequence[Step], sizes: Sizes, given: set[str]
    ) -> None:
        self.sizes, self.given = sizes, given
        self.groups = grouped(steps, program.kernel)
        self.entries = Entries(sizes.of)
        outputs = [result.name for result in program.results]
        self.entries.rowwise = rowwise(self.groups, outputs)
        self.arguments = {one.name for one in program.kernel.arguments}
        self.outputs = set(outputs)
        self.taken = {*self.arguments, *sizes.names, *(step.name for step in steps)}
        self.large = {
            name
            for step in steps
            if is_large_product(step.value)
            for part in step.value.parts
            for name in _names(part)
        }
        self.indices: dict[Index, str] = {}
        self.rows: dict[str, str] = {}
        self.made = set(given)
        self.before: list[Statement] = []

    def group(self, group: Group) -> list[Statement]:
        """The steps of a group, what they need made before the loop."""
        self.before = []
        axis = group.axis
        if axis is None:
            inside = [one for step in group.steps for one in self.step(step, {})]
            return [*self.before, *inside]
        at = {axis: self._index(axis)}
        inside = [one for step in group.steps for one in self.step(step, at)]
        return [*self.before, self._loop(axis, inside)]

    def step(self, step: Step, at: At) -> list[Statement]:
        """The statements of one step, at the place of the loop that it is in."""
        value = step.value
        if isinstance(value, RowSums):
            return self._row_sums(step.name, value, at)
        if is_large_product(value):
            assert isinstance(value, MatrixProduct)
            return self._large_product(step, value)
        if self._is_lookup(step) and (found := self._lookup(step, at)) is not None:
            return found
        self._memory(step)
        comment = "" if step.formula is None else meaning(step.formula)
        statements = self._computed(step, at)
        return [_commented(statements[0], comment), *statements[1:]]

    def _is_lookup(self, step: Step) -> bool:
        """Whether it is entries of an argument, to be read where they are needed."""
        if step.name in self.large or step.name in self.outputs:
            return False
        node = step.value
        while isinstance(node, View | Taken):
            node = node.of
        return isinstance(node, Name) and node.name in self.arguments

    def _lookup(self, step: Step, at: At) -> list[Statement] | None:
        """A name for a row; what has more axes is looked up at every reading."""
        free = [axis for axis in step.axes if axis not in at]
        if not free:
            return None
        is_here = not at or step.name in self.entries.rowwise
        is_row = len(free) == 1 and is_here
        row = self.entries.row(step.value, at, free[0]) if is_row else None
        if row is None or not _is_contiguous(row):
            self.entries.inlined[step.name] = (step.axes, step.value)
            return []
        comment = "" if step.formula is None else meaning(step.formula)
        return [Set(Name(step.name), row, comment)]

    def _memory(self, step: Step) -> None:
        """An array for the step, or that of a step that is not needed any more."""
        name = step.name
        axes = step.axes[1:] if name in self.entries.rowwise else step.axes
        if name in self.made or not axes:
            return
        self.made.add(name)
        if source := overwritten(step.value):
            self.before.append(Set(Name(name), Name(source)))
            return
        shape = tuple(map(self.sizes.along, axes))
        kind = Kind.PLACES if isinstance(step.value, Leader) else Kind.NUMBERS
        self.before.append(Make(name, shape, "empty", kind))

    def _computed(self, step: Step, at: At) -> list[Statement]:
        value = step.value
        own = Name(step.name, step.axes)
        free = [axis for axis in step.axes if axis not in at]

        def target(here: At) -> Entry | Name:
            found = self.entries.entry(own, here)
            assert isinstance(found, Entry | Name)
            return found

        if isinstance(value, Guarded):
            return self._guarded(value, target, free, at)
        if isinstance(value, MatrixProduct | Contraction):
            parts = value.operands if isinstance(value, Contraction) else (value.left, value.right)
            return self._product(parts, own, free, at)
        if isinstance(value, Summed):
            over = [value.of.axes[place] for place in value.over]
            return self._summed(value.of, over, own, free, at)
        if isinstance(value, SummedWithout):
            return self._each(
                free, at, lambda here: [Set(target(here), self._without(value, here))]
            )
        if isinstance(value, Leader):
            axis = value.of.axes[value.place]
            return self._each(
                free,
                at,
                lambda here: [
                    Set(target(here), Call("argmax", (self._row(value.of, here, axis),)))
                ],
            )
        if isinstance(value, Replaced):
            return self._replaced(value, own, free, at)
        return self._each(
            free, at, lambda here: [Set(target(here), self.entries.entry(value, here))]
        )

    def _guarded(
        self, value: Guarded, target: Callable[[At], Entry | Name], free: list[Index], at: At
    ) -> list[Statement]:
        over = value.full[-1]
        if isinstance(value.product, Name):  # a large product, mended row by row
            last = free[-1]
            sides = [value.left, value.right]
            matrix, vector = sorted(sides, key=lambda side: last not in side.axes)

            def mended(here: At) -> list[Statement]:
                along = {**here, last: None}
                whole = _by_rows(matrix, last, self.entries.entry(matrix, {**along, over: None}))
                row = self._row(vector, here, over)
                return [Do(Call("mend", (target(along), whole, row)))]

            return self._each(free[:-1], at, mended)

        def product(here: At) -> list[Statement]:
            rows = (self._row(value.left, here, over), self._row(value.right, here, over))
            return [Set(target(here), Call("product", rows))]

        return self._each(free, at, product)

    def _product(
        self, parts: Sequence[Node], own: Name, free: list[Index], at: At
    ) -> list[Statement]:
        """Products of rows; or multiples of rows added up; or entry by entry."""
        over = list(dict.fromkeys(axis for part in parts for axis in part.axes))
        over = [axis for axis in over if axis not in free and axis not in at]
        everywhere = {**at, **{axis: self._index(axis) for axis in (*free, *over)}}

        def target(here: At) -> Entry | Name:
            found = self.entries.entry(own, here)
            assert isinstance(found, Entry | Name)
            return found

        last = over[-1]
        if len(parts) == 2 and all(self._has_row(part, everywhere, last) for part in parts):

            def product(here: At) -> Node:
                return Call("dot", tuple(self._row(part, here, last) for part in parts))

            if len(over) == 1:
                return self._each(free, at, lambda here: [Set(target(here), product(here))])
            return [
                *self._each(free, at, lambda here: [Set(target(here), ZERO)]),
                *self._each(
                    [*free, *over[:-1]], at, lambda here: [Increase(target(here), product(here))]
                ),
            ]
        zero = self._each(free, at, lambda here: [Set(target(here), ZERO)])
        rows = [part for part in parts if free and self._has_row(part, everywhere, free[-1])]
        others = [part for part in parts if free and free[-1] not in part.axes]
        if len(rows) == 1 and len(rows) + len(others) == len(parts):

            def added(here: At) -> list[Statement]:
                weights = tuple(self.entries.entry(part, here) for part in others)
                weight = weights[0] if len(weights) == 1 else Product(weights, (), ())
                row = self._row(rows[0], here, free[-1])
                return [Do(Call("add_multiple", (target({**here, free[-1]: None}), weight, row)))]

            return [*zero, *self._each([*free[:-1], *over], at, added)]

        def entries(here: At) -> list[Statement]:
            factors = tuple(self.entries.entry(part, here) for part in parts)
            return [Increase(target(here), Product(factors, (), ()))]

        return [*zero, *self._each([*free, *over], at, entries)]

    def _summed(
        self, of: Node, over: list[Index], own: Name, free: list[Index], at: At
    ) -> list[Statement]:
        everywhere = {**at, **{axis: self._index(axis) for axis in (*free, *over)}}

        def target(here: At) -> Entry | Name:
            found = self.entries.entry(own, here)
            assert isinstance(found, Entry | Name)
            return found

        if len(over) == 1 and self._has_row(of, everywhere, over[0]):
            return self._each(
                free,
                at,
                lambda here: [Set(target(here), Call("total", (self._row(of, here, over[0]),)))],
            )
        return [
            *self._each(free, at, lambda here: [Set(target(here), ZERO)]),
            *self._each(
                [*over, *free],
                at,
                lambda here: [Increase(target(here), self.entries.entry(of, here))],
            ),
        ]

    def _without(self, value: SummedWithout, here: At) -> Node:
        word = self.entries.entry(value.word, here)
        return Call("total_without", (self._row(value.of, here, value.over), word))

    def _replaced(self, value: Replaced, own: Name, free: list[Index], at: At) -> list[Statement]:
        axis = value.axes[-1]
        copied = list[Statement]()
        if not overwritten(value):
            copied = self._each(
                free,
                at,
                lambda here: [Set(self._entry(own, here), self.entries.entry(value.of, here))],
            )

        def put(here: At) -> list[Statement]:
            word = self.entries.entry(value.word, here)
            new = self.entries.entry(value.new, here)
            return [Set(self._entry(own, {**here, axis: word}), new)]

        return [*copied, *self._each([one for one in free if one != axis], at, put)]

    def _entry(self, own: Name, here: At) -> Entry | Name:
        found = self.entries.entry(own, here)
        assert isinstance(found, Entry | Name)
        return found

    def _large_product(self, step: Step, value: MatrixProduct) -> list[Statement]:
        self._memory(step)
        comment = "" if step.formula is None else meaning(step.formula)
        call = Call("matmul", (_matrix(value.left), _matrix(value.right), Name(step.name)))
        return [Do(call, comment)]

    def _row_sums(self, name: str, value: RowSums, at: At) -> list[Statement]:
        """Rows added where their words say, each in its turn."""
        width = () if value.is_column else (self.sizes.along(value.terms[0].rows.axes[-1]),)
        if value.dense:
            if name not in self.given:
                self.before.append(Make(name, (self.sizes.of(value.dense, 0), *width), "zeros"))
            sums = Sums(name)
        else:
            rows, places = self._unused(f"{name}_rows"), self._unused(f"{name}_places")
            self.rows[name] = rows
            words = tuple(self._words(term.words) for term in value.terms)
            size = self.sizes.words(value.terms[0].words, self.arguments)
            length = Call("len", (Name(rows),))
            self.before.append(List(rows, places, size, words))
            sums = Sums(name, places)
            if all(self._is_row(term, at) for term in value.terms):
                sums = Sums(name, places, self._unused(f"{name}_begun"))
                self.before.append(Make(sums.begun, (length,), "zeros", Kind.FLAGS))
            made = "empty" if sums.begun else "zeros"
            self.before.append(Make(name, (length, *width), made))
        if value.is_column:
            return [one for term in value.terms for one in self._numbers(sums, term, at)]
        return [one for term in value.terms for one in self._rows(sums, term, at)]

    def _numbers(self, sums: Sums, term: RowTerm, at: At) -> list[Statement]:
        """Rows that are one number each."""

        def added(here: At) -> list[Statement]:
            target = Entry(sums.name, (sums.place(self.entries.entry(term.words, here)),))
            return [Increase(target, self.entries.entry(term.rows, here))]

        return self._each(_free(term.words, at), at, added)

    def _rows(self, sums: Sums, term: RowTerm, at: At) -> list[Statement]:
        last = term.rows.axes[-1]

        def added(here: At) -> list[Statement]:
            place = sums.place(self.entries.entry(term.words, here))
            weight = None if term.numbers is None else self.entries.entry(term.numbers, here)
            row = self.entries.row(term.rows, here, last)
            if row is not None and _is_contiguous(row):
                given = (row,) if weight is None else (weight, row)
                suffix = "" if weight is None else "_multiple"
                if sums.begun:
                    rows = (Name(sums.name), Name(sums.begun), place)
                    return [Do(Call(f"put{suffix}", (*rows, *given)))]
                return [Do(Call(f"add{suffix}", (Entry(sums.name, (place, None)), *given)))]
            return self._entry_by_entry(sums, place, weight, term.rows, {**here})

        return self._each(_free(term.words, at), at, added)

    def _entry_by_entry(
        self, sums: Sums, place: Node, weight: Node | None, rows: Node, here: At
    ) -> list[Statement]:
        last = rows.axes[-1]
        known = list[Statement]()
        if not isinstance(place, Name):
            own = Name(unused(f"{sums.name}_place", self.taken))
            known, place = [Set(own, place)], own
        index = self._index(last)
        number = self.entries.entry(rows, {**here, last: index})
        if weight is not None:
            number = Product((weight, number), (), ())
        return [*known, self._loop(last, [Increase(Entry(sums.name, (place, index)), number)])]

    def _is_row(self, term: RowTerm, at: At) -> bool:
        everywhere = {**at, **{axis: self._index(axis) for axis in _free(term.words, at)}}
        return self._has_row(term.rows, everywhere, term.rows.axes[-1])

    def _words(self, node: Node) -> tuple[str, int]:
        if not isinstance(node, Name) or node.name not in self.arguments:
            raise LoweringError(f"the words of {node} are no argument")
        return node.name, len(node.axes)

    def _unused(self, name: str) -> str:
        own = unused(name, self.taken)
        self.taken.add(own)
        return own

    def _has_row(self, node: Node, everywhere: At, axis: Index) -> bool:
        if axis not in node.axes:
            return False
        row = self.entries.row(node, everywhere, axis)
        return row is not None and _is_contiguous(row)

    def _row(self, node: Node, here: At, axis: Index) -> Node:
        row = self.entries.row(node, here, axis)
        if row is None:
            raise LoweringError(f"{node} has no row along {axis}")
        return row

    def _each(self, axes: Sequence[Index], at: At, body: Body) -> list[Statement]:
        """Loops over the axes, the first one outside, around what the body is there."""
        if not axes:
            return body(at)
        first, *rest = axes
        inside = self._each(rest, {**at, first: self._index(first)}, body)
        return [self._loop(first, inside)]

    def _loop(self, axis: Index, inside: Sequence[Statement]) -> Loop:
        return Loop(self._index(axis).name, self.sizes.along(axis), tuple(inside))

    def _index(self, axis: Index) -> Name:
        if axis not in self.indices:
            letters = "".join(letter for letter in axis.name if letter.isascii())
            self.indices[axis] = self._unused(AMBIGUOUS.get(letters, letters))
        return Name(self.indices[axis])


def _free(node: Node, at: At) -> list[Index]:
    """The axes that the loops around do not run along."""
    return [axis for axis in node.axes if axis not in at]


def _names(node: Node) -> list[str]:
    return [node.name] if isinstance(node, Name) else [n for p in node.parts for n in _names(p)]


def _is_contiguous(row: Node) -> bool:
    return isinstance(row, Entry) and row.places[-1] is None


def _by_rows(matrix: Node, axis: Index, whole: Node) -> Node:
    """A whole matrix whose rows run along an axis: turned where those in memory are the others."""
    while isinstance(matrix, View | Taken):
        matrix = matrix.of
    if matrix.axes[0] == axis or not isinstance(whole, Entry):
        return whole
    if whole.places != (None, None):
        raise LoweringError(f"{whole.name} is no matrix that lies in memory")
    return Seen(whole.name, "T")


def _matrix(node: Node) -> Node:
    """A whole array, or its transpose."""
    if isinstance(node, Name):
        return Name(node.name)
    if isinstance(node, Turned) and isinstance(node.of, Name):
        return Seen(node.of.name, "T")
    raise LoweringError(f"{node} is no matrix that lies in memory")


def _commented(statement: Statement, comment: str) -> Statement:
    """The statement with a comment; above a loop, which holds one already perhaps."""
    return replace(statement, comment=comment) if comment else statement
