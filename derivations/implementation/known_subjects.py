"""Subjects by name, and where claims come from: word2vec's by id, or a file's lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from sympy import Expr, Indexed

from derivations.claim import Claim, OfData, Verdict
from derivations.implementation.question import Argument, BadArguments, Fixed
from derivations.indices import Index, WordArray
from derivations.language.index_form import defined, entry_of, is_folded
from derivations.language.index_nodes import Defined
from derivations.language.tree import ArbitraryCall, Call, Definition, Reference, Term, Transpose
from derivations.proof.judge import judge
from derivations.reader.equation import Line
from derivations.report.subject import BadSubject, document
from derivations.report.subject import of_file as read
from derivations.word2vec import losses as of
from derivations.word2vec.losses import b, c, o

# The losses of word2vec as functions: what they take and return. Data.
#
# The arguments have the order and the names of the package `generated`; a gradient is made of the
# claims that say what its entries are.


@dataclass(frozen=True)
class Named:
    """``arguments`` says which symbol each one is, ``gradients`` which claims make up each one."""

    loss: Expr
    arguments: Mapping[str, str]
    gradients: Mapping[str, tuple[str, ...]]
    axes: tuple[Index, ...] = ()

    @property
    def loss_name(self) -> str:
        """The first result: one loss, or one for each pair."""
        return "losses" if self.axes else "loss"


_PAIR = {"v_c": "V[c]", "o": "o", "U": "U"}
_WINDOW = {"c": "c", "outside": "near", "V": "V", "U": "U"}
_BATCH = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}
_NEGATIVES = {"negatives": "n"}

FUNCTIONS: dict[str, Named] = {
    "naive_softmax": Named(
        of.naive_softmax(c, o), _PAIR, {"grad_v_c": ("b.entry",), "grad_U": ("c.any",)}
    ),
    "negative_sampling": Named(
        of.negative_sampling(c, o),
        _PAIR | _NEGATIVES,
        {"grad_v_c": ("g.center",), "grad_U": ("g.row",)},
    ),
    "skip_gram.naive_softmax": Named(
        of.window_naive_softmax(c),
        _WINDOW,
        {"grad_V": ("h.naive.center", "h.naive.other"), "grad_U": ("h.naive.U",)},
    ),
    "skip_gram.negative_sampling": Named(
        of.window_negative_sampling(c),
        _WINDOW | _NEGATIVES,
        {"grad_V": ("h.neg.center", "h.neg.other"), "grad_U": ("h.neg.U",)},
    ),
    "batch.naive_softmax": Named(
        of.batch_naive_softmax.body.function,
        _BATCH,
        {"grad_V": ("batch.naive.V",), "grad_U": ("batch.naive.U",)},
        (b,),
    ),
    "batch.negative_sampling": Named(
        of.batch_negative_sampling.body.function,
        _BATCH | _NEGATIVES,
        {"grad_V": ("batch.neg.V",), "grad_U": ("batch.neg.U",)},
        (b,),
    ),
}


# The subjects that have a derivation file, by name: what they take and return. Data.
#
# The arguments have the order and the names of the package `generated`.


@dataclass(frozen=True)
class OfFile:
    """``loss`` and ``gradients`` name what the file defines and its lines.

    The loss may be empty: then it is what the first gradient is of. ``more`` are results on
    request: Hessians, forward passes. ``backward``: what is usual takes the derivative by the
    outputs and returns those by the inputs, and no loss. ``fixed`` are numbers that code works out
    by itself where it has no argument for them.
    """

    folder: str
    loss: str
    gradients: Mapping[str, str]
    arguments: Mapping[str, str]
    domains: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    backward: bool = False
    fixed: tuple[Fixed, ...] = ()

    @property
    def path(self) -> Path:
        """The file."""
        return document(self.folder)


_CBOW = {"context": "c", "o": "o", "V": "V.T", "U": "U.T"}
_GLOVE = {"W": "W.T", "C": "W̃.T", "b": "b", "c": "b̃"}
_PATH = {"v": "v", "nodes": "p"}
_CONTRASTIVE = {"Q": "Q.T", "K": "K.T", "beta": "β"}

SUBJECTS: dict[str, OfFile] = {
    "cbow": OfFile("cbow", "J_{naive}", {"grad_V": "s.6", "grad_U": "u.2"}, _CBOW),
    "cbow/negative_sampling": OfFile(
        "cbow", "J_{neg}", {"grad_V": "n.3", "grad_U": "n.6"}, _CBOW | {"negatives": "w"}
    ),
    "glove": OfFile(
        "glove",
        "J",
        {"grad_W": "a.4", "grad_C": "a.6", "grad_b": "a.7", "grad_c": "a.8"},
        _GLOVE | {"weights": "f", "targets": "L"},
    ),
    "glove/batch": OfFile(
        "glove",
        "J_{list}",
        {"grad_W": "p.2", "grad_C": "p.3", "grad_b": "p.4", "grad_c": "p.5"},
        _GLOVE | {"rows": "r", "columns": "c", "weights": "g", "targets": "T"},
    ),
    "hierarchical_softmax": OfFile(
        "hierarchical_softmax",
        "J_{sign}",
        {"grad_v": "s.5", "grad_Theta": "s.7"},
        _PATH | {"signs": "s", "Theta": "Θ.T"},
        {"signs": "{-1, 1}"},
    ),
    "hierarchical_softmax/bits": OfFile(
        "hierarchical_softmax",
        "J_{code}",
        {"grad_v": "b.2", "grad_Theta": "b.3"},
        _PATH | {"bits": "b", "Theta": "Θ.T"},
        {"bits": "{0, 1}"},
    ),
    "contrastive": OfFile(
        "contrastive",
        "J",
        {"grad_Q": "q.4", "grad_K": "k.3", "grad_beta": "t.2"},
        _CONTRASTIVE,
        {"beta": "> 0"},
    ),
    "contrastive/symmetric": OfFile(
        "contrastive",
        "J_{sym}",
        {"grad_Q": "s.2", "grad_K": "s.3", "grad_beta": "s.4"},
        _CONTRASTIVE,
        {"beta": "> 0"},
    ),
    "logistic_regression": OfFile(
        "logistic_regression",
        "",
        {"grad_w": "e.6"},
        {n: n for n in ("X", "t", "w")},
        {"t": "{0, 1}"},
        {"hess_w": "h.3"},
    ),
    "logistic_regression/signs": OfFile(
        "logistic_regression",
        "",
        {"grad_w": "m.2", "grad_b": "m.3"},
        {n: n for n in ("X", "t", "w", "b", "lambda")},
        {"t": "{-1, 1}", "lambda": "> 0"},
        {"hess_w": "m.5", "hess_b": "m.4"},
    ),
    "softmax_regression": OfFile(
        "softmax_regression",
        "",
        {"grad_W": "e.5"},
        {"X": "X", "classes": "c", "W": "W"},
        more={"hess_W": "h.2"},
    ),
    "two_layer_network": OfFile(
        "two_layer_network",
        "",
        {"grad_V": "h.7", "grad_b": "h.8", "grad_W": "h.3", "grad_c": "h.2"},
        {n: n for n in ("x", "t", "V", "b", "W", "c")},
        more={"grad_x": "h.9"},
    ),
    "two_layer_network/relu": OfFile(
        "two_layer_network",
        "",
        {"grad_V": "r.5", "grad_b": "r.4", "grad_W": "r.2", "grad_c": "r.10"},
        {"x": "x", "label": "m", "V": "V", "b": "b", "W": "W", "c": "c"},
    ),
    "layer_normalisation": OfFile(
        "layer_normalisation",
        "",
        {"grad_x": "b.6", "grad_gamma": "b.1", "grad_beta": "b.2"},
        {n: n for n in ("u", "x", "gamma", "beta", "epsilon")},
        more={"y": "y"},
        backward=True,
    ),
    "attention_head": OfFile(
        "attention_head",
        "",
        {"grad_Q": "b.4", "grad_K": "b.5", "grad_V": "b.1"},
        {"G": "G", "Q": "Q", "K": "K", "V": "V", "tau": "τ"},
        more={"O": "O", "P": "P", "grad_tau": "b.6"},
        backward=True,
        fixed=(Fixed("τ", "d"),),
    ),
    "variational_autoencoder": OfFile(
        "variational_autoencoder",
        "",
        {"grad_mu": "n.2", "grad_rho": "n.4"},
        {n: n for n in ("mu", "rho", "epsilon")},
        more={"z": "z", "hess_rho": "n.5"},
    ),
    "variational_autoencoder/prior": OfFile(
        "variational_autoencoder",
        "",
        {"grad_mu": "k.2", "grad_sigma": "k.4"},
        {n: n for n in ("mu", "sigma", "m", "s")},
        more={"grad_s": "k.5", "hess_sigma": "k.6"},
    ),
}
OTHER_NAMES = {
    "attention": "attention_head",
    "layer_normalization": "layer_normalisation",
    "logistic_regression/bits": "logistic_regression",
    "cbow/naive_softmax": "cbow",
    "hierarchical_softmax/signs": "hierarchical_softmax",
    "naive_softmax/batch": "batch.naive_softmax",
    "negative_sampling/batch": "batch.negative_sampling",
    "skip_gram/naive_softmax": "skip_gram.naive_softmax",
    "skip_gram/negative_sampling": "skip_gram.negative_sampling",
    "naive_softmax/window": "skip_gram.naive_softmax",
    "negative_sampling/window": "skip_gram.negative_sampling",
}


# Where claims and losses come from: those of word2vec by id, or the lines of a derivation file.


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
    try:
        subject = read(str(path))
    except BadSubject as error:
        raise BadArguments(str(error)) from None
    lines = [line for line in subject.lines if isinstance(line, Line)]
    unread = {str(each.place): str(each) for each in subject.problems}
    before = f"; {next(iter(unread.values()))}" if unread else ""
    for each in subject.lines:
        if each.unread:
            unread[each.id] = f"{each.unread}{before if each.unread.follows else ''}"
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
