"""Each operator makes the change it is named after, and nothing else is called by its name."""

from __future__ import annotations

import pytest

from derivations.edits import OPERATORS, variants
from derivations.reader.written import written
from tests.edits.reading import setting, tree

WITHOUT_CENTER = r"\sum_{\substack{-m \le j \le m \\ j \ne 0}} z"
EXAMPLES = [
    ("exp inserted", r"\sum_w u_w^T v_c", r"\sum_w \exp(u_w^T v_c)"),
    ("exp inserted", r"1 + z", r"1 + e^z"),
    ("exp dropped", r"\sum_w \exp(u_w^T v_c)", r"\sum_w u_w^T v_c"),
    ("exp dropped", r"1 + e^{-z}", r"1 - z"),
    ("log inserted", r"-\sigma(z)", r"-\log(\sigma(z))"),
    ("log dropped", r"-\log(\hat{y}_o)", r"-\hat{y}_o"),
    ("sign of a term", r"1 - \sigma(z)", r"1 + \sigma(z)"),
    ("sign of an argument", r"\sigma(z)", r"\sigma(-z)"),
    ("sign of an argument", r"\sigma(-z)", r"\sigma(z)"),
    ("minus moved outside", r"\sigma(-z)", r"-\sigma(z)"),
    ("brackets dropped behind a minus", r"1 - (z - 2)", r"1 - z - 2"),
    ("letter exchanged", r"u_o", r"u_w"),
    ("letter exchanged", r"\sum_w u_w", r"\sum_w u_o"),
    ("letter exchanged everywhere", r"\hat{y}_w - y_w", r"\hat{y}_o - y_o"),
    ("nought and letter", r"\hat{y}_0", r"\hat{y}_o"),
    ("nought and letter", r"\hat{y}_o", r"\hat{y}_0"),
    ("name exchanged", r"u_o", r"v_o"),
    ("hat put or dropped", r"U \hat{y}", r"U y"),
    ("subscript dropped", r"\log(\hat{y}_w)", r"\log(\hat{y})"),
    ("subscript added", r"\log(\hat{y})", r"\log(\hat{y}_w)"),
    ("transpose dropped", r"U^T y", r"U y"),
    ("transpose added", r"U y", r"U y^T"),
    ("side transposed", r"-y^T U^T + \hat{y}^T U^T", r"-U y + U \hat{y}"),
    ("factors exchanged", r"U y", r"y U"),
    ("factor dropped", r"\sigma(z) v_c", r"v_c"),
    ("factor added", r"\sigma(z) - z", r"\sigma(z) z - z"),
    ("term dropped", r"v_c + u_o", r"u_o"),
    ("fraction turned over", r"\frac{z}{1 + z}", r"\frac{1 + z}{z}"),
    ("denominator dropped", r"\frac{1 + z}{2} z", r"(1 + z) z"),
    ("restriction dropped", r"\sum_{w \ne o} u_w", r"\sum_w u_w"),
    ("restriction added", r"\sum_{-m \le j \le m} z", WITHOUT_CENTER),
    ("relation negated", r"\mathbb{1}_{w = o}", r"\mathbb{1}_{w \ne o}"),
    ("relation negated", r"z (w \ne c)", r"z (w = c)"),
    ("bound shifted", r"\sum_{k = 1}^K z", r"\sum_{k = 2}^K z"),
    ("bound shifted", r"\sum_{k = 1}^K z", r"\sum_{k = 1}^{K - 1} z"),
    ("range by words", r"\sum_{i = 1}^K z", r"\sum_{i : w_i \ne w_k} z"),
    ("sum dropped", r"1 + \sum_w u_w", r"1 + u_w"),
    ("condition dropped", r"z (w \ne c)", r"z"),
    ("number changed", r"1 + z", r"2 + z"),
    ("doubled", r"\sigma(z)", r"2 \sigma(z)"),
    ("square dropped", r"(1 + z)^2", r"(1 + z)"),
    ("square added", r"\frac{1}{1 + z}", r"\frac{1}{(1 + z)^2}"),
    ("complement dropped", r"v_c [1 - \sigma(z)]", r"v_c [\sigma(z)]"),
    ("complement added", r"\sigma(z) v_c", r"(1 - \sigma(z)) v_c"),
]  # fmt: skip
UNTOUCHED = [
    ("bound shifted", r"\sum_w u_w"),
    ("relation negated", r"P(O = o | C = c)"),
    ("factors exchanged", r"\frac{\partial}{\partial v_c} P(O = o | C = c)"),
    ("fraction turned over", r"\frac{\partial}{\partial v_c} \sigma(z)"),
    ("condition dropped", r"\sigma(z)"),
    ("nought and letter", r"1 + 0"),
    ("number changed", r"\sum_{k = 1}^K z"),
]


@pytest.mark.parametrize(("kind", "before", "after"), EXAMPLES)
def test_an_operator_makes_the_change_it_is_named_after(kind: str, before: str, after: str) -> None:
    (operator,) = [each for each in OPERATORS if each.kind == kind]
    made = {written(edit.tree) for edit in operator(tree(before), setting(before))}
    assert written(tree(after)) in made


@pytest.mark.parametrize(("kind", "before"), UNTOUCHED)
def test_an_operator_leaves_alone_what_is_none_of_its_business(kind: str, before: str) -> None:
    (operator,) = [each for each in OPERATORS if each.kind == kind]
    assert list(operator(tree(before), setting(before))) == []


def test_every_operator_has_a_name_of_its_own_and_an_example() -> None:
    kinds = [operator.kind for operator in OPERATORS]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) == {kind for kind, _, _ in EXAMPLES}


def test_every_variant_is_new_and_there_once() -> None:
    side = r"-u_o + \sum_x \frac{\exp(u_x^T v_c)}{\sum_w \exp(u_w^T v_c)} u_x"
    texts = [written(edit.tree) for edit in variants(tree(side), setting(side))]
    assert len(texts) > 80
    assert len(set(texts)) == len(texts)
    assert written(tree(side)) not in texts


def test_edits_are_said_in_words() -> None:
    side = r"\sum_w u_w^T v_c"
    words = {edit.words for edit in variants(tree(side), setting(side))}
    assert "exp around " + written(tree("u_w^T v_c")) in words
    assert r"\sum_w dropped" in words
