"""Declaration blocks: one declaration a line, by the keyword it begins with.

`KEYWORDS` has a row for each kind of declaration. A line that cannot be read costs itself, and the
names that it would have declared; which declarations hold, `recovery.py` says. Common declarations
have names of their own: ``use sigmoid, one-hot y of o`` stands for the lines that it says, and
nothing else is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache

from lark import Token

from derivations.indices import IndexSet
from derivations.language.traversal import free_in
from derivations.language.tree import Call, Table, Variable, vector_axis
from derivations.reader.declare import arrays
from derivations.reader.declare.arrays import NotAsWritten
from derivations.reader.declare.definitions import (
    Beside,
    Introduced,
    Introductions,
    introduced,
    with_definition,
)
from derivations.reader.declare.parameters import with_arbitrary, with_distribution
from derivations.reader.declare.recovery import (
    BEFORE_BOUND,
    BEFORE_SET,
    NONE_LOST,
    PLACE_LETTER,
    SET_NAME,
    WHOLE_MATRIX,
    Heading,
    Lost,
    Uses,
    bare_names,
    contradictions,
    is_condition,
    no_names,
    undeclared,
    with_fixed,
    words_of,
)
from derivations.reader.declare.recurrences import awaits, is_closed, with_made_of, with_recurrence
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.constructors import COLUMN, ROW
from derivations.reader.elaborate.expectations import with_drawn
from derivations.reader.elaborate.indexing import alone, conditions, distinct, listed
from derivations.reader.elaborate.intermediates import uses_undeclared
from derivations.reader.elaborate.probabilities import all_declared
from derivations.reader.elaborate.properties import declared_invertible
from derivations.reader.environment import (
    DECLARED,
    LETTER,
    Named,
    Scope,
    read_by,
    with_compound_letters,
)
from derivations.reader.premises import KEYWORD as REQUIRE
from derivations.reader.premises import Required, required
from derivations.reader.source import (
    MOST_DECLARATIONS,
    MOST_DECLARED,
    Attempts,
    Made,
    Span,
    Unreadable,
)
from derivations.reader.syntax import Group, Node, Relation, formula, listing

# of the standard normal distribution: the distribution function, and its density
NORMAL = (
    r"define \Phi(z) = \frac{1}{2} (1 + \operatorname{erf}(\frac{z}{\sqrt{2}}))",
    r"define \phi(z) = \frac{1}{\sqrt{2 \pi}} e^{-z^2 / 2}",
)
SIGMOID = r"define \sigma(z) = \frac{1}{1 + e^{-z}}"
_ARGUMENTS = "zxtsrabqpyg"  # letters for the argument of a function, the first that is free
WORD2VEC = (
    "size N, d, K >= 1",
    "size m >= 0",
    "index c, o, w, x in Vocab = 1..N",
    "index k in 1..K",
    "index j in -m..m",
    "vectors u_w in R^d, columns of U",
    "vectors v_w in R^d, columns of V",
    r"define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}",
    r"define \hat{y}_w = P(O = w | C = c)",
    r"define y_w = \mathbb{1}_{w = o}",
    SIGMOID,
    r"define J_{naive-softmax}(v_c, o, U) = -\log P(O = o | C = c)",
    "list w_k in Vocab, k in 1..K",
    "read k as w_k",
    r"define J_{neg-sample}(v_c, o, U) ="
    r" -\log(\sigma(u_o^T v_c)) - \sum_k \log(\sigma(-u_k^T v_c))",
    "list w_{t+j} in Vocab, j in -m..m",
    "arbitrary J(v_c, o, U)",
    r"define J_{skip-gram}(v_c, w_{t-m}, ..., w_{t+m}, U) ="
    r" \sum_{-m \le j \le m, j \ne 0} J(v_c, w_{t+j}, U)",
)


def _sigmoid(_: re.Match[str], scope: Scope) -> Iterator[str]:
    yield SIGMOID.replace("z", _argument(scope))


def _normal(_: re.Match[str], scope: Scope) -> Iterator[str]:
    yield from (line.replace("z", _argument(scope)) for line in NORMAL)


def _argument(scope: Scope) -> str:
    """A letter for the argument of a function that stands for nothing else."""
    free = (each for each in _ARGUMENTS if each not in scope.things and each not in scope.letters)
    return next(free, "z")


def _cross_entropy(found: re.Match[str], scope: Scope) -> Iterator[str]:
    y, p = found[1], found[2]
    thing = scope.things.get(y)
    space = vector_axis(thing.body.shape) if thing is not None and not thing.letters else None
    letter = _letter(space, scope)
    if not letter:
        raise _Missing(f"{y} is no vector with an index", f"declare {y}, and an index of its set")
    yield rf"define \mathrm{{CE}}({y}, {p}) = -\sum_{letter} {y}_{letter} \log({p}_{letter})"


def _one_hot(found: re.Match[str], scope: Scope) -> Iterator[str]:
    name, of = found[1], found[2]
    index = scope.letters.get(of)
    letter = _letter(index.space, scope, besides=of) if index is not None else ""
    if not letter:
        raise _Missing(f"there is no other index of the set of {of}", "declare two of them")
    yield rf"define {name}_{letter} = \mathbb{{1}}_{{{letter} = {of}}}"


def _of_each(found: re.Match[str], scope: Scope) -> Iterator[str]:
    yield f"softmax of each {found[1]}"


_NAME = r"(\\?[A-Za-z]+|\\(?:hat|tilde|bar)\{\\?[A-Za-z]+\})"
# what each name stands for; the pattern is of what stands behind `use`
COMMON: dict[str, tuple[str, Callable[[re.Match[str], Scope], Iterator[str]]]] = {
    "sigmoid": (r"sigmoid", _sigmoid),
    "normal distribution": (r"normal distribution", _normal),
    "softmax of each row": (r"softmax of each (row|column)", _of_each),
    "softmax": (r"softmax", lambda found, scope: iter(())),  # it needs no declaration
    "cross-entropy of y and p": (rf"cross-entropy\s+of\s+{_NAME}\s+and\s+{_NAME}", _cross_entropy),
    "one-hot y of o": (rf"one-hot\s+{_NAME}\s+of\s+([A-Za-z])", _one_hot),
    "word2vec": (r"word2vec", lambda found, scope: iter(WORD2VEC)),
}


class _Missing(Exception):
    """What has to be declared before something common can be used."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what, self.advice = what, advice


