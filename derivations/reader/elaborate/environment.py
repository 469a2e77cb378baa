"""Environment of elaboration, its entry point, and the trigger of each construct of notation.

Each kind of node registers its own rule with `resolve`. What has no meaning in any reading is
IllFormed; what could mean two things, or nothing that is known, is Unreadable. `read_by` makes
whatever is raised below a refusal of one piece of text.

The module that reads a construct is entered only where its trigger is: the letter, word or sign
that a factor begins with, brackets behind it, a text somewhere in a side. A trigger is necessary,
and mostly not sufficient: whether the construct stands there, its own rule says. Which rule that
is, the table of `juxtaposition` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import singledispatch
from typing import TypeVar

from derivations.language.tree import (
    Comparison,
    IllTyped,
    IndexVariable,
    Member,
    Misfit,
    Negative,
    Plus,
    Quotient,
    Shape,
    Term,
    Times,
    spelled,
)
from derivations.language.unfit import made
from derivations.reader.latex_commands import DIAGONAL
from derivations.reader.scope import Scope, name_of
from derivations.reader.source import MOST_BINDERS, Attempts, GivenUp, Place, Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Cases,
    Fraction,
    Group,
    Leaf,
    Matrix,
    Node,
    Script,
    Stack,
    nodes,
    written,
)

Bounds = tuple[Term | None, Term | None]  # of a sum; None for the end of the set


@dataclass(frozen=True)
class Layout:
    """How the derivatives of a line are laid out where they are taken by vectors.

    Of a vector f by a vector x it is a matrix, with a row for each entry of f or of x. Of a number
    it is in the shape of x, or transposed, which is said apart of vectors and of matrices. In
    ``chains``, one that stands behind an array of the shape of f is its product with that, summed
    over the entries of f, in the shape of x.
    """

    functions_are_rows: bool
    gradients_are_rows: bool
    matrices_are_turned: bool = False
    chains: bool = False


UNKNOWN = "nothing has this name"
JACOBIAN, BY_PART = "of a vector by a vector", "by an intermediate"
BY_MATRIX = "of a number by a matrix"
DENOMINATOR = Layout(functions_are_rows=False, gradients_are_rows=False)
NUMERATOR = Layout(functions_are_rows=True, gradients_are_rows=True, matrices_are_turned=True)
OWN_SHAPES = Layout(functions_are_rows=True, gradients_are_rows=True)
CHAINS = Layout(functions_are_rows=True, gradients_are_rows=False, chains=True)
LAYOUTS = {
    "by the columns of what is differentiated (denominator layout)": DENOMINATOR,
    "by its rows, gradients as rows (numerator layout)": NUMERATOR,
    "by its rows, gradients as columns": Layout(True, False),
    "by its rows, gradients as rows, those by matrices in the shape of these": OWN_SHAPES,
}
# the first is that of what stands alone
DECLARED = {"numerator": (OWN_SHAPES, NUMERATOR), "denominator": (DENOMINATOR,)}


def first_layout(scope: Scope) -> Layout:
    """The layout that formulas are read in where nothing else is needed for them to fit."""
    return DECLARED[scope.layout][0] if scope.layout else DENOMINATOR


@dataclass(frozen=True)
class Environment:
    """Where something is read: the scope, the notes taken on the way, how deep it is bound.

    ``doubts`` are the notes that a definition must not need; ``bounds`` are those of the sums
    around, by the letters they bind. ``questions`` are what a line may be meant otherwise for: it
    can be proved as it is read, but not refuted. ``met`` has what the ``layout`` matters for;
    ``holding`` are the conditions of the sums around; ``by_entries`` says that this is a factor of
    an entrywise product, or what a diagonal is made of; ``varied`` is all that the derivatives of
    the side are taken by, ``chain`` all that those of the whole chain of equalities are.
    """

    scope: Scope
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    layout: Layout = DENOMINATOR
    met: set[str] = field(default_factory=set)
    depth: int = 0
    bounds: Mapping[IndexVariable, Bounds] = field(default_factory=dict)
    holding: tuple[Comparison, ...] = ()
    by_entries: bool = False
    varied: tuple[Node, ...] = ()
    chain: tuple[Node, ...] = ()

    def note(self, text: str) -> None:
        """Say how something was read that could have been meant otherwise."""
        self.mention(text)
        if text not in self.doubts:
            self.doubts.append(text)

    def mention(self, text: str) -> None:
        """Say how something was read that only one reading makes sense of."""
        if text not in self.notes:
            self.notes.append(text)

    def question(self, text: Question) -> None:
        """Say what would have to be known to find what is read false."""
        self.questions.append(text)

    def meet(self, what: str) -> None:
        """Say that a derivative was met whose layout matters: a JACOBIAN, BY_PART, BY_MATRIX."""
        self.met.add(what)

    def inside(self, node: Node) -> Environment:
        """Inside a sum, a derivative or a function."""
        if self.depth >= MOST_BINDERS:
            what = f"more than {MOST_BINDERS} sums, derivatives or functions within one another"
            raise Unreadable(node.at, written(node)[:20], what)
        return replace(self, depth=self.depth + 1)

    def under(
        self, node: Node, letter: str, variable: IndexVariable, bounds: Bounds = (None, None)
    ) -> Environment:
        """Inside a sum over ``letter``."""
        return replace(
            self.inside(node),
            scope=self.scope.binding(letter, variable),
            bounds={**self.bounds, variable: bounds},
        )


class IllFormed(Exception):
    """What was read has no meaning: the piece, and what does not fit in it."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(misfit.part)
        self.misfit = misfit


