"""Conditions, cases, kinks and how far a sum reaches."""

from __future__ import annotations

import pytest

from derivations.language.tree import Cases
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation, reading
from derivations.reader.line import Line, NotRead
from tests.reader.meaning import GIVEN, lines, meaning, notes, read, refusal

# Conditions such as a derivative set to zero are no claims, and what follows from them is judged.
#
# Each text below has the verdicts of its lines: P proved, R refuted, U undecided, N not read, I
# ill-typed. Texts that mislead stand beside those that are right: none of what is false in them is
# proved, and none of what is true refuted.


GIVEN_OF_CONDITIONS = r"""```given
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
    return "".join(map(_letter, reading(GIVEN_OF_CONDITIONS + text, "own.md").entries))


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


# Values by cases: one for each condition, which exclude one another and leave nothing out.


SAME = (
    r"\begin{cases} z & w = o \\ s & w \ne o \end{cases}",
    r"\begin{cases} z & \text{if } w = o \\ s & \text{otherwise} \end{cases}",
    r"\begin{cases} z, & \text{if } w = o, \\ s, & \text{otherwise.} \end{cases}",
    r"\begin{cases} z & \text{if $w = o$} \\ s & \text{else} \end{cases}",
    r"\begin{cases} z & \mbox{for } o = w \\ s & \mbox{for } o \neq w \\ \end{cases}",
    r"\begin{cases} z \quad w = o \\ s \quad otherwise \end{cases}",
    r"\begin{cases} z & (w = o) \\ s & (w \ne o) \end{cases}",
    r"\begin{cases} z \text{ if } w = o \\ s \text{ otherwise } \end{cases}",
    r"\begin{dcases} z & w = o \\ s & w \ne o \end{dcases}",
    r"\left\{ \begin{array}{ll} z & w = o \\ s & w \ne o \end{array} \right.",
    r"\left\{ \begin{array}{lr} z & : w = o \\ s & : w \ne o \end{array} \right.",
    r"\left\{ \begin{aligned} &z && \text{if } w = o \\ &s && \text{else} \end{aligned} \right.",
    r"\left\{ \begin{matrix} z, & w = o \\ s, & w \ne o \end{matrix} \right.",
    r"\{ \begin{array}{l} z, w = o \\ s, w \ne o \end{array}",
)


@pytest.mark.parametrize("latex", SAME)
def test_cases_are_read_in_every_layout(latex: str) -> None:
    value, notes = read(latex)
    assert isinstance(value, Cases)
    assert notes == ()
    assert meaning(latex) == meaning(SAME[1])


TRUE_LINES = (
    r"y_w = \begin{cases} 1 & w = o \\ 0 & w \ne o \end{cases}",
    r"\begin{cases} 1 & w = o \\ 0 & w \ne o \end{cases} = \mathbb{1}_{w = o}",
    r"\sum_w \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases} = u_o",
    r"\frac{\partial}{\partial z} \begin{cases} z^2 & w = o \\ s & w \ne o \end{cases} = 2 z y_w",
    r"\frac{\partial J}{\partial u_w} = \begin{cases} (\hat{y}_o - 1) v_c & w = o \\ "
    r"\hat{y}_w v_c & w \ne o \end{cases}",
    r"z \begin{cases} 1 & i = 1 \\ 2 & i = j, i \ne 1 \\ 0 & \text{otherwise} \end{cases} = "
    r"\mathbb{1}_{i = 1} z + 2 z \mathbb{1}_{i = j, i \ne 1}",
)
FALSE_LINES = (
    r"y_w = \begin{cases} 0 & w = o \\ 1 & w \ne o \end{cases}",
    r"y_w = \begin{cases} 1 & w = c \\ 0 & w \ne c \end{cases}",
    r"\sum_w \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases} = u_c",
    r"\frac{\partial}{\partial z} \begin{cases} z^2 & w = o \\ s & \text{else} \end{cases} = 2 z",
    r"\frac{\partial J}{\partial u_w} = \begin{cases} (\hat{y}_o - 1) v_c & w = o \\ "
    r"\hat{y}_o v_c & w \ne o \end{cases}",
    r"z \begin{cases} 1 & i = 1 \\ 2 & i = j, i \ne 1 \\ 0 & \text{otherwise} \end{cases} = "
    r"\mathbb{1}_{i = 1} z + 2 z \mathbb{1}_{i = j}",
)
INDICES = GIVEN.replace("size K, m >= 0", "size K >= 1\nsize m >= 0")


@pytest.mark.parametrize("latex", TRUE_LINES)
def test_true_cases_are_proved(latex: str) -> None:
    (line,) = lines(f"$${latex}$$", INDICES)
    assert judge(line.claim).verdict.value == "proved"


@pytest.mark.parametrize("latex", FALSE_LINES)
def test_cases_of_which_one_is_false_are_refuted(latex: str) -> None:
    (line,) = lines(f"$${latex}$$", INDICES)
    judgement = judge(line.claim)
    assert judgement.verdict.value == "refuted"
    assert judgement.witness is not None


def test_cases_may_be_defined() -> None:
    given = GIVEN.replace(
        r"define y_w = \mathbb{1}_{w = o}",
        r"define y_w = \begin{cases} 1 & \text{if } w = o \\ 0 & \text{otherwise} \end{cases}",
    )
    (line,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_o$$", given)
    assert judge(line.claim).verdict.value == "proved"
    (false,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_c$$", given)
    assert judge(false.claim).verdict.value == "refuted"


@pytest.mark.parametrize(
    ("latex", "what"),
    [
        (r"\begin{cases} z & w = o \\ s & w = c \end{cases}", "in all other cases"),
        (
            r"\begin{cases} z & w = o \\ s & w = c \\ 0 & \text{else} \end{cases}",
            "where two cases meet",
        ),
        (r"\begin{cases} z & z > 0 \\ s & z > 1 \\ 0 & z \le 0 \end{cases}", "two cases meet"),
        (r"\begin{cases} z & z > 1 \\ 0 & z < 0 \end{cases}", "in all other cases"),
        (r"\begin{cases} z & z > 0, w = o \\ 0 & \text{else} \end{cases}", "of numbers"),
        (r"\begin{cases} z & w = o \\ s \end{cases}", "a case without a condition"),
        (r"\begin{cases} z & \text{otherwise} \end{cases}", "a single case"),
        (r"\begin{cases} s & \text{else} \\ z & w = o \end{cases}", "a case behind all others"),
        (r"\begin{cases} z & \text{by day} \\ s & \text{by night} \end{cases}", "words in a case"),
        (r"\begin{cases} z & z = s \\ 0 & \text{else} \end{cases}", "an index is expected"),
        (r"2 + \begin{cases} z = s & w = o \\ 0 & w \ne o \end{cases}", "equalities within cases"),
        (r"\left\{ z", "breaks off"),
    ],
)
def test_cases_that_may_mean_two_things_are_refused(latex: str, what: str) -> None:
    problem = refusal(latex)
    assert what in problem.what
    assert problem.advice


def test_cases_that_mention_what_was_lost_say_where_it_is_declared() -> None:
    given = "scalar z\nsize N >= 1\nindex w, o in Vocab = 1..N\ndefine h = \\foo\n"
    cases = r"\begin{cases} h & w = o \\ 0 & w \ne o \end{cases}"
    text = f"```given\n{given}```\n$$z = {cases}$$\n"
    (line,) = reading(text, "own.md").entries
    assert isinstance(line, NotRead)
    assert "its declaration could not be read; see 5:" in line.problem.said


# What is said where a derivative is taken of what has a kink: a gradient is no subgradient.


GIVEN_OF_KINKS = """```given
size n >= 1
index i in 1..n
vector w in R^n
scalar a, b
define h(z) = \\max(0, 1 - z)
define g = |a - b|
define s(z) = z^2
```
"""
NOTE = "nothing is claimed where |.|, sign, max or min has no derivative"


def notes_of_kinks(line: str) -> list[str]:
    (found,) = derivation(f"{GIVEN_OF_KINKS}\n$${line}$$\n", "a file").lines
    return [*found.notes]


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{d}{da} |a| = \operatorname{sign}(a)",
        r"\frac{\partial g}{\partial a} = \operatorname{sign}(a - b)",
        r"h'(a) = -\frac{1 + \operatorname{sign}(1 - a)}{2}",
        r"h'(a b) = -\frac{1 + \operatorname{sign}(1 - a b)}{2}",
        r"\nabla_w \|w\|_1 = \operatorname{sign}(w)",
    ],
)
def test_a_derivative_of_what_has_a_kink_says_where_nothing_is_claimed(line: str) -> None:
    assert any(NOTE in each for each in notes_of_kinks(line))


@pytest.mark.parametrize(
    "line", [r"|a| = \max(a, -a)", r"s'(a) = 2 a", r"\frac{d}{da} \sqrt{a} = 1"]
)
def test_other_lines_say_nothing_of_it(line: str) -> None:
    assert not any(NOTE in each for each in notes_of_kinks(line))


# How far a sign reaches, and what binds what: read as meant, or noted, or refused.


# a formula, and the same with all its parentheses
PLAIN = {
    r"\sum_w y_w - b": r"(\sum_w y_w) - b",
    r"\sum_w y_w + \sum_x y_x": r"(\sum_w y_w) + (\sum_x y_x)",
    r"\sum_k a b / s": r"\sum_k ((a b) / s)",
    r"\sum_k a / b": r"\sum_k (a / b)",
    r"\exp(u_o^T v_c) / \sum_w \exp(u_w^T v_c)": r"\frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}",
    r"z / \log s": r"\frac{z}{\log(s)}",
    r"z / \sigma(s)": r"\frac{z}{\sigma(s)}",
    r"\sum_k a \cdot b": r"\sum_k (a b)",
    r"\sum_w y_w \sum_x \hat{y}_x": r"\sum_w (y_w (\sum_x \hat{y}_x))",
    r"2 \sum_w y_w \hat{y}_w": r"2 (\sum_w (y_w \hat{y}_w))",
    r"\sum_w (y_w - b)": r"\sum_x (y_x - b)",
    r"\sum_w u_w^T v_c u_w": r"\sum_w ((u_w^T v_c) u_w)",
    r"a / b / s": r"(a / b) / s",
    r"a / b \cdot s": r"(a / b) s",
    r"a b / s": r"(a b) / s",
    r"-z^2": r"-(z^2)",
    r"2 z^2 s": r"2 (z^2) s",
    r"z^{-1} s": r"(1 / z) s",
    r"e^z s": r"(e^z) s",
    r"e^{-z} s": r"\exp(-z) s",
    r"\log(z) s": r"(\log(z)) s",
    r"\log(z)(1 - z)": r"(\log(z)) (1 - z)",
    r"\log{z} s": r"(\log(z)) s",
    r"\exp{z} s": r"(\exp(z)) s",
    r"\log z + s": r"(\log(z)) + s",
    r"\log \sigma(z) - s": r"\log(\sigma(z)) - s",
    r"\log z \log s": r"(\log(z)) (\log(s))",
    r"\log z^2": r"\log(z^2)",
    r"\log \frac{z}{s}": r"\log(\frac{z}{s})",
    r"\log \sum_w \exp(u_w^T v_c) - z": r"(\log(\sum_w \exp(u_w^T v_c))) - z",
    r"\sum_w \log \hat{y}_w": r"\sum_w (\log(\hat{y}_w))",
    r"-\sum_w y_w \log \hat{y}_w": r"-(\sum_w (y_w \log(\hat{y}_w)))",
    r"\frac{\partial}{\partial z} z + s": r"(\frac{\partial}{\partial z} z) + s",
    r"s \frac{\partial}{\partial z} \sigma(z)": r"s (\frac{\partial \sigma(z)}{\partial z})",
    r"\frac{\partial \sigma(z)}{\partial z} s": r"s (\frac{\partial \sigma(z)}{\partial z})",
    r"\frac{\partial}{\partial v_c} \sum_w u_w^T v_c": (
        r"\frac{\partial}{\partial v_c} (\sum_w u_w^T v_c)"
    ),
    r"u_o^T v_c p": r"(u_o^T v_c) p",
    r"A p \cdot q": r"(A p) \cdot q",
    r"p \cdot A q": r"p \cdot (A q)",
    r"p^T q \cdot v_c": r"(p^T q) v_c",
    r"\sigma(z)(1 - \sigma(z))": r"(\sigma(z)) (1 - \sigma(z))",
    r"z(s + 1)": r"z \cdot (s + 1)",
    r"\sigma(z) (s)": r"(\sigma(z)) s",
}


@pytest.mark.parametrize("latex", PLAIN)
def test_a_formula_means_what_its_parentheses_would_say(latex: str) -> None:
    assert meaning(latex) == meaning(PLAIN[latex])
    assert not any("reach" in note for note in notes(latex))


NOTED = {
    r"\log z s": r"\log(z s)",
    r"\exp u_o^T v_c": r"\exp(u_o^T v_c)",
    r"\exp \frac{1}{2} z": r"\exp(\frac{1}{2} z)",
    r"\frac{\partial}{\partial z} z s": r"\frac{\partial}{\partial z} (z s)",
    r"\frac{\partial}{\partial z} z (s + 1)": r"\frac{\partial}{\partial z} (z (s + 1))",
    r"\nabla_{v_c} u_o^T v_c": r"\nabla_{v_c} (u_o^T v_c)",
    r"\delta_{wo}": r"\mathbb{1}_{w = o}",
    r"\sum_{w \ne o} y_w": r"\sum_{w : w \ne o} y_w",
}


@pytest.mark.parametrize("latex", NOTED)
def test_a_reading_that_could_have_been_meant_otherwise_is_noted(latex: str) -> None:
    assert meaning(latex) == meaning(NOTED[latex])
    assert notes(latex)


@pytest.mark.parametrize(
    ("latex", "what"),
    [
        (r"1/2 z", "below the slash"),
        (r"a/b s", "below the slash"),
        (r"a b / s z", "below the slash"),
        (r"a / \sigma(z) s", "below the slash"),
        (r"1 / \sum_w y_w z", "below the slash"),
        (r"1 / \log z s", "below the slash"),
        (r"1 / \sum_w \sum_x y_x z", "below the slash"),
        (r"1 / \log \sum_w y_w z", "below the slash"),
        (r"\sum_w y_w / \sum_x y_x z", "below the slash"),
        (r"\log z (1 - z)", "reach this far"),
        (r"\log \sigma(z) s", "reach this far"),
        (r"\log \sigma(z) \sigma(s)", "reach this far"),
        (r"\log z \sigma(s)", "reach this far"),
        (r"\log z / s", "how far does"),
        (r"\log z \cdot s", "how far does"),
        (r"\log z \times s", "how far does"),
        (r"\log \sum_w y_w / s", "how far does"),
        (r"\exp -z", "of what?"),
        (r"\log^2 z", "a script on a function"),
        (r"\log_s(z)", "natural"),
        (r"\log(z)^2", "the logarithm of a power?"),
        (r"\exp_2(z)", "natural"),
        (r"\sigma^2(z)", "write ("),
        (r"\sigma z", "argument in parentheses"),
        (r"\frac{\partial}{\partial z} (z) s", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} [z + s] a", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} \sigma(z) z", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} z \cdot s", "how far does the derivative"),
        (r"\frac{\partial}{\partial z} z / s", "how far does the derivative"),
        (r"p \cdot q \cdot p", "in which order"),
        (r"p \cdot q q", "in which order"),
        (r"p \times q", "which product"),
        (r"p * q", "which product"),
        (r"A \times A", "which product"),
        (r"z 2", "number behind a factor"),
        (r"1 000 z", "number behind a factor"),
        (r"1\frac{1}{2}", "mixed number"),
        (r"\frac{1}23", "only the first digit"),
        (r"z^12", "only the first digit"),
        (r"z^{(1)}", "number of something"),
        (r"u_w[1]", "an entry or a product"),
        (r"A^9", "a power of a matrix"),
        (r"I^{-1} A", "a power of what has no size yet"),
        (r"-logP(O = o | C = c)", r"write \log P"),
        (r"expz", r"write \exp z"),
        (r"P(o, c)", "declared with a bar"),
        (r"P(O = o, C = c)", "declared with a bar"),
        (r"J(v_c | o, U)", "declared with commas"),
        (r"P(C = c | O = o)", "takes O = ..."),
        (r"\sum_{k \in \{1, K\}} z", "no index set"),
        (r"\sum_{k \in \{1, 3, \dots, K\}} z", "no index set"),
        (r"\sum_k^K z", "upper limit without"),
        (r"u_2", "need not have this member"),
    ],
)
def test_what_is_ambiguous_is_refused(latex: str, what: str) -> None:
    problem = refusal(latex)
    assert what in f"{problem.what} {problem.advice}"
    assert problem.token


# names that depend on letters which are not written
MORE = (
    GIVEN
    + r"""define f(t) = t z
