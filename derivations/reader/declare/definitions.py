"""Definitions of names by a formula: explicit, as declared, and implicit, as a display says them.

``L = ...`` of a display says what L is, where nothing else says it. Such a display is taken as a
definition: there is nothing in it that could be proved, and what follows is about the L that it
says. So is only what can be nothing else: L is not declared, it has not stood in a display before,
no condition is about it, and it is a name alone, or one with letters in brackets. A name, a number
or a claim of the text (``$L = ...$``) beside it is no definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from derivations.language.functions import WORDS
from derivations.language.traversal import (
    Closed,
    free_in,
    parts,
    with_members,
    with_parameter,
)
from derivations.language.tree import (
    Apply,
    Call,
    Constant,
    Definition,
    Entrywise,
    IndexVariable,
    Mapped,
    Misfit,
    Negative,
    Parameter,
    Plus,
    Power,
    Quotient,
    Reference,
    Table,
    Term,
    Times,
    Variable,
)
from derivations.reader.declare.parameters import (
    name_and_arguments,
    parameters,
    pattern,
    with_awaiting,
)
from derivations.reader.elaborate import IllFormed, resolve
from derivations.reader.elaborate.applications import is_number_below, named_jacobian
from derivations.reader.elaborate.constructors import OF_VECTORS, constant_of, measured
from derivations.reader.elaborate.expectations import density_in
from derivations.reader.elaborate.intermediates import uses_undeclared
from derivations.reader.elaborate.operators import open_sums
from derivations.reader.elaborate.probabilities import probabilities
from derivations.reader.environment import (
    JACOBIAN,
    LETTER,
    Environment,
    Function,
    Named,
    Scope,
    as_word,
    declared_name,
    dotted,
    first_layout,
    is_unsized,
    letter_of,
    letters_in,
    name_of,
    plain,
    raised_name,
    reaching,
    symbol,
    with_function,
    with_number_pi,
    with_thing,
)
from derivations.reader.latex_commands import (
    ARRAY_FUNCTIONS,
    DIAGONAL,
    MATRIX_FUNCTIONS,
    NAMES_OF_FUNCTIONS,
    WORD_FUNCTIONS,
)
from derivations.reader.source import Place, Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    inner,
    nodes,
    subscripts,
    written,
)

# Names of the value at which something is best: ``w^*``, ``\hat{w}``, ``\mu_{ML}``.


# what stands below such a name; a star stands above it
_LABELS = frozenset(
    {"ML", "MLE", "MAP", "OLS", "LS", "opt", "ridge", "mle", "map", "ols", "ls", "best", "optimal"}
)


def without_mark(node: Node, *, accents: bool = True) -> Node:
    """The name without its star and its label, and without its hat, bar or tilde."""
    if isinstance(node, Accented):
        return without_mark(node.base) if accents else node
    if not isinstance(node, Script):
        return node
    base = without_mark(node.base, accents=accents)
    starred, labelled = _is_starred(node), _is_labelled(node)
    if (starred or node.sup is None) and (labelled or node.sub is None) and not node.primes:
        return base
    sub, sup = (None if labelled else node.sub), (None if starred else node.sup)
    return replace(node, base=base, sub=sub, sup=sup)


def is_marked(node: Node) -> bool:
    """Whether a name has a star or such a label."""
    return isinstance(node, Script) and (_is_starred(node) or _is_labelled(node))


def _is_starred(node: Script) -> bool:
    above = node.sup.only if node.sup is not None else None
    return isinstance(above, Leaf) and above.kind == "MARK" and above.text == "*"


def _is_labelled(node: Script) -> bool:
    return node.sub is not None and plain(node.sub) in _LABELS


# what these are where nobody declares them
_STANDARD = frozenset({"I", "T", "d", "e", r"\delta", *WORD_FUNCTIONS, *WORDS}) | (
    OF_VECTORS.keys() - {"LSE", "lse"}
)
_OPERATORS = frozenset({*DIAGONAL, *NAMES_OF_FUNCTIONS, *MATRIX_FUNCTIONS, *ARRAY_FUNCTIONS})
# names of the sides of an equality, and whether it is the right one
SIDES = {"LHS": False, "RHS": True, "lhs": False, "rhs": True}
_DOTS = ("dot", "ddot")
# in these, an argument that is not declared need not be a number
_OF_ARRAYS = frozenset({"<", r"\|"})


@dataclass(frozen=True)
class Introduced:
    """A name with the definition that a display is taken for, and where that stands.

    ``asked`` is a question where the text around the displays speaks of the name: what it says of
    it, nobody has read. ``note`` says how it was read that could be meant otherwise. Where it is
    ``beside``, the name alone means something else than this, a family. ``says`` is the right side,
    where that says all of it; ``part`` is the other part that says it, where another one does.
    """

    name: str
    head: Node
    definition: Definition
    place: Place
    asked: Question | None = None
    note: str = ""
    beside: bool = False
    says: Node | None = None
    part: str = ""

    @property
    def key(self) -> str:
        """The name, told apart from the same without anything below it."""
        return f"{self.name}_" if self.beside else self.name


@dataclass(frozen=True)
class Beside:
    """What stands beside the displays: all of it, and the formulas in it.

    ``announced`` says that words right above a display say that it defines something.
    """

    text: str = ""
    formulas: str = ""
    announced: bool = False

    def equates(self, head: str) -> bool:
        """Whether an equality with this left side stands there, in a formula or not."""
        letters = r"\s*".join(map(re.escape, "".join(head.split())))
        found = re.search(rf"(?<![A-Za-z\\]){letters}\s*\$?\s*:?=", self.text)
        return found is not None

    def mentions(self, name: str) -> bool:
        """Whether a formula there has this name in it."""
        wanted, there = LETTER.findall(name), LETTER.findall(self.formulas)
        starts = range(len(there) - len(wanted) + 1)
        return any(there[at : at + len(wanted)] == wanted for at in starts)


@dataclass(frozen=True)
class Shown:
    """An equality that a display shows alone; the next one may speak of its sides."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Introductions:
    """The names that displays have introduced, and those that have stood in a display so far.

    ``again`` has the lines that say once more what a name is: as long as they are not proved, it
    cannot be told which of the two is meant. ``shown`` is the last equality that stood alone: few
    displays speak of its sides, so it does not make two of these differ.
    """

    made: Mapping[str, Introduced] = field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: Shown | None = field(default=None, compare=False)

    def mentioning(self, names: Iterable[str]) -> Introductions:
        """The same behind displays in which these names stand."""
        return replace(self, mentioned=self.mentioned | {*names})

    def with_one(self, found: Introduced) -> Introductions:
        """The same with one name more."""
        again = {name: ids for name, ids in self.again.items() if name != found.name}
        return replace(self, made={**self.made, found.key: found}, again=again)

    def with_family_beside(self, name: str) -> Introductions:
        """The same where a family that is introduced has its name beside something else."""
        made = {key: each for key, each in self.made.items() if key != name}
        family = self.made.get(name)
        if family is not None:
            made[f"{name}_"] = replace(family, beside=True)
        return replace(self, made=made)

    def with_again(self, name: str, line: str) -> Introductions:
        """The same with a line that says once more what a name is."""
        return replace(self, again={**self.again, name: (*self.again.get(name, ()), line)})

    def used_in(self, *terms: Term) -> list[Introduced]:
        """Those that terms depend on, through definitions as well.

        By their names, which are unique: f(y) has a definition of its own where f(x) is introduced,
        and so has each member of a recurrence.
        """
        if not self.made:
            return []
        used = {each.name for each in _definitions_in(terms)}
        return [each for each in self.made.values() if _is_among(each, used)]

    def misfitting(self, misfits: Iterable[Misfit]) -> Iterator[Question]:
        """What is asked of those below which stands what is no member: they may be others."""
        for each in self.made.values():
            if not isinstance(each.head, Script):
                continue
            if any(misfit.part.startswith(f"{written(each.head.base)}_") for misfit in misfits):
                what = f"{each.name} is read as what {each.place} says: is this another one?"
                yield Question(each.place, each.name, what, "declare both")

    def families_alone(self, sides: Iterable[Node]) -> Iterator[Question]:
        """What is asked of a line without a meaning in which a family's name stands alone.

        L may be another one than the vector of all L_t.
        """
        names = {name for side in sides for name in names_alone(side)}
        for each in self.made.values():
            if isinstance(each.head, Script) and not each.beside and each.name in names:
                what = f"is {each.name} the vector of what {each.place} says, or another one?"
                yield Question(each.place, each.name, what, "declare it")

    def headed(self, node: Node, scope: Scope) -> Introduced | None:
        """The one whose head a side is, as long as its name means that."""
        for each in self.made.values():
            if (
                _is_head(as_word(node), each.head, scope)
                and _definition_of(each.name, scope, beside=each.beside) is each.definition
            ):
                return each
        return None


