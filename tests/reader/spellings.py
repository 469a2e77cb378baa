"""One thing in many spellings, and terms of what is declared."""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer, Symbol

from derivations.indices import IndexSet
from derivations.language.functions import EXP, LOG
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Call,
    Comparison,
    Definition,
    Entry,
    IndexVariable,
    Indicator,
    ListEntry,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Row,
    Size,
    Sum,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    WordList,
)
from derivations.reader.scope import Function, Named, Scope, Slot

# Ways to write one thing: the first spelling of each is a reference.


SAME: dict[str, tuple[str, ...]] = {
    # arrays by their diagonal and cells
    r"\operatorname{diag}(p) q": (
        r"\text{diag}(p) q",
        r"\mathrm{diag}(\mathbf{p}) q",
        r"\mathrm{Diag}(p)\, q",
        r"diag(p) q",
        r"\operatorname{diag}[p] q",
    ),
    # derivatives
    r"\frac{\partial}{\partial v_c} J(v_c, o, U)": (
        r"\nabla_{v_c} J",
        r"\nabla_{v_c} J(v_c, o, U)",
        r"\nabla_{v_c}\, J(\mathbf{v}_c, o, \mathbf{U})",
        r"\frac{\partial J}{\partial v_c}",
        r"\dfrac{\partial J(v_c, o, U)}{\partial v_c}",
        r"\tfrac{\partial}{\partial v_c} J",
        r"\partial J / \partial v_c",
        r"\partial J/\partial \mathbf{v}_{c}",
        r"\frac{\partial}{\partial v_c} \left( J(v_c, o, U) \right)",
        r"∂J/∂v_c",
        r"∇_{v_c} J",
        r"\frac{\mathrm{\partial} J}{\mathrm{\partial} v_c}",
    ),
    r"\frac{\partial}{\partial U} J": (r"\nabla_U J", r"\frac{\partial J}{\partial \mathbf{U}}"),
    r"\sigma'(z)": (
        r"\sigma^{\prime}(z)",
        r"\sigma^\prime(z)",
        r"σ′(z)",
        r"\frac{\partial \sigma(z)}{\partial z}",
        r"\frac{\partial}{\partial z} \sigma(z)",
        r"\frac{\partial\sigma}{\partial z}",
        r"\partial \sigma(z) / \partial z",
    ),
    # products of vectors
    r"u_o^T v_c": (
        r"u_o \cdot v_c",
        r"u_o^\top v_c",
        r"u_o^{\top} v_c",
        r"u_o^{T}v_c",
        r"u_o^{\mathsf{T}} v_c",
        r"u_o^{\mathrm{T}} v_c",
        r"u_o^\intercal v_c",
        r"{u_o}^T v_c",
        r"(u_o)^T v_c",
        r"\mathbf{u}_o^{\top} \mathbf{v}_c",
        r"\mathbf{u_o}^T \mathbf{v_c}",
        r"\vec{u}_o \cdot \vec{v}_c",
        r"\boldsymbol{u}_{o}^T\, \boldsymbol{v}_{c}",
        r"\langle u_o, v_c \rangle",
        r"\left\langle u_o, v_c \right\rangle",
        r"⟨u_o, v_c⟩",
        r"v_c^T u_o",
        r"(U^T v_c)_o",
        r"[U^T v_c]_o",
    ),
    r"\lVert v_c \rVert^2": (
        r"\|v_c\|^2",
        r"\|v_c\|_2^2",
        r"\|v_c\|^2_2",
        r"\left\| v_c \right\|^2",
        r"\left\lVert v_c \right\rVert_2^{2}",
        r"||v_c||^2",
        r"\Vert v_c \Vert^2",
        r"v_c^T v_c",
        r"v_c \cdot v_c",
    ),
    r"v_c (\hat{y} - y)^T": (
        r"v_c (\hat y - y)^\top",
        r"v_c \left(\hat{\mathbf{y}} - \mathbf{y}\right)^{T}",
        r"((\hat{y} - y) v_c^T)^T",
    ),
    r"U (\hat{y} - y)": (
        r"U(\hat y - y)",
        r"\mathbf{U}\left(\widehat{y} - y\right)",
        r"U \, (\hat{y}−y)",
        r"\sum_w (\hat{y}_w - y_w) u_w",
    ),
    r"p \odot q": (r"p \circ q", r"p ⊙ q"),
    # fractions and powers
    r"\frac{z}{s}": (
        r"z / s",
        r"z s^{-1}",
        r"\dfrac{z}{s}",
        r"\tfrac{z}{s}",
        r"\frac zs",
        r"{z}/{s}",
    ),
    r"\frac{1}{2} z": (r"\frac12 z", r"\tfrac12 z", r"z / 2", r"0.5 z", r"\frac{z}{2}", r"(1/2) z"),
    r"z s": (r"z \cdot s", r"z \times s", r"z * s", r"z\,s", r"z~s", r"z(s)", r"(z)(s)", r"z · s"),
    r"(z + s) a": (r"[z + s] a", r"\{z + s\} a", r"\bigl(z + s\bigr) a", r"\left[z+s\right]a"),
    # sums
    r"\sum_{w=1}^{N} y_w": (
        r"\sum_w y_w",
        r"\sum_{w} y_w",
        r"\sum_{w=1}^N y_w",
        r"\sum^{N}_{w=1} y_w",
        r"\sum\limits_{w=1}^N y_w",
        r"\sum_{w \in Vocab} y_w",
        r"\sum_{w \in \text{Vocab}} y_w",
        r"\sum_{w \in \mathrm{Vocab}} y_w",
        r"\sum_{w'} y_{w'}",
        r"\sum_{w' \in Vocab} y_{w'}",
        r"\sum_x y_x",
        r"\displaystyle\sum_{w} y_w",
        r"∑_w y_w",
    ),
    r"\sum_{k=1}^K a": (
        r"\sum_{1 \le k \le K} a",
        r"\sum_{1 \leq k \leqslant K} a",
        r"\sum_{1 ≤ k ≤ K} a",
        r"\sum_{k \in \{1, \dots, K\}} a",
        r"\sum_{k \in \{1, 2, \ldots, K\}} a",
        r"\sum_{k \in [K]} a",
    ),
    r"\sum_{w, w \ne o} y_w": (
        r"\sum_{w \neq o} y_w",
        r"\sum_{w ≠ o} y_w",
        r"\sum_{w \in Vocab, w \ne o} y_w",
        r"\sum_{\substack{w \in Vocab \\ w \neq o}} y_w",
        r"\sum_{w : w \ne o} y_w",
        r"\sum_w \mathbb{1}_{w \ne o} y_w",
    ),
    r"\sum_{i : w_i = w_k} a": (
        r"\sum_{i \mid w_i = w_k} a",
        r"\sum_{i, w_i = w_k} a",
        r"\sum_{\substack{i \\ w_i = w_k}} a",
        r"\sum_i \mathbb{1}[w_i = w_k] a",
    ),
    # functions
    r"\exp(z)": (
        r"e^z",
        r"e^{z}",
        r"\mathrm{e}^{z}",
        r"\exp z",
        r"\exp{z}",
        r"\exp{(z)}",
        r"\exp\{z\}",
        r"\exp[z]",
        r"\exp\left[z\right]",
        r"\exp\!\left( z \right)",
        r"\operatorname{exp}(z)",
        r"\mathrm{exp}(z)",
    ),
    r"\log(z)": (
        r"\ln z",
        r"\ln(z)",
        r"\log z",
        r"\log{z}",
        r"\log\left(z\right)",
        r"\mathrm{log}(z)",
    ),
    r"\log(\sum_w \exp(u_w^T v_c))": (
        r"\log \sum_w \exp(u_w^T v_c)",
        r"\ln\sum_{w} e^{u_w^\top v_c}",
        r"\log\left(\sum_{w=1}^N e^{u_w \cdot v_c}\right)",
    ),
    r"\sigma(z)": (r"\sigma\left(z\right)", r"\sigma (z)", r"\sigma[z]", r"σ(z)", r"{\sigma}(z)"),
    r"\mathrm{softmax}(U^T v_c)_w": (
        r"\operatorname{softmax}(U^T v_c)_w",
        r"\text{softmax}(U^\top v_c)_{w}",
        r"[\mathrm{softmax}(U^T v_c)]_w",
        r"\mathrm{softmax}_w(U^T v_c)",
        r"\frac{\exp(u_w^T v_c)}{\sum_x \exp(u_x^T v_c)}",
        r"\hat{y}_w",
        r"P(w \mid c)",
    ),
    # names
    r"\hat{y}_w": (
        r"\hat y_w",
        r"\hat{y_w}",
        r"\widehat{y}_w",
        r"\widehat{y_w}",
        r"\hat{\mathbf{y}}_w",
        r"\mathbf{\hat y}_w",
    ),
    r"P(O = o | C = c)": (
        r"P(O=o \mid C=c)",
        r"P(o \mid c)",
        r"P(o|c)",
        r"P\left(O=o \,\middle|\, C=c\right)",
        r"\mathrm{P}(o \mid c)",
        r"\hat{y}_o",
    ),
    # indicators
    r"\mathbb{1}_{w = o}": (
        r"\mathbb{1}_{\{w = o\}}",
        r"\mathbb{1}[w = o]",
        r"\mathbb{1}\{w = o\}",
        r"\mathbb{1}(w = o)",
        r"\mathbf{1}\{w = o\}",
        r"\mathbf{1}_{w = o}",
        r"\mathbf 1_{w = o}",
        r"1_{w = o}",
        r"1\{w = o\}",
        r"\mathbb{I}(w = o)",
        r"\mathbb{I}[o = w]",
        r"[w = o]",
        r"\delta_{wo}",
        r"\delta_{w,o}",
        r"1 - \mathbb{1}_{w \ne o}",
        r"y_w",
    ),
    r"|Vocab|": (r"N", r"\lvert Vocab \rvert", r"\left|\text{Vocab}\right|"),
    # matrices
    r"U": (
        r"\begin{pmatrix} u_1 & u_2 & \cdots & u_N \end{pmatrix}",
        r"\begin{bmatrix} u_1 & \dots & u_N \end{bmatrix}",
        r"\begin{bmatrix} u_1 & u_2 & \ldots & u_{|Vocab|} \end{bmatrix}",
        r"\begin{pmatrix} u_1^T \\ \vdots \\ u_N^T \end{pmatrix}^T",
    ),
    r"y": (r"\begin{pmatrix} y_1 \\ \vdots \\ y_N \end{pmatrix}", r"\mathbf{y}"),
}


