"""Derivatives are found by two routes; a fault in either is found out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sympy import Expr, Integer, exp, log
from sympy.core.cache import clear_cache

from derivations import verify
from derivations.claim import Verdict
from derivations.language import index_nodes
from derivations.language.index_nodes import rebuilt
from derivations.proof import decide, normal_form
from derivations.proof.domain import Dual, Pair
from derivations.proof.field import Value
from derivations.proof.judge import Disagreement, judge
from derivations.report.stdio import PROGRAM_ERROR
from derivations.word2vec.claims import CLAIMS

CALLED = {claim.id: claim for claim in CLAIMS}


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """What a broken program worked out must not be found by the next test."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    clear_cache()
    index_nodes._differentiated.cache_clear()
    index_nodes._by.cache_clear()
    normal_form._read.cache_clear()


def _capturing(expression: Expr) -> Any:
    """Definitions replaced by their bodies, bound names left as they are."""
    return rebuilt(expression, {}, lambda index, _: index, unfolding=True)


@pytest.mark.parametrize(
    ("fault", "owner", "name", "broken", "claim"),
    [
        ("the derivative of exp is one", exp, "fdiff", lambda *_: Integer(1), "b.entry"),
        ("the derivative of log is one", log, "fdiff", lambda *_: Integer(1), "c.any"),
        ("bound names are not renamed", index_nodes, "unfold", _capturing, "d.columns"),
    ],
)
def test_a_fault_in_the_derivative_by_sympy_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, fault: str, owner: Any, name: str, broken: Any, claim: str
) -> None:
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


@pytest.mark.parametrize("claim", ["b.entry", "c.any", "e.derivative", "g.row", "h.U"])
def test_a_derivative_by_sympy_that_is_always_zero_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    monkeypatch.setattr(index_nodes, "_differentiated", lambda _: Integer(0))
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


def _first_factor_only(dual: Dual, left: Pair, right: Pair) -> Pair:
    value = dual.base.multiply(left.value, right.value)
    return Pair(value, dual.base.multiply(left.tangent, right.value))


def _no_inner_derivative(dual: Dual, pair: Pair) -> Pair:
    value = dual.base.exp(pair.value)
    return Pair(value, value)


def _log_upside_down(dual: Dual, pair: Pair) -> Pair:
    return Pair(dual.base.log(pair.value), dual.base.multiply(pair.tangent, pair.value))


def _exponent_forgotten(dual: Dual, pair: Pair, exponent: int) -> Pair:
    outer = dual.base.power(pair.value, exponent - 1)
    return Pair(dual.base.power(pair.value, exponent), dual.base.multiply(outer, pair.tangent))


def _constant(dual: Dual, key: Any) -> Pair:
    return Pair(dual.base.parameter(key), dual.zero)


@pytest.mark.parametrize(
    ("rule", "broken", "claim"),
    [
        ("multiply", _first_factor_only, "b.entry"),
        ("exp", _no_inner_derivative, "c.other"),
        ("log", _log_upside_down, "f.outside"),
        ("power", _exponent_forgotten, "e.derivative"),
        ("parameter", _constant, "g.center"),
    ],
)
def test_a_fault_in_a_rule_of_calculus_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, rule: str, broken: Callable[..., Pair], claim: str
) -> None:
    monkeypatch.setattr(Dual, rule, broken)
    with pytest.raises(Disagreement, match="by rule and the one in index notation differ"):
        judge(CALLED[claim])


def test_a_disagreement_has_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(index_nodes, "_differentiated", lambda _: Integer(0))
    assert verify.main(["e.derivative"]) == PROGRAM_ERROR
    assert "e.derivative" in "".join(capsys.readouterr())


@pytest.mark.parametrize("claim", ["c.other", "h.U"])
def test_both_routes_are_compared_at_ever_larger_and_more_varied_instances(
    monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    compared = []

    def counted(run: decide._Run, side: decide.Side, value: Value) -> None:
        compare(run, side, value)
        compared.append((run.instance, side.form))

    compare = decide._Run._compare
    monkeypatch.setattr(decide._Run, "_compare", counted)
    assert judge(CALLED[claim]).verdict is Verdict.PROVED
    left = decide.question_of(CALLED[claim]).left
    at = [instance for instance, form in compared if form == left.form]
    varied = [decide._variety(instance) for instance in at]
    assert varied == sorted(varied)
    assert len(set(varied)) >= 3
    assert any(len(set(each.sizes.values())) > 1 for each in at)
