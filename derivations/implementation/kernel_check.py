"""`check_kernel`: any implementation of a proved loss or gradient against its claim."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from itertools import islice, pairwise
from pathlib import Path
from time import perf_counter
from types import ModuleType

import numpy as np

from derivations.implementation.calling import Convert, Kernel, NotConvertible
from derivations.implementation.check_report import LAYOUTS, CheckReport, Tried
from derivations.implementation.comparison import Right, stepped
from derivations.implementation.contract import (
    Known,
    Pair,
    aliased,
    all_right_again,
    backwards,
    changed,
    fresh,
    kept,
    laid_out,
    look_alikes,
    many,
    swallowed,
    written_down,
)
from derivations.implementation.diagnosis import GIVEN_UP, Values, grouped
from derivations.implementation.exact import Expected, expected
from derivations.implementation.inputs import (
    Case,
    More,
    asked_for,
    cases,
    few_large,
    few_small,
    large_cases,
    large_sizes,
    usual,
)
from derivations.implementation.large import TooMany, at_once
from derivations.implementation.question import BadArguments, Format, Hook, Manner, Problem
from derivations.implementation.resolve import Returns, problem_of
from derivations.proof.fragment import OutsideFragment
from derivations.report.stdio import (
    ALL_WELL,
    FAILED,
    SCRIPT,
    WRONG_USAGE,
    complain,
    forgiving_streams,
    write,
)

LIMIT = 32.0
DTYPES = ("float64", "float32")
FLOATS = ("float32", "float64")
MOST_SMALL = 6
AGAIN = 4  # inputs that came out wrong and are tried again
LAID_OUT = 2  # inputs tried in every layout
ORDINARY = 5.0  # scores, where large ones are left out

Sizes = Mapping[str, int | Sequence[int]]


def check_kernel(
    function: Callable[..., object],
    claim: str | Path | Sequence[str],
    arguments: Mapping[str, str] | str | Sequence[str] | None = None,
    returns: Returns | Mapping[str, str] = None,
    *,
    derivation: str | Path | None = None,
    convert: Convert | None = None,
    dtypes: Sequence[str] = DTYPES,
    saturated: bool = True,
    limit: float = LIMIT,
    count: int = 10,
    seed: int = 0,
    sizes: Sizes | None = None,
    blocks: bool = True,
    domains: Mapping[str, str] | None = None,
    columns: bool = False,
    empty: bool = True,
    rate: str | None = None,
    draws: Mapping[str, Hook] | None = None,
    scale: str | None = None,
    along: Mapping[str, str] | None = None,
) -> CheckReport:
    """Check an implementation of a loss or of gradients against what is proved of them.

    Args:
        function: NumPy, torch, jax, anything that can be called. It may return numbers, arrays,
          tensors, and row-sparse gradients with a method ``dense(N)``.
        claim: a loss of word2vec by name ("negative_sampling": loss, grad_v_c, grad_U), the id
          of a claim ("g.row"), or several claims and losses in the order of the results.
        arguments: for each argument of the function the symbol that it stands for: ``"U"``,
          ``"U.T"``, ``"V[c]"`` (row c), ``"n"``, ``"o"``. May be left out where the names agree.
        returns: which of the results the function returns, in its order; None in a sequence is
          a result that is not looked at. A text is one result by itself.
        derivation: a derivation file; ``claim`` then names its lines ("a.1") and functions ("J").
        convert: makes of a NumPy array what the function takes, such as ``torch.as_tensor``.
        dtypes: the precisions to try.
        saturated: whether scores are tried at which probabilities are nearly 0 or 1.
        limit: how many u B a result may be off; u is half a spacing at 1, B the condition scale
          (`derivations/implementation/exact.py`). What is below the smallest normal number
          counts as zero; where all that is added up is zero, what is below u squared does.
        count: random inputs beside those that are forced.
        seed: which numbers.
        sizes: more sizes by name, ``{"N": 10_000, "d": (100, 300)}``, each tried while the others
          are small.
        blocks: whether sizes past 6 are tried, around powers of two and at a few thousand words.
        domains: where the numbers of an argument are, if not anywhere and not said by the
          derivation: ``{"beta": "> 0", "p": "(0, 1)", "signs": "{-1, 1}", "counts": "whole"}``.
        columns: whether a vector is (d, 1) and a number (1, 1), given and returned.
        empty: whether sizes of zero are tried: empty lists and batches.
        rate: the argument that is the rate of a step: the function changes its arguments in place,
          by their gradients times the rate.
        draws: for each argument that the function draws by itself, a function that hands it what
          to draw: ``{"negatives": sampler.next}``.
        scale: a factor of all results that is a convention: ``"1/2"``, ``"1/B"`` by a size, or
          ``"mean"`` where there is one size that a batch has.
        along: arguments that are directions, ``{"v": "w"}``: a proved gradient, Jacobian or Hessian
          by w is checked times v (Jacobian-vector and Hessian-vector products).

    Raises BadArguments, a ValueError, for what cannot be checked as asked.
    """
    started = perf_counter()
    if not callable(function):
        raise BadArguments(f"a function is checked, not a {type(function).__name__}")
    if arguments is not None and not isinstance(arguments, Mapping):
        # check_kernel(f, "notes.md", "a.1")
        derivation, claim, arguments = str(claim), arguments, None
        if isinstance(returns, Mapping):
            arguments, returns = returns, None
    if isinstance(claim, Path) or isinstance(returns, Mapping):
        raise BadArguments("name a line of the file: check_kernel(f, 'notes.md', 'a.1')")
    listed = dtypes if isinstance(dtypes, list | tuple | set) else (dtypes,)
    dtypes = [_dtype(each) for each in listed]
    for dtype in dtypes:
        if dtype not in FLOATS:
            raise BadArguments(f"dtypes: {dtype!r} is not one of {', '.join(FLOATS)}")
    if not dtypes:
        raise BadArguments(f"dtypes: name at least one of {', '.join(FLOATS)}")
    manner = Manner(columns, rate, draws or {}, empty)
    problem = problem_of(
        function, claim, arguments, returns, derivation, domains or {}, manner, scale, along
    )
    run = _Run(Kernel(function, problem, convert, manner=manner), limit)
    more = _more(sizes, problem)
    for turn, dtype in enumerate(dtypes):
        run.first = turn == 0
        try:
            run.through(problem, np.dtype(dtype), seed, saturated, count)
        except OutsideFragment as left:
            raise BadArguments(f"{problem.name} has no values in numbers: {left}") from None
        if blocks and (run.first or not run.compiled):
            run.beyond(problem, np.dtype(dtype), seed, more)
    if not run.covered:
        raise BadArguments(
            f"{problem.name}: of inputs without an empty or single set, none is covered by the "
            "claims; name claims for every entry of the results"
        )
    run.again()
    return run.report(function, perf_counter() - started)


def _dtype(said: object) -> str:
    """A precision by its name, however it is given: a text, a type of NumPy, one of torch."""
    text = said if isinstance(said, str) else getattr(said, "__name__", str(said))
    name = text.removeprefix("torch.").removeprefix("np.").removeprefix("numpy.")
    return {"float": "float64", "double": "float64", "f8": "float64", "f4": "float32"}.get(
        name, name
    )


def _more(sizes: Sizes | None, problem: Problem) -> More:
    """The sizes that are asked for beside those that are tried anyhow."""
    found: dict[str, tuple[int, ...]] = {}
    known = usual(problem)
    for name, said in (sizes or {}).items():
        each = (said,) if isinstance(said, int) else tuple(said)
        if name not in known or not all(isinstance(n, int) and n >= 0 for n in each):
            raise BadArguments(f"sizes: {name!r}: {said!r}; there are {', '.join(known)}")
        found[name] = each
    return found


class _Run:
    """The calls of one check, and what they show."""

    def __init__(self, kernel: Kernel, limit: float) -> None:
        self.kernel, self.limit = kernel, limit
        self.values = Values(kernel, limit)
        self.memory: list[Pair] = []
        self.inputs = 0
        self.covered = False
        self.first = True  # of the precisions
        self.tried = Tried()
        self.known: list[Known] = []
        self.wrong: list[Known] = []
        for name, domain in kernel.problem.domains:
            if not domain.anywhere:
                self.tried.domains[name] = str(domain)

    def through(self, problem: Problem, dtype: Format, seed: int, hard: bool, count: int) -> None:
        """All small inputs of one dtype, then what is asked of memory on some of them."""
        well: list[tuple[Case, dict[str, Expected]]] = []
        raised = 0
        for case in cases(problem, dtype, seed, hard, count):
            if self.compiled and case.sizes not in few_small(problem, first=self.first):
                continue
            right = expected(problem, case)
            if right is None or not _is_finite(right, case):
                continue
            if not hard and case.is_far and _reach(right) > ORDINARY:
                continue
            if not self.kernel.manner.empty and 0 in case.sizes.values():
                continue
            self.inputs += 1
            self.covered |= all(size > 1 for size in case.sizes.values())
            if raised >= GIVEN_UP and not well:
                return
            if self._tried(case, right):
                well.append((case, right))
            else:
                raised += 1
        self._memory(well)

    @property
    def compiled(self) -> bool:
        """Whether the function is compiled for every shape; the report says it."""
        if self.kernel.times.compiled:
            self.tried.left_out["it is compiled for each shape, so that fewer are tried"] = None
        return self.kernel.times.compiled

    def beyond(self, problem: Problem, dtype: Format, seed: int, more: More) -> None:
        """Inputs of sizes around what code does in blocks, where the answer can be had at once."""
        raised = 0
        if self.compiled:
            sizes = [*few_large(problem), *asked_for(problem, more)]
        else:
            sizes = large_sizes(problem, more, first=self.first)
        for case in large_cases(problem, dtype, seed, sizes):
            try:
                right = at_once(problem, case)
            except TooMany as left:
                at = ", ".join(f"{name} = {n}" for name, n in case.sizes.items())
                self.tried.left_out[f"{at}: {left}"] = None
                continue
            except OutsideFragment as left:
                self.tried.left_out[f"sizes past {MOST_SMALL}: {left}"] = None
                return
            if right is None:
                continue
            self.inputs += 1
            raised += not self._tried(case, right)
            if raised >= GIVEN_UP:
                return

    def _tried(self, case: Case, right: Mapping[str, Right]) -> bool:
        given = fresh(case)
        right = stepped(self.kernel, case, right)
        self.tried.case(case)
        try:
            results = self.kernel(given)
        except NotConvertible as error:
            raise BadArguments(f"convert: {error.__cause__}") from None
        except Exception as error:
            self.values.raised(case, error)
            return False
        well = self.values.look(case, right, results)
        self.memory += [
            *changed(given, case, self.kernel.stepped),
            *aliased(given, results, case),
        ]
        if well:
            self.known.append(Known(case, right, written_down(self.kernel, results, case)))
        elif len(self.wrong) < AGAIN:
            self.wrong.append(Known(case, right, ()))
        return True

    def again(self) -> None:
        """Other orders, and many calls, of what came out right."""
        if not self.known:
            return
        usual_one = next((k for k in self.known if "plain" in k.case.traits), self.known[0])
        self.values.unsteady = all_right_again(self.kernel, self.wrong, usual_one, self.limit)
        self.memory += look_alikes(self.kernel, self.known, self.limit, self.tried, self._answer)
        self.memory += backwards(self.kernel, self.known, self.limit, self.tried)
        self.memory += many(self.kernel, usual_one, self.limit, self.tried)

    def _answer(self, case: Case) -> Mapping[str, Right] | None:
        """What is right of an input, large or small."""
        if case.is_large:
            try:
                found = at_once(self.kernel.problem, case)
                return None if found is None else stepped(self.kernel, case, found)
            except OutsideFragment:
                return None
        right = expected(self.kernel.problem, case)
        if right is None or not _is_finite(right, case):
            return None
        return stepped(self.kernel, case, right)

    def _memory(self, well: list[tuple[Case, dict[str, Expected]]]) -> None:
        """Layouts, workspaces and NaN, where the plain call comes out right."""
        problem = self.kernel.problem
        wide = [each for each in well if all(size > 1 for size in each[0].sizes.values())]
        usual = [each for each in wide if "plain" in each[0].traits]
        for case, right in islice(usual, LAID_OUT):
            fine = self._right_at(case)
            if len(fine) == len(problem.judged):
                self._ask(laid_out(self.kernel, case, right, self.limit), case)
                self.tried.layouts |= dict.fromkeys(("C order", *LAYOUTS))
            self._ask(swallowed(self.kernel, case, right, fine), case)
        alike = [case for case, _ in usual if case.sizes == usual[0][0].sizes]
        for case, other in islice(pairwise(alike), LAID_OUT):
            self._ask(kept(self.kernel, case, other), case)

    def _right_at(self, case: Case) -> frozenset[str]:
        """The results that came out right at an input."""
        return frozenset(
            name
            for name, seen in self.values.seen.items()
            for known, found in seen.found
            if known is case and found.worst <= self.limit
        )

    def _ask(self, found: Iterator[Pair], case: Case) -> None:
        """Keep what is found; a call that raises here has raised before."""
        try:
            self.memory += list(found)
        except Exception as error:
            self.values.raised(case, error)

    def report(self, function: Callable[..., object], seconds: float) -> CheckReport:
        """Everything found, and the largest error of each result."""
        name = getattr(function, "__name__", type(function).__name__)
        worst = {seen.output: seen.worst for seen in self.values.seen.values()}
        converted = self.kernel.convert is not None
        every = (*self.values.findings(), *grouped(self.memory))
        findings = tuple(replace(each, converted=converted) for each in every)
        problem = self.kernel.problem
        self.tried.calls = self.kernel.calls
        rate = self.kernel.manner.rate
        return CheckReport(
            name,
            problem.name,
            findings,
            worst,
            self.limit,
            self.inputs,
            seconds,
            self.tried,
            "" if rate is None else f", {rate}=1.0",
        )


def _reach(right: Mapping[str, Expected]) -> float:
    """The largest score."""
    return max((each.reach for each in right.values()), default=0.0)


def _is_finite(right: Mapping[str, Expected], case: Case) -> bool:
    """Whether every result is a number of this precision."""
    most = float(np.finfo(case.dtype).max)
    return all(bool((abs(each.apart[0]) < most).all()) for each in right.values())


# The command ``derivations kernel mine.py:gradient negative_sampling``: a function is checked.


EPILOG = """\
  derivations kernel mine.py:gradient negative_sampling --returns grad_U
  derivations kernel mine.py:step negative_sampling --rate lr
  derivations kernel mine.py:gradient a.1 --derivation notes.md --argument lam='\\lambda'
  derivations kernel package.module:f hierarchical_softmax --domain signs='{-1, 1}'
