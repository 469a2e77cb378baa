"""The claims and false claims to judge, and picking some of them by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from derivations.claim import Claim


class BadSubject(ValueError):
    """Claims that cannot be told apart, or none at all."""


class NoSuchClaim(LookupError):
    """A name that picks nothing, or not what was asked for."""


@dataclass(frozen=True)
class Subject:
    """True claims, each to be proved, and false ones, each to fall. Ids are unique across both."""

    claims: tuple[Claim, ...]
    slips: tuple[Claim, ...]

    def __post_init__(self) -> None:
        ids = Counter(claim.id for claim in self.everything)
        repeated = sorted(name for name, times in ids.items() if times > 1)
        if repeated:
            raise BadSubject(f"ids of claims must be unique; repeated: {', '.join(repeated)}")
        if not ids:
            raise BadSubject("there is no claim to judge")

    @property
    def everything(self) -> tuple[Claim, ...]:
        """Claims, then false claims."""
        return self.claims + self.slips

    def pick(self, names: Iterable[str]) -> Subject:
        """What the names pick, in the order of the subject; everything where there is no name.

        A name is an id, a part, or the beginning of ids up to a dot: ``h.naive``.
        """
        wanted = list(names)
        for name in wanted:
            self._require(name)

        def is_picked(claim: Claim) -> bool:
            return not wanted or any(_picks(name, claim) for name in wanted)

        return Subject(tuple(filter(is_picked, self.claims)), tuple(filter(is_picked, self.slips)))

    def pick_one(self, name: str) -> Subject:
        """The one claim that the name picks."""
        picked = self.pick([name])
        ids = [claim.id for claim in picked.everything]
        if len(ids) > 1:
            raise NoSuchClaim(f"{name!r} is more than one claim: {', '.join(ids)}")
        return picked

    def _require(self, name: str) -> None:
        if any(_picks(name, claim) for claim in self.everything):
            return
        known = [claim.id for claim in self.everything]
        parts = list(dict.fromkeys(claim.part for claim in self.everything))
        nearest = get_close_matches(name, known + parts, n=3, cutoff=0.5)
        advice = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        raise NoSuchClaim(f"no claim or part is called {name!r}{advice} (--list shows them all)")


def _picks(name: str, claim: Claim) -> bool:
    return name in (claim.id, claim.part) or claim.id.startswith(f"{name}.")


def word2vec() -> Subject:
    """The skip-gram losses and their gradients."""
    from derivations.word2vec.claims import CLAIMS
    from derivations.word2vec.slips import SLIPS

    return Subject(CLAIMS, SLIPS)
