"""Resolution of a user's call: which claims, which argument is which symbol, what is wanted.

What is wanted of results is their shapes, Jacobian-vector products, and factors that are a
convention. Which symbol an argument stands for is a short text, in any spelling of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from sympy import Add, Derivative, Expr, Indexed, IndexedBase, Integer, Mul, Pow, Sum, Symbol

from derivations.claim import AtLeast, Claim, OfData
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
from derivations.indices import Index, IndexSet, WordArray, free_indices, total
from derivations.language.index_form import letter
from derivations.language.index_nodes import Determinant, InverseEntry, unfold
from derivations.language.tree import Derivative as TermDerivative
from derivations.language.tree import Entry, IndexVariable, Ranged, Term

# One name however it is spelled: ``lam``, ``\lambda`` and ``λ``; ``W_tilde`` and ``W̃``.


_MARKS = {
    "\u0303": "_tilde",
    "\u0302": "_hat",
    "\u0304": "_bar",
    "\u0305": "_bar",
    "\u0307": "_dot",
}
_AROUND = re.compile(r"\\(?P<mark>tilde|hat|bar|dot)\s*\{?\s*(?P<of>\\?[^\W\d_]+)\s*\}?")
_SHORT = {"lam": "lambda", "lamda": "lambda", "eps": "epsilon", "Lam": "Lambda"}
_STYLES = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|mathit|bm|text|mathcal|var)\s*")


def plain(name: str) -> str:
    """The name in ASCII letters."""
    name = _STYLES.sub("", name)
    name = _AROUND.sub(r"\g<of>_\g<mark>", name)
    found = []
    for each in unicodedata.normalize("NFD", name):
        if each in _MARKS:
            found.append(_MARKS[each])
            continue
        said = unicodedata.name(each, "").split()
        if said[:1] == ["GREEK"] and "LETTER" in said:
            greek = said[-1].lower().replace("lamda", "lambda")
            found.append(greek.capitalize() if "CAPITAL" in said else greek)
        elif each not in "{}\\ $":
            found.append(each)
    whole = "".join(found)
    return "_".join(_SHORT.get(part, part) for part in whole.split("_"))


def same(name: str, known: Iterable[str]) -> str | None:
    """Which of the known names it is; None where it is none, or more than one."""
    each = list(known)
    if name in each:
        return name
    found = [other for other in each if plain(other) == plain(name)]
    return found[0] if len(found) == 1 else None


# Which symbol an argument stands for: short texts, read against the symbols there are.
#
# ``U`` is all of U, ``U.T`` its transpose, ``V[c]`` row c of V, ``n`` a list of words, ``o`` a
# word, ``λ`` a number.


_TEXT = re.compile(r"\s*(?P<name>[^\[\].\s]+)\s*(?:\[(?P<at>[^\[\]]*)\])?(?P<turn>\.T)?\s*")


class Letters:
    """The symbols that some expressions read, by name, without those that are ``bound``.

    ``declared`` says by name how matrices lie; ``spare`` are others that are declared.
    """

    def __init__(
        self,
        values: Iterable[Expr],
        bound: Collection[Index],
        declared: Mapping[str, Argument],
        spare: Mapping[str, Argument],
    ) -> None:
        self.declared, self.spare = declared, spare
        self.arrays: dict[str, tuple[Indexed, tuple[IndexSet, ...]]] = {}
        self.symbols: dict[str, Symbol] = {}
        for leaf in (leaf for value in values for leaf in leaves(value)):
            if isinstance(leaf, Indexed):
                self.arrays.setdefault(str(leaf.base), (leaf, tuple(map(_space, leaf.indices))))
            elif leaf not in bound:
                self.symbols.setdefault(str(leaf), leaf)

    def argument(self, name: str, text: str) -> Argument:
        """The argument called ``name`` that is described by ``text``."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise BadArguments(f"{name}: {text!r} is not a symbol such as U, U.T or V[c]")
        letter, at, turned = match["name"], match["at"], bool(match["turn"])
        read = (*self.declared, *self.arrays, *self.symbols)
        letter = same(letter, read) or same(letter, self.spare) or letter
        if letter in self.declared and at is None:
            made = _fresh(self.declared[letter])
        elif letter in self.arrays:
            made = self._entry(name, letter, at)
        elif letter in self.symbols and at is None:
            made = Argument(name, self.symbols[letter])
        elif letter in self.spare and at is None:
            made = _fresh(self.spare[letter])
        else:
            raise BadArguments(f"{name}: there is no {letter!r} here{self._advice(letter)}")
        return Argument(name, made.entry, made.axes[::-1] if turned else made.axes)

    def _entry(self, name: str, letter: str, at: str | None) -> Argument:
        entry, spaces = self.arrays[letter]
        rows = [row.strip() for row in at.split(",")] if at else []
        if len(rows) > len(spaces):
            raise BadArguments(f"{name}: {letter} has {len(spaces)} indices, not {len(rows)}")
        fixed = [self._row(name, row, space) for row, space in zip(rows, spaces, strict=False)]
        axes = tuple(
            Index(f"{letter}·{n}", space)
            for n, space in enumerate(spaces[len(fixed) :], start=len(fixed) + 1)
        )
        return Argument(name, entry.base[(*fixed, *axes)], axes)

    def _row(self, name: str, row: str, space: IndexSet) -> Index:
        index = self.symbols.get(row)
        if not isinstance(index, Index) or index.space != space:
            raise BadArguments(f"{name}: {row!r} is no index of a {space.name}")
        return index

    def _advice(self, letter: str) -> str:
        known = sorted({*self.arrays, *self.symbols, *self.declared})
        near = get_close_matches(letter, known, n=1, cutoff=0.5)
        return f" ({f'did you mean {near[0]}? ' if near else ''}there are {', '.join(known)})"