def _is_among(introduced_: Introduced, names: set[str]) -> bool:
    """Whether a definition of one of these names is of what is introduced, or of a member of it."""
    own, member = introduced_.definition.name, f"{introduced_.name}_{{"
    family = isinstance(introduced_.head, Script)
    return own in names or (family and any(each.startswith(member) for each in names))


def _is_head(node: Node, head: Node, scope: Scope) -> bool:
    """Whether a side is this head, or is with other letters below it: ``q_j`` where it is q_i.

    So is the head of a function of this name that takes more arguments, or fewer.
    """
    if node == head:
        return True
    if isinstance(node, Product) and isinstance(head, Product) and len(node.factors) == 2:
        name, own = (name_of(each.factors[0]) for each in (node, head))
        return name == own and 0 < len(_items(node)) != len(_items(head))
    if not isinstance(node, Script) or not isinstance(head, Script):
        return False
    if not _family_letters(node, scope) or not _family_letters(head, scope):
        return False
    assert node.sub is not None
    assert head.sub is not None
    if replace(node, at=head.at, sub=None) != replace(head, sub=None):
        return False
    below = [[letter_of(each) for each in subscripts(one)] for one in (node.sub, head.sub)]
    sets = [[scope.letters[letter].space for letter in letters] for letters in below]
    if len({*below[0]}) < len(below[0]) or {*below[0]} == {*below[1]}:
        return False  # of the diagonal, or of the same letters in another order
    return sets[0] == sets[1]


