"""Kernels from written derivations: what a document offers, and what fits across two of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Symbol, exp

from codegen.arrays.nodes import LoweringError
from codegen.emitted import module_text
from codegen.grounds import Document, Misuse, NotProved, equalities, require_fit, require_proved
from codegen.kernel import Module
from codegen.matching import same_function
from codegen.subjects import CLAIMS, MODULES, cbow, glove
from derivations.claim import Verdict
from derivations.language.index_nodes import define
from derivations.proof.judge import judge
from derivations.word2vec.losses import c, naive_softmax, o, sigma, sigma_by_sign, z

t = Symbol("t", real=True)
KERNEL: Any = cbow.MODULES[0].functions[1]
STATED = equalities(CLAIMS)


def test_every_claim_has_an_id_of_its_own() -> None:
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)


def test_a_line_stands_for_its_chain_from_the_start() -> None:
    document = Document("cbow")
    line = next(line for line in document.derivation.lines if line.id == "s.6")
    assert line.from_start is not None
    assert document.claims["s.6"] == replace(line.from_start, id="cbow.s.6")
    assert document.claims["s.3"].left == document.claims["s.6"].left


def test_the_sigmoid_of_a_document_is_the_one_that_the_stable_forms_are_of() -> None:
    own = Document("cbow").function("n", r"\sigma")(t).func
    assert own is not sigma
    assert same_function(own, sigma)
    assert same_function(sigma, sigma)
    assert not same_function(own, sigma_by_sign)
    assert not same_function(own, define("sigma", "σ({t})", (t,), 1 / (1 + exp(t))))
    assert not same_function(own, naive_softmax)
    assert not same_function(type(naive_softmax(c, o)), define("f", "f", (o, c), z))


def test_a_refuted_line_is_not_lowered() -> None:
    x = Document("cbow").index("s", "x")
    faulty = replace(
        KERNEL, outputs=(KERNEL.outputs[0], cbow.document.gradient("grad_V", "s.7", x))
    )
    assert judge(cbow.document.claims["s.7"]).verdict is Verdict.REFUTED
    with pytest.raises(NotProved, match=r"cbow\.s\.7 is refuted"):
        require_proved([faulty], CLAIMS)


def test_the_gradient_of_another_loss_does_not_fit() -> None:
    x = Document("cbow").index("s", "x")
    other = replace(KERNEL, outputs=(KERNEL.outputs[0], cbow.document.gradient("grad_V", "n.3", x)))
    with pytest.raises(Misuse, match="no gradient of"):
        require_fit(other, STATED)


def test_a_line_under_a_condition_does_not_fit() -> None:
    under = cbow.document.gradient("grad_V", "s.9", Document("cbow").index("s", "x"))
    with pytest.raises(Misuse, match="only under conditions"):
        require_fit(replace(KERNEL, outputs=(KERNEL.outputs[0], under)), STATED)


@pytest.mark.parametrize("name", ["words", "row_sums", "np"])
def test_a_name_that_would_hide_a_function_is_refused(name: str) -> None:
    kernel: Any = glove.MODULES[0].functions[2]
    renamed = tuple(
        replace(argument, name=name) if argument.name == "rows" else argument
        for argument in kernel.arguments
    )
    with pytest.raises(LoweringError, match=f"hides {name}"):
        module_text(Module("new.py", "New.", (replace(kernel, arguments=renamed),)), STATED)


def test_every_module_says_what_it_is_made_from() -> None:
    root = Path(__file__).parents[2]
    for module in MODULES:
        assert all((root / part).exists() for part in module.origin.split(" and ")), module.path
