"""Lexical scope: what every name of a file stands for where a line stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.lines.tree import (
    Arbitrary,
    Assume,
    Assumption,
    Block,
    Declaration,
    Define,
    Family,
    File,
    Index,
    Labels,
    Line,
    Matrix,
    Part,
    Scalar,
    Size,
    Subset,
    Vector,
)


class Cell:
    """One thing that was declared or bound; it is itself and nothing else."""

    __slots__ = ("axes", "declaration")

    def __init__(self, declaration: Declaration | None = None, axes: tuple[Cell, ...] = ()) -> None:
        self.declaration, self.axes = declaration, axes


@dataclass(frozen=True, slots=True, eq=False)
class WholeOf:
    """The matrix of the vectors of a family."""

    cell: Cell
    columns: bool


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A definition with the scope it stands in."""

    definition: Define
    env: Env


Binding = Cell | WholeOf | Closure
Env = dict[str, Binding]


@dataclass
class Scoped:
    """A line, what its names stand for, and what is assumed there with the names of then."""

    line: Line
    env: Env
    assumed: list[tuple[Assumption, Env]]
    cells: list[Cell]


@dataclass
class _State:
    env: Env = field(default_factory=dict)
    assumed: list[tuple[Assumption, Env]] = field(default_factory=list)


def scoped_lines(file: File) -> list[Scoped]:
    """The lines of a file, in order."""
    common, here = _State(), _State()
    cells: list[Cell] = []
    found: list[Scoped] = []
    in_part = False
    for item in file:
        match item:
            case Part():
                if not in_part:
                    common, in_part = here, True
                here = _State(dict(common.env), list(common.assumed))
            case Block(given):
                for declaration in given:
                    _declare(declaration, here, cells)
            case Line():
                assumed = [*here.assumed, *((each, here.env) for each in item.conditions)]
                found.append(Scoped(item, here.env, assumed, list(cells)))
    return found


def _declare(declaration: Declaration, here: _State, cells: list[Cell]) -> None:
    env = dict(here.env)  # what stands before keeps its names

    def cell(*axes: str) -> Cell:
        made = Cell(declaration, tuple(_size(env, axis) for axis in axes))
        cells.append(made)
        return made

    match declaration:
        case Size(name, _) | Scalar(name):
            env[name] = cell()
        case Index(name, axis, _) | Vector(name, axis):
            env[name] = cell(axis)
        case Matrix(name, rows, columns):
            env[name] = cell(rows, columns)
        case Family(name, _, axis, members, whole, columns):
            env[name] = made = cell(members, axis)
            if whole:
                env[whole] = WholeOf(made, columns)
        case Labels(name, letter, values, _, places):
            env[name] = cell(values, places)
            if not _is_index(env.get(letter)):
                made = Cell(Index(letter, places), (_size(env, places),))
                cells.append(made)
                env[letter] = made
        case Subset(name, axis):
            env[name] = made = cell(axis)
            if declaration.list:
                made.axes = (*made.axes, _cell(env, declaration.list))
        case Define(name, _, _, _, _):
            env[name] = Closure(declaration, here.env)
        case Arbitrary(name, parameters):
            fixed = [each.name for each in parameters if each.kind == "fixed"]
            made = cell()
            made.axes = tuple(_cell(env, each) for each in fixed)
            env[name] = made
        case Assume(what):
            here.assumed.append((what, here.env))
            return
    here.env = env


def _is_index(binding: Binding | None) -> bool:
    return isinstance(binding, Cell) and isinstance(binding.declaration, Index)


def _cell(env: Env, name: str) -> Cell:
    found = env[name]
    assert isinstance(found, Cell), name
    return found


def _size(env: Env, axis: str) -> Cell:
    found = _cell(env, axis)
    assert isinstance(found.declaration, Size), axis
    return found
