"""The results as tables for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table

from derivations.claim import Claim, Judgement
from derivations.report.folded import Folded
from derivations.report.grid import Row, grid
from derivations.report.marks import BAD, QUIET, TITLE, argument, duration, verdict
from derivations.report.results import Results, has_fallen, is_proved
from derivations.report.summary import summary
from derivations.report.witness import in_short

ROOMY = 130


def table(results: Results, width: int) -> RenderableType:
    """Claims, false claims and a summary; on a narrow page, evidence under the statement."""
    roomy = width >= ROOMY
    tables = [
        *([_claims(results.claims, roomy=roomy)] if results.claims else []),
        *([_slips(results.slips, roomy=roomy)] if results.slips else []),
    ]
    return Group(*tables, summary(results))


def listing(claims: Sequence[Claim], slips: Sequence[Claim], width: int) -> RenderableType:
    """What there is to judge, without verdicts."""
    return Group(
        *(
            grid((kind, "what it says", "in the document"), map(_listed, members), width >= ROOMY)
            for kind, members in (("claim", claims), ("false claim", slips))
            if members
        )
    )


def _listed(claim: Claim) -> Row:
    return claim, [(claim.title, TITLE)], [], [Folded([claim.place])]


def _claims(judgements: Sequence[Judgement], *, roomy: bool) -> Table:
    """One column for each kind of argument, so that one sees at a glance which apply."""
    names = list(dict.fromkeys(proof.name for each in judgements for proof in each.proofs))

    def row(judgement: Judgement) -> Row:
        passes = is_proved(judgement)
        notes = [] if passes else [(_fault(judgement), BAD)]
        marks = {proof.name: argument(proof) for proof in judgement.proofs}
        if not roomy:
            notes.append((" · ".join(f"{name} {mark}" for name, mark in marks.items()), QUIET))
        columns = [marks.get(name, "-") for name in names] if roomy else []
        ruling = verdict(judgement, passes=passes)
        return judgement.claim, [], notes, [*columns, ruling, duration(judgement.seconds)]

    columns = names if roomy else []
    headings = ("claim", "what it says", *columns, "verdict", "time")
    return grid(headings, map(row, judgements), roomy)


def _slips(judgements: Sequence[Judgement], *, roomy: bool) -> Table:
    def row(judgement: Judgement) -> Row:
        title, fault = (judgement.claim.title, TITLE), (_fault(judgement), QUIET)
        ruling = verdict(judgement, passes=has_fallen(judgement))
        further: list[RenderableType] = [ruling, duration(judgement.seconds)]
        if roomy:
            further.insert(0, Folded([fault[0]]))
        return judgement.claim, [title], [] if roomy else [fault], further

    headings = ("false claim", "what it says", *(["how it falls"] if roomy else []))
    return grid((*headings, "verdict", "time"), map(row, judgements), roomy)


def _fault(judgement: Judgement) -> str:
    return in_short(judgement.witness) if judgement.witness else judgement.reason
