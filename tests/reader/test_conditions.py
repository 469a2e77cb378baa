"""Conditions, cases and kinks; names that the text introduces, above a line or beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derivations import check
from derivations.language.tree import Cases
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation, reading
from derivations.reader.equation import Line, NotRead
from derivations.report.results import JudgedLine, results_of
from derivations.report.subject import Subject
from tests.reader.alpha_equivalence import (
    GIVEN,
    alike,
    lines,
    meaning,
    notes,
    read,
    refusal,
    refusals,
)

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
def test_what_does_not_follow_from_a_condition_has_the_verdict_it_has_without(text: str) -> None:
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


def test_cases_may_be_defined() -> None:
    given = GIVEN.replace(
        r"define y_w = \mathbb{1}_{w = o}",
        r"define y_w = \begin{cases} 1 & \text{if } w = o \\ 0 & \text{otherwise} \end{cases}",
    )
    (line,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_o$$", given)
    assert judge(line.claim).verdict.value == "proved"
    (false,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_c$$", given)
    assert judge(false.claim).verdict.value == "refuted"


@pytest.mark.parametrize(("latex", "what"), refusals("cases"))
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
def test_a_derivative_of_what_has_no_kink_says_nothing_of_one(line: str) -> None:
    assert not any(NOTE in each for each in notes_of_kinks(line))


# How far a sign reaches, and what binds what: read as meant, or noted, or refused.


PLAIN = alike("how far a sign reaches")  # and the same with all its parentheses
NOTED = alike("what could have been meant otherwise")


@pytest.mark.parametrize("latex", PLAIN)
def test_a_formula_means_what_its_parentheses_would_say(latex: str) -> None:
    assert meaning(latex) == meaning(*PLAIN[latex])
    assert not any("reach" in note for note in notes(latex))


@pytest.mark.parametrize("latex", NOTED)
def test_a_reading_that_could_have_been_meant_otherwise_is_noted(latex: str) -> None:
    assert meaning(latex) == meaning(*NOTED[latex])
    assert notes(latex)


@pytest.mark.parametrize(("latex", "what"), refusals("formulas that may mean two things"))
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


# A display that says what an undeclared name is is its definition: never proved, never silent.


INTRODUCED_GIVEN = r"""```given
size n >= 1
index i, j in 1..n
vector x, y in R^n
scalar a, b
define g(t) = t^2
```
"""


def judged(*displays: str, prose: str = "") -> list[JudgedLine]:
    """The lines of some displays, judged as the command judges them."""
    text = INTRODUCED_GIVEN + prose + "".join(f"\n$${each}$$\n" for each in displays)
    found = reading(text, "own.md")
    subject = Subject((), (), found.entries)
    return list(results_of(subject, [judge(each) for each in subject.everything], 0.0).lines)


def introduced_verdicts(*displays: str, prose: str = "") -> list[str]:
    """Their verdicts; ``defined`` for a line that is taken as a definition."""
    return [_verdict(each) for each in judged(*displays, prose=prose)]


def _verdict(line: JudgedLine) -> str:
    if line.line.defines:
        assert line.verdict.value == "undecided"
        assert f"definition of {line.line.defines}" in line.reason
        return "defined"
    return line.verdict.value


@pytest.mark.parametrize(
    ("displays", "wanted"),
    [
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = 2 a"], ["defined", "proved"]),
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = a"], ["defined", "refuted"]),
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = x"], ["defined", "ill-typed"]),
        (["L = a a = a^2 = 2 a"], ["defined", "proved", "refuted"]),
        ([r"z_i = a x_i", r"z^T z = a^2 x^T x"], ["defined", "proved"]),
        ([r"z_i = a x_i", r"z^T z = a x^T x"], ["defined", "refuted"]),
        ([r"\hat{x}_i = x_i - a", r"\sum_i \hat{x}_i = \sum_i x_i - n a"], ["defined", "proved"]),
        ([r"\sigma^2 = \sum_i x_i^2", r"2\sigma^2 = 2 x^T x"], ["defined", "proved"]),
        ([r"\sigma^2 = \sum_i x_i^2", r"2\sigma^2 = x^T x"], ["defined", "refuted"]),
        (["f(t) = t^3", "f(a) = a^3", "f'(a) = 3 a^2"], ["defined", "proved", "proved"]),
        (["f(t) = t^3", "f(a) = a^2", "f'(a) = 3 a"], ["defined", "refuted", "refuted"]),
        (["f(t) = t^3 = t t^2 = t^2"], ["defined", "proved", "refuted"]),
        (["f(x) = x^T x", r"\nabla_x f(x) = 2 x"], ["defined", "proved"]),
        ([r"J_\theta = a^2", "J_1 = a^2", "J_1 = a a"], ["not read", "defined", "proved"]),
        (["L = a^2, \\quad M = L + b", "M - b = L"], ["defined", "defined", "proved"]),
        (
            [r"\because L = a^2 \\ \therefore \frac{\partial L}{\partial x} = y^T"],
            ["defined", "undecided"],
        ),
        ([r"\because L = a^2 + 1 \\ \therefore 2 L = 2 a^2 + 2"], ["defined", "proved"]),
        (
            ["L := a^2", "L = a a", r"\frac{\partial L}{\partial a} = a"],
            ["proved"] * 2 + ["refuted"],
        ),
        (["L := a", "L = a"], ["proved"] * 2),
    ],
)
def test_what_follows_an_introduced_name_is_judged_by_its_definition(
    displays: list[str], wanted: list[str]
) -> None:
    assert introduced_verdicts(*displays) == wanted


@pytest.mark.parametrize(
    ("displays", "why"),
    [
        (["L = a"], "a name: as likely a claim"),
        (["L = 2"], "a number"),
        (["L = -2"], "a number with a sign"),
        ([r"L = a^2 \quad (i = j)"], "under a condition"),
        ([r"L = a^2 \quad \text{if } i = j"], "under a condition in words"),
        ([r"L = a^2 = b \quad (i = j)"], "under a condition in its row"),
        ([r"a = b \Rightarrow L = a^2"], "it follows from something"),
        (["a^2 = L"], "the name stands behind"),
        (["L = a^2 + L"], "it depends on itself"),
        (["L = a q"], "it depends on what is not known"),
        ([r"L = \sum_i x_i + a + y_i"], "how far the sum reaches is not clear"),
        (["L (i = j) = a^2"], "a condition, no argument"),
        (["f(z) = z^T z"], "an argument of an unknown shape"),
        (["f(z, q) = z q"], "two arguments that are not known"),
        (["f(2) = a^2"], "a value, no function"),
        ([r"\dot{L} = a^2"], "a derivative"),
        (["L' = a^2"], "a derivative"),
        (["I = a^2"], "it has a meaning where nobody declares it"),
        (["L_k = a^2"], "a subscript that nobody declares"),
    ],
)
def test_what_could_be_anything_else_introduces_nothing(displays: list[str], why: str) -> None:
    assert "defined" not in introduced_verdicts(*displays), why
    assert "proved" not in introduced_verdicts(*displays), why
    assert "not read" in introduced_verdicts(*displays), why


@pytest.mark.parametrize(
    "before", [r"\frac{\partial L}{\partial a} = 2 a", r"L \le b", r"\sqrt{L} = b"]
)
def test_what_stood_in_a_display_before_may_be_something_else(before: str) -> None:
    assert introduced_verdicts(before, "L = a^2", "2 L = 2 a a", "2 L = a") == [
        *("not read", "defined"),
        *("proved", "undecided"),
    ]


def test_words_above_say_what_a_display_is() -> None:
    lines = ("\\sqrt{L} = b\n$$\n\nwhere the loss is\n\n$$L = a^2", "2 L = 2 a a", "2 L = a")
    assert introduced_verdicts(*lines) == ["not read", "defined", "proved", "refuted"]
    lines = ("\\sqrt{L} = b\n$$\n\nand so we get\n\n$$L = a^2", "2 L = 2 a a", "2 L = a")
    assert introduced_verdicts(*lines) == ["not read", "defined", "proved", "undecided"]


def test_a_name_that_the_text_defines_is_not_introduced_by_a_display() -> None:
    assert introduced_verdicts("L = a^2", prose="The loss L = a b is given.\n") == ["not read"]
    assert introduced_verdicts("L = a^2", prose="Let $L = a b$.\n") == ["undecided"]
    assert introduced_verdicts("L = a^2", prose="Let $M = a b$.\n") == ["defined"]


def test_what_the_text_speaks_of_beside_its_displays_is_not_refuted() -> None:
    lines = ("L = a^2", "2 L = 2 a a", "2 L = a")
    assert introduced_verdicts(*lines, prose="The loss is $L$.\n") == [
        "defined",
        "proved",
        "undecided",
    ]
    assert introduced_verdicts(*lines, prose="The rest is $M$, or $\\Lambda$.\n")[-1] == "refuted"
    hat = [each.replace("L", r"\hat{L}") for each in lines]
    assert introduced_verdicts(*hat, prose="Let $\\hat L$ be given.\n") == [
        "defined",
        "proved",
        "undecided",
    ]
    assert introduced_verdicts(*hat, prose="The loss is $L$.\n")[-1] == "refuted"


@pytest.mark.parametrize(
    ("prose", "doubtful"),
    [
        (r"Let $x \in \mathbb{R}^n$ be a unit vector.", True),
        (r"Let $y \in \mathbb{R}^n$ and $x \in \mathbb{R}^n$ be probability vectors.", True),
        (r"Let $x \in \mathbb{R}^n$ and $y \in \mathbb{R}^n$ be centered.", True),
        (r"For an orthonormal family $x \in \mathbb{R}^n$ we have", True),
        (r"Let $x \in \mathbb{R}^n$ be the positive example.", False),
        (r"Let $x \in \mathbb{R}^n$ be the input and $y \in \mathbb{R}^n$ a unit vector.", False),
        (r"Let $x \in \mathbb{R}^n$ be a vector and $a$ be positive.", False),
    ],
)
def test_what_words_say_of_a_member_of_a_set_may_be_a_condition(prose: str, doubtful: bool) -> None:
    assert introduced_verdicts("x^T x = 1", prose=f"{prose}\n") == [
        "undecided" if doubtful else "refuted"
    ]


def test_of_several_numbers_above_zero_an_undeclared_one_hides_no_other() -> None:
    for said in ("a, k > 0", "a, k \\ne 0", "a, k \\ge 1"):
        assert introduced_verdicts(r"\sqrt{a^2} = a", prose=f"Let ${said}$.\n") == ["undecided"]


def test_a_name_of_another_part_is_told_where_it_was_introduced() -> None:
    parts = ("L = a^2", "L = a^3", "L + 1 = a^2 + 1")
    text = "".join(f"## Exercise {n}\n\n$${each}$$\n\n" for n, each in enumerate(parts, 1))
    (problem,) = reading(INTRODUCED_GIVEN + text, "own.md").unread
    assert "introduced in part 2" in problem.what


def test_what_is_declared_is_not_introduced() -> None:
    """It is any number: a line that has it alone on its left may say what it is."""
    assert introduced_verdicts("a = b + 1", "x_1 = b + 1", "g(b) = b", "g_2 = a b") == [
        *["undecided"] * 2,
        "refuted",
        "not read",
    ]
    assert introduced_verdicts("b + 1 = a", "a = b + 1 + a", "2 x_1 = b + 1") == ["refuted"] * 3
    assert introduced_verdicts("a = b", "x_1 = 1", "b = -a") == ["refuted"] * 3


def test_nothing_is_introduced_by_what_could_not_be_declared() -> None:
    lost = "```given\nscalars a\nscalars L\n```\n"
    found = reading(
        INTRODUCED_GIVEN + lost + "$$M = a^2$$\n\n$$L = b^2$$\n\n$$K = b^2$$\n", "own.md"
    )
    assert [each.defines for each in found.entries] == ["", "", "K"]
    assert len(found.lines) == 1


def test_a_name_that_is_said_to_be_two_things_is_neither() -> None:
    lines = judged("L = a^2", "L = b^2", r"\frac{\partial L}{\partial a} = 2 a", "a + L = a + a a")
    assert [each.verdict.value for each in lines] == ["undecided"] * 4
    for each in lines[1:]:
        assert "two things, at 9:3 and in line.2" in each.reason
    assert introduced_verdicts("L = a^2", "2 L = 2 a a", "L = b^2")[:2] == ["defined", "proved"]


def test_a_function_of_more_arguments_is_said_to_be_two_things_too() -> None:
    lines = judged("L(a) = a^2", "L(a, b) = a b", r"\frac{\partial L}{\partial a} = b")
    assert lines[2].verdict.value == "undecided"
    assert "two things, at 9:3 and in line.2" in lines[2].reason


def test_products_of_vectors_without_a_dot_leave_what_they_define_asked() -> None:
    lines = judged("s = x y", "2 s = 2 x^T y", "3 s = 2 x^T y")
    assert [each.verdict.value for each in lines] == ["undecided", "proved", "undecided"]


def test_a_family_that_is_said_again_under_another_letter_is_two_things_too() -> None:
    lines = judged("q_i = x_i + y_i", "q_j = x_j - y_j", r"\sum_i q_i = \sum_i x_i")
    assert [each.verdict.value for each in lines] == ["undecided"] * 3
    for each in lines[1:]:
        assert "two things, at 9:3 and in line.2" in each.reason
    assert introduced_verdicts(
        "q_i = x_i + y_i", "q_j = y_j + x_j", "q_i = 2 x_i", "q_i + 1 = y_i"
    ) == [*["defined", "proved", "undecided", "undecided"]]
    assert (
        introduced_verdicts("q_i = x_i + y_i", "q_j = y_j + x_j", "q_i + 1 = y_i")[2] == "refuted"
    )


def test_a_name_with_another_thing_below_it_may_be_another_name() -> None:
    lines = judged("L_i = a x_i", "L_x = a + b", "2 L_i = 3 a x_i")
    assert [each.verdict.value for each in lines] == ["undecided", "undecided", "refuted"]
    assert "is this another one?" in lines[1].reason


def test_a_name_with_a_number_below_it_is_another_name_than_that_of_a_family() -> None:
    assert introduced_verdicts("L_i = a x_i", "L_b = a + b", "2 L_i = 3 a x_i", "2 L_b = a") == [
        *["defined", "defined", "refuted", "refuted"]
    ]
    assert introduced_verdicts("L_i = a x_i", "L_b(a) = a b", "L_b(2) = 2 b", "L_b(2) = b")[1:] == [
        *["defined", "proved", "refuted"]
    ]


def test_a_name_may_be_said_again_in_other_words() -> None:
    assert introduced_verdicts("L = a^2", "L = a a", "2 L = 2 a a", "2 L = a") == [
        *["defined", "proved", "proved", "refuted"]
    ]


def test_each_part_introduces_its_own_names() -> None:
    second = "\n## Exercise 2\n\n$$L + 1 = a$$\n"
    text = INTRODUCED_GIVEN + "## Exercise 1\n\n$$L = a^2$$\n" + second + "$$L = b^2$$\n"
    entries = reading(text, "own.md").entries
    assert [each.defines for each in entries] == ["L", "", ""]
    text = INTRODUCED_GIVEN + "## Exercise 1\n\n$$L = a^2$$\n\n## Exercise 2\n\n$$L = b^2$$\n"
    assert [each.defines for each in reading(text, "own.md").entries] == ["L", "L"]


def test_every_line_says_which_definition_it_rests_on() -> None:
    first, second = judged("L = a^2", "2 L = 2 a^2")
    assert first.line.notes == ("this is taken as the definition of L, which is not declared",)
    assert second.line.notes == ("L is not declared: it is read as what 9:3 says",)
    (plain,) = judged("L := a^2")
    assert "this is taken as the definition of L, which is not declared" in plain.line.notes


@pytest.mark.parametrize("side", ["{LHS}", r"\text{{{LHS}}}", r"\mathrm{{{LHS}}}"])
def test_sides_of_the_equality_before_have_names(side: str) -> None:
    left, right = side.format(LHS="LHS"), side.format(LHS="RHS")
    shown = r"\sum_i (x_i + a) = \sum_i x_i + n a"
    proved = [*["proved"] * 4]
    assert (
        introduced_verdicts(shown, rf"{left} = \sum_i x_i + \sum_i a = n a + \sum_i x_i = {right}")
        == proved
    )
    assert introduced_verdicts(shown, rf"{left} = \sum_i x_i")[1] == "undecided"
    assert introduced_verdicts(rf"{left} = \sum_i x_i + 1 = a = {right}") == [
        "defined",
        "refuted",
        "not read",
    ]
    assert introduced_verdicts(
        "a = b = b^2", f"{left} = a + 1", "b = a + 2 = b", f"b = {right}"
    ) == [*["refuted", "refuted", "defined", "undecided", "refuted", "not read"]]


# What the sentence around a display may say, a condition, keeps a line from being refuted.


GIVEN_OF_ABOVE = """```given
size n >= 2
index i, j in 1..n
vector x in R^n
scalar a, b
```

