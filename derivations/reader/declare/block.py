"""Declaration blocks: one declaration a line, a keyword first; error recovery from lost ones.

A lost declaration takes the names with it that it would have declared; ``use`` takes common
declarations in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

from lark import Token

from derivations.indices import IndexSet
from derivations.language.arrangement import key
from derivations.language.data_conditions import AtLeast
from derivations.language.traversal import with_members, with_variables
from derivations.language.tree import (
    Call,
    Definition,
    IndexVariable,
    Reference,
    Row,
    Size,
    Slice,
    Table,
    Term,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.reader.declare import arrays
from derivations.reader.declare.arrays import FORMS, subset, wrong
from derivations.reader.declare.function_definitions import (
    with_arbitrary,
    with_definition,
    with_distribution,
)
from derivations.reader.declare.introduction import Beside, Introduced, Introductions, introduced
from derivations.reader.declare.recurrences import awaits, is_closed, with_made_of, with_recurrence
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.constructors import COLUMN, ROW
from derivations.reader.elaborate.environment import DECLARED, read_by
from derivations.reader.elaborate.expectations import with_drawn
from derivations.reader.elaborate.indexing import alone, conditions, distinct, listed
from derivations.reader.elaborate.intermediates import uses_undeclared
from derivations.reader.elaborate.probabilities import all_declared
from derivations.reader.elaborate.properties import declared_invertible
from derivations.reader.line import KEYWORD as REQUIRE
from derivations.reader.line import Required, required
from derivations.reader.scanner import place_of
from derivations.reader.scope import (
    LETTER,
    Function,
    Named,
    Scope,
    letter_of,
    name_of,
    with_compound_letters,
)
from derivations.reader.source import (
    MOST_DECLARATIONS,
    MOST_DECLARED,
    Attempts,
    Made,
    Place,
    Span,
    Unreadable,
)
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    formula,
    inner,
    listing,
)

# Error recovery for declarations: which names one would have declared, and what uses them.
#
# A name whose declaration could not be read means nothing, also where it meant something else
# before; whoever uses it is told where the declaration stands.


_IN = r"\s(?:\\?in|∈)\s"
# where the names of a declaration end
_HEADS = {
    "size": r">|≥|\\ge",
    "index": _IN,
    "vector": _IN,
    "row": _IN,
    "vectors": _IN,
    "matrix": _IN,
    "matrices": _IN,
    "list": _IN,
    "read": r"\sas\s",
    "define": r"=",
}
_ANY_HEAD = rf"{_IN}|=|>|≥|\\ge|:"
_BARE_NAME = re.compile(r"\\?[A-Za-z]+")
_RELATION = re.compile(r"[=<>≠≤≥∈∉]|\\(?:ne|neq|le|leq|ge|geq|in|notin)\b")
_SET_NAME = re.compile(rf"{_IN}\s*([A-Za-z]+)\s*=")
_WHOLE = re.compile(r"(?:columns|rows)\s+of\s+(\S+)")
_WITH_LETTER = re.compile(r",\s*(\S+?)\s+(?:\\?in|∈)\s")
EMPTY = Scope()
_SPOKEN = frozenset({"in", "R", "of", "columns", "rows", "as", "distinct", "mathbb"})


@dataclass(frozen=True)
class Lost:
    """Names that mean nothing, and where what would have declared them stands.

    ``lists`` are lists of labels: a letter may have the name of a list, which has a subscript.
    """

    names: Mapping[str, Place] = field(default_factory=dict)
    lists: Mapping[str, Place] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names or self.lists)

    def without(self, names: Iterable[str], lists: Iterable[str]) -> Lost:
        """The same where these have been declared after all."""
        return Lost(_without(self.names, names), _without(self.lists, lists))

    def with_line(self, keyword: str, rest: Span, place: Place, scope: Scope) -> Lost:
        """The same with the names of one more declaration that could not be read."""
        names, lists = self._declared(keyword, rest, scope)
        return Lost(
            {**self.names, **dict.fromkeys(names, place)},
            {**self.lists, **dict.fromkeys(lists, place)},
        )

    def require_none(self, nodes: Iterable[Node], scope: Scope) -> None:
        """Refuse a formula that uses such a name."""
        if self:
            for node in nodes:
                for part in parts_of(node, scope):
                    self._require_not(part)

    def _require_not(self, part: Node) -> None:
        if isinstance(part, Script) and part.sub is not None:
            base = name_of(part.base)
            if base in self.lists:
                raise follows(part.at, base, self.lists[base])
        if isinstance(part, Leaf | Script | Accented):
            for name in (name_of(part), letter_of(part)):
                if name in self.names:
                    raise follows(part.at, name, self.names[name])

    def require_no_token(self, tokens: Iterable[Token]) -> None:
        """Refuse words with such a name among them."""
        for token in tokens:
            if token.type in ("LETTER", "WORD") and token.value in self.names:
                raise follows(place_of(token), token.value, self.names[token.value])

    def require_not_used(self, keyword: str, rest: Span, scope: Scope) -> None:
        """Refuse a declaration that uses such a name."""
        if not self or keyword in ("scalar", "size"):
            return
        if keyword in ("define", "if", "arbitrary", "distribution"):
            self._require_not_in_formula(keyword, rest, scope)
            return
        own = {*self._declared(keyword, rest, scope)[0], *_SPOKEN}
        text = re.sub(r"\sx\s", " , ", rest.text)  # R^{n x d}
        head = re.search(_HEADS[keyword], text) if keyword in ("vector", "row", "matrix") else None
        for found in _BARE_NAME.finditer(text, head.start() if head else 0):
            name = found.group()
            if name in self.names and name not in own:
                at = rest.source.place(rest.start + found.start())
                raise follows(at, name, self.names[name])

    def _require_not_in_formula(self, keyword: str, rest: Span, scope: Scope) -> None:
        text = rest.text.rstrip()
        if keyword == "if" and text.endswith("distinct"):
            rest = rest.part(0, len(text) - len("distinct"))
        try:
            node = listing(rest).items
        except Unreadable:
            return  # whoever reads it says what is wrong
        heads: tuple[Node, ...] = node if keyword in ("arbitrary", "distribution") else ()
        bodies: tuple[Node, ...] = node if keyword == "if" else ()
        if keyword == "define" and len(node) == 1 and isinstance(node[0], Relation):
            heads, bodies = node[0].parts[:1], node[0].parts[1:]
        own = {letter_of(each) for head in heads for each in _parameters(head)}
        parameters = [each for head in heads for each in _parameters(head) if not letter_of(each)]
        inner = Lost(_without(self.names, own), self.lists)
        inner.require_none((*parameters, *bodies), scope)

    def with_words(self, text: str, place: Place) -> Lost:
        """The same with everything in a text that may be a name."""
        return Lost({**self.names, **dict.fromkeys(_BARE_NAME.findall(text), place)}, self.lists)

    def _declared(self, keyword: str, rest: Span, scope: Scope) -> tuple[set[str], set[str]]:
        """The names and the lists that a declaration is about, as far as can be told."""
        text, keyword = rest.text, meant(keyword)
        if keyword == "if":
            return set(), set()
        if may_be_condition(keyword, text):
            return {
                word for word in _BARE_NAME.findall(text) if not _is_declared(word, scope)
            }, set()
        ends = re.search(_HEADS.get(keyword, _ANY_HEAD), text)
        head = rest.part(0, ends.start() if ends else len(text))
        if keyword in ("size", ""):
            return set(_BARE_NAME.findall(head.text)), set()
        if keyword == "list":
            letter = _WITH_LETTER.search(text)
            added = set(_BARE_NAME.findall(letter[1])) if letter else set()
            return added.difference(scope.letters), set(_names(head, ()))
        names = set(_names(head, {*scope.letters, *self.names}))
        if keyword == "index":
            names |= set(_SET_NAME.findall(text))
        if keyword == "vectors":
            names |= {name for whole in _WHOLE.findall(text) for name in _BARE_NAME.findall(whole)}
        return names, set()


@lru_cache(maxsize=1000)
def meant(keyword: str) -> str:
    """The keyword that a mistyped one is nearest to; empty where it is near to none."""
    near = get_close_matches(keyword, FORMS, n=1, cutoff=0.6)
    return near[0] if near else ""


def may_be_condition(keyword: str, text: str) -> bool:
    """Whether a declaration that could not be read may be an assumption: ``assume w \\ne o``."""
    keyword = meant(keyword)
    return keyword == "if" or (not keyword and _RELATION.search(text) is not None)


def _is_declared(name: str, scope: Scope) -> bool:
    return any(name in names for names in (scope.things, scope.letters, scope.functions))


def follows(place: Place, name: str, declared: Place) -> Unreadable:
    """The error that something uses a name whose declaration could not be read."""
    what, advice = "its declaration could not be read", f"see {declared}"
    return Unreadable(place, name, what, advice, follows=True)


def _without(names: Mapping[str, Place], given: Iterable[str]) -> dict[str, Place]:
    given = set(given)
    return {name: place for name, place in names.items() if name not in given}


def _names(head: Span, letters: Collection[str]) -> Iterator[str]:
    """The names before the sign of a declaration, one or several."""
    try:
        items = listing(head).items
    except Unreadable:
        yield from _BARE_NAME.findall(head.text)
        return
    for item in items:
        yield from _names_of(item, letters)


def _names_of(node: Node, letters: Collection[str]) -> Iterator[str]:
    """The name that is declared; of a family, whose subscripts are letters, the base alone.

    Without letters it is the base of every subscript.
    """
    if isinstance(node, Product):
        of_function = len(node.factors) == 2 and isinstance(node.factors[1], Group)
        for factor in node.factors[: 1 if of_function else None]:
            yield from _names_of(factor, letters)
    elif isinstance(node, Relation):
        yield from _names_of(node.parts[0], letters)
    elif isinstance(node, Script) and node.sub is not None:
        subscripts = [part for part in parts_of(node.sub) if isinstance(part, Leaf)]
        of_family = all(part.text in letters for part in subscripts if part.kind == "LETTER")
        yield name_of(node.base if of_family or not letters else node)
    else:
        yield letter_of(node) or name_of(node)


def _parameters(head: Node) -> Iterator[Node]:
    """What stands in the brackets of a function's name."""
    if isinstance(head, Product):
        for factor in head.factors:
            if isinstance(factor, Group):
                for item in factor.content.items:
                    yield item.parts[-1] if isinstance(item, Relation) else item