def _definitions_in(terms: Iterable[Term]) -> Iterator[Definition]:
    seen: set[Definition] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        waiting += parts(term)
        if isinstance(term, Call | Mapped) and term.definition not in seen:
            seen.add(term.definition)
            waiting.append(term.definition.body)
            yield term.definition


def _definition_of(name: str, scope: Scope, *, beside: bool = False) -> Definition | None:
    function, thing = scope.functions.get(name), scope.things.get(name)
    if beside:
        function, thing = None, scope.families.get(name)
    if function is not None:
        return function.meaning if isinstance(function.meaning, Definition) else None
    if thing is not None and isinstance(thing.body, Call):
        return thing.body.definition
    return None


def sides_used(node: Node, scope: Scope) -> list[str]:
    """Which of LHS and RHS a side speaks of, where nobody declares them."""
    names = {*names_in(node), *names_in(as_word(node))}
    return [each for each in SIDES if each in names and not scope.means(each)]


def with_side(name: str, shown: Shown, scope: Scope) -> Scope:
    """The scope in which LHS, or RHS, is that side of an equality."""
    side = shown.right if SIDES[name] else shown.left
    return with_definition(Leaf(side.at, "WORD", name), side, scope)


def introduced(
    left: Node,
    right: Node,
    scope: Scope,
    before: Introductions,
    beside: Beside,
    *,
    plainly: bool,
) -> tuple[Introduced, Scope] | None:
    """What ``left = right`` introduces, and the scope with it; None where it introduces nothing.

    ``plainly`` says that the sign is that of a definition. Raises Unreadable where what it says
    cannot be read.
    """
    head = as_word(left)
    around, scope = scope, _with_family_apart(head, right, scope, before)
    name = beside_number(head, scope)
    beside_one = bool(name)
    name = name or _new_name(head, scope) or ""
    bare = _is_bare(right) and not _is_renamed(head, right, scope, before)
    if not name or (bare and not plainly):
        return None
    if _label(head, scope) and _label(head, scope) in names_in(right):
        return None  # an index that nobody declares
    new = {name} if scope is around else {alone(name)}
    met = not plainly and bool(before.mentioned & {*new, _letter_within(head)})
    if met and isinstance(head, Script | Accented) and without_mark(head) != head:
        return None  # mostly the best value of something
    if isinstance(head, Product) and not _are_parameters(head, right, scope):
        return None
    if isinstance(head, Product) and not plainly and _is_jacobian(head, scope):
        return None
    if isinstance(head, Product) and density_in(head.factors[0], head.factors[-1], scope):
        return None  # of a normal distribution
    if isinstance(head, Product) and name in names_in(right) and _is_probability(head, scope):
        return None  # of other variables, as in Bayes' rule
    after, how = _with(head, right, scope)
    if scope is not around:
        steps = {each: step for each, step in scope.steps.items() if each == name}
        families = {**after.families, name: scope.families[name]}
        after = replace(after, families=families, steps={**after.steps, **steps})
    if beside_one:
        families = {**scope.families, name: after.things[name]}
        after = replace(after, families=families, things={**after.things, name: scope.things[name]})
    after = with_awaiting(name, after)
    definition = _definition_of(name, after, beside=beside_one)
    if definition is None or (not plainly and constant_of(definition.body) is not None):
        return None
    asked = None
    if not plainly and beside.mentions(name):
        what = f"is {name} what this says? the text speaks of {name} as well"
        asked = Question(left.at, name, what, "declare it")
    if met and not beside.announced:
        what = f"does this say what {name} is? {name} stood in a display before"
        asked = Question(left.at, name, what, "declare it")
    if how == _REACHING:
        what = f"does the sum in {name} reach over the terms behind it that have its letter?"
        asked = Question(left.at, name, what, "write \\sum_i [ ... ]")
    if how == _DOTTED:
        what = f"{name} fits where vectors side by side are dot products: are they?"
        asked = Question(left.at, name, what, "write x^\\top y, or x \\cdot y")
    if uses_undeclared(definition.body):
        what = f"{name} is made of a loss that is not declared: of what is that a function?"
        asked = Question(left.at, name, what, "declare it, as in arbitrary L(y)")
    note = f"in {name}, {how}" if how else ""
    return Introduced(name, head, definition, left.at, asked, note, beside_one, right), after


