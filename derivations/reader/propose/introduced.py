"""Definitions that the text itself gives, and common ones that it takes for known.

A name is introduced where it stands first, alone in front of an equality: ``J = ...``,
``f(x) = ...``. A function, or a name under a hat, of which that is not said is what stands in its
place in a side that is otherwise the same. Common ones are rows of a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from derivations.reader.elaborate.spelling import name_of
from derivations.reader.problem import Place
from derivations.reader.propose.displays import Displayed, inside
from derivations.reader.propose.letters import Letter, Letters, is_indicator
from derivations.reader.propose.sketch import (
    SIGMA,
    Applied,
    Constant,
    Layout,
    Opaque,
    Plus,
    Reading,
    Slope,
    Summed,
    Term,
    Times,
    Use,
    within,
)
from derivations.reader.syntax import Leaf, Node, Relation, Script
from derivations.reader.written import written

_ARGUMENTS = "zxtsab"  # letters for the argument of a function, the first that is free
CROSS_ENTROPY = ("CE", "CrossEntropy", "crossentropy", "cross-entropy")


@dataclass(frozen=True)
class Chain:
    """A chain as terms: those that could be read, and which are equated with the one before."""

    number: int
    part: str
    at: Place
    terms: tuple[Term | None, ...]
    joined: tuple[bool, ...]
    conditions: tuple[Relation, ...]
    supposed: bool

    @property
    def equalities(self) -> Iterator[tuple[Term, Term]]:
        """Terms that are equated, one after the other."""
        for number, joined in enumerate(self.joined):
            left, right = self.terms[number - 1], self.terms[number]
            if joined and left is not None and right is not None:
                yield left, right


def as_terms(chains: list[Displayed], letters: Letters, functions: set[str]) -> list[Chain]:
    """All chains as terms."""
    found: list[Chain] = []
    for chain in chains:
        reading = Reading(letters, functions, chain.part)
        terms = tuple(reading.term(s.node) if s.node is not None else None for s in chain.sides)
        joined = tuple(side.joined for side in chain.sides)
        at = chain.sides[0].place if chain.sides else Place()
        found.append(
            Chain(chain.chain, chain.part, at, terms, joined, chain.conditions, chain.supposed)
        )
    return found


@dataclass(frozen=True)
class Definition:
    """What a name abbreviates, why that is thought so, and before which chain it is said.

    ``chain`` is None where it holds for the whole text.
    """

    name: str
    head: str
    body: str
    at: Place
    why: str
    part: str
    chain: int | None = None
    uses: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    local: bool = False  # because of what a part declares

    @property
    def said(self) -> str:
        """As a declaration writes it."""
        return f"define {self.head} = {self.body}"


def names_in(term: Term) -> frozenset[str]:
    """The names that a term mentions."""
    return frozenset(each.name for each in within(term) if isinstance(each, Use | Applied))


def definitions(chains: list[Chain], letters: Letters, apart: set[str]) -> list[Definition]:
    """The definitions of a text; names ``apart`` may mean another thing in another part."""
    found = _introduced(chains, apart)
    known = {each.name for each in found}
    found += _replaced(chains, known)
    found = _with_short_names(found, chains)
    known = {each.name for each in found}
    found += [each for each in _one_hot(chains, letters) if each.name not in known]
    first = {chain.part: chain.number for chain in reversed(chains)}
    local = apart | {each.base for each in letters.lists}
    found = [each for whole in found for each in _where_it_can_be(whole, found, chains, first)]
    placed = [_placed(each, first, local, letters) for each in found]
    return [copy for each in placed for copy in (each, *_again(each, chains, first))]


def _with_short_names(found: list[Definition], chains: list[Chain]) -> list[Definition]:
    """J where the text has J_{neg-sample} and does not say what J is: it is short for that.

    Only where there is one such name in the part, or else in the text before it.
    """
    heads = {each.name: each for each in found}
    first = {chain.part: chain.number for chain in reversed(chains)}
    short: list[Definition] = []
    for part, number in first.items():
        mine = [chain for chain in chains if chain.part == part]
        terms = [term for chain in mine for term in chain.terms if term is not None]
        applied = {t.name for term in terms for t in within(term) if isinstance(t, Applied)}
        here = {name for term in terms for name in names_in(term)}
        for name, by in differentiated(mine).items():
            own = heads.get(name)
            if (
                not name
                or not by
                or name in applied
                or (own is not None and own.part == part and _comes_first(name, mine))
            ):
                continue
            longer = [long for long in heads if long.startswith(f"{name}_{{")]
            near = [long for long in longer if long in here] or [
                long for long in longer if first[heads[long].part] < number
            ]
            if len(near) == 1:
                long = heads[near[0]]
                at = next(t.node.at for term in terms for t in within(term) if name in names_in(t))
                uses = frozenset({long.name})
                why = f"short for {long.head}"
                short.append(
                    Definition(name, name, long.head, at, why, part, number, uses, long.indices)
                )
    return short + _not_short(found, short)


def _not_short(found: list[Definition], short: list[Definition]) -> list[Definition]:
    """The definitions that no short name takes the place of in their part."""
    taken = {(each.part, each.name) for each in short}
    return [each for each in found if (each.part, each.name) not in taken]


def _comes_first(name: str, chains: list[Chain]) -> bool:
    """Whether a name is defined in these chains before a derivative is taken of it."""
    for chain in chains:
        for left, _ in chain.equalities:
            if isinstance(left, Use | Applied) and left.name == name:
                return True
            if any(name == each for each in _derived(left)):
                return False
    return False


def _where_it_can_be(
    each: Definition, found: list[Definition], chains: list[Chain], first: dict[str, int]
) -> list[Definition]:
    """A definition for the whole text, or for those parts that do not take J for something else.

    In another part J is another thing where derivatives of it are taken by what it is not made of.
    """
    uses = {one.name: one.uses for one in found}
    made_of = _closure(each.uses, uses)
    other = {
        chain.part
        for chain in chains
        for by in differentiated([chain]).get(each.name, ())
        if not names_in(by) <= made_of
    } - {each.part}
    if each.chain is not None or not other:
        return [each]
    return [
        replace(each, chain=number, part=part)
        for part, number in first.items()
        if part == each.part
        or (number > first[each.part] and part not in other and _mentioned(each.name, part, chains))
    ]


def _mentioned(name: str, part: str, chains: list[Chain]) -> bool:
    """Whether a part has a name in it."""
    sides = (term for chain in chains if chain.part == part for term in chain.terms)
    return any(name in names_in(term) for term in sides if term is not None)


def _again(each: Definition, chains: list[Chain], first: dict[str, int]) -> Iterator[Definition]:
    """The definition of a part once more for each later part that uses the name."""
    if each.chain is None or each.chain != first[each.part] or not each.local:
        return
    for part, chain in first.items():
        if chain > each.chain and _mentioned(each.name, part, chains):
            yield replace(each, chain=chain, part=part)


def _own_letter(
    head: Applied, body: Term, apart: set[str], taken: frozenset[str]
) -> tuple[Node, Node]:
    """A function of one number with a letter for it that means nothing else in the text."""
    only = head.arguments[0] if len(head.arguments) == 1 else None
    if isinstance(only, Use) and only.name in apart and not only.sub:
        fresh = next((letter for letter in _ARGUMENTS if letter not in taken), only.name)
        return _renamed(head.node, only.name, fresh), _renamed(body.node, only.name, fresh)
    return head.node, body.node


def _renamed(node: Node, old: str, new: str) -> Node:
    """A tree with one letter for another."""
    if isinstance(node, Leaf):
        return replace(node, text=new) if node.text == old and node.kind == "LETTER" else node
    changed = {each.name: _renamed_in(getattr(node, each.name), old, new) for each in fields(node)}
    return replace(node, **changed)


def _renamed_in(value: Any, old: str, new: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_renamed_in(each, old, new) for each in value)
    return _renamed(value, old, new) if isinstance(value, Node) else value


def _placed(
    each: Definition, first: dict[str, int], local: set[str], letters: Letters
) -> Definition:
    """A definition that depends on what a part declares stands in that part."""
    stand_ins = {name for part, name in letters.stand_ins if part == each.part}
    if each.chain is None and (each.uses & local or each.indices & stand_ins):
        return replace(each, chain=first[each.part], local=True)
    return each


# by the first equality ---------------------------------------------------------------------------


def _introduced(chains: list[Chain], apart: set[str]) -> list[Definition]:
    found: dict[str, list[Definition]] = {}
    seen: dict[str, int] = {}
    varied = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    for chain in chains:
        for number, term in enumerate(chain.terms):
            if term is None:
                continue
            after = chain.terms[number + 1] if number + 1 < len(chain.terms) else None
            joined = number + 1 < len(chain.joined) and chain.joined[number + 1]
            if after is not None and joined and not (chain.conditions or chain.supposed):
                _introduce(term, after, chain, seen, found, apart, varied)
            for each in _outside_slopes(term):
                if isinstance(each, Use | Applied):
                    seen.setdefault(each.name, chain.number)
    return [each for several in found.values() for each in several]


def _introduce(
    left: Term,
    right: Term,
    chain: Chain,
    seen: dict[str, int],
    found: dict[str, list[Definition]],
    apart: set[str],
    varied: set[str],
) -> None:
    if not isinstance(left, Use | Applied) or not _is_head(left) or not _can_be_body(right):
        return
    if isinstance(left, Use) and not left.sub and isinstance(right, Use | Constant):
        return  # a = b, or a = 1: as likely a claim, or a case
    uses = names_in(right)
    if left.name in uses:
        return
    made = _definition(left, right, f"introduced at {left.node.at}", chain)
    if isinstance(left, Applied):
        head, body = _own_letter(left, right, apart, uses | {left.name} | apart)
        if head is not left.node:
            renamed = names_in(left) | {left.name}
            made = replace(made, head=written(head), body=written(body), uses=made.uses - renamed)
    before = found.get(left.name, [])
    just_before = seen.get(left.name, -1) >= chain.number - 1 and left.name not in varied
    if left.name not in seen or (just_before and left.name not in found):
        found[left.name] = [made]
    elif before and uses and not any(uses & each.uses for each in before):
        # another thing of this name: it has nothing in common with what was called so before
        found[left.name] = [*before, replace(made, chain=chain.number)]


def _definition(head: Use | Applied, body: Term, why: str, chain: Chain) -> Definition:
    uses = names_in(body) | (names_in(head) - {head.name}) | _lists_in(body) | _lists_in(head)
    found = Definition(
        head.name, written(head.node), written(body.node), body.node.at, why, chain.part, None, uses
    )
    return replace(found, indices=_indices_in(body))


def _lists_in(term: Term) -> frozenset[str]:
    """The lists whose entries stand for arguments."""
    nodes = (each.node for each in within(term) if isinstance(each, Constant))
    scripts = (node for node in nodes if isinstance(node, Script) and not is_indicator(node))
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    entries = (text for sub in subs for text in sub if isinstance(text, str) and "_" in text)
    return frozenset((*(name_of(s.base) for s in scripts), *(t.split("_")[0] for t in entries)))


def _indices_in(term: Term) -> frozenset[str]:
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    return frozenset(letter[1] for sub in subs for letter in sub if isinstance(letter, tuple))


def _is_head(term: Use | Applied) -> bool:
    """Whether it can stand on the left of a definition: names and different letters."""
    if _is_primed(term):
        return False
    if isinstance(term, Use):
        letters = [each for each in term.sub if isinstance(each, tuple)]
        return len(letters) == len(term.sub) == len(set(letters)) <= 2
    return all(_is_parameter(each) for each in term.arguments)


def _is_parameter(term: Term) -> bool:
    if isinstance(term, Use):
        return all(isinstance(each, tuple) for each in term.sub)
    return isinstance(term, Constant) and not term.text.isdigit()


def _can_be_body(term: Term) -> bool:
    """Whether all of it could be understood."""
    return not any(isinstance(each, Opaque | Layout) for each in within(term))


# by what stands in its place ---------------------------------------------------------------------


def _replaced(chains: list[Chain], known: set[str]) -> list[Definition]:
    found: dict[str, Definition] = {}
    for chain in chains:
        if chain.conditions or chain.supposed:
            continue
        for left, right in chain.equalities:
            pairs = list(dict.fromkeys(_differences(left, right)))
            if len(pairs) != 1 or pairs[0] == (left, right):
                continue
            for head, body in (pairs[0], pairs[0][::-1]):
                if not isinstance(head, Use | Applied):
                    continue
                under = any(isinstance(t, Slope) and t.of in pairs[0] for t in (left, right))
                if not _may_be_replaced(head, under_slope=under):
                    continue
                name = head.name
                if name in known or name in found or name in names_in(body):
                    continue
                if _is_head(head) and _can_be_body(body):
                    why = f"it stands for this at {body.node.at}"
                    found[name] = _definition(head, body, why, chain)
                    break
    return list(found.values())


def _may_be_replaced(head: Use | Applied, *, under_slope: bool) -> bool:
    """Whether a name may be one for what stands in its place: no variable is."""
    if isinstance(head, Applied):
        return len(head.arguments) > 1
    return head.name.startswith(r"\hat") or (not head.sub and under_slope)


def _differences(one: Term, other: Term) -> Iterator[tuple[Term, Term]]:
    """Where two terms differ, as pairs of what stands there."""
    if one == other:
        return
    same_kind = type(one) is type(other) and len(one.parts) == len(other.parts)
    if same_kind and one.parts and _own(one) == _own(other):
        for mine, theirs in zip(one.parts, other.parts, strict=True):
            yield from _differences(mine, theirs)
    else:
        yield one, other


def _own(term: Term) -> object:
    """What a term says beside its parts."""
    match term:
        case Plus(signs=signs):
            return signs
        case Times(joins=joins):
            return joins
        case Summed(over=over):
            return over
        case Applied(name=name, keywords=keywords):
            return name, keywords
    return getattr(term, "name", None)


# common ones -------------------------------------------------------------------------------------


def _one_hot(chains: list[Chain], letters: Letters) -> Iterator[Definition]:
    """``y_w`` with one in place o: its sum leaves that term, or it is said to be 1 if w = o."""
    done: set[str] = set()
    for chain in chains:
        for name, running, fixed, at in (*_said_to_be_one(chain), *_left_over(chain, letters)):
            if name not in done:
                done.add(name)
                head, body = f"{name}_{running}", rf"\mathbb{{1}}_{{{running} = {fixed}}}"
                why = f"one-hot, as at {at}"
                yield Definition(name, head, body, at, why, chain.part)


def _said_to_be_one(chain: Chain) -> Iterator[tuple[str, str, str, Place]]:
    conditions = [each for each in chain.conditions if each.signs == ("=",)]
    for left, right in chain.equalities:
        is_one = isinstance(right, Constant) and right.text == "1"
        if not isinstance(left, Use) or len(left.sub) != 1 or not is_one:
            continue
        for condition in conditions:
            texts = [written(part) for part in condition.parts]
            letter = left.sub[0]
            if isinstance(letter, tuple) and letter[1] in texts and len(texts) == 2:
                other = texts[1 - texts.index(letter[1])]
                yield left.name, letter[1], other, left.node.at


def _left_over(chain: Chain, letters: Letters) -> Iterator[tuple[str, str, str, Place]]:
    terms = [term for term in chain.terms if term is not None]
    for number, term in enumerate(terms):
        total = _unsigned(term)
        if not isinstance(total, Summed) or len(total.over) != 1:
            continue
        running = total.over[0]
        factors = total.of.factors if isinstance(total.of, Times) else (total.of,)
        first, rest = factors[0], factors[1:]
        if not isinstance(first, Use) or first.sub != (running,) or not rest:
            continue
        for other in terms[number + 1 :]:
            left = _unsigned(other)
            if any(isinstance(each, Summed) for each in within(left)):
                continue
            mine = left.factors if isinstance(left, Times) else (left,)
            if isinstance(mine[0], Use) and mine[0].name == first.name:
                mine = mine[1:]
            for fixed in letters.of_set(letters.set_of(running)):
                wanted = [spelled(each, {running: fixed[1]}) for each in rest]
                found = [spelled(each, {fixed: fixed[1]}) for each in mine]
                if fixed[1] != running[1] and wanted == found:
                    yield first.name, running[1], fixed[1], first.node.at


def _unsigned(term: Term) -> Term:
    while isinstance(term, Plus) and len(term.terms) == 1:
        term = term.terms[0]
    return term


def spelled(term: Term, letters: dict[Letter, str]) -> str:
    """A term as text, with letters renamed, whatever their part."""
    own = str(_own(term))
    if isinstance(term, Use):
        own += "_" + ",".join(
            letters.get(each, each[1]) if isinstance(each, tuple) else each for each in term.sub
        )
    if isinstance(term, Constant):
        own = next((new for (_, name), new in letters.items() if name == term.text), term.text)
    inside = " ".join(spelled(part, letters) for part in term.parts)
    return f"{type(term).__name__}({own} {inside})"


def sigmoid(chains: list[Chain], taken: set[str]) -> Definition | None:
    """``\\sigma`` of a number, where the text does not say what it is."""
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Applied) and term.name == SIGMA and len(term.arguments) == 1:
                z = next((letter for letter in _ARGUMENTS if letter not in taken), "z")
                head, body = rf"{SIGMA}({z})", rf"\frac{{1}}{{1 + e^{{-{z}}}}}"
                return Definition(SIGMA, head, body, term.node.at, "the sigmoid", chain.part)
    return None


def cross_entropy(chains: list[Chain], name: str, letter: str) -> Definition | None:
    """A function of that name of two vectors, summed over a letter of theirs."""
    if not any(name.replace(r"\mathrm{", "").rstrip("}").endswith(each) for each in CROSS_ENTROPY):
        return None
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if not isinstance(term, Applied) or term.name != name or len(term.arguments) != 2:
                continue
            y, p = term.arguments
            if not all(isinstance(each, Use) and not each.sub for each in (y, p)):
                continue
            one, other = written(y.node), written(p.node)
            body = rf"-\sum_{letter} {one}_{letter} \log({other}_{letter})"
            head = written(term.node)
            uses = names_in(y) | names_in(p)
            at = term.node.at
            return Definition(name, head, body, at, "cross-entropy", chain.part, None, uses)
    return None


def consequences(
    chains: list[Chain], definitions_: list[Definition]
) -> dict[tuple[str, str], Place]:
    """Names, each with its part, that depend on others in a way that the text does not say.

    Where one side is a derivative of J and the other does not mention J, J is no arbitrary
    function: whoever took it for one would find a true line false. The same where a name stands
    only for what stands on the other side, and never on both.
    """
    uses = {each.name: each.uses for each in definitions_}
    found: dict[tuple[str, str], Place] = {}
    lone: dict[tuple[str, str], Place] = {}
    free = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    for chain in chains:
        for left, right in chain.equalities:
            names = [_all_names(term, uses) for term in (left, right)]
            for term, others in ((left, names[1]), (right, names[0])):
                wanted = _derived(term) - others
                if not isinstance(right if term is left else left, Constant):
                    wanted |= _made_of_what_is_not_said(term, uses)
                for name in wanted - {*uses}:
                    found.setdefault((chain.part, name), term.node.at)
            free |= names_in(left) & names_in(right)
            if _derived(left) or _derived(right):
                continue
            only = [(side - other) - {*uses} for side, other in (names, names[::-1])]
            if all(only):
                fewer, term = min(zip(only, (left, right), strict=True), key=lambda p: len(p[0]))
                used = {each.name for each in within(term) if isinstance(each, Use)}
                if len(fewer) == 1 and fewer <= used:
                    lone.setdefault((chain.part, fewer.pop()), term.node.at)
    bare = {name for name in differentiated(chains) if name not in uses}
    for chain in chains:
        for side in chain.terms:
            for each in _outside_slopes(side) if side is not None else ():
                if isinstance(each, Use) and each.name in bare:
                    found.setdefault((chain.part, each.name), each.node.at)
    found |= {key: at for key, at in lone.items() if key[1] not in free and key not in found}
    return found


def _all_names(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """The names in a term, and in the definitions of these."""
    return _closure(names_in(term), uses)


def _closure(names: frozenset[str], uses: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, ())
    return found


def _made_of_what_is_not_said(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """What derivatives are taken of by something that it does not mention."""
    found: set[str] = set()
    for each in within(term):
        if isinstance(each, Slope) and not names_in(each.by) & _all_names(each.of, uses):
            found |= names_in(each.of) - names_in(each.by)
    return found


def _outside_slopes(term: Term) -> Iterator[Term]:
    """The parts of a term that are not what a derivative is taken of."""
    waiting = [term]
    while waiting:
        here = waiting.pop()
        yield here
        bare = isinstance(here, Slope) and isinstance(_unsigned(here.of), Use)
        waiting += [here.by] if bare and isinstance(here, Slope) else here.parts


def _derived(term: Term) -> set[str]:
    """The names that derivatives in a term are taken of."""
    ofs = [_unsigned(each.of) for each in within(term) if isinstance(each, Slope)]
    primed = {each.name for each in within(term) if isinstance(each, Applied) and _is_primed(each)}
    return primed | {of.name for of in ofs if isinstance(of, Use | Applied)}


def _is_primed(term: Use | Applied) -> bool:
    return any(isinstance(each, Script) and each.primes for each in inside(term.node))


def differentiated(chains: list[Chain]) -> dict[str, list[Term]]:
    """The names that derivatives are taken of, with what they are taken by; "" for all else."""
    found: dict[str, list[Term]] = {}
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Slope):
                of = _unsigned(term.of)
                by = found.setdefault(of.name if isinstance(of, Use) and not of.sub else "", [])
                if term.by not in by:
                    by.append(term.by)
    return found