def parts_of(node: Node, scope: Scope = EMPTY) -> Iterator[Node]:
    """A node and all within it but the pieces of a declared name: the base of ``J_{neg}``."""
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(_inside(part, scope))


def _inside(node: Node, scope: Scope) -> Iterator[Node]:
    if isinstance(node, Script) and node.sub:
        known = name_of(node) in scope.things or name_of(node) in scope.functions
        if known:
            return filter(None, (node.sup,))
    return inner(node)


# Declarations that contradict those that win over them: which names they declare otherwise.
#
# Names are compared by what they mean, so that an exercise may be copied, in other words as well:
# a variable by its shape, and it may be said to be less than it is, but not more; a definition by
# its terms as they are arranged (`language/arrangement.py`). What cannot be compared so, as a
# subset, is the same where it is declared in the same words.


_GIVEN = (Reference, Row, Slice, Transpose)  # a variable, or a row, member or transpose of one


def contradictions(
    line: Span, before: Scope, after: Scope, fixed: Mapping[str, Span]
) -> Iterator[Unreadable]:
    """What a declaration says otherwise than those that are fixed; these hold all the same."""
    said: dict[Span, list[str]] = {}
    for name in dict.fromkeys(_declared_otherwise(before, after, fixed)):
        said.setdefault(fixed[name], []).append(name)
    for there, names in said.items():
        text = " ".join(there.text.split())
        if text == " ".join(line.text.split()):
            continue
        is_ = "is" if len(names) == 1 else "are"
        what = f"{', '.join(names)} {is_} given at {there.stripped.place} as {text}"
        advice = "that holds here; leave this line out, or take another name"
        yield Unreadable(line.stripped.place, line.text.strip(), what, advice)