# Declared objects of every kind as terms, made without the reader.


def size(name: str, least: int = 1) -> Symbol:
    return Symbol(name, integer=True, **{"positive" if least else "nonnegative": True})


WORDS = IndexSet("Vocab", Integer(1), size("N"), labels=True)
TIMES = IndexSet("1..K", Integer(1), size("K", 0), inhabited=False)
PLACES = IndexSet("-m..m", -size("m", 0), size("m", 0))
PARTS = IndexSet("1..d", Integer(1), size("d"))
c, o, w, x = (IndexVariable(WORDS, name, name) for name in "cowx")
k, i = (IndexVariable(TIMES, name, name) for name in "ki")
j = IndexVariable(PLACES, "j", "j")
LETTERS = {each.name: each for each in (c, o, w, x, k, i, j)}
SIZES = {"N": Size("N", 1), "d": Size("d", 1), "K": Size("K"), "m": Size("m")}
Z, A_ = Variable((), "z", "z"), Variable((), "a", "a")
P_ = Variable((PARTS, None), "p", "p")
A = Variable((PARTS, PARTS), "A", "A")
U = Variable((WORDS, PARTS), "U", "U", transposed=True, family="u")
V = Variable((WORDS, PARTS), "V", "V", family="v")
z, a, p, matrix = (Reference(each) for each in (Z, A_, P_, A))
LIST = WordList("w", WORDS, TIMES, "w")
AROUND = WordList("w_t", WORDS, PLACES, "w", "t")


