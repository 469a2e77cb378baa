"""Premises: side conditions of a display, conditions among the lines of a part, conclusions.

What a formula of the text states, and what an exercise requires, are equalities beside the lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lark import Token

from derivations.claim import Claim, Condition, Consequence, OfData, Premise
from derivations.indices import IndexSet
from derivations.language.index_form import size_expression
from derivations.language.traversal import free_in, solved, spoken_of
from derivations.language.tree import (
    Derivative,
    Entry,
    Number,
    Table,
    Term,
    Transpose,
    Variable,
    Zeros,
)
from derivations.reader.display import ASSUMED_BEFORE, NOT_JUDGED, Side, Statement, worded
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.indexing import (
    alone,
    bound_of,
    conditions,
    is_run,
    member_of,
    space_named,
)
from derivations.reader.environment import Scope
from derivations.reader.equation import (
    NOTHING,
    TEXT_SAYS,
    Line,
    NotRead,
    Stated,
    Supposal,
    elaborated,
    equated,
    is_zero_alone,
    question,
)
from derivations.reader.latex_commands import (
    CONDITION_WORDS,
    QUANTIFYING_WORDS,
    REASON_WORDS,
    RESTRICTING_WORDS,
    words_in,
)
from derivations.reader.source import Implied, Place, Question, Saying, Span, Unreadable, place_of
from derivations.reader.syntax import (
    Node,
    Product,
    Relation,
    bracketed,
    formula,
    listing,
    parsed,
    written,
)

_WORDS = CONDITION_WORDS | QUANTIFYING_WORDS
MOST_OF_MEMBER = 8  # tokens of a member of an index set
_BETWEEN = (r"\le", r"\le")


@dataclass(frozen=True)
class Said:
    """The conditions that are said, and what may be one and is not read."""

    conditions: tuple[Condition, ...] = ()
    doubt: Unreadable | None = None


def said_by(words: list[Token], span: Span, here: Environment) -> Said:
    """What a remark in words says; other words than those of a condition leave a note.

    Raises Unreadable where a condition begins that cannot be taken.
    """
    first, *rest = words
    given = first.value.lower().split()
    if not rest or not set(given) <= _WORDS:
        here.note(f"the remark {first.value!r} is not read")
        if not given or given[0] not in RESTRICTING_WORDS:
            return Said()
        what, advice = "a condition in words", r"write it as in \text{if } w = o"
        return Said((), Unreadable(place_of(first), first.value, what, advice))
    content = bracketed(rest, span)
    ranges = _ranges(content.items, here)
    if ranges is not None:
        return ranges
    try:
        return Said(conditions(alone(content), here))
    except Unreadable as problem:
        advice = "conditions are like w \\ne o; what a letter means is declared in a ```given block"
        raise Unreadable(problem.place, problem.token, problem.what, advice) from None


def _ranges(items: Sequence[Node], here: Environment) -> Said | None:
    """The ranges that items say, or None where they say something else.

    A range that is the declared one says nothing. Where it is another one, the line is claimed of
    all that were declared, which is more: it may be false beyond the range.
    """
    found = Said()
    waiting: list[Node] = []  # letters before the first relation: i, j = 1, ..., n
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if here.scope.letter(written(item)) is not None:
            waiting.append(item)
            continue
        if not isinstance(item, Relation):
            return None
        run = _run(item, items[at:])
        if run is not None and run[0] is item.parts[-1]:
            at += len(run) - 1  # the others are items of their own
        letter, ends = _letter_and_ends(item, run)
        for each in (*waiting, letter):
            index = here.scope.letter(written(each)) if each is not None else None
            if each is None or index is None or ends is None:
                return None
            if not _is_range(ends, index.space, here):
                what = f"is {written(each)} of another range here than it was declared of?"
                advice = "declare a letter for this range"
                doubt = Unreadable(item.at, written(item), what, advice)
                found = Said((), found.doubt or doubt)
        waiting = []
    return found


def _run(relation: Relation, rest: Sequence[Node]) -> tuple[Node, ...] | None:
    """The members that ``k = 1, 2, \\ldots, K`` lists: its right side, and what follows."""
    first = relation.parts[-1]
    if isinstance(first, Product) and len(first.factors) == 3 and not any(first.joins):
        return first.factors if is_run(first.factors) else None
    for length in (2, 3):
        items = (first, *rest[:length])
        if is_run(items):
            return items
    return None


def _letter_and_ends(
    relation: Relation, run: tuple[Node, ...] | None
) -> tuple[Node | None, tuple[Node, ...] | None]:
    """The letter of a range with its ends, or with the one node that names its set."""
    letter, *others = relation.parts
    if relation.signs == ("=",) and run is not None:
        return letter, (run[0], run[-1])
    if relation.signs == (r"\in",):
        return letter, (others[0],)
    if relation.signs == _BETWEEN:
        return others[0], (letter, others[1])
    return None, None


def _is_range(ends: tuple[Node, ...], space: IndexSet, here: Environment) -> bool:
    if len(ends) == 1:
        return space_named(ends[0], here) == space
    lower, upper = (size_expression(bound_of(end, here)) for end in ends)
    return (lower, upper) == (space.lower, space.upper)


def conditioned(found: list[Statement], scope: Scope) -> list[Statement]:
    """The statements, those between indices alone made conditions of their neighbours.

    That is where one stands behind a comma or a wide space, ``\\quad i = j``, or where something
    follows from it, ``w = o \\Rightarrow ...``.
    """
    kept: list[Statement] = []
    premises: list[list[Token]] = []
    for number, each in enumerate(found):
        behind, before = each.perhaps and kept, each.premise and number + 1 < len(found)
        unequal = before and all(side.sign is not None for side in each.sides[1:])
        of_indices = (behind or before) and _is_of_indices(each, scope)
        if unequal or of_indices or (behind and _is_reason(each, scope)):
            said = [_as_remark(each), *(words for side in each.sides for words in side.remarks)]
            if before:
                premises += said
            else:
                kept[-1].sides[-1].remarks += said
                asked = kept[-1].doubt
                if not of_indices and asked is not None and asked.what == ASSUMED_BEFORE:
                    kept[-1].doubt = None
            continue
        if premises:
            each.remarks += premises
            each.doubt, premises = None, []
        kept.append(each)
    return kept


def _is_of_indices(statement: Statement, scope: Scope) -> bool:
    """Whether all sides are members of index sets, and one of them a letter."""
    here = Environment(scope)
    letters = False
    for side in statement.sides:
        if side.problem is not None or len(side.tokens) > MOST_OF_MEMBER:
            return False
        try:
            member = member_of(parsed(side.tokens, side.place), here)
        except (IllFormed, Unreadable):
            return False
        if member is None:
            return False
        letters = letters or not isinstance(member, int)
    return letters


def _is_reason(statement: Statement, scope: Scope) -> bool:
    """Whether a statement is what was assumed of data: ``\\text{since } \\sum_k y_k = 1``."""
    if statement.word not in REASON_WORDS or len(statement.sides) != 2:
        return False
    here = Environment(scope)
    try:
        trees = tuple(parsed(side.tokens, side.place) for side in statement.sides)
        found = conditions([Relation(trees[0].at, trees, ("=",))], here)
    except (IllFormed, Unreadable):
        return False
    return all(isinstance(each, OfData) for each in found)


def _as_remark(statement: Statement) -> list[Token]:
    first = statement.sides[0].tokens[0]
    word = worded("if", first)
    found = [word]
    for side in statement.sides:
        found += _behind_sign(side)
    return found


def _behind_sign(side: Side) -> list[Token]:
    sign = [side.sign_token] if side.sign_token is not None else []
    return [*sign, *side.tokens]


def stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    """What a formula states, where it is one equality that can be read; else None.

    ``lost`` raises Unreadable for what uses a declaration that was lost.
    """
    try:
        return _stated(span, scope, lost)
    except (Unreadable, IllFormed):
        return None


def _stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    items = listing(span).items
    relation = items[0] if len(items) == 1 else None
    if not isinstance(relation, Relation) or relation.signs != ("=",):
        return None
    lost(relation)
    where = f"{TEXT_SAYS}{span.stripped.place}"
    try:
        found = conditions([relation], Environment(scope))
    except (Unreadable, IllFormed):
        found = ()
    of_data = tuple(each for each in found if isinstance(each, OfData))
    if len(of_data) < len(found):
        return None  # of indices
    left, right = (elaborated(part, scope) for part in relation.parts)
    claim = equated(Claim("", "", "", "", *NOTHING, scope.conditions), left, right)
    asked = left.questions or right.questions
    if claim.misfit is not None or asked or left.conditions or right.conditions:
        return None
    assert isinstance(claim.left, Term)
    assert isinstance(claim.right, Term)
    premise = Premise(where, claim.left, claim.right, claim.conditions, assumed=True)
    return Stated(where, premise, of_data)


KEYWORD = "require"
WITHOUT_MEANING = "it has no meaning as it stands"
_OPEN = re.compile(r"(.*\S)\s*=\s*(?:\.\.\.|…|\\[lcd]?dots|\?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Required:
    """An equality that a solution has to show; ``right`` is None where that is any answer.

    ``latex`` is how it is written, ``begins`` its left side, ``part`` the part that it is asked in,
    ``conditions`` what it may be shown under.
    """

    place: Place
    latex: str
    begins: str
    left: Term
    right: Term | None
    conditions: tuple[Condition, ...]
    part: str = ""


def required(span: Span, scope: Scope, lost: Callable[[Sequence[Node]], None]) -> Required:
    """What stands behind the keyword; raises Unreadable where that is no equality.

    ``lost`` raises it for what uses a declaration that was lost.
    """
    inside = span.stripped
    if len(inside.text) > 1 and inside.text.startswith("$") and inside.text.endswith("$"):
        inside = inside.part(1, len(inside.text) - 1).stripped
    latex = " ".join(inside.text.split())
    open_ = _OPEN.fullmatch(inside.text)
    if open_ is not None:
        node = formula(inside.part(*open_.span(1)))
        lost([node])
        found = elaborated(node, scope)
        if not isinstance(found.value, Term):
            raise Unreadable(inside.place, latex, str(found.value), WITHOUT_MEANING)
        assumed = (*scope.conditions, *found.conditions)
        return Required(inside.place, latex, written(node), found.value, None, assumed)
    content = listing(inside)
    lost(content.items)
    first, *others = content.items or (None,)
    if not isinstance(first, Relation) or first.signs != ("=",):
        advice = "write require A = B, or require A = ... for any answer"
        raise Unreadable(inside.place, latex, "one equality is expected", advice)
    said = [each for each in others if isinstance(each, Relation)]
    if len(said) < len(others):
        what, advice = "what is this behind the equality?", "conditions may stand behind a comma"
        raise Unreadable(inside.place, latex, what, advice)
    assumed = (*scope.conditions, *conditions(said, Environment(scope)))
    left, right = (elaborated(each, scope) for each in first.parts)
    asked = question(left, right, assumed)
    if asked is not None:
        raise asked
    claim = equated(Claim("", "", "", latex, *NOTHING, assumed, scope.names), left, right)
    if claim.misfit is not None:
        raise Unreadable(inside.place, latex, str(claim.misfit), WITHOUT_MEANING)
    one, other = claim.terms
    assumed = (*assumed, *left.conditions, *right.conditions)
    return Required(inside.place, latex, written(first.parts[0]), one, other, assumed)


# Words of the text that announce a condition, or say that something follows. Data, and matching.
#
# A row more is one more way to say it.


_TOKEN = re.compile(r"[A-Za-z]+|(?<![\d.])0(?![\d.])")
# what makes two things equal; the first ones do so wherever they stand, others right before it
_SETTING = words_in("setting equate equating equated sets")
_SET = words_in("set put putting let require requires")
_ZERO = words_in("zero 0 vanish vanishes vanishing vanished")
# places where a derivative is zero, and equations that say so
_PLACES = words_in(
    "optimum optima optimal optimality stationary stationarity critical extremum extrema minimum "
    "minimiser minimizer maximum maximiser maximizer minimise minimize minimising minimizing "
    "maximise maximize maximising maximizing kkt"
)
_EQUATIONS = ("normal equation", "first order", "first-order", "score equation", "set equal")
_FOLLOWING = words_in(
    "solve solves solving solved solution solutions gives give giving get gets obtain obtains "
    "obtained yields yield yielding hence therefore thus so then rearranging rearrange rearranged "
    "implies imply implying follows find becomes equivalently multiplying dividing multiply divide "
    "leads result results which substituting plugging inserting"
)
_REASONS = words_in(
    "since because as using use under if with given where assume assuming assumed suppose "
    "supposing let subject constraint condition by setting when put putting"
)
_DEFINING = words_in("where define defined defining denote denoting definition")
# what stands above a sign of equality that is to hold
SIGNS = frozenset({"!", "set", "?", "must"})
_LAST = 8  # words right before a display


def _announces_zero(words: str) -> bool:
    """Whether a paragraph says of a display below it that it is to be zero."""
    found = [each.lower() for each in _TOKEN.findall(words)]
    text = " ".join(found)
    if any(each.replace("-", " ") in text for each in _EQUATIONS):
        return True
    if _SETTING & {*found} or _PLACES & {*found}:
        return True
    if _SET & {*found} and _ZERO & {*found}:
        return True
    return bool((_SET | words_in("solve solving")) & {*found[-_LAST:]})


def _sets_to_zero(words: str) -> bool:
    """Whether a paragraph says that what was before it is set to zero: ``setting this to zero``."""
    found = {each.lower() for each in _TOKEN.findall(words)}
    return bool((_SETTING | _SET) & found and _ZERO & found)


def _announces_result(words: str) -> bool:
    """Whether a paragraph says that what stands below it follows from something."""
    return bool(_FOLLOWING & {each.lower() for each in _TOKEN.findall(words)})


def gives_reason(words: str) -> bool:
    """Whether a paragraph gives what stands in it as a reason, or assumes it."""
    return bool(_REASONS & {each.lower() for each in _TOKEN.findall(words)})


def announces_definition(words: str) -> bool:
    """Whether a paragraph ends in words that say of what stands below it that it defines a name."""
    found = [each.lower() for each in _TOKEN.findall(words)]
    return bool(_DEFINING & {*found[-_LAST:]}) and not _announces_result(words)


# Conditions among the lines of a part, and the lines that are judged as what follows from them.
#
# ``\nabla_w J = 0`` is no claim where it is set so: it is a condition that determines w. It is
# taken for one where one side is zero and something says so: a sign behind which something
# follows, words above it, a sign with ! or set above it, or a later line that says what a letter
# in it is. Such a line is proved where it is true by itself, and else undecided: nothing is
# claimed. A line behind it may be claimed under it alone, where it is said to follow: it stands
# in the same display, behind a sign of implication, below words that say so, or says what a
# letter is that the condition determines. It is then judged by `proof/following`, under the
# conditions before it and what the text assumes; where it is not said to follow, it is judged by
# itself as ever.


Printed = Line | NotRead

_ZEROED = "the derivative in"
_TO_ZERO = re.compile(r"\b(?:zero|vanish\w*)\b|\bto \$?0")
_FORMULA, _LETTER = re.compile(r"\$([^$]+)\$"), re.compile(r"\\[A-Za-z]+|[A-Za-z]")


def under_premises(entries: Sequence[Printed]) -> list[Printed]:
    """The lines, conditions marked, and what may follow from them with what it may follow from."""
    parts: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        parts.setdefault(entry.part, []).append(number)
    found = list(entries)
    for numbers in parts.values():
        part = _Part([entries[number] for number in numbers])
        for number, entry in zip(numbers, part.judged(), strict=True):
            found[number] = entry
    return found


@dataclass
class _Part:
    """The lines of one part, gone through in their order."""

    entries: list[Printed]
    premises: list[Premise] = field(default_factory=list)
    solutions: list[Claim] = field(default_factory=list)
    others: list[Claim] = field(default_factory=list)  # other lines, which may be conditions
    chains: set[int] = field(default_factory=set)  # those with a condition
    last: int = 0  # the display before, where that has a condition or follows from one
    zeroed: int = 0  # the display before, where that speaks of something set to zero, not found
    open: bool = False  # whether there is a condition that is claimed under another one

    def judged(self) -> Iterator[Printed]:
        """Each line as it is to be judged."""
        for number, entry in enumerate(self.entries):
            found = self._line(entry, number) if isinstance(entry, Line) else entry
            if isinstance(found, Line) and found.claim.under is not None:
                self.chains.add(found.standing.chain)
            self.last = found.standing.chain
            yield found

    def _line(self, line: Line, number: int) -> Line:
        line = self._asked_what_is_zero(self._solving(line))
        if line.claim.misfit is not None or line.defines:
            return line
        line = self._following(line, number)
        if line.claim.under is not None and isinstance(line.doubt, Saying):
            line = replace(line, doubt=None)  # a condition says what it is
        if self._is_condition(line, number):
            return self._condition(line, number)
        if line.claim.under is not None and solved(*line.claim.terms) is not None:
            self.solutions.append(line.claim)
        self.others.append(line.claim)
        return _asked_of_zero(line)

    # Conditions

    def _is_condition(self, line: Line, number: int) -> bool:
        standing = line.standing
        if not _is_zero(line.claim):
            return standing.to_be or (standing.premise and not standing.follows)
        if standing.premise or standing.to_be or _announces_zero(line.words):
            return True
        whole = line.from_start if line.ends_chain else None
        return (
            (whole is not None and whole.misfit is None and _is_of_derivative(whole))
            or (_is_of_derivative(line.claim) and self._result_below(line, number))
            or bool(self._solved_below(line, number))
        )

    def _result_below(self, line: Line, number: int) -> bool:
        """Whether words below a display say that the next one follows."""
        chain = line.standing.chain
        later = (each for each in self.entries[number:] if each.standing.chain != chain)
        below = next(later, None)
        return isinstance(below, Line) and _announces_result(below.words)

    def _solved_below(self, line: Line, number: int) -> set[Variable]:
        """The variables of a line that later ones say something of, which does not mention them."""
        mentioned = set(free_in(*line.claim.terms).variables)
        found: set[Variable] = set()
        for other in self.entries[number + 1 :]:
            if not isinstance(other, Line) or other.claim.misfit is not None:
                continue
            if not other.defines:
                variable = spoken_of(*other.claim.terms)
                found |= {variable} if variable is not None else set()
            solves = other.standing.solves
            if solves is not None:
                found |= set(free_in(solves).variables)
        return found & mentioned

    def _condition(self, line: Line, number: int) -> Line:
        varied = set(free_in(*line.claim.terms).varied)
        if line.from_start is not None and line.from_start.misfit is None:
            varied |= set(free_in(*line.from_start.terms).varied)
        varied &= set(free_in(*line.claim.terms).variables)
        unknown = varied or self._solved_below(line, number)
        name = ", ".join(sorted(each.latex or each.name for each in unknown))
        name = name or "the letters in it"
        if _is_general(line):
            self._take(line.id, line.claim, unknown)
        else:
            self.open = True
        self.chains.add(line.standing.chain)
        from_start = line.from_start
        return replace(
            line,
            claim=replace(line.claim, determines=name),
            from_start=from_start and replace(from_start, determines=name),
        )

    def _take(self, name: str, claim: Claim, unknown: set[Variable]) -> None:
        left, right = claim.terms
        names = frozenset(each.name for each in unknown)
        self.premises.append(Premise(name, left, right, claim.conditions, names))

    # What follows

    def _solving(self, line: Line) -> Line:
        """A line of a name that is taken for what a condition determines.

        One that is declared may as well be another thing: that is asked.
        """
        solves = line.standing.solves
        if solves is None or not isinstance(line.claim.right, Term):
            return line
        (variable,) = free_in(solves).variables
        premises = [each for each in self._available(line) if variable.name in each.of]
        if variable in free_in(line.claim.right).variables:
            return line
        if not premises or solves.shape != line.claim.right.shape:
            return line
        note = f"{line.left} is read as the {variable.latex} that {premises[-1].name} determines"
        notes = tuple(each for each in line.notes if "taken as the definition" not in each)
        claim = replace(line.claim, left=solves)
        doubt = None if isinstance(line.doubt, Implied) else line.doubt
        if not line.defines and (doubt is None or isinstance(doubt, Saying)):
            what, advice = f"is this the best {variable.latex}?", f"write {variable.latex} = ..."
            doubt = Question(line.place, str(line.left), what, advice)
        standing, notes = replace(line.standing, introduces=None), (*notes, note)
        return replace(line, claim=claim, defines="", standing=standing, notes=notes, doubt=doubt)

    def _asked_what_is_zero(self, line: Line) -> Line:
        """A line whose words set something to zero that is not found: nobody knows if it is false.

        So it is of what goes on from there.
        """
        chain = line.standing.chain
        goes_on = not line.words.strip() or _announces_result(line.words)
        spoken = _sets_to_zero(line.words) and _TO_ZERO.search(line.words) is not None
        begins = spoken and not self._available(line)
        if chain != self.zeroed:
            self.zeroed = chain if begins or (self.zeroed and goes_on) else 0
        if line.doubt is not None or not self.zeroed or line.claim.under is not None:
            return line
        what, advice = "what is set to zero here?", "write it: \\nabla_w J = 0 \\Rightarrow ..."
        return replace(line, doubt=Unreadable(line.place, line.latex[:40], what, advice))

    def _available(self, line: Line) -> list[Premise]:
        """The premises that are there for a line."""
        stated = [each.stated for each in line.standing.supposed if each.plainly]
        equalities = [each.premise for each in stated if each is not None]
        return [*self.premises, *equalities, *self._zeroed(line)]

    def _zeroed(self, line: Line) -> Iterator[Premise]:
        """The derivative that was displayed last, where the words above set it to zero."""
        if not _sets_to_zero(line.words) or any(
            each.standing.chain == line.standing.chain and each is not line
            for each in self._before(line)
        ):
            return
        for other in reversed(list(self._before(line))):
            for claim in (other.from_start, other.claim):
                if claim is None or claim.misfit is not None or not _is_general(other):
                    continue
                left, _ = claim.terms
                if isinstance(left, Derivative):
                    zero = Zeros(left.shape) if left.shape else Number(Fraction(0))
                    name = f"{_ZEROED} {other.id}, set to zero"
                    of = frozenset(each.name for each in free_in(left).varied)
                    yield Premise(name, left, zero, claim.conditions, of)
                    return
            if other.standing.chain and not _is_of_second_derivatives(other.claim):
                return

    def _before(self, line: Line) -> Iterator[Line]:
        for entry in self.entries:
            if entry.id == line.id:
                return
            if isinstance(entry, Line):
                yield entry

    def _following(self, line: Line, number: int) -> Line:
        """A line with what it may follow from, where it may."""
        for each in self._zeroed(line):
            if each.name not in {one.name for one in self.premises}:
                self.premises.append(each)
                self.chains.add(line.standing.chain)
        names = free_in(*line.claim.terms).names
        said = self._is_said_to_follow(line)
        conditions = said and any(_concerns(each, line.claim) for each in self.premises)
        if conditions:
            names = names.union(*(free_in(each.left, each.right).names for each in self.premises))
        supposed = [each for each in line.standing.supposed if each.names & names]
        stated = [each.stated for each in supposed if each.plainly and each.stated is not None]
        perhaps = tuple(each for one in supposed for each in _perhaps(one, line.claim))
        if not (conditions or stated):
            if not perhaps or line.doubt is not None:
                return line
            under = Consequence(others=perhaps)
            from_start = line.from_start and replace(line.from_start, under=under)
            claim = replace(line.claim, under=under)
            return replace(line, claim=claim, from_start=from_start)
        others = self.others if conditions else []
        others = [*others, *perhaps]
        unread = [each.doubt for each in supposed if each.stated is None]
        assumed = [each for each in stated if each.conditions]
        equalities = [each.premise for each in stated if conditions or not each.conditions]
        where = (each.where.removeprefix(TEXT_SAYS) for each in assumed)
        under = Consequence(
            (*(self.premises if conditions else ()), *equalities),
            tuple(self.solutions) if conditions else (),
            tuple(one for each in assumed for one in each.conditions),
            ", ".join(where),
            tuple(others),
            conditions and (self.open or self._unread_before(number) or self._may_be_other(line)),
        )
        doubt = line.doubt
        if conditions and doubt is not None and doubt.what == NOT_JUDGED:
            doubt = None
        taken = {each.where for each in stated}
        if doubt is not None and not unread and f"{TEXT_SAYS}{doubt.place}" in taken:
            doubt = None  # what may be a condition is taken as one
        if conditions and doubt is None and unread:
            doubt = unread[0]
        from_start = line.from_start and replace(line.from_start, under=under)
        claim = replace(line.claim, under=under)
        return replace(line, claim=claim, from_start=from_start, doubt=doubt)

    def _may_be_other(self, line: Line) -> bool:
        """Whether another derivative than the one displayed last may be what words set to zero.

        So it may be where the line has what another one displayed before is taken by, or where the
        words name what this one is not taken by.
        """
        zeroed = [each for each in self.premises if each.name.startswith(_ZEROED)]
        of = frozenset[str]().union(*(each.of for each in zeroed))
        if not zeroed:
            return False
        mentioned = {each for each in free_in(*line.claim.terms).variables if each.name not in of}
        varied = {
            one
            for each in self._before(line)
            if each.claim.misfit is None
            for side in each.claim.terms
            if isinstance(side, Derivative)
            for one in free_in(side).varied
        }
        letters = {each for part in _FORMULA.findall(line.words) for each in _LETTER.findall(part)}
        named = any(letters & {each.latex, each.family, each.name} for each in mentioned)
        return bool(mentioned & varied) or named

    def _is_said_to_follow(self, line: Line) -> bool:
        return (
            line.standing.follows
            or line.standing.chain in self.chains
            or _announces_result(line.words)
            or _announces_zero(line.words)
            or spoken_of(*line.claim.terms) is not None
            or _is_zero(line.claim)
            or (not line.words.strip() and self.last in self.chains)
        )

    def _unread_before(self, number: int) -> bool:
        """Whether a line before may be a condition and is not read."""
        return any(isinstance(each, NotRead) for each in self.entries[:number])


def _asked_of_zero(line: Line) -> Line:
    """A line that begins with ``0 =``, mostly a condition that nothing else says is one."""
    what, advice = "is this set to zero, or claimed?", "write = 0 behind what is claimed to be zero"
    asked = Unreadable(line.place, line.latex[:40], what, advice)
    if line.from_start is not None and is_zero_alone(line.from_start.left):
        line = replace(line, doubt_from_start=line.doubt_from_start or asked)
    if is_zero_alone(line.claim.left) and line.claim.under is None and line.from_start is None:
        line = replace(line, doubt=line.doubt or asked)
    return line


def _perhaps(supposal: Supposal, claim: Claim) -> Iterator[Claim]:
    """An equality of the text of which no words say whether it is assumed.

    What says what a derivative is, is a claim of its own, unless it is zero.
    """
    if not supposal.plainly and supposal.stated is not None:
        premise = supposal.stated.premise
        sides = premise.left, premise.right
        if any(isinstance(each, Derivative) for each in sides) and not any(
            map(is_zero_alone, sides)
        ):
            return
        yield replace(
            claim,
            title=premise.name,
            left=premise.left,
            right=premise.right,
            conditions=premise.conditions,
            under=None,
            determines="",
        )


def _names(*terms: Term) -> frozenset[str]:
    return frozenset(each.name for each in free_in(*terms).variables)


def _is_of_second_derivatives(claim: Claim) -> bool:
    """Whether a side is the matrix of second derivatives, which nobody sets to zero."""
    terms = claim.terms if claim.misfit is None else ()
    sides = (each.of if isinstance(each, Transpose) else each for each in terms)
    return any(
        isinstance(each, Table)
        and isinstance(each.body, Derivative)
        and isinstance(each.body.of, Entry)
        and isinstance(each.body.of.of, Derivative)
        for each in sides
    )


def _is_of_derivative(claim: Claim) -> bool:
    return any(isinstance(each, Derivative) for each in claim.terms)


def _concerns(premise: Premise, claim: Claim) -> bool:
    """Whether a claim is of what a condition determines, or says what a letter in it is."""
    free = free_in(premise.left, premise.right).variables
    of = premise.of or {each.name for each in free}
    return bool(of & _names(*claim.terms)) or spoken_of(*claim.terms) in free


def _is_general(line: Line) -> bool:
    """Whether a line is claimed under nothing but what is declared."""
    return set(line.claim.conditions) <= set(line.equality.scope.conditions)


def _is_zero(claim: Claim) -> bool:
    return any(map(is_zero_alone, claim.terms))