def _declared_otherwise(before: Scope, after: Scope, fixed: Iterable[str]) -> Iterator[str]:
    names, says_more = frozenset(fixed), after.conditions != before.conditions
    larger = {str(each.of) for each in _larger(before, after)}
    for name in names & before.things.keys():
        body = before.things[name].body
        if isinstance(body, Size) and body.name in larger:
            yield name
    for old, new in (
        (before.things, after.things),
        (before.letters, after.letters),
        (before.functions, after.functions),
        (before.subsets, after.subsets),
        (before.sets, after.sets),
    ):
        for name in names & new.keys():
            one, other = old.get(name), new[name]
            if one is not other and not (
                _is_same(one, other) or (not says_more and _is_shaped(one, other))
            ):
                yield name
    for name, found in after.lists.items():
        mine = {each.origin: each for each in before.lists.get(name, ())}
        for words in found:
            was = mine.get(words.origin)
            same = was is not None and (was.values, was.places) == (words.values, words.places)
            if f"{name}_{words.origin}" in names and not same:
                yield f"{name}_{words.origin}"


def _larger(before: Scope, after: Scope) -> list[AtLeast]:
    """The sizes of which more is said than before."""
    new = (each for each in after.conditions if each not in before.conditions)
    return [each for each in new if isinstance(each, AtLeast)]