exit code 0 if nothing is wrong, 1 if something is, 2 for what cannot be checked as asked
"""


def parser() -> ArgumentParser:
    """What it accepts."""
    made = ArgumentParser(
        prog=f"{SCRIPT} kernel",
        description="Check a function of your own against a proved loss or gradient.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    made.add_argument("function", metavar="FILE.py:NAME", help="or package.module:NAME")
    made.add_argument("claim", nargs="+", help="a subject by name, or claims in order")
    made.add_argument(
        "--derivation", metavar="FILE", help="a derivation file: claims are its lines"
    )
    made.add_argument("--returns", metavar="NAMES", help="which results, between commas")
    made.add_argument("--argument", action="append", default=[], metavar="NAME=SYMBOL",
                      help="which symbol an argument stands for; again for each")  # fmt: skip
    made.add_argument("--domain", action="append", default=[], metavar="NAME=DOMAIN",
                      help="'> 0', '(0, 1)', '{-1, 1}' or 'whole'")  # fmt: skip
    made.add_argument("--size", action="append", default=[], metavar="NAME=NUMBER",
                      help="one more size")  # fmt: skip
    made.add_argument("--dtype", action="append", default=[], help="float64, float32; both if none")
    made.add_argument("--scale", help='a factor that is a convention: "1/2", "1/B", "mean"')
    made.add_argument("--rate", metavar="NAME", help="the rate of a step in place")
    made.add_argument("--along", action="append", default=[], metavar="NAME=SYMBOL",
                      help="an argument that is a direction; again for each")  # fmt: skip
    made.add_argument("--columns", action="store_true", help="vectors are (d, 1)")
    made.add_argument("--not-saturated", action="store_true", help="no large scores")
    made.add_argument("--not-empty", action="store_true", help="no empty lists")
    made.add_argument("--seed", type=int, default=0, help="which numbers (0)")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, print the report, and return the exit code."""
    forgiving_streams()
    options = parser().parse_args(arguments)
    returns, claims = options.returns, options.claim
    try:
        report = check_kernel(
            _loaded(options.function),
            claims[0] if len(claims) == 1 else claims,
            dict(_pairs(options.argument, "--argument")) or None,
            returns.split(",") if returns and "," in returns else returns,
            derivation=options.derivation,
            dtypes=options.dtype or DTYPES,
            saturated=not options.not_saturated,
            seed=options.seed,
            sizes=_sizes(options.size),
            domains=dict(_pairs(options.domain, "--domain")),
            columns=options.columns,
            empty=not options.not_empty,
            rate=options.rate,
            scale=options.scale,
            along=dict(_pairs(options.along, "--along")),
        )
    except BadArguments as error:
        return complain(str(error), WRONG_USAGE, f"{SCRIPT} kernel")
    write(f"{report}\n")
    return ALL_WELL if report.ok else FAILED