def _with_family_apart(head: Node, right: Node, scope: Scope, before: Introductions) -> Scope:
    """The scope in which a family is told from its name alone: ``L = \\sum_t L_t`` says what L is.

    So it does where L_t was defined for each member, and L has not been used as the vector of them.
    """
    if not isinstance(head, Leaf | Accented):
        return scope
    name = raised_name(head)
    thing, known = scope.things.get(name), before.made.get(name)
    family = known is None or isinstance(known.head, Script)
    if thing is None or not isinstance(thing.body, Call) or not family:
        return scope
    if not (thing.letters or thing.body.shape):
        return scope
    used = [node for node in nodes(right) if isinstance(node, Script) and node.sub is not None]
    if not any(raised_name(node.base) == name for node in used):
        return scope
    if name in names_alone(right):
        return scope
    things = {each: what for each, what in scope.things.items() if each != name}
    return replace(scope, things=things, families={**scope.families, name: thing})


def _nodes_alone(node: Node) -> Iterator[Node]:
    """The parts of a side that have nothing below them."""
    yield node
    for part in inner(node):
        if isinstance(node, Script) and node.sub is not None and part is node.base:
            continue
        yield from _nodes_alone(part)


def names_alone(node: Node) -> set[str]:
    """The names in a side that have nothing below them."""
    return {raised_name(each) for each in _nodes_alone(node) if _is_named(each)}


def _is_named(node: Node) -> bool:
    return isinstance(node, Accented) or (
        isinstance(node, Leaf) and node.kind in ("LETTER", "WORD")
    )


def alone(name: str) -> str:
    """A name that has stood in a display with nothing below it, told from one that has."""
    return f"={name}"


def beside_number(head: Node, scope: Scope) -> str:
    """N where this is ``N_k`` and N is declared as a number, or a size, and nothing else is."""
    if not isinstance(head, Script) or head.sup or head.primes or not _family_letters(head, scope):
        return ""
    name = raised_name(head.base)
    thing = scope.things.get(name)
    others = (scope.letters, scope.functions, scope.bound, scope.lists, scope.sets, scope.families)
    if thing is None or thing.letters or thing.body.shape or any(name in each for each in others):
        return ""
    return name if raised_name(head) not in scope.things else ""


def says_anew(left: Node, name: str, scope: Scope) -> bool:
    """Whether this is the left side of what says what an undeclared name is."""
    return _new_name(as_word(left), scope) == name


def is_known(name: str, scope: Scope) -> bool:
    """Whether a name means something."""
    return scope.means(name)


def is_standard(name: str) -> bool:
    """Whether a name means something where nobody declares it, or may."""
    return name in _STANDARD or name in (r"\pi", "C")


