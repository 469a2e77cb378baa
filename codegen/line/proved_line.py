"""The proved line of a module, its loss and derivative, and rows of functions it may use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sympy import Basic, Derivative, Expr, Product, Sum, Symbol, exp, log, preorder_traversal

from codegen.kernel import Equality, equalities
from derivations.claim import Between, Claim, Judgement, OneOfTwo, Positive, Verdict
from derivations.indices import Index, free_indices
from derivations.language import tree
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Defined, define, substitute
from derivations.language.tree import Array
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.equation import Line
from derivations.reader.source import NoFile
from derivations.report.subject import HowToRead, text_of
from derivations.word2vec.claims import CLAIMS as WORD2VEC
from derivations.word2vec.losses import sigma

# What no kernel is made of: why, and what would help.


class Refusal(Exception):
    """Why there is no kernel from a line, said to whoever asked for one."""


# The line that a kernel is asked for: found in its file, and proved by itself.


MOST_LISTED = 12  # ids that are told where there is no such line


@dataclass(frozen=True)
class ProvedLine:
    """A line with the claim from the start of its chain, and what was proved."""

    line: Line
    claim: Claim
    judgement: Judgement
    file: str


def proved_line(path: Path, id: str) -> ProvedLine:
    """The line of this id, if it is proved; raises Refusal."""
    try:
        text, siblings = text_of(path, HowToRead())
        derivation = reading(text, path.name, siblings=siblings)
    except (OSError, NoFile, UnreadableFile) as error:
        raise Refusal(f"{path}: {error}") from None
    known = {entry.id: entry for entry in derivation.entries}
    if id not in known:
        some = ", ".join([*known][:MOST_LISTED])
        more = " and others" if len(known) > MOST_LISTED else ""
        raise Refusal(f"{path} has no line {id}; it has {some}{more}")
    line = known[id]
    if not isinstance(line, Line):
        raise Refusal(f"{id} is not read: {line.problem}")
    if line.again:
        raise Refusal(f"{id} uses {line.again[0].name}, which is said twice; define it once")
    claim = line.from_start or line.claim
    judgement = judge(claim)
    if judgement.verdict is not Verdict.PROVED:
        because = f": {judgement.reason}" if judgement.reason else ""
        raise Refusal(f"{id} is {judgement.verdict.value}, not proved{because}")
    if judgement.premises:
        raise Refusal(f"{id} follows from {', '.join(judgement.premises)}, and is not true alone")
    for condition in claim.conditions:
        if not isinstance(condition, Positive | Between | OneOfTwo):
            raise Refusal(
                f"{id} holds only where {condition}; a kernel has to be right everywhere: "
                "take a line without it"
            )
    return ProvedLine(line, claim, judgement, path.name)


# The loss and the derivative that the left side of a line is of.


@dataclass(frozen=True)
class LossDerivative:
    """The derivative of ``loss`` along ``axes``, which is ``right``.

    ``by`` are the names of what it is taken by. ``given`` are indices that the loss depends on.
    """

    loss: Expr
    right: Expr
    by: tuple[str, ...]
    axes: tuple[Index, ...]
    given: tuple[Index, ...]


def loss_derivative(claim: Claim) -> LossDerivative:
    """What is to be computed; raises Refusal where the left side is no derivative."""
    sides = claim.sides
    left, right = sides.left, sides.right
    if right.has(Derivative):
        raise Refusal("the right side has a derivative in it; take the line that works it out")
    if isinstance(left, Derivative):
        loss, by = left.expr, tuple(reversed(left.variables))
        names = tuple(str(getattr(one, "base", one)) for one in by)
        letters = [index for one in by for index in getattr(one, "indices", ())]
    else:
        loss, name = _inside(claim)
        names, letters = (name,), []
    given = sorted((one for one in free_indices(loss) if one not in sides.axes), key=str)
    apart = {one: Index(f"{one.name}°", one.space) for one in given if _binds(one, loss, right)}
    loss, right = substitute(loss, apart), substitute(right, apart)
    given = [apart.get(one, one) for one in given]
    letters = [apart.get(one, one) for one in letters]
    own = [one for one in letters if isinstance(one, Index)]
    # in the order that the variable has them, if the sides are read along some of these alone
    running = own if {*sides.axes} <= {*own} else [*sides.axes, *own]
    axes = tuple(dict.fromkeys(one for one in running if one not in given))
    loose = free_indices(right) - {*axes, *given}
    axes = (*axes, *sorted(loose, key=str))
    return LossDerivative(loss, right, names, axes, tuple(given))


def _binds(index: Index, *parts: Basic) -> bool:
    """Whether a sum binds a letter of this name somewhere, in definitions as well."""
    for part in parts:
        for node in preorder_traversal(part):
            if isinstance(node, Sum | Product) and any(one[0] == index for one in node.limits):
                return True
            if isinstance(node, Defined) and _binds(index, node.body):
                return True
    return False


def _inside(claim: Claim) -> tuple[Expr, str]:
    """The loss of a derivative by what is defined, which is one by a parameter of a definition."""
    term = claim.left
    while isinstance(term, tree.Entry):
        term = term.of
    if isinstance(term, tree.Call) and isinstance(term.definition.body, tree.Derivative):
        slope = term.definition.body
        whole = replace(term.definition, body=slope.of)
        loss, axes = entry_of(replace(term, definition=whole), claim.names)
        if not axes:
            return loss, tree.variable_of(slope.by).name
    raise Refusal("the left side is no derivative of a loss, so that there is no gradient to make")


# Functions that keep their digits, and the identities that lead to them: each a proved claim.
#
# What is proved in exact numbers is no promise in floats: ``1 - sigma(z)`` is 0 from z = 37 on,
# and ``log(1 + exp(z))`` is infinite at 710. The right sides here lose nothing but a few
# roundings at any z. An identity is a row of ``ROWS``, judged like a line of any file before it
# is used; how its left side is found in an expression is for `stable_forms.py`.


z = Symbol("z", real=True)
TANH = define("tanh", "tanh({z})", (z,), 1 - 2 / (1 + exp(2 * z)))


def _row(name: str, left: Expr, right: Expr) -> Claim:
    return Claim(f"function.{name}", "table", "not printed", name, Array(left), Array(right))


ROWS = {
    row.id.removeprefix("function."): row
    for row in (
        _row("sigmoid", 1 / (1 + exp(-z)), sigma(z)),
        _row("sigmoid-times-exp", exp(z) * sigma(-z), sigma(z)),
        _row("complement", 1 - sigma(z), sigma(-z)),
        _row("log-one-and-exp", log(1 + exp(z)), -log(sigma(-z))),
        _row("tanh", 1 - 2 * sigma(z), TANH(-z / 2)),
        _row("tanh-of-exps", (exp(z) - exp(-z)) / (exp(z) + exp(-z)), TANH(z)),
        _row("tanh-slope", 1 - TANH(z) ** 2, 4 * sigma(2 * z) * sigma(-2 * z)),
    )
}

# functions that code calls, and the claims that say what they compute
_STABLE = {"sigmoid": "stable.sigmoid", "log_sigmoid": "stable.log-sigmoid"}
CALLS: dict[str, Claim] = {
    **{name: next(c for c in WORD2VEC if c.id == id) for name, id in _STABLE.items()},
    "tanh": Claim("function.np.tanh", "table", "not printed", "", Array(TANH(z)), Array(TANH.body)),
}
STATED: dict[str, Equality] = equalities(CALLS.values())


@cache
def require_row(name: str) -> str:
    """The id of a row, once it is proved; raises Refusal if it is not."""
    return require_proved(ROWS[name])


def require_proved(claim: Claim) -> str:
    """The id of a claim that is proved; raises Refusal if it is not."""
    judgement = judge(claim)
    if judgement.verdict is not Verdict.PROVED:
        raise Refusal(f"{claim.id} is {judgement.verdict.value}, and no code may rest on it")
    return claim.id