def number(over: int, under: int = 1) -> Number:
    return Number(Fraction(over, under))


def u(word: Member) -> Row:
    return Row(Reference(U), word)


def v(word: Member) -> Row:
    return Row(Reference(V), word)


def score(outside: Member, center: Member) -> MatrixProduct:
    return MatrixProduct(Transpose(u(outside)), v(center))


def delta(left: Member, right: Member, *, negated: bool = False) -> Indicator:
    return Indicator((Comparison(left, right, negated),))


def exp(of: Term) -> Apply:
    return Apply(EXP, of)


def log(of: Term) -> Apply:
    return Apply(LOG, of)


def _sigma() -> Definition:
    s = Variable((), "s", "s")
    below = Plus((number(1), exp(Negative(Reference(s)))))
    return Definition("σ", (s,), Quotient(number(1), below), (r"\sigma(", 0, ")"))


def _conditional() -> Definition:
    outside, center = IndexVariable(WORDS, "o", "o"), IndexVariable(WORDS, "c", "c")
    each = IndexVariable(WORDS, "w", "w")
    total = Sum(each, exp(score(each, center)))
    body = Quotient(exp(score(outside, center)), total)
    return Definition("P", (outside, center), body, ("P(O = ", 0, " | C = ", 1, ")"))


def _softmax(conditional: Definition) -> Definition:
    each = IndexVariable(WORDS, "w", "w")
    table = Table((each, None), Call(conditional, (each, c)))
    return Definition("ŷ", (), table, (r"\hat{y}",))


