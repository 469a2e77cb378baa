"""What a text takes for known by its name: functions of the common contexts, and p beside P."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.reader.declare.common import WORD2VEC
from derivations.reader.propose.abbreviation import Definition
from derivations.reader.propose.index_letters import Letters
from derivations.reader.propose.said import Chain
from derivations.reader.propose.sketch import Applied, Constant, Slope, Term, Use, within
from derivations.reader.written import written

_ROW = re.compile(r"define (?P<head>(?P<name>[A-Za-z]+(?:_\{[a-z-]+\})?)\(.*?\)) = (?P<body>.*)")
_NEEDED = ("P", "J_{naive-softmax}", "J_{neg-sample}")


def other_spellings(chains: list[Chain], known: set[str]) -> Iterator[Definition]:
    """p(O = o | C = c) where the text has P(O = o | C = c) as well."""
    conditional = [
        (chain, term)
        for chain, term in _terms(chains)
        if isinstance(term, Applied) and any(term.keywords)
    ]
    capitals = {term.name: term for _, term in conditional if term.name.isupper()}
    done = set(known)
    for chain, term in conditional:
        other = capitals.get(term.name.upper())
        if term.name in done or other is None or other.keywords != term.keywords:
            continue
        if len(term.name) == 1 and other.name != term.name:
            done.add(term.name)
            head, body = (f"{each}{_argument_text(other)}" for each in (term.name, other.name))
            why, uses = f"the same as {other.name}", frozenset({other.name})
            yield Definition(term.name, head, body, term.node.at, why, chain.part, None, uses)


def _argument_text(term: Applied) -> str:
    return written(term.node)[len(term.name) :]


def common_functions(
    chains: list[Chain], letters: Letters, known: set[str]
) -> Iterator[Definition]:
    """Functions of word2vec that the text does not say, over vectors u and v of words o and c."""
    names = {name for _, name in letters.known}
    vectors = {("u", 1), ("v", 1)} <= letters.indexed.keys()
    if not vectors or not {"o", "c", "w"} <= names:
        return
    rows = [found for line in WORD2VEC if (found := _ROW.fullmatch(line))]
    by_name = {found["name"]: found for found in rows if found["name"] in _NEEDED}
    used = {
        name: pair for pair in reversed(_terms(chains)) for name in by_name if _is_of(pair[1], name)
    }
    if "J_{naive-softmax}" in used and "J_{naive-softmax}" not in known:
        used.setdefault("P", used["J_{naive-softmax}"])
    for name, (chain, term) in used.items():
        found = by_name[name]
        if name in known:
            continue
        listed = any((chain.part, "k") == letter for letter in letters.stand_ins)
        if "_k" in found["body"] and not listed:
            continue
        uses = {"u", "v"} | {other for other in (*by_name, r"\sigma") if other in found["body"]}
        why = "as in `use word2vec` | any function"
        indices = frozenset({"k"}) if listed else frozenset()
        yield Definition(
            name,
            found["head"],
            found["body"],
            term.node.at,
            why,
            chain.part,
            None,
            frozenset(uses),
            indices,
        )


def _is_of(term: Term, name: str) -> bool:
    if isinstance(term, Applied) and name == "P":
        return term.name == name and term.keywords == ("O", "C")
    return isinstance(term, Applied | Use) and term.name == name


def other_members(chains: list[Chain]) -> Iterator[tuple[Chain, str, str]]:
    """w and c where the derivative by v_w of what depends on v_c is said to be 0."""
    for chain in chains:
        zero = any(_is_zero(term) for term in chain.terms if term is not None)
        slopes = [t for side in chain.terms if side for t in within(side) if isinstance(t, Slope)]
        if not zero or chain.conditions:
            continue
        for slope in slopes:
            by = slope.by
            if not isinstance(by, Use) or len(by.sub) != 1 or not isinstance(by.sub[0], tuple):
                continue
            members = {t.sub for t in within(slope.of) if isinstance(t, Use) and t.name == by.name}
            letters = {sub[0][1] for sub in members if len(sub) == 1 and isinstance(sub[0], tuple)}
            if len(members) == len(letters) == 1 and by.sub[0][1] not in letters:
                yield chain, by.sub[0][1], letters.pop()
                break


def _is_zero(term: Term) -> bool:
    return isinstance(term, Constant) and term.text == "0"


def _terms(chains: list[Chain]) -> list[tuple[Chain, Term]]:
    sides = [(chain, side) for chain in chains for side in chain.terms if side is not None]
    return [(chain, term) for chain, side in sides for term in within(side)]
