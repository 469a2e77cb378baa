"""Common declarations by name stand for what they say, and for nothing else."""

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line

PLAIN = "size K >= 1\nindex k, c in 1..K\nvector p, z in R^K\nscalar x\n"
# what is used: a true line about it, and a false one
USED = {
    "use sigmoid": (r"1 - \sigma(x) = \sigma(-x)", r"1 - \sigma(x) = \sigma(x)"),
    "use softmax": (
        r"\sum_k \mathrm{softmax}(z)_k p_k = p^T \mathrm{softmax}(z)",
        r"\sum_k \mathrm{softmax}(z)_k p_k = p^T z",
    ),
    "use softmax of each row": (
        r"\sum_k \mathrm{softmax}(z p^T)_{ck} = 1",
        r"\sum_k \mathrm{softmax}(z p^T)_{kc} = 1",
    ),
    "use softmax of each column": (
        r"\sum_k \mathrm{softmax}(z p^T)_{kc} = 1",
        r"\sum_k \mathrm{softmax}(z p^T)_{ck} = 1",
    ),
    "use one-hot y of c": (r"\sum_k y_k z_k = z_c", r"\sum_k y_k z_k = \sum_k z_k"),
    "use one-hot y of c, cross-entropy of y and p": (
        r"\mathrm{CE}(y, p) = -\log(p_c)",
        r"\mathrm{CE}(y, p) = \log(p_c)",
    ),
    "use word2vec": (
        r"\frac{\partial}{\partial v_c} J_{naive-softmax}(v_c, o, U) = U (\hat{y} - y)",
        r"\frac{\partial}{\partial v_c} J_{naive-softmax}(v_c, o, U) = U (y - \hat{y})",
    ),
}


def verdicts(used: str, *displays: str) -> list[str]:
    plain = "" if used == "use word2vec" else PLAIN
    shown = "\n\n".join(f"$${display}$$" for display in displays)
    found = reading(f"```given\n{plain}{used}\n```\n\n{shown}\n", "text.md")
    assert found.problems == ()
    assert all(isinstance(each, Line) for each in found.entries)
    return [judge(line.claim).verdict.value for line in found.lines]


@pytest.mark.parametrize("used", USED)
def test_what_is_used_means_what_it_says(used: str) -> None:
    assert verdicts(used, *USED[used]) == ["proved", "refuted"]


WRONG = {
    "use sigmiod": "nothing common has this name; did you mean sigmoid?",
    "use one-hot y of x": "there is no other index of the set of x; declare two of them",
    "use cross-entropy of q and p": (
        "q is no vector with an index; declare q, and an index of its set"
    ),
}


@pytest.mark.parametrize("used", WRONG)
def test_what_cannot_be_used_is_refused_with_what_would_settle_it(used: str) -> None:
    found = reading(f"```given\n{PLAIN}{used}\n```\n\n$$x = x$$\n", "text.md")
    (problem,) = found.problems
    assert problem.said == WRONG[used]
    assert problem.place.line == 6


def test_what_is_used_is_declared_by_the_block_and_not_twice() -> None:
    text = "```given\nscalar x\nuse sigmoid\nuse sigmoid\n```\n\n$$x = x$$\n"
    (problem,) = reading(text, "text.md").problems
    assert "declared a second time" in problem.said
