"""Members of index sets: letters, numbers, entries of lists; comparisons and conditions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from sympy import Expr, IndexedBase, Integer

from derivations.claim import (
    Condition,
    Distinct,
    Equal,
    NotAmong,
    SumsTo,
    Unequal,
    at_least,
)
from derivations.indices import IndexSet, WordArray, total
from derivations.language.index_form import letter, member_form, size_expression
from derivations.language.tree import (
    Call,
    Comparison,
    Entry,
    IndexNumber,
    IndexVariable,
    Indicator,
    ListEntry,
    Member,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Reference,
    Row,
    Size,
    Sum,
    Term,
    Times,
    WordList,
    vector_axis,
)
from derivations.reader import syntax
from derivations.reader.environment import (
    Environment,
    IllFormed,
    Subset,
    as_subscript,
    ill_formed,
    letter_of,
    lowered,
    name_of,
    own_letters,
    require,
    resolve,
    scalar,
    unknown,
)
from derivations.reader.latex_commands import VOCABULARY
from derivations.reader.source import Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    written,
)

NO_MEMBER = "need not have this member"
TURNED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
ORDERS = tuple(TURNED)


def said(space: IndexSet) -> str:
    """An index set by its name and its bounds."""
    bounds = f"{space.lower}..{space.upper}"
    return bounds if space.name == bounds else f"{space.name} = {bounds}"


def member_in(node: Node, space: IndexSet, here: Environment, whole: Node) -> Member:
    """The member of ``space`` that a node names; IllFormed where it names something else."""
    found = member_of(node, here)
    if isinstance(found, int):
        return _numbered(node, found, space, here, whole)
    if found is None:
        placed = _placed(node, space, here)
        if placed is not None:
            return placed
        _require_known(node, here)
        if isinstance(node, Leaf) and node.kind in ("PLUS", "MINUS", "STAR", "MARK"):
            what, advice = "is this a name of its own?", "declare it, or define it"
            raise Unreadable(whole.at, written(whole), what, advice)
        if space.labels and isinstance(node, Terms):
            what = f"arithmetic with the members of {said(space)}, which are labels"
            advice = "for the words around one declare a list: list w_{t+j} in Vocab, j in -m..m"
            raise Unreadable(node.at, written(node), what, advice)
        raise ill_formed(whole, written(node), f"a member of {said(space)}")
    member, own = found
    if own == space or _is_part(own, space, here):
        return member
    stand_in = here.scope.stand_ins.get(own)
    if stand_in is not None and stand_in.values == space:
        return ListEntry(stand_in, member)
    if _is_part(space, own, here) and letter_of(node) in here.scope.letters:
        what, advice = f"{said(space)} {NO_MEMBER}", "say of which members this is claimed"
        raise Unreadable(node.at, written(node), what, advice)
    require(False, whole, f"{written(node)} in {said(own)}", f"a member of {said(space)}")
    return member


def _is_part(own: IndexSet, space: IndexSet, here: Environment) -> bool:
    """Whether one range of numbers is a part of another one at all sizes."""
    if own.labels or space.labels:
        return False
    ends = (own.lower - space.lower, space.upper - own.upper)
    return all(at_least(end, here.scope.conditions).is_nonnegative for end in ends)


def member_of(node: Node, here: Environment) -> tuple[Member, IndexSet] | int | None:
    """A member with its set, or the number that stands there, or None for anything else."""
    if isinstance(node, Leaf) and node.kind == "NUMBER" and "." not in node.text:
        return int(node.text)
    if isinstance(node, Leaf | syntax.Accented) or letter_of(node):
        variable = here.scope.letter(letter_of(node) or written(node))
        return None if variable is None else (variable, variable.space)
    turned = as_subscript(node)
    if isinstance(turned, Script) and written(turned.base) in here.scope.lists:
        node = turned
    node = lowered(node, here.scope)
    if isinstance(node, Script) and node.sub is not None and not node.sup and not node.primes:
        return _listed(node, here)
    return None


def _require_known(node: Node, here: Environment) -> None:
    """Refuse a letter or word that was never declared: what it is, nobody knows."""
    word = isinstance(node, Leaf) and node.kind == "WORD"
    name = name_of(node) if word else letter_of(node)
    scope = here.scope
    if name and name not in scope.things and name not in scope.functions:
        raise unknown(node, here)


def _listed(node: Script, here: Environment) -> tuple[Member, IndexSet] | None:
    """An entry of a list of labels; which list, the subscript tells."""
    assert node.sub is not None
    problems: list[IllFormed] = []
    for words in here.scope.lists.get(written(node.base), ()):
        try:
            place = _place(node.sub, words, here, node)
        except IllFormed as error:
            problems.append(error)
            continue
        if place is not None:
            return ListEntry(words, place), words.values
    if problems:
        raise problems[0]
    return None


def _place(sub: Content, words: WordList, here: Environment, node: Script) -> Member | None:
    """The place within a list: ``k``, or ``j`` in ``t+j``; None where it is another list's."""
    inside = sub.only
    if inside is None:
        return None
    if not words.origin:
        if _mentions_origin(inside, here):
            return None
        return member_in(inside, words.places, here, node)
    if isinstance(inside, Leaf) and inside.text == words.origin:
        return Numbered(0)
    if not isinstance(inside, Terms) or len(inside.parts) != 2:
        return None
    first, second = inside.parts
    if not isinstance(first, Leaf) or first.text != words.origin:
        return None
    if inside.signs != ("+", "+"):
        advice = f"write {words.origin}+j with j in {said(words.places)}"
        raise Unreadable(node.at, written(node), "this place of the list is not read", advice)
    return member_in(second, words.places, here, node)


