"""From what a user says to a problem: which claims, which argument is which symbol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sympy import Derivative, Expr, Indexed

from derivations.claim import Claim
from derivations.data_conditions import AtLeast, OfData
from derivations.definition import unfold
from derivations.implementation.conventions import MEAN, Whole, factor, scaled
from derivations.implementation.drawn_from import Domain, known, of_conditions
from derivations.implementation.drawn_from import read as read_domain
from derivations.implementation.manner import PLAINLY, Manner
from derivations.implementation.named import FUNCTIONS
from derivations.implementation.of_files import OTHER_NAMES, SUBJECTS, OfFile
from derivations.implementation.one_spelling import same
from derivations.implementation.question import (
    Argument,
    BadArguments,
    Output,
    Piece,
    Problem,
    leaves,
)
from derivations.implementation.signature import parameters
from derivations.implementation.sources import Source, names_of, of_file, word2vec
from derivations.implementation.stands_for import Letters
from derivations.indices import Index, WordArray, free_indices
from derivations.matrix_inverse import Determinant, InverseEntry

Returns = str | Sequence[str | None] | None


@dataclass(frozen=True)
class _Wanted:
    """A result before the arguments are known."""

    name: str
    pieces: tuple[Piece, ...]
    axes: tuple[Index, ...] = ()
    assumed: tuple[OfData, ...] = ()


def _domains(
    made: tuple[Argument, ...], assumed: Sequence[OfData], said: Mapping[str, str]
) -> tuple[tuple[str, Domain], ...]:
    """Where the numbers of each argument are: by the derivation, or by the user, who wins."""
    found = {one.name: of_conditions(one.letter, assumed) for one in made if not one.is_integer}
    for name, text in said.items():
        domain = read_domain(text)
        if name not in found:
            raise BadArguments(f"domains: there is no argument {name!r}, but {', '.join(found)}")
        if domain is None:
            raise BadArguments(
                f"domains: {name}: {text!r} is none of '> 0', '< 1', '(0, 1)', '{{-1, 1}}', 'whole'"
            )
        found[name] = domain
    return tuple(found.items())


def problem_of(
    function: Callable[..., Any],
    claim: str | Sequence[str],
    arguments: Mapping[str, str] | None,
    returns: Returns,
    derivation: str | Path | None,
    domains: Mapping[str, str] | None = None,
    manner: Manner = PLAINLY,
    scale: str | None = None,
) -> Problem:
    """The problem; raises BadArguments with advice for what does not fit together."""
    names = tuple(OTHER_NAMES.get(name, name) for name in names_of(claim))
    subject = SUBJECTS.get(names[0]) if derivation is None and len(names) == 1 else None
    if subject is not None:
        source = of_file(subject.path)
    else:
        source = word2vec() if derivation is None else of_file(derivation)
    aliases: Mapping[str, str] = {}
    domains = domains or {}
    if subject is not None:
        wanted, aliases = _of_subject(subject, source), subject.arguments
        said_of = {subject.arguments[name]: text for name, text in subject.domains.items()}
    elif derivation is None and len(names) == 1 and names[0] in FUNCTIONS:
        wanted, aliases = _named(names[0], source), FUNCTIONS[names[0]].arguments
        said_of = {}
    else:
        wanted = [_wanted(name, source) for name in names]
        said_of = {}
    outputs = _picked(wanted, returns)
    if manner.rate is not None and returns is None:
        outputs = [each for each in outputs if each and any(piece.by for piece in each.pieces)]
    pieces = [piece for each in outputs if each for piece in each.pieces]
    places = [piece.by for piece in pieces if piece.by is not None]
    bound = {index for piece in pieces for index in piece.bound}
    letters = Letters([*(piece.value for piece in pieces), *places], bound, source.declared)
    given = parameters(function)
    if given is not None:
        given = {name: needed for name, needed in given.items() if name != manner.rate}
        given |= dict.fromkeys(manner.draws, True)
    needed = (
        None if given is None else tuple(name for name, is_needed in given.items() if is_needed)
    )
    texts = _texts(arguments, aliases, needed, letters)
    made = tuple(letters.argument(name, text) for name, text in texts.items())
    domains = {n: said_of[text] for n, text in texts.items() if text in said_of} | {**domains}
    _refuse_strangers(made, given)
    shaped = tuple(None if each is None else _shaped(each, made, aliases) for each in outputs)
    if scale is not None:
        shaped = _scaled(shaped, scale, wanted)
    said = [condition for each in outputs if each for condition in each.assumed]
    problem = Problem(
        ", ".join(names),
        made,
        shaped,
        _domains(made, [*said, *source.assumed], domains),
        tuple((each.of.name, int(each.value)) for each in said if isinstance(each, AtLeast)),
    )
    _refuse_gaps(problem)
    return problem


def _scaled(
    outputs: tuple[Output | None, ...], scale: str, wanted: Sequence[_Wanted]
) -> tuple[Output | None, ...]:
    """All results times a factor that is a convention."""
    spaces = Problem("", (), outputs).spaces
    sizes = {size for space in spaces for size in space.upper.free_symbols}
    losses = [each for each in wanted if each.pieces[0].by is None]
    loss = Whole(losses[0].pieces[0].value, Output("", (), losses[0].axes)) if losses else None
    by = factor(scale, sorted(sizes, key=str), loss)
    return tuple(scaled(each, by, mean=scale == MEAN) for each in outputs)


def _named(name: str, source: Source) -> list[_Wanted]:
    named = FUNCTIONS[name]
    loss = _Wanted(named.loss_name, (Piece(named.loss),), named.axes)
    gradients = [
        _Wanted(
            output,
            tuple(_piece(source.claim(each)) for each in claims),
            assumed=tuple(said for each in claims for said in _assumed(source.claim(each))),
        )
        for output, claims in named.gradients.items()
    ]
    return [loss, *gradients]


def _of_subject(subject: OfFile, source: Source) -> list[_Wanted]:
    loss = replace(_wanted(subject.loss, source), name="loss")
    gradients = [
        replace(_wanted(line, source), name=name) for name, line in subject.gradients.items()
    ]
    return [loss, *gradients]


def _wanted(name: str, source: Source) -> _Wanted:
    if name in source.losses:
        return _Wanted(name, (Piece(source.losses[name]),))
    claim = source.claim(name)
    piece = _piece(claim)
    axes = () if piece.by is not None else claim.sides.axes
    return _Wanted(name, (piece,), axes, _assumed(claim))


def _assumed(claim: Claim) -> tuple[OfData, ...]:
    return tuple(each for each in claim.conditions if isinstance(each, OfData))


def _piece(claim: Claim) -> Piece:
    unknown = [each for each in _assumed(claim) if not known(each)]
    if unknown:
        said = "; ".join(map(str, unknown))
        raise BadArguments(f"{claim.id} holds only where {said}, and inputs are not drawn so")
    conditions = tuple(each for each in claim.conditions if not isinstance(each, OfData))
    left, value = claim.sides.left, claim.sides.right
    if any(unfold(side).has(InverseEntry, Determinant) for side in (left, value)):
        raise BadArguments(f"{claim.id} has the inverse of a matrix, and inputs may have none")
    if isinstance(left, Derivative) and len(left.variables) == 1:
        by = left.variables[0]
        bound = free_indices(by) - free_indices(left.expr)
        return Piece(value, by, conditions, tuple(sorted(bound, key=str)))
    return Piece(value, None, conditions)


def _picked(wanted: list[_Wanted], returns: Returns) -> list[_Wanted | None]:
    """The results that the kernel returns, in its order."""
    if returns is None:
        return list(wanted)
    known = {each.name: each for each in wanted}
    picked = [returns] if isinstance(returns, str) else list(returns)
    for name in picked:
        if name is not None and name not in known:
            raise BadArguments(f"returns: there is no {name!r}, but {', '.join(known)}")
    if not any(picked):
        raise BadArguments(f"returns: name at least one of {', '.join(known)}")
    return [known[name] if name is not None else None for name in picked]


def _texts(
    arguments: Mapping[str, str] | None,
    aliases: Mapping[str, str],
    given: tuple[str, ...] | None,
    letters: Letters,
) -> dict[str, str]:
    """For each argument what it stands for; without a word from the user, by equal names."""
    if arguments is not None:
        return {name: aliases.get(text, text) for name, text in arguments.items()}
    whole = {name: name for name in (*letters.arrays, *letters.symbols, *letters.declared)}
    known = dict(aliases) or whole
    if aliases and given is not None:  # a row of a matrix that is given, and which
        known |= {n: n for n in given if n not in known and n in whole}
    spelled = {name: same(name, known) for name in given or ()}
    known |= {name: known[other] for name, other in spelled.items() if other is not None}
    if given is None:
        raise BadArguments(f"say which argument is which: arguments={_example(known)}")
    strangers = [name for name in given if name not in known]
    if strangers or not given:
        raise BadArguments(
            f"the function takes ({', '.join(given)}); say which argument is which: "
            f"arguments={_example(known)}"
        )
    return {name: known[name] for name in given}


def _example(known: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name!r}: {text!r}" for name, text in known.items()) + "}"


def _refuse_strangers(made: tuple[Argument, ...], given: Mapping[str, bool] | None) -> None:
    strangers = [one.name for one in made if given is not None and one.name not in given]
    if strangers:
        raise BadArguments(
            f"the function has no argument {strangers[0]!r}; it takes ({', '.join(given or ())})"
        )


def _shaped(wanted: _Wanted, arguments: tuple[Argument, ...], aliases: Mapping[str, str]) -> Output:
    """A gradient has the shape of the argument it is by, every other result its own axes."""
    by = next((piece.by for piece in wanted.pieces if piece.by is not None), None)
    if by is None:
        return Output(wanted.name, wanted.pieces, wanted.axes)
    letter = by.base if isinstance(by, Indexed) else by
    held = next((one for one in arguments if (one.base or one.entry) == letter), None)
    if held is None:
        raise BadArguments(f"{wanted.name} is by {by}, but no argument holds {letter}")
    by_row = any(text.startswith(f"{letter}[") for text in aliases.values())
    row = _row(wanted, held) if by_row else None
    if row is not None:
        return Output(wanted.name, wanted.pieces, tuple(row.indices[1:]), row)
    return Output(wanted.name, wanted.pieces, held.axes, held.entry)


def _row(wanted: _Wanted, held: Argument) -> Indexed | None:
    """The row that a gradient is by, where a whole matrix is given and which row it is."""
    by, entry = wanted.pieces[0].by, held.entry
    if len(wanted.pieces) > 1 or not isinstance(by, Indexed) or not isinstance(entry, Indexed):
        return None
    first, *rest = by.indices
    bound = wanted.pieces[0].bound
    if first in bound or entry.indices[0] not in held.axes or not set(rest) <= set(bound):
        return None
    axes = {index: Index(f"{wanted.name}·{n}", index.space) for n, index in enumerate(rest)}
    return by.base[(first, *(axes[index] for index in rest))]


def _refuse_gaps(problem: Problem) -> None:
    for output in problem.judged:
        for piece in output.pieces:
            for what in _missing(piece, output, problem):
                named = ", ".join(f"{one.name}: {one.letter}" for one in problem.arguments)
                raise BadArguments(
                    f"{output.name} needs {what}, but no argument stands for it (given: {named})"
                )


def _missing(piece: Piece, output: Output, problem: Problem) -> Iterator[str]:
    """What a piece reads that nothing gives."""
    held = {one.letter for one in problem.arguments}
    known: set[Expr] = {one.entry for one in problem.arguments if not one.axes}
    known |= {*problem.hidden, *output.axes, *piece.bound}
    for leaf in (*leaves(piece.value), *(leaves(piece.by) if piece.by is not None else ())):
        if isinstance(leaf, Indexed):
            if str(leaf.base) not in held:
                kind = "the words" if isinstance(leaf.base, WordArray) else "the numbers"
                yield f"{kind} {leaf.base}"
        elif leaf not in known:
            yield f"the index {leaf}" if isinstance(leaf, Index) else f"the number {leaf}"
