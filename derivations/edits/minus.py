"""Signs: of a term, of an argument, before brackets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.functions import EXP
from derivations.language.tree import Apply, Call, Negative, Plus, Term, Zeros
from derivations.language.unfit import bare, literal, made, negative, plus


def of_a_term(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a + b``; a minus before what has none."""
    term = position.term
    if isinstance(term, Plus) and not position.in_sign:
        for n, part in enumerate(term.parts):
            if isinstance(part, Zeros):
                continue
            turned = negative(literal(part))
            sign, shown = ("-", part) if isinstance(turned, Negative) else ("+", turned)
            changed = plus((*term.parts[:n], turned, *term.parts[n + 1 :]))
            yield f"{sign} before {around.latex(shown)}", changed
    elif isinstance(term, Negative) and not isinstance(position.parent, Plus):
        yield f"the - before {around.latex(term.of)} dropped", term.of
    elif position.is_term and not _has_sign(position):
        yield f"- before {around.latex(term)}", Negative(position.held)


def _has_sign(position: Position) -> bool:
    """Whether a sign stands before it already, or means nothing there."""
    return isinstance(position.parent, Plus | Negative) or isinstance(position.term, Zeros)


def of_an_argument(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\sigma(-x)``, and ``e^x`` as ``e^{-x}``."""
    term = position.term
    argument = _argument(term)
    if argument is not None:
        words = f"the sign of the argument in {around.latex(term)}"
        yield words, _with_argument(term, negative(argument))


def moved_outside(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(-x)`` as ``-\\sigma(x)``."""
    term = position.term
    argument = _argument(term)
    if isinstance(argument, Negative):
        changed = negative(_with_argument(term, argument.of))
        yield f"the minus in {around.latex(term)} moved outside", changed


def _argument(term: Term) -> Term | None:
    """The argument of a function of one number."""
    match term:
        case Apply(function, of) if function is EXP and not of.shape:
            return of
        case Call(_, (Term() as of,)) if not of.shape:
            return of
    return None


def _with_argument(term: Term, argument: Term) -> Term:
    if isinstance(term, Call):
        return made(lambda: replace(term, arguments=(argument,)))
    assert isinstance(term, Apply)
    return replace(term, of=argument)


def not_distributed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - (b + c)`` as ``a - b + c``."""
    term = position.term
    if isinstance(term, Negative) and not isinstance(position.parent, Plus):
        terms: tuple[Term, ...] = (term,)
    else:
        terms = term.parts if isinstance(term, Plus) else ()
    for n, part in enumerate(terms):
        inside = bare(part.of) if isinstance(part, Negative) else None
        if isinstance(inside, Plus):
            first, *others = inside.parts
            changed = plus((*terms[:n], negative(first), *others, *terms[n + 1 :]))
            yield f"the brackets dropped behind the minus: {around.latex(inside)}", changed
