"""Diagnosis of wrong results: what they look like, at which inputs, and what would explain them.

Wrong inputs are told from right ones by what they look like; causes with a signature of their own
are an epsilon in a logarithm, tables, and updates in sequence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from sympy import Indexed

from derivations.implementation.calling import Kernel, WrongKind, WrongResult
from derivations.implementation.check_report import Finding, Kind
from derivations.implementation.comparison import Compared, Right, compared
from derivations.implementation.exact import expected
from derivations.implementation.inputs import Case
from derivations.implementation.question import Argument, Array, Floats, Output, Problem, Value

# What a wrong result looks like at one input: every mistake that would explain its numbers.


CLOSE = 1e-4  # of two numbers that are the same but for rounding, also in float32
LOST = 64  # roundings of the sums as typed that cancellation may cost
Look = tuple[Kind, str]


def overflown(found: Compared) -> Kind | None:
    """What stands where a finite number should; None where all are finite."""
    got = found.got.astype(np.float64)
    if np.isfinite(got).all():
        return None
    return Kind.NAN if np.isnan(got).any() else Kind.INFINITE


def lost(found: Compared, limit: float) -> str:
    """Whether the error is one of rounding what then cancels; empty where it is more."""
    wrong = found.errors > limit
    if found.small[wrong].max() > LOST:
        return ""
    return "digits lost in a difference" if found.got[wrong].any() else "every digit lost: 0"


def looks(found: Compared, sizes: Mapping[str, int], limit: float) -> Iterator[Look]:
    """Kinds of mistake, each with a few words; finite numbers are presumed."""
    got, want = found.got.astype(np.float64), found.want
    wrong = found.errors > limit
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 1 and _same(got, want.T):
        yield Kind.TRANSPOSED, "the transpose is right"
    if not got[wrong].any():
        yield Kind.ZERO, "zero where it should not be"
    elif _same(got[wrong], -want[wrong]):
        whole = bool(wrong[want != 0].all())
        yield Kind.SIGN, "the negative is right" if whole else "some entries have the wrong sign"
    if _digits(got[wrong], want[wrong]):
        yield Kind.PRECISION, "only some of the digits are right"
    yield from _clipped(np.abs(got[wrong]), np.abs(want[wrong]))
    yield from _factor(got, want, sizes)


def _same(left: Floats, right: Floats) -> bool:
    top = float(np.abs(right).max())
    return bool((np.abs(left - right) <= CLOSE * (np.abs(right) + top)).all())


def _digits(got: Floats, want: Floats) -> bool:
    return bool((np.abs(got - want) <= CLOSE * np.abs(want)).all())


def _clipped(got: Floats, want: Floats) -> Iterator[Look]:
    if got[0] and (got == got[0]).all() and (want > got).all():
        yield Kind.CLIPPED, f"held at {float(got[0]):.6g}"


def _factor(got: Floats, want: Floats, sizes: Mapping[str, int]) -> Iterator[Look]:
    """The one number that all entries are off by, as a size where it is one."""
    top = np.unravel_index(np.abs(want).argmax(), want.shape)
    if abs(want[top]) < np.finfo(np.float32).tiny:
        return
    factor = float(got[top] / want[top])
    if abs(factor) < CLOSE or abs(abs(factor) - 1) < CLOSE or not _same(got, factor * want):
        return
    named: dict[str, float] = {}
    for name, size in sizes.items():
        named |= {f"1/{name}": 1 / size, name: float(size)} if size > 1 else {}
    named[f"{factor:.4g}"] = factor
    for text, value in named.items():
        if abs(value / factor - 1) < CLOSE:
            simple = {"0.5": "1/2", "2": "2"}.get(text, "")
            if text in sizes or "/" in text:
                simple = text
            hint = f'; if that is a convention, scale="{simple}"' if simple else ""
            yield Kind.FACTOR, f"{text} times the right value{hint}"


# What kind of mistake it is: a cause is named where its signature is met, and no rival's is.
#
# A trait explains if all wrong inputs have it, hardly any right one that could show the mistake has
# it, and no other trait with another meaning does as well. A look, what the numbers are like,
# explains if nearly all wrong inputs look so, and no other look does as well.


ALIKE = 0.85  # the share of wrong inputs that have to look alike
PRECISE = 0.6  # the share of inputs with a trait that have to be wrong
CHANCE = 0.01  # that inputs taken at random would all have a trait
NAMED_SIZES = 6


@dataclass(frozen=True)
class Reason:
    """What all wrong inputs have in common: the trait, what it means, and in words."""

    trait: str = ""
    kind: Kind = Kind.VALUE
    words: str = ""


def reason(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """The trait that tells wrong inputs from right ones, if there is one and only one."""
    total = len(wrong) + len(right)
    found: list[tuple[float, int, str]] = []
    for trait in frozenset.intersection(*wrong):
        count = len(wrong) + sum(trait in each for each in right)
        meant = _meaning(trait).kind is not Kind.VALUE
        if meant and (count / total) ** len(wrong) <= CHANCE and len(wrong) / count >= PRECISE:
            found.append((-len(wrong) / count, count, trait))
    if not found:
        return _least(wrong, right)
    found.sort()
    best = _meaning(found[0][2])
    rivals = [_meaning(trait) for share, _, trait in found[1:] if share == found[0][0]]
    if any(rival.kind is not best.kind for rival in rivals):
        return Reason()
    return best


def _least(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """Each wrong input has an axis that is empty or single, and hardly any right one does."""

    def small(each: frozenset[str]) -> bool:
        return any(trait.endswith((" = 0", " = 1")) for trait in each)

    alike = sum(map(small, right))
    if len(wrong) > 1 and all(map(small, wrong)) and len(wrong) >= PRECISE * (len(wrong) + alike):
        return Reason("", Kind.EDGE, "only where an axis is empty or single")
    return Reason()


def _meaning(trait: str) -> Reason:
    if trait.startswith("repeats "):
        listed = trait.removeprefix("repeats ").replace(" with ", " and ")
        have = "have" if " and " in listed else "has"
        return Reason(trait, Kind.DUPLICATE, f"only where {listed} {have} a word twice")
    if " in " in trait:
        word, listed = trait.split(" in ")
        return Reason(trait, Kind.SHARED, f"only where {word} is also in {listed}")
    if trait == "saturated":
        return Reason(trait, Kind.SATURATED, "only at large scores")
    if " is " in trait or trait.startswith("all arrays are"):
        return Reason(trait, Kind.SPECIAL, f"only where {trait}")
    if " = " in trait:
        return Reason(trait, Kind.EDGE, f"only at {trait}")
    return Reason()


def by_size(wrong: Sequence[dict[str, int]], right: Sequence[dict[str, int]]) -> Reason:
    """One size that tells wrong inputs from right ones, past the small ones."""
    found = []
    for name in wrong[0]:
        bad, good = {sizes[name] for sizes in wrong}, {sizes[name] for sizes in right}
        if not good or bad & good or min(bad) < max(2, min(good)):
            continue
        if min(bad) > max(good):
            words = f"only from {name} = {min(bad)} on (right up to {max(good)})"
        elif len(bad) <= NAMED_SIZES:
            words = f"only at {name} = {', '.join(map(str, sorted(bad)))}"
        else:
            shown = ", ".join(map(str, sorted(bad)[:NAMED_SIZES]))
            words = f"only at {name} = {shown}, ..."
        found.append(Reason("", Kind.SIZE, words))
    return found[0] if len(found) == 1 else Reason()


def threshold(wrong: Sequence[float], right: Sequence[float]) -> Reason:
    """The largest score tells wrong inputs from right ones, wherever it comes from."""
    known = [score for score in right if score > 0]
    if len(wrong) < 2 or len(known) < 2:
        return Reason()
    least = min(wrong)
    below = [score for score in known if score < least]
    above = [score for score in known if score >= least]
    if len(below) < 2 or len(above) > 0.25 * len(wrong) or least < 1:
        return Reason()
    words = f"right up to scores of {max(below):.3g}, wrong from {least:.3g} on"
    return Reason("", Kind.THRESHOLD, words)


def common(found: Sequence[Sequence[Look]]) -> Look:
    """What nearly all inputs look like; VALUE where they do not agree, or on two things."""
    votes = Counter(look for each in found for look in set(each)).most_common(2)
    if not votes or votes[0][1] < ALIKE * len(found):
        return Kind.VALUE, ""
    if len(votes) > 1 and votes[1][1] == votes[0][1] and votes[1][0][0] is not votes[0][0][0]:
        return Kind.VALUE, ""
    return votes[0][0]


# Causes with a signature of their own: what the numbers would be, and are.


AGREE = 0.02  # of numbers that are the same
ENTRIES = 3
MOST_ADDED = 1e-2  # no one adds more to a probability
MODERATE = 5.0  # a score; tables and clipped ones end at 6
MOST_OFF = 0.02  # of the largest entry
HALF = 11  # bits of half precision
LOOSE = 1e-4  # of a result, for what is rounded on the way


def epsilon(wrong: Sequence[tuple[Case, Compared]]) -> Reason | None:
    """A loss is -log(p + e) for one e: then exp(-loss) is off by e, whatever p is.

    Where p is held at e, its rival, nothing is wrong of a p above e; so one of those has to be.
    """
    offs: list[tuple[float, float]] = []
    for _, found in wrong:
        if found.got.ndim > 1:
            return None
        at = found.errors > 0
        for got, want in zip(found.got[at], found.want[at], strict=True):
            if not float(got) < float(want) + 1e-300:
                return None
            if 0.0 < want < 600:
                offs.append((float(np.exp(-float(got)) - np.exp(-float(want))), float(want)))
    clear = [
        (off, want) for off, want in offs if 0 < off < MOST_ADDED and off > 1e-6 * np.exp(-want)
    ]
    best: list[tuple[float, float]] = []
    for off, _ in clear:
        alike = [each for each in clear if abs(each[0] / off - 1) <= AGREE]
        best = max(best, alike, key=len)
    if len(best) < ENTRIES or not any(np.exp(-want) > 8 * off for off, want in best):
        return None
    middle = float(np.median([off for off, _ in best]))
    return Reason("", Kind.EPSILON, f"this is -log(p + {middle:.3g})")


def approximated(wrong: Sequence[tuple[Case, Compared]]) -> Reason | None:
    """Wrong by little wherever scores are moderate, in numbers of full length: a table.

    Arithmetic in few digits is as little off, and its rival: what it gives has few digits.
    """
    moderate = [(case, found) for case, found in wrong if 0 < found.reach < MODERATE]
    if len(moderate) < ENTRIES:
        return None
    worst = 0.0
    for _, found in moderate:
        top = float(np.abs(found.want).max(initial=0))
        apart = float(np.abs(found.got - found.want).max(initial=0))
        if not apart <= MOST_OFF * top:
            return None
        worst = max(worst, apart / top)
    if all(_has_few_digits(found.got) for _, found in moderate):
        return None
    words = f"off by up to {100 * worst:.2g} % wherever scores are below {MODERATE:g}"
    return Reason("", Kind.THRESHOLD, words)


def _has_few_digits(numbers: Array) -> bool:
    """Whether they are numbers of half precision."""
    mantissas = np.ldexp(np.frexp(numbers.astype(np.float64))[0], HALF)
    return bool((mantissas == np.rint(mantissas)).all())


def in_sequence(
    problem: Problem, output: Output, wrong: Sequence[tuple[Case, Compared]], limit: float
) -> Reason | None:
    """The result is right for another argument after its own step: both should use the old ones."""
    others = [
        each
        for each in problem.judged
        if each.name != output.name and len(each.place) == 1 and isinstance(each.place[0], Indexed)
    ]
    if not others or any(case.is_large for case, _ in wrong):
        wrong = [(case, found) for case, found in wrong if not case.is_large]
    for other in others:
        held = [one for one in problem.arguments if one.entry == other.place[0]]
        if not held:
            continue
        tried = sorted(wrong, key=lambda each: each[0].weight)[:2]
        if tried and all(
            _after(problem, output, other, held[0].name, case, found, limit)
            for case, found in tried
        ):
            text = f"right for the {held[0].name} that has its step already"
            return Reason("", Kind.SEQUENCE, text)
    return None


def _after(
    problem: Problem,
    output: Output,
    other: Output,
    name: str,
    case: Case,
    found: Compared,
    limit: float,
) -> bool:
    now = expected(problem, case)
    if now is None:
        return False
    before = np.asarray(case.values[name], dtype=np.float64)
    step = now[other.name].apart[0]
    if step.shape != before.shape:
        return False
    stepped = (before - step).astype(case.dtype)
    then = expected(problem, replace(case, values={**case.values, name: stepped}))
    if then is None:
        return False
    u = max(float(np.finfo(case.dtype).eps) / 2, LOOSE / limit)
    return compared(found.got, then[output.name], u, limit).worst <= limit


# Updates sample by sample: what a step would be if each one saw those before it, as in word2vec.c.
#
# The loss is a sum along lists. What one sample adds to a gradient is the difference of the
# gradients of two beginnings of its list, what one pair of a batch adds the gradient of that pair
# alone; here each is worked out at what the steps before have left. The step of one argument may be
# held back to the end of a pair.


LOOSE_STEP = 1e-5  # of a step, for what is rounded on the way
TRIED = 2  # inputs
Cut = Mapping[str, range]
Move = tuple[Cut, Cut | None]  # what is done, and what of it was done before


def one_by_one(
    problem: Problem, output: Output, wrong: Sequence[tuple[Case, Compared]]
) -> Reason | None:
    """A reason, where the steps of all results are right for an order of samples."""
    small = sorted((each for each in wrong if not each[0].is_large), key=lambda e: e[0].weight)
    if not small or any(len(each.place) != 1 for each in problem.judged):
        return None
    held = {
        each.name: next(one for one in problem.arguments if one.entry == each.place[0])
        for each in problem.judged
    }
    for outer, inner in _orders(problem):
        for late in ("", *held):
            if all(
                _agrees(problem, output, case, found, held, _moves(case, outer, inner), late)
                for case, found in small[:TRIED]
            ):
                names = " and of ".join(filter(None, (outer, inner)))
                return Reason("", Kind.SEQUENCE, f"right where each of {names} sees those before")
    return None


def _orders(problem: Problem) -> Iterator[tuple[str, str]]:
    """Sizes of lists to go along: pairs of a batch, and samples of each."""
    sizes = dict.fromkeys(
        str(axis.space.upper) for one in problem.arguments if one.is_integer for axis in one.axes
    )
    yield from (("", inner) for inner in sizes)
    yield from ((outer, "") for outer in sizes)
    yield from ((outer, inner) for outer in sizes for inner in sizes if outer != inner)


def _moves(case: Case, outer: str, inner: str) -> list[tuple[int, Move]]:
    """Each with the number of its pair."""
    found: list[tuple[int, Move]] = []
    for number in range(case.sizes[outer] if outer else 1):
        pair = {outer: range(number, number + 1)} if outer else {}
        if not inner:
            found.append((number, (pair, None)))
            continue
        ends = range(case.sizes[inner] + 1)
        found += [
            (number, ({**pair, inner: range(n)}, {**pair, inner: range(n - 1)} if n else None))
            for n in ends
        ]
    return found


def _agrees(
    problem: Problem,
    output: Output,
    case: Case,
    found: Compared,
    held: Mapping[str, Argument],
    moves: Sequence[tuple[int, Move]],
    late: str,
) -> bool:
    values = dict(case.values)
    start = {name: np.asarray(values[one.name], dtype=np.float64) for name, one in held.items()}
    moved = {one.name: start[name] for name, one in held.items()}
    for _, pair in groupby(moves, key=lambda each: each[0]):
        kept = np.zeros_like(start[late]) if late else np.zeros(1)
        for _, (done, before) in pair:
            values |= moved
            now = _gradients(problem, case, values, done)
            past = None if before is None else _gradients(problem, case, values, before)
            if now is None:
                if before is None:  # a list that may not be empty has no beginning
                    continue
                return False
            for name, one in held.items():
                step = now[name] - (0 if past is None else past[name])
                if name == late:
                    kept = kept + step
                else:
                    moved[one.name] = moved[one.name] - step
        if late:
            moved[held[late].name] = moved[held[late].name] - kept
    step = start[output.name] - moved[held[output.name].name]
    size = float(np.abs(start[output.name]).max(initial=0)) + float(np.abs(step).max(initial=0))
    rounded = LOOSE_STEP if case.dtype == np.float32 else LOOSE_STEP**2
    return bool((abs(found.got - step) <= rounded * size).all())


def _gradients(
    problem: Problem, case: Case, values: Mapping[str, Value], done: Cut
) -> dict[str, Floats] | None:
    """Those of some samples alone."""
    cut = {}
    for one in problem.arguments:
        value = values[one.name]
        for number, axis in enumerate(one.axes):
            members = done.get(str(axis.space.upper))
            if members is not None:
                value = np.take(value, members, axis=number)
        cut[one.name] = value
    sizes = {**case.sizes, **{name: len(members) for name, members in done.items()}}
    try:
        found = expected(problem, replace(case, sizes=sizes, values=cut))
    except (ValueError, IndexError):
        return None
    return None if found is None else {name: each.apart[0] for name, each in found.items()}


# Findings about the numbers of one result: which inputs go together, and what they show.


COINCIDENCES = (Kind.DUPLICATE, Kind.SHARED)
ONCE = (
    Kind.SIGN,
    Kind.FACTOR,
    Kind.SEQUENCE,
)  # what is one mistake though it shows in several results
SeenAt = tuple[Case, Compared]


def explained(
    problem: Problem,
    output: Output,
    seen: Sequence[SeenAt],
    limit: float,
    *,
    steps: bool = False,
    unsteady: bool = False,
) -> Iterator[Finding]:
    """What is plainly wrong, what is not finite, what has lost its digits: each one finding.

    What is ``unsteady`` depends on the calls before, and on nothing of an input.
    """
    wrong = [(case, found) for case, found in seen if not found.worst <= limit]
    if unsteady and wrong:
        yield _finding(output, Kind.STATE, ["right when it is called after another input"], wrong)
        return
    right = [(case, found) for case, found in seen if found.worst <= limit]
    groups: dict[Kind, list[SeenAt]] = {}
    for case, found in wrong:
        kind = overflown(found) or (Kind.CANCELLATION if lost(found, limit) else Kind.VALUE)
        groups.setdefault(kind, []).append((case, found))
    plain, less = groups.get(Kind.VALUE, []), groups.get(Kind.CANCELLATION, [])
    if plain:
        kind, words, why = _cause(problem, output, plain, right, limit)
        if steps and kind in (*COINCIDENCES, Kind.VALUE):
            named = one_by_one(problem, output, plain)
            kind, words = (named.kind, [named.words]) if named else (kind, words)
        yield _finding(output, kind, words, plain)
        # the same mistake at a small number is not another one
        less = [(c, found) for c, found in less if why.trait and why.trait not in c.traits]
    for kind in (Kind.INFINITE, Kind.NAN):
        if kind in groups:
            words = ["where the value is finite", _shared(groups[kind], right).words]
            yield _finding(output, kind, words, groups[kind])
    if less:
        words = [lost(less[0][1], limit), _shared(less, right).words]
        yield _finding(output, Kind.CANCELLATION, words, less)


def _shared(wrong: Sequence[SeenAt], right: Sequence[SeenAt]) -> Reason:
    """What tells wrong inputs from right ones at which something is to be seen."""
    telling = [case.traits for case, found in right if np.any(found.want)]
    return reason([case.traits for case, _ in wrong], telling)


def _cause(
    problem: Problem,
    output: Output,
    wrong: Sequence[SeenAt],
    right: Sequence[SeenAt],
    limit: float,
) -> tuple[Kind, list[str], Reason]:
    """The kind, what is said of it, and what the inputs have in common."""
    why = _shared(wrong, right)
    if why.kind in COINCIDENCES:
        return why.kind, [why.words], why
    kind, detail = common([[*looks(found, case.sizes, limit)] for case, found in wrong])
    sizes = by_size([c.sizes for c, _ in wrong], [c.sizes for c, f in right if np.any(f.want)])
    if kind is not Kind.VALUE:
        only = why.words or sizes.words
        return kind, [detail.partition(";")[0] if only else detail, only], why
    named = epsilon(wrong) or approximated(wrong) or in_sequence(problem, output, wrong, limit)
    if named:
        return named.kind, [named.words], why
    if why.kind not in (Kind.VALUE, Kind.SATURATED):
        return why.kind, [why.words], why
    scores = threshold([f.reach for _, f in wrong], [f.reach for _, f in right])
    for one in (sizes, scores, why):
        if one.kind is not Kind.VALUE:
            return one.kind, [one.words], why
    return Kind.VALUE, [], why


def _finding(output: Output, kind: Kind, words: list[str], group: Sequence[SeenAt]) -> Finding:
    """With the numbers of the simplest input, where its error is largest."""
    case, found = min(group, key=lambda each: each[0].weight)
    at = found.where()
    want, got = _apart(found.want[at], found.got[at])
    return Finding(
        output.name,
        kind,
        ", ".join(filter(None, words)),
        case.values,
        where=f"{output.name}[{', '.join(map(str, at))}]" if at else output.name,
        want=want,
        got=got,
        error=float(found.errors[at]),
        count=len(group),
        texts=case.texts,
    )


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A sign or a factor that all results have wrong is one mistake."""
    once: dict[tuple[Kind, str], Finding] = {}
    for finding in findings:
        key = finding.kind, finding.detail
        if finding.kind not in ONCE:
            yield finding
        elif key in once:
            together = f"{once[key].output}, {finding.output}"
            once[key] = replace(once[key], output=together)
        else:
            once[key] = finding
    yield from once.values()