SIGMA, CONDITIONAL = _sigma(), _conditional()
SOFTMAX = _softmax(CONDITIONAL)
ARBITRARY = Arbitrary("G", (c, o), ("G(v_", 0, ", ", 1, ", U)"))
hat = Call(SOFTMAX)


def sigma(of: Term) -> Call:
    return Call(SIGMA, (of,))


def given(outside: Member, center: Member) -> Call:
    return Call(CONDITIONAL, (outside, center))


def loss(center: Member, outside: Member) -> ArbitraryCall:
    return ArbitraryCall(ARBITRARY, (center, outside))


def at(of: Term, *members: Member) -> Entry:
    return Entry(of, members)


def drawn(place: Member) -> ListEntry:
    return ListEntry(LIST, place)


def around(place: Member) -> ListEntry:
    return ListEntry(AROUND, place)


def times(*factors: Term) -> Term:
    """The product of factors, from left to right."""
    found, *others = factors
    for each in others:
        both = bool(found.shape) and bool(each.shape)
        found = MatrixProduct(found, each) if both else Times(found, each)
    return found


THINGS = {
    **{name: Named((), each) for name, each in SIZES.items()},
    "z": Named((), z),
    "a": Named((), a),
    "p": Named((), p),
    "A": Named((), matrix),
    "u": Named((w,), u(w)),
    "U": Named((), Transpose(Reference(U))),
    "v": Named((w,), v(w)),
    "V": Named((), Reference(V)),
    r"\hat{y}": Named((), hat),
}
SCOPE = Scope(
    sets={each.name: each for each in (WORDS, TIMES, PLACES, PARTS)},
    letters=LETTERS,
    things=THINGS,
    lists={"w": (LIST, AROUND)},
    functions={
        r"\sigma": Function(r"\sigma", (Slot(0),), SIGMA),
        "P": Function(
            "P", (Slot(0, keyword="O"), Slot(1, keyword="C")), CONDITIONAL, separators=("|",)
        ),
        "G": Function("G", (Slot(0, vector="v"), Slot(1), Slot(fixed=("U",))), ARBITRARY),
    },
    stand_ins={TIMES: LIST},
)
