"""Declarations proposed for a file that has none, each accepted by the reader.

In this order (`proposed` goes through it):

1. the displays as syntax trees; which letters are indices, and of which set: ``index_analysis``
2. the formulas as untyped terms, names told from their subscripts: ``sketch``
3. shape equations over all displays, unified; what stays open by defaulting: ``shape_inference``
4. what the sentences say, and the definitions that the text gives or takes for known: ``stated``
5. all of it written as declarations, block by block

The result is a block of declarations to look through: what the text leaves open is a question in
it, with the choices.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derivations.reader import source
from derivations.reader.declare.block import Known, declarations
from derivations.reader.environment import name_of
from derivations.reader.propose.index_analysis import (
    Displayed,
    Letter,
    Letters,
    Raised,
    Stood,
    called,
    displayed,
    inside,
    letters,
)
from derivations.reader.propose.shape_inference import (
    MANY,
    ONE,
    Asked,
    Contradiction,
    Equations,
    Habits,
    Link,
    Name,
    Shape,
    Shapes,
)
from derivations.reader.propose.sketch import (
    Applied,
    Chain,
    Constant,
    Slope,
    Term,
    Use,
    as_terms,
    derived,
    differentiated,
    functions,
    mentioned,
    names_in,
    outside_slopes,
    within,
    without_dots,
)
from derivations.reader.propose.stated import (
    NO_SIZE,
    Definition,
    Stated,
    StatedRange,
    closure,
    cross_entropy,
    definitions,
    is_parameter,
    matrices_of_numbers,
    other_members,
    sigmoid,
    stated,
)
from derivations.reader.source import (
    MARKDOWN,
    TEX,
    Attempts,
    Document,
    Place,
    Source,
    origin,
)
from derivations.reader.syntax import Accented, Group, Leaf, Node, Product, Script, written

_FOR_SETS = ("N", "M", "L", "K", "n", "m", "p", "q")
_FOR_SPACES = ("d", "n", "m", "p", "q", "r", "D", "H")
_FOR_WORDS = ("Words", "Labels", "Members")


class _SetNames:
    """The name and the bounds of each set, and the size of each space."""

    def __init__(self, letters: Letters, shapes: Shapes, taken: set[str]) -> None:
        self.letters, self.shapes, self.taken = letters, shapes, taken
        self.sizes: dict[str, str] = {}  # each size with its least value
        self.names: dict[Letter, tuple[str, str, str]] = {}  # a set: name, lower, upper
        self.spaces: dict[int, str] = {}

    def fresh(self, wanted: Iterable[str]) -> str:
        """The first name that is free."""
        for name in (*wanted, *(f"{a}{b}" for a in "NMLKDPQR" for b in "abcdefgh")):
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError("no name is left")

    def set_of(self, letter: Letter) -> tuple[str, str, str]:
        """The name and the bounds of the set of a letter."""
        first = self.letters.set_of(letter)
        if first not in self.names:
            said = self.letters.range_of(first)
            bounds = next((each for each in said if not each.name), None)
            name = next((each.name for each in said if each.name), "")
            lower, upper = (bounds.lower, bounds.upper) if bounds else ("1", self._length(first))
            for end in (lower, upper):
                if end.strip("-").isalpha():
                    least = "0" if lower.startswith("-") else "1"
                    self.sizes.setdefault(end.strip("-"), least)
            self.names[first] = name, lower, upper
        return self.names[first]

    def _length(self, first: Letter) -> str:
        """The size of a set of which displays do not say it."""
        axis = self.shapes.axes.of_set.get(first)
        stated = self.shapes.axes.size_of(axis) if axis is not None else ""
        return stated or self.fresh(_FOR_SETS)

    def named(self, letter: Letter) -> None:
        """The set of a letter needs a name: lists have their labels from it."""
        first = self.letters.set_of(letter)
        name, lower, upper = self.set_of(first)
        self.names[first] = name or self.fresh(_FOR_WORDS), lower, upper

    def space(self, axis: int) -> str:
        """What stands in R^{...}."""
        root = self.shapes.axes.root(axis)
        known = self.shapes.axes.known(root)
        if known.set is not None:
            name, lower, upper = self.set_of(known.set)
            return name or (upper if lower == "1" else f"{lower}..{upper}")
        if root not in self.spaces:
            self.spaces[root] = self.shapes.axes.size_of(root) or self.fresh(_FOR_SPACES)
            self.sizes.setdefault(self.spaces[root], "1")
        return self.spaces[root]

    @property
    def said(self) -> list[str]:
        """The sizes, as declarations write them."""
        by_least = {
            least: ", ".join(size for size, each in self.sizes.items() if each == least)
            for least in sorted({*self.sizes.values()}, reverse=True)
        }
        return [f"size {names} >= {least}" for least, names in by_least.items()]


def _consequences(
    chains: list[Chain],
    definitions_: list[Definition],
    matrices: dict[str, str],
    said: Collection[str],
) -> dict[tuple[str, str], Place]:
    """Names, each with its part, that depend on others in a way that the text does not say.

    Where one side is a derivative of J and the other does not mention J, J is no arbitrary
    function: whoever took it for one would find a true line false. The same where a name stands
    only for what stands on the other side, and never on both; what prose says of which set it is
    (``said``) may be anything where there is nothing else on the other side. ``matrices`` are those
    whose rows or columns are a family.
    """
    uses: dict[str, frozenset[str]] = {}
    for made in definitions_:
        uses[made.name] = uses.get(made.name, frozenset()) | made.uses
    uses |= {matrix: frozenset({family}) for matrix, family in matrices.items()}
    bodies = {made.at for made in definitions_}
    found: dict[tuple[str, str], Place] = {}
    sides: list[tuple[str, Term, set[str], Term, set[str]]] = []
    parameters = {name for made in definitions_ for name in made.uses}
    free = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    for chain in chains:
        for left, right in chain.equalities:
            names = [_all_names(term, uses) for term in (left, right)]
            for term, others in ((left, names[1]), (right, names[0])):
                wanted = derived(term) - others
                if not isinstance(right if term is left else left, Constant):
                    wanted |= _made_of_what_is_not_said(term, uses)
                for name in sorted(wanted - {*uses}):
                    found.setdefault((chain.part, name), term.node.at)
            if right.node.at not in bodies:
                free |= names[0] & names[1]
            operands = (t.of for s in (left, right) for t in within(s) if isinstance(t, Slope))
            parameters |= {name for of in operands for name in names_in(of)}
            if not (derived(left) | derived(right)) - {*uses}:
                ours, theirs = ((s - o) - {*uses} for s, o in (names, names[::-1]))
                if not (ours and theirs) and names[0] & names[1]:
                    ours, theirs = ours.difference(said), theirs.difference(said)
                sides.append((chain.part, left, ours, right, theirs))
    lone = {key: at for each in sides for key, at in _on_one_side(*each, free, parameters)}
    bare = {name for name in differentiated(chains) if name not in uses}
    means = _undefined_means(chains, uses)
    for chain in chains:
        for side in chain.terms:
            for each in outside_slopes(side) if side is not None else ():
                if isinstance(each, Use) and each.name in bare | means:
                    found.setdefault((chain.part, each.name), each.node.at)
    return {**lone, **found}


def _undefined_means(chains: list[Chain], defined: Collection[str]) -> set[str]:
    """Names with a bar beside those without, of which nothing says that they are the means."""
    terms = (term for chain in chains for term in chain.terms if term is not None)
    names = {name for term in terms for name in names_in(term)}
    barred = {name: name.removeprefix(r"\bar{").removesuffix("}") for name in names}
    return {n for n, plain in barred.items() if plain != n and plain in names and n not in defined}


def _on_one_side(
    part: str,
    left: Term,
    ours: set[str],
    right: Term,
    theirs: set[str],
    free: set[str],
    parameters: set[str],
) -> Iterator[tuple[tuple[str, str], Place]]:
    """The names that one side has for what stands on the other: no variable stands so."""
    if not ours or not theirs:
        term, more = (left, ours) if ours else (right, theirs)
        other = right if ours else left
        used = {each.name for each in outside_slopes(term) if isinstance(each, Use)}
        for name in sorted((more & used) - free - parameters):
            if names_in(other):
                yield (part, name), term.node.at
        return
    term, fewer = left, ours - free
    if not fewer or (theirs - free and len(theirs - free) < len(fewer)):
        term, fewer = right, theirs - free
    if len(fewer) > 1 and ours - free and theirs - free:
        return
    used = {each.name for each in within(term) if isinstance(each, Use)}
    for name in sorted(fewer & used):
        yield (part, name), term.node.at


def _all_names(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """The names in a term, and in the definitions of these."""
    return closure(names_in(term), uses)


def _made_of_what_is_not_said(term: Term, uses: dict[str, frozenset[str]]) -> set[str]:
    """What derivatives are taken of by something that it does not mention."""
    found: set[str] = set()
    for each in within(term):
        if isinstance(each, Slope) and not names_in(each.by) & _all_names(each.of, uses):
            found |= names_in(each.of) - names_in(each.by)
    return found


class _LabelLists:
    """The lists of a file, and what their labels are."""

    def __init__(self, chains: list[Chain], letters: Letters, names: _SetNames) -> None:
        self.chains, self.letters, self.names = chains, letters, names

    def name_sets(self) -> None:
        """Sets that lists have their labels from need a name."""
        for stood in (*self._stood(), *self.letters.lists):
            values = self.values(stood)
            if values is not None:
                self.names.named(values)

    def _stood(self) -> list[Stood]:
        """The lists that letters of a range stand for, where their members belong: u_k."""
        found: list[Stood] = []
        for letter, slot in self.letters.stand_ins.items():
            found.append(Stood("w", "", letter, slot))
        return found

    def values(self, stood: Stood) -> Letter | None:
        """A letter of the set that the labels of a list are from."""
        if stood.like is not None:
            return stood.like
        if stood.values is not None:
            base, place, count = stood.values
            for use in self.letters.uses.get((base, count), ()):
                letter = use[place]
                if letter in self.letters.known and letter not in self.letters.stand_ins:
                    return letter
            return None
        arguments = [
            (chain.part, argument)
            for chain in self.chains
            for term in chain.terms
            if term is not None
            for each in within(term)
            if isinstance(each, Applied)
            for argument in each.arguments
        ]
        for part, argument in arguments:
            if isinstance(argument, Constant) and self.letters.is_index(part, argument.text):
                return part, argument.text
        return None

    def write(self, first: dict[str, int], blocks: dict[int, list[str]]) -> None:
        """The lists of each part, and whether their labels differ."""
        done: set[tuple[str, str, str]] = set()
        for stood in dict.fromkeys((*self._stood(), *self.letters.lists)):
            values = self.values(stood)
            known = (stood.base, stood.origin, stood.letter[0])
            if values is None or known in done:
                continue
            done.add(known)
            part, letter = stood.letter
            named, _, _ = self.names.set_of(values)
            places, lower, upper = self.names.set_of(stood.letter)
            entry = (
                f"{stood.base}_{{{stood.origin}+{letter}}}"
                if stood.origin
                else (f"{stood.base}_{letter}")
            )
            lines = blocks.setdefault(first[part], [])
            line = f"list {entry} in {named}, {letter} in {places or f'{lower}..{upper}'}"
            if line not in lines:
                lines.append(line)
            if stood.letter in self.letters.stand_ins:
                lines.append(f"read {letter} as {stood.base}_{letter}")
            if not stood.origin and lower == "1":
                self._apart(stood, part, upper, lines)

    def _apart(self, stood: Stood, part: str, upper: str, lines: list[str]) -> None:
        """Whether the labels of a list differ is open: as a rule they are meant to."""
        entries = f"{stood.base}_1, ..., {stood.base}_{upper}"
        said = f"if {entries} distinct"
        if said in lines:
            return
        if not any(name == stood.base for _, name in self.letters.known):
            return  # labels, such as classes: they repeat
        if f"{stood.base}_" not in self._compared(part):
            lines += [f"# ? {stood.base}: distinct | they may repeat", said]
        slot = stood.values
        others = (
            [
                use[0][1]
                for use in self.letters.uses.get((slot[0], 1), ())
                if slot
                and use[0][0] == part
                and use[0] not in self.letters.stand_ins
                and use[0] not in self.letters.bound
            ]
            if slot
            else []
        )
        for other in dict.fromkeys(others):
            if other != stood.base:
                lines.append(f"# ? {other}: none of {stood.base} | it may be one of them")
                lines.append(rf"if {other} \notin \{{{entries}\}}")

    def _compared(self, part: str) -> str:
        """What indicators compare in a part, as text."""
        texts = [
            written(each.node)
            for chain in self.chains
            if chain.part == part
            for term in chain.terms
            if term is not None
            for each in within(term)
            if isinstance(each, Constant) and each.text == "1"
        ]
        return " ".join(texts)


class _AnyFunctions:
    """Declares them as arbitrary ones, or says that they are left open."""

    def __init__(
        self,
        chains: list[Chain],
        shapes: Shapes,
        lists: _LabelLists,
        functions: set[str],
        defined: list[Definition],
        open_: dict[tuple[str, str], Place],
    ) -> None:
        self.chains, self.shapes, self.lists = chains, shapes, lists
        self.functions, self.defined, self.open = functions, defined, open_

    def said(self) -> Iterator[tuple[str, str]]:
        """Each with the part that it is declared in.

        One that depends on others in a way that is not said is not declared in that part.
        """
        known = {each.name for each in self.defined}
        open_ = self.open
        torn = {name for _, name in open_}
        lists = {each.base for each in self.lists.letters.lists}
        for (part, name), at in open_.items():
            if name.partition("_")[0] in lists:
                continue  # the ends of a list, w_{t-m}, ..., w_{t+m}
            yield part, f"# ? {name} at {at}: nothing says what it is | define it"
        bare = {each.name for each in self.defined if "(" not in each.head}
        for name in sorted(self.functions - (known - bare)):
            for part, term in self._applications(name):
                made = any(
                    each.name == name and "(" in each.head and each.part == part
                    for each in self.defined
                )
                if made or (part, name) in open_:
                    continue
                if all(map(is_parameter, term.arguments)):
                    arguments = [self._argument(each) for each in term.arguments]
                    head = f"{name}({', '.join(arguments)})"
                    head = written(term.node) if any(term.keywords) else head
                    where = part if name in torn | bare else ""
                    yield where, f"# ? {name} at {term.node.at}: any function | define it"
                    yield where, f"arbitrary {head}"
                    break
        for name, by in differentiated(self.chains).items():
            plain = [each for each in by if isinstance(each, Use)]
            if name and name not in known | self.functions | torn and plain:
                arguments = [*dict.fromkeys(map(self._argument, plain))]
                yield "", f"# ? {name}: any function | define it"
                yield "", f"arbitrary {name}({', '.join(arguments)})"

    def _argument(self, term: Term) -> str:
        """What a function is declared with: the vector, where an entry of it stands."""
        if isinstance(term, Use) and term.sub:
            family = self.shapes.entries.get(("", term.name))
            if family is None or not self.shapes.is_some(family[1]):
                return term.name
        if isinstance(term, Constant) and isinstance(term.node, Script):
            for stood in self.lists.letters.lists:
                values = self.lists.values(stood)
                if stood.base == name_of(term.node.base):
                    return values[1] if values is not None else "o"
        return written(term.node)

    def _applications(self, name: str) -> Iterator[tuple[str, Applied]]:
        for chain in self.chains:
            for side in chain.terms:
                for term in within(side) if side is not None else ():
                    if isinstance(term, Applied) and term.name == name:
                        yield chain.part, term


# Names that are one thing and a family of such: x, and the x^{(i)} that are numbered above.
#
# Each is declared as one thing in front, and as a family before the first chain that numbers it.


class _Twofold:
    """Where names of this kind are numbered."""

    def __init__(self, shapes: Shapes, chains: list[Chain]) -> None:
        raised = shapes.letters.raised
        names = [each for each in shapes.entries if each[1] in raised and each in shapes.bare]
        self.names = [each for each in names if shapes.is_some(shapes.entries[each][1])]
        self.chains = chains
        self._plain = {each[1] for each in self.names}

    def numbered(self, chain: Chain) -> set[str]:
        """The names that have a number in a chain."""
        terms = (each for side in chain.terms if side is not None for each in within(side))
        return {t.name for t in terms if isinstance(t, Use) and t.sub} & self._plain

    def alone(self, chain: Chain) -> set[str]:
        """The names that have none there."""
        terms = (each for side in chain.terms if side is not None for each in within(side))
        return {t.name for t in terms if isinstance(t, Use) and not t.sub} & self._plain

    def changes(self, name: str) -> Iterator[tuple[int, bool]]:
        """The chains before which it is declared anew, and whether as a family."""
        part, family = "", False
        for chain in self.chains:
            family = family and chain.part == part
            part = chain.part
            wanted = name in self.numbered(chain) or (family and name not in self.alone(chain))
            if wanted != family:
                family = wanted
                yield chain.number, family

    def placed(self, found: list[Definition]) -> list[Definition]:
        """Definitions that need a family, or use one that does, where it is declared."""
        first = self._first()
        if not first:
            return found
        held = [each for each in found if each.numbered & self._plain]
        names = {each.name for each in held}
        while more := [each for each in found if each.uses & names and each.name not in names]:
            held += more
            names |= {each.name for each in more}
        rest = [each for each in found if each.name not in names]
        moved = [
            replace(each, chain=max(number, each.chain or 0), part=part, local=False)
            for each in found
            if each.name in names
            for part, number in first.items()
            if part == each.part or mentioned(each.name, part, self.chains)
        ]
        return rest + moved

    def _first(self) -> dict[str, int]:
        """The first chain of each part that numbers a name."""
        found: dict[str, int] = {}
        for chain in self.chains:
            if self.numbered(chain):
                found.setdefault(chain.part, chain.number)
        return found


# A proposal as blocks of declarations: one in front of the text, one where a name changes.
#
# Every size, set and letter, then numbers, vectors and matrices, then what is defined, each after
# what it uses. What was decided by habit is a comment beside it, with the choices; so is each
# contradiction. What the reader does not take is left out again, and said.


FRONT = -1  # before all chains


@dataclass
class Block:
    """Lines to be declared before a chain, and names that they declare, in order."""

    before: int
    lines: list[str] = field(default_factory=list)


class Writer:
    """Writes what was found as declarations."""

    def __init__(
        self,
        chains: list[Chain],
        letters: Letters,
        shapes: Shapes,
        defined: list[Definition],
        functions: set[str],
        contradictions: list[Contradiction],
        facts: Iterable[Stated | StatedRange] = (),
    ) -> None:
        self.contradictions = contradictions
        self.facts = [fact for fact in facts if isinstance(fact, Stated)]
        self.chains, self.letters, self.shapes = chains, letters, shapes
        self.functions = functions
        self.defined = list(defined)
        self.taken = {name for _, name in (*shapes.whole, *letters.known, *shapes.values)}
        self.taken |= letters.sizes | functions | {*shapes.axes.of_size}
        self.names = _SetNames(letters, shapes, self.taken)
        self.lists = _LabelLists(chains, letters, self.names)
        self.twofold = _Twofold(shapes, chains)
        self.blocks: dict[int, list[str]] = {FRONT: []}

    def write(self) -> list[Block]:
        """All blocks, in the order of the text."""
        self._recognised()
        self.lists.name_sets()
        first = {chain.part: chain.number for chain in reversed(self.chains)}
        if len(first) == 1:
            first = dict.fromkeys(first, FRONT)
        arrays = {name: self._array(name) for name in self._undefined()}
        self._letters(first)
        for name, lines in arrays.items():
            self.blocks.setdefault(first[name[0]] if name[0] else FRONT, []).extend(lines)
        self._numbers_stated(first)
        self._families_anew()
        self.lists.write(first, self.blocks)
        self._conditions()
        self._definitions(first)
        self.blocks[FRONT] = [*self.names.said, *self.blocks[FRONT], *self._contradictions()]
        return [Block(before, lines) for before, lines in sorted(self.blocks.items()) if lines]

    def _letters(self, first: dict[str, int]) -> None:
        """In front what a letter means first; a block of its own where it means another thing."""
        meaning: dict[str, Letter] = {}
        things = {each.name for each in self.defined}
        lines: dict[tuple[int, Letter], list[str]] = {}
        for letter in self.letters.known:
            part, name = letter
            over = self.letters.set_of(letter)
            another = name in things or name in self.shapes.axes.of_size
            same = not another and meaning.setdefault(name, over) == over
            where = FRONT if same else first.get(part, FRONT)
            names = lines.setdefault((where, over), [])
            if name not in names:
                names.append(name)
        for (where, over), names in lines.items():
            name, lower, upper = self.names.set_of(over)
            bounds = f"{lower}..{upper}"
            said = f"{name} = {bounds}" if name else bounds
            self.blocks.setdefault(where, []).append(f"index {', '.join(names)} in {said}")

    def _open(self) -> dict[tuple[str, str], Place]:
        """The names of which the text does not say how they depend on others."""
        said = {fact.name for fact in self.facts if fact.sizes is not None}
        return _consequences(self.chains, self.defined, self.shapes.families, said)

    def _undefined(self) -> list[Name]:
        known = {each.name for each in self.defined}
        matrices = {whole for whole, _ in self.shapes.matrices.values()}
        abstract = {n for n in differentiated(self.chains) if n not in known}
        abstract |= {name for _, name in self._open()}
        names = dict.fromkeys([*self.shapes.whole, *self.shapes.entries])
        lists = {each.base for each in self.letters.lists if each.origin}
        return [
            name
            for name in names
            if name[1].split("_")[0] not in lists
            and name[1] not in known | matrices | abstract | self.functions
            and without_dots(name[1]) not in self.functions
        ]

    def _array(self, name: Name) -> list[str]:
        """The declaration of one name, with the question that it answers."""
        shape = self.shapes.whole[name]
        family = self.shapes.entries.get(name)
        asked = self.shapes.asked.get(name)
        if name in self.twofold.names:
            line = self._vector_or_matrix(name[1], shape)
        elif family is not None and self.shapes.is_some(family[1]):
            line = self._family(name, *family)
        elif family is not None:
            line = f"vector {name[1]} in R^{self.names.space(family[0])}"
        else:
            line = self._vector_or_matrix(name[1], shape)
        return [*self._question(asked), line]

    def _vector_or_matrix(self, name: str, shape: Shape) -> str:
        """What has no index: a number, a vector or a matrix."""
        if not self.shapes.is_some(shape):
            return f"scalar {name}"
        if self.shapes.state(shape[1]) == ONE:
            return f"vector {name} in R^{self.names.space(shape[0])}"
        rows, columns = (
            self.names.space(axis) if self.shapes.state(axis) == MANY else "1" for axis in shape
        )
        kinds = dict.fromkeys(k for f in self.facts if f.name == name for k in f.kinds)
        return ", ".join([f"matrix {name} in R^{{{rows} x {columns}}}", *kinds])

    def _numbers_stated(self, first: dict[str, int]) -> None:
        """Of which numbers prose says what they are."""
        for fact in self.facts:
            where = first.get(fact.part, FRONT) if fact.name in self.shapes.apart else FRONT
            lines = self.blocks.setdefault(where, [])
            if fact.condition and f"if {fact.condition}" not in lines:
                lines.append(f"if {fact.condition}")

    def _families_anew(self) -> None:
        """Names that are numbered in some chains and not in others."""
        for name in self.twofold.names:
            one = self._vector_or_matrix(name[1], self.shapes.whole[name])
            many = self._family(name, *self.shapes.entries[name])
            for number, family in self.twofold.changes(name[1]):
                lines = self.blocks.setdefault(number, [])
                lines.append(many if family else one)

    def _question(self, asked: Asked | None) -> Iterator[str]:
        if asked is not None:
            yield f"# ? {asked.name[1]} at {asked.at}: {' | '.join(asked.choices)}"

    def _family(self, name: Name, axis: int, entry: Shape) -> str:
        over = self.shapes.axes.known(axis).set
        letter = over[1] if over is not None else "i"
        part = self.letters.is_index(over[0], letter) if over is not None else False
        line = f"vectors {name[1]}_{letter} in R^{self.names.space(entry[0])}"
        whole = self.shapes.matrices.get(name)
        return f"{line}, {whole[1]} of {whole[0]}" if whole is not None and part else line

    def _recognised(self) -> None:
        known = {each.name for each in self.defined}
        if r"\sigma" in self.functions - known and (found := sigmoid(self.chains, self.taken)):
            self.defined.append(found)
        self.defined += matrices_of_numbers(self.chains, self.shapes.numbers, known)
        for name in sorted(self.functions - known):
            if (found := self._cross_entropy(name)) is not None:
                self.defined.append(found)

    def _cross_entropy(self, name: str) -> Definition | None:
        for letter in ("w", "i", "k", "j"):
            if any(each[1] == letter for each in self.letters.known):
                return cross_entropy(self.chains, name, letter)
        return None

    def _definitions(self, first: dict[str, int]) -> None:
        waiting = self.twofold.placed(self.defined)
        functions = _AnyFunctions(
            self.chains, self.shapes, self.lists, self.functions, self.defined, self._open()
        )
        for part, line in functions.said():
            self.blocks.setdefault(first[part] if part else FRONT, []).append(line)
        while waiting:
            ready = [
                each
                for each in waiting
                if not (each.uses & {other.name for other in waiting}) - {each.name}
            ] or waiting[:1]
            each = ready[0]
            waiting.remove(each)
            where = FRONT if each.chain is None else each.chain
            where = min(where, *first.values()) if each.local and len(first) == 1 else where
            lines = self.blocks.setdefault(where, [])
            lines.append(f"# ? {each.name}: {each.why}")
            lines.append(each.said)

    def _conditions(self) -> None:
        """What has to be other than something else, for a derivative to be 0."""
        for chain, one, other in other_members(self.chains):
            lines = self.blocks.setdefault(chain.number, [])
            said = rf"if {one} \ne {other}"
            if said not in lines:
                lines += [f"# ? {one} at {chain.at}: not {other} | any of them", said]

    def _contradictions(self) -> Iterator[str]:
        for each in self.contradictions:
            names = ", ".join(name for _, name in each.names) or "this"
            yield f"# ! {names}: {each.first} against {each.second}: {each.what}"


_BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|pmb)\s*\{?\s*(\\?[A-Za-z]+)")
_DOCUMENT = r"\begin{document}"
_OPENINGS = ("$$", "\\[", "```math", "```latex", "```tex")
MOST_ROUNDS = 40
MOST_LEFT_OUT = 20  # sides that contradict others


@dataclass(frozen=True)
class Proposed:
    """One block, and where in the text it belongs: nowhere in particular for all of the text."""

    lines: tuple[str, ...]
    at: Place | None = None
    line: int = 1  # of the text, that it stands before

    def text(self, kind: str = MARKDOWN) -> str:
        """As it is written in a file of this kind."""
        if kind == TEX:
            return "\n".join(f"% {line}" for line in ("given", *self.lines))
        return "\n".join(["```given", *self.lines, "```"])


@dataclass(frozen=True)
class Proposal:
    """Blocks in the order of the text, and what in the text contradicts itself."""

    blocks: tuple[Proposed, ...]
    contradictions: tuple[Contradiction, ...]
    questions: int

    def text(self, kind: str = MARKDOWN) -> str:
        """All blocks, to be read and pasted into a file of this kind."""
        return "\n\n".join(
            f"before {block.at.row}:\n\n{block.text(kind)}" if block.at else block.text(kind)
            for block in self.blocks
        )


def proposed(document: Document) -> Proposal:
    """What is proposed for a text."""
    chains = displayed(document)
    above = Raised(chains)
    chains = [above.lowered(chain) for chain in chains]
    raised = frozenset(above.brackets)
    known = letters(chains, raised)
    named = functions(chains)
    bold = {name for each in document.displays for name in _BOLD.findall(each.span.text)}
    facts = _facts(document, chains, above)
    apart = {name for _, name in known.known} | _said_differently(facts, chains, named)
    apart |= _under_sizes(facts, known)
    known, shapes, contradictions = _solved(chains, facts, named, apart, bold, raised)
    terms = as_terms(chains, known, named)
    members = {f.name for f in facts if isinstance(f, Stated) and f.sizes is not None}
    defined = definitions(terms, known, apart, members)
    writer = Writer(terms, known, shapes, defined, named, contradictions, facts)
    blocks = _accepted(writer.write(), document)
    order = [chain for part in document.parts for chain in part.chains]
    found = tuple(
        Proposed(tuple(each.lines))
        if each.before == FRONT
        else Proposed(tuple(each.lines), *_place(order[each.before]))
        for each in blocks
    )
    questions = sum(line.startswith("# ?") for each in blocks for line in each.lines)
    return Proposal(found, tuple(contradictions), questions)


def _facts(
    document: Document, chains: list[Displayed], above: Raised
) -> list[Stated | StatedRange]:
    """What prose says of the names and letters that stand in displays."""
    used: dict[str, list[Node]] = {}
    for node in _nodes(chains):
        if isinstance(node, Leaf | Script | Accented):
            used.setdefault(called(node), []).append(node)
    found: list[Stated | StatedRange] = []
    for fact in stated(document):
        if isinstance(fact, Stated):
            fact = replace(fact, node=above.below(fact.node))
            if fact.name not in used:
                continue
            scripts = (node for node in used[fact.name] if isinstance(node, Script) and node.sub)
            if fact.is_run and (one := next(scripts, None)) is not None:
                fact = replace(fact, node=Script(one.at, one.base, one.sub, None, one.primes))
        found.append(fact)
    return found


def _nodes(chains: Iterable[Displayed]) -> Iterator[Node]:
    return (node for chain in chains for tree in chain.trees for node in inside(tree))


def _under_sizes(facts: Iterable[Stated | StatedRange], known: Letters) -> set[str]:
    """The names with an index that is a size in another part."""
    sizes = {size for fact in facts if isinstance(fact, Stated) for size in fact.sizes or ()}
    uses = ((name, use) for (name, _), found in known.uses.items() for use in found)
    return {name for name, use in uses if any(letter in sizes for _, letter in use)}


def _said_differently(
    facts: Iterable[Stated | StatedRange], chains: list[Displayed], named: set[str]
) -> set[str]:
    """The names that have other sizes in one part than in another, and functions of these."""
    sizes: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
    for fact in facts:
        if isinstance(fact, Stated) and fact.sizes is not None:
            indexed = isinstance(fact.node, Script) and fact.node.sub is not None
            sizes.setdefault((fact.name, indexed), set()).add(fact.sizes)
    found = {name for (name, _), several in sizes.items() if len(several) > 1}
    for node in _nodes(chains):
        for head, of in pairwise(node.factors) if isinstance(node, Product) else ():
            if not isinstance(of, Group) or not isinstance(head, Leaf | Script):
                continue
            arguments = {called(each) for each in inside(of) if isinstance(each, Leaf)}
            if called(head) in named and arguments & found:
                found.add(called(head))
    return found


def _solved(
    chains: list[Displayed],
    facts: list[Stated | StatedRange],
    named: set[str],
    apart: set[str],
    bold: set[str],
    raised: frozenset[str],
) -> tuple[Letters, Shapes, list[Contradiction]]:
    """The shapes without the sides that contradict what stands before them, and how they do."""
    left_out: frozenset[Link] = frozenset()
    found: list[Contradiction] = []
    for _ in range(MOST_LEFT_OUT):
        known = letters(chains, raised)
        shaped: list[Stated] = []
        for fact in facts:
            if isinstance(fact, StatedRange):
                known.told((fact.part, fact.letter), fact.lower, fact.upper, fact.at)
            elif fact.sizes is not None:  # an index of its part is no size
                mine = (NO_SIZE if (fact.part, s) in known.known else s for s in fact.sizes)
                shaped.append(replace(fact, sizes=tuple(mine)))
        indices = {name for _, name in known.known}
        known.sizes.update({s for f in shaped for s in f.sizes or () if s.isalpha()} - indices)
        shapes = Shapes(known, named, apart, bold, left_out)
        equations = Equations(shapes)
        equations.state(shaped)
        equations.of(chains)
        Habits(shapes).settle()
        more = [each for each in shapes.contradictions if each.link not in left_out][:1]
        if not more:
            break
        found += more
        left_out |= {each.link for each in more}
    return known, shapes, found


def inserted(text: str, proposal: Proposal, kind: str = MARKDOWN) -> str:
    """The text with the blocks where they belong; what holds for all of LaTeX in its document."""
    lines = text.splitlines(keepends=True)
    begin = (n for n, line in enumerate(lines, 1) if line.lstrip().startswith(_DOCUMENT))
    front = next(begin, 0) if kind == TEX else 0
    for block in reversed(proposal.blocks):
        at = block.line - 1 if block.at else front
        lines.insert(at, f"{block.text(kind)}\n\n")
    return "".join(lines)


def _place(chain: source.Chain) -> tuple[Place, int]:
    """Where a chain begins, and the line that its first display is opened in."""
    span = chain.displays[0].span
    author = span.source.author or span.source
    before = author.text[: origin(span)].rstrip()
    opened = before.endswith(_OPENINGS)
    return span.place, before.count("\n") + 1 if opened else span.place.line


def _accepted(blocks: list[Block], document: Document) -> list[Block]:
    """The blocks without what the reader does not take of them."""
    for _ in range(MOST_ROUNDS):
        wrong = _problem(blocks, document)
        if wrong is None:
            break
        block, number, why = wrong
        line = block.lines[number]
        block.lines[number] = f"# not taken: {line} ({why})"
    return [block for block in blocks if any(not line.startswith("#") for line in block.lines)]


def _problem(blocks: list[Block], document: Document) -> tuple[Block, int, str] | None:
    """The first declaration that is not taken, and why."""
    order = [chain for part in document.parts for chain in part.chains]
    part_of = {id(chain): part.name for part in document.parts for chain in part.chains}
    common = Known()
    by_part: dict[str, Known] = {}
    for block in blocks:
        source = Source("\n".join(block.lines))
        spans, start = [], 0
        for line in block.lines:
            spans.append(source.whole.part(start, start + len(line)))
            start += len(line) + 1
        part = "" if block.before == FRONT else part_of[id(order[block.before])]
        known, problems = declarations(spans, by_part.get(part, common), Attempts())
        if problems:
            return block, problems[0].place.line - 1, problems[0].what
        if block.before == FRONT:
            common = known
        else:
            by_part[part] = known
    return None