def _apart(want: np.number, got: np.number) -> tuple[str, str]:
    """Both numbers with few digits, or with all where few do not tell them apart."""
    short, other = f"{float(want):.6g}", f"{float(got):.6g}"
    if short == other:
        short, other = repr(float(want)), repr(float(got))
    return short, other


# Every input once: results of the right shape, dtype and value.


# what tensors' methods and functions say of arrays
AS_ARRAYS = ("'numpy.ndarray' object has no attribute", "must be Tensor, not numpy.ndarray")
GIVEN_UP = 6  # inputs of one dtype that may raise before the rest is left out


@dataclass
class Seen:
    """What one result was at each input: errors by input, and findings by what shows at once."""

    output: str
    found: list[tuple[Case, Compared]] = field(default_factory=list)
    worst: float = 0.0


@dataclass
class Values:
    """Gathers what the results are; findings are made of it at the end."""

    kernel: Kernel
    limit: float
    seen: dict[str, Seen] = field(default_factory=dict)
    faults: list[tuple[Case, Finding]] = field(default_factory=list)
    unsteady: bool = False  # what was wrong is right when it is called again

    def look(self, case: Case, right: Mapping[str, Right], results: list[object]) -> bool:
        """Compare the results at one input: whether all are right."""
        pairs = zip(self.kernel.problem.outputs, results, strict=True)
        well = [self._look_at(o, case, right[o.name], result) for o, result in pairs if o]
        return all(well)

    def raised(self, case: Case, error: Exception) -> None:
        """An input on which the kernel raised."""
        kind = Kind.WRONG_SHAPE if isinstance(error, WrongResult) else Kind.RAISES
        name = "" if isinstance(error, WrongResult) else f"{type(error).__name__}: "
        text = " ".join(str(error).split())[:160]
        if self.kernel.convert is None and any(each in text for each in AS_ARRAYS):
            text += " (it is given NumPy arrays: convert=torch.as_tensor makes tensors of them)"
        self.faults.append((case, Finding("", kind, f"{name}{text}", case.values)))

    def _look_at(self, output: Output, case: Case, right: Right, result: object) -> bool:
        seen = self.seen.setdefault(output.name, Seen(output.name))
        try:
            got = self.kernel.read(result, output, case)
        except Exception as error:  # reading runs the user's own code, such as dense()
            named = "" if isinstance(error, WrongResult) else f"{type(error).__name__}: "
            text = f"{named}{error}"
            kind = Kind.WRONG_DTYPE if isinstance(error, WrongKind) else Kind.WRONG_SHAPE
            self._fault(case, output, kind, text, "", "")
            return False
        if got.shape != right.shape:
            if got.size == 1 and not right.shape:
                got = got.reshape(())
            else:
                self._fault(case, output, *_shaped(got.shape, right.shape))
                return False
        if got.ndim and got.dtype != case.dtype:
            text = f"{got.dtype} for {case.dtype} input"
            self._fault(case, output, Kind.WRONG_DTYPE, text, str(case.dtype), str(got.dtype))
        if hasattr(result, "rows") and len(set(np.asarray(result.rows).tolist())) < len(
            result.rows
        ):
            text = "a row is listed twice: U[rows] -= values would take one of them"
            self._fault(case, output, Kind.REPEATED_ROWS, text, "", "")
        u = float(np.finfo(case.dtype).eps) / 2
        found = compared(got, right, u, self.limit)
        seen.found.append((case, found))
        seen.worst = max(seen.worst, found.worst)
        return found.worst <= self.limit

    def _other_precision(self) -> str:
        """The one precision in which it does not raise, where it always does in the other."""
        came = {str(case.dtype) for seen in self.seen.values() for case, _ in seen.found}
        raised = {str(case.dtype) for case, each in self.faults if each.kind is Kind.RAISES}
        return next(iter(came)) if len(came) == 1 and raised and not came & raised else ""

    def _fault(self, case: Case, output: Output, kind: Kind, text: str, *numbers: str) -> None:
        want, got = numbers
        finding = Finding(output.name, kind, text, case.values, want=want, got=got)
        self.faults.append((case, finding))

    def findings(self) -> Iterator[Finding]:
        """One finding for each result and kind of mistake, with the simplest input."""
        for finding in grouped(self.faults):
            only = finding.kind is Kind.RAISES and self._other_precision()
            hint = f" (if it is for {only} alone: dtypes='{only}')" if only else ""
            yield replace(finding, detail=f"{finding.detail}{hint}")
        outputs = {output.name: output for output in self.kernel.problem.judged}
        steps = bool(self.kernel.stepped)
        each = (
            finding
            for name, seen in self.seen.items()
            for finding in explained(
                self.kernel.problem,
                outputs[name],
                seen.found,
                self.limit,
                steps=steps,
                unsteady=self.unsteady,
            )
        )
        yield from told_once(each)


def grouped(faults: Iterable[tuple[Case, Finding]]) -> Iterator[Finding]:
    """The simplest of those that are alike, and how many there are."""
    groups: dict[tuple[str, Kind, str], list[tuple[Case, Finding]]] = {}
    for case, finding in faults:
        groups.setdefault((finding.output, finding.kind, finding.layout), []).append(
            (case, finding)
        )
    for group in groups.values():
        case, finding = min(group, key=lambda each: each[0].weight)
        yield replace(finding, count=len(group), texts=case.texts)


def _shaped(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[Kind, str, str, str]:
    turned = got == want[::-1] and len(got) > 1
    kind = Kind.TRANSPOSED if turned else Kind.WRONG_SHAPE
    text = f"shape {got}, should be {want}"
    return kind, text, str(want), str(got)
