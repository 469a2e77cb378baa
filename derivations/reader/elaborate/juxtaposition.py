"""Juxtaposition: products, and what is applied to what; sums of terms, fractions and brackets.

A product of the syntax tree is a list of factors with the signs between them; `operators` says how
many of them each operand takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivations.language.functions import ABS, SQRT
from derivations.language.index_form import size_term
from derivations.language.traversal import free_in
from derivations.language.tree import ExtremumOver, MatrixProduct, Negative, Pi, Reference, Term
from derivations.reader import environment
from derivations.reader.elaborate import constructors, derivatives, operators
from derivations.reader.elaborate.applications import (
    EXTREMES,
    at_a_point,
    bare,
    base_of_logarithm,
    call,
    derivative_of_bare,
    elementary,
    function_of,
    logarithm,
    named_jacobian,
    power_of_function,
    undotted,
)
from derivations.reader.elaborate.constructors import (
    OF_VECTORS,
    applied_to,
    axis_below,
    determinant,
    transposed,
)
from derivations.reader.elaborate.derivatives import (
    differential,
    differentiated_of,
    is_differential,
)
from derivations.reader.elaborate.expectations import (
    density,
    density_in,
    divergence,
    expectation,
    is_divergence,
    is_divergence_of_letters,
    is_expectation,
    is_moment,
    is_variance,
    moment,
    variance,
)
from derivations.reader.elaborate.identifiers import (
    PI,
    atom,
    evaluated_at,
    evaluated_where,
    is_at_its_own,
    norm,
    picked,
    require_no_application,
    superscripted,
    without_own_argument,
)
from derivations.reader.elaborate.indexing import how_many, space_named, subset_named
from derivations.reader.elaborate.matrices import diagonal, dotted, is_block, product_of_blocks
from derivations.reader.elaborate.operators import (
    Factors,
    before_next_link,
    bracket_follows,
    derivative_end,
    function_reach,
    gradient_of_number,
    is_product,
    is_single_operand,
    is_sum,
    open_sums,
    operand_length,
    require_derivative_ends,
    require_product_ends,
    side_by_side,
    stands_indicator,
    summation,
    unclear_reach,
    unscripted,
    with_reaching_sums,
)
from derivations.reader.elaborate.piecewise import indicator
from derivations.reader.elaborate.probabilities import of_count, probability, probability_here
from derivations.reader.environment import (
    Environment,
    Function,
    IllFormed,
    Named,
    fitted,
    is_dots,
    is_list,
    is_reaching,
    letter_of,
    letters_from,
    name_of,
    raised_name,
    resolve,
    scalar,
)
from derivations.reader.latex_commands import (
    DIAGONAL,
    MATRIX_FUNCTIONS,
    NAMES_OF_FUNCTIONS,
    VOCABULARY,
)
from derivations.reader.source import MOST_FACTORS, MOST_SIDE_BY_SIDE, HowFar, Question, Unreadable
from derivations.reader.syntax import (
    EVALUATED,
    FACTORIAL,
    SQUARE_ROOT,
    Accented,
    Content,
    Fraction,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    written,
)


@resolve.register
def _terms(node: Terms, here: Environment) -> Term:
    node = _with_signed_summands(node, here)
    if is_reaching():
        node = with_reaching_sums(node, here)
    run = dotted(node, here) if any(map(is_dots, node.parts)) else None
    parts = []
    open_letters: dict[str, str] = {}
    for number, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        if run is not None and run.start < number < run.end:
            continue
        value = run.value if run is not None and number == run.start else resolve(part, here)
        _ask_how_far(open_letters, value, part, here)
        if any(map(is_sum, part.factors if isinstance(part, Product) else (part,))):
            open_letters |= {letter.latex: letter.name for letter in open_sums(value)}
        parts.append(Negative(value, at=value.at) if sign == "-" else value)
    return parts[0] if len(parts) == 1 else constructors.plus(parts, node, here)


def _ask_how_far(sums: dict[str, str], value: Term, part: Node, here: Environment) -> None:
    """``\\sum_i y_i + z_i``: whoever has i behind the sum may mean the sum to reach so far."""
    for letter in free_in(value).indices:
        if letter.latex in sums:
            what = f"does the sum over {sums[letter.latex]} reach as far as here?"
            advice = r"write \sum [ ... ] over both, or another letter in one"
            asked = HowFar(part.at, written(part), what, advice)
            asked.letter = letter.latex
            here.question(asked)


def _with_signed_summands(node: Terms, here: Environment) -> Terms:
    """``\\sum_i -x_i`` as the sum of ``(-x_i)``: the minus stands where its operand begins."""
    signs: list[str] = []
    parts: list[Node] = []
    for sign, part in zip(node.signs, node.parts, strict=True):
        before = parts[-1] if parts else None
        factors = before.factors if isinstance(before, Product) else (before,)
        last = factors[-1]
        if sign != "-" or last is None or before is None or not is_sum(last):
            signs.append(sign)
            parts.append(part)
            continue
        inside = Group(part.at, "(", Content(part.at, (Terms(part.at, ("-",), (part,)),)))
        joins = before.joins if isinstance(before, Product) else ()
        kept = tuple(each for each in factors if each is not None)
        parts[-1] = Product(before.at, (*kept, inside), (*joins, ""))
        here.note(f"{written(last)} is read to reach over -{written(part)}")
    return Terms(node.at, tuple(signs), tuple(parts)) if len(parts) < len(node.parts) else node


@resolve.register
def _fraction(node: Fraction, here: Environment) -> Term:
    found = derivatives.quotient(node, here)
    if found is not None:
        inside, by = found
        bare = derivative_of_bare(inside, by, node, here)
        if bare is not None:
            return bare
        value = differentiated_of(inside, here)
        return derivatives.differentiated(value, by, node, here, inside)
    if derivatives.operator(node, here) is not None:
        raise Unreadable(node.at, written(node), "of what?", "its operand is missing")
    return constructors.over(resolve(node.over, here), resolve(node.under, here), node, here)


@resolve.register
def _group(node: Group, here: Environment) -> Term:
    inside = node.content.only
    if node.bracket == "<":
        return _inner(node, here)
    if is_list(node):
        what = "a row or a column?"
        raise Unreadable(node.at, written(node), what, "write (..)^T for a column, or a matrix")
    if inside is None and is_block(node, here):
        what, advice = "vectors below one another", "write products block by block: W_h h + W_x x"
        raise Unreadable(node.at, written(node), what, advice)
    if inside is None:
        what, advice = "a list where one thing is expected", "define a function with its arguments"
        raise Unreadable(node.at, written(node), what, advice)
    if node.bracket == "|":
        subset = subset_named(inside, here)
        if subset is not None:
            return how_many(subset)
        return _between_bars(inside, node, here)
    if node.bracket == r"\|":
        return norm(inside, None, node, here)
    if node.bracket == FACTORIAL:
        return of_count(node, here)
    if node.bracket == SQUARE_ROOT:
        value = resolve(inside, here)
        if value.shape and None not in value.shape:
            advice = "write the root of each entry"
            raise Unreadable(node.at, written(node), "the root of a matrix", advice)
        return applied_to(SQRT, value, node, here)
    if node.bracket == EVALUATED:
        raise evaluated_where(node)
    if isinstance(inside, Relation):
        return _bracketed(node, here)
    return resolve(inside, here)


def _between_bars(inside: Node, node: Group, here: Environment) -> Term:
    """The size of a set, or the absolute value of a number."""
    name = name_of(inside)
    if name in VOCABULARY and name in here.scope.things and name not in here.scope.sets:
        what, advice = "a determinant, or a size?", "write the size by its name"
        raise Unreadable(node.at, written(node), what, advice)
    braces = isinstance(inside, Group) and inside.bracket in ("[", r"\{")
    unknown = isinstance(inside, Leaf) and inside.kind in ("LETTER", "WORD")
    unknown = unknown and not here.scope.declares(name) and name != PI
    if braces or unknown or name in VOCABULARY or name in here.scope.sets:
        size = size_term(space_named(inside, here).size)
        return fitted(node, lambda: size)
    value = resolve(inside, here)
    if value.shape and value.shape[0] == value.shape[1]:
        here.mention(f"{written(node)} is read as a determinant")
        return determinant(value, node, here)
    if value.shape:
        what, advice = "a norm, a determinant, or a size?", r"write \lVert v \rVert for a norm"
        raise Unreadable(node.at, written(node), what, advice)
    return applied_to(ABS, value, node, here)


def _bracketed(node: Group, here: Environment) -> Term:
    """``[w = o]``, Iverson's bracket; a condition in parentheses stands at the end of a side."""
    if node.bracket != "[":
        advice = "a condition stands at the end of a side; an indicator is [w = o]"
        raise Unreadable(node.at, written(node), "a relation where a number is expected", advice)
    here.note(f"{written(node)} is read as one where it holds, else zero")
    return indicator(node.content, here)


