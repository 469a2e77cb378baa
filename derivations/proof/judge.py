"""The verdict on a claim: two independent arguments, and what follows from the pair.

A claim is proved when the difference of its sides has the normal form zero, for all sizes, and
the exact decision is zero at every small instance looked at. The first argument reads the sides
in index notation, the second one evaluates them directly. A claim is refuted by an instance and
a witness in numbers. If the two arguments contradict each other, this program is wrong somewhere:
that is a Disagreement, never a verdict.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, islice
from time import perf_counter, process_time
from typing import TypeVar

from sympy import Integer

from derivations.claim import Claim, Judgement, Proof, Verdict
from derivations.language.data_conditions import AtLeast, OneOfTwo, SumsTo, Symmetric
from derivations.language.traversal import free_in
from derivations.language.tree import IllTyped, Misfit
from derivations.proof.bound import by_size_bound
from derivations.proof.clear_inverses import equal_when_cleared
from derivations.proof.consequence import judged_under
from derivations.proof.decide import Disagreement, Question, Side, failing, in_numbers, question_of
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.index_evaluation import Instance
from derivations.proof.instances import SELECTIONS, Selection, covered, selected
from derivations.proof.normal_form_text import in_one_line
from derivations.proof.numbered import least_sizes
from derivations.proof.reductions import generalised, merged, otherwise_meant
from derivations.proof.signs import Case, cases_by_sign, differences
from derivations.proof.size_signature import Shape, shape_of
from derivations.proof.terms import Total
from derivations.proof.witness import find_witness, is_real_somewhere

__all__ = ["SELECTIONS", "Disagreement", "Selection", "judge"]

ALL_SIZES = "normal form"
SMALL_SIZES = "small sizes"


Binding = TypeVar("Binding", Symmetric, SumsTo, OneOfTwo)  # what entries do not vary alone under
# where there is no proof, a counterexample is looked for at this many instances more
MOST_SEARCHED = 3000
# and at this many at which the sides differ for some signs that no small numbers have
MOST_DOUBTFUL = 3
MOST_KNOWN = 500


def judge(claim: Claim, sizes: str = "default") -> Judgement:
    """Judge one claim, with the small sizes of the selection named ``sizes``.

    Raises Disagreement when the arguments contradict each other.
    """
    start = perf_counter()
    judgement = _judged_as_meant(claim, SELECTIONS[sizes])
    return replace(judgement, seconds=perf_counter() - start)


# judgements on claims that others follow from, each with its claim
_KNOWN: dict[tuple[int, int], tuple[Claim, Judgement]] = {}


def _judged_as_meant(claim: Claim, selection: Selection) -> Judgement:
    """By itself, then as what follows from others; a condition is no claim."""

    def plain(other: Claim) -> Judgement:
        return _by_itself(other, selection)

    def again(other: Claim) -> Judgement:
        known = _KNOWN.get((id(other), selection.above))
        if known is None or known[0] is not other:
            if len(_KNOWN) > MOST_KNOWN:
                _KNOWN.clear()
            known = _KNOWN[id(other), selection.above] = (other, _judged_as_meant(other, selection))
        return known[1]

    found = plain(claim) if claim.under is None else judged_under(claim, plain, again)
    decided = found.verdict in (Verdict.PROVED, Verdict.ILL_TYPED) or found.disagreement
    if decided or not claim.determines:
        return found
    reason = f"it is a condition on {claim.determines}, and no claim: there is nothing to prove"
    return replace(
        found, verdict=Verdict.UNDECIDED, witness=None, reason=reason, shown="", difference=""
    )


def _by_itself(claim: Claim, selection: Selection) -> Judgement:
    """The judgement on a claim without what it may follow from."""
    general = generalised(claim) if claim.misfit is None else None
    judgement = _judged(general, selection) if general is not None else None
    if judgement is None or judgement.verdict is not Verdict.PROVED or not _has_values(claim):
        judgement = _judged(claim, selection)
    return replace(judgement, claim=claim)


def _judged(claim: Claim, selection: Selection) -> Judgement:
    if claim.misfit is not None:
        return Judgement(claim, Verdict.ILL_TYPED, reason=_ill_typed(claim, claim.misfit))
    bound = _varied(claim, SumsTo) or _varied(claim, OneOfTwo)
    if bound is not None:
        reason = f"a derivative by entries of {bound.of.name}, which do not vary alone: {bound}"
        return Judgement(claim, Verdict.UNDECIDED, reason=reason)
    found = _as_claimed(claim, selection)
    symmetric = _varied(claim, Symmetric)
    if symmetric is None or found.verdict is not Verdict.REFUTED:
        return found
    try:
        others = [
            _as_claimed(each, selection) for each in otherwise_meant(claim, _symmetric(claim))
        ]
    except (IllTyped, OutsideFragment):
        others = []
    if others and all(each.verdict is Verdict.REFUTED for each in others):
        return found
    reason = (
        f"false where the entries of {symmetric.of.name} vary as if independent; {symmetric}, and "
        "it may be meant with those across the diagonal varied together"
    )
    return Judgement(claim, Verdict.UNDECIDED, found.proofs, reason=reason)


def _as_claimed(claim: Claim, selection: Selection) -> Judgement:
    original = claim
    try:
        claim, put = merged(claim)
        shape = shape_of(claim, put)
    except OutsideFragment as left:
        return Judgement(original, Verdict.UNDECIDED, reason=str(left))
    if shape.clash:
        reason = f"{shape.clash} stands for two things"
        return Judgement(original, Verdict.UNDECIDED, reason=reason)
    try:
        cases = cases_by_sign(*shape.sides, claim.conditions)
        everywhere, left_over = _by_normal_form(claim, shape, cases)
    except OutsideFragment as left:
        cases, left_over = [], ()
        everywhere = Proof(ALL_SIZES, False, f"outside the fragment: {left}")
    try:
        question = question_of(original, claim)
        judgement = _compared(original, shape, cases, question, everywhere, selection)
        if judgement.verdict is Verdict.REFUTED and len(left_over) == 1:
            return replace(judgement, difference=in_one_line(left_over[0], original.names))
        return judgement
    except OutsideFragment as left:
        return Judgement(original, Verdict.UNDECIDED, (everywhere,), reason=str(left))
    except (ZeroDivisionError, NoValue):
        reason = "a side has no value at some size the proof would need"
        return Judgement(original, Verdict.UNDECIDED, (everywhere,), reason=reason)


def _has_values(claim: Claim) -> bool:
    """Whether both sides have real values somewhere at one of the smallest sizes."""
    try:
        one, put = merged(claim)
        shape = shape_of(one, put)
    except OutsideFragment:
        return False
    left, right = (Side(term, Integer(0)) for term in claim.terms)
    question = Question(left, right, tuple(a.name for a in one.sides.axes), claim.conditions)
    smallest = selected(shape, SELECTIONS["default"], least_sizes(*claim.terms))
    for instance in islice(smallest, MOST_DOUBTFUL):
        try:
            evaluate = partial(in_numbers, question, instance)
            if is_real_somewhere(evaluate, question.assumed_at(instance)):
                return True
        except (ZeroDivisionError, NoValue, OutsideFragment):
            continue
    return False


def _varied(claim: Claim, kind: type[Binding]) -> Binding | None:
    """A condition that keeps entries by which a derivative is taken from varying by themselves."""
    binding = [each for each in claim.conditions if isinstance(each, kind)]
    if not binding:
        return None
    varied = {variable.name for variable in free_in(*claim.terms).varied}
    return next((each for each in binding if each.of.name in varied), None)


def _symmetric(claim: Claim) -> frozenset[str]:
    return frozenset(each.of.name for each in claim.conditions if isinstance(each, Symmetric))


def _compared(
    claim: Claim,
    shape: Shape,
    cases: list[Case],
    question: Question,
    everywhere: Proof,
    selection: Selection,
) -> Judgement:
    count, undefined = 0, 0
    doubtful: list[Judgement] = []
    least = least_sizes(*claim.terms)
    for each in claim.conditions:
        if isinstance(each, AtLeast):
            least[each.of.name] = max(least.get(each.of.name, 0), int(each.value))
    full = selected(shape, SELECTIONS["full"], least)
    wider = () if everywhere.holds else islice(full, MOST_SEARCHED)
    late = process_time() + selection.most_seconds
    for instance in chain(selected(shape, selection, least), wider):
        if process_time() > late:
            reason = f"not decided within {selection.most_seconds} seconds"
            return Judgement(claim, Verdict.UNDECIDED, (everywhere,), reason=reason)
        count += 1
        try:
            failure = failing(question, instance)
        except (ZeroDivisionError, NoValue):
            undefined += 1
            continue
        if failure is None:
            continue
        judgement = _refuted(claim, question, instance, count)
        shown = failure.certain or (judgement.witness and not failure.at_zero)
        if everywhere.holds and shown:
            raise Disagreement(
                f"{claim.id}: the normal form of the difference is zero, but the sides "
                f"differ at {instance}"
            )
        if judgement.witness or failure.certain or len(doubtful) == MOST_DOUBTFUL:
            return judgement
        doubtful.append(judgement)
    if doubtful:
        return doubtful[0]
    small = Proof(SMALL_SIZES, count > undefined == 0, covered(shape, selection, least), count)
    if not (everywhere.holds and small.holds):
        reason = everywhere.detail if small.holds else _no_instance(undefined, shape)
        return Judgement(claim, Verdict.UNDECIDED, (everywhere, small), reason=reason)
    if not is_real_somewhere(
        partial(in_numbers, question, instance), question.assumed_at(instance)
    ):
        reason = "no numbers were found at which both sides have a real value"
        return Judgement(claim, Verdict.UNDECIDED, (everywhere, small), reason=reason)
    bound = by_size_bound(shape, cases, question)
    if bound is not None and not bound.holds:
        raise Disagreement(f"{claim.id}: {bound.detail}, but the normal form is zero")
    proofs = (everywhere, small, bound) if bound else (everywhere, small)
    return Judgement(claim, Verdict.PROVED, proofs)


def _by_normal_form(
    claim: Claim, shape: Shape, cases: list[Case]
) -> tuple[Proof, tuple[Total, ...]]:
    """The argument for all sizes, and what it leaves of the difference in each case."""
    try:
        left = differences(*shape.sides, cases, claim.conditions)
        failure = f"the difference has {sum(map(len, left))} terms left"
    except OutsideFragment as node:
        left, failure = (), f"outside the fragment: {node}"
    if any(left) or not left:
        if equal_when_cleared(*shape.sides, claim.sides.axes, claim.conditions):
            multiplied = "the difference times what is inverted is zero for all sizes"
            return Proof(ALL_SIZES, True, multiplied), ()
        return Proof(ALL_SIZES, False, failure), left
    return Proof(ALL_SIZES, True, "the difference is zero for all sizes"), left


def _no_instance(undefined: int, shape: Shape) -> str:
    if undefined:
        return f"a side has no value at {undefined} small instances"
    if not shape.conditions:
        return "there are more words than small instances have"
    return "no small instance meets the conditions"


def _refuted(claim: Claim, question: Question, instance: Instance, count: int) -> Judgement:
    witness = find_witness(
        partial(in_numbers, question, instance), instance, question.assumed_at(instance)
    )
    proof = Proof(SMALL_SIZES, False, f"the sides differ at {_spelled(instance)}", count)
    if witness is None:
        reason = "the sides differ, but no small numbers show it"
        return Judgement(claim, Verdict.UNDECIDED, (proof,), reason=reason)
    return Judgement(claim, Verdict.REFUTED, (proof,), witness)


def _spelled(instance: Instance) -> str:
    sizes = (f"{name} = {size}" for name, size in instance.sizes.items())
    return ", ".join(sizes) or "every size"


def _ill_typed(claim: Claim, misfit: Misfit) -> str:
    """Both shapes, and whether a transpose would make the line true."""
    reason = str(misfit)
    if not isinstance(claim.left, Misfit) and not isinstance(claim.right, Misfit):
        turned = replace(claim, right=claim.right.T)
        if turned.misfit is None and judge(turned).verdict is Verdict.PROVED:
            reason += "; with the right side transposed the line is true"
    return reason