def is_new_family(left: Node, scope: Scope, before: Introductions) -> bool:
    """Whether a side is an undeclared name with a declared index, not met in a display so far."""
    head = as_word(left)
    if not isinstance(head, Script):
        return False
    if beside_number(head, scope):
        return not before.mentioned & {raised_name(head)}
    if _new_name(head, scope) is None:
        return False
    names = {_new_name(head, scope), _letter_within(head)}
    return _family_letters(head, scope) and not before.mentioned & names


def introduced_in_steps(left: Node, scope: Scope, beside: Beside) -> Introduced:
    """What is introduced by a line of a recurrence that the scope has already."""
    head = as_word(left)
    assert isinstance(head, Script)
    name = raised_name(head.base)
    beside_one = name in scope.families
    definition = _definition_of(name, scope, beside=beside_one)
    assert definition is not None
    asked = None
    if beside.mentions(name):
        what = f"is {name} what this says? the text speaks of {name} as well"
        asked = Question(left.at, name, what, "declare it")
    return Introduced(name, head, definition, left.at, asked, beside=beside_one)


_DOTTED = "vectors side by side are read as dot products"
_PI = "\\pi by itself is read as the number 3.14..."
_REACHING = "a sum is read to reach over the terms behind it that have its letter"


def _with(head: Node, right: Node, scope: Scope) -> tuple[Scope, str]:
    """The scope with a definition, and how alone it can be read, if not as it stands."""
    try:
        return with_definition(head, right, scope), ""
    except Unreadable as problem:
        if not any(letter in scope.letters for letter in letters_in(head)):
            with suppress(Unreadable), reaching():
                return with_definition(head, right, scope), _REACHING
        with suppress(Unreadable), dotted():
            return with_definition(head, right, scope), _DOTTED
        with suppress(Unreadable), with_number_pi():
            return with_definition(head, right, scope), _PI
        raise problem


def _is_jacobian(head: Product, scope: Scope) -> bool:
    """Whether this is the Jacobian of something, as in ``J_x(s)``, and no name of its own."""
    name, arguments = head.factors
    return named_jacobian(name, arguments, Environment(scope)) is not None


def with_argument(head: Node, scope: Scope) -> Scope:
    """The scope in which a display is read that introduces a function of what is not declared.

    Its argument is a number there.
    """
    for name in _undeclared(head, scope):
        printed, scope = symbol(scope, "thing", name, "argument of what is introduced")
        scope = with_thing(scope, name, Named((), Reference(Variable((), printed, name))))
    return scope


def _is_probability(head: Node, scope: Scope) -> bool:
    return any(True for _ in probabilities((head,), scope))


def _new_name(head: Node, scope: Scope) -> str | None:
    """The name of a head; None where it is none, or means something already."""
    node = head
    if isinstance(head, Product):
        last = head.factors[-1]
        group = last.base if isinstance(last, Script) else last
        if len(head.factors) != 2 or any(head.joins) or not isinstance(group, Group):
            return None
        if group.bracket != "(":
            return None
        node = head.factors[0]
    if isinstance(node, Accented) and node.mark in _DOTS:
        return None
    letters = _family_letters(node, scope)
    if isinstance(node, Script):
        if node.primes or (letters and (node.sup or isinstance(head, Product))):
            return None
        if node.sub is not None and not letters and not _is_part_of_name(node, scope):
            return None
    within_ = node.base if isinstance(node, Script) and letters else node
    name = raised_name(within_)
    base = name_of(node.base) if isinstance(node, Script) else name_of(node)
    leaf = _leaf(node)
    # w^* is another name than w; so is L_\delta than L, where \delta is a number
    own = {name} if is_marked(node) or is_labelled(node, scope) else {name, base}
    if leaf is None or leaf.style or leaf.text in _OPERATORS:
        return None
    if any(scope.means(each) for each in own):
        return None
    below = len(subscripts(node.sub)) if isinstance(node, Script) and node.sub and letters else 0
    if (base == r"\delta" and below < 2) or (base == "e" and below == 2):
        return name  # \delta with two letters below is Kronecker's; e with one is a unit vector
    return None if base in _STANDARD else name


def _leaf(node: Node) -> Leaf | None:
    """The letter or word that a name is made of."""
    while isinstance(node, Script | Accented):
        node = node.base
    return node if isinstance(node, Leaf) and node.kind in ("LETTER", "WORD") else None


