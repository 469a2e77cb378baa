"""Unknown nodes are errors everywhere: every table that tells nodes apart refuses one it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from sympy import Expr, Symbol

from codegen import array_language
from codegen.backends.compiled import loops, nest
from codegen.backends.numpy import numpy_text
from codegen.lower.lowering import Axes, Lowering
from codegen.lower.rules import RULES
from codegen.matching import Rewrites
from derivations.certify import theorem
from derivations.certify.writer import Letters, Writer
from derivations.certify.writer import NotCovered as NotStated
from derivations.implementation import large
from derivations.implementation.large import Everywhere
from derivations.language import tree
from derivations.language.direct import Direct
from derivations.language.index_form import entry_of
from derivations.language.traversal import member_with
from derivations.proof.decide import Balls
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.proof.instances import meets
from derivations.proof.judge import NotCovered, degree
from derivations.proof.normal_form import _atom, _index, normal_form
from derivations.reader import syntax
from derivations.reader.environment import Scope, resolve
from derivations.reader.source import Place
from derivations.reader.unparser import latex
from derivations.report.statement import show


class Unknown(Expr):  # type: ignore[misc]
    """An index expression that no table has."""

    is_commutative = True


@dataclass(frozen=True)
class Term(tree.Term):
    """A term that no table has."""

    def _shape(self) -> tree.Shape:
        return ()


@dataclass(frozen=True)
class Node(array_language.Node):
    """A node of the array language that no table has."""

    axes: array_language.Axes


@dataclass(frozen=True)
class Piece(syntax.Node):
    """A piece of syntax that no table has."""


@dataclass(frozen=True)
class Member:
    """A member of an index set that no table has."""


@dataclass(frozen=True)
class Condition:
    """A condition that no table has."""


class Atom:
    """A factor, or an index, of a normal form that no table has."""


ANYWHERE: Any = None
NOWHERE = Instance({}, {}, {})
BALLS = Balls({("x", ()): Fraction(1)})
EXPRESSION: Any = Unknown(Symbol("x", real=True))
TERM, NODE, PIECE = Term(), Node(()), Piece(at=Place(1, 1))
MEMBER: Any = Member()
CONDITION: Any = Condition()
ATOM: Any = Atom()
AT_A_MEMBER = tree.Indicator((tree.Comparison(MEMBER, tree.Numbered(1)),))


def lowered() -> object:
    return Lowering(Axes((), ()), {}, Rewrites([], {}), {}, RULES).lower(EXPRESSION)


TABLES: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "a term in index notation": (lambda: entry_of(TERM), TypeError),
    "a term by direct evaluation": (lambda: Direct(NOWHERE, BALLS).value(TERM), TypeError),
    "a member in index notation": (lambda: entry_of(AT_A_MEMBER), TypeError),
    "a member by direct evaluation": (
        lambda: Direct(NOWHERE, BALLS).value(AT_A_MEMBER),
        TypeError,
    ),
    "a member with others put in": (lambda: member_with(MEMBER, {}), TypeError),
    "a condition at an instance": (lambda: meets(CONDITION, NOWHERE), TypeError),
    "a condition at many places": (
        lambda: large._meets((CONDITION,), {}, 1, Everywhere(NOWHERE, {}, 0.0)),
        OutsideFragment,
    ),
    "a condition in Coq": (
        lambda: theorem._condition(CONDITION, Letters(), Writer(Letters())),
        NotStated,
    ),
    "an atom as text": (lambda: _atom(ATOM, {}, ANYWHERE), TypeError),
    "an index as text": (lambda: _index(ATOM, {}), TypeError),
    "a term in LaTeX": (lambda: latex(TERM, Scope()), TypeError),
    "a piece of syntax as a term": (lambda: resolve(PIECE, ANYWHERE), TypeError),
    "a piece of syntax as text": (lambda: syntax.written(PIECE), TypeError),
    "a normal form": (lambda: normal_form(EXPRESSION), OutsideFragment),
    "a bound on sizes": (lambda: degree(EXPRESSION), NotCovered),
    "a value in a domain": (lambda: Interpreter(NOWHERE, BALLS).value(EXPRESSION), OutsideFragment),
    "a value at many places": (
        lambda: Everywhere(NOWHERE, {}, 0.0).value(EXPRESSION, {}, 1),
        OutsideFragment,
    ),
    "a line of mathematics": (lambda: show(EXPRESSION), TypeError),
    "a statement in Coq": (lambda: Writer(Letters()).real(EXPRESSION), NotStated),
    "a program": (lowered, array_language.LoweringError),
    "NumPy's text": (lambda: numpy_text.written(NODE), array_language.LoweringError),
    "an entry in loops": (lambda: loops.written(NODE), array_language.LoweringError),
    "a statement in loops": (lambda: loops.lines(NODE, 80), array_language.LoweringError),  # type: ignore[arg-type]
    "one entry of a node": (
        lambda: nest.Entries(lambda argument, place: NODE).entry(NODE, {}),
        array_language.LoweringError,
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_stranger_is_refused_by_name(table: str) -> None:
    made, refusal = TABLES[table]
    with pytest.raises(refusal) as raised:
        made()
    kinds = (Unknown, Term, Node, Piece, Member, Condition, Atom)
    assert any(kind.__name__ in str(raised.value) for kind in kinds), raised
