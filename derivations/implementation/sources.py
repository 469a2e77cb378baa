"""Where claims and losses come from: those of word2vec by id, or the lines of a derivation file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from sympy import Expr, Indexed

from derivations.claim import Claim, Verdict
from derivations.implementation.named import FUNCTIONS
from derivations.implementation.of_files import OTHER_NAMES, SUBJECTS
from derivations.implementation.question import Argument, BadArguments
from derivations.indices import Index, WordArray
from derivations.language.data_conditions import OfData
from derivations.language.index_form import defined, entry_of, is_folded
from derivations.language.index_nodes import Defined
from derivations.language.tree import ArbitraryCall, Call, Definition, Reference, Term, Transpose
from derivations.proof.judge import judge
from derivations.reader.line import Line, NotRead


@dataclass(frozen=True)
class Source:
    """Claims by id and losses by name; ``declared`` says how matrices of a file lie.

    ``named`` are the names that stand for a loss and its gradients. ``spare`` are vectors and
    numbers that are declared: a function may take some that no claim of it reads. ``arrays`` are
    those that are defined, with their axes. ``unread`` says why a line of the file is none, and
    what else of it could not be read.
    """

    claims: Mapping[str, Claim]
    losses: Mapping[str, Expr]
    declared: Mapping[str, Argument]
    named: Collection[str] = ()
    assumed: tuple[OfData, ...] = ()
    spare: Mapping[str, Argument] = field(default_factory=dict)
    arrays: Mapping[str, tuple[Expr, tuple[Index, ...]]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def claim(self, name: str) -> Claim:
        """The claim of this id, once it is proved; raises BadArguments where it is not."""
        if name in self.unread:
            raise BadArguments(f"{name} is not read: {self.unread[name]}")
        if name not in self.claims and not self.claims and self.unread:
            first = next(iter(self.unread.values()))
            raise BadArguments(f"no line of the file is read: {first}")
        if name not in self.claims:
            raise BadArguments(f"no claim or loss is called {name!r}{self._advice(name)}")
        claim = self.claims[name]
        verdict = judge(claim).verdict
        if verdict is not Verdict.PROVED:
            raise BadArguments(
                f"{name} is {verdict.value}: only a claim that is proved says what is right"
            )
        return claim

    def _advice(self, name: str) -> str:
        known = [*self.named, *self.claims, *self.losses, *self.arrays]
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        if not near:
            return f"; there are {', '.join(known)}"
        subjects = f" (subjects: {', '.join(self.named)})" if self.named else ""
        return f"; did you mean {' or '.join(near)}?{subjects}"


def word2vec() -> Source:
    """The claims that are typed in Python."""
    from derivations.word2vec import losses
    from derivations.word2vec.claims import CLAIMS

    functions = [
        each
        for each in vars(losses).values()
        if isinstance(each, type) and issubclass(each, Defined) and each is not Defined
    ]
    return Source(
        {claim.id: claim for claim in CLAIMS},
        {each.__name__: each(*each.params) for each in functions},
        {},
        (*FUNCTIONS, *SUBJECTS, *OTHER_NAMES),
    )


def of_file(path: str | Path) -> Source:
    """The lines of a file, each as the equality of its chain's start with this right side.

    Those that are not read are left out.
    """
    from derivations.report.subject import BadSubject
    from derivations.report.subject import of_file as read

    try:
        subject = read(str(path))
    except BadSubject as error:
        raise BadArguments(str(error)) from None
    lines = [line for line in subject.lines if isinstance(line, Line)]
    unread = {str(each.place): str(each) for each in subject.problems}
    before = f"; {next(iter(unread.values()))}" if unread else ""
    for each in subject.lines:
        if isinstance(each, NotRead):
            unread[each.id] = f"{each.problem}{before if each.problem.follows else ''}"
    claims = {line.id: replace(line.from_start or line.claim, id=line.id) for line in lines}
    losses: dict[str, Expr] = {}
    declared: dict[str, Argument] = {}
    spare: dict[str, Argument] = {}
    arrays: dict[str, tuple[Expr, tuple[Index, ...]]] = {}
    for scope in (line.equality.scope for line in lines):
        for name, thing in scope.things.items():
            if thing.letters:
                continue
            if isinstance(thing.body, Reference):
                plain = thing.body.variable.name
                spare[plain] = Argument(plain, *entry_of(thing.body, scope.names))
            if thing.body.shape and isinstance(thing.body, Call):
                arrays[name] = entry_of(thing.body, scope.names)
            if None not in thing.body.shape and thing.body.shape:
                plain, held = _plain(thing.body, name), entry_of(thing.body, scope.names)
                if isinstance(held[0], Indexed):
                    declared[plain] = Argument(plain, *held)
            if not thing.body.shape and isinstance(thing.body, Call):
                losses[name], _ = entry_of(thing.body, scope.names)
        for words in (words for each in scope.lists.values() for words in each):
            places = Index(f"{words.name}·1", words.places)
            entry = WordArray(words.name, words.values)[places]
            spare[words.name] = Argument(words.name, entry, (places,))
        for name, function in scope.functions.items():
            if isinstance(function.meaning, Definition):
                if is_folded(function.meaning):
                    kind = defined(function.meaning).kind
                    losses[name] = kind(*kind.params)
                continue
            given = [slot.declared for slot in function.slots if slot.declared is not None]
            if len(given) == len(function.meaning.parameters):
                losses[name], _ = entry_of(ArbitraryCall(function.meaning, tuple(given)))
    said = (each for line in lines for each in line.equality.scope.conditions)
    assumed = tuple(dict.fromkeys(each for each in said if isinstance(each, OfData)))
    return Source(
        claims, losses, declared, assumed=assumed, spare=spare, arrays=arrays, unread=unread
    )


def _plain(body: Term, name: str) -> str:
    """The name of a matrix as its letters are printed: `W̃` for ``\\tilde{W}``."""
    inner = body.of if isinstance(body, Transpose) else body
    return inner.variable.name if isinstance(inner, Reference) else name


def names_of(claim: str | Iterable[str]) -> tuple[str, ...]:
    """One name, or several in the order of what is returned."""
    return (claim,) if isinstance(claim, str) else tuple(claim)