define S = \sum_w \exp(u_w^T v_c)
define g(x) = \sum_w u_w^T v_x
define r_w = S \hat{y}_w
define C_{wx} = y_w \hat{y}_x
"""
)


@pytest.mark.parametrize(
    ("latex", "letter"),
    [
        (r"\sum_c \hat{y}_w", "c"),
        (r"\sum_c \hat{y}^T y", "c"),
        (r"\sum_o y_w", "o"),
        (r"\sum_{c=1}^N S", "c"),
        (r"\sum_c J", "c"),
        (r"\sum_o \sum_w C_{wx}", "o"),
        (r"\sum_c r_w", "c"),
    ],
)
def test_a_letter_that_a_name_depends_on_cannot_be_bound_around_it(latex: str, letter: str) -> None:
    assert f"depends on {letter}, which is bound here" in refusal(latex, MORE).what


@pytest.mark.parametrize(
    ("latex", "same"),
    [
        (r"\sum_w g(w)", r"\sum_x \sum_w u_w^T v_x"),  # the w bound in g is another one
        (r"\sum_x g(x)", r"\sum_w \sum_x u_x^T v_w"),
        (r"\sum_w S", r"\sum_x \sum_w \exp(u_w^T v_c)"),
        (r"\sum_w r_w", r"\sum_x r_x"),
        (r"\sum_w C_{wx}", r"\sum_w y_w \hat{y}_x"),
        (r"\sum_x C_{wx}", r"\sum_x y_w \hat{y}_x"),
        (r"\sum_w C_{xw}", r"\sum_w y_x \hat{y}_w"),
        (r"C_{xw}", r"y_x \hat{y}_w"),
        (r"f(z)", r"z^2"),
        (r"f'(z)", r"z"),  # the z in f is not what f is differentiated by
        (r"f'(2 z)", r"z"),
        (r"\sum_w \sum_w y_w", r"\sum_x \sum_w y_w"),
        (r"y_w \sum_w y_w", r"y_w \sum_x y_x"),
        (r"\sum_{c'} u_{c'}", r"\sum_w u_w"),
        (r"\sum_{c'} (U^T v_{c'})_o", r"\sum_w u_o^T v_w"),
        (r"\sum_{w' \ne w} y_{w'}", r"\sum_{x : x \ne w} y_x"),
    ],
)
def test_nothing_is_captured(latex: str, same: str) -> None:
    assert meaning(latex, MORE) == meaning(same, MORE)


def test_a_planted_capture_would_be_seen() -> None:
    assert meaning(r"\sum_w g(w)", MORE) != meaning(r"\sum_w u_w^T v_w", MORE)
    assert meaning(r"f'(z)", MORE) != meaning(r"2 z", MORE)
    assert meaning(r"\sum_w y_w - b") != meaning(r"\sum_w (y_w - b)")
    assert meaning(r"-z^2") != meaning(r"(-z)^2")
