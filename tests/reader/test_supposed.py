"""What the text supposes of declared things keeps the lines that depend on them from falling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line

GIVEN = """```given
size n >= 1
size N >= 2
index i, j in 1..n
vector x, y in R^n
scalar a, b
scalar s > 0
define J = x^T x
define f(t) = t^2
```

"""
TRUE_UNDER_IT = (
    "Suppose that $a > 0$. Then $$|a| = a$$",
    "Suppose that $a > 0$.\n\nThen $$b = b$$ and so $$\\sqrt{a^2} = a$$",
    "Let $a = 2 b$. Then $$a + b = 3 b$$",
    "With $a = b$ we find $$a + b = 2 b$$",
    "We get $$a + b = 2 b$$ where $a = b$.",
    "Let $a \\in \\{0, 1\\}$. Then $$a^2 = a$$",
    "Let $$a = 2 b.$$",
    "We have $$b = b$$ where $$a = 2 b.$$",
    "We have $$a = a$$ where $a = b$. Moreover $$a + b = 2 b$$",
    "Recall $a = b$. Hence $$a + b = 2 b$$",
    "By definition, $a = b$.\n\nHence $$a + b = 2 b$$",
    "Subject to $a + b = 1$ we minimise. We find $$a = 1 - b$$",
    "Here $a$ is positive. Then $$|a| = a$$",
    "Let $a, b > 0$. Then $$|a| = a$$",
    "Let $$a = 2 b.$$ Then $$a + b = 3 b$$",
    "Assume $$\\begin{aligned} b &= 1 \\\\ a &= b \\end{aligned}$$ Then $$a = 1$$",
    "Setting $\\nabla_x J = 0$ gives $$x = 0$$",
    "Assume that $\\|x\\| = 1$. Then $$J = 1$$",
    "Take $n = 1$. Then $$\\sum_i x_i = x_1$$",
    "Let $i = j$. Then $$x_i = x_j$$",
    "$$a := 2 b$$",
    "$$a \\triangleq 2 b$$\n\nSo $$a + b = 3 b$$",
    "\\begin{align} b &= b \\\\ a &:= 2 b \\end{align}\n\nSo $$a + b = 3 b$$",
    "Suppose $N > 2$. Then $$2 N = N$$",
    "Suppose $s > 2$. Then $$2 s = s$$",
)


def last(text: str) -> Line:
    line = reading(GIVEN + text, "own.md").entries[-1]
    assert isinstance(line, Line)
    by_itself = replace(line.claim, under=None, determines="")
    assert judge(by_itself).verdict.value == "refuted"
    return line


@pytest.mark.parametrize("text", TRUE_UNDER_IT)
def test_what_may_hold_under_it_is_not_refuted(text: str) -> None:
    line = last(text)
    if line.claim.under is not None:  # what the text supposes was read
        assert judge(line.claim).verdict.value in ("proved", "undecided")
        return
    assert line.doubt is not None
    assert "may be a condition" in line.doubt.what
    assert "- if $...$" in line.doubt.advice


FALSE_ALL_THE_SAME = (
    "Suppose that $a > 0$. Then $$|b| = b$$",
    "Let $s > 0$. Then $$2 s = s$$",
    "Let $J = x^T x$. Then $$2 J = x^T x$$",
    "Let $f(t) = t^2$. Then $$f(a) = 2 a$$",
    "Let $L = 2 b$, and $n \\ge 1$. Then $$\\frac{b}{n} = b$$",
    "Let $x = (x_1, \\dots, x_n)$ be any vector. Then $$x_i = 1$$",
    "Let $x \\in R^n$ and $i \\in \\{1, \\dots, n\\}$. Then $$x_i = 1$$",
    "Let us compute it. We find $$a = b$$",
    "Let us now say what it is: $$a = b$$",
    "We have $$a = a$$ where $i = j$. Moreover $$x_i = x_j$$",
    "Let $a, b \\in R$. Then $$a = b$$",
    "Here $s$ is positive. Then $$2 s = s$$",
    "The positive examples are $a$. Then $$a = b$$",
    "It follows that $a^2 + b^2 = 2 a b$. Then $$a = b$$",
    "Assume that $\\|x\\| = 1$. Then $$y^T y = 1$$",
    "$$a + b := 2 a$$\n\nSo $$a = b$$",
    "$$a := a - b$$\n\nSo $$a = b$$",
    "Let $a = b$.\n\n## (b)\n\n$$a + b = 2 b$$",
    "Let $N > 1$. Then $$2 N = N$$",
)


@pytest.mark.parametrize("text", FALSE_ALL_THE_SAME)
def test_what_does_not_depend_on_it_is(text: str) -> None:
    assert last(text).doubt is None
