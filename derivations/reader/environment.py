"""Scopes and environments: what each name is bound to, and where a formula is elaborated.

A scope has the names that a derivation declares, in one spelling; a name that is declared again
takes the new binding, and loses the one that it had. An environment is a scope with what is read
around a formula: the sums it stands under, the layout of derivatives, the notes taken on the way.

Each kind of node registers its own rule with `resolve`. What has no meaning in any reading is
IllFormed; what could mean two things, or nothing that is known, is Unreadable. `read_by` makes
whatever is raised below a refusal of one piece of text.

The module that reads a construct is entered only where its trigger is: the letter, word or sign
that a factor begins with, brackets behind it, a text somewhere in a side. A trigger is necessary,
and mostly not sufficient: whether the construct stands there, its own rule says. Which rule that
is, the table of `juxtaposition` says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import singledispatch
from typing import TypeGuard, TypeVar

from derivations.claim import Condition
from derivations.indices import IndexSet, Names
from derivations.language.tree import (
    Arbitrary,
    Argument,
    Comparison,
    Definition,
    IllTyped,
    IndexVariable,
    Member,
    Misfit,
    Negative,
    Plus,
    Quotient,
    Shape,
    Target,
    Term,
    Times,
    Variable,
    WordList,
    spelled,
)
from derivations.language.unfit import made
from derivations.reader.latex_commands import DIAGONAL
from derivations.reader.source import MOST_BINDERS, Attempts, GivenUp, Place, Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Cases,
    Content,
    Fraction,
    Group,
    Leaf,
    Matrix,
    Node,
    Product,
    Script,
    Stack,
    Terms,
    nodes,
    rebuilt,
    written,
)

LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")  # of a name as it is written


@dataclass(frozen=True)
class Named:
    """A number, vector or matrix, or a family: a term for every value of its subscripts."""

    letters: tuple[IndexVariable, ...]
    body: Term


@dataclass(frozen=True)
class Subset:
    """The members ``over`` of a set that meet the conditions, for each value of ``letters``."""

    letters: tuple[IndexVariable, ...]
    over: IndexVariable
    where: tuple[Comparison, ...]


@dataclass(frozen=True)
class Slot:
    """What an argument must be, and which parameter it is behind the implicit ones (None: none).

    ``declared`` is the argument where the function is named alone; None where one must be given.
    ``vector`` is the name of the family the argument must be a member of (``v`` in ``J(v_c)``);
    ``keyword`` what stands before its ``=`` in ``P(O = o)``; ``fixed`` the names, often one, that
    stand there as they were declared. ``again`` says that the letter below it is the one of a slot
    before: x_i in ``p(y_i | x_i)``.
    """

    parameter: int | None = None
    declared: Argument | None = None
    vector: str = ""
    keyword: str = ""
    fixed: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Function:
    """A named function with the slots of its arguments.

    ``implicit`` are the letters that its definition depends on beside them: its first parameters.
    """

    name: str
    slots: tuple[Slot, ...]
    meaning: Definition | Arbitrary
    implicit: tuple[IndexVariable, ...] = ()
    separators: tuple[str, ...] = ()  # those that are no commas, as in p(y = k | x; theta)

    @property
    def conditional(self) -> bool:
        """Whether its arguments are separated by a bar: P(O = o | C = c)."""
        return "|" in self.separators


@dataclass(frozen=True)
class Step:
    """One of the names that a recurrence defines at each member ``letter``: ``left = right``.

    A *state* is used one member before as well (one behind, where its ``direction`` is -1): it is a
    family of any numbers or arrays, given at ``first`` where that is a number, or one behind the
    size ``last``. What is made of states has no direction. ``scope`` is what was known where it
    was declared, with all names of the recurrence.
    """

    letter: IndexVariable
    left: Node
    right: Node
    scope: Scope
    direction: int = 0
    first: int | None = None
    last: str = ""
    state: Definition | None = None


@dataclass(frozen=True)
class Drawn:
    """The moments of what is drawn: of a vector ``spread`` is its covariance, or where there is an
    ``at`` the variance of the entry there, and these are independent of one another.

    ``bit`` says that it is 0 or 1, and ``normal`` what it says.
    """

    mean: Term
    spread: Term
    at: IndexVariable | None
    bit: bool = False
    normal: bool = False


@dataclass(frozen=True)
class Scope:
    """Every declared name, and the letters bound where something is read.

    ``symbols`` are the printed names that are taken, with what they stand for; ``layout`` is how
    derivatives by vectors are declared to be laid out, ``softmax`` the axis that it is taken along,
    empty where nothing says it. ``drawn`` are letters that nothing declares and a sum is taken
    over; ``hidden`` has, of probabilities that nothing declares, the variables with finitely many
    values. ``moved`` are the variables that differentials vary, ``moved_before`` those of what
    stands before; ``unsure_of_d`` says that d is a size and may be the sign of one. ``steps`` are
    the names that recurrences define; ``reached`` are the definitions that these have been written
    out to, each with how many members on it is, and in which direction. ``families`` have names
    that mean something else where nothing stands below them: ``L_t`` where ``L`` is their sum.
    ``random`` has the moments of what is declared to be drawn. ``in_blocks`` are matrices with the
    rows of their blocks. ``awaiting`` has names that were declared behind functions of them.
    """

    sets: Mapping[str, IndexSet] = field(default_factory=dict)
    letters: Mapping[str, IndexVariable] = field(default_factory=dict)
    things: Mapping[str, Named] = field(default_factory=dict)
    families: Mapping[str, Named] = field(default_factory=dict)
    in_blocks: Mapping[str, tuple[tuple[Term, ...], ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[WordList, ...]] = field(default_factory=dict)
    awaiting: Mapping[str, tuple[Node, Function]] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    subsets: Mapping[str, Subset] = field(default_factory=dict)
    stand_ins: Mapping[IndexSet, WordList] = field(default_factory=dict)
    bound: Mapping[str, IndexVariable] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    symbols: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    layout: str = ""
    softmax: str = ""
    steps: Mapping[str, Step] = field(default_factory=dict)
    reached: Mapping[Definition, tuple[int, int]] = field(default_factory=dict)
    drawn: frozenset[str] = frozenset()
    hidden: Mapping[str, tuple[tuple[str, IndexSet], ...]] = field(default_factory=dict)

    random: Mapping[Variable, Drawn] = field(default_factory=dict)
    moved: tuple[Target, ...] = ()
    unsure_of_d: bool = False
    moved_before: tuple[Target, ...] = ()

    def letter(self, name: str) -> IndexVariable | None:
        """The index a letter stands for here: bound ones hide declared ones."""
        return self.bound.get(name, self.letters.get(name))

    def binding(self, name: str, variable: IndexVariable) -> Scope:
        """The scope under a sum over ``name``."""
        return replace(self, bound={**self.bound, name: variable})

    def spaces(self) -> tuple[IndexSet, ...]:
        """Every declared index set, once."""
        return tuple(dict.fromkeys(self.sets.values()))

    @property
    def declared(self) -> tuple[Mapping[str, object], ...]:
        """Every sort of name that a single letter may be."""
        return (self.things, self.letters, self.functions, self.bound)

    def declares(self, name: str) -> bool:
        """Whether a single letter may be this name."""
        return any(name in names for names in self.declared)

    def means(self, name: str) -> bool:
        """Whether this name means anything: what a letter may, or a list or set."""
        return self.declares(name) or name in self.lists or name in self.sets

    @property
    def names(self) -> Names:
        """The declared letters, for the choice of printed names."""
        return Names(tuple((each.name, each.space) for each in self.letters.values()))


# Binding of names: who declares one again takes it from what it meant before.
#
# Two names never become one symbol, and neither do two objects of one name: an object that would
# share its printed name with another one is told apart by a number, ``n(2)``.


T = TypeVar("T")


def symbol(scope: Scope, kind: str, latex: str, meaning: str) -> tuple[str, Scope]:
    """A printed name for what ``latex`` names, and the scope that remembers it.

    Numbers, letters and lists are told apart by where they stand: names of one ``kind`` are
    chosen apart. ``meaning`` says what is named: the same thing declared again keeps its name.
    """
    plain, number = plain_name(latex), 1
    wanted = plain
    while scope.symbols.get((kind, wanted), (latex, meaning)) != (latex, meaning):
        number += 1
        wanted = f"{plain}({number})"
    return wanted, replace(scope, symbols={**scope.symbols, (kind, wanted): (latex, meaning)})


def with_thing(scope: Scope, name: str, thing: Named) -> Scope:
    """The scope with a number, vector, matrix or family of this name."""
    scope = without(scope, name)
    return replace(scope, things={**scope.things, name: thing})


def with_letter(scope: Scope, name: str, variable: IndexVariable) -> Scope:
    """The scope with an index of this name."""
    scope = without(scope, name)
    return replace(scope, letters={**scope.letters, name: variable})


def with_function(scope: Scope, name: str, function: Function) -> Scope:
    """The scope with a function of this name."""
    scope = without(scope, name)
    return replace(scope, functions={**scope.functions, name: function})


def without(scope: Scope, name: str) -> Scope:
    """The scope in which a name means nothing; lists are told from letters by their subscript."""
    return replace(
        scope,
        things=_without(scope.things, name),
        in_blocks=_without(scope.in_blocks, name),
        families=_without(scope.families, name),
        letters=_without(scope.letters, name),
        functions=_without(scope.functions, name),
        subsets=_without(scope.subsets, name),
        steps=_without(scope.steps, name),
    )


def _without(mapping: Mapping[str, T], name: str) -> Mapping[str, T]:
    return {key: value for key, value in mapping.items() if key != name}


_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
# letters of their own, beside \\epsilon, \\theta, \\phi and others
_OTHER_FORMS = {
    "varepsilon": "\N{GREEK LUNATE EPSILON SYMBOL}",
    "vartheta": "\N{GREEK THETA SYMBOL}",
    "varphi": "\N{GREEK PHI SYMBOL}",
    "varpi": "\N{GREEK PI SYMBOL}",
    "varrho": "\N{GREEK RHO SYMBOL}",
    "varsigma": "\N{GREEK SMALL LETTER FINAL SIGMA}",
    "ell": "\N{SCRIPT SMALL L}",
}
_ACCENTED = re.compile(r"\\(hat|bar|tilde)\{(\\?[A-Za-z]+)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def plain_name(latex: str) -> str:
    """``\\hat{y}`` as ŷ, ``J_{neg}`` as J_neg, ``\\sigma`` as σ."""

    def accented(found: re.Match[str]) -> str:
        base = plain_name(found[2])
        return unicodedata.normalize("NFC", base[0] + _ACCENTS[found[1]] + base[1:])

    text = _ACCENTED.sub(accented, latex).replace(r"\mathrm", "")
    text = _COMMAND.sub(_unicode_letter, text)
    return re.sub(r"[{}\s]", "", text).replace("^", "")


def _unicode_letter(found: re.Match[str]) -> str:
    name = found[1]
    if name in _OTHER_FORMS:
        return _OTHER_FORMS[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    spelled = name.upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {spelled}")
    except KeyError:
        return name


NAMES = r"names are letters, \sigma, \hat{y}, J_{neg}, \mathrm{loss}"
PRIME = "′"  # unlike the ' of axes, which nobody writes


def name_of(node: Node) -> str:
    """A name in one spelling: ``\\hat{y}``, ``J_{neg}``; superscripts and primes are no part."""
    if isinstance(node, Script):
        sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
        return f"{name_of(node.base)}{sub}"
    return node.text if isinstance(node, Leaf) else written(node)


_CALLIGRAPHIC = re.compile(r"\\mathcal\{([A-Za-z])\}")


def calligraphic_names(scope: Scope) -> frozenset[str]:
    """The letters that are names of their own where they are calligraphic."""
    names = (*scope.things, *scope.functions, *scope.families, *scope.sets)
    return frozenset(found[1] for name in names if (found := _CALLIGRAPHIC.match(name)))


def raised_name(node: Node) -> str:
    """A name with its primes, and with what stands above it: ``v′_{w}``, ``s^{+}``."""
    if not isinstance(node, Script):
        return name_of(node)
    sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
    sup = f"^{{{plain(node.sup)}}}" if node.sup else ""
    return f"{raised_name(node.base)}{PRIME * node.primes}{sub}{sup}"


def declared_name(node: Node) -> str:
    """The name that a node is; raises Unreadable for anything that is no name."""
    base = node.base if isinstance(node, Script) else node
    base = base.base if isinstance(base, Accented) else base
    above = node.sup if isinstance(node, Script) else None
    letters = isinstance(base, Leaf) and base.kind in ("LETTER", "WORD")
    if not letters or (above is not None and not _is_part_of_name(above.only)):
        raise Unreadable(node.at, written(node), "a name is expected here", NAMES)
    return raised_name(node)


def _is_part_of_name(above: Node | None) -> bool:
    """Whether what stands above a name may belong to it: ``w^*``, ``W^{[1]}``, ``a^{l-1}``."""
    if isinstance(above, Product):
        return not any(above.joins) and all(map(_is_part_of_name, above.factors))
    if is_numeral(above):
        return True
    if isinstance(above, Terms):
        return all(map(_is_layer, above.parts)) and above.signs[0] == "+"
    if isinstance(above, Leaf):
        return above.kind in ("MARK", "WORD", "LETTER") and above.text != "T"
    return isinstance(above, Group) and above.bracket in ("(", "[")


def _is_layer(part: Node) -> bool:
    """Whether this is a letter or a number, as both are in ``a^{l-1}``."""
    return isinstance(part, Leaf) and (part.kind == "LETTER" or is_numeral(part))


def is_numeral(above: Node | None) -> bool:
    """Whether this is a number above a name, which belongs to it where that is not declared."""
    return isinstance(above, Leaf) and above.kind == "NUMBER" and above.text.isdigit()


def lowered(node: Node, scope: Scope) -> Node:
    """``x^{(i)}_j`` and ``y^i`` as ``x_{ij}`` and ``y_i``, where that names a member.

    An index may stand above the name of an array, a family or a list, in brackets or not.
    """
    if not isinstance(node, Script) or node.sup is None or raised_name(node) in scope.things:
        return node
    above = node.sup.only
    brackets = isinstance(above, Group) and above.bracket in ("(", "[")
    inner = above.content.only if isinstance(above, Group) and brackets else above
    thing = scope.things.get(raised_name(Script(node.at, node.base, primes=node.primes)))
    array = thing is not None and (thing.letters or thing.body.shape)
    if inner is None or not (array or name_of(node.base) in scope.lists):
        return node
    letter = scope.letter(letter_of(inner)) if letter_of(inner) not in ("", "T") else None
    if letter is None and (not brackets or not _is_of_known(inner, scope)):
        return node
    if letter is not None and thing is not None and _is_of_others(letter, thing, scope):
        return node
    items = (inner, *(node.sub.items if node.sub else ()))
    content = Content(node.sup.at, items, (",",) * (len(items) - 1))
    return Script(node.at, node.base, content, None, node.primes)


def _is_of_known(node: Node, scope: Scope) -> bool:
    """Whether it is a letter, or all in it are declared: t of ``m^{(t+1)}`` counts iterations."""
    if letter_of(node):
        return True
    known = (scope.things, scope.letters, scope.bound, scope.lists, scope.functions)
    return all(any(letter in names for names in known) for letter in letters_in(node))


def _is_of_others(letter: IndexVariable, thing: Named, scope: Scope) -> bool:
    """Whether a letter runs over none of the sets that an array has members of, by their sizes.

    It may count iterations then: t of ``w^{(t)}``.
    """
    spaces = [*(each.space for each in thing.letters), *(a for a in thing.body.shape if a)]
    own = letter.space.upper.free_symbols
    apart = all(own and own.isdisjoint(each.upper.free_symbols) for each in spaces)
    return apart and letter.space not in scope.stand_ins


def as_subscript(node: Node) -> Node:
    """``A(i)`` as ``A_i``; any other node as it is."""
    match node:
        case Product(at, (name, Group(bracket="(", content=content)), ("",)) if content.only:
            return Script(at, name, content)
    return node


def plain(content: Content) -> str:
    """A subscript as text, upright or not: ``naive-softmax``."""
    text = written(content)
    for mark in (r"\mathrm{", "{", "}", " "):
        text = text.replace(mark, "")
    return text


def letters_from(node: Product, at: int) -> list[Leaf]:
    """The letters that stand side by side without a blank, from a factor on; scripts end them."""
    found: list[Leaf] = []
    for place in range(at, len(node.factors)):
        factor = node.factors[place]
        letter = factor.base if isinstance(factor, Script) else factor
        plain = isinstance(letter, Leaf) and letter.kind == "LETTER" and len(letter.text) == 1
        if not isinstance(letter, Leaf) or not plain or (found and node.joins[place - 1]):
            break
        if found and (letter.at.line, letter.at.column) != (
            found[-1].at.line,
            found[-1].at.column + 1,
        ):
            break
        found.append(letter)
        if isinstance(factor, Script):
            break
    return found


def as_word(node: Node) -> Node:
    """Letters side by side without a blank, as the one name they are where names are declared."""
    if not isinstance(node, Product):
        return node
    letters = letters_from(node, 0)
    if len(letters) < 2:
        return node
    count, last = len(letters), node.factors[len(letters) - 1]
    word: Node = Leaf(node.at, "WORD", "".join(letter.text for letter in letters))
    if isinstance(last, Script):
        word = Script(node.at, word, last.sub, last.sup, last.primes)
    if count == len(node.factors):
        return word
    return Product(node.at, (word, *node.factors[count:]), node.joins[count - 1 :])


def letters_in(node: Node) -> set[str]:
    """The letters of what stands above or below a name."""
    match node:
        case Leaf(kind="LETTER", text=text):
            return {text}
        case Group(content=content):
            return set[str]().union(*map(letters_in, content.items))
        case Product(factors=parts) | Terms(parts=parts):
            return set[str]().union(*map(letters_in, parts))
    return set()


def letter_of(node: Node) -> str:
    """The name of a letter, primed or not; empty for anything else."""
    if isinstance(node, Script) and not (node.sub or node.sup):
        inner = letter_of(node.base)
        return inner + PRIME * node.primes if inner else ""
    return node.text if isinstance(node, Leaf) and node.kind == "LETTER" else ""


# Indices with a letter or a word below them: ``y_w`` and ``y_l``, two members of one set.
#
# Such a name is one letter wherever it stands; y and w by themselves mean what they mean.


def compound_letter(node: Node) -> str:
    """The name of such an index; empty for anything else."""
    if not isinstance(node, Script) or node.sup or node.primes or not isinstance(node.base, Leaf):
        return ""
    below = node.sub.only if node.sub is not None else None
    plain = isinstance(below, Leaf) and below.kind in ("LETTER", "WORD", "NUMBER")
    return raised_name(node) if plain and node.base.kind == "LETTER" else ""


def with_compound_letters(node: Node, scope: Scope) -> Node:
    """The same with each declared one as a letter."""
    names = {name for name in scope.letters if "_" in name}

    def as_letter(each: Node) -> Node:
        name = compound_letter(each)
        return Leaf(each.at, "LETTER", name) if name in names else each

    return rebuilt(node, as_letter) if names else node


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
NORMALS = frozenset({"N", "\\mathcal{N}"})
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


def is_list(node: Node) -> TypeGuard[Group]:
    """Whether this is ``[x_1, ..., x_n]``, or the same in parentheses."""
    return is_tuple(node) and any(map(is_dots, node.content.items))


def is_tuple(node: Node) -> TypeGuard[Group]:
    """Whether things stand beside one another in brackets, with commas between them."""
    if not isinstance(node, Group) or node.bracket not in ("(", "["):
        return False
    return {*node.content.separators} == {","}


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
AT_A_POINT = Trigger("a derivative at a point", kinds=_texts("FRACTION", "GROUP"), brackets=True)
INDICATOR = Trigger("an indicator", _texts("1", "I"), _texts("INDICATOR"))
DIAGONAL_MATRIX = Trigger("a diagonal matrix", frozenset(DIAGONAL), brackets=True)
NAMED_JACOBIAN = Trigger("a Jacobian by name", _texts(JACOBIAN_NAME), brackets=True)
DIFFERENTIAL = Trigger("a differential", _texts(DIFFERENTIAL_SIGN))
UNDECLARED_LOSS = Trigger("a loss that nothing declares", LOSSES)
FUNCTION = Trigger("a function")
PROBABILITY = Trigger("an undeclared probability", PROBABILITIES | BY_ITS_BAR, brackets=True)
PROBABILITY_NAME = Trigger("the name of an undeclared probability", PROBABILITIES | BY_ITS_BAR)
DENSITY = Trigger("a normal density", NORMALS, brackets=True)
BLOCKS = Trigger("a matrix in blocks", kinds=_texts("LIST", "MATRIX"))
ENTRIES = Trigger("an array by its entries", kinds=_texts("GROUP", "LIST"))
CONSTANT = Trigger("a constant that nobody names", CONSTANT_WORDS | {CONSTANT_LETTER, "c"})