def ill_formed(node: Node, left: str, right: str) -> IllFormed:
    """The error that ``left`` does not fit ``right`` within ``node``."""
    return IllFormed(Misfit(written(node), left, right))


@contextmanager
def _switched_on(switch: ContextVar[bool]) -> Iterator[None]:
    """Within, things are read in another way; `is_...` beside each says whether they are."""
    token = switch.set(True)
    try:
        yield
    finally:
        switch.reset(token)


_LOOSELY: ContextVar[bool] = ContextVar("loosely", default=False)


def loosely() -> AbstractContextManager[None]:
    """What has no meaning is read nonetheless, as a term that is not `is_fit`, to be mended."""
    return _switched_on(_LOOSELY)


_DOTTED: ContextVar[bool] = ContextVar("dotted", default=False)


def dotted() -> AbstractContextManager[None]:
    """Columns side by side are read as their dot product."""
    return _switched_on(_DOTTED)


def is_dotted() -> bool:
    """Whether columns side by side are read as their dot product."""
    return _DOTTED.get()


_REACHING: ContextVar[bool] = ContextVar("reaching", default=False)


def reaching() -> AbstractContextManager[None]:
    """A sum reaches over the terms behind it that have its letter: nothing else has it."""
    return _switched_on(_REACHING)


def is_reaching() -> bool:
    """Whether a sum reaches over the terms behind it that have its letter."""
    return _REACHING.get()


_WITH_NUMBER_PI: ContextVar[bool] = ContextVar("with_number_pi", default=False)


def with_number_pi() -> AbstractContextManager[None]:
    """By itself \\pi is the number, where \\pi_k are declared."""
    return _switched_on(_WITH_NUMBER_PI)


def is_with_number_pi() -> bool:
    """Whether \\pi by itself is the number, where \\pi_k are declared."""
    return _WITH_NUMBER_PI.get()


_NABLAS_LAID_OUT: ContextVar[bool] = ContextVar("nablas_laid_out", default=False)


def nablas_laid_out() -> AbstractContextManager[None]:
    """A gradient with a nabla is laid out as derivatives with fraction strokes are: as a row."""
    return _switched_on(_NABLAS_LAID_OUT)


def are_nablas_laid_out() -> bool:
    """Whether a nabla is laid out as fraction strokes are."""
    return _NABLAS_LAID_OUT.get()


def require(fits: bool, node: Node, left: str, right: str) -> None:
    """Raise IllFormed within ``node`` where something does not fit and is not to be mended."""
    if not fits and not _LOOSELY.get():
        raise ill_formed(node, left, right)


def fitted(node: Node, build: Callable[[], Term]) -> Term:
    """The term that ``build`` makes; IllFormed within ``node`` where its shapes do not fit."""
    try:
        return replace(build(), at=(node.at.line, node.at.column))
    except IllTyped as error:
        require(False, node, error.left, error.right)
        return made(build)


@singledispatch
def resolve(node: Node, here: Environment) -> Term:
    """The term that a node stands for where a number, vector or matrix is expected.

    Raises IllFormed where shapes do not fit, Unreadable where it cannot be told.
    """
    raise Unreadable(node.at, written(node), "this is no number, vector or matrix")


def scalar(node: Node, here: Environment, of: str) -> Term:
    """The term of a node where one number is expected, as the argument ``of`` something."""
    value = resolve(node, here)
    require(not value.shape, node, f"shape {shape_of(value)}", f"{of}, which takes a number")
    return value