def _inner(node: Group, here: Environment) -> Term:
    if len(node.content.items) != 2:
        raise Unreadable(node.at, written(node), "an inner product takes two vectors")
    left, right = (resolve(item, here) for item in node.content.items)
    return constructors.inner(left, right, node, here)


@resolve.register
def _product(node: Product, here: Environment) -> Term:
    node = _with_words(node, here)
    slashed = derivatives.slashed(node, here)
    if slashed is not None:
        inside, by = slashed
        value = resolve(inside, here.inside(node))
        return derivatives.differentiated(value, by, node, here, inside)
    factors = Factors(node.factors, node.joins)
    blocks = None
    if _may_be_in_blocks(node, here) and all(join in ("", r"\cdot") for join in node.joins):
        blocks = product_of_blocks(node.factors, node, here)
    if blocks is not None and not any(map(_reaches_on, node.factors[: blocks[1]])):
        return _around(factors, *blocks, node, here)
    try:
        return _of(factors, node, here)
    except IllFormed:
        _require_no_block(node)  # [A \; B] [x; h] is no product of A and B
        raise


def _may_be_in_blocks(node: Product, here: Environment) -> bool:
    """Whether a factor may be a matrix that is written, or declared, in blocks."""
    begins = map(environment.beginning, node.factors)
    return bool(here.scope.in_blocks) or any(map(environment.BLOCKS.may_begin, begins))