def _is_same(one: object, other: object) -> bool:
    match one, other:
        case Named(), Named():
            return _is_same_family(one.letters, one.body, other.letters, other.body)
        case IndexVariable(), IndexVariable():
            return one.space == other.space
        case Function(meaning=Definition() as mine), Function(meaning=Definition() as theirs):
            return one.separators == other.separators and _is_defined(mine, theirs)
        case Function(), Function():
            return one.separators == other.separators and _shapes(one) == _shapes(other)
    return one == other


def _is_shaped(one: object, other: object) -> bool:
    """Whether both are variables, or families of them, of one shape."""
    if not (isinstance(one, Named) and isinstance(other, Named)):
        return False
    if not (isinstance(one.body, _GIVEN) and isinstance(other.body, _GIVEN)):
        return False
    spaces = [[each.space for each in named.letters] for named in (one, other)]
    return spaces[0] == spaces[1] and one.body.shape == other.body.shape


def _is_same_family(
    letters: tuple[IndexVariable, ...], body: Term, others: tuple[IndexVariable, ...], other: Term
) -> bool:
    """Whether two terms are one, with the letters of the one for those of the other."""
    if [each.space for each in letters] != [each.space for each in others]:
        return False
    return key(body) == key(with_members(other, dict(zip(others, letters, strict=True))))


def _is_defined(one: Definition, other: Definition) -> bool:
    pairs = list(zip(one.parameters, other.parameters, strict=False))
    if len(one.parameters) != len(other.parameters):
        return False
    variables: dict[Variable, Variable] = {}
    letters: dict[IndexVariable, IndexVariable] = {}
    for mine, theirs in pairs:
        match mine, theirs:
            case Variable(), Variable() if mine.shape == theirs.shape:
                variables[theirs] = mine
            case IndexVariable(), IndexVariable() if mine.space == theirs.space:
                letters[theirs] = mine
            case _:
                return False
    body = with_members(with_variables(other.body, variables), letters)
    return key(one.body) == key(body)


def _shapes(function: Function) -> list[object]:
    return [getattr(each, "shape", each) for each in function.meaning.parameters]


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


# Common declarations by name: ``use sigmoid, one-hot y of o`` stands for what they say.
#
# Each is a row: its name, what it takes, and the lines that it stands for. Whatever they declare is
# declared by the block that uses them, and nothing else is assumed.


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


