"""Sums and products over ranges, and precedence: how far a sign without brackets reaches.

Binders stand below and above a sum; a derivative and a function reach as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derivations.claim import at_least
from derivations.indices import IndexSet
from derivations.language.index_form import size_expression
from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Comparison,
    IndexedProduct,
    IndexNumber,
    IndexVariable,
    Negative,
    Ranged,
    Sum,
    Term,
    Times,
)
from derivations.reader import environment, syntax
from derivations.reader.elaborate import derivatives
from derivations.reader.elaborate.applications import function_of, named_jacobian
from derivations.reader.elaborate.expectations import (
    density_in,
    is_divergence,
    is_expectation,
    is_moment,
    is_variance,
)
from derivations.reader.elaborate.indexing import (
    ORDERS,
    TURNED,
    bound_of,
    comparison,
    is_order,
    is_set,
    members_of,
    ordered_bounds,
    others_than,
    run_between,
    said,
    space_named,
    subset_named,
    unordered,
    with_bounds,
)
from derivations.reader.elaborate.piecewise import tested, times
from derivations.reader.elaborate.probabilities import probability_here
from derivations.reader.environment import (
    PRIME,
    Environment,
    IllFormed,
    ill_formed,
    letter_of,
    letters_in,
    lowered,
    name_of,
    plain_name,
    resolve,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    inner,
    nodes,
    subscripts,
    written,
)


@dataclass(frozen=True)
class Binder:
    """A bound letter with its bounds, None for the ends of its set."""

    letter: str
    variable: IndexVariable
    lower: Term | None = None
    upper: Term | None = None
    where: tuple[Comparison, ...] = ()

    def bounded(self, lower: Term | None, upper: Term | None, piece: Node) -> Binder:
        """With one more bound, at an end that has none yet."""
        if (lower and self.lower) or (upper and self.upper):
            what, advice = "two bounds at one end", "write the closer one"
            raise Unreadable(piece.at, written(piece), what, advice)
        return replace(self, lower=self.lower or lower, upper=self.upper or upper)


@dataclass(frozen=True)
class Summation:
    """All that stands below and above one sum sign, or product sign.

    ``tests`` are numbers that are zero for what it leaves out, else one.
    """

    binders: tuple[Binder, ...]
    where: tuple[Comparison, ...]
    kind: type[Sum] | type[IndexedProduct] = Sum
    tests: tuple[Term, ...] = ()

    def of(self, body: Term) -> Term:
        """The sum of ``body``; what it leaves out is said at the innermost letter."""
        where, body = self.where, times(self.tests, body) if self.tests else body
        for binder in reversed(self.binders):
            body = self.kind(binder.variable, body, binder.lower, binder.upper, where)
            where = ()
        return body


def is_sum(node: Node) -> bool:
    """Whether a factor is a sum sign, or a product sign."""
    return _kind(node) in ("SUM", "PROD")


def is_product(node: Node) -> bool:
    """Whether a factor is a product sign."""
    return _kind(node) == "PROD"


def _kind(node: Node) -> str:
    base = node.base if isinstance(node, Script) else node
    return base.kind if isinstance(base, Leaf) else ""


def open_sums(term: Term) -> list[IndexVariable]:
    """The letters of the sums, and products, that reach to the end of a term."""
    match term:
        case Negative(of=inside) | Times(right=inside):
            return open_sums(inside)
        case Ranged(over=over, body=body):
            return [over, *open_sums(body)]
    return []


PAIRS = "pairs"  # stands between the letters of a sum that is read to run over both


def summation(
    node: Node, here: Environment, summand: Node | None = None
) -> tuple[Summation, Environment]:
    """What the sum sign ``node`` says, and where its summand is read."""
    sub = node.sub if isinstance(node, Script) else None
    sup = node.sup if isinstance(node, Script) else None
    pieces = list(pieces_below(sub)) if sub is not None else [_only_letter(node, summand, here)]
    if sup is not None:
        pieces, sup = _upper(pieces, sup, here)
    behind = _behind_colon(sub) if sub is not None else []
    if sub is not None and sub.separators == (PAIRS,):
        second, piece = pieces
        if letter_of(second) in here.scope.bound:
            pieces = [piece]  # a sum around binds it
        else:
            _ask_of_pairs(piece, here)
    binders: list[Binder] = []
    restrictions: list[Node] = []
    for piece in pieces:
        bound = [each.letter for each in binders]
        of_another = bound and piece in behind and _is_of_another(piece, bound, here)
        binder = None if of_another else _binder(piece, sup, here, bound, summand)
        if binder is None:
            restrictions.append(piece)
            continue
        if binder.letter in bound:
            raise Unreadable(piece.at, written(piece), "bound twice", "use another letter")
        binders.append(binder)
        here = here.under(node, binder.letter, binder.variable, (binder.lower, binder.upper))
        if isinstance(piece, Relation) and piece.signs == (r"\ne",):
            restrictions.append(piece)
    for piece in [each for each in restrictions if is_order(each)]:
        restrictions.remove(piece)
        binders, here = _in_order(node, piece, binders, here, summand)
    if not binders:
        raise Unreadable(node.at, written(node), "a sum over what?", "name the letter it runs over")
    within = (each for binder in binders for each in binder.where)
    found = [(piece, tested(piece, here)) for piece in restrictions]
    tests = tuple(test.term for _, test in found if test is not None)
    kept = (piece for piece, test in found if test is None)
    where = (*within, *(each for piece in kept for each in _said_by(piece, here)))
    kind = IndexedProduct if is_product(node) else Sum
    if tests and kind is IndexedProduct:
        what, advice = "a product over where a number is one of two", "write it above the factor"
        raise Unreadable(node.at, written(node), what, advice)
    here = replace(here, holding=(*here.holding, *where))
    return Summation(tuple(binders), where, kind, tests), here


def _behind_colon(content: Content) -> list[Node]:
    """What stands behind ``:`` or ``|`` below a sum: it says something of letters."""
    marks = [sign in (":", "|") for sign in content.separators]
    return list(content.items[marks.index(True) + 1 :]) if True in marks else []


def _is_of_another(piece: Node, bound: list[str], here: Environment) -> bool:
    """Whether ``i \\in S`` behind a colon restricts an i that the sum does not run over."""
    if not isinstance(piece, Relation) or piece.signs not in ((r"\in",), (r"\notin",)):
        return False
    name = letter_of(piece.parts[0])
    if name in bound or here.scope.letter(name) is None:
        return False
    if name not in here.scope.bound:
        what = f"does the sum run over {name} as well?"
        advice = f"write \\sum_{{{', '.join([*bound, name])} : ...}}, or an indicator behind it"
        here.question(Question(piece.at, written(piece), what, advice))
    return True


def _said_by(piece: Node, here: Environment) -> tuple[Comparison, ...]:
    """What a restriction says: ``k \\notin \\{i, j\\}`` that it is neither."""
    match piece:
        case Relation(parts=(letter, named), signs=(r"\notin",)) if is_set(named):
            variable = here.scope.letter(letter_of(letter))
            if variable is not None:
                return others_than(variable, named, here)
    return (comparison(piece, here),)


def _only_letter(node: Node, summand: Node | None, here: Environment) -> Node:
    """The letter that a sum without one runs over: the only one below or above its names."""
    letters = dict.fromkeys(indices_in(summand, here)) if summand is not None else {}
    free = [letter for letter in letters if letter not in here.scope.bound]
    if len(free) != 1 or (isinstance(node, Script) and node.sup is not None):
        raise Unreadable(node.at, "\\sum", "a sum over what?", "write a letter below: \\sum_k")
    here.note(f"the sum of {written(summand) if summand else ''} is read to run over {free[0]}")
    return Leaf(node.at, "LETTER", free[0])


def indices_in(node: Node, here: Environment) -> Iterator[str]:
    """The letters of indices that stand below or above names in a formula."""
    if isinstance(node, Script):
        for script in (node.sub, node.sup):
            for item in script.items if script is not None else ():
                yield from (name for name in sorted(letters_in(item)) if here.scope.letter(name))
    for part in inner(node):
        yield from indices_in(part, here)


def places_of(letter: str, node: Node, here: Environment) -> Iterator[IndexSet]:
    """The sets of the subscripts at whose place a letter stands, below declared names."""
    if isinstance(node, Script):
        low = lowered(node, here.scope)
        thing = here.scope.things.get(name_of(low.base)) if isinstance(low, Script) else None
        if isinstance(low, Script) and low.sub is not None and thing is not None:
            axes = [axis for axis in thing.body.shape if axis is not None]
            spaces = [*(each.space for each in thing.letters), *axes]
            for part, space in zip(subscripts(low.sub), spaces, strict=False):
                if letter_of(part) == letter:
                    yield space
    for part in inner(node):
        yield from places_of(letter, part, here)


def pieces_below(content: Content) -> Iterator[Node]:
    """What stands below a sum, also in several lines."""
    only = content.only
    if (
        isinstance(only, Group)
        and only.bracket == r"\{"
        and {*only.content.separators} & {":", "|"}
    ):
        content = only.content  # \sum_{\{i : w_i = w_k\}}
    for item in content.items:
        if isinstance(item, syntax.Stack):
            for line in item.lines:
                yield from pieces_below(line)
        elif (
            isinstance(item, Product) and all(map(letter_of, item.factors)) and not any(item.joins)
        ):
            yield from item.factors  # \sum_{ij}
        else:
            yield item


def _upper(
    pieces: list[Node], sup: Content, here: Environment
) -> tuple[list[Node], Content | None]:
    """A condition printed as an upper limit is a condition."""
    if isinstance(sup.only, Relation):
        here.note(f"the upper limit {written(sup)} of the sum is read as a condition")
        extra = [] if sup.only in pieces else [sup.only]
        return [*pieces, *extra], None
    first, last = (pieces[0], pieces[-1]) if pieces else (None, None)
    shared = len(pieces) > 1 and all(map(letter_of, pieces[:-1])) and sup.only is not None
    if shared and isinstance(last, Relation) and last.signs == ("=",):  # \sum_{i,j=1}^n
        letters = (*pieces[:-1], last.parts[0])
        ends = [(last.parts[1], letter, sup.items[0]) for letter in letters]
        return [Relation(each[1].at, each, (r"\le", r"\le")) for each in ends], None
    if not (isinstance(first, Relation) and first.signs == ("=",)):
        advice = "write \\sum_{k=1}^n"
        raise Unreadable(sup.at, written(sup), "an upper limit without a lower one", advice)
    return pieces, sup


def _binder(
    piece: Node,
    sup: Content | None,
    here: Environment,
    bound: list[str],
    summand: Node | None,
) -> Binder | None:
    """The letter that a piece binds; None where it restricts letters that are bound already."""
    if isinstance(piece, Leaf) or letter_of(piece):
        return _whole(piece, here, summand)
    if not isinstance(piece, Relation):
        raise Unreadable(piece.at, written(piece), "this says not what the sum runs over")
    if len(piece.parts) == 3 and piece.signs == (r"\le", r"\le"):
        lower, letter, upper = piece.parts
        if not (letter_of(lower) and letter_of(lower) in here.scope.letters):
            return _between(letter, lower, upper, here, summand)
    if is_order(piece):
        return None
    letter, value = piece.parts[0], piece.parts[1]
    if piece.signs == (r"\in", r"\setminus") and letter_of(letter):
        within = Relation(piece.at, (letter, value), (r"\in",))
        binder = _of_subset(within, here) or _member(letter, value, here)
        return _left_out(binder, piece.parts[2], piece, here)
    if piece.signs == (r"\notin",) and letter_of(letter) not in ("", *bound) and is_set(value):
        return _left_out(_whole(letter, here), value, piece, here)
    if len(piece.parts) != 2:
        advice = "write a \\le k \\le b"
        raise Unreadable(piece.at, written(piece), "this range is not read", advice)
    if piece.signs == ("=",) and sup is not None and not bound:
        if sup.only is None:
            raise Unreadable(sup.at, written(sup), "an upper limit is one thing")
        return _between(letter, value, sup.only, here, summand)
    if piece.signs in ((r"\in",), (r"\notin",)) and letter_of(letter) not in bound:
        found = _of_subset(piece, here)
        if found is not None or piece.signs == (r"\in",):
            return found or _member(letter, value, here)
    if piece.signs == (r"\ne",) and letter_of(letter):
        return _other_than(piece, letter, value, here, bound)
    return None


def _left_out(binder: Binder, named: Node, piece: Node, here: Environment) -> Binder:
    """With all members but those that are listed in braces."""
    under = here.under(piece, binder.letter, binder.variable)
    where = (*binder.where, *others_than(binder.variable, named, under))
    return replace(binder, where=where)


def _other_than(
    piece: Relation, letter: Node, value: Node, here: Environment, bound: list[str]
) -> Binder | None:
    """``j \\ne i``: binds j where nothing around has bound it and i is not what is left to bind."""
    if not bound:
        if letter_of(value) and letter_of(value) not in here.scope.bound:
            fixed = f"{written(letter)}; {written(value)} is fixed"
            here.note(f"\\sum_{{{written(piece)}}} runs over {fixed}")
        return _whole(letter, here)
    if letter_of(letter) in here.scope.bound:
        if letter_of(value) in bound:
            what = f"is {written(letter)} the one outside, or does the sum run over it as well?"
            here.question(Question(piece.at, written(piece), what, "use another letter"))
        return None
    if letter_of(value) not in bound:
        what = f"does the sum run over {written(letter)} as well?"
        advice = f"write \\sum_{{{bound[0]}, {written(letter)} : ...}}, or an indicator behind it"
        raise Unreadable(piece.at, written(piece), what, advice)
    return _whole(letter, here)  # \sum_{i, j \ne i} runs over both


def _whole(letter: Node, here: Environment, summand: Node | None = None) -> Binder:
    declared = _declared(letter_of(letter), here)
    if declared is None:
        name = letter_of(letter)
        found = set(places_of(name, summand, here)) if name and summand is not None else set()
        space = next(iter(found), None)
        if len(found) == 1 and space is not None and not space.labels:
            here.mention(f"{name} is not declared, and read to run over {said(space)}")
            return _over(name, space)
        advice = "declare it, or write its bounds: \\sum_{k=1}^K"
        raise Unreadable(letter.at, written(letter), "a sum over what?", advice)
    return _over(letter_of(letter), declared.space)


def _declared(name: str, here: Environment) -> IndexVariable | None:
    """The index a letter was declared as; ``w'`` runs where ``w`` does."""
    letters = here.scope.letters
    return letters.get(name, letters.get(name.rstrip(PRIME)))