"""
INTRODUCED_FALSE = "$$x_i = x_j$$"
RESTRICTING = (
    f"If $i = j$, then\n{INTRODUCED_FALSE}",
    f"If $i = j$, then\n\n{INTRODUCED_FALSE}",
    f"1. for $i = j$:\n   {INTRODUCED_FALSE}",
    f"Suppose that $a > 0$ and that $b = a$; then {INTRODUCED_FALSE}",
    f"all others, $i \\ne j$:\n\n{INTRODUCED_FALSE}",
    f"w.r.t. all others, when $i \\neq j$ we have {INTRODUCED_FALSE}",
    f"Otherwise,\n{INTRODUCED_FALSE}",
    f"First. Else {INTRODUCED_FALSE}",
    f"If $i = j$, $$a = a$$ and {INTRODUCED_FALSE}",
    f"Hence {INTRODUCED_FALSE} if $i = j$.",
    f"{INTRODUCED_FALSE}\n\n(only if $i = j$)",
    f"For $i = j$ there are two facts. First, {INTRODUCED_FALSE}",
    f"For $i = j$ there are two facts. First,\n\n$$a = a,$$\n\nand second,\n\n{INTRODUCED_FALSE}",
)


def introduced_read(text: str) -> list[Line]:
    entries = reading(GIVEN_OF_ABOVE + text, "own.md").entries
    assert all(isinstance(each, Line) for each in entries)
    return [each for each in entries if isinstance(each, Line)]


@pytest.mark.parametrize("text", RESTRICTING)
def test_a_condition_in_the_sentence_around_it_leaves_a_doubt(text: str) -> None:
    line = introduced_read(text)[-1]
    assert judge(line.claim).verdict.value == "refuted"
    assert line.doubt is not None
    assert "may be a condition" in line.doubt.what
    assert "- if $...$" in line.doubt.advice


INTRODUCED_PLAIN = (
    f"If $i = j$, we are done.\n\n{INTRODUCED_FALSE}",
    f"If $i = j$, $$a = a.$$ In all\n{INTRODUCED_FALSE}",
    f"For $i = j$ there are two facts.\n\nIn all,\n{INTRODUCED_FALSE}",
    f"Let $a = b$. Then {INTRODUCED_FALSE}",
    f"With $a = b + 1$ we find {INTRODUCED_FALSE}",
    f"For $i = 1, \\dots, n$ we find {INTRODUCED_FALSE}",
    f"For all $i \\in \\{{1, ..., n\\}}$ we find {INTRODUCED_FALSE}",
    f"We differentiate $f = g$:\n{INTRODUCED_FALSE}",
    f"{INTRODUCED_FALSE} where $a = b$.",
    f"If $i = j$,\n{INTRODUCED_FALSE}\n- if $j = i$",
)


@pytest.mark.parametrize("text", INTRODUCED_PLAIN)
def test_words_that_are_no_condition_leave_no_doubt(text: str) -> None:
    assert introduced_read(text)[-1].doubt is None


def test_what_is_true_is_proved_all_the_same() -> None:
    (line,) = introduced_read("If $i = j$, then $$x_i = 2 x_i - x_i$$")
    assert judge(line.claim).verdict.value == "proved"


def test_a_condition_in_the_display_itself_leaves_no_doubt() -> None:
    (line,) = introduced_read("If $i = j$, then $$x_i = x_j + 1 \\quad (i = j)$$")
    assert line.doubt is None


# Common declarations by name stand for what they say, and for nothing else.


PLAIN_OF_USE = "size K >= 1\nindex k, c in 1..K\nvector p, z in R^K\nscalar x\n"
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


def verdicts_of_use(used: str, *displays: str) -> list[str]:
    plain = "" if used == "use word2vec" else PLAIN_OF_USE
    shown = "\n\n".join(f"$${display}$$" for display in displays)
    found = reading(f"```given\n{plain}{used}\n```\n\n{shown}\n", "text.md")
    assert found.problems == ()
    assert all(isinstance(each, Line) for each in found.entries)
    return [judge(line.claim).verdict.value for line in found.lines]


@pytest.mark.parametrize("used", USED)
def test_what_is_used_means_what_it_says(used: str) -> None:
    assert verdicts_of_use(used, *USED[used]) == ["proved", "refuted"]


WRONG = {
    "use sigmiod": "nothing common has this name; did you mean sigmoid?",
    "use one-hot y of x": "there is no other index of the set of x; declare two of them",
    "use cross-entropy of q and p": (
        "q is no vector with an index; declare q, and an index of its set"
    ),
}


@pytest.mark.parametrize("used", WRONG)
def test_what_cannot_be_used_is_refused_with_what_would_settle_it(used: str) -> None:
    found = reading(f"```given\n{PLAIN_OF_USE}{used}\n```\n\n$$x = x$$\n", "text.md")
    (problem,) = found.problems
    assert problem.said == WRONG[used]
    assert problem.place.line == 6


def test_what_is_used_is_declared_by_the_block_and_not_twice() -> None:
    text = "```given\nscalar x\nuse sigmoid\nuse sigmoid\n```\n\n$$x = x$$\n"
    (problem,) = reading(text, "text.md").problems
    assert "declared a second time" in problem.said


# What the text supposes of declared things keeps the lines that depend on them from falling.


GIVEN_OF_SUPPOSED = """```given
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
    line = reading(GIVEN_OF_SUPPOSED + text, "own.md").entries[-1]
    assert isinstance(line, Line)
    by_itself = replace(line.claim, under=None, determines="")
    assert judge(by_itself).verdict.value == "refuted"
    return line


@pytest.mark.parametrize("text", TRUE_UNDER_IT)
def test_what_may_hold_under_a_condition_of_the_text_is_not_refuted(text: str) -> None:
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
def test_what_does_not_depend_on_a_condition_of_the_text_has_no_doubt(text: str) -> None:
    assert last(text).doubt is None


# A letter in bold and, alone, in plain type may be two things: r the length of \mathbf{r}.


@pytest.mark.parametrize(
    ("latex", "verdict"),
    [
        (r"$$r = \|\mathbf{r}\|$$", "undecided"),
        (r"$$\mathbf{r} = \|\mathbf{r}\|$$", "ill-typed"),
        (r"$$r^\top r = \|\mathbf{r}\|$$", "refuted"),
    ],
)
def test_nothing_falls_by_a_letter_that_may_be_another_one_than_the_bold_one(
    latex: str, verdict: str
) -> None:
    (line,) = check(latex, given="size n >= 1\nvector \\mathbf{r} in R^n")
    assert line.verdict == verdict


# A decimal may be rounded: what is true as far as its places go does not fall.


@pytest.mark.parametrize(
    ("latex", "verdict"),
    [
        (r"$$\frac{2}{3} = 0.67$$", "undecided"),
        (r"$$\frac{2}{3} = 0.66$$", "refuted"),
        (r"$$-\log 0.25 = 1.386$$", "undecided"),
        (r"$$-\log 0.25 = -1.386$$", "refuted"),
        (r"$$2 \cdot 0.333 = \frac{2}{3}$$", "undecided"),
        (r"$$2 \cdot 0.331 = \frac{2}{3}$$", "refuted"),
        (r"$$0.7 \cdot 3 = 2.1$$", "proved"),
        (r"$$\sqrt{2} = 1$$", "refuted"),
        (r"$$\frac{a}{3} = 0.333 a$$", "refuted"),
    ],
)
def test_a_decimal_may_be_rounded(latex: str, verdict: str) -> None:
    (line,) = check(latex, given="scalar a")
    assert line.verdict == verdict