# A block of declarations, each line by its keyword.


T = TypeVar("T")


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
        self.lost.require_none((head, body), self.scope)
        return introduced(head, body, self.scope, nowhere, beside or Beside(), plainly=plainly)

    def fixing(self, before: Scope, line: Span) -> Known:
        """The same where later declarations of what this line has declared are passed over."""
        names = {name for _, name in _changed(before, self.scope)}
        names |= {name for name, what in self.scope.sets.items() if before.sets.get(name) != what}
        return replace(self, fixed={**self.fixed, **dict.fromkeys(names, line)})


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
            conditional = may_be_condition(keyword, line.text)
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
            return required(
                span, known.scope, lambda nodes: known.lost.require_none(nodes, known.scope)
            )

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
        scope = self.known.scope

        def piece() -> Scope:
            if keyword in _KEYWORDS:
                self.known.lost.require_not_used(keyword, _rest(keyword, line), scope)
            return _declared(keyword, line, scope)

        self._take(piece, line)

    def _take(self, piece: Callable[[], Scope], line: Span) -> None:
        scope = self.known.scope
        added = read_by(self.attempts, piece, line.place, line.text.strip())
        if self.known.fixed:
            self.problems += contradictions(line, scope, added, self.known.fixed)
            added = _with_fixed(added, scope, self.known.fixed)
        changed = list(_changed(scope, added))
        for which, name in changed:
            both = _family_and_one(name, scope, added) if which == "name" else None
            if (which, name) in self.seen and both is not None:
                added = both
            elif (which, name) in self.seen:
                what = f"{name} is declared a second time in this block"
                raise Unreadable(line.place, line.text.strip(), what, "keep one of the two")
            self.seen.add((which, name))
        lists = [name for which, name in changed if which == "list"]
        names = [name for which, name in changed if which == "name"]
        lost = self.known.lost.without(names, (name.rpartition("_")[0] for name in lists))
        self.known = replace(self.known, scope=added, lost=lost)

    def lose(self, keyword: str, line: Span) -> None:
        """Forget what a declaration would have declared."""
        place = line.stripped.place

        def piece() -> Lost:
            rest = _rest(keyword, line)
            return self.known.lost.with_line(keyword, rest, place, self.known.scope)

        try:
            lost = read_by(self.attempts, piece, place, keyword)
        except Unreadable:
            lost = self.known.lost.with_words(line.text, place)
        fixed = self.known.fixed
        lost = lost.without(fixed, (name.rpartition("_")[0] for name in fixed))
        self.known = replace(self.known, lost=lost)


def _rest(keyword: str, line: Span) -> Span:
    return line.part(line.text.index(keyword) + len(keyword), len(line.text))


def _declared(keyword: str, line: Span, scope: Scope) -> Scope:
    if keyword not in _KEYWORDS and r"\sim" in line.text:
        return _draw(line, scope)
    if keyword not in _KEYWORDS:
        known = ", ".join(FORMS)
        raise Unreadable(line.place, keyword, "no keyword of a declaration", f"known: {known}")
    if len(line.text) > MOST_DECLARED:
        what = f"a declaration of more than {MOST_DECLARED} characters"
        raise Unreadable(line.place, keyword, what)
    rest = _rest(keyword, line)
    if not rest.text.strip():
        raise wrong(line, keyword)
    return _KEYWORDS[keyword](rest, scope)


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


