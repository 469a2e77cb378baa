"""A seeded share of the campaign, checkers with planted mistakes, and checkers compared.

What needs all slips of the document, which take seconds to make, is slow.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from time import sleep

import pytest

from benchmarks import checkers
from benchmarks.checkers import Case, Checker, Opinion, Truth, answers
from benchmarks.tables import installed
from derivations.claim import Claim, Judgement, Verdict
from derivations.language.tree import Negative, Number, Plus, Reference, Variable
from derivations.proof.judge import judge
from derivations.repair.edits import OPERATORS
from tests.mutation.campaign import (
    Fate,
    Judge,
    Outcome,
    Slip,
    all_slips,
    chosen,
    failed,
    main,
    run,
    seen,
    summary,
    true_lines,
)
from tests.repair.test_repair import read

SHARE = 80
SEED = 1
# what no formula of the document can have wrong
NOT_IN_THE_DOCUMENT = {
    "brackets dropped behind a minus",
    "function dropped",
    "function exchanged",
    "norm for its square",
}


@cache
def drawn() -> tuple[Slip, ...]:
    return tuple(chosen(all_slips(), SHARE, SEED))


@cache
def share() -> tuple[tuple[Slip, Outcome], ...]:
    return tuple(zip(drawn(), run(drawn()), strict=True))


def by_kind(*kinds: str, count: int = 24) -> list[Slip]:
    return chosen([each for each in all_slips() if each.kind in kinds], count, SEED)


def fates(mutants: list[Slip], by: Judge) -> Counter[Fate]:
    return Counter(found.fate for found in run(mutants, by=by))


@pytest.mark.slow
def test_no_false_line_passes() -> None:
    assert not failed(share()), summary(share())


@pytest.mark.slow
def test_most_slips_fall() -> None:
    killed = [found for _, found in share() if found.fate in (Fate.REFUTED, Fate.ILL_TYPED)]
    assert len(killed) > 0.6 * SHARE


@pytest.mark.slow
def test_true_lines_are_proved_and_agree_at_sizes_the_proofs_do_not_use() -> None:
    for line in true_lines():
        assert judge(line.claim).verdict is Verdict.PROVED, line.id
        assert seen(line.claim, line.equality.scope).true, line.id


@pytest.mark.slow
def test_there_are_enough_slips_of_all_kinds_in_all_parts() -> None:
    assert len(all_slips()) > 1500
    assert len({each.text for each in all_slips()}) == len(all_slips())
    kinds = {each.kind for each in all_slips()}
    assert {operator.kind for operator in OPERATORS} - kinds == NOT_IN_THE_DOCUMENT
    assert {each.part for each in all_slips()} == {"eq", *"abcdefgh"}


@pytest.mark.slow
def test_a_share_is_drawn_from_all_parts_and_is_the_same_every_time() -> None:
    again = chosen(all_slips(), SHARE, SEED)
    assert [each.text for each in drawn()] == [each.text for each in again]
    assert len({each.part for each in drawn()}) == 9
    assert len({each.kind for each in drawn()}) > 20


def proves_everything(claim: Claim) -> Judgement:
    return Judgement(claim, Verdict.PROVED)


def ignores_signs(claim: Claim) -> Judgement:
    found = judge(claim)
    if found.verdict is Verdict.PROVED or claim.misfit is not None:
        return found
    return judge(replace(claim, right=Negative(claim.terms[1])))


def ignores_conditions(claim: Claim) -> Judgement:
    for condition in claim.conditions:
        others = tuple(each for each in claim.conditions if each is not condition)
        if judge(replace(claim, conditions=others)).verdict is Verdict.REFUTED:
            return Judgement(claim, Verdict.PROVED)
    return judge(claim)


def breaks(claim: Claim) -> Judgement:
    raise LookupError("planted")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("checker", "kinds"),
    [
        (proves_everything, ("letter exchanged", "term dropped")),
        (ignores_signs, ("sign of a term",)),
        (ignores_conditions, ("relation negated", "assumption negated", "term dropped")),
    ],
)
def test_a_checker_with_a_mistake_is_found_out(checker: Judge, kinds: tuple[str, ...]) -> None:
    mutants = by_kind(*kinds)
    assert fates(mutants, judge)[Fate.MISSED] == 0
    assert fates(mutants, checker)[Fate.MISSED] > 0


@pytest.mark.slow
def test_the_command_fails_where_a_false_line_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.mutation.campaign.run", partial(run, by=proves_everything))
    assert main(["--count", "10", "--seed", "3"]) == 1
    assert "missed (" in capsys.readouterr().out


@pytest.mark.slow
def test_two_processes_find_what_one_finds() -> None:
    one, two = (run(drawn()[:24], jobs=jobs) for jobs in (1, 2))
    assert [found.fate for found in one] == [found.fate for found in two]


@pytest.mark.slow
def test_a_checker_that_breaks_fails_the_campaign() -> None:
    mutants = by_kind("doubled", count=3)
    results = list(zip(mutants, run(mutants, by=breaks), strict=True))
    assert failed(results)


@pytest.mark.slow
def test_a_logarithm_of_something_negative_is_not_called_true() -> None:
    mutants = [each for each in all_slips() if each.kind == "minus moved outside"]
    (formal,) = [each for each in mutants if each.line == "f.5" and "_k^T" in each.words]
    (found,) = run([formal])
    assert found.fate is Fate.UNDECIDED
    (believed,) = run([formal], by=lambda claim: Judgement(claim, Verdict.PROVED))
    assert believed.fate is Fate.MISSED


@pytest.mark.slow
def test_a_false_line_is_seen_to_differ_at_random_points() -> None:
    refuted = [mutant for mutant, found in share() if found.fate is Fate.REFUTED]
    assert len(refuted) > 32
    for mutant in refuted:
        assert seen(mutant.claim(), mutant.equality.scope).differ, mutant.text


def test_a_difference_too_small_for_intervals_is_seen_exactly() -> None:
    scope = true_lines()[0].equality.scope
    x = Reference(Variable((), "x", "x"))
    little = Number(Fraction(1, 10**70))
    for right, differ in ((Plus((x, little)), True), (x, False)):
        found = seen(Claim("x", "x", "", "", x, right), scope)
        assert (found.differ, found.true) == (differ, not differ)


@pytest.mark.slow
def test_a_mutant_that_takes_too_long_is_counted_as_such() -> None:
    def dawdles(claim: Claim) -> Judgement:
        sleep(5)
        return judge(claim)

    (found,) = run(by_kind("doubled", count=1), by=dawdles, seconds=0.05)
    assert found.fate is Fate.LATE
    assert found.seconds < 1


@pytest.mark.slow
def test_the_command_ends_with_a_summary_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "20", "--seed", "3"]) == 0
    assert "0 missed, 0 fault" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--jobs", "x"], ["more"]])
def test_wrong_usage_is_status_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2


CHECKERS = (checkers.JUDGE, checkers.EQUALS, checkers.NUMBERS)


def case(latex: str, truth: Truth = Truth.TRUE) -> Case:
    line = read(latex)
    left, right = latex.split(" = ", 1)
    return Case(latex, truth, (left, right), line.equality.scope, line.claim)


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", Opinion.ACCEPTED),
        (r"\sigma'(z) = \sigma(z) (1 + \sigma(z))", Opinion.REJECTED),
        (r"\sum_w y_w u_w = u_o", Opinion.ACCEPTED),
        (r"\frac{\partial}{\partial v_c} u_o^T v_c = u_o", Opinion.ACCEPTED),
        (r"\frac{\partial}{\partial v_c} u_o^T v_c = 2 u_o", Opinion.REJECTED),
    ],
)
def test_a_checker_tells_true_from_false(checker: Checker, latex: str, expected: Opinion) -> None:
    assert checker.says(case(latex)) is expected


def test_what_was_said_is_counted_by_what_is_known() -> None:
    lines = [
        case(r"\sigma(z) = 1 - \sigma(-z)"),
        case(r"\sigma(z) = 1 + \sigma(-z)", Truth.FALSE),
        case(r"U y = y^T U^T", Truth.ILL_TYPED),
    ]
    yes = Checker("yes", "", lambda case: Opinion.ACCEPTED, components=True)
    found = answers(yes, lines, 5.0)
    assert found.cell(Truth.FALSE, Opinion.ACCEPTED) == "1 of 1"
    assert found.cell(Truth.TRUE, Opinion.REJECTED) == "0 of 1"
    assert found.cell(Truth.ILL_TYPED, Opinion.ACCEPTED) == "not asked"
    assert found.wrong == [r"accepted though false: \sigma(z) = 1 + \sigma(-z)"]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "math_verify", None)
    called, missing = installed(checkers.PEERS, ["pycodemath"])
    assert [*called] == [each.name for each in CHECKERS]
    assert missing == ["math-verify is left out: pip install math-verify"]
