"""Common definitions that a text takes for known: one-hot, the sigmoid, the cross-entropy."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reader.declare.common import SIGMOID
from derivations.reader.problem import Place
from derivations.reader.propose.abbreviation import Definition
from derivations.reader.propose.index_letters import Letter, Letters
from derivations.reader.propose.introduced import ARGUMENTS
from derivations.reader.propose.said import Chain
from derivations.reader.propose.sketch import (
    SIGMA,
    Applied,
    Constant,
    Summed,
    Term,
    Times,
    Use,
    names_in,
    unsigned,
    within,
)
from derivations.reader.propose.stands_in import own_content
from derivations.reader.written import written

CROSS_ENTROPY = ("CE", "CrossEntropy", "crossentropy", "cross-entropy")


def one_hot(chains: list[Chain], letters: Letters) -> Iterator[Definition]:
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
        total = unsigned(term)
        if not isinstance(total, Summed) or len(total.over) != 1:
            continue
        running = total.over[0]
        factors = total.of.factors if isinstance(total.of, Times) else (total.of,)
        first, rest = factors[0], factors[1:]
        if not isinstance(first, Use) or first.sub != (running,) or not rest:
            continue
        for other in terms[number + 1 :]:
            left = unsigned(other)
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


def spelled(term: Term, letters: dict[Letter, str]) -> str:
    """A term as text, with letters renamed, whatever their part."""
    own = str(own_content(term))
    if isinstance(term, Use):
        own += "_" + ",".join(
            letters.get(each, each[1]) if isinstance(each, tuple) else each for each in term.sub
        )
    if isinstance(term, Constant):
        own = next((new for (_, name), new in letters.items() if name == term.text), term.text)
    inside = " ".join(spelled(part, letters) for part in term.parts)
    return f"{type(term).__name__}({own} {inside})"


def values_of_functions(chains: list[Chain], known: set[str]) -> Iterator[Definition]:
    """h beside h_\\theta(x_i): the values of that function, one for each i."""
    terms = [each for chain in chains for side in chain.terms if side for each in within(side)]
    names = {each.name for each in terms if isinstance(each, Use)} - known
    for term in terms:
        if not isinstance(term, Applied) or len(term.arguments) != 1:
            continue
        only, name = term.arguments[0], term.name.partition("_")[0]
        letter = only.sub[0] if isinstance(only, Use) and len(only.sub) == 1 else ""
        if name in names and name != term.name and isinstance(letter, tuple):
            names.remove(name)
            head, body = f"{name}_{letter[1]}", written(term.node)
            why, uses = f"the values of {term.name}", names_in(term)
            numbered = frozenset({only.name}) if isinstance(only, Use) else frozenset()
            yield Definition(name, head, body, term.node.at, why, "", None, uses, numbered=numbered)


def matrices_of_numbers(
    chains: list[Chain], numbers: dict[str, str], known: set[str]
) -> Iterator[Definition]:
    """R beside r_{ui}: the matrix of these."""
    for matrix, entry in numbers.items():
        if matrix in known:
            continue
        for chain in chains:
            terms = (each for side in chain.terms if side for each in within(side))
            uses = (t for t in terms if isinstance(t, Use) and t.name == entry and len(t.sub) == 2)
            found = next((t for t in uses if all(isinstance(i, tuple) for i in t.sub)), None)
            if found is not None:
                letters = "".join(each[1] for each in found.sub)
                head, body = f"{matrix}_{{{letters}}}", f"{entry}_{{{letters}}}"
                why, names = f"the matrix of {entry}_{{{letters}}}", frozenset({entry})
                at = found.node.at
                yield Definition(matrix, head, body, at, why, chain.part, None, names)
                break


def sigmoid(chains: list[Chain], taken: set[str]) -> Definition | None:
    """``\\sigma`` of a number, where the text does not say what it is."""
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Applied) and term.name == SIGMA and len(term.arguments) == 1:
                z = next((letter for letter in ARGUMENTS if letter not in taken), "z")
                head, body = SIGMOID.replace("z", z).removeprefix("define ").split(" = ")
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
