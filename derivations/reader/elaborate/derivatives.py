"""Derivatives and differentials: the signs that say one, what it is of and by, its shape.

A differential ``df`` is a directional derivative along ``dX``.
"""

from __future__ import annotations

import fractions
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TypeGuard

from derivations.claim import Symmetric
from derivations.language.traversal import abstracted, free_in, has_kink, members
from derivations.language.tree import (
    Apply,
    Call,
    Definition,
    Derivative,
    Entry,
    IndexNumber,
    IndexVariable,
    InnerProduct,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Negative,
    Number,
    Offset,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Size,
    Slice,
    Sum,
    Table,
    Target,
    Term,
    Times,
    Transpose,
    Variable,
    Zeros,
    variable_of,
    vector_axis,
)
from derivations.reader.elaborate.intermediates import (
    Held,
    applied,
    function_of_family,
    function_of_part,
    held_beside,
    question_of_own_entry,
    undeclared_loss,
)
from derivations.reader.elaborate.matrices import array_of
from derivations.reader.elaborate.properties import is_above_zero
from derivations.reader.environment import (
    BY_MATRIX,
    BY_PART,
    DIFFERENTIAL_SIGN,
    JACOBIAN,
    UNDECLARED_LOSS,
    Environment,
    Function,
    IllFormed,
    Scope,
    are_nablas_laid_out,
    beginning,
    fitted,
    ill_formed,
    is_numeral,
    name_of,
    raised_name,
    resolve,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Fraction,
    Group,
    Leaf,
    Node,
    Product,
    Script,
    Terms,
    inner,
    is_two,
    nodes,
    written,
)

# Derivatives by a power of a number above zero: ``\frac{\partial \ell}{\partial \sigma^2}``.
#
# Of numbers above zero, sigma is a smooth function of its square, and the other way round: the
# chain rule says what the derivative by the square is, that by sigma over 2 sigma. So it is with
# the logarithm of such a power, which authors of variational autoencoders differentiate by.


@dataclass(frozen=True)
class Root:
    """What a derivative by a power is of a power of, and whether of the logarithm of that."""

    node: Node
    power: int
    logarithm: bool = False


def _root_below(by: Node | None, here: Environment) -> Root | None:
    """What a derivative by a power, or by its logarithm, is of a power of; None for any other."""
    inside = _bare(by)
    if isinstance(inside, Product) and len(inside.factors) == 2 and is_log(inside.factors[0]):
        found = _root(_bare(inside.factors[1]), here, least=1)
        return None if found is None else replace(found, logarithm=True)
    return _root(inside, here, least=2)


def _bare(by: Node | None) -> Node | None:
    """What stands in brackets, or without."""
    return by.content.only if isinstance(by, Group) and by.bracket == "(" else by


def is_log(node: Node) -> bool:
    """Whether this is the sign of the natural logarithm."""
    return isinstance(node, Leaf) and node.kind == "FUNCTION" and node.text == "log"


def _root(node: Node | None, here: Environment, least: int) -> Root | None:
    """The root, where it is a number above zero and at least ``least`` times a factor."""
    if not isinstance(node, Script | Leaf):
        return None
    power = 1
    if isinstance(node, Script) and node.sup is not None:
        above = node.sup.only
        if node.primes or not is_numeral(above) or raised_name(node) in here.scope.things:
            return None
        assert isinstance(above, Leaf)
        node, power = node.base if node.sub is None else replace(node, sup=None), int(above.text)
    if power < least:
        return None
    value = resolve(node, here)
    match value:
        case Reference() | Entry(of=Reference() | Slice()):
            known = not value.shape and is_above_zero(value, here.scope)
            return Root(node, power) if known else None
    return None


def by_power(slope: Term, root: Root, whole: Node, here: Environment) -> Term:
    """The derivative by a power of ``root``, or its logarithm, from the one by that itself."""
    here.mention(f"{written(whole)} is that by {written(root.node)}, by the chain rule")
    value = resolve(root.node, here)
    power = Number(fractions.Fraction(root.power))
    if root.logarithm:
        return fitted(whole, lambda: Quotient(Times(slope, value), power))
    rest = value if root.power == 2 else Power(value, root.power - 1)
    return fitted(whole, lambda: Quotient(slope, Times(power, rest)))


_SECOND = "only first and second derivatives are read"
_ADVICE = "write others as derivatives of derivatives"
_BY = "derivatives are taken by declared scalars, vectors, matrices and their entries"


@dataclass(frozen=True)
class Operator:
    """A sign that differentiates: what it is taken by (None: what the function depends on).

    ``partial`` says that the layout of the line holds for it; a gradient is a column always.
    ``twice`` says that it is taken two times, as ``\\nabla^2`` is.
    """

    by: Node | None
    partial: bool = True
    twice: bool = False