def _fresh(made: Argument) -> Argument:
    """With axes that no expression has: a letter of the text may be a word that is given."""
    axes = {axis: Index(f"{made.name}·{n}", axis.space) for n, axis in enumerate(made.axes, 1)}
    return Argument(made.name, made.entry.xreplace(axes), tuple(axes[axis] for axis in made.axes))


def _space(index: Expr) -> IndexSet:
    """The set that an index, or a word that is used as one, is a member of."""
    if isinstance(index, Index):
        return index.space
    if isinstance(index, Indexed) and isinstance(index.base, WordArray):
        return index.base.space
    raise BadArguments(f"{index} as an index cannot be checked")


# Shapes of results: a gradient has that of what it is by, a Jacobian the axes of both.
#
# A letter that stands below what is differentiated, k in ∂p_k/∂a_j, is an axis as well where no
# argument says which member it is.


@dataclass(frozen=True)
class Wanted:
    """A result before the arguments are known; ``leading`` are letters that may be axes.

    ``turned`` says that a matrix of derivatives has these behind what it is by. What is to be had
    ``on_request`` is not returned unless it is named.
    """

    name: str
    pieces: tuple[Piece, ...]
    axes: tuple[Index, ...] = ()
    assumed: tuple[OfData, ...] = ()
    leading: tuple[Index, ...] = ()
    turned: bool = False
    on_request: bool = False


def letters_below(term: Term) -> tuple[Index, ...]:
    """The letters that stand below what is differentiated, or below a value, in reading order."""
    while isinstance(term, TermDerivative):
        term = term.of
    return tuple(dict.fromkeys(map(letter, _below(term, frozenset()))))


def _below(part: object, bound: frozenset[IndexVariable]) -> Iterator[IndexVariable]:
    if isinstance(part, Ranged):
        bound |= {part.over}
    if isinstance(part, Entry) and isinstance(part.of, Term):
        yield from (m for m in part.members if isinstance(m, IndexVariable) and m not in bound)
    if isinstance(part, tuple):
        for each in part:
            yield from _below(each, bound)
    elif isinstance(part, Term) and is_dataclass(part):
        for field in fields(part):
            yield from _below(getattr(part, field.name), bound)


