"""Lines are judged with a reason, a counterexample and an explanation."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flint import fmpz

from derivations.claim import Claim, Judgement, Verdict
from derivations.report import workers
from derivations.report.explain import explained, explanation
from derivations.report.judging import Judge, judge_all
from derivations.report.results import Results
from derivations.report.statement import as_python, in_short
from derivations.report.style import rendered
from derivations.report.workers import Limits
from tests.report.test_screen import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    SUBJECT,
    WITNESS,
    at_odds,
    everything,
    knowing,
)

# Claims judged at once are judged as if one by one, and what one of them does costs it alone.


CLAIMS = SUBJECT.everything
TIGHT = Limits(seconds=0.5, memory=64)


@pytest.fixture(params=[1, 2])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(workers, "cores", lambda: request.param)
    return int(request.param)


def _nobody(_: str) -> None:
    """Hears of what is judged."""


@pytest.mark.usefixtures("processes")
def test_judgements_come_in_the_order_of_the_claims_with_their_claims() -> None:
    heard: list[str] = []
    judgements = judge_all(CLAIMS, knowing, "default", heard.append)
    assert judgements == [knowing(claim) for claim in CLAIMS]
    assert all(found.claim is claim for found, claim in zip(judgements, CLAIMS, strict=True))
    assert sorted(heard) == sorted(claim.id for claim in CLAIMS)


@pytest.mark.usefixtures("processes")
def test_the_sizes_asked_for_reach_the_judge() -> None:
    judgement, *_ = judge_all(CLAIMS, knowing, "full", _nobody)
    assert judgement.proofs[0].detail == "the difference is zero; full sizes"


@pytest.mark.usefixtures("processes")
def test_a_disagreement_leaves_its_claim_undecided_and_the_others_judged() -> None:
    found = {each.claim.id: each for each in judge_all(CLAIMS, at_odds, "default", _nobody)}
    at_fault = found.pop(OTHER.id)
    assert (at_fault.verdict, at_fault.disagreement) == (Verdict.UNDECIDED, True)
    assert "normal form: zero; small sizes: not zero at N = 2" in at_fault.reason
    assert list(found.values()) == [knowing(claim) for claim in CLAIMS if claim is not OTHER]


def test_several_cores_are_used_where_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)

    def where(claim: Claim, sizes: str) -> Judgement:
        time.sleep(0.1)
        return Judgement(claim, Verdict.PROVED, reason=str(os.getpid()))

    judged_in = {judgement.reason for judgement in judge_all(CLAIMS, where, "", _nobody)}
    assert len(judged_in) == 2
    assert str(os.getpid()) not in judged_in


def broken() -> None:
    raise ZeroDivisionError("planted")


def recursive(depth: int = 0) -> int:
    return recursive(depth + 1) + 1


def exhausting() -> None:
    raise MemoryError


def hungry() -> list[bytes]:
    return [b"." * 2**20 for _ in range(2**14)]


def hungry_in_c() -> None:
    faulthandler.disable()
    fmpz(3) ** (2**34)


def endless() -> None:
    while True:
        pass


def endless_in_c() -> None:
    3 ** (2**30)


def asleep() -> None:
    time.sleep(60)


def aborted() -> None:
    faulthandler.disable()  # of the tests' own
    os.kill(os.getpid(), signal.SIGSEGV)


def left() -> None:
    os._exit(7)


def interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    raise ValueError("an interrupt is left to the parent")


def unspeakable() -> Callable[[], None]:
    return lambda: None


PLANTED = {
    broken: "an error of this program, ZeroDivisionError: planted",
    recursive: "nested too deep",
    exhausting: "more than 64 MiB of memory (--memory)",
    hungry: "more than 64 MiB of memory (--memory)",
    hungry_in_c: "more than 64 MiB of memory (--memory)",
    endless: "more than 0.5 s (--budget)",
    endless_in_c: "more than 0.5 s (--budget)",
    asleep: "more than 0.5 s (--budget)",
    aborted: "its process crashed (SIGSEGV)",
    left: "its process ended with code 7",
    interrupted: "an interrupt is left to the parent",
}


def failing(fault: Callable[[], object]) -> Judge:
    """A judge that does something terrible with one claim."""

    def judge(claim: Claim, sizes: str) -> Judgement:
        if claim.id == OTHER.id:
            fault()
        return knowing(claim, sizes)

    return judge


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: str(fault.__name__))
def test_what_is_raised_or_takes_too_much_costs_its_claim(fault: Callable[[], object]) -> None:
    start = time.monotonic()
    heard: list[str] = []
    judgements = judge_all(CLAIMS, failing(fault), "default", heard.append, TIGHT)
    found = {each.claim.id: each for each in judgements}
    assert found[OTHER.id].verdict is Verdict.UNDECIDED
    assert PLANTED[fault] in found[OTHER.id].reason
    assert "Traceback" not in found[OTHER.id].reason
    others = [claim for claim in CLAIMS if claim is not OTHER]
    assert [found[claim.id] for claim in others] == [knowing(claim) for claim in others]
    assert sorted(heard) == sorted(claim.id for claim in CLAIMS)
    assert time.monotonic() - start < 30


def test_evidence_that_cannot_be_sent_costs_its_claim() -> None:
    def judge(claim: Claim, sizes: str) -> Judgement:
        return Judgement(claim, Verdict.PROVED, reason=unspeakable())  # type: ignore[arg-type]

    (judgement,) = judge_all((CLAIM,), judge, "default", _nobody)
    assert judgement.verdict is Verdict.UNDECIDED
    assert "an error of this program" in judgement.reason


def test_all_claims_may_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)

    def judge(claim: Claim, sizes: str) -> Judgement:
        asleep()
        return knowing(claim, sizes)

    judgements = judge_all(CLAIMS, judge, "default", _nobody, Limits(seconds=0.1))
    assert {each.verdict for each in judgements} == {Verdict.UNDECIDED}


def test_no_process_is_left_when_whoever_listens_fails() -> None:
    def listening(_: str) -> None:
        raise KeyboardInterrupt

    def judge(claim: Claim, sizes: str) -> Judgement:
        if claim is not CLAIMS[0]:
            time.sleep(60)
        return knowing(claim, sizes)

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        judge_all(CLAIMS, judge, "full", listening)
    assert time.monotonic() - start < 30


def test_without_fork_and_a_way_to_the_claims_all_is_judged_in_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "FORKS", False)

    def where(claim: Claim, sizes: str) -> Judgement:
        if claim is OTHER:
            broken()
        return Judgement(claim, Verdict.PROVED, reason=str(os.getpid()))

    first, second = judge_all((CLAIM, OTHER), where, "", _nobody)
    assert first.reason == str(os.getpid())
    assert second.verdict is Verdict.UNDECIDED


def claims_again() -> tuple[Claim, ...]:
    return everything().everything


def sleeping(claim: Claim, sizes: str) -> Judgement:
    return failing(asleep)(claim, sizes)


@pytest.mark.slow
def test_processes_that_cannot_be_forked_come_by_the_claims_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "FORKS", False)
    limits = Limits(seconds=5)
    judgements = judge_all(CLAIMS, sleeping, "default", _nobody, limits, claims_again)
    found = {each.claim.id: each for each in judgements}
    assert limits.too_long in found[OTHER.id].reason
    assert found[CLAIM.id] == knowing(CLAIM)


# A counterexample can be read at a glance and typed into Python.


def test_the_lines_run_as_python_and_give_the_values() -> None:
    names: dict[str, object] = {}
    exec("\n".join(as_python(WITNESS)), names)
    assert names["N"] == 2
    assert names["c"] == 1
    assert names["near"] == {-1: 2, 1: 1}
    assert names["V"] == [[0.5], [-1]]
    assert names["z"] == 3


def test_an_entry_that_neither_side_reads_is_zero() -> None:
    sparse = replace(WITNESS, words={}, values={"U[2,2]": "1", "U[1,1]": "5"})
    assert as_python(sparse) == ["N, d = 2, 1", "U = [[5, 0], [0, 1]]"]


def test_in_short_it_is_the_sizes_and_both_sides() -> None:
    assert in_short(WITNESS) == "N=2, d=1: 0.268 ≠ 0.731"


def test_sides_that_are_close_are_shown_with_the_digits_that_tell_them_apart() -> None:
    close = replace(WITNESS, left=("-1.00001", "-1.000009"), right=("-1.00002", "-1.00002"))
    assert in_short(close) == "N=2, d=1: −1.00001 ≠ −1.00002"


def test_a_side_that_may_be_zero_is_shown_as_zero() -> None:
    around_zero = replace(WITNESS, left=("-0.00000001", "0.00000001"))
    assert in_short(around_zero) == "N=2, d=1: 0 ≠ 0.731"


def test_sides_closer_than_floats_are_shown_as_certified() -> None:
    low, high = "1.00000000000000000001", "1.00000000000000000002"
    tiny = replace(WITNESS, sizes={}, left=(low, low), right=(high, high))
    assert in_short(tiny) == f"{low} ≠ {high}"


# One claim in full: everything there is to know of it, and to try by hand.


def _of_claim(judgement: Judgement) -> str:
    return _shown(Results((judgement,), (), 1.0))


def _of_slip(judgement: Judgement) -> str:
    return _shown(Results((), (judgement,), 1.0))


def _shown(results: Results) -> str:
    return rendered(explanation(results, explained(results)))


def test_a_proved_claim_is_shown_with_all_its_sections_in_order() -> None:
    text = _of_claim(knowing(OTHER))
    headings = [line for line in text.splitlines()[2:] if line and not line.startswith(" ")]
    assert headings == [
        "Statement",
        "For all",
        "Provided that",
        "Where",
        "Derivative found on the left",
        "Normal form of the left side",
        "Normal form of the right side",
        "Normal form of the difference",
        "Arguments",
    ]
    assert text.startswith("c.other  ✓ proved  in 1 ms\nanother claim (claim; ")
    assert "  ∂J_naive/∂V[c,i] = V[c,i]  (x ≠ o)\n" in text
    assert "  ✓ small sizes: N up to 4; default sizes (34 instances)\n" in text


def test_a_refuted_claim_is_shown_with_numbers_to_try_by_hand() -> None:
    text = _of_slip(knowing(SLIP))
    assert "the exp forgotten (false claim; " in text
    assert "  N, d = 2, 1\n" in text
    assert "  V = [[1/2], [-1]]\n" in text
    assert "  left side between 0.268 and 0.269\n" in text
    assert "  ✗ normal form: the difference is not zero\n" in text


def test_a_side_known_exactly_is_shown_as_a_number() -> None:
    judgement = knowing(SLIP)
    assert judgement.witness
    exact = replace(judgement, witness=replace(judgement.witness, left=("1", "1")))
    assert "  left side = 1\n" in _of_slip(exact)


def test_an_ill_typed_claim_is_shown_with_its_reason() -> None:
    text = _of_slip(knowing(SHAPELESS))
    assert "✓ ill-typed" in text
    assert "Reason\n  (N, d) does not fit (N, 1)\n" in text


def test_a_claim_that_is_refuted_has_not_passed() -> None:
    assert "✗ refuted" in _of_claim(knowing(SLIP))