def _over(letter: str, space: IndexSet) -> Binder:
    return Binder(letter, IndexVariable(space, plain_name(letter), letter))


def _in_order(
    node: Node, piece: Node, binders: list[Binder], here: Environment, summand: Node | None
) -> tuple[list[Binder], Environment]:
    """The binders where an order bounds the last one of its letters, which it may bind itself."""
    assert isinstance(piece, Relation)
    for name, part in _newly_bound(piece, binders, here, summand):
        binder = _whole(part, here)
        binders = [*binders, binder]
        here = here.under(node, name, binder.variable)
    for left, sign, right in zip(piece.parts, piece.signs, piece.parts[1:], strict=False):
        if sign not in ORDERS:
            what, advice = "this range is not read", "write a \\le i < j \\le b"
            raise Unreadable(piece.at, written(piece), what, advice)
        names = [letter_of(part) for part in (left, right)]
        mine = [each.letter for each in binders if each.letter in names]
        if not mine:
            what, advice = "a letter of the sum is expected here", "write each order by itself"
            raise Unreadable(piece.at, written(piece), what, advice)
        turned = mine[-1] != names[0]
        limit = _limit(left if turned else right, mine[-1], here)
        ends = ordered_bounds(TURNED[sign] if turned else sign, limit)
        binders = [e.bounded(*ends, piece) if e.letter == mine[-1] else e for e in binders]
    return binders, here