def _mentions_origin(node: Node, here: Environment) -> bool:
    """Whether the subscript counts from an origin: then it is not for a plain list."""
    origins = {each.origin for lists in here.scope.lists.values() for each in lists} - {""}
    if isinstance(node, Terms):
        return isinstance(node.parts[0], Leaf) and node.parts[0].text in origins
    return isinstance(node, Leaf) and node.text in origins


def _numbered(node: Node, value: int, space: IndexSet, here: Environment, whole: Node) -> Member:
    """A member by its number: only one that is there at every size."""
    if (space.inhabited and value == space.lower) or (space.symmetric and value == 0):
        return Numbered(value)
    above, below = (
        at_least(end, here.scope.conditions) for end in (value - space.lower, space.upper - value)
    )
    if above.is_nonnegative and below.is_nonnegative:
        return Numbered(value)
    if space.lower.is_Integer and value < space.lower:
        require(False, whole, written(node), f"a member of {said(space)}")
        return Numbered(value)
    raise Unreadable(
        node.at,
        written(node),
        f"{said(space)} {NO_MEMBER}",
        f"use a letter that stands for any member{_or_size(value, space)}",
    )


def _or_size(value: int, space: IndexSet) -> str:
    """The declaration with which a member is there at every size, if there is one."""
    if space.upper.is_Symbol and space.lower.is_Integer and value >= space.lower:
        return f", or declare its size: size {space.upper} >= {value}"
    return ""


def _placed(node: Node, space: IndexSet, here: Environment) -> Member | None:
    """A member by a size, or so many further on than a letter: ``n``, ``n - 1``, ``i + 1``."""
    if space.labels:
        return None
    letter, by = _offset(node, here)
    further = None if by is None else size_expression(by)
    if by is None or further is None:
        return None
    ends: list[Expr | None] = [Integer(0), Integer(0)]
    if letter is not None:
        own, bounds = letter.space, here.bounds.get(letter, (None, None))
        ends = [
            end if bound is None else size_expression(bound)
            for end, bound in zip((own.lower, own.upper), bounds, strict=True)
        ]
    lowest, highest = ends
    if (
        lowest is None
        or highest is None
        or not at_least(lowest + further - space.lower, here.scope.conditions).is_nonnegative
        or not at_least(space.upper - highest - further, here.scope.conditions).is_nonnegative
    ):
        what = f"{said(space)} {NO_MEMBER}"
        advice = "bound the sum so that it is there at every size"
        raise Unreadable(node.at, written(node), what, advice)
    return Offset(letter, by)


def _offset(node: Node, here: Environment) -> tuple[IndexVariable | None, Term | None]:
    """The letter and the whole number of ``i + 1``; no number for anything else."""
    letter: IndexVariable | None = None
    rest: list[Term] = []
    terms = zip(node.signs, node.parts, strict=True) if isinstance(node, Terms) else [("+", node)]
    for sign, part in terms:
        variable = here.scope.letter(letter_of(part)) if letter_of(part) else None
        if variable is not None:
            if letter is not None or sign == "-" or variable.space.labels:
                return None, None
            letter = variable
            continue
        try:
            term = resolve(part, here)
        except (IllFormed, Unreadable):
            return None, None
        rest.append(Negative(term) if sign == "-" else term)
    if not rest or not all(map(is_whole, rest)):
        return None, None
    return letter, rest[0] if len(rest) == 1 else Plus(tuple(rest))