def operator(node: Node, here: Environment) -> Operator | None:
    """``\\frac{\\partial}{\\partial x}``, ``\\partial_x``, ``D_x``, ``\\nabla_x``, ``\\nabla``."""
    if isinstance(node, Fraction):
        _refuse_second(node.over)
        by = _taken_by(node, here) if is_sign(node.over) else None
        return None if by is None else Operator(by)
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Leaf) or not _begins_operator(node, base, here):
        return None
    gradient = base.kind == "NABLA"
    if not isinstance(node, Script):
        return Operator(None, partial=False) if gradient else None
    if gradient and is_two(node.sup) and not node.primes:
        by = node.sub.only if node.sub is not None else None
        if node.sub is None or by is not None:
            return Operator(by, partial=False, twice=True)
    if node.sub is None or node.sub.only is None or node.sup or node.primes:
        advice = "write \\nabla_{v_c}" if gradient else "write \\frac{\\partial}{\\partial x}"
        raise Unreadable(node.at, written(base), "by what?", advice)
    if not gradient:
        here.note(f"{written(node)} is read as the derivative by {written(node.sub.only)}")
    return Operator(node.sub.only, partial=not gradient)


def _begins_operator(node: Node, base: Leaf, here: Environment) -> bool:
    if base.kind in ("NABLA", "PARTIAL"):
        return base.kind == "NABLA" or isinstance(node, Script)
    script = isinstance(node, Script) and node.sub is not None
    if name_of(node) in here.scope.things:
        return False
    return script and base.text == "D" and not here.scope.declares("D")


def quotient(node: Node, here: Environment) -> tuple[Node, Node] | None:
    """What is differentiated and by what, in ``\\frac{\\partial J}{\\partial x}``."""
    if not isinstance(node, Fraction):
        return None
    over = node.over
    if isinstance(over, Terms) and over.signs[0] == "+":
        first, *more = over.parts
        if not is_sign(first) or not _signs_below(node):
            return None
        by = _taken_by(node, here)
        inside: Node = Terms(more[0].at, over.signs[1:], tuple(more))
        if len(more) > 1:
            here.note(f"{written(first)} is read to reach over {written(inside)}")
        return None if by is None else (inside, by)
    if not isinstance(over, Product):
        return None
    first, *rest = over.factors
    found = _taken_by(node, here) if is_sign(first) else None
    if found is None:
        return None
    joins = over.joins[1:]
    return rest[0] if len(rest) == 1 else Product(rest[0].at, tuple(rest), joins), found


def slashed(node: Product, here: Environment) -> tuple[Node, Node] | None:
    """The same of ``\\partial J / \\partial x``, and of ``dJ/dx``."""
    signs = [i for i, f in enumerate(node.factors) if _is_slashed_sign(f, here)]
    if len(signs) != 2 or signs[0] != 0 or node.joins[signs[1] - 1] != "/":
        return None
    if signs[1] != len(node.factors) - 2 or signs[1] < 2:
        advice = "put the derivative in parentheses, or write \\frac"
        raise Unreadable(node.at, written(node), "where does the derivative end?", advice)
    inside = node.factors[1 : signs[1]]
    joins = node.joins[1 : signs[1] - 1]
    what = inside[0] if len(inside) == 1 else Product(inside[0].at, inside, joins)
    return what, node.factors[-1]


def _is_slashed_sign(node: Node, here: Environment) -> bool:
    if not isinstance(node, Leaf):
        return False
    upright = node.kind == "PARTIAL" or node.style == "DIFFERENTIAL"
    return upright or (node.text == "d" and not any("d" in known for known in here.scope.declared))


def _refuse_second(over: Node) -> None:
    first = over.factors[0] if isinstance(over, Product) else over
    if isinstance(first, Script) and isinstance(first.base, Leaf) and first.sup:
        base = first.base
        if base.kind == "PARTIAL" or base.text == "d":
            raise Unreadable(first.at, written(first), _SECOND, _ADVICE)


def varied_in(node: Node) -> tuple[Node, ...]:
    """What the derivatives in a side are taken by, as it stands below their fraction strokes."""
    found = _below_strokes([node])
    return found if len(found) > 1 else ()


def varied_along(sides: Iterable[Node]) -> tuple[Node, ...]:
    """What the derivatives in some sides are taken by, below strokes and below a nabla."""
    return _below_strokes(sides, nablas=True)


def _below_strokes(sides: Iterable[Node], *, nablas: bool = False) -> tuple[Node, ...]:
    found: dict[str, Node] = {}
    for part in nodes(*sides):
        if isinstance(part, Fraction) and isinstance(part.under, Product):
            sign, *rest = part.under.factors
            if is_sign(sign) and len(rest) == 1:
                found.setdefault(written(rest[0]), rest[0])
        below = part.sub.only if isinstance(part, Script) and part.sub is not None else None
        if nablas and below is not None and isinstance(part, Script) and _is_nabla(part.base):
            found.setdefault(written(below), below)
    return tuple(found.values())