def _newly_bound(
    piece: Relation, binders: list[Binder], here: Environment, summand: Node | None
) -> Iterator[tuple[str, Node]]:
    """The letters that ``i < j`` binds: those that nothing has bound, all of them in a chain."""
    known = {each.letter for each in binders} | set(here.scope.bound)
    letters = [(letter_of(part), part) for part in piece.parts if letter_of(part)]
    new = [(name, part) for name, part in letters if name not in known and _declared(name, here)]
    if binders:
        return iter(new if new and new[0] == letters[0] and len(letters) == 2 else ())
    used = [pair for pair in new if summand is not None and pair[0] in letters_of(summand)]
    if len(new) == 2 == len(piece.parts) and len(used) == 1:
        here.mention(f"\\sum_{{{written(piece)}}} runs over {used[0][0]}")
        return iter(used)
    labels = any(variable.space.labels for name, _ in new if (variable := _declared(name, here)))
    if len(new) == 2 == len(piece.parts) and not labels:
        _ask_of_pairs(piece, here)
    return iter(new)


def _ask_of_pairs(piece: Node, here: Environment) -> None:
    """Say that ``i < j`` below a sum is read to bind both letters."""
    text = written(piece)
    here.mention(rf"\sum_{{{text}}} runs over all pairs of these letters")
    what = "does it run over both letters?"
    here.question(Question(piece.at, text, what, "write both sums"))