def shaped(wanted: Wanted, arguments: tuple[Argument, ...], aliases: Mapping[str, str]) -> Output:
    """The result at its axes; raises BadArguments where no argument holds what it is by."""
    given = {one.entry for one in arguments}
    leading = tuple(each for each in wanted.leading if each not in given)
    entries = next((piece.by for piece in wanted.pieces if piece.by), ())
    if not entries:
        return Output(wanted.name, wanted.pieces, (*leading, *wanted.axes))
    axes: list[Index] = []
    places: list[Expr] = []
    for number, by in enumerate(entries):
        if by in entries[:number]:  # the diagonal alone is claimed
            places.append(places[entries.index(by)])
            continue
        letters = by.base if isinstance(by, Indexed) else by
        held = next((one for one in arguments if (one.base or one.entry) == letters), None)
        if held is None:
            raise BadArguments(f"{wanted.name} is by {by}, but no argument holds {letters}")
        by_row = any(text.startswith(f"{letters}[") for text in aliases.values())
        row = _row(wanted, held) if by_row and len(entries) == 1 else None
        mine = held.axes if row is None else tuple(row.indices[1:])
        place = held.entry if row is None else row
        again = {each: Index(f"{each}·{len(places)}", each.space) for each in mine if each in axes}
        axes += [again.get(each, each) for each in mine]
        places.append(place.xreplace(again))
    whole = (*axes, *leading) if wanted.turned else (*leading, *axes)
    return Output(wanted.name, wanted.pieces, whole, tuple(places))


def _row(wanted: Wanted, held: Argument) -> Indexed | None:
    """The row that a gradient is by, where a whole matrix is given and which row it is."""
    (by,), entry = wanted.pieces[0].by, held.entry
    if len(wanted.pieces) > 1 or not isinstance(by, Indexed) or not isinstance(entry, Indexed):
        return None
    first, *rest = by.indices
    bound = wanted.pieces[0].bound
    if first in bound or entry.indices[0] not in held.axes or not set(rest) <= set(bound):
        return None
    axes = {index: Index(f"{wanted.name}·{n}", index.space) for n, index in enumerate(rest)}
    return by.base[(first, *(axes[index] for index in rest))]


# Jacobian-vector products: a proved derivative times a direction that an argument holds.
#
# With ``along={"v": "w"}`` a result that is a derivative by w is summed over the entries of w,
# each times that of v: a gradient becomes the derivative along v, a Hessian its product with v, a
# Jacobian what a forward pass of automatic differentiation gives. Several directions at once give
# one result, the derivative along all of them together.


Along = Mapping[str, Argument]


def directions(along: Mapping[str, str], letters: Letters) -> Along:
    """For each argument that is a direction what it is a direction of."""
    return {name: letters.argument(name, text) for name, text in along.items()}


def argument_of(name: str, of: Argument) -> Argument:
    """The argument that holds the direction, with letters of its own."""
    return Argument(name, of.entry.xreplace(_other_letter(of)), of.axes)


def _other_letter(of: Argument) -> dict[Expr, Expr]:
    if isinstance(of.entry, Indexed):
        own = IndexedBase(f"∂{of.letter}")
        return {of.entry: own[tuple(of.entry.indices)]}
    return {of.entry: Symbol(f"∂{of.letter}")}


def is_by(wanted: Wanted, along: Along) -> bool:
    """Whether it is a derivative by something that there is a direction of."""
    return any(_direction(by, along) is not None for piece in wanted.pieces for by in piece.by)


def _direction(by: Expr, along: Along) -> Argument | None:
    letter = by.base if isinstance(by, Indexed) else by
    return next((one for one in along.values() if (one.base or one.entry) == letter), None)


def contracted(wanted: Sequence[Wanted], along: Along) -> list[Wanted]:
    """The results times the directions; with several of these their sum, as one result."""
    for each in wanted:
        if not is_by(each, along):
            said = ", ".join(one.letter for one in along.values())
            raise BadArguments(f"along: {each.name} is no derivative by {said}")
    for name, of in along.items():
        if not any(is_by(each, {name: of}) for each in wanted):
            raise BadArguments(f"along: no result is a derivative by {of.letter}")
    made = [_contracted(each, along) for each in wanted]
    if len(along) == 1:
        return made
    if any(each.pieces[0].by or each.axes for each in made):
        raise BadArguments("along: several directions go with gradients of one loss")
    value = Add(*(each.pieces[0].value for each in made))
    assumed = tuple(dict.fromkeys(said for each in made for said in each.assumed))
    leading = tuple(dict.fromkeys(index for each in made for index in each.leading))
    return [Wanted(", ".join(each.name for each in made), (Piece(value),), (), assumed, leading)]