def _with_fixed(after: Scope, before: Scope, fixed: Iterable[str]) -> Scope:
    """The scope afterwards, with what is fixed as it was before."""
    fixed = frozenset(fixed)
    kinds = (before.letters, before.things, before.functions, before.subsets)
    meant = {name for kind in kinds for name in kind if name in fixed}

    def kept(new: Mapping[str, T], old: Mapping[str, T]) -> dict[str, T]:
        found = {name: what for name, what in new.items() if name not in meant}
        return found | {name: what for name, what in old.items() if name in meant}

    lists = {
        name: tuple(
            next((old for old in before.lists.get(name, ()) if old.origin == new.origin), new)
            if f"{name}_{new.origin}" in fixed
            else new
            for new in found
        )
        for name, found in after.lists.items()
    }
    sizes = {
        b.name
        for name in meant
        if name in before.things and isinstance(b := before.things[name].body, Size)
    }
    larger = [each for each in _larger(before, after) if str(each.of) in sizes]
    return replace(
        after,
        conditions=tuple(each for each in after.conditions if each not in larger),
        sets={**after.sets, **{name: s for name, s in before.sets.items() if name in fixed}},
        letters=kept(after.letters, before.letters),
        things=kept(after.things, before.things),
        functions=kept(after.functions, before.functions),
        subsets=kept(after.subsets, before.subsets),
        lists=lists,
    )


def _define(span: Span, scope: Scope) -> Scope:
    node = listing(span).only
    if not isinstance(node, Relation) or node.signs != ("=",):
        raise wrong(span, "define")
    left, right = (with_compound_letters(each, scope) for each in node.parts)
    after = with_definition(left, right, scope)
    if after.steps:
        after = with_made_of(left, right, after)
    new = (each for name, each in after.things.items() if scope.things.get(name) is not each)
    if any(uses_undeclared(each.body) for each in new):
        what, advice = "its loss is not declared", "declare it above, as in arbitrary L(y)"
        raise Unreadable(span.place, span.text.strip(), what, advice)
    return after


def _arbitrary(span: Span, scope: Scope) -> Scope:
    return with_arbitrary(formula(span), scope)


def _distribution(span: Span, scope: Scope) -> Scope:
    return with_distribution(formula(span), scope)


def _draw(span: Span, scope: Scope) -> Scope:
    node = listing(span).only
    if node is None:
        raise wrong(span, "draw")
    return with_drawn(node, Environment(scope))


def _layout(span: Span, scope: Scope) -> Scope:
    """How derivatives by vectors are laid out from here on."""
    said = span.text.strip()
    if said not in DECLARED:
        raise wrong(span, "layout")
    return replace(scope, layout=said)


def _softmax(span: Span, scope: Scope) -> Scope:
    """The axis that the softmax of a matrix is taken along from here on."""
    axis = span.text.split()[-1] if span.text.split() else ""
    if axis not in (ROW, COLUMN):
        raise wrong(span, "use")
    return replace(scope, softmax=axis)


def _if(span: Span, scope: Scope) -> Scope:
    text, here = span.text.rstrip(), Environment(scope)
    if text.endswith("distinct"):
        content = listing(span.part(0, len(text) - len("distinct")))
        only = content.only
        items = only.content.items if isinstance(only, Group) else content.items
        if not items:
            raise wrong(span, "if")
        same = distinct(listed(items, content, here))
        return replace(scope, conditions=(*scope.conditions, same))
    if text.endswith(INVERTIBLE):
        said = declared_invertible(formula(span.part(0, len(text) - len(INVERTIBLE))), here)
        return replace(scope, conditions=(*scope.conditions, said))
    found = arrays.said_of_numbers(span, scope) or conditions(alone(listing(span)), here)
    if here.doubts:
        raise Unreadable(span.place, text.strip(), here.doubts[0], "leave it out")
    return replace(scope, conditions=(*scope.conditions, *found))


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


USE, INVERTIBLE, DEFINE = "use", "invertible", "define"
_KEYWORDS: dict[str, Callable[[Span, Scope], Scope]] = {
    "size": arrays.size,
    "index": arrays.index,
    "scalar": arrays.scalar,
    "vector": arrays.vector,
    "row": arrays.row,
    "vectors": arrays.vectors,
    "matrix": arrays.matrix,
    "matrices": arrays.matrices,
    "list": arrays.labels,
    "subset": subset,
    "read": arrays.stand_in,
    "define": _define,
    "arbitrary": _arbitrary,
    "distribution": _distribution,
    "draw": _draw,
    "layout": _layout,
    "softmax": _softmax,
    "if": _if,
}