def letters_of(node: Node) -> set[str]:
    """The letters in a formula."""
    found = {node.text} if isinstance(node, Leaf) else {letter_of(node)}
    return found.union(*map(letters_of, inner(node)))


def _limit(node: Node, letter: str, here: Environment) -> Term:
    """What a letter of a range of numbers is compared with: a member of it, or a size."""
    variable = here.scope.letter(letter)
    assert variable is not None
    if variable.space.labels:
        raise unordered(node, variable.space)
    found = bound_of(node, here)
    if any(each is variable or each.space != variable.space for each in members_in(found)):
        what, advice = "a member of the same range is expected here", "use letters of one range"
        raise Unreadable(node.at, written(node), what, advice)
    return found


def members_in(term: Term) -> Iterator[IndexVariable]:
    """The letters that a bound has as numbers."""
    if isinstance(term, IndexNumber) and isinstance(term.member, IndexVariable):
        yield term.member
    for part in parts(term):
        yield from members_in(part)


def _range_with(lower: Term, upper: Term) -> IndexSet | None:
    """The range of numbers of which bounds are members, as in ``1..t`` and ``t + 1..T``."""
    spaces = {each.space for end in (lower, upper) for each in members_in(end)}
    if len(spaces) != 1:
        return None
    (space,) = spaces
    for end, last in ((lower, space.lower), (upper, space.upper)):
        if not any(True for _ in members_in(end)) and size_expression(end) != last:
            return None
    return None if space.labels else space


def _is_part(lower: Term, upper: Term, space: IndexSet, here: Environment) -> bool:
    """Whether bounds lie within a set at every size."""
    first, last = size_expression(lower), size_expression(upper)
    if first is None or last is None:
        return False
    ends = (first - space.lower, space.upper - last)
    return all(at_least(end, here.scope.conditions).is_nonnegative for end in ends)


def _member(letter: Node, named: Node, here: Environment) -> Binder:
    if not letter_of(letter):
        raise Unreadable(letter.at, written(letter), "a letter is expected before \\in")
    ends = run_between(named)
    if ends is not None and ends[0] is not None:
        low, high = ends[0], ends[1]
        if not with_bounds(bound_of(low, here), bound_of(high, here), here):
            return _between(letter, low, high, here)
    return _over(letter_of(letter), space_named(named, here))