def _letter_within(head: Node) -> str:
    """The same as text, as it stands in a display that could not be read: ``~x`` for x."""
    node = head.factors[0] if isinstance(head, Product) else head
    leaf = _leaf(node)
    return f"~{leaf.text}" if leaf is not None else ""


def _family_letters(node: Node, scope: Scope) -> bool:
    """Whether all subscripts are declared indices: those of the members of a family."""
    if not isinstance(node, Script) or node.sub is None:
        return False
    try:
        return all(letter_of(each) in scope.letters for each in subscripts(node.sub))
    except Unreadable:
        return False


def _is_part_of_name(node: Script, scope: Scope) -> bool:
    """Whether a subscript is a number, a word, or the name of something: ``h_\\theta``."""
    assert node.sub is not None
    only, letters = node.sub.only, set[str]()
    for item in node.sub.items:
        letters |= letters_in(item)
    if any(letter in scope.letters for letter in letters):
        return False
    if isinstance(only, Leaf) and only.kind == "LETTER" and not _label(node, scope):
        return only.text in scope.things or only.text in scope.functions
    return only is not None and bool(plain(node.sub))


def _label(node: Node, scope: Scope) -> str:
    """A capital below a name that nothing declares, as in ``H_X``: it tells the name from others.

    A small letter there, as in ``L_k``, may be an index that nobody declares.
    """
    only = node.sub.only if isinstance(node, Script) and node.sub is not None else None
    if not isinstance(only, Leaf) or only.kind != "LETTER" or scope.means(only.text):
        return ""
    return only.text if only.text.isupper() and not is_standard(only.text) else ""


def is_labelled(node: Node, scope: Scope) -> bool:
    """Whether what stands below a name is declared, and no index: a label of a name of its own."""
    only = node.sub.only if isinstance(node, Script) and node.sub is not None else None
    return only is not None and is_number_below(only, scope)


def _is_bare(right: Node) -> bool:
    """Whether a side is a name or a number: as likely a claim, or a case, as a definition."""
    above = right.sup.only if isinstance(right, Script) and right.sup else None
    power = isinstance(above, Leaf) and above.kind == "NUMBER"
    bracketed = isinstance(right, Script) and isinstance(right.base, Group)
    return isinstance(right, Leaf | Script | Accented) and not power and not bracketed


def _is_renamed(head: Node, right: Node, scope: Scope, before: Introductions) -> bool:
    """Whether another name is given to an array, or to what a display has said: ``p = z^{[3]}``.

    A declared number may stand for a case; what has a mark is mostly the best value of something.
    """
    if not isinstance(head, Leaf | Script | Accented) or is_marked(head):
        return False
    if isinstance(head, Script) and head.sub is not None:
        return False
    name = raised_name(right)
    thing = scope.things.get(name)
    if thing is None or thing.letters or not isinstance(right, Leaf | Script | Accented):
        return False
    return bool(thing.body.shape) or name in before.made


def _are_parameters(head: Product, right: Node, scope: Scope) -> bool:
    """Whether the arguments of a head are letters, at most one of which is not declared.

    That one is a number; where the right side may take it for a vector, it is none of these.
    """
    keywords = [item.parts[0] for item in _items(head) if isinstance(item, Relation)]
    if any(not letter_of(each) or scope.means(letter_of(each)) for each in keywords):
        return False  # a condition, as in y (w = o)
    unknown = _undeclared(head, scope)
    return not unknown or (len(unknown) == 1 and not any(map(_is_of_arrays, nodes(right))))


def is_head_of_function(node: Node) -> bool:
    """Whether a side is a name with something in brackets behind it, and nothing else."""
    return isinstance(node, Product) and len(node.factors) == 2 and bool(_items(node))


def _items(head: Node) -> tuple[Node, ...]:
    """What stands in the brackets of a head."""
    last = head.factors[-1] if isinstance(head, Product) else head
    group = last.base if isinstance(last, Script) else last
    return group.content.items if isinstance(group, Group) and group.bracket == "(" else ()


def _undeclared(head: Node, scope: Scope) -> list[str]:
    items = _items(head)
    names = [letter_of(item.parts[-1] if isinstance(item, Relation) else item) for item in items]
    return [name for name in names if name and not scope.means(name)]


def _is_of_arrays(node: Node) -> bool:
    if isinstance(node, Group):
        return node.bracket in _OF_ARRAYS
    if isinstance(node, Product):
        return r"\odot" in node.joins or r"\cdot" in node.joins
    return isinstance(node, Leaf) and (node.kind in ("TOP", "NABLA", "SUM") or node.text == "T")


