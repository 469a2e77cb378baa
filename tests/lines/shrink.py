"""Greedy shrinking of a case with a wrong verdict: smaller terms, as long as it stays wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from tests.lines.adapter import CRASH, Checker, Said, kind_of
from tests.lines.algebra import add, mul
from tests.lines.campaign import checked, is_wrong
from tests.lines.context import Context, Unfit
from tests.lines.make import Case
from tests.lines.tables import NoMeaning
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Block,
    Define,
    Deriv,
    File,
    Line,
    Mul,
    Name,
    Num,
    Prod,
    Sum,
    Term,
    children,
    put,
    scoped_lines,
    size_of,
    subterms,
    with_children,
)
from tests.lines.truth import Examined, Truth, examine

SECONDS = 12.0


def shrunk(case: Case, verdict: Said, checker: Checker, seconds: float = SECONDS) -> Case:
    """The smallest case found that has the same wrong verdict, in plain spelling where that has."""
    late = monotonic() + seconds
    plain = replace(case, plain=True)
    if _still_wrong(plain, verdict, checker):
        case = plain
    while True:
        for candidate in _smaller(case):
            if monotonic() > late:
                return case
            if _still_true(candidate) and _still_wrong(candidate, verdict, checker):
                case = candidate
                break
        else:
            return case


def _still_wrong(case: Case, verdict: Said, checker: Checker) -> bool:
    found = checked(case, checker)
    if found.verdict == CRASH and kind_of(found.reason) != kind_of(verdict.reason):
        return False
    return found.verdict == verdict.verdict and is_wrong(case.true, found.verdict)


def evaluated(case: Case, seed: str = "again") -> Examined:
    """The line of a case, evaluated anew."""
    return examine(scoped_lines(case.file)[-1], f"{case.seed}/{seed}")


def _still_true(case: Case) -> bool:
    wanted = Truth.TRUE if case.true else Truth.FALSE
    try:
        return evaluated(case).truth is wanted
    except (KeyError, AssertionError, NoMeaning):  # what is used is no longer declared
        return False


def _smaller(case: Case) -> Iterator[Case]:
    line = case.line
    yield from (replace(case, file=file) for file in _fewer_declarations(case.file))
    if line.conditions:
        yield _with(case, replace(line, conditions=line.conditions[1:]))
    for left, right in _both_changed(line):
        yield _with(case, replace(line, left=left, right=right))
    context = Context(scoped_lines(case.file)[-1].env)
    lefts = list(_smaller_terms(line.left, context))
    rights = list(_smaller_terms(line.right, context))
    for left in lefts:
        yield _with(case, replace(line, left=left))
    for right in rights:
        yield _with(case, replace(line, right=right))
    yield from (replace(case, file=file) for file in _smaller_definitions(case.file, context))
    if case.true:
        for left in lefts:
            for right in rights:
                yield _with(case, replace(line, left=left, right=right))


def _with(case: Case, line: Line) -> Case:
    return replace(case, file=(*case.file[:-1], line))


def _both_changed(line: Line) -> Iterator[tuple[Term, Term]]:
    """The same subterm of both sides made a number, largest first."""
    right = {term for _, term in subterms(line.right)}
    common = {term for _, term in subterms(line.left)} & right
    for term in sorted(common, key=lambda t: (-size_of(t), repr(t))):
        if isinstance(term, Num):
            continue
        for new in (ONE, TWO):
            yield _replaced(line.left, term, new), _replaced(line.right, term, new)


def _replaced(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    inside = tuple(_replaced(child, old, new) for child in children(term))
    if isinstance(term, Deriv) and not isinstance(inside[1], Name | type(term.by)):
        return term
    return with_children(term, inside)


def _smaller_terms(term: Term, context: Context) -> Iterator[Term]:
    """The term with one subterm made smaller, large steps first."""
    for path, inner in sorted(subterms(term), key=lambda pair: -size_of(pair[1])):
        if _is_variable(term, path):
            continue
        for new in _steps(inner, context):
            if new != inner:
                yield put(term, path, new)


def _is_variable(term: Term, path: Sequence[int]) -> bool:
    """Whether the path leads into what a derivative is taken by."""
    for number in path:
        if isinstance(term, Deriv) and number == 1:
            return True
        term = children(term)[number]
    return False


def _steps(term: Term, context: Context) -> Iterator[Term]:
    shape = _shape(term, context)
    if shape == () and not isinstance(term, Num):
        yield ONE
    for child in children(term):
        if _shape(child, context) == shape:
            yield child
    match term:
        case Add(parts):
            yield from (add(*parts[:n], *parts[n + 1 :]) for n in range(len(parts)))
        case Mul(parts):
            yield from (mul(*parts[:n], *parts[n + 1 :]) for n in range(len(parts)))
        case Sum(letter, over, (_, *rest), body) | Prod(letter, over, (_, *rest), body):
            yield type(term)(letter, over, tuple(rest), body)
        case Num(value) if value not in (0, 1, 2):
            yield TWO
    if shape == () and size_of(term) > 1 and context.scalars:
        yield Name(context.scalars[0])


def _shape(term: Term, context: Context) -> object:
    try:
        return context.shape(term)
    except (Unfit, KeyError):
        return None


def _smaller_definitions(file: File, context: Context) -> Iterator[File]:
    for number, item in enumerate(file):
        if not isinstance(item, Block):
            continue
        for at, declaration in enumerate(item.given):
            if not isinstance(declaration, Define):
                continue
            for body in _smaller_terms(declaration.body, context):
                new = replace(declaration, body=body)
                block = Block((*item.given[:at], new, *item.given[at + 1 :]))
                yield (*file[:number], block, *file[number + 1 :])


def _fewer_declarations(file: File) -> Iterator[File]:
    """Without one item, or without one declaration."""
    for number, item in enumerate(file[:-1]):
        yield (*file[:number], *file[number + 1 :])
        if isinstance(item, Block):
            for at in range(len(item.given)):
                block = Block((*item.given[:at], *item.given[at + 1 :]))
                yield (*file[:number], block, *file[number + 1 :])