def _of_subset(piece: Relation, here: Environment) -> Binder | None:
    """A letter for the members of a declared subset, or for all the others."""
    letter, named = piece.parts
    subset = subset_named(named, here)
    if subset is None or not letter_of(letter):
        return None
    binder = _over(letter_of(letter), subset.over.space)
    under = here.under(piece, binder.letter, binder.variable)
    if piece.signs == (r"\notin",):
        return replace(binder, where=(comparison(piece, under),))
    return replace(binder, where=members_of(subset, {subset.over: binder.variable}))


def _of_numbers(
    letter: str, lower: Term, upper: Term, summand: Node | None, here: Environment
) -> IndexSet | None:
    """The range between bounds, where a letter stands for a number alone and picks nothing."""
    first, last = size_expression(lower), size_expression(upper)
    if summand is None or first is None or last is None or _picks(letter, summand, here):
        return None
    count = at_least(last - first + 1, here.scope.conditions)
    if not count.is_nonnegative:
        return None
    return IndexSet(f"{first}..{last}", first, last, count.is_positive is True)


def _picks(letter: str, summand: Node, here: Environment) -> bool:
    """Whether a letter stands in a subscript, a bound, a condition or an argument."""

    def stands(*inside: Node) -> bool:
        return any(letter_of(each) == letter for each in nodes(*inside))

    for node in nodes(summand):
        match node:
            case Script(sub=Content(items=below)) if stands(*below):
                return True
            case Script(sup=Content(items=above)) if is_sum(node) and stands(*above):
                return True
            case Relation(parts=inside) if stands(*inside):
                return True
            case Product(factors=factors):
                pairs = pairwise(factors)
                names = (b for a, b in pairs if name_of(unscripted(a)) in here.scope.functions)
                if stands(*(each for each in names if isinstance(each, Group))):
                    return True
    return False


def _between(
    letter: Node, low: Node, high: Node, here: Environment, summand: Node | None = None
) -> Binder:
    name = letter_of(letter)
    if not name:
        raise Unreadable(letter.at, written(letter), "a letter is expected here")
    lower, upper = bound_of(low, here), bound_of(high, here)
    declared = _declared(name, here)
    found = with_bounds(lower, upper, here)
    within = declared is not None and _is_part(lower, upper, declared.space, here)
    own = None if found or within else _of_numbers(name, lower, upper, summand, here)
    if declared is not None and (declared.space in found or not (found or own)):
        space = declared.space
    elif own is not None:
        space = own
        here.mention(f"{name} runs over the numbers {said(space)} here, as its bounds say")
    elif len(found) == 1:
        space = found[0]
        if declared is not None and within:
            what = f"all of {said(space)}, or a part of {said(declared.space)}?"
            raise Unreadable(letter.at, name, what, "use a letter of the set that is meant")
        if declared is not None:
            here.note(f"{name} runs over {said(space)} here, as its bounds say")
    elif not found and (part := _range_with(lower, upper)) is not None:
        space = part
        here.mention(f"{name} runs over a part of {said(space)}, as its bounds say")
    else:
        which = " or ".join(map(said, found)) or "no declared set"
        raise Unreadable(letter.at, name, f"these bounds are those of {which}", f"declare {name}")
    variable = IndexVariable(space, plain_name(name), name)
    ends = (size_expression(lower), size_expression(upper))
    if ends == (space.lower, space.upper):
        return Binder(name, variable)
    if space.labels:
        raise ill_formed(letter, f"a part of {said(space)}", "a set without an order")
    return Binder(name, variable, lower, upper)


# Sums that are meant to reach over several terms, as that of a cross-entropy mostly is.
#
# In what says what a name is that has no i, no term behind ``\sum_i y_i`` can be of an i of its
# own.


def with_reaching_sums(node: Terms, here: Environment) -> Terms:
    """The terms with those behind a sum that have its letter inside of it."""
    signs: list[str] = []
    parts: list[Node] = []
    at = 0
    while at < len(node.parts):
        part, end = node.parts[at], at + 1
        signs.append(node.signs[at])
        if isinstance(part, Product) and any(map(is_sum, part.factors)):
            value = resolve(part, here)
            letters = {letter.latex for letter in open_sums(value)}
            letters -= {letter.latex for letter in free_in(value).indices}
            while end < len(node.parts) and letters & _letters(node.parts[end], here):
                end += 1
            part = _reaching_over(part, node.signs[at + 1 : end], node.parts[at + 1 : end])
        parts.append(part)
        at = end
    return Terms(node.at, tuple(signs), tuple(parts)) if len(parts) < len(node.parts) else node


def _letters(part: Node, here: Environment) -> set[str]:
    return {letter.latex for letter in free_in(resolve(part, here)).indices}