def names_in(node: Node) -> Iterator[str]:
    """The names in a side: of ``J_{neg}`` the whole name, of ``x_i`` and ``L_1`` also x and L."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Leaf) and part.kind in ("LETTER", "WORD"):
            yield part.text
        elif isinstance(part, Accented):
            yield name_of(part)
        elif isinstance(part, Script):
            yield name_of(part)
            yield raised_name(part)
            if part.sub is not None and not _is_of_words(part):
                yield raised_name(part.base)
                waiting.append(part.base)
            waiting += [each for each in (part.sub, part.sup) if each is not None]
            if part.sub is None:
                waiting.append(part.base)
            continue
        waiting += inner(part)


def _is_of_words(node: Script) -> bool:
    """Whether a subscript is a word, which makes another name of it."""
    assert node.sub is not None
    return len(plain(node.sub)) > 1 and not any(map(letters_in, node.sub.items))


# Scope is lexical: what a formula mentions is what its names mean where it stands. Letters that it
# leaves free are parameters of the definition as well, the first ones: the one-hot vector of o
# depends on o without naming it, and is that of w where a function of w has o for its parameter.


def _of_letters(letters: tuple[IndexVariable, ...], name: str) -> tuple[str | int, ...]:
    """How a member of a family is written: its name with subscripts."""
    if not letters:
        return (name,)
    pieces: list[str | int] = [f"{name}_{{", 0]
    for number in range(1, len(letters)):
        pieces += [" ", number]
    return (*pieces, "}")


def with_definition(left: Node, right: Node, scope: Scope) -> Scope:
    """The scope with ``left = right`` added."""
    left = as_word(left)
    if isinstance(left, Product):
        return _with_function(left, right, scope)
    letters = _letters(left, scope)
    body = body_of(right, scope, left)
    name = declared_name(left.base if letters and isinstance(left, Script) else left)
    if letters and not body.shape and len(letters) <= 2:
        letters, body = (), _gathered(body, letters)
    plain, scope = symbol(scope, "thing", name, f"definition {written(left)} = {written(right)}")
    definition, implicit = _closed(plain, letters, body, _of_letters(letters, name), scope)
    return with_thing(scope, name, Named(letters, Call(definition, (*implicit, *letters))))


def _closed(
    name: str,
    own: tuple[Parameter, ...],
    body: Term,
    shown: tuple[str | int, ...],
    scope: Scope,
) -> tuple[Definition, tuple[IndexVariable, ...]]:
    """The definition with the letters that it leaves free as its first parameters, and these."""
    free = [letter for letter in free_in(body).indices if letter not in own]
    implicit = tuple(sorted(free, key=lambda letter: letter.name))
    shifted = tuple(p + len(implicit) if isinstance(p, int) else p for p in shown)
    return Definition(name, (*implicit, *own), body, shifted, scope.names), implicit


def _gathered(body: Term, letters: tuple[IndexVariable, ...]) -> Term:
    """Numbers with one or two subscripts as the vector or matrix they are the entries of."""
    axes = [IndexVariable(each.space, each.name, each.latex) for each in letters]
    row, column = axes if len(axes) == 2 else (axes[0], None)
    return Table((row, column), with_members(body, dict(zip(letters, axes, strict=True))))


def _letters(left: Node, scope: Scope) -> tuple[IndexVariable, ...]:
    """The subscripts of a family's name; none where the subscript is part of the name."""
    if not isinstance(left, Script) or left.sub is None:
        return ()
    parts_ = subscripts(left.sub)
    variables = [scope.letters.get(letter_of(part)) for part in parts_]
    found = tuple(variable for variable in variables if variable)
    if len(found) < len(parts_):
        return ()
    if len(set(found)) < len(found):
        raise Unreadable(left.at, written(left), "one letter twice", "give each its own letter")
    return found