def _letter(space: IndexSet | None, scope: Scope, besides: str = "") -> str:
    """A declared letter for the members of a set, other than some letter."""
    letters = scope.letters.items()
    found = (name for name, index in letters if index.space == space and name != besides)
    return next(found, "")


def common(span: Span) -> list[Span]:
    """What is used, piece by piece."""
    pieces, start = [], 0
    for text in span.text.split(","):
        pieces.append(span.part(start, start + len(text)).stripped)
        start += len(text) + 1
    return pieces


def lines_of(piece: Span, scope: Scope) -> list[Span]:
    """The declarations that a piece stands for, each at its place."""
    for pattern, lines in COMMON.values():
        found = re.fullmatch(pattern, piece.text)
        if found is not None:
            try:
                return [_at(piece, line) for line in lines(found, scope)]
            except _Missing as missing:
                raise Unreadable(piece.place, piece.text, missing.what, missing.advice) from None
    near = get_close_matches(piece.text, COMMON, n=1, cutoff=0.4)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(COMMON)}"
    raise Unreadable(piece.place, piece.text[:60], "nothing common has this name", advice)


def _at(piece: Span, text: str) -> Span:
    """A line that stands at the place of a piece."""
    made = Made(piece.source)
    made.add(text, at=piece)
    return made.source(piece).whole


USE, INVERTIBLE, DEFINE = "use", "invertible", "define"