def _reaching_over(part: Product, signs: tuple[str, ...], parts: tuple[Node, ...]) -> Product:
    """The product with more terms under its last sum sign."""
    if not parts:
        return part
    last = max(number for number, factor in enumerate(part.factors) if is_sum(factor))
    head, operand = part.factors[: last + 1], part.factors[last + 1 :]
    joins = part.joins[last + 1 :]
    first = operand[0] if len(operand) == 1 else Product(operand[0].at, operand, joins)
    terms = Terms(first.at, ("+", *signs), (first, *parts))
    inside = Group(first.at, "(", Content(first.at, (terms,)))
    return Product(part.at, (*head, inside), (*part.joins[:last], ""))


_PARENTHESES = "put its argument in parentheses"


@dataclass(frozen=True)
class Factors:
    """What is left of a product: factors and the signs between them."""

    nodes: tuple[Node, ...]
    joins: tuple[str, ...]

    def after(self, count: int) -> Factors:
        """Without the first ``count`` factors."""
        return Factors(self.nodes[count:], self.joins[count:])

    def first(self, count: int) -> Factors:
        """The first ``count`` factors alone."""
        return Factors(self.nodes[:count], self.joins[: count - 1])

    @property
    def node(self) -> Node:
        """As a node again."""
        if len(self.nodes) == 1:
            return self.nodes[0]
        return Product(self.nodes[0].at, self.nodes, self.joins)

    @property
    def adjacent(self) -> bool:
        """Whether there is a second factor, right behind the first."""
        return len(self.nodes) > 1 and not self.joins[0]


def before_next_link(sign: Node, rest: Factors, whole: Node, here: Environment) -> Factors:
    """What a gradient is taken of where the Jacobian of a chain stands behind it.

    ``\\nabla_s H J_x(s)`` is the gradient of H times the Jacobian: that is how chains are written.
    """
    base = unscripted(sign)
    if not isinstance(base, Leaf) or base.kind != "NABLA" or len(rest.nodes) < 2:
        return rest
    unit = operand_length(rest, here)
    if unit == len(rest.nodes) or rest.joins[unit - 1] or is_sum(rest.nodes[0]):
        return rest
    node, behind = rest.nodes[unit], rest.after(unit)
    following = behind.nodes[1] if behind.adjacent else None
    if derivatives.quotient(node, here) is None and named_jacobian(node, following, here) is None:
        return rest
    inside = rest.first(unit)
    what = f"is the gradient of {written(inside.node)} alone?"
    here.mention(f"{written(sign)} is read to reach over {written(inside.node)}")
    here.question(Question(whole.at, written(whole), what, "put the gradient in parentheses"))
    return inside


def _is_probability(node: Node, following: Node | None, here: Environment) -> bool:
    return probability_here(node, following, here) is not None


def _is_density(node: Node, following: Node | None, here: Environment) -> bool:
    behind = None if following is None else unscripted(following)
    return density_in(node, behind, here.scope) is not None


# what takes brackets behind it for its argument, though no function is declared by its name
_IN_BRACKETS: tuple[
    tuple[environment.Trigger, Callable[[Node, Node | None, Environment], bool]], ...
] = (
    (environment.MOMENT, is_moment),
    (environment.EXPECTATION, is_expectation),
    (environment.DIVERGENCE, is_divergence),
    (environment.VARIANCE, is_variance),
    (environment.PROBABILITY, _is_probability),
    (environment.DENSITY, _is_density),
)


def operand_length(rest: Factors, here: Environment) -> int:
    """How many factors the first operand takes: a sum all of them, an application two."""
    node = rest.nodes[0]
    if is_sum(node):
        return len(rest.nodes)
    function = function_of(node, here)
    if function is not None and bracket_follows(rest):
        return 2
    following = rest.nodes[1] if rest.adjacent else None
    begins = environment.beginning(node, following)
    for trigger, stands in _IN_BRACKETS:
        if trigger.may_begin(begins) and stands(node, following, here):
            return 2
    if isinstance(function, str) and rest.adjacent:
        return 1 + operand_length(rest.after(1), here)
    if environment.INDICATOR.may_begin(begins) and stands_indicator(node, rest, here):
        return 1 if isinstance(node, Script) else 2
    return 1


def is_single_operand(rest: Factors, here: Environment) -> bool:
    """Whether this is a single operand, behind sum signs or not."""
    while len(rest.nodes) > 1 and is_sum(rest.nodes[0]):
        rest = rest.after(1)
    return operand_length(rest, here) == len(rest.nodes)


def require_derivative_ends(sign: Node, rest: Factors, by: Node | None, here: Environment) -> None:
    """Refuse an operand of which it cannot be told where it ends; note a product."""
    count = operand_length(rest, here)
    if count == len(rest.nodes):
        return
    closed = count == 2 or isinstance(unscripted(rest.nodes[0]), Group)
    if (closed or any(rest.joins)) and not _reaches_over_form(rest, count, by, here):
        advice = "put what it is taken of, or the whole derivative, in parentheses"
        what = "how far does the derivative reach?"
        raise Unreadable(rest.nodes[0].at, written(rest.node), what, advice)
    here.note(f"{written(sign)} is read to reach over {written(rest.node)}")