def _with_function(left: Product, right: Node, scope: Scope) -> Scope:
    letters: tuple[IndexVariable, ...] = ()
    last = left.factors[-1]
    if isinstance(last, Script) and isinstance(last.base, Group):
        letters = _letters(last, scope)
        left = Product(left.at, (*left.factors[:-1], last.base), left.joins)
    name, content = name_and_arguments(left)
    head, inside = parameters(content, scope, arbitrary=False)
    body = body_of(right, inside, left)
    number = _of_a_number(content, body, scope) if not letters else None
    if number is not None:
        head, inside = parameters(content, number, arbitrary=False)
        body = body_of(right, inside, left)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    body = _of_parameters(body, own, left, scope)
    if isinstance(last, Script):
        if not letters or body.shape or len(letters) > 2:
            advice = "write one or two letters below: f(x)_i"
            raise Unreadable(last.at, written(last), "entries of what?", advice)
        body = _gathered(body, letters)
    plain, scope = symbol(scope, "thing", name, f"function {written(left)} = {written(right)}")
    shown = pattern(name, content, head)
    definition, implicit = _closed(plain, own, body, shown, scope)
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    function = Function(name, slots, definition, implicit, apart)
    return with_function(scope, name, function)


def _of_parameters(body: Term, own: Iterable[Parameter], left: Node, scope: Scope) -> Term:
    """The body with its parameters for what is declared by their names, in definitions as well.

    ``g(x) = 2 L`` of an L that is defined by x, and not of x, is a function of x all the same.
    """
    for parameter in own:
        known = scope.things.get(parameter.latex) if isinstance(parameter, Variable) else None
        if not isinstance(parameter, Variable) or known is None or known.letters:
            continue
        if known.body.shape == parameter.shape and known.body != Reference(parameter):
            try:
                body = with_parameter(body, known.body, parameter)
            except Closed:
                what = f"a function of {parameter.name} that depends on the declared one as well"
                raise Unreadable(left.at, written(left), what, "use another letter") from None
    return body


def _of_a_number(content: Content, body: Term, scope: Scope) -> Scope | None:
    """The scope without the vector that a function is named with, where it takes each entry.

    ``\\sigma(z) = 1 / (1 + e^{-z})`` is a function of one number, whatever z is.
    """
    name = letter_of(content.only) if content.only is not None else ""
    known = scope.things.get(name)
    if known is None or known.letters or not isinstance(known.body, Reference):
        return None
    if body.shape != known.body.shape or not _is_entry_by_entry(body, known.body):
        return None
    others = {each: thing for each, thing in scope.things.items() if each != name}
    return replace(scope, things=others)


def _is_entry_by_entry(term: Term, of: Reference) -> bool:
    """Whether each entry is the same function of one entry of ``of``, and of nothing else."""
    if term == of:
        return True
    if of.variable not in free_in(term).variables:
        return isinstance(term, Constant) or not term.shape
    alone = isinstance(
        term, Plus | Negative | Times | Quotient | Entrywise | Apply | Mapped | Power
    )
    return alone and all(_is_entry_by_entry(part, of) for part in parts(term))


def body_of(right: Node, scope: Scope, left: Node) -> Term:
    """The formula of a definition of ``left``; raises Unreadable where it is not plain."""
    here = Environment(scope, layout=first_layout(scope))
    try:
        body = resolve(right, here)
    except IllFormed as error:
        raise Unreadable(right.at, written(left), str(error.misfit)) from None
    if JACOBIAN in here.met and not scope.layout:
        what = "derivatives of vectors by vectors in a definition"
        advice = "declare their layout, as in layout numerator, or write the entries"
        raise Unreadable(right.at, written(left), what, advice)
    if here.doubts:
        raise Unreadable(right.at, written(left), "a definition must be plain", here.doubts[0])
    excess = measured(body).excess
    if excess:
        raise Unreadable(right.at, written(left), excess)
    if is_unsized(body):
        advice = "write its size, as in I_n or \\mathbf{1}_n"
        raise Unreadable(right.at, written(left), "of which size is this?", advice)
    _require_clear_sums(body, right)
    return body


def _require_clear_sums(term: Term, whole: Node) -> None:
    """Refuse ``\\sum_i y_i + z_i``: a letter bound in one term and free in one behind it."""
    if isinstance(term, Plus):
        for place, part in enumerate(term.parts):
            open_letters = {letter.latex: letter for letter in open_sums(part)}
            for later in term.parts[place + 1 :]:
                for letter in free_in(later).indices:
                    if letter.latex and letter.latex in open_letters:
                        what = f"does the sum over {letter.name} reach over both terms?"
                        advice = "write \\sum [ ... ] over both, or another letter in one"
                        raise Unreadable(whole.at, written(whole), what, advice)
    for part in parts(term):
        _require_clear_sums(part, whole)
