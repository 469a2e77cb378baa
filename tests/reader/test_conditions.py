"""Conditions such as a derivative set to zero are no claims, and what follows from them is judged.

Each text below has the verdicts of its lines: P proved, R refuted, U undecided, N not read, I
ill-typed. Texts that mislead stand beside those that are right: none of what is false in them is
proved, and none of what is true refuted.
"""

from __future__ import annotations

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line, NotRead

GIVEN = r"""```given
size n, d, K >= 1
index i in 1..n
index k, j in 1..K
vectors x_i in R^d, rows of X
vector y, z in R^n
vector w, \mu in R^d
vector N, \pi in R^K
scalar a, b, c, m, \phi, \lambda, \beta
scalar \sigma, \rho > 0
if X^T X invertible
define J = \frac{1}{2} (X w - y)^T (X w - y)
define L = \sum_i y_i \log \phi + \sum_i (1 - y_i) \log(1 - \phi)
define G = - n \log \sigma - \frac{1}{2 \sigma^2} \sum_i (z_i - m)^2
define P = \sum_i (y_i \log \rho - \rho)
```

"""
SETTING = "Setting the gradient to zero gives "
TRUE = {
    # least squares
    r"$$\nabla_w J = 0 \Rightarrow w = (X^T X)^{-1} X^T y$$": "UP",
    r"$$\nabla_w J = X^T X w - X^T y = 0$$ So $$w = (X^T X)^{-1} X^T y$$": "PUP",
    r"$$\nabla_w J = X^T X w - X^T y$$ Setting this to zero, $$w = (X^T X)^{-1} X^T y$$": "PP",
    r"Setting $\nabla_w J = 0$ gives $$w = (X^T X)^{-1} X^T y$$": "P",
    r"$$\nabla_w J \overset{!}{=} 0$$ $$X^T X w = X^T y$$ $$w = (X^T X)^{-1} X^T y$$": "UPP",
    r"$$2 X^T X w - 2 X^T y = 0 \iff X^T X w = X^T y$$": "UP",
    r"$$X^T y = X^T X w \implies w = (X^T X)^{-1} X^T y$$": "UP",
    r"$$0 = X^T (y - X w)$$ Solving for $w$, $$\hat{w} = (X^T X)^{-1} X^T y$$": "UP",
    r"$$X^T X w + \rho w - X^T y = 0 \Rightarrow w = (X^T X + \rho I)^{-1} X^T y$$": "UP",
    # Bernoulli, Poisson, Gaussian
    r"$$\begin{align} 0 &= \frac{1}{\phi} \sum_i y_i - \frac{1}{1-\phi} (n - \sum_i y_i) \\"
    r"\frac{1}{\phi} \sum_i y_i &= \frac{1}{1-\phi} (n - \sum_i y_i) \\"
    r"\phi &= \frac{1}{n} \sum_i y_i \end{align}$$": "UPP",
    r"$$\frac{\partial L}{\partial \phi} = 0$$ gives $$\phi = \frac{1}{n} \sum_i y_i$$": "UP",
    r"$$\frac{\partial P}{\partial \rho} = 0 \implies \rho = \frac{1}{n} \sum_i y_i$$": "UP",
    r"$$\frac{\partial G}{\partial m} = 0$$ so $$\hat{m} = \frac{1}{n} \sum_i z_i$$": "UP",
    r"$$\frac{\partial G}{\partial \sigma} = 0$$ so $$\sigma^2 = \frac{1}{n}\sum_i (z_i - m)^2$$": (
        "UP"
    ),
    # multipliers
    r"$$\frac{\partial}{\partial \pi_k} \left[ \sum_j N_j \log \pi_j + \lambda (1 - \sum_j \pi_j)"
    r"\right] = 0 \Rightarrow \pi_k = \frac{N_k}{\lambda}$$"
    r"By the constraint $\sum_k \pi_k = 1$ we have $$\lambda = \sum_k N_k$$"
    r"and so $$\pi_k = \frac{N_k}{\sum_j N_j}$$": "UPPP",
    r"$$w - \sum_i y_i x_i = 0 \Rightarrow w = \sum_i y_i x_i$$": "UP",
    # assumptions
    r"Let $a = 2 b$. Then $$a^2 + b = 4 b^2 + b$$": "P",
    r"Assume that $\sum_k \pi_k = 1$. Then $$2 \sum_k \pi_k + a = 2 + a$$": "P",
    r"$$a = 2 b \Rightarrow a + b = 3 b$$": "UP",
}
FALSE = {
    # wrong solutions
    r"$$\nabla_w J = 0 \Rightarrow w = - (X^T X)^{-1} X^T y$$": "UR",
    r"$$\nabla_w J = X^T X w - X^T y = 0$$ So $$w = 2 (X^T X)^{-1} X^T y$$": "PUR",
    r"$$\nabla_w J = X^T X w - X^T y$$ Setting this to zero, $$w = (X^T X)^{-1} X^T y n$$": "PR",
    r"Setting $\nabla_w J = 0$ gives $$w = X^T y$$": "R",
    r"$$2 X^T X w - 2 X^T y = 0 \iff X^T X w = - X^T y$$": "UR",
    r"$$2 X^T X w - 2 X^T y = 0 \iff X^T X w = 2 X^T y$$": "UR",
    r"$$0 = X^T (y - X w)$$ Solving for $w$, $$\hat{w} = (X^T X)^{-1} X^T X w$$": "UU",
    r"$$\begin{align} 0 &= \frac{1}{\phi} \sum_i y_i - \frac{1}{1-\phi} (n - \sum_i y_i) \\"
    r"\frac{1}{\phi} \sum_i y_i &= \frac{1}{1-\phi} (n + \sum_i y_i) \\"
    r"\phi &= \frac{1}{n} \sum_i (1 - y_i) \end{align}$$": "URR",
    r"$$\frac{\partial L}{\partial \phi} = 0$$ gives $$\phi = \sum_i y_i$$": "UR",
    r"$$\frac{\partial P}{\partial \rho} = 0 \implies \rho = \sum_i y_i$$": "UR",
    r"$$\frac{\partial G}{\partial m} = 0$$ so $$\hat{m} = \frac{1}{n+1} \sum_i z_i$$": "UR",
    # several solutions, division by what may be zero
    r"$$a^2 - b^2 = 0 \Rightarrow a = b$$": "UU",
    r"$$a (a - b) = 0 \Rightarrow a - b = 0$$": "UU",
    r"$$a c = b c \Rightarrow a = b$$": "UU",
    r"$$a x_i = b x_i \Rightarrow a = b$$": "UU",
    r"$$a^2 = 1 \implies a = 1$$": "UU",
    r"$$a c - b = 0 \implies a = \frac{b}{c}$$": "UP",
    # another letter, another condition, another part
    r"$$\nabla_w J = 0$$ and so $$\phi = \frac{1}{n} \sum_i y_i$$": "UU",
    r"$$\frac{\partial G}{\partial m} = 0$$ so $$\sigma^2 = \frac{1}{n} \sum_i (z_i - m)^2$$": "UU",
    r"$$a - b = 0 \Rightarrow a = c$$": "UR",
    "$$a - b = 0 \\Rightarrow a = b$$\n\n## (b)\n\n$$a = b$$": "UPR",
    r"$$\frac{\partial}{\partial \pi_k} \left[ \sum_j N_j \log \pi_j + \lambda (1 - \sum_j \pi_j)"
    r"\right] = 0 \Rightarrow \pi_k = \frac{N_k}{\lambda}$$"
    r"Since the sum is one $$\lambda = \sum_k N_k$$": "UPU",
    # what nobody announces stays false
    r"$$a - b = 0$$": "R",
    r"$$\frac{\partial}{\partial a} (a b) = 0$$": "R",
    r"$$w = (X^T X)^{-1} X^T y$$": "U",
    r"We have $$\sum_i (x_i - \mu) = 0$$": "R",
    # assumptions used wrongly
    r"Let $a = 2 b$. Then $$a + b = 2 b$$": "R",
    r"Let $a = 2 b$. Then $$b + c = b$$": "R",
    r"Assume that $\sum_k \pi_k = 1$. Then $$2 \sum_k \pi_k + a = 1 + a$$": "R",
    r"$$a = 2 b \Rightarrow a + b = 4 b$$": "UR",
}
LETTERS = {"proved": "P", "refuted": "R", "undecided": "U", "ill-typed": "I"}


def verdicts(text: str) -> str:
    """A letter for each line."""
    return "".join(map(_letter, reading(GIVEN + text, "own.md").entries))


def _letter(entry: Line | NotRead) -> str:
    if isinstance(entry, NotRead):
        return "N"
    found = LETTERS[judge(entry.claim).verdict.value]
    return "U" if entry.defines or (found == "R" and entry.doubt) else found


@pytest.mark.parametrize("text", TRUE)
def test_what_follows_from_a_condition_is_proved(text: str) -> None:
    assert verdicts(text) == TRUE[text]


@pytest.mark.parametrize("text", FALSE)
def test_what_does_not_follow_is_not(text: str) -> None:
    assert verdicts(text) == FALSE[text]