def _sizes(texts: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The sizes by name, those of one name in order."""
    sizes: dict[str, tuple[int, ...]] = {}
    for name, number in _pairs(texts, "--size"):
        if not number.isdecimal():
            raise BadArguments(f"--size: {number!r} is no number")
        sizes[name] = (*sizes.get(name, ()), int(number))
    return sizes


def _pairs(texts: Sequence[str], option: str) -> list[tuple[str, str]]:
    pairs = [(name, value) for name, sign, value in (text.partition("=") for text in texts) if sign]
    if len(pairs) < len(texts):
        raise BadArguments(f"{option} takes NAME=VALUE")
    return pairs


def _loaded(text: str) -> Callable[..., object]:
    """The function; its file is run, as by an import."""
    home, _, name = text.rpartition(":")
    if not home:
        raise BadArguments(f"{text!r} is not FILE.py:NAME or package.module:NAME")
    try:
        module = _of_file(Path(home)) if home.endswith(".py") else import_module(home)
    except Exception as error:  # whatever the user's own code raises
        raise BadArguments(f"{home}: {type(error).__name__}: {error}") from None
    found: object = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [each for each, value in vars(module).items() if callable(value)]
            raise BadArguments(
                f"{home} has no {name!r}; there are {', '.join(known) or 'no functions'}"
            )
        found = getattr(found, part)
    if not callable(found):
        raise BadArguments(f"a function is checked, not a {type(found).__name__}")
    return found


def _of_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError("no such file")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError("no Python file")
    module = module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