def is_whole(term: Term, *, members: bool = False) -> bool:
    """Whether a term is a whole number: made of sizes, numbers and counts, perhaps of members."""
    match term:
        case Number(value=value):
            return value.denominator == 1
        case Size() | Indicator():
            return True
        case IndexNumber():
            return members
        case Sum(body=body):
            return is_whole(body)
        case Call(definition=definition):
            return is_whole(definition.body)
        case Negative(of=inner):
            return is_whole(inner, members=members)
        case Plus(parts=parts):
            return all(is_whole(part, members=members) for part in parts)
        case Times(left=left, right=right):
            return is_whole(left) and is_whole(right)
    return False


def pair(left: Node, right: Node, whole: Node, here: Environment) -> tuple[Member, Member]:
    """Two members of one set; a stand-in is taken for what it stands for where that is needed."""
    first, second = member_of(left, here), member_of(right, here)
    sets = [each[1] for each in (first, second) if isinstance(each, tuple)]
    for one, node in ((first, left), (second, right)):
        if one is None and not (sets and not sets[0].labels and _offset(node, here)[1]):
            _require_known(node, here)
            what, advice = "an index is expected here", "declare it as one"
            raise Unreadable(node.at, written(node), what, advice)
    if not sets:
        what = "an index on one side is expected"
        raise Unreadable(whole.at, written(whole), "two numbers", what)
    if len(sets) == 2 and sets[0] != sets[1] and sets[0] in here.scope.stand_ins:
        sets.reverse()
    return member_in(left, sets[0], here, whole), member_in(right, sets[0], here, whole)


def comparison(relation: Node, here: Environment) -> Comparison:
    """``a = b`` or ``a \\ne b``."""
    if not isinstance(relation, Relation) or len(relation.parts) != 2:
        raise Unreadable(relation.at, written(relation), "an equality of two indices is expected")
    (sign,) = relation.signs
    if sign in (r"\in", r"\notin"):
        return _membership(relation, here)
    if sign not in ("=", r"\ne"):
        what = "an order between two indices is not read, only = and \\ne are"
        advice = "give the sum bounds made of sizes, or declare a set for what it runs over"
        raise Unreadable(relation.at, sign, what, advice)
    left, right = pair(*relation.parts, relation, here)
    return Comparison(left, right, negated=sign == r"\ne")


def subset_named(node: Node, here: Environment) -> Subset | None:
    """A declared subset, the letter of its name put in: ``I_c``; None for anything else."""
    node = as_subscript(node)
    known, name = here.scope.subsets, name_of(node)
    found = known.get(name)
    if found is not None and not found.letters:
        return Subset((), found.over, members_of(found, _letters_beside(found, node, here)))
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        return None
    found = known.get(name_of(node.base))
    if found is None or not found.letters or node.sup or node.primes:
        return None
    (letter,) = found.letters
    member = member_in(node.sub.only, letter.space, here, node)
    values = {**_letters_beside(found, node, here), letter: member}
    return Subset((), found.over, members_of(found, values))


def _letters_beside(subset: Subset, node: Node, here: Environment) -> dict[IndexVariable, Member]:
    """What the letters are that a subset depends on without naming them."""
    members = (member for each in subset.where for member in (each.left, each.right))
    within = (member.at if isinstance(member, ListEntry) else member for member in members)
    letters = dict.fromkeys(each for each in within if isinstance(each, IndexVariable))
    beside = (each for each in letters if each not in (subset.over, *subset.letters))
    return own_letters(beside, node, here)


def members_of(subset: Subset, values: Mapping[IndexVariable, Member]) -> tuple[Comparison, ...]:
    """What holds of the members of a subset where letters stand for these."""

    def put(member: Member) -> Member:
        match member:
            case IndexVariable():
                return values.get(member, member)
            case ListEntry(words, at):
                return ListEntry(words, put(at))
        return member

    return tuple(replace(each, left=put(each.left), right=put(each.right)) for each in subset.where)


def how_many(subset: Subset) -> Term:
    """The number of members of a subset."""
    over = replace(subset.over)
    return Sum(over, Indicator(members_of(subset, {subset.over: over})))


def is_set(node: Node) -> bool:
    """Whether members are listed in braces: ``\\{i, j\\}``."""
    return isinstance(node, Group) and node.bracket == r"\{" and not is_run(node.content.items)