def _reaches_on(node: Node) -> bool:
    """Whether what stands behind a factor belongs to it: a sum, a derivative, a function."""
    return (
        not isinstance(node, Group | Script | Leaf | Accented)
        or is_sum(node)
        or (isinstance(node, Leaf) and node.kind not in ("LETTER", "NUMBER"))
    )


def _around(
    factors: Factors, value: Term, start: int, end: int, whole: Node, here: Environment
) -> Term:
    """A product with the value of its factors from ``start`` to ``end``."""
    found = _Runs(whole, here)
    if start:
        found.add(_of(factors.first(start), whole, here), "", start)
    found.add(value, "", end - start)
    if end < len(factors.nodes):
        found.add(_of(factors.after(end), whole, here), "", len(factors.nodes) - end)
    return found.product()


def _require_no_block(node: Product) -> None:
    """Refuse a product with ``[x; h]``: what stands before it is mostly made of blocks as well."""
    for each in node.factors:
        if isinstance(each, Group) and {*each.content.separators} in ({";"}, {","}):
            what, advice = "vectors below one another", "write products block by block"
            raise Unreadable(each.at, written(each), what, advice)


@resolve.register(Leaf)
@resolve.register(Script)
@resolve.register(Accented)
def _single(node: Node, here: Environment) -> Term:
    return _of(Factors((node,), ()), node, here)


def _of(factors: Factors, whole: Node, here: Environment) -> Term:
    """The product, loosest signs last: what stands side by side belongs together."""
    here = _by_entries(factors, here)
    found = _Runs(whole, here)
    join = ""
    before: Node | None = None
    while factors.nodes:
        if before is not None and not join:
            _require_apart(before, factors.nodes[0])
        if found.runs and join in ("", r"\cdot") and found.linked(factors.nodes[0]):
            join = factors.joins[0] if len(factors.nodes) > 1 else ""
            before, factors = factors.nodes[0], factors.after(1)
            continue
        try:
            value, used, length = _next(factors, whole, here)
        except derivatives.OfMatrix as by_matrix:
            if not isinstance(factors.nodes[0], Fraction) or join not in ("", r"\cdot"):
                raise
            if found.runs:
                found.contract(by_matrix)
                used = 1
                join = factors.joins[0] if len(factors.nodes) > 1 else ""
                before, factors = factors.nodes[0], factors.after(1)
                continue
            if not factors.adjacent and factors.joins[:1] != (r"\cdot",):
                raise
            weights, used, length = _next(factors.after(1), whole, here)
            value, used = by_matrix.times(weights, here), used + 1
        if isinstance(value, Pi) and (before is None or not _is_number(before)):
            what = "is \\pi the number 3.14..., or something that is not declared?"
            here.question(Question(whole.at, written(whole), what, "declare it"))
        behind_d = not join and isinstance(before, Leaf) and before.text == "d"
        if behind_d and (value.shape or here.scope.unsure_of_d):
            what = "is d the size that is declared, or a differential?"
            here.question(Question(whole.at, written(whole), what, "write d \\cdot for the size"))
        found.add(value, join, length)
        join = factors.joins[used - 1] if used < len(factors.nodes) else ""
        before, factors = factors.nodes[used - 1], factors.after(used)
    return found.product()


def _by_entries(factors: Factors, here: Environment) -> Environment:
    """Where factors of an entrywise product are read, and what is such a factor in brackets."""
    by_entries = r"\odot" in factors.joins or (here.by_entries and len(factors.nodes) == 1)
    return replace(here, by_entries=by_entries) if by_entries != here.by_entries else here


Read = tuple[Term, int, int]  # its term, how many factors it takes, as how many below a slash