def _define(span: Span, scope: Scope) -> Scope:
    node = listing(span).only
    if not isinstance(node, Relation) or node.signs != ("=",):
        raise NotAsWritten(span)
    left, right = (with_compound_letters(each, scope) for each in node.parts)
    after = with_definition(left, right, scope)
    if after.steps:
        after = with_made_of(left, right, after)
    new = (each for name, each in after.things.items() if scope.things.get(name) is not each)
    if any(free_in(each.body).functions and uses_undeclared(each.body) for each in new):
        what, advice = "its loss is not declared", "declare it above, as in arbitrary L(y)"
        raise Unreadable(span.place, span.text.strip(), what, advice)
    return after


def _draw(span: Span, scope: Scope) -> Scope:
    node = listing(span).only
    if node is None:
        raise NotAsWritten(span)
    return with_drawn(node, Environment(scope))


def _layout(span: Span, scope: Scope) -> Scope:
    """How derivatives by vectors are laid out from here on."""
    said = span.text.strip()
    if said not in DECLARED:
        raise NotAsWritten(span)
    return replace(scope, layout=said)


def _softmax(span: Span, scope: Scope) -> Scope:
    """The axis that the softmax of a matrix is taken along from here on."""
    axis = span.text.split()[-1] if span.text.split() else ""
    if axis not in (ROW, COLUMN):
        raise NotAsWritten(span)
    return replace(scope, softmax=axis)


def _if(span: Span, scope: Scope) -> Scope:
    text, here = span.text.rstrip(), Environment(scope)
    if text.endswith("distinct"):
        content = listing(span.part(0, len(text) - len("distinct")))
        only = content.only
        items = only.content.items if isinstance(only, Group) else content.items
        if not items:
            raise NotAsWritten(span)
        same = distinct(listed(items, content, here))
        return replace(scope, conditions=(*scope.conditions, same))
    if text.endswith(INVERTIBLE):
        said = declared_invertible(formula(span.part(0, len(text) - len(INVERTIBLE))), here)
        return replace(scope, conditions=(*scope.conditions, said))
    found = arrays.said_of_numbers(span, scope) or conditions(alone(listing(span)), here)
    if here.doubts:
        raise Unreadable(span.place, text.strip(), here.doubts[0], "leave it out")
    return replace(scope, conditions=(*scope.conditions, *found))


def _nothing(_: Span, scope: Scope) -> Scope:
    """The scope as it is: other lines declare, or nothing does."""
    return scope


_PLAIN = Heading()
_OF_SET = Heading(BEFORE_SET)
_OF_ARRAYS = Heading(BEFORE_SET, uses=Uses.BEHIND_HEAD)
_OF_FUNCTION = Heading(uses=Uses.IN_HEADS)
_BARE = Heading(names=bare_names)


@dataclass(frozen=True)
class Kind:
    """A kind of declarations.

    ``form`` is how they are written, ``read`` the scope with what they add, ``heading`` where their
    names stand.
    """

    form: str
    read: Callable[[Span, Scope], Scope] = _nothing
    heading: Heading = _PLAIN