def others_than(variable: IndexVariable, named: Node, here: Environment) -> tuple[Comparison, ...]:
    """That a letter is none of the members listed in braces."""
    if not isinstance(named, Group) or not is_set(named):
        what, advice = "members in braces are expected", r"write \setminus \{i\}"
        raise Unreadable(named.at, written(named), what, advice)
    items = named.content.items
    found = (member_in(item, variable.space, here, named) for item in items)
    return tuple(Comparison(variable, member, negated=True) for member in found)


def _membership(relation: Relation, here: Environment) -> Comparison:
    r"""``i \in S``, of a declared subset that one condition says."""
    left, right = relation.parts
    subset = subset_named(right, here)
    if subset is None or len(subset.where) != 1:
        what, advice = "a subset is expected here", "declare it: subset S of 1..n"
        raise Unreadable(right.at, written(right), what, advice)
    member = member_in(left, subset.over.space, here, relation)
    (only,) = members_of(subset, {subset.over: member})
    return replace(only, negated=only.negated != (relation.signs == (r"\notin",)))


def is_order(node: Node) -> bool:
    """Whether a relation compares by size."""
    return isinstance(node, Relation) and node.signs[0] in ORDERS


def unordered(node: Node, space: IndexSet) -> Unreadable:
    """The error that members of a set of labels are compared in order."""
    what = f"an order of members of {said(space)}, which are labels"
    return Unreadable(
        node.at, written(node), what, f"declare letters over {space.lower}..{space.upper}"
    )


def ordered_bounds(sign: str, bound: Term) -> tuple[Term | None, Term | None]:
    """The least and the greatest number that are ``sign`` a bound: below it, above it."""
    step = {"<": -1, ">": 1}.get(sign, 0)
    end = Plus((bound, Number(Fraction(step)))) if step else bound
    return (end, None) if sign in (">", r"\ge") else (None, end)


def conditions(relations: list[Relation], here: Environment) -> tuple[Condition, ...]:
    """What the relations say; one that can never fail is left out with a note."""
    found: list[Condition] = []
    for relation in relations:
        try:
            condition = _condition(relation, here)
        except IllFormed as error:
            what = _mismatch(error)
            raise Unreadable(relation.at, written(relation), what) from None
        if condition is not None and condition not in found:
            found.append(condition)
    return tuple(found)


def _condition(relation: Relation, here: Environment) -> Condition | None:
    if len(relation.parts) != 2:
        raise Unreadable(relation.at, written(relation), "write each condition by itself")
    left, right = relation.parts
    (sign,) = relation.signs
    if sign == r"\notin":
        words = _all_of(right, here)
        word = member_in(left, words.values, here, relation)
        return NotAmong(member_form(word), _word_array(words))
    if sign not in ("=", r"\ne"):
        advice = r"read are =, \ne and \notin"
        raise Unreadable(relation.at, sign, "this condition is not read", advice)
    if sign == "=" and isinstance(left, Product) and _is_sum(left.factors[0]):
        return _added_up(relation, here)
    try:
        one, other = map(member_form, pair(left, right, relation, here))
    except IllFormed as error:
        if sign == "=":
            raise
        here.note(f"the condition {written(relation)} excludes nothing: {_mismatch(error)}")
        return None
    return Equal(one, other) if sign == "=" else Unequal(one, other)


def _is_sum(node: Node) -> bool:
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind == "SUM"


def _added_up(relation: Relation, here: Environment) -> SumsTo:
    """``\\sum_k y_k = 1``: all entries of a vector; or ``\\sum_k y_{nk} = 1`` for each n."""
    left, right = (resolve(part, here) for part in relation.parts)
    match left, right:
        case (
            Sum(over, Entry(Reference(variable), (member,)), None, None, ()),
            Number(Fraction(denominator=1) as value),
        ) if member is over and vector_axis(variable.shape) == over.space:
            index = letter(over)
            summed = total(IndexedBase(variable.name)[index], index)
            return SumsTo(summed, Integer(int(value)))
        case (
            Sum(
                over,
                Entry(Reference(variable), (IndexVariable() as row, IndexVariable() as column))
                | Entry(
                    Row(Reference(variable), IndexVariable() as row), (IndexVariable() as column,)
                ),
                None,
                None,
                (),
            ),
            Number(Fraction(denominator=1) as value),
        ) if variable.over is None and variable.shape == (row.space, column.space):
            if (over is row) != (over is column):
                at = tuple(map(letter, (row, column)))
                summed = total(IndexedBase(variable.name)[at], letter(over))
                return SumsTo(summed, Integer(int(value)))
    what = "this condition is not read"
    raise Unreadable(
        relation.at, written(relation), what, r"read is \sum_k y_k = 1, or \sum_k y_{ik} = 1"
    )