def _next(factors: Factors, whole: Node, here: Environment) -> Read:
    """The first operand, how many factors it takes, and as how many it counts below a slash."""
    factors = Factors((undotted(factors.nodes[0], here), *factors.nodes[1:]), factors.joins)
    following = _behind(factors)
    begins = environment.beginning(factors.nodes[0], following)
    for trigger, rule in RULES:
        found = rule(factors, whole, here) if trigger.may_begin(begins) else None
        if found is not None:
            return found
    return _name(factors, here)


def _behind(factors: Factors) -> Node | None:
    """What stands right behind the first factor."""
    return factors.nodes[1] if factors.adjacent else None


def _bracket(factors: Factors) -> Group | None:
    """The brackets right behind the first factor, scripts left off."""
    following = _behind(factors)
    group = None if following is None else unscripted(following)
    return group if isinstance(group, Group) else None


def _sum(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, rest = factors.nodes[0], factors.after(1)
    if not is_sum(node):
        return None
    operand = _operand(node, rest, whole)
    over, inside = operators.summation(node, here, operand)
    if is_product(node):
        require_product_ends(rest, {each.letter for each in over.binders})
    value = resolve(operand, inside)
    if is_product(node) and value.shape:
        what, advice = "a product of matrices over a range", "write its factors out"
        raise Unreadable(node.at, written(node), what, advice)
    return over.of(value), len(factors.nodes), 1 if is_single_operand(rest, inside) else 2


def _derivative(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, rest = factors.nodes[0], factors.after(1)
    sign = derivatives.operator(node, here)
    if sign is None:
        return None
    alone = gradient_of_number(rest, here) if rest.nodes else None
    if alone is not None:
        of = alone.of.node
        value = derivatives.differentiated(differentiated_of(of, here), sign, whole, here, of)
        value = transposed(value, whole) if alone.turned else value
        return value, 1 + alone.count, 1
    rest = before_next_link(node, rest, whole, here)
    ended = derivative_end(rest, sign.by, here)
    rest = rest if ended is None else rest.first(ended)
    operand = _operand(node, rest, whole)
    plain = without_own_argument(rest, sign.by, here)
    if plain is not None:
        operand = plain
    else:
        require_derivative_ends(node, rest, sign.by, here)
    found = None if sign.by is None else derivative_of_bare(operand, sign.by, whole, here)
    if found is None:
        value = differentiated_of(operand, here)
        found = derivatives.differentiated(value, sign, whole, here, operand)
    elif sign.twice:
        once = replace(sign, twice=False)
        found = derivatives.differentiated(found, once, whole, here, operand)
    return found, 1 + len(rest.nodes), 2


def _at_a_point(factors: Factors, whole: Node, here: Environment) -> Read | None:
    group = _bracket(factors)
    if group is None or group.bracket != "(":
        return None
    if group.content.only is None:
        several = _at_several(factors, group, whole, here)
        return None if several is None else _scripted(several, factors, here)
    found = at_a_point(factors.nodes[0], group, factors.first(2).node, here)
    return None if found is None else _scripted(found, factors, here)


def _at_several(factors: Factors, group: Group, whole: Node, here: Environment) -> Term | None:
    """``\\frac{\\partial f}{\\partial x}(1, 2)``: the derivative of f, at what stands behind it."""
    node = factors.nodes[0]
    inside = node.content.only if isinstance(node, Group) and node.bracket == "(" else node
    if isinstance(inside, Product) and len(inside.factors) == 2 and not any(inside.joins):
        inside = inside.factors[1] if isinstance(inside.factors[0], Fraction) else None
    taken = derivatives.quotient(inside, here) if isinstance(inside, Fraction) else None
    function = function_of(taken[0], here) if taken is not None else None
    slots = function.slots if isinstance(function, Function) else ()
    own = [each.declared for each in slots if isinstance(each.declared, Reference)]
    if not own or not len(own) == len(slots) == len(group.content.items):
        return None
    given = [resolve(item, here) for item in group.content.items]
    puts = [(at, put) for at, put in zip(own, given, strict=True) if at != put]
    here.mention(f"{written(factors.first(2).node)} is read as the derivative there")
    return evaluated_at(resolve(node, here), puts, whole, here)


def _jacobian(factors: Factors, whole: Node, here: Environment) -> Read | None:
    found = named_jacobian(factors.nodes[0], _behind(factors), here)
    return None if found is None else (found, 2, 1)


def _differential(factors: Factors, whole: Node, here: Environment) -> Read | None:
    if not factors.adjacent or not is_differential(factors.nodes[0], here):
        return None
    rest = factors.after(1)
    count = operand_length(rest, here)
    found = differential(rest.first(count).node, factors.first(count + 1).node, here)
    return found, count + 1, 2


def _function(factors: Factors, whole: Node, here: Environment) -> Read | None:
    function = function_of(factors.nodes[0], here)
    return None if function is None else _application(function, factors, whole, here)


def _probability(factors: Factors, whole: Node, here: Environment) -> Read | None:
    found = probability_here(factors.nodes[0], _behind(factors), here)
    if found is None:
        return None
    return _scripted(probability(found, factors.first(2).node, here), factors, here)


def _density(factors: Factors, whole: Node, here: Environment) -> Read | None:
    normal = density_in(factors.nodes[0], _bracket(factors), here.scope)
    if normal is None:
        return None
    return _scripted(density(normal, factors.first(2).node, here), factors, here)


def _name(factors: Factors, here: Environment) -> Read:
    """A name, alone or in front of brackets that are its subscripts, or say what it is of."""
    node, following = factors.nodes[0], _behind(factors)
    _require_no_label(node, following, here)
    value = atom(node, here)
    if following is None:
        return value, 1, 1
    if _is_entry(value, following, here):
        assert isinstance(following, Group)
        entry = Script(node.at, node, following.content)
        return picked(Named((), value), entry, here), 2, 1
    if is_at_its_own(value, following, here):
        here.note(
            f"{written(factors.first(2).node)}: {written(node)} was defined without arguments"
        )
        if isinstance(following, Script):
            value = _with_scripts(value, following, "", here)
        return value, 2, 1
    require_no_application(node, value, following, here)
    return value, 1, 1


def _moment(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, group = factors.nodes[0], _bracket(factors)
    if group is None or not is_moment(node, group, here):
        return None
    return _scripted(moment(node, group, factors.first(2).node, here), factors, here)


def _expectation(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, group = factors.nodes[0], _bracket(factors)
    if not isinstance(node, Script) or group is None:
        return None
    if not is_expectation(node, group, here):
        return None
    return _scripted(expectation(node, group, whole, here), factors, here)


def _variance(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, group = factors.nodes[0], _bracket(factors)
    if not isinstance(node, Script) or group is None:
        return None
    if not is_variance(node, group, here):
        return None
    return _scripted(variance(node, group, whole, here), factors, here)


def _divergence(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node, group = factors.nodes[0], _bracket(factors)
    if group is None or not is_divergence(node, group, here):
        return None
    return _scripted(divergence(node, group, here), factors, here)


def _scripted(value: Term, factors: Factors, here: Environment) -> Read:
    """An application with what stands above and below its brackets."""
    following = factors.nodes[1]
    if isinstance(following, Script):
        value = _with_scripts(value, following, "", here)
    return value, 2, 1


def _is_diagonal(node: Node, factors: Factors, here: Environment) -> bool:
    """Whether ``\\operatorname{diag}(...)`` stands here, where nothing else is called so."""
    if not isinstance(node, Leaf) or node.kind != "WORD" or node.text not in DIAGONAL:
        return False
    return bracket_follows(factors) and not here.scope.declares(node.text)


def _diagonal(factors: Factors, whole: Node, here: Environment) -> Read | None:
    if not _is_diagonal(factors.nodes[0], factors, here):
        return None
    following = factors.nodes[1]
    group = unscripted(following)
    assert isinstance(group, Group)
    inside = replace(here, by_entries=True)
    value = diagonal(group.content, factors.first(2).node, inside)
    if isinstance(following, Script):
        value = _with_scripts(value, following, "", here)
    return value, 2, 1


def _with_words(node: Product, here: Environment) -> Product:
    """``KL(p, q)``: letters side by side that were declared as one name are that name."""
    factors: list[Node] = []
    joins: list[str] = []
    at = 0
    while at < len(node.factors):
        count, word = _word_at(node, at, here)
        factors.append(word)
        joins += node.joins[at + count - 1 : at + count]
        at += count
    return Product(node.at, tuple(factors), tuple(joins)) if joins else _alone_as(factors[0])


def _word_at(node: Product, at: int, here: Environment) -> tuple[int, Node]:
    """The longest declared name that the factors from here on spell, and how many they are."""
    letters = letters_from(node, at)
    for count in range(len(letters), 1, -1):
        text = "".join(letter.text for letter in letters[:count])
        last = node.factors[at + count - 1]
        word: Node = Leaf(letters[0].at, "WORD", text)
        if isinstance(last, Script):
            word = Script(word.at, word, last.sub, last.sup, last.primes)
        names = (text, name_of(word), raised_name(word))
        if any(each in here.scope.functions or each in here.scope.things for each in names):
            if all(here.scope.declares(letter.text) for letter in letters[:count]):
                what = f"letters side by side, or {text}?"
                advice = f"write \\mathrm{{{text}}}, or \\cdot between the letters"
                raise Unreadable(letters[0].at, text, what, advice)
            return count, word
    begins = environment.beginning(node.factors[at])
    if environment.DIVERGENCE_IN_LETTERS.may_begin(begins) and is_divergence_of_letters(node, at):
        return 2, Leaf(node.factors[at].at, "WORD", "KL")
    _require_no_function("".join(letter.text for letter in letters), node, at + len(letters))
    return 1, node.factors[at]


def _require_no_function(text: str, node: Product, at: int) -> None:
    """Refuse ``tr(A)``, which names a function, where its letters are declared or not."""
    following = node.factors[at] if at < len(node.factors) else None
    brackets = isinstance(following, Group) and following.bracket in ("(", "[", r"\{")
    if text in NAMES_OF_FUNCTIONS and brackets and not node.joins[at - 1]:
        advice = f"write \\operatorname{{{text}}}, or \\cdot between the letters"
        place = node.factors[at - len(text)].at
        raise Unreadable(place, text, "letters side by side, or a function?", advice)


def _alone_as(node: Node) -> Product:
    return Product(node.at, (node,), ())


def _is_entry(value: Term, following: Node, here: Environment) -> bool:
    """Whether ``A[i, j]`` or ``A[i, :]`` stands here; one thing in brackets may be a factor."""
    if (
        not isinstance(following, Group)
        or following.bracket != "["
        or environment.is_list(following)
    ):
        return False
    if is_block(following, here):
        return False
    return bool(value.shape) and len(following.content.items) > 1


def _operand(sign: Node, rest: Factors, whole: Node) -> Node:
    if not rest.nodes:
        raise Unreadable(whole.at, written(sign), "of what?", "its operand is missing")
    return rest.node


def _require_no_label(node: Node, following: Node | None, here: Environment) -> None:
    """Refuse ``b(s)`` of a label b, which is neither a number nor declared as a function."""
    letter = here.scope.letter(letter_of(node)) if letter_of(node) else None
    group = unscripted(following) if following is not None else None
    if letter is None or not letter.space.labels or not isinstance(group, Group):
        return
    if group.bracket == "(" and letter_of(node) not in here.scope.drawn:
        name = written(node)
        what = f"{name} is a member of {letter.space.name}: what is {name}(...)?"
        raise Unreadable(node.at, name, what, "call the function, or the index, otherwise")


def _application(
    function: Function | str, factors: Factors, whole: Node, here: Environment
) -> Read:
    """The value, how many factors it takes, and as how many it counts below a slash."""
    node = factors.nodes[0]
    if function in EXTREMES and isinstance(node, Script) and node.sub is not None:
        return _extremum_over(node, factors, whole, here)
    if bracket_follows(factors):
        following = factors.nodes[1]
        inner = unscripted(following)
        assert isinstance(inner, Group)
        application = Product(node.at, (node, inner), ("",))
        value = call(function, node, inner.content, application, here)
        below = isinstance(node, Script) and node.sub is not None and not axis_below(node.sub)
        if below and isinstance(node, Script) and function in OF_VECTORS:
            value = picked(Named((), value), node, here)
        if isinstance(following, Script):
            value = _with_scripts(value, following, function, here)
        return value, 2, 1
    if isinstance(function, Function):
        scripts = isinstance(node, Script) and (node.primes or node.sup)
        if scripts and raised_name(node) != function.name:
            raise Unreadable(node.at, written(node), "of what?", "give it an argument")
        return bare(function, node, here), 1, 1
    return _without_brackets(function, factors, whole, here)


def _extremum_over(node: Script, factors: Factors, whole: Node, here: Environment) -> Read:
    """``\\max_i x_i``, over a set or all of its members but some."""
    assert isinstance(node.base, Leaf)
    name, rest = node.base.text, factors.after(1)
    if node.primes or not factors.adjacent:
        raise Unreadable(node.at, written(node), "of what?", f"write \\{name}_i (...)")
    if bracket_follows(factors):
        inside, used, length = factors.nodes[1], 2, 1
        if isinstance(inside, Script):
            what, advice = "a script behind brackets", "put all of it in brackets"
            raise Unreadable(inside.at, written(inside), what, advice)
    else:
        count = function_reach(name, rest, whole, here.inside(node))
        inside, used = rest.first(count).node, count + 1
        length = 1 if is_single_operand(rest.first(count), here) else 2
    said, inner = summation(node, here, inside)
    if len(said.binders) != 1 or said.binders[0].lower or said.binders[0].upper:
        what, advice = f"\\{name} over a part of a range", "write it over a set, or of (a, b)"
        raise Unreadable(node.at, written(node), what, advice)
    only = inside.content.only if isinstance(inside, Group) else inside
    if said.tests:
        what, advice = f"\\{name} over where a number is one of two", "write it over a set"
        raise Unreadable(node.at, written(node), what, advice)
    if only is None:
        raise Unreadable(inside.at, written(inside), "one number is expected here")
    body = scalar(only, inner, f"\\{name} over a range")
    over = said.binders[0].variable
    term = fitted(node, lambda: ExtremumOver(over, body, where=said.where, least=name == "min"))
    return term, used, length


def _with_scripts(value: Term, node: Script, name: Function | str, here: Environment) -> Term:
    if node.primes:
        raise Unreadable(node.at, written(node), "a prime behind an application")
    if node.sub is not None:
        value = picked(Named((), value), node, here)
    if node.sup is not None and name == "log":
        what = "a power of the logarithm, or the logarithm of a power?"
        raise Unreadable(node.at, f"\\log{written(node)}", what, "write (\\log(...))^2")
    return superscripted(value, node, here)


def _without_brackets(name: str, factors: Factors, whole: Node, here: Environment) -> Read:
    """``\\exp u^T v``: over what stands side by side behind it, up to the next such sign."""
    node, rest = factors.nodes[0], factors.after(1)
    power, base = power_of_function(name, node), base_of_logarithm(name, node)
    if isinstance(node, Script) and power is None and base is None:
        advice = f"write (\\{name}(...)) with the power outside"
        raise Unreadable(node.at, written(node), "a script on a function", advice)
    if not factors.adjacent:
        raise Unreadable(node.at, written(node), "of what?", "put its argument in parentheses")
    here = here.inside(node)  # nothing else bounds \log \log \log ... z
    if name in MATRIX_FUNCTIONS:
        return _of_matrix(name, factors, whole, here)
    count = function_reach(name, rest, whole, here)
    inside = rest.first(count).node
    value = elementary(name, Content(inside.at, (inside,)), whole, here)
    value = value if base is None else logarithm(value, base, whole, here)
    value = value if power is None else constructors.power_of(value, power, whole)
    return value, count + 1, 1 if is_single_operand(rest.first(count), here) else 2


def _of_matrix(name: str, factors: Factors, whole: Node, here: Environment) -> Read:
    """``\\det A`` and ``\\operatorname{tr} X^T X``: over one matrix, or all that is one together.

    Where the first factor is a square matrix itself, ``\\det A B`` may be a multiple of B; letters
    right behind one another, as in ``\\det AB``, belong together.
    """
    node, rest = factors.nodes[0], factors.after(1)
    reach, unit = side_by_side(rest, here), operand_length(rest, here)
    if reach > unit:
        first = resolve(rest.first(unit).node, here)
        letters = letters_from(Product(node.at, rest.nodes[:reach], rest.joins[: reach - 1]), 0)
        if first.shape[:1] == first.shape[1:] and len(letters) < reach:
            raise unclear_reach(rest.nodes[unit])
        here.note(
            f"\\{name} without parentheses is read to reach over {written(rest.first(reach).node)}"
        )
    inside = rest.first(reach).node
    value = elementary(name, Content(inside.at, (inside,)), whole, here)
    return value, reach + 1, 1 if reach == unit else 2


def _indicator(factors: Factors, whole: Node, here: Environment) -> Read | None:
    node = factors.nodes[0]
    if not stands_indicator(node, factors, here):
        return None
    if isinstance(node, Script) and node.sub is not None:
        return superscripted(indicator(node.sub, here), node, here), 1, 1
    if isinstance(node, Leaf) and factors.adjacent:
        following = factors.nodes[1]
        inner = unscripted(following)
        if isinstance(inner, Group):
            value = indicator(inner.content, here)
            if isinstance(following, Script):
                value = superscripted(value, following, here)
            return value, 2, 1
    raise Unreadable(node.at, written(node), "an indicator of what?", "write \\mathbb{1}_{w = o}")


# The rule of each construct that a factor may begin, and what has to stand there for it; the first
# that is found counts, and what is none of them is a name.
Rule = Callable[[Factors, Node, Environment], Read | None]
RULES: tuple[tuple[environment.Trigger, Rule], ...] = (
    (environment.SUM, _sum),
    (environment.MOMENT, _moment),
    (environment.EXPECTATION, _expectation),
    (environment.VARIANCE, _variance),
    (environment.DIVERGENCE, _divergence),
    (environment.DERIVATIVE, _derivative),
    (environment.AT_A_POINT, _at_a_point),
    (environment.INDICATOR, _indicator),
    (environment.DIAGONAL_MATRIX, _diagonal),
    (environment.NAMED_JACOBIAN, _jacobian),
    (environment.DIFFERENTIAL, _differential),
    (environment.FUNCTION, _function),
    (environment.PROBABILITY, _probability),
    (environment.DENSITY, _density),
)


@dataclass
class _Run:
    """Operands side by side, and how many they are."""

    value: Term
    length: int


@dataclass
class _Runs:
    """The runs of a product, and the signs between them."""

    whole: Node
    here: Environment
    runs: list[_Run] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    operands: int = 0
    arrays: int = 1

    def add(self, value: Term, join: str, length: int) -> None:
        """One operand more; an empty ``join`` puts it right behind the last one."""
        self.operands += 1
        if self.operands > MOST_SIDE_BY_SIDE:
            excess = f"more than {MOST_SIDE_BY_SIDE} factors in one product"
            raise Unreadable(self.whole.at, written(self.whole)[:40], excess)
        if not self.runs:
            self.runs.append(_Run(value, length))
        elif join:
            self.joins.append(join)
            self.runs.append(_Run(value, length))
        else:
            self.runs[-1] = _Run(self._beside(value), self.runs[-1].length + 1)

    def linked(self, node: Node) -> bool:
        """Whether a derivative was put behind the last operand as the next link of a chain."""
        last = self.runs[-1]
        value = derivatives.linked(last.value, node, self.here) if last.value.shape else None
        if value is None:
            return False
        self.runs[-1] = _Run(value, last.length)
        return True

    def contract(self, third: derivatives.OfMatrix) -> None:
        """The last operand with the derivative of a vector by a matrix behind it."""
        last = self.runs[-1]
        self.runs[-1] = _Run(third.times(last.value, self.here), last.length)

    def _beside(self, value: Term) -> Term:
        last = self.runs[-1].value
        if value.shape and last.shape:
            self.arrays += 1
            if self.arrays > MOST_FACTORS:
                excess = f"more than {MOST_FACTORS} vectors and matrices in one product"
                raise Unreadable(self.whole.at, written(self.whole)[:40], excess)
        try:
            return constructors.times(last, value, self.whole, self.here)
        except IllFormed:
            if r"\cdot" not in self.joins:
                raise
            raise self._refused("in which order are these products?") from None

    def product(self) -> Term:
        """The value of all of it."""
        arrays = [run for run in self.runs if run.value.shape]
        value = self.runs[0].value
        if r"\cdot" not in self.joins or len(arrays) <= 2:
            for join, run in zip(self.joins, self.runs[1:], strict=True):
                value = self._joined(value, join, run)
            return value
        for join, run in zip(self.joins, self.runs[1:], strict=True):
            inner = bool(value.shape and run.value.shape)
            try:
                value = self._joined(value, join, run)
            except IllFormed:
                inner = True
            if inner and not isinstance(value, MatrixProduct):
                raise self._refused("in which order are these products?")
        return value

    def _joined(self, value: Term, join: str, run: _Run) -> Term:
        if join == "/":
            if run.length > 1:
                raise self._refused("what is below the slash?", "write \\frac{..}{..}")
            return constructors.over(value, run.value, self.whole, self.here)
        if join == r"\cdot":
            return constructors.dot(value, run.value, self.whole, self.here)
        if join == r"\odot":
            return constructors.entrywise(value, run.value, self.whole, self.here)
        if join == r"\oslash":
            return constructors.entry_by_entry(value, run.value, self.whole)
        if join == r"\times" and value.shape and run.value.shape:
            advice = "write \\odot for entry by entry, \\cdot for the inner product"
            raise self._refused("which product is this?", advice)
        if join == ".":
            self.here.note(f"the . in {written(self.whole)} is read as a product")
        return constructors.times(value, run.value, self.whole, self.here)

    def _refused(self, what: str, advice: str = "use parentheses") -> Unreadable:
        return Unreadable(self.whole.at, written(self.whole), what, advice)


def _require_apart(before: Node, node: Node) -> None:
    """Refuse two factors side by side that look like one thing of another kind."""
    base = unscripted(node)
    ones = isinstance(node, Script) and node.sub is not None
    raised = isinstance(node, Script) and node.sup is not None  # as in k 2^k
    apart = ones or (raised and not _is_number(unscripted(before)))
    if isinstance(base, Leaf) and base.kind == "NUMBER" and not apart:
        advice = "write a number in front, or \\cdot between"
        raise Unreadable(node.at, written(node), "a number behind a factor", advice)
    mixed = isinstance(node, Fraction) and _is_number(node.over) and _is_number(node.under)
    if mixed and _is_number(before):
        raise Unreadable(node.at, written(node), "a product or a mixed number?", "write \\cdot")
    if not isinstance(node, Group) or node.bracket != "[" or _is_number(before):
        return
    if isinstance(node.content.only, Leaf) and isinstance(before, Leaf | Script):
        advice = "write an entry with a subscript, a product with \\cdot"
        raise Unreadable(node.at, written(node), "an entry or a product?", advice)


def _is_number(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "NUMBER"