def _is_nabla(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind in ("NABLA", "PARTIAL")


def is_sign(node: Node) -> bool:
    """Whether this may be the sign of a derivative: ``\\partial``, d or ``\\delta``."""
    return isinstance(node, Leaf) and (node.kind == "PARTIAL" or node.text in ("d", "\\delta"))


def _signs_below(node: Fraction) -> bool:
    under = node.under
    return isinstance(under, Product) and is_sign(under.factors[0])


def _taken_by(node: Fraction, here: Environment) -> Node | None:
    """What a fraction differentiates by; None where it is a quotient."""
    under = node.under
    if isinstance(under, Script) and isinstance(under.base, Leaf) and under.base.kind == "PARTIAL":
        raise Unreadable(under.at, written(under), _SECOND, _ADVICE)
    if not isinstance(under, Product) or not is_sign(under.factors[0]):
        if isinstance(node.over, Leaf) and node.over.kind == "PARTIAL":
            raise Unreadable(node.at, written(node), "by what?", "write \\partial x below")
        return None
    sign, *rest = under.factors
    assert isinstance(sign, Leaf)
    if under.joins[0] or any(is_sign(factor) for factor in rest):
        raise Unreadable(under.at, written(under), _SECOND, _ADVICE)
    by = rest[0] if len(rest) == 1 else Product(rest[0].at, tuple(rest), under.joins[1:])
    _require_sign(sign, node, by, here)
    return by


def _require_sign(sign: Leaf, node: Fraction, by: Node, here: Environment) -> None:
    """Refuse, or note, a d or ``\\delta`` that might be a factor as well."""
    if sign.kind == "PARTIAL" or sign.style == "DIFFERENTIAL":
        return
    known = here.scope.things.get(sign.text)
    declared = here.scope.declares(sign.text)
    value = _without_transpose(resolve(by, here))[0] if declared else None
    is_size = known is not None and isinstance(known.body, Size)
    by_variable = isinstance(value, Reference | Row | Entry | Slice)
    if value is not None and not value.shape and not (is_size and by_variable):
        advice = "write \\partial for the derivative, or call what is declared otherwise"
        what = f"{sign.text} is declared: a factor, or a derivative?"
        raise Unreadable(node.at, sign.text, what, advice)
    said = f"{written(node)} is read as a derivative by {written(by)}"
    if declared:
        here.note(said)
    elif sign.text != "d":
        here.mention(said)


def differentiated_of(node: Node, here: Environment) -> Term:
    """What a derivative is taken of: a term, or a loss that nothing declares."""
    loss = None
    if UNDECLARED_LOSS.may_begin(beginning(node)) and not here.scope.declares(name_of(node)):
        loss = undeclared_loss(node, here)
    return loss or resolve(node, here.inside(node))


def differentiated(
    of: Term, taken: Operator | Node, whole: Node, here: Environment, operand: Node | None = None
) -> Term:
    """The derivative of a number, in the shape of what it is taken by; of a vector, a matrix."""
    sign = taken if isinstance(taken, Operator) else Operator(taken)
    if sign.by is None and _is_of_numbers(of, operand, here):
        return _by_all_arguments(of, sign, whole, here)
    if sign.by is None and _is_at_a_point(of, operand, here):
        return _gradient_at(of, sign, whole, here)
    if sign.twice:
        return _twice(of, replace(sign, twice=False), whole, here, operand)
    root = _root_below(sign.by, here)
    if root is not None:
        slope = differentiated(of, replace(sign, by=root.node), whole, here, operand)
        return by_power(slope, root, whole, here)
    mention_kinks(of, here)
    value, turned = _by(sign.by, of, whole, here, operand)
    held = held_beside(of, value, operand, whole, here) if here.varied else Held(of)
    function = held.of
    if isinstance(value, Reference) and sign.partial and _is_of_matrix(of, value):
        raise OfMatrix(held, value, whole, turned=turned)
    _question_letters(of, value, whole, here)
    if function is of and isinstance(of, Entry) and isinstance(value, Entry):
        question_of_own_entry(of, value, whole, here)
    match value:
        case Reference() | Slice() | Row(of=Reference()) | Entry(of=Reference() | Slice()):
            _question_zero(function, variable_of(value), whole, operand, here)
            _mention_symmetric(variable_of(value), here)
            found = _derivative(function, value, sign, whole, here)
        case _:
            found = _by_part(function, value, sign, whole, here)
    if held.fixed:
        found = held.put_back(found, whole, here)
    return fitted(whole, lambda: Transpose(found)) if turned else found


def _twice(of: Term, sign: Operator, whole: Node, here: Environment, operand: Node | None) -> Term:
    """``\\nabla^2 f``: by a number the second derivative, by a vector the matrix of all of them.

    Their sum, which is written so as well, is a number: only where a matrix fits is it none.
    """
    found = differentiated(of, sign, whole, here, operand)
    found = differentiated(found, sign, whole, here, operand)
    if found.shape:
        here.mention(f"{written(whole)} is read as the matrix of second derivatives")
        what = "all second derivatives, or their sum?"
        advice = "write \\sum_i \\frac{\\partial^2 f}{\\partial x_i^2} for their sum"
        question = Question(whole.at, written(whole), what, advice)
        question.unless_it_fits = True
        here.question(question)
    return found


def _applied(operand: Node | None, here: Environment) -> Function | None:
    """The function that is applied in what a derivative is taken of, or stands there alone."""
    if operand is None:
        return None
    name = operand.factors[0] if isinstance(operand, Product) else operand
    function = here.scope.functions.get(name_of(name))
    return None if function is None or function.separators else function


def _is_of_numbers(of: Term, operand: Node | None, here: Environment) -> TypeGuard[Call]:
    """Whether this is f(x, y), a function of several numbers that stand beside one another."""
    function = _applied(operand, here)
    if function is None or not isinstance(of, Call) or of.shape:
        return False
    parameters = of.definition.parameters
    numbers = all(isinstance(each, Variable) and not each.shape for each in parameters)
    return function.meaning is of.definition and numbers and len(parameters) > 1


def _is_at_a_point(of: Term, operand: Node | None, here: Environment) -> TypeGuard[Call]:
    """Whether this is f(w^*), a function of one vector at what is no variable."""
    function = _applied(operand, here)
    if function is None or len(function.slots) != 1 or not isinstance(of, Call) or of.shape:
        return False
    if len(of.arguments) != 1:
        return False
    (parameter,), (argument,) = of.definition.parameters, of.arguments
    named = isinstance(argument, Term) and isinstance(_without_transpose(argument)[0], Reference)
    return (
        isinstance(parameter, Variable) and vector_axis(parameter.shape) is not None and not named
    )


def _gradient_at(of: Call, sign: Operator, whole: Node, here: Environment) -> Term:
    """The gradient of a function at a point, or the matrix of its second derivatives there."""
    mention_kinks(of, here)
    (argument,) = of.arguments
    is_name = isinstance(argument, Call) and not argument.arguments
    if isinstance(argument, Term) and free_in(argument).variables and not is_name:
        what = "is this the gradient there, or that of the function of what stands in it?"
        here.question(Question(whole.at, written(whole), what, "write \\nabla_{x}"))
    here.mention(f"{written(whole)} is read as the gradient of {of.definition.name} there")
    return Call(_gradient_of(of.definition, twice=sign.twice), of.arguments)


@lru_cache(maxsize=256)
def _gradient_of(made: Definition, *, twice: bool) -> Definition:
    """The gradient of a function of one vector as a function, or its second derivatives."""
    (parameter,) = made.parameters
    assert isinstance(parameter, Variable)
    by = Reference(parameter)
    body: Term = Derivative(made.body, by)
    body = _matrix_of(body, by) if twice else body
    shown = f"\\nabla{'^2' if twice else ''} {made.name}"
    return replace(made, name=shown, body=body, pattern=_begun(made, shown))


def _by_all_arguments(of: Call, sign: Operator, whole: Node, here: Environment) -> Term:
    """The column of the derivatives by each of the arguments, or the matrix of the second ones.

    Of f(1, 2) they are those of f, at 1 and 2.
    """
    mention_kinks(of, here)
    parameters = [each for each in of.definition.parameters if isinstance(each, Variable)]
    names = ", ".join(each.name for each in parameters)
    here.mention(f"{written(whole)} is read as all derivatives by {names}, in this order")

    here_too = [each for each in of.arguments if isinstance(each, Reference)]
    if len({each.variable for each in here_too}) == len(parameters):
        variables = [each.variable for each in here_too]
        at = partial(_derived, of)
    else:
        variables, at = parameters, partial(_derived_at, of)
    if sign.twice:
        rows = [[at(first, second) for second in variables] for first in variables]
        return array_of(rows, whole, here)
    question = Question(whole.at, written(whole), "is this gradient a row?", "transpose it")
    question.unless_it_fits = True
    here.question(question)
    return array_of([[at(each)] for each in variables], whole, here)


def _derived(of: Term, *by: Variable) -> Term:
    """The derivative by one variable after the other, the last one first."""
    for each in reversed(by):
        of = Derivative(of, Reference(each))
    return of


def _derived_at(of: Call, *by: Variable) -> Term:
    """The same by parameters of a function, at its arguments."""
    made = of.definition
    below = " ".join(rf"\partial {each.latex or each.name}" for each in by)
    power = f"^{len(by)}" if len(by) > 1 else ""
    shown = rf"\frac{{\partial{power} {made.name}}}{{{below}}}"
    body = _derived(made.body, *by)
    return Call(replace(made, name=shown, body=body, pattern=_begun(made, shown)), of.arguments)


def _begun(made: Definition, shown: str) -> tuple[str | int, ...]:
    """How a function is printed, with something else for its name."""
    first, *others = made.pattern or (made.name,)
    begins = isinstance(first, str) and first.startswith(made.name)
    return (shown + str(first)[len(made.name) :], *others) if begins else made.pattern


def _is_of_matrix(of: Term, by: Reference) -> bool:
    return vector_axis(of.shape) is not None and len(by.shape) == 2 and None not in by.shape


def mention_kinks(of: Term, here: Environment) -> None:
    """Say that a gradient is told from a subgradient."""
    if has_kink(of):
        here.mention("nothing is claimed where |.|, sign, max or min has no derivative")


def variable(by: Node, here: Environment) -> tuple[Target, bool]:
    """The variable a derivative is taken by, and whether it stands there transposed.

    Raises Unreadable for anything that is no variable.
    """
    value, turned = _without_transpose(resolve(by, here))
    match value:
        case Reference() | Slice() | Row(of=Reference()) | Entry(of=Reference() | Slice()):
            return value, turned
    raise Unreadable(by.at, written(by), "no variable to differentiate by", _BY)


def _by(
    by: Node | None, of: Term, whole: Node, here: Environment, operand: Node | None
) -> tuple[Term, bool]:
    """What a derivative is taken by, and whether it stands there transposed."""
    if by is None:
        return _only_variable(of, None, whole, here, operand), False
    value = resolve(by, here)
    if isinstance(value, IndexNumber) and isinstance(value.member, IndexVariable):
        letter = value.member
        head = whole.factors[0] if isinstance(whole, Product) else whole
        if not isinstance(head, Script):  # other than in \partial_j J
            what = f"{letter.latex} is an index, by which there is no derivative"
            advice = "write \\partial_j J or \\frac{\\partial J}{\\partial x_j} for one by an entry"
            raise Unreadable(by.at, written(by), what, advice)
        whole_variable = _only_variable(of, letter, whole, here, operand)
        return fitted(by, lambda: Entry(whole_variable, (letter,))), False
    return _without_transpose(value)


def _without_transpose(value: Term) -> tuple[Term, bool]:
    """A term without its transposition, and whether it had one."""
    turned = isinstance(value, Transpose)
    inner = value.of if isinstance(value, Transpose) else value
    if isinstance(inner, Entry) and isinstance(inner.of, Transpose):
        inner = Entry(inner.of.of, inner.members[::-1])
    if isinstance(inner, Entry) and isinstance(inner.of, Row) and len(inner.members) == 1:
        inner = Entry(inner.of.of, (inner.of.member, *inner.members))
    return inner, turned


def _only_variable(
    of: Term,
    letter: IndexVariable | None,
    whole: Node,
    here: Environment,
    operand: Node | None,
) -> Reference:
    """The one variable that a function depends on: by its arguments, else by its formula."""
    found = _arguments(operand, here) or list(free_in(of).variables)
    if letter is not None:
        found = [each for each in found if vector_axis(each.shape) == letter.space]
    if len(found) != 1:
        advice = "write \\nabla_{x} or \\frac{\\partial}{\\partial x}"
        raise Unreadable(whole.at, written(whole), "a derivative by what?", advice)
    here.note(f"{written(whole)} is read as a derivative by {found[0].name}")
    return Reference(found[0])


def _arguments(operand: Node | None, here: Environment) -> list[Variable]:
    """The variables that stand in the brackets of ``J(w)``, or do where J is declared."""
    function = here.scope.functions.get(name_of(operand)) if operand is not None else None
    if function is not None:
        slots = (slot.declared for slot in function.slots)
        return [each.variable for each in slots if isinstance(each, Reference)]
    if not isinstance(operand, Product) or len(operand.factors) != 2 or any(operand.joins):
        return []
    group = operand.factors[1]
    if not isinstance(group, Group) or isinstance(operand.factors[0], Group):
        return []
    try:
        values = [_without_transpose(resolve(item, here))[0] for item in group.content.items]
    except (IllFormed, Unreadable):
        return []
    return [value.variable for value in values if isinstance(value, Reference)]


def _mention_symmetric(by: Variable, here: Environment) -> None:
    """Say which convention a derivative by a symmetric matrix follows."""
    said = (each for each in here.scope.conditions if isinstance(each, Symmetric))
    if by.shape and any(each.of.name == by.name for each in said):
        here.mention(f"the entries of {by.name}, which is symmetric, vary as if independent")


def _question_zero(
    of: Term, by: Variable, whole: Node, operand: Node | None, here: Environment
) -> None:
    """A name whose formula does not mention the variable: perhaps its author thinks it does."""
    if isinstance(of, Call) and by not in free_in(of).variables:
        name = written(operand) if operand is not None else of.definition.name
        what = f"{name} does not depend on {by.name}, as they are declared"
        advice = f"if {by.name} abbreviates something, write define {by.latex or by.name} = ..."
        here.question(Question(whole.at, written(whole), what, advice))


def _question_letters(of: Term, by: Term, whole: Node, here: Environment) -> None:
    """A letter below the derivative that a sum binds, or that is another one than of a function.

    Who writes the derivative of s_i by x_j may think of i and j as different, and who sums over k
    what is differentiated by u_k may think of a k outside of the sum.
    """
    letters = [_choosing_letter(each) for each in members(by)]
    for letter in letters:
        if not isinstance(letter, IndexVariable):
            continue
        if letter in here.scope.bound.values() and letter.latex in here.scope.letters:
            what = f"is the {letter.latex} of the sum meant below the derivative?"
            question = Question(whole.at, written(whole), what, "use another letter in the sum")
            question.free = here.scope.letters[letter.latex].name
            here.question(question)
        for other in free_in(of).indices if isinstance(by, Entry) else ():
            both = (other, letter)
            if other is letter or other.space != letter.space or len(letters) > 1:
                continue
            if all(here.scope.letters.get(each.latex) is each for each in both):
                what = f"are {other.latex} and {letter.latex} meant to be different?"
                advice = f"add the condition {other.latex} \\ne {letter.latex}"
                question = Question(whole.at, written(whole), what, advice)
                question.apart = frozenset(each.name for each in both)
                here.question(question)


def _choosing_letter(member: Member) -> Member:
    """The letter that a member is chosen by: k in ``w_k``."""
    match member:
        case ListEntry(at=at):
            return _choosing_letter(at)
        case Offset(of=IndexVariable() as letter):
            return letter
    return member


def _derivative(of: Term, by: Target, sign: Operator, whole: Node, here: Environment) -> Term:
    """The derivative by a variable, of a number or of a vector."""
    if of.shape:
        return _jacobian(of, by, whole, here)
    found = fitted(whole, lambda: Derivative(of, by))
    if not found.shape or not (sign.partial or are_nablas_laid_out()):
        return found
    if not sign.partial:
        here.meet(BY_PART)
    turned = here.layout.gradients_are_rows
    if None not in found.shape:
        here.meet(BY_MATRIX)
        turned = here.layout.matrices_are_turned
    return fitted(whole, lambda: Transpose(found)) if turned else found


def _jacobian(of: Term, by: Target, whole: Node, here: Environment) -> Term:
    """The derivatives of the entries of an array by a number, of a vector by another one."""
    if not by.shape:
        here.mention(f"{written(whole)} is read entry by entry")
        return fitted(whole, lambda: of_entries(of, by))
    if vector_axis(of.shape) is None or vector_axis(by.shape) is None:
        advice = "write the entries, as in \\frac{\\partial f_i}{\\partial x_j}"
        raise Unreadable(whole.at, written(whole), "derivatives of matrices", advice)
    if _is_gradient(of, by):
        here.mention(f"{written(whole)} is read as the matrix of second derivatives")
    elif not _is_entrywise(of, by):  # which would be symmetric, in one layout as in the other
        here.meet(JACOBIAN)
    found = fitted(whole, lambda: _matrix_of(of, by))
    return found if here.layout.functions_are_rows else fitted(whole, lambda: Transpose(found))


@lru_cache(maxsize=256)
def of_entries(of: Term, by: Target) -> Term:
    """The derivative of each entry by a number."""
    row, column = (IndexVariable(axis, "") if axis else None for axis in of.shape)
    there = tuple(each for each in (row, column) if each is not None)
    return Table((row, column), Derivative(Entry(of, there), by))


@lru_cache(maxsize=256)
def _matrix_of(of: Term, by: Target) -> Term:
    """The derivatives of a vector by a vector: its entries along the rows.

    Made once, so that two layouts of it are seen to be one another transposed.
    """
    out, into = vector_axis(of.shape), vector_axis(by.shape)
    assert out is not None
    assert into is not None
    above, below = IndexVariable(out, ""), IndexVariable(into, "")
    match by:
        case Row(of=Reference() as rows, member=member):
            target = Entry(rows, (member, below))
        case _:
            target = Entry(by, (below,))
    return Table((above, below), Derivative(Entry(of, (above,)), target))


def _is_gradient(of: Term, by: Target) -> bool:
    """Whether this is a gradient by the same vector: second derivatives are laid out in one way.

    They commute (Schwarz's theorem: all functions here are smooth where their lines claim).
    """
    inner = _without_transpose(of)[0]
    return isinstance(inner, Derivative) and not inner.of.shape and inner.by == by


def _is_entrywise(of: Term, by: Term) -> bool:
    """Whether each entry of a term depends on the same entry of a variable, and on no other."""
    match of:
        case Reference():
            return of == by
        case Transpose(of=inner) if vector_axis(of.shape) is not None:
            return _is_entrywise(inner, by)
        case Apply(of=inner) | Mapped(of=inner) | Negative(of=inner) | Power(base=inner):
            return _is_entrywise(inner, by)
    return False


def linked(weights: Term, node: Node, here: Environment) -> Term | None:
    """A derivative as the next link of a chain, behind ``weights`` in the shape of its function.

    That is the derivative of their inner product, the weights held fixed: the sum over all paths,
    and the transposed Jacobian times the weights. None where the weights do not have that shape.
    """
    found = quotient(node, here)
    if found is None:
        return None
    inside, by = found
    of = differentiated_of(inside, here)
    is_matrix = vector_axis(of.shape) is None
    if not of.shape or not (is_matrix or here.layout.chains):
        return None
    value, _ = _by(by, of, node, here, inside)
    if not value.shape:
        return None  # a factor as any other: the derivatives of the entries by a number
    if is_matrix and here.layout.matrices_are_turned:
        raise ill_formed(node, "derivatives of matrices", "a layout in which they are transposed")
    if weights.shape != of.shape:
        if weights.shape != of.shape[::-1] or is_matrix:
            return None
        turned = weights
        weights = fitted(node, lambda: Transpose(turned))
    beside = held_beside(of, value, inside, node, here)
    held = Variable(of.shape, "weights", "weights")
    product = fitted(node, lambda: InnerProduct(Reference(held), beside.of))
    value = beside.put_back(differentiated(product, by, node, here), node, here)
    if is_matrix:
        name = written(node)
        here.mention(f"{name} is read as that of its product with what stands before it")
    else:
        here.meet(JACOBIAN)
    lifted = abstracted(value, Reference(held), held.name, held.latex)
    assert lifted is not None
    names = here.scope.names
    return fitted(node, lambda: applied(*lifted, weights, written(node), names))


class OfMatrix(Unreadable):
    """The derivative of a vector by a matrix, of which only products with vectors are read."""

    def __init__(self, held: Held, by: Reference, whole: Node, *, turned: bool) -> None:
        advice = "write the entries, as in \\frac{\\partial f_i}{\\partial x_j}"
        super().__init__(whole.at, written(whole), "derivatives of matrices", advice)
        self.held, self.by, self.whole, self.turned = held, by, whole, turned

    def times(self, weights: Term, here: Environment) -> Term:
        """The sum of the derivatives of the entries, each times one of the weights.

        That is what the derivative of the inner product is if the weights are held fixed.
        """
        of = self.held.of
        space = vector_axis(of.shape)
        if space is None or vector_axis(weights.shape) != space:
            raise self
        while isinstance(weights, Transpose):  # whose entries are the same
            weights = weights.of
        fixed = weights
        table = fitted(self.whole, lambda: _contraction(of, self.by, fixed))
        found = self.held.put_back(table, self.whole, here)
        here.meet(JACOBIAN)
        name = written(self.whole)
        here.mention(f"{name} is read as the derivative of its product with the vector beside it")
        turned = self.turned != here.layout.matrices_are_turned
        return fitted(self.whole, lambda: Transpose(found)) if turned else found


@lru_cache(maxsize=256)
def _contraction(of: Term, by: Reference, weights: Term) -> Term:
    """The derivatives of a vector by a matrix, each entry times one of the weights, as a sum.

    Made once, so that two layouts of it are seen to be one another transposed.
    """
    row, column = (IndexVariable(axis, "") for axis in by.shape if axis is not None)
    space = vector_axis(of.shape)
    assert space is not None
    entry = IndexVariable(space, "")
    slope = Derivative(Entry(of, (entry,)), Entry(by, (row, column)))
    return Table((row, column), Sum(entry, Times(Entry(weights, (entry,)), slope)))


def _by_part(of: Term, by: Term, sign: Operator, whole: Node, here: Environment) -> Term:
    """The derivative by a part of the formula: by ``\\theta``, where theta is defined."""
    members = by.members if isinstance(by, Entry) else ()
    part = by.of if isinstance(by, Entry) else by
    family = function_of_family(of, part, whole, here)
    target: Target
    if family is not None:
        function, variable_, part = family.of, family.rows, family.values
        rows = Reference(variable_)
        at = family.member
        target = Entry(rows, (at, *members)) if members else Row(rows, at)
    else:
        function, variable_ = function_of_part(of, part, whole, here)
        inside = Reference(variable_)
        target = Entry(inside, members) if members else inside
    if target.shape and sign.partial:
        here.meet(BY_PART)
    found = _derivative(function, target, sign, whole, here)
    plain = found.of if isinstance(found, Transpose) else found
    names = here.scope.names
    value = fitted(whole, lambda: applied(plain, variable_, part, written(whole), names))
    return value if plain is found else fitted(whole, lambda: Transpose(value))


# Derivatives along a direction: of f along dX, the sum of the entries of f's gradient times dX's.
#
# ``d f`` of a text is this, for any direction: dX is a matrix of the shape of X of which nothing
# is assumed. The derivative is linear in it, so that an equality holds in every direction just
# where it holds of all its coefficients.


@lru_cache(maxsize=512)
def direction(target: Target) -> Term:
    """A free direction of the shape of what is varied."""
    of = variable_of(target)
    return Reference(Variable(target.shape, f"d{of.name}", f"d{of.latex or of.name}"))


def along(term: Term, moved: Mapping[Target, Term]) -> Term:
    """The derivative of a number along directions of some variables."""
    found: list[Term] = []
    for target, there in moved.items():
        slope = Derivative(term, target)
        if not slope.shape:
            found.append(Times(slope, there))
        else:
            found.append(InnerProduct(slope, there))
    return found[0] if len(found) == 1 else Plus(tuple(found))


def _along_all(term: Term, targets: tuple[Target, ...]) -> Term:
    """The derivative of a number or an array along free directions of these variables."""
    moved = {each: direction(each) for each in targets}
    if isinstance(term, Transpose):
        return Transpose(_along_all(term.of, targets))
    if isinstance(term, Reference | Entry | Row | Slice) and term in moved:
        return moved[term]
    if term.shape and not any(variable_of(each) in free_in(term).variables for each in targets):
        return Zeros(term.shape)
    match term:
        case Plus(summands) if term.shape:
            return Plus(tuple(_along_all(each, targets) for each in summands))
        case Negative(inside) if term.shape:
            return Negative(_along_all(inside, targets))
        case MatrixProduct(left, right) if term.shape:
            first = MatrixProduct(_along_all(left, targets), right)
            return Plus((first, MatrixProduct(left, _along_all(right, targets))))
    if not term.shape:
        return along(term, moved)
    row, column = (IndexVariable(axis, "") if axis is not None else None for axis in term.shape)
    members = tuple(each for each in (row, column) if each is not None)
    return Table((row, column), along(Entry(term, members), moved))


# What the differentials of a statement vary: the variables that have a d right before them.
#
# ``dL = \operatorname{tr}(G^\top dX)`` is about L along any direction dX, all else held fixed. So a
# statement is read where its first side begins with a d, and some variable has one. Where d is a
# size, that d must stand before an array without a blank: ``n dX`` is no way to write a product.
# What varies in one statement varies in those behind it as well.


def with_differentials(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which the sides of a statement are read, where it is about differentials."""
    if scope.moved or scope.unsure_of_d:
        scope = replace(scope, moved=(), unsure_of_d=False)
    if not trees or not _begins(trees[0]) or not _may_be(scope):
        return scope
    found: dict[Target, bool] = {}
    for tree in trees:
        for sign, node in _varied(tree):
            named = isinstance(node, Leaf | Script | Accented)
            target = target_in(node, scope) if named else None
            if target is not None:
                glued = sign.style == "DIFFERENTIAL" or (
                    node.at.line == sign.at.line and node.at.column == sign.at.column + 1
                )
                found[target] = found.get(target, False) or (glued and bool(target.shape))
    if _is_size(scope) and not any(found.values()):
        return replace(scope, unsure_of_d=bool(found))
    every = tuple(dict.fromkeys((*scope.moved_before, *found))) if found else ()
    return replace(scope, moved=every, moved_before=every or scope.moved_before)


def is_differential(node: Node, here: Environment) -> bool:
    """Whether this is the d of a differential."""
    return bool(here.scope.moved) and isinstance(node, Leaf) and _is_sign(node)


def differential(node: Node, whole: Node, here: Environment) -> Term:
    """The differential of what stands behind a d."""
    names = ", ".join(dict.fromkeys(_name(each) for each in here.scope.moved))
    here.mention(f"d is read as a differential, along any direction of {names}; all else is fixed")
    what = f"is d a differential, in which {names} varies and nothing else?"
    here.question(Question(whole.at, written(whole), what, "write the derivative"))
    return _along_all(resolve(node, here.inside(node)), here.scope.moved)


def _name(target: Target) -> str:
    inside = target if isinstance(target, Reference | Slice) else target.of
    return inside.variable.name if isinstance(inside, Reference | Slice) else ""


def _is_sign(node: Leaf) -> bool:
    return node.text == DIFFERENTIAL_SIGN and node.kind in ("LETTER", "WORD", "DIFFERENTIAL")


def _may_be(scope: Scope) -> bool:
    return _is_size(scope) or not any("d" in known for known in scope.declared)


def _is_size(scope: Scope) -> bool:
    known = scope.things.get("d")
    return known is not None and isinstance(known.body, Size)


def _begins(node: Node) -> bool:
    """Whether a side begins with a d and something behind it."""
    if isinstance(node, Terms):
        return _begins(node.parts[0])
    if isinstance(node, Group) and node.content.only is not None:
        return _begins(node.content.only)
    if not isinstance(node, Product) or "/" in node.joins or node.joins[0]:
        return False
    return isinstance(node.factors[0], Leaf) and _is_sign(node.factors[0])


def _varied(node: Node) -> Iterator[tuple[Leaf, Node]]:
    """Each d with the name behind it, but those of derivatives."""
    if (
        isinstance(node, Fraction)
        and _begins_with_sign(node.over)
        and _begins_with_sign(node.under)
    ):
        return
    if isinstance(node, Product):
        for sign, following, join in zip(node.factors, node.factors[1:], node.joins, strict=False):
            if isinstance(sign, Leaf) and _is_sign(sign) and not join:
                yield sign, following
    for part in inner(node):
        yield from _varied(part)


def _begins_with_sign(node: Node) -> bool:
    first = node.factors[0] if isinstance(node, Product) else node
    return isinstance(first, Leaf) and _is_sign(first)


def target_in(node: Node, scope: Scope) -> Target | None:
    """The variable that a node is, transposed or not; None where it is none."""
    try:
        value = resolve(node, Environment(scope))
    except (IllFormed, Unreadable):
        return None
    value = value.of if isinstance(value, Transpose) else value
    match value:
        case Reference() | Slice() | Row(of=Reference()) | Entry(of=Reference() | Slice()):
            return value
    return None