def _reaches_over_form(rest: Factors, count: int, by: Node | None, here: Environment) -> bool:
    """Whether ``\\nabla_S (x - m)^\\top S^{-1} (x - m)`` stands here, a number that begins with an
    array in which what it is taken by does not stand: of that alone it would be nothing.
    """
    if by is None or any(rest.joins):
        return False
    aside = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        first, whole, varied = (
            resolve(each, aside) for each in (rest.first(count).node, rest.node, by)
        )
    except (IllFormed, Unreadable):
        return False
    own = set(free_in(varied).variables)
    return bool(first.shape) and not whole.shape and own.isdisjoint(free_in(first).variables)


def require_product_ends(rest: Factors, letters: set[str]) -> None:
    """Refuse what may end before the term does: where what stands last does not have the letter,
    or another sum or product has it below its sign.
    """
    again = (node for node in rest.nodes[1:] if is_sum(node) and letters & letters_of(node))
    last = next(again, rest.nodes[-1])
    if len(rest.nodes) == 1 or (last is rest.nodes[-1] and letters & letters_of(last)):
        return
    what = f"does the product reach over {written(last)}?"
    raise Unreadable(
        last.at, written(last), what, "write \\prod [ ... ] over all of it, or put it in front"
    )


def derivative_end(rest: Factors, by: Node | None, here: Environment) -> int | None:
    """Where a derivative of an application ends, if what stands behind it does not vary.

    ``\\nabla_\\theta f(\\theta) b`` is b times the gradient of f, however far the sign reaches; of
    ``\\nabla_\\theta \\log f(\\theta) b`` so it is where the logarithm ends with its brackets.
    """
    if by is None or len(rest.nodes) < 2 or any(rest.joins):
        return None
    first = rest.nodes[0]
    logarithm = isinstance(first, Leaf) and first.kind == "FUNCTION" and first.text in ("log", "ln")
    inside = rest.after(1) if logarithm else rest
    if len(inside.nodes) < 3 or not isinstance(unscripted(inside.nodes[1]), Group):
        return None
    if operand_length(inside, here) != 2:
        return None
    behind = inside.after(2)
    if is_sum(behind.nodes[0]) or _depends_on(behind.node, by, here):
        return None
    if logarithm:
        text = written(inside.first(2).node)
        here.mention(f"\\log is read to end behind {text}, and so is the derivative")
        what = f"does the logarithm end behind {text}?"
        here.question(Question(first.at, written(rest.node), what, _PARENTHESES))
    return len(rest.nodes) - len(behind.nodes)


@dataclass(frozen=True)
class Gradient:
    """What a gradient is taken of, how many factors that is, and whether it is transposed."""

    of: Factors
    count: int
    turned: bool


def gradient_of_number(rest: Factors, here: Environment) -> Gradient | None:
    """Where a gradient of ``f(x)`` ends, a number, whatever stands behind it.

    In ``\\nabla f(x)^\\top u`` and ``\\nabla^2 f(x) u`` nobody transposes a number, and there is no
    gradient of an array: what is transposed, or stands before the array, is that of f.
    """
    name, *others = rest.nodes
    if is_sum(name) or any(rest.joins[:1]):
        return None
    apart = _transpose_apart(name) if not others or not bracket_follows(rest) else None
    if apart is not None:
        found = Gradient(Factors((apart,), ()), 1, turned=True)
    elif others and (behind := _transpose_apart(others[0])) is not None:
        found = Gradient(Factors((name, behind), ("",)), 2, turned=True)
    elif len(others) > 1 and isinstance(others[0], Group) and not rest.joins[1]:
        found = Gradient(rest.first(2), 2, turned=False)
    else:
        return None
    if isinstance(function_of(found.of.nodes[0], here), str | None):
        return None
    return found if _is_gradient_alone(found, rest, here) else None


def _is_gradient_alone(found: Gradient, rest: Factors, here: Environment) -> bool:
    """Whether this is a number that is differentiated, transposed or before an array."""
    aside = replace(here, notes=[], doubts=[], questions=[], met=set())
    behind = rest.after(found.count)
    try:
        if found.count == 2 and resolve(found.of.node, aside).shape:
            return False
        return found.turned or bool(resolve(behind.node, aside).shape)
    except (IllFormed, Unreadable):
        return False


def _transpose_apart(node: Node) -> Node | None:
    """What stands below the sign of a transpose and nothing else: ``(x)`` of ``(x)^\\top``."""
    if not isinstance(node, Script) or node.sup is None or node.primes:
        return None
    sign = node.sup.only
    if not isinstance(sign, Leaf) or not (sign.kind == "TOP" or sign.text == "T"):
        return None
    return replace(node, sup=None) if node.sub is not None else node.base


