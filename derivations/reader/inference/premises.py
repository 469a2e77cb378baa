"""Conditions among the lines of a part, and the lines that are judged as what follows from them.

``\\nabla_w J = 0`` is no claim where it is set so: it is a condition that determines w. It is
taken for one where one side is zero and something says so: a sign behind which something follows,
words above it, a sign with ! or set above it, or a later line that says what a letter in it is.
Such a line is proved where it is true by itself, and else undecided: nothing is claimed. A line
behind it may be claimed under it alone, where it is said to follow: it stands in the same display,
behind a sign of implication, below words that say so, or says what a letter is that the condition
determines. It is then judged by `proof/following`, under the conditions before it and what the text
assumes; where it is not said to follow, it is judged by itself as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivations.claim import Claim, Consequence, Premise
from derivations.language.free import free_in
from derivations.language.put_in import Solved, solved
from derivations.language.tree import Derivative, Number, Term, Variable, Zeros
from derivations.reader.chains import NOT_JUDGED
from derivations.reader.inference.spoken import announces_result, announces_zero, sets_to_zero
from derivations.reader.line import Line, NotRead
from derivations.reader.problem import Unreadable

Entry = Line | NotRead


def under_premises(entries: Sequence[Entry]) -> list[Entry]:
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

    entries: list[Entry]
    premises: list[Premise] = field(default_factory=list)
    solutions: list[Claim] = field(default_factory=list)
    chains: set[int] = field(default_factory=set)  # those with a condition

    def judged(self) -> Iterator[Entry]:
        """Each line as it is to be judged."""
        for number, entry in enumerate(self.entries):
            yield self._line(entry, number) if isinstance(entry, Line) else entry

    def _line(self, line: Line, number: int) -> Line:
        line = self._solving(line)
        if line.claim.misfit is not None or line.defines:
            return line
        own = solved(*line.claim.terms)
        line = self._following(line, own)
        if _is_zero(line.claim) and self._is_condition(line, number):
            return self._condition(line, number)
        if line.claim.under is not None and own is not None:
            self.solutions.append(line.claim)
        return line

    # Conditions

    def _is_condition(self, line: Line, number: int) -> bool:
        standing = line.standing
        if standing.premise or standing.to_be or announces_zero(line.words):
            return True
        return bool(self._solved_below(line, number))

    def _solved_below(self, line: Line, number: int) -> set[Variable]:
        """The variables of a line that later ones say something of, which does not mention them."""
        mentioned = set(free_in(*line.claim.terms).variables)
        found: set[Variable] = set()
        for other in self.entries[number + 1 :]:
            if not isinstance(other, Line) or other.claim.misfit is not None:
                continue
            own = solved(*other.claim.terms)
            if own is not None and not other.defines:
                found.add(own.variable)
            solves = other.standing.solves
            if solves is not None:
                found |= set(free_in(solves).variables)
        return found & mentioned

    def _condition(self, line: Line, number: int) -> Line:
        varied = set(free_in(*line.claim.terms).varied)
        if line.from_start is not None and line.from_start.misfit is None:
            varied |= set(free_in(*line.from_start.terms).varied)
        below = self._solved_below(line, number)
        unknown = below or varied & set(free_in(*line.claim.terms).variables) or varied
        name = ", ".join(sorted(each.latex or each.name for each in unknown))
        name = name or "the letters in it"
        if _is_general(line):
            self._take(line.id, line.claim, unknown)
        self.chains.add(line.standing.chain)
        note = f"this is read as a condition on {name}, and not as a claim"
        from_start = line.from_start
        return replace(
            line,
            claim=replace(line.claim, determines=name),
            from_start=from_start and replace(from_start, determines=name),
            notes=(*line.notes, note),
        )

    def _take(self, name: str, claim: Claim, unknown: set[Variable]) -> None:
        left, right = claim.terms
        names = frozenset(each.name for each in unknown)
        self.premises.append(Premise(name, left, right, claim.conditions, names))

    # What follows

    def _solving(self, line: Line) -> Line:
        """A line of an undeclared name that is taken for what a condition determines."""
        solves = line.standing.solves
        if solves is None or not isinstance(line.claim.right, Term):
            return line
        (variable,) = free_in(solves).variables
        premises = [each for each in self._available(line) if variable.name in each.of]
        if not premises or solves.shape != line.claim.right.shape:
            return line
        note = f"{line.left} is read as the {variable.latex} that {premises[-1].name} determines"
        notes = tuple(each for each in line.notes if "taken as the definition" not in each)
        claim = replace(line.claim, left=solves)
        return replace(line, claim=claim, defines="", notes=(*notes, note))

    def _available(self, line: Line) -> list[Premise]:
        """The premises that are there for a line."""
        stated = [each.premise for each in line.standing.stated if each.premise is not None]
        return [*self.premises, *stated, *self._zeroed(line)]

    def _zeroed(self, line: Line) -> Iterator[Premise]:
        """The derivative that was displayed last, where the words above set it to zero."""
        if not sets_to_zero(line.words) or any(
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
                    name = f"the derivative in {other.id}, set to zero"
                    of = frozenset(each.name for each in free_in(left).varied)
                    yield Premise(name, left, zero, claim.conditions, of)
                    return
            if other.standing.chain:
                return

    def _before(self, line: Line) -> Iterator[Line]:
        for entry in self.entries:
            if entry.id == line.id:
                return
            if isinstance(entry, Line):
                yield entry

    def _following(self, line: Line, own: Solved | None) -> Line:
        """A line with what it may follow from, where it may."""
        mentioned = set(free_in(*line.claim.terms).variables)
        zeroed = list(self._zeroed(line))
        for each in zeroed:
            if each.name not in {one.name for one in self.premises}:
                self.premises.append(each)
                self.chains.add(line.standing.chain)
        standing = line.standing
        assumed = [each for each in standing.stated if each.conditions]
        stated = [each.premise for each in standing.stated if each.premise is not None]
        said = (
            standing.follows
            or standing.chain in self.chains
            or announces_result(line.words)
            or announces_zero(line.words)
            or own is not None
            or _is_zero(line.claim)
        )
        names = {each.name for each in mentioned}
        conditions = [each for each in self.premises if said and _concerns(each, names)]
        if not (conditions or stated or assumed):
            return line
        linked = [*self.premises, *stated] if conditions else stated
        under = Consequence(
            tuple(linked),
            tuple(self.solutions) if conditions else (),
            tuple(one for each in assumed for one in each.conditions),
            ", ".join(each.where.removeprefix("what the text says at ") for each in assumed),
        )
        doubt = line.doubt
        if conditions and isinstance(doubt, Unreadable) and doubt.what == NOT_JUDGED:
            doubt = None
        from_start = line.from_start and replace(line.from_start, under=under)
        claim = replace(line.claim, under=under)
        return replace(line, claim=claim, from_start=from_start, doubt=doubt)


def _concerns(premise: Premise, names: set[str]) -> bool:
    """Whether a condition determines something that has one of these names."""
    of = premise.of or {each.name for each in free_in(premise.left, premise.right).variables}
    return bool(of & names)


def _is_general(line: Line) -> bool:
    """Whether a line is claimed under nothing but what is declared."""
    return set(line.claim.conditions) <= set(line.equality.scope.conditions)


def _is_zero(claim: Claim) -> bool:
    return any(
        isinstance(each, Zeros) or (isinstance(each, Number) and each.value == 0)
        for each in claim.terms
    )