def shape_of(value: Term) -> str:
    """The shape of a term as a reader writes it."""
    return spelled(value.shape)


def unknown(node: Node, here: Environment) -> Unreadable:
    """The error that nothing has this name, with the nearest name there is."""
    scope = here.scope
    name = name_of(node)
    if name in scope.in_blocks:
        what, advice = "it has blocks, and is read in front of [x; h] alone", "declare each block"
        return Unreadable(node.at, written(node), what, advice)
    known = [*scope.things, *scope.functions, *scope.letters, *scope.lists]
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}?" if near else "declare it in a ```given block"
    if name.lower() in ("lhs", "rhs"):
        advice = "write that side out, or show the equality right before, in a display of its own"
    return Unreadable(node.at, written(node), UNKNOWN, advice)


def own_letters(
    letters: Iterable[IndexVariable], node: Node, here: Environment
) -> dict[IndexVariable, Member]:
    """What the letters that a name depends on without naming them are where it is used.

    Refused is a letter that a sum around the name has bound, or that was declared otherwise
    since: which of the two is meant, nobody can tell.
    """
    found: dict[IndexVariable, Member] = {}
    for letter in letters:
        if letter.latex in here.scope.bound:
            what = f"{written(node)} depends on {letter.name}, which is bound here"
            raise Unreadable(node.at, written(node), what, "use another letter for the sum")
        declared = here.scope.letters.get(letter.latex)
        if declared is None or declared.space != letter.space:
            what = f"{written(node)} depends on a {letter.name} that was declared otherwise before"
            advice = f"use another letter than {letter.name}"
            raise Unreadable(node.at, written(node), what, advice)
        found[letter] = declared
    return found


T = TypeVar("T")
MOST_SHOWN = 60  # characters of what could not be read


def read_by(attempts: Attempts, piece: Callable[[], T], place: Place, token: str) -> T:
    """What a piece of reading makes of what stands at a place; raises Unreadable and nothing else.

    What goes wrong in this program is its cause: a GivenUp.
    """
    try:
        return attempts(piece, Unreadable, IllFormed)
    except IllFormed as error:
        raise Unreadable(place, token[:MOST_SHOWN], str(error.misfit)) from None
    except GivenUp as reason:
        raise Unreadable(place, token[:MOST_SHOWN], str(reason)) from reason


@dataclass(frozen=True)
class UnsizedIdentity(Term):
    """An identity matrix of a size that is still to be found."""

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedOnes(Term):
    """A vector of ones of a size that is still to be found, a column unless ``turned``."""

    turned: bool = False

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedOuter(Term):
    """Ones of a size that is still to be found, times a row; or a column times a row of such."""

    vector: Term
    over_rows: bool

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class UnsizedSquare(Term):
    """A square matrix of ones of a size that is still to be found."""

    def _shape(self) -> Shape:
        return ()


def is_unsized(value: Term) -> bool:
    """Whether a term is a multiple of an identity matrix, or of ones, without a size."""
    match value:
        case UnsizedIdentity() | UnsizedOnes() | UnsizedOuter() | UnsizedSquare():
            return True
        case Negative(of=inner) | Quotient(over=inner):
            return is_unsized(inner)
        case Times(left=left, right=right):
            return is_unsized(left) or is_unsized(right)
        case Plus(parts=parts):
            return any(map(is_unsized, parts))
    return False


EXPECTED = "E"
VARIANCES = frozenset({"Var", "var", "V"})
COVARIANCES = frozenset({"Cov", "cov"})
DRAWN = "\\sim"
DIVERGENCES = frozenset({"KL", "D_{KL}", "D_{\\mathrm{KL}}", "\\mathrm{KL}"})
ENTROPIES = frozenset({"H", "\\mathcal{H}", "\\mathrm{H}"})
NORMAL = "N"
# names of probabilities that nothing declares; what is one only with a bar in its brackets
PROBABILITIES = frozenset({"P", "p", "q", "Pr"})
BY_ITS_BAR = frozenset({r"\pi"})
JACOBIAN_NAME = "J"
DIFFERENTIAL_SIGN = "d"
LOSSES = frozenset({"L", "J", "E", "C", "l", r"\ell", r"\mathcal{L}", "Loss", "loss", "Cost"})
CONSTANT_WORDS = frozenset({"const", "constant", "Const", "cst", "const."})
CONSTANT_LETTER = "C"


def is_dots(node: Node) -> bool:
    """Whether this is a sign that leaves something out."""
    return isinstance(node, Leaf) and node.kind == "DOTS"


def is_list(node: Node) -> bool:
    """Whether this is ``[x_1, ..., x_n]``, or the same in parentheses."""
    if not isinstance(node, Group) or node.bracket not in ("(", "["):
        return False
    content = node.content
    return {*content.separators} == {","} and any(map(is_dots, content.items))


@dataclass(frozen=True)
class Beginning:
    """What a factor begins with, scripts and accents left off, and whether brackets follow.

    ``text`` and ``kind`` are those of its letter, word or sign; of brackets, a fraction or an array
    the text is empty, and the kind the name of the node, LIST of brackets around several things.
    ``text`` is None of what may begin with anything.
    """

    text: str | None
    kind: str
    brackets: bool


def beginning(node: Node, following: Node | None = None) -> Beginning:
    """The beginning of a factor in front of another one."""
    while isinstance(node, Script | Accented):
        node = node.base
    behind = following.base if isinstance(following, Script) else following
    brackets = isinstance(behind, Group)
    match node:
        case Leaf(text=text, kind=kind):
            return Beginning(text, kind, brackets)
        case Group(content=content):
            return Beginning("", "LIST" if content.separators else "GROUP", brackets)
        case Fraction() | Matrix() | Cases() | Stack():
            return Beginning("", type(node).__name__.upper(), brackets)
    return Beginning(None, "", brackets)


@dataclass(frozen=True)
class Trigger:
    """What a construct cannot stand there without.

    A factor of it begins with one of the ``texts`` or ``kinds``, anything where there are none of
    either; with ``brackets`` they stand behind it.
    """

    name: str
    texts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    brackets: bool = False

    def may_begin(self, begins: Beginning) -> bool:
        """Whether the construct may stand where a factor begins so."""
        if self.brackets and not begins.brackets:
            return False
        if begins.text is None or not (self.texts or self.kinds):
            return True
        return begins.text in self.texts or begins.kind in self.kinds

    def may_stand_in(self, *trees: Node) -> bool:
        """Whether the construct may stand somewhere in these trees."""
        leaves = (node for node in nodes(*trees) if isinstance(node, Leaf | Accented))
        return any(self.may_begin(beginning(node)) for node in leaves)


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(texts)


SUM = Trigger("a sum, or a product", kinds=_texts("SUM", "PROD"))
MOMENT = Trigger(
    "an expectation, a variance or a covariance by moments",
    VARIANCES | COVARIANCES | {EXPECTED},
    brackets=True,
)
EXPECTATION = Trigger("an expectation", _texts(EXPECTED), brackets=True)
VARIANCE = Trigger("a variance, or a covariance", VARIANCES | COVARIANCES, brackets=True)
DIVERGENCE = Trigger("a divergence, or an entropy", DIVERGENCES | ENTROPIES | {"D"}, brackets=True)
DIVERGENCE_IN_LETTERS = Trigger("a divergence in plain letters", _texts("K"))
DERIVATIVE = Trigger(
    "the sign of a derivative", _texts("D"), _texts("NABLA", "PARTIAL", "FRACTION")
)
INDICATOR = Trigger("an indicator", _texts("1", "I"), _texts("INDICATOR"))
DIAGONAL_MATRIX = Trigger("a diagonal matrix", frozenset(DIAGONAL), brackets=True)
NAMED_JACOBIAN = Trigger("a Jacobian by name", _texts(JACOBIAN_NAME), brackets=True)
DIFFERENTIAL = Trigger("a differential", _texts(DIFFERENTIAL_SIGN))
UNDECLARED_LOSS = Trigger("a loss that nothing declares", LOSSES)
FUNCTION = Trigger("a function")
PROBABILITY = Trigger("an undeclared probability", PROBABILITIES | BY_ITS_BAR, brackets=True)
PROBABILITY_NAME = Trigger("the name of an undeclared probability", PROBABILITIES | BY_ITS_BAR)
DENSITY = Trigger("a normal density", _texts(NORMAL), brackets=True)
BLOCKS = Trigger("a matrix in blocks", kinds=_texts("LIST", "MATRIX"))
ENTRIES = Trigger("an array by its entries", kinds=_texts("GROUP", "LIST"))
CONSTANT = Trigger("a constant that nobody names", CONSTANT_WORDS | {CONSTANT_LETTER, "c"})