_USE = (
    "use sigmoid, cross-entropy of y and p, one-hot y of o   or   use word2vec"
    "   or   use softmax of each row"
)
KEYWORDS: dict[str, Kind] = {
    "size": Kind(arrays.SIZES, arrays.size, Heading(BEFORE_BOUND, bare_names, uses=Uses.NOWHERE)),
    "index": Kind(
        "index c, o, w in Vocab = 1..N   or   index k in 1..K",
        arrays.index,
        Heading(BEFORE_SET, also=SET_NAME),
    ),
    "scalar": Kind(
        "scalar x   or   scalar x > 0   or   scalar 0 < x < 1",
        arrays.scalar,
        Heading(uses=Uses.NOWHERE),
    ),
    "vector": Kind(
        "vector y in R^N   or   vector y in R^N, y_k > 0   or   vector y in \\{0, 1\\}^N",
        arrays.vector,
        _OF_ARRAYS,
    ),
    "row": Kind("row y in R^N", arrays.row, _OF_ARRAYS),
    "vectors": Kind(
        "vectors u_w in R^d, columns of U   or   vectors x_i in R^d, i in 1..n",
        arrays.vectors,
        Heading(BEFORE_SET, also=WHOLE_MATRIX),
    ),
    "matrix": Kind(
        "matrix X in R^{n x d}   or   matrix A in R^{n x n}, symmetric, invertible"
        "   or   matrix W in R^{n x d}, entries w_{ij}   or   matrix W in R^{n x (n + m)}",
        arrays.matrix,
        _OF_ARRAYS,
    ),
    "matrices": Kind(
        "matrices A_k in R^{d x d}, k in 1..K, symmetric, invertible", arrays.matrices, _OF_SET
    ),
    "list": Kind(
        "list w_k in Vocab, k in 1..K",
        arrays.labels,
        Heading(BEFORE_SET, also=PLACE_LETTER, of_lists=True),
    ),
    "subset": Kind(r"subset S of 1..n   or   subset I_c = \{i : y_i = c\}", arrays.subset),
    "read": Kind("read k as w_k", arrays.stand_in, Heading(r"\sas\s")),
    DEFINE: Kind(
        r"define \sigma(z) = \frac{1}{1 + e^{-z}}", _define, Heading("=", uses=Uses.IN_DEFINITION)
    ),
    "layout": Kind("layout numerator   or   layout denominator", _layout),
    "arbitrary": Kind(
        "arbitrary J(v_c, o, U)",
        lambda span, scope: with_arbitrary(formula(span), scope),
        _OF_FUNCTION,
    ),
    "distribution": Kind(
        r"distribution \pi_\theta(a | s)",
        lambda span, scope: with_distribution(formula(span), scope),
        _OF_FUNCTION,
    ),
    "draw": Kind(
        r"draw x \sim \mathcal{N}(\mu, \sigma^2)   or   draw y \sim \text{Bernoulli}(p)", _draw
    ),
    USE: Kind(_USE),
    "if": Kind(
        r"if o \notin \{w_1, ..., w_K\}   or   if w_1, ..., w_K distinct"
        r"   or   if X^T X invertible   or   if p_k > 0   or   if y_i \in \{0, 1\}",
        _if,
        Heading(names=no_names, uses=Uses.IN_CONDITION),
    ),
    REQUIRE: Kind(r"require J = ...   or   require \frac{\partial J}{\partial a} = 2 a"),
}
# what `use softmax of each row` stands for
_WRITTEN_BY_USE = {"softmax": Kind(_USE, _softmax, Heading(names=no_names, uses=Uses.NOWHERE))}


@lru_cache(maxsize=1000)
def _nearest(keyword: str) -> str:
    """The keyword that a mistyped one is nearest to; empty where it is near to none."""
    near = get_close_matches(keyword, KEYWORDS, n=1, cutoff=0.6)
    return near[0] if near else ""


def _may_be_condition(keyword: str, text: str) -> bool:
    """Whether a declaration that cannot be read may be an assumption: ``assume w \\ne o``."""
    near = _nearest(keyword)
    return near == "if" or (not near and is_condition(text))


def _rest(keyword: str, line: Span) -> Span:
    return line.part(line.text.index(keyword) + len(keyword), len(line.text))


def _with_declaration(keyword: str, line: Span, scope: Scope, lost: Lost) -> Scope:
    """The scope with what a line declares."""
    kind = KEYWORDS.get(keyword) or _WRITTEN_BY_USE.get(keyword)
    if kind is None and r"\sim" in line.text:
        return _read(KEYWORDS["draw"], line, scope)
    if kind is None:
        known = ", ".join(KEYWORDS)
        raise Unreadable(line.place, keyword, "no keyword of a declaration", f"known: {known}")
    rest = _rest(keyword, line)
    if lost != NONE_LOST:
        kind.heading.require_kept(rest, scope, lost)
    if len(line.text) > MOST_DECLARED:
        what = f"a declaration of more than {MOST_DECLARED} characters"
        raise Unreadable(line.place, keyword, what)
    if not rest.text.strip():
        raise _as_written(line, kind)
    return _read(kind, rest, scope)


def _read(kind: Kind, span: Span, scope: Scope) -> Scope:
    try:
        return kind.read(span, scope)
    except NotAsWritten as problem:
        raise _as_written(problem.span, kind) from None