def _contracted(wanted: Wanted, along: Along) -> Wanted:
    if len(wanted.pieces) > 1 or wanted.pieces[0].conditions:
        raise BadArguments(f"along: {wanted.name} is put together from claims under conditions")
    (piece,) = wanted.pieces
    at = max(n for n, by in enumerate(piece.by) if _direction(by, along) is not None)
    by, rest = piece.by[at], (*piece.by[:at], *piece.by[at + 1 :])
    direction = _direction(by, along)
    assert direction is not None
    value = Mul(piece.value, _moved(by, direction))
    kept = {index for each in rest for index in each.free_symbols}
    summed = [index for index in piece.bound if index in by.free_symbols and index not in kept]
    for index in summed:
        value = total(value, index)
    bound = tuple(index for index in piece.bound if index not in summed)
    return replace(wanted, pieces=(Piece(value, rest, (), bound),))


def _moved(by: Expr, of: Argument) -> Expr:
    """The entry of the direction that goes with an entry of what it is a direction of."""
    if isinstance(by, Indexed):
        return IndexedBase(f"∂{of.letter}")[tuple(by.indices)]
    return Symbol(f"∂{of.letter}")


# Factors that are a convention: half of a square, the mean for the sum.


_FACTOR = re.compile(r"\s*(?P<over>\w+)\s*(?:/\s*(?P<under>\w+)\s*)?")
MEAN = "mean"


@dataclass(frozen=True)
class Whole:
    """The loss, and whether it is one for each pair."""

    value: Expr
    output: Output


def factor(text: str, sizes: Sequence[Symbol], loss: Whole | None) -> Expr:
    """A number or a size, or one over another; raises BadArguments for anything else."""
    if text == MEAN:
        size = None if loss is None else _summed(loss)
        if size is None:
            known = ", ".join(f"'1/{each.name}'" for each in sizes)
            raise BadArguments(f"scale: over what is the mean taken? say {known}")
        return Pow(size, -1)
    match = _FACTOR.fullmatch(text)
    if match is None:
        raise BadArguments(f"scale: {text!r} is none of 'mean', '1/2', '1/B'")
    over, under = (_part(match[name] or "1", sizes) for name in ("over", "under"))
    return Mul(over, Pow(under, -1))


def _part(text: str, sizes: Sequence[Symbol]) -> Expr:
    if text.isdecimal() and int(text) > 0:
        return Integer(int(text))
    by_name = {size.name: size for size in sizes}
    name = same(text, by_name)
    if name is None:
        raise BadArguments(f"scale: there is no size {text!r}, but {', '.join(by_name)}")
    return by_name[name]


def _summed(loss: Whole) -> Expr | None:
    """How many the loss is summed over, outermost; what a batch has one loss for each of."""
    if loss.output.axes:
        return loss.output.axes[0].space.size
    node = unfold(loss.value)
    if isinstance(node, Mul):
        sums = [part for part in node.args if isinstance(part, Sum)]
        node = sums[0] if len(sums) == 1 else node
    return node.limits[-1][0].space.size if isinstance(node, Sum) else None


def scaled(output: Output | None, by: Expr, *, mean: bool) -> Output | None:
    """The result times the factor; of losses of pairs, their mean, if that is asked for."""
    if output is None:
        return None
    one = mean and bool(output.axes) and not output.place
    axes = output.axes if one else ()

    def value(piece: Piece) -> Expr:
        whole = piece.value
        for axis in axes:
            whole = total(whole, axis)
        return Mul(by, whole)

    pieces = tuple(replace(each, value=value(each)) for each in output.pieces)
    if one:
        return Output("loss", pieces)
    return Output(output.name, pieces, output.axes, output.place)


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
    function: Callable[..., object],
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
