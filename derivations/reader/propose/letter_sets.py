"""Which letters run over one set, once it is known where all of them stand."""

from __future__ import annotations

from derivations.reader.propose.index_letters import SIZES, USUAL, Letter, Letters, Range, Slot


def closed(found: Letters) -> None:
    """Whatever stands where an index can stand is one."""
    lists = {each.base for each in found.lists if not each.origin}
    found.lists = [each for each in found.lists if each.letter[1] not in found.sizes]
    for entry in found.lists:
        found.known.setdefault(entry.letter)
    changed = True
    while changed:
        changed = False
        for family, uses in found.uses.items():
            if family in found.indexed:
                continue
            several = len(set(uses)) > 1 and family[1] == 1 and family[0] not in lists
            known = any(all(letter in found.known for letter in use) for use in uses)
            if several or known or _by_habit(found, family, uses):
                found.indexed[family] = None
                _ends_with(found, uses, numbered=family[0] in found.numbered)
                for letter in (letter for use in uses for letter in use):
                    found.know(letter, found.places[letter])
                changed = True


def _by_habit(found: Letters, family: tuple[str, int], uses: list[tuple[Letter, ...]]) -> bool:
    """x_j where x stands alone too, x_{ij} where i is an index: so is j, a usual one."""
    name, count = family
    for use in uses:
        open_ = [letter for letter in use if letter not in found.known]
        usual = all(letter[1] in USUAL for letter in open_)
        if usual and (count > len(open_) or (count == 1 and name in found.bare)):
            return True
    return False


def _ends_with(found: Letters, uses: list[tuple[Letter, ...]], *, numbered: bool) -> None:
    """A letter that nothing binds is the last member: ``u_1, ..., u_N``, and d of x_1 and x_d."""
    for use in uses:
        for letter in use:
            last = letter[1].isupper() or (numbered and letter[1] in SIZES)
            if last and letter not in found.known:
                found.sizes.add(letter[1])
                said = Range("", "1", letter[1], found.places[letter])
                others = [each for other in uses for each in other if each in found.known]
                if len(use) == 1 and others and not found.ranges.get(others[0]):
                    found.ranges[others[0]] = [said]


def slots_of(found: Letters) -> dict[Slot, list[Letter]]:
    """The letters at each place of each name that takes indices."""
    slots: dict[Slot, list[Letter]] = {}
    for base, count in found.indexed:
        for use in found.uses[base, count]:
            for place, letter in enumerate(use):
                slots.setdefault((base, place, count), []).append(letter)
    return slots


def stand_ins(found: Letters, slots: dict[Slot, list[Letter]]) -> None:
    """A letter of a range at the place of members of another set: ``u_k`` for ``u_{w_k}``."""
    for slot, here in slots.items():
        ranged = {letter: _ends(found, letter) for letter in here if _ends(found, letter)}
        others = [letter for letter in here if _is_named(found, letter)]
        ends = {*ranged.values()}
        if len(ends) > 1 and not others:  # two ranges: the later one stands for the first
            main = next(iter(ranged.values()))
            others = [letter for letter, said in ranged.items() if said == main]
            ranged = {letter: said for letter, said in ranged.items() if said != main}
        if not ranged or not others:
            continue
        for letter in ranged:
            found.stand_ins[letter] = slot


def _ends(found: Letters, letter: Letter) -> str:
    said = found.ranges.get(letter, ())
    return said[0].said if said and not any(each.name for each in said) else ""


def _is_named(found: Letters, letter: Letter) -> bool:
    said = found.ranges.get(letter, ())
    return any(each.name for each in said) or (not said and letter[1] in found.named)


def across_parts(found: Letters) -> None:
    """A letter is the same in two parts, unless what is said of it there cannot be one."""
    by_name: dict[str, list[Letter]] = {}
    for letter in found.known:
        by_name.setdefault(letter[1], []).append(letter)
    for same in by_name.values():
        for other in same[1:]:
            for one in same[: same.index(other)]:
                if _agree(found, found.set_of(one), found.set_of(other)):
                    found.join(one, other)
                    break


def _agree(found: Letters, one: Letter, other: Letter) -> bool:
    first, second = found.range_of(one), found.range_of(other)
    if not first or not second:
        return True
    return bool({each.said for each in first} & {each.said for each in second})