def _as_written(span: Span, kind: Kind) -> Unreadable:
    """The error that a declaration is not written as it should be."""
    return Unreadable(span.place, span.text.strip(), "not understood", f"write {kind.form}")


@dataclass(frozen=True)
class Known:
    """What is known at a place of a file: the scope, and what it lacks.

    ``condition`` is an assumption that could not be read: without it a line may be false that its
    author means to be true. What is ``fixed`` cannot be declared anew: by what it is declared.
    ``introductions`` are the names that displays have introduced; ``in_steps`` are the arrays of
    which a line says the entries by one another, with the first such line. ``required`` are the
    equalities that are to be shown. ``told`` are the left sides of what the text says that names
    are, each with that and with what it says.
    """

    scope: Scope = field(default_factory=Scope)
    lost: Lost = field(default_factory=Lost)
    condition: Unreadable | None = None
    fixed: Mapping[str, Span] = field(default_factory=dict)
    introductions: Introductions = field(default_factory=Introductions)
    in_steps: Mapping[Variable, str] = field(default_factory=dict)
    required: tuple[Required, ...] = ()
    told: Mapping[str, tuple[Introduced, str]] = field(default_factory=dict)

    def saying_in_steps(self, variable: Variable, line: str) -> Known:
        """The same where a line says the entries of an array by one another."""
        return replace(self, in_steps={variable: line, **self.in_steps})

    def saying(
        self, head: Node, body: Node, beside: Beside | None = None, *, plainly: bool = False
    ) -> tuple[Introduced, Scope] | None:
        """What an equality introduces, wherever its name stood before, and the scope with it.

        Raises Unreadable for what uses a declaration that was lost.
        """
        nowhere = replace(self.introductions, mentioned=frozenset())
        self.require_kept((head, body), self.scope)
        return introduction(head, body, self.scope, nowhere, beside or Beside(), plainly=plainly)

    def require_kept(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Refuse a formula that uses a declaration that was lost."""
        if self.lost != NONE_LOST:
            self.lost.require_none(nodes, scope)

    def require_kept_in(self, tokens: Iterable[Token]) -> None:
        """Refuse words that use a declaration that was lost."""
        if self.lost != NONE_LOST:
            self.lost.require_no_token(tokens)

    def fixing(self, before: Scope, line: Span) -> Known:
        """The same where later declarations of what this line has declared are passed over."""
        sets = (name for name, s in self.scope.sets.items() if before.sets.get(name) != s)
        names = (*(name for _, name in _changed(before, self.scope)), *sets)
        return replace(self, fixed={**self.fixed, **dict.fromkeys(names, line)})


def introduction(
    left: Node,
    right: Node,
    scope: Scope,
    before: Introductions,
    beside: Beside,
    *,
    plainly: bool,
) -> tuple[Introduced, Scope] | None:
    """What ``left = right`` introduces, also of what recurrences define; raises Unreadable."""
    made = introduced(left, right, scope, before, beside, plainly=plainly)
    if made is None or not made[1].steps:
        return made
    one, after = made
    return one, with_made_of(one.head, right, after)


def declared(lines: list[Span], scope: Scope) -> Scope:
    """The scope with the declarations of these lines added, in their order.

    Raises Unreadable where one cannot be read.
    """
    known, problems = declarations(lines, Known(scope), Attempts())
    if problems:
        raise problems[0]
    return known.scope


def declarations(
    lines: list[Span], known: Known, attempts: Attempts
) -> tuple[Known, list[Unreadable]]:
    """What is known behind these lines, and which of them could not be read; each costs itself."""
    block = _Block(known, attempts)
    if len(lines) > MOST_DECLARATIONS:
        what = f"a block of more than {MOST_DECLARATIONS} lines"
        block.problems.append(Unreadable(lines[0].place, "", what, "declare what is used"))
    for number, line in enumerate(_behind_parameters(lines)):
        words = line.text.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        if number < MOST_DECLARATIONS:
            block.add(words[0], line)
        else:
            block.lose(words[0], line)
    block.close()
    return block.known, block.problems


def winning(line: Span, known: Known, attempts: Attempts) -> Known | Unreadable:
    """What is known behind a declaration that wins over those of the text; why, if it is not."""
    with all_declared():
        found, problems = declarations([line], replace(known, fixed={}), attempts)
    if problems:
        return problems[0]
    return replace(found, fixed=known.fixed).fixing(known.scope, line)


class _Block:
    """One block, line by line."""

    def __init__(self, known: Known, attempts: Attempts) -> None:
        self.known, self.attempts = known, attempts
        self.problems: list[Unreadable] = []
        self.held: list[tuple[Span, Unreadable]] = []  # definitions that later ones may complete
        self.seen: set[tuple[str, str]] = set()

    def add(self, keyword: str, line: Span) -> None:
        """One declaration more."""
        if keyword == USE:
            self._use(line)
            return
        if keyword == REQUIRE:
            self._require(line)
            return
        try:
            self._add(keyword, line)
        except Unreadable as problem:
            if keyword == DEFINE and self._holds(line, problem):
                return
            before = self.known.lost
            self.lose(keyword, line)
            conditional = _may_be_condition(keyword, line.text)
            if self.known.fixed and self.known.lost == before and not conditional:
                return  # of names that are declared elsewhere
            self.problems.append(problem)
            if conditional and self.known.condition is None:
                self.known = replace(self.known, condition=problem)

    def _holds(self, line: Span, problem: Unreadable) -> bool:
        """Whether a definition is one of a recurrence; all are added with the last one of them."""
        pairs = [pair for each, _ in self.held if (pair := _sides_of(each)) is not None]
        mine = _sides_of(line)
        if mine is None or not awaits(*mine, pairs, self.known.scope):
            return False
        self.held.append((line, problem))
        if not is_closed((*pairs, mine), self.known.scope):
            return True
        found = (*pairs, mine)
        try:
            self._take(lambda: with_recurrence(found, self.known.scope), line)
        except Unreadable as reason:
            self.held[-1] = (line, reason)
        else:
            self.held.clear()
        return True

    def close(self) -> None:
        """Give up the definitions that no later one has completed."""
        for line, problem in self.held:
            self.lose(DEFINE, line)
            self.problems.append(problem)
        self.held.clear()

    def _require(self, line: Span) -> None:
        """An equality that is to be shown: it declares nothing."""
        known, span = self.known, _rest(REQUIRE, line)

        def piece() -> Required:
            return required(span, known.scope, lambda nodes: known.require_kept(nodes, known.scope))

        try:
            found = read_by(self.attempts, piece, line.place, line.text.strip())
        except Unreadable as problem:
            self.problems.append(problem)
            return
        self.known = replace(known, required=(*known.required, found))

    def _use(self, line: Span) -> None:
        """What a common name stands for, line by line."""
        for piece in common(_rest(USE, line)):
            try:
                lines = lines_of(piece, self.known.scope)
            except Unreadable as problem:
                self.problems.append(problem)
                self.lose(USE, line)
                continue
            for each in lines:
                self.add(each.text.split(maxsplit=1)[0], each)

    def _add(self, keyword: str, line: Span) -> None:
        known = self.known
        self._take(lambda: _with_declaration(keyword, line, known.scope, known.lost), line)

    def _take(self, piece: Callable[[], Scope], line: Span) -> None:
        scope = self.known.scope
        added = read_by(self.attempts, piece, line.place, line.text.strip())
        if self.known.fixed:
            self.problems += contradictions(line, scope, added, self.known.fixed)
            added = with_fixed(added, scope, self.known.fixed)
        changed = list(_changed(scope, added))
        for which, name in changed:
            both = _family_and_one(name, scope, added) if which == "name" else None
            if (which, name) in self.seen and both is not None:
                added = both
            elif (which, name) in self.seen:
                what = f"{name} is declared a second time in this block"
                raise Unreadable(line.place, line.text.strip(), what, "keep one of the two")
            self.seen.add((which, name))
        names = [name for which, name in changed if which == "name"]
        lists = [name for which, name in changed if which == "list"]
        self.known = replace(self.known, scope=added, lost=_without(self.known.lost, names, lists))

    def lose(self, keyword: str, line: Span) -> None:
        """Forget what a declaration would have declared."""
        known, place = self.known, line.stripped.place

        def piece() -> Lost:
            rest, near = _rest(keyword, line), _nearest(keyword)
            if not near and is_condition(rest.text):
                return known.lost.with_names(undeclared(rest.text, known.scope), place)
            heading = KEYWORDS[near].heading if near else _BARE
            return heading.lose(rest, place, known.scope, known.lost)

        try:
            lost = read_by(self.attempts, piece, place, keyword)
        except Unreadable:
            lost = known.lost.with_names(words_of(line.text), place)
        self.known = replace(known, lost=_without(lost, known.fixed, known.fixed))


def _without(lost: Lost, names: Collection[str], lists: Iterable[str]) -> Lost:
    """What is lost, without names and lists, which have what they count from behind a _."""
    if lost == NONE_LOST:
        return lost
    return lost.without(names, {name.rpartition("_")[0] for name in lists})


def _changed(before: Scope, after: Scope) -> Iterator[tuple[str, str]]:
    """The names that mean something else afterwards; a letter and a list may share one."""
    for old, new in (
        (before.things, after.things),
        (before.letters, after.letters),
        (before.functions, after.functions),
        (before.subsets, after.subsets),
    ):
        yield from (("name", n) for n, what in new.items() if old.get(n) is not what)
    for name, found in after.lists.items():
        old_lists = before.lists.get(name, ())
        yield from (("list", f"{name}_{w.origin}") for w in found if w not in old_lists)


def _family_and_one(name: str, before: Scope, after: Scope) -> Scope | None:
    """The scope with a family and what has its name alone: ``x`` beside ``x_i``; None without."""
    old, new = before.things.get(name), after.things.get(name)
    if old is None or new is None or name in before.families:
        return None
    if _has_letters(old) == _has_letters(new):
        return None
    family, one = (new, old) if _has_letters(new) else (old, new)
    things, families = {**after.things, name: one}, {**after.families, name: family}
    steps = {each: step for each, step in before.steps.items() if each == name}
    return replace(after, things=things, families=families, steps={**steps, **after.steps})


def _has_letters(thing: Named) -> bool:
    """Whether it was declared, or defined, with a letter below it."""
    gathered = isinstance(thing.body, Call) and isinstance(thing.body.definition.body, Table)
    return bool(thing.letters) or gathered


def _sides_of(line: Span) -> tuple[Node, Node] | None:
    """Both sides of a definition; None where it is none."""
    try:
        node = listing(_rest(DEFINE, line)).only
    except Unreadable:
        return None
    if not isinstance(node, Relation) or node.signs != ("=",):
        return None
    left, right = node.parts
    return left, right


# Order of the lines of a block: a function stands behind the parameters below its name.
#
# ``distribution \pi_\theta(a | s)`` above ``vector \theta in R^d`` is meant as behind it.


_BELOW = r"_\s*(?P<below>\{[^{}]*\}|\\[A-Za-z]+|\w)"
_FUNCTION = re.compile(rf"\s*(?:arbitrary|distribution)\s+[^(]*?{_BELOW}")
_PARAMETER = re.compile(r"\s*(?:scalar|vector|row|matrix)\s+(?P<names>.*?)(?:\s+in\s|$)")


def _behind_parameters(lines: list[Span]) -> list[Span]:
    """The lines with each arbitrary function behind the numbers and arrays below its name."""
    declared: dict[str, int] = {}
    for number, line in enumerate(lines):
        found = _PARAMETER.match(line.text)
        for letter in LETTER.findall(found["names"]) if found else ():
            declared.setdefault(letter, number)
    places: list[tuple[int, bool, int]] = []
    for number, line in enumerate(lines):
        found = _FUNCTION.match(line.text)
        below = LETTER.findall(found["below"]) if found else []
        last = max([number, *(declared[each] for each in below if each in declared)])
        places.append((last, last > number, number))
    return [lines[number] for *_, number in sorted(places)]