def _depends_on(node: Node, by: Node, here: Environment) -> bool:
    """Whether something is no number, or depends on a variable; so too where that is not clear."""
    try:
        value, varied = resolve(node, here.inside(node)), resolve(by, here)
    except (IllFormed, Unreadable):
        return True
    return bool(value.shape) or bool({*free_in(value).variables} & {*free_in(varied).variables})


def function_reach(name: str, rest: Factors, whole: Node, here: Environment) -> int:
    """How many factors ``\\log`` reaches over."""
    reach = side_by_side(rest, here)
    joins = rest.joins if is_sum(rest.nodes[0]) else rest.joins[reach - 1 : reach]
    if "/" in joins or (any(joins) and not is_sum(rest.nodes[0])):
        what = f"how far does \\{name} reach?"
        raise Unreadable(rest.nodes[0].at, written(whole), what, _PARENTHESES)
    if name == "log":
        reach = _over_exponential(reach, rest, here)
    if not is_single_operand(rest.first(reach), here):
        inside = written(rest.first(reach).node)
        said = f"\\{name} without parentheses is read to reach over {inside}"
        surely = _holds_letter(rest.first(reach)) or inside.replace(" ", "") == r"2\pi"
        (here.mention if surely else here.note)(said)
    return reach


def _holds_letter(factors: Factors) -> bool:
    """Whether the last factor under a sum has its letter: it cannot stand outside of the sum."""
    first, last = factors.nodes[0], factors.nodes[-1]
    below = first.sub if isinstance(first, Script) else None
    bound = letters_of(below) if is_sum(first) and below is not None else set()
    return bool(bound & letters_of(last))


def _over_exponential(reach: int, rest: Factors, here: Environment) -> int:
    """How far a logarithm reaches where ``\\exp`` ends the term: ``\\log \\frac{1}{s} \\exp(-z)``.

    It is mostly meant to hold all of a density, and so it is asked.
    """
    if reach == len(rest.nodes) or rest.joins[reach - 1]:
        return reach
    behind = rest.after(reach)
    if function_of(behind.nodes[0], here) != "exp":
        return reach
    if any(behind.joins) or operand_length(behind, here) < len(behind.nodes):
        raise unclear_reach(behind.nodes[0])
    what = f"does the logarithm reach over {written(behind.node)}?"
    here.question(Question(rest.nodes[0].at, written(rest.node), what, _PARENTHESES))
    return len(rest.nodes)


def side_by_side(rest: Factors, here: Environment) -> int:
    count = operand_length(rest, here)
    if count > 1 and count < len(rest.nodes) and not rest.joins[count - 1]:
        if not _begins_another(rest.nodes[count], here):
            raise unclear_reach(rest.nodes[count])
        return count
    while count < len(rest.nodes) and not rest.joins[count - 1]:
        node = rest.nodes[count]
        if _begins_another(node, here):
            break
        called = function_of(node, here) is not None and bracket_follows(rest.after(count))
        if called or isinstance(unscripted(node), Group):
            raise unclear_reach(node)
        count += 1
    return count


def unclear_reach(node: Node) -> Unreadable:
    return Unreadable(node.at, written(node), "does the function reach this far?", _PARENTHESES)


def _begins_another(node: Node, here: Environment) -> bool:
    """Whether a sum or an elementary function begins here: the one before ends."""
    return is_sum(node) or isinstance(function_of(node, here), str)


def unscripted(node: Node) -> Node:
    """What stands below and left of scripts."""
    return node.base if isinstance(node, Script) else node


def bracket_follows(rest: Factors) -> bool:
    if not rest.adjacent:
        return False
    inner = unscripted(rest.nodes[1])
    return isinstance(inner, Group) and inner.bracket in ("(", "[", r"\{")


def is_indicator(node: Node, factors: Factors) -> bool:
    """Whether this is an indicator's sign with a relation behind or below it: 1, or I."""
    base = unscripted(node)
    if not isinstance(base, Leaf):
        return False
    brackets = {"INDICATOR": ("(", "[", r"\{"), "LETTER": ("(", "[", r"\{"), "NUMBER": ("[", r"\{")}
    if base.kind not in brackets or (base.kind != "INDICATOR" and base.text not in ("1", "I")):
        return False
    if isinstance(node, Script):
        return node.sub is not None and _says(node.sub)
    following = unscripted(factors.nodes[1]) if factors.adjacent else None
    if not isinstance(following, Group) or following.bracket not in brackets[base.kind]:
        return False
    return _says(following.content) or not following.content.items


def stands_indicator(node: Node, factors: Factors, here: Environment) -> bool:
    """Whether an indicator stands here, and no number or matrix that is declared."""
    declared = isinstance(node, Leaf) and here.scope.declares(node.text)
    return is_indicator(node, factors) and not declared


def _says(content: Content) -> bool:
    """Whether these are relations, and nothing else."""
    return bool(content.items) and all(
        isinstance(item, Relation) or (isinstance(item, Group) and _says(item.content))
        for item in content.items
    )
