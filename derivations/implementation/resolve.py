"""From what a user says to a problem: which claims, which argument is which symbol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Derivative, Expr, Indexed

from derivations.claim import Claim
from derivations.implementation.calling import parameters
from derivations.implementation.known_subjects import (
    FUNCTIONS,
    OTHER_NAMES,
    SUBJECTS,
    OfFile,
    Source,
    names_of,
    of_file,
    word2vec,
)
from derivations.implementation.question import (
    PLAINLY,
    Argument,
    BadArguments,
    Domain,
    Fixed,
    Manner,
    Output,
    Piece,
    Problem,
    known,
    leaves,
    of_conditions,
)
from derivations.implementation.question import read as read_domain
from derivations.implementation.stands_for import Letters, same
from derivations.implementation.wanted_results import (
    MEAN,
    Along,
    Wanted,
    Whole,
    argument_of,
    contracted,
    directions,
    factor,
    is_by,
    letters_below,
    scaled,
    shaped,
)
from derivations.indices import Index, WordArray, free_indices
from derivations.language.data_conditions import AtLeast, OfData
from derivations.language.index_nodes import Determinant, InverseEntry, unfold
from derivations.language.tree import Term

Returns = str | Sequence[str | None] | None


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
    along: Mapping[str, str] | None = None,
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
        wanted, aliases = _of_subject(subject, source, returns), subject.arguments
        said_of = {subject.arguments[name]: text for name, text in subject.domains.items()}
    elif derivation is None and len(names) == 1 and names[0] in FUNCTIONS:
        wanted, aliases = _named(names[0], source), FUNCTIONS[names[0]].arguments
        said_of = {}
    else:
        wanted = [_wanted(name, source) for name in names]
        said_of = {}
    letters = _letters(wanted, source)
    said = {name: (arguments or {}).get(text, text) for name, text in (along or {}).items()}
    ways = directions({name: aliases.get(text, text) for name, text in said.items()}, letters)
    more = () if subject is None else tuple(subject.more)
    outputs = _picked(wanted, returns, ways, more)
    if manner.rate is not None and returns is None:
        outputs = [each for each in outputs if each and any(piece.by for piece in each.pieces)]
    if ways:
        outputs = [*contracted([each for each in outputs if each], ways)]
    letters = _letters([each for each in outputs if each], source)
    given = parameters(function)
    if given is not None:
        given = {name: needed for name, needed in given.items() if name != manner.rate}
        given |= dict.fromkeys(manner.draws, True)
    needed = (
        None
        if given is None
        else tuple(n for n, is_needed in given.items() if is_needed and n not in ways)
    )
    texts = _texts(arguments, aliases, needed, letters)
    made = tuple(letters.argument(n, text) for n, text in texts.items() if n not in ways)
    made += tuple(argument_of(name, of) for name, of in ways.items())
    domains = {n: said_of[text] for n, text in texts.items() if text in said_of} | {**domains}
    _refuse_strangers(made, given)
    shapes = tuple(None if each is None else shaped(each, made, aliases) for each in outputs)
    if scale is not None:
        shapes = _scaled(shapes, scale, wanted)
    conditions = [condition for each in outputs if each for condition in each.assumed]
    problem = Problem(
        ", ".join(names),
        made,
        shapes,
        _domains(made, [*conditions, *source.assumed], domains),
        tuple((each.of.name, int(each.value)) for each in conditions if isinstance(each, AtLeast)),
        () if subject is None else _fixed(subject, made),
    )
    _refuse_gaps(problem)
    return problem


def _scaled(
    outputs: tuple[Output | None, ...], scale: str, wanted: Sequence[Wanted]
) -> tuple[Output | None, ...]:
    """All results times a factor that is a convention."""
    spaces = Problem("", (), outputs).spaces
    sizes = {size for space in spaces for size in space.upper.free_symbols}
    losses = [each for each in wanted if not each.pieces[0].by]
    loss = Whole(losses[0].pieces[0].value, Output("", (), losses[0].axes)) if losses else None
    by = factor(scale, sorted(sizes, key=str), loss)
    return tuple(scaled(each, by, mean=scale == MEAN) for each in outputs)


def _fixed(subject: OfFile, made: tuple[Argument, ...]) -> tuple[Fixed, ...]:
    """The numbers that a subject gives, and no argument does."""
    held = {one.letter for one in made}
    return tuple(each for each in subject.fixed if each.letter not in held)


def _letters(wanted: Sequence[Wanted], source: Source) -> Letters:
    """The symbols that the results read, and are by."""
    pieces = [piece for each in wanted for piece in each.pieces]
    places = [by for piece in pieces for by in piece.by]
    bound = {index for piece in pieces for index in piece.bound}
    bound |= {index for each in wanted for index in each.axes}
    read = [*(piece.value for piece in pieces), *places]
    return Letters(read, bound, source.declared, source.spare)


def _named(name: str, source: Source) -> list[Wanted]:
    named = FUNCTIONS[name]
    loss = Wanted(named.loss_name, (Piece(named.loss),), named.axes)
    gradients = [
        Wanted(
            output,
            tuple(_piece(source.claim(each)) for each in claims),
            assumed=tuple(said for each in claims for said in _assumed(source.claim(each))),
        )
        for output, claims in named.gradients.items()
    ]
    return [loss, *gradients]


def _of_subject(subject: OfFile, source: Source, returns: Returns) -> list[Wanted]:
    """The loss and its gradients, then what is had on request and is asked for."""
    asked = (returns,) if isinstance(returns, str) else returns or ()
    gradients = [replace(_wanted(line, source), name=n) for n, line in subject.gradients.items()]
    more = [
        replace(_wanted(line, source), name=name, on_request=True)
        for name, line in subject.more.items()
        if name in asked
    ]
    if subject.loss:
        return [replace(_wanted(subject.loss, source), name="loss"), *gradients, *more]
    line = source.claim(next(iter(subject.gradients.values())))
    left = line.sides.left
    assert isinstance(left, Derivative)
    loss = Wanted("loss", (Piece(left.expr),), assumed=_assumed(line), on_request=subject.backward)
    return [loss, *gradients, *more]


def _wanted(name: str, source: Source) -> Wanted:
    if name in source.losses:
        return Wanted(name, (Piece(source.losses[name]),))
    if name in source.arrays:
        return Wanted(name, (Piece(source.arrays[name][0]),), source.arrays[name][1])
    claim = source.claim(name)
    piece, axes = _piece(claim), claim.sides.axes
    own = tuple(axis for axis in axes if axis not in piece.bound)
    letters = letters_below(claim.left) if isinstance(claim.left, Term) else ()
    free = free_indices(piece.value) | free_indices(claim.sides.left)
    leading = tuple(each for each in (*own, *letters) if each in free and each not in piece.bound)
    if not piece.by:
        extra = tuple(each for each in leading if each not in axes)
        return Wanted(name, (piece,), axes, _assumed(claim), extra)
    turned = bool(own) and axes[0] not in own
    return Wanted(name, (piece,), (), _assumed(claim), tuple(dict.fromkeys(leading)), turned)


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
    if not isinstance(left, Derivative):
        return Piece(value, (), conditions)
    by = tuple(reversed(left.variables))  # as printed
    bound = {index for each in by for index in free_indices(each)} - free_indices(left.expr)
    return Piece(value, by, conditions, tuple(sorted(bound, key=str)))


def _picked(
    wanted: list[Wanted], returns: Returns, ways: Along, more: Sequence[str]
) -> list[Wanted | None]:
    """The results that the kernel returns, in its order."""
    if returns is None:
        usual = [each for each in wanted if not each.on_request]
        return [each for each in usual if is_by(each, ways)] if ways else [*usual]
    known = {each.name: each for each in wanted}
    picked = [returns] if isinstance(returns, str) else list(returns)
    for name in picked:
        if name is not None and name not in known:
            raise BadArguments(f"returns: there is no {name!r}, but {', '.join([*known, *more])}")
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
    spelled = {n: same(n, known) or same(n, letters.spare) for n in given or ()}
    known |= {n: known.get(other, other) for n, other in spelled.items() if other is not None}
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
    fixed = {each.letter for each in problem.fixed}
    known: set[Expr] = {one.entry for one in problem.arguments if not one.axes}
    known |= {*problem.hidden, *output.axes, *piece.bound}
    for leaf in (leaf for each in (piece.value, *piece.by) for leaf in leaves(each)):
        if isinstance(leaf, Indexed):
            if str(leaf.base) not in held:
                kind = "the words" if isinstance(leaf.base, WordArray) else "the numbers"
                yield f"{kind} {leaf.base}"
        elif leaf not in known and str(leaf) not in fixed:
            yield f"the index {leaf}" if isinstance(leaf, Index) else f"the number {leaf}"