def _word_array(words: WordList) -> WordArray:
    return WordArray(words.name, words.values)


def _mismatch(error: IllFormed) -> str:
    return f"{error.misfit.left} is not {error.misfit.right}"


def _all_of(node: Node, here: Environment) -> WordList:
    """The list whose entries ``\\{w_1, ..., w_K\\}`` lists."""
    items = node.content.items if isinstance(node, Group) else (node,)
    return listed(items, node, here)


def listed(items: tuple[Node, ...], whole: Node, here: Environment) -> WordList:
    """The list whose entries ``w_1, ..., w_K`` are, all of them."""
    bases = {written(item.base) for item in items if isinstance(item, Script)}
    if len(bases) == 1:
        (base,) = bases
        fitting = [w for w in here.scope.lists.get(base, ()) if _spans(w, items)]
        if len(fitting) == 1:
            return fitting[0]
    known = ", ".join(here.scope.lists)
    raise Unreadable(whole.at, written(whole), "no list has these entries", f"lists: {known}")


def _spans(words: WordList, items: tuple[Node, ...]) -> bool:
    """Whether the items go from the first place of the list to its last."""
    subs = [item.sub for item in items if isinstance(item, Script) and item.sub]
    places = tuple(sub.only for sub in subs if sub.only is not None)
    if len(places) != len(items) - 1 or not is_run((*places[:-1], items[-2], places[-1])):
        return False
    first, last = written(places[0]), written(places[-1])
    lower, upper = str(words.places.lower), str(words.places.upper)
    if words.origin:
        return (first, last) == (f"{words.origin} - {upper}", f"{words.origin} + {upper}")
    return (first, last) == (lower, upper)


def distinct(words: WordList) -> Condition:
    """No label twice in the list."""
    return Distinct(_word_array(words))


def alone(content: Content) -> list[Relation]:
    """The relations of a content that holds nothing else."""
    found = [item for item in content.items if isinstance(item, Relation)]
    if len(found) != len(content.items) or not found:
        raise Unreadable(content.at, written(content), "a condition such as w \\ne o is expected")
    return found


def space_named(node: Node, here: Environment) -> IndexSet:
    """The index set that a name, or ``\\{1, ..., K\\}``, stands for."""
    name = written(node).replace(r"\mathrm{", "").replace("}", "")
    space = here.scope.sets.get(name)
    if space is not None:
        return space
    same = {here.scope.sets[each] for each in VOCABULARY if each in here.scope.sets}
    if name in VOCABULARY and len(same) == 1:
        (space,) = same
        here.mention(f"{name} is read as {said(space)}")
        return space
    ends = run_between(node)
    if ends is not None:
        lower = bound_of(ends[0], here) if ends[0] is not None else Number(Fraction(1))
        found = with_bounds(lower, bound_of(ends[1], here), here)
        if len(found) == 1:
            return found[0]
    known = ", ".join(here.scope.sets)
    advice = f"known are {known}; a second name is declared so: index w in Vocab = V = 1..N"
    raise Unreadable(node.at, written(node), "no index set has this name", advice)


def run_between(node: Node) -> tuple[Node | None, Node] | None:
    """The ends of ``\\{1, ..., K\\}``, ``\\{1, 2, ..., K\\}``, ``[1, K]``; the last of ``[K]``."""
    if not isinstance(node, Group):
        return None
    items = node.content.items
    if node.bracket == "[" and len(items) == 1:
        return None, items[0]
    if node.bracket == "[" and len(items) == 2:
        return items[0], items[1]
    if node.bracket != r"\{" or not is_run(items):
        return None
    return items[0], items[-1]


def is_run(items: tuple[Node, ...]) -> bool:
    """Whether this is written ``first, ..., last`` or ``first, second, ..., last``."""
    if len(items) not in (3, 4) or not (isinstance(items[-2], Leaf) and items[-2].kind == "DOTS"):
        return False
    return len(items) == 3 or (written(items[0]), written(items[1])) == ("1", "2")


def bound_of(node: Node, here: Environment) -> Term:
    """The bound of a sum that a node says: a size, a whole number, or a count."""
    found = scalar(node, here, "a bound of a sum")
    if not is_whole(found, members=True):
        raise Unreadable(node.at, written(node), "a bound is a size or a whole number")
    return found


def with_bounds(lower: Term, upper: Term, here: Environment) -> list[IndexSet]:
    """The declared index sets with these bounds."""
    ends = (size_expression(lower), size_expression(upper))
    return [space for space in here.scope.spaces() if (space.lower, space.upper) == ends]
