"""Subjects to judge, selection of claims by id, and declarations proposed for a file.

Declarations are proposed where they are asked for, or instead of judging a file that has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from derivations.claim import FALLEN, Claim
from derivations.reader.derivation import Derivation, Readings, document_of
from derivations.reader.equation import Line, NotRead
from derivations.reader.premises import Required
from derivations.reader.propose.proposal import Proposal, inserted, proposed
from derivations.reader.segmentation import Elsewhere
from derivations.reader.source import (
    MARKDOWN,
    TEX,
    Attempts,
    Document,
    Given,
    GivenUp,
    NoFile,
    Siblings,
    Unreadable,
    bytes_of,
    decoded,
    kind_of,
)
from derivations.report.stdio import ALL_WELL, FAILED, WRONG_USAGE, called
from derivations.report.verify_options import STANDARD_INPUT

HOME = Path(__file__).parents[1]
DOCUMENT = "written.md"  # of each subject, in a folder of its name


def document(name: str) -> Path:
    """The file of a subject of this project."""
    return HOME / name / DOCUMENT


WRITTEN, SLIPS = document("word2vec"), HOME / "word2vec" / "slips.md"
PRINTED_IN = "; printed in "


class BadSubject(ValueError):
    """Claims that cannot be told apart, or none at all."""


class NothingToJudge(BadSubject):
    """A file in which no equality stands."""


class NoSuchClaim(LookupError):
    """A name that picks nothing, or not what was asked for."""


@dataclass(frozen=True)
class Subject:
    """True claims, each to be proved, false ones, each to fall, and printed lines.

    Ids are unique across all three. ``problems`` are what else of a file could not be read, and
    ``elsewhere`` its equalities that are not displayed as lines; ``taken`` are the files taken in,
    ``required`` the equalities that are to be shown. ``strict``: a definition that no line uses
    does not pass. ``beside`` are lines of the same file that are not to be judged.
    """

    claims: tuple[Claim, ...]
    slips: tuple[Claim, ...]
    lines: tuple[Line | NotRead, ...] = ()
    problems: tuple[Unreadable, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    taken: frozenset[str] = frozenset()
    required: tuple[Required, ...] = ()
    strict: bool = False
    beside: tuple[Line | NotRead, ...] = ()

    def __post_init__(self) -> None:
        ids = Counter(claim.id for claim in self.everything)
        repeated = sorted(name for name, times in ids.items() if times > 1)
        if repeated:
            raise BadSubject(f"ids of claims must be unique; repeated: {', '.join(repeated)}")
        if not self.entries:
            raise BadSubject("there is no claim to judge")

    @property
    def everything(self) -> tuple[Claim, ...]:
        """Claims, then false claims, then what is to be judged of each line."""
        return (*self.claims, *self.slips, *(each for line in self.lines for each in line.claims))

    @property
    def entries(self) -> tuple[Claim | Line | NotRead, ...]:
        """What has an id to be picked by."""
        return (*self.claims, *self.slips, *self.lines)

    def pick(self, names: Iterable[str]) -> Subject:
        """What the names pick, in the order of the subject; everything where there is no name.

        A name is an id, a part, or the beginning of ids up to a dot: ``h.naive``. What else there
        is in a file is only told of the whole file.
        """
        wanted = list(names)
        if not wanted:
            return self
        for name in wanted:
            self._require(name)

        def is_picked(entry: Claim | Line | NotRead) -> bool:
            return any(_picks(name, entry) for name in wanted)

        return Subject(
            tuple(filter(is_picked, self.claims)),
            tuple(filter(is_picked, self.slips)),
            tuple(filter(is_picked, self.lines)),
            strict=self.strict,
            beside=tuple(line for line in self.lines if not is_picked(line)),
        )

    def pick_one(self, name: str) -> Subject:
        """The one claim or line that the name picks."""
        picked = self.pick([name])
        ids = [entry.id for entry in picked.entries]
        if len(ids) > 1:
            raise NoSuchClaim(f"{name!r} is more than one claim: {', '.join(ids)}")
        return picked

    def _require(self, name: str) -> None:
        if any(_picks(name, entry) for entry in self.entries):
            return
        known = [entry.id for entry in self.entries]
        parts = list(dict.fromkeys(entry.part for entry in self.entries))
        nearest = get_close_matches(name, known + parts, n=3, cutoff=0.5)
        advice = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        raise NoSuchClaim(
            f"no claim, line or part is called {name!r}{advice} (--list shows them all)"
        )


def _picks(name: str, entry: Claim | Line | NotRead) -> bool:
    return name in (entry.id, entry.part) or entry.id.startswith(f"{name}.")


def word2vec(attempts: Attempts | None = None) -> Subject:
    """The skip-gram losses and their gradients, and the written answers about them."""
    from derivations.word2vec.claims import CLAIMS

    found = _read(WRITTEN, attempts)
    claims = false_claims(attempts)
    return Subject(CLAIMS, claims, found.entries, found.problems, found.elsewhere)


def false_claims(attempts: Attempts | None = None) -> tuple[Claim, ...]:
    """The false claims about word2vec, part by part: those written down, then those typed."""
    from derivations.word2vec.claims import TYPED_SLIPS

    found = (*map(_false_claim, _read(SLIPS, attempts).entries), *TYPED_SLIPS)
    parts = list(dict.fromkeys(claim.part for claim in found))
    return tuple(sorted(found, key=lambda claim: parts.index(claim.part)))


def _false_claim(line: Line | NotRead) -> Claim:
    """A line that has to fall: the words above it are its title, and say where it is printed."""
    if not isinstance(line, Line) or line.expected not in FALLEN or not line.words:
        what = "a false claim needs a verdict it falls with, and words above it"
        raise BadSubject(f"{SLIPS.name}:{line.place}: {line.id}: {what}")
    title, _, place = line.words.partition(PRINTED_IN)
    place = place or "not printed"
    return replace(line.claim, id=f"slip.{line.id}", title=title, place=place)


@dataclass(frozen=True)
class HowToRead:
    """What the command says of how files are read.

    ``inline``: formulas in the text are claims as well; ``given``: a file of declarations that win
    over theirs; ``standard_input``: what stands in the file called ``-``.
    """

    inline: bool = False
    given: str | None = None
    standard_input: bytes = b""


def of_file(
    name: str,
    attempts: Attempts | None = None,
    how: HowToRead | None = None,
    readings: Readings | None = None,
) -> Subject:
    """The lines of a derivation file, read or not; raises BadSubject for what is none.

    ``readings`` has what the file was read as before.
    """
    found = _read(Path(name), attempts, how or HowToRead(), readings)
    folder = Path(name).parent
    taken = frozenset(str((folder / each).resolve()) for each in found.taken if each)
    return Subject((), (), found.entries, found.problems, found.elsewhere, taken, found.required)


@dataclass(frozen=True)
class Read:
    """A file of a run: what there is to judge in it; or why there is nothing, what is proposed.

    ``first`` is the number of the first piece that it was read in.
    """

    file: str
    first: int
    subject: Subject | None = None
    error: str = ""
    proposal: str = ""

    @property
    def taken(self) -> frozenset[str]:
        """The files that it takes in."""
        return self.subject.taken if self.subject else frozenset()


def taken_elsewhere(read: Sequence[Read], found: Collection[str]) -> dict[str, str]:
    """Of the files of a run that were only found, those that another one of it takes in."""
    taken: dict[str, str] = {}
    for each in read:
        own = str(Path(each.file).resolve())
        others = (other for other in read if other is not each and other.file not in taken)
        name = next((other.file for other in others if own in other.taken), None)
        if name is not None and each.file in found:
            taken[each.file] = name
    return taken


def _read(
    path: Path,
    attempts: Attempts | None,
    how: HowToRead | None = None,
    readings: Readings | None = None,
) -> Derivation:
    from derivations.reader.derivation import NoEquality, UnreadableFile, reading

    name = path.name if path in (WRITTEN, SLIPS) else str(path)
    how = how or HowToRead()
    try:
        given = _declarations(how) if how.given else None
        text, siblings = text_of(path, how)
        return reading(
            text,
            name,
            attempts,
            siblings=siblings,
            inline=how.inline,
            given=given,
            readings=readings,
        )
    except NoFile as error:
        raise BadSubject(f"{name}: {error}") from None
    except NoEquality as error:
        raise NothingToJudge(str(error)) from None
    except UnreadableFile as error:
        raise BadSubject(str(error)) from None


def _declarations(how: HowToRead) -> Given:
    from derivations.reader.derivation import declarations_of

    assert how.given is not None
    path = Path(how.given)
    try:
        text, siblings = text_of(path, how)
        return declarations_of(text, path.name, siblings)
    except NoFile as error:
        raise BadSubject(f"--given {how.given}: {error}") from None


def text_of(path: Path, how: HowToRead) -> tuple[str, Siblings]:
    """What a file says, and the files that it may take in."""
    if str(path) == STANDARD_INPUT:
        return decoded(how.standard_input), Siblings()
    return decoded(bytes_of(path)), Siblings(path.parent, path.name)


@dataclass(frozen=True)
class Instead:
    """What is said in the place of verdicts: a page to be pasted, and why nothing is judged."""

    code: int
    page: str = ""
    complaint: str = ""


def instead(
    file: str, how: HowToRead, attempts: Attempts, *, new: bool = False, write: bool = False
) -> Instead | None:
    """What is said in the place of verdicts; None where the file is to be judged."""
    path = Path(file)
    try:
        text, siblings = text_of(path, how)
        document = attempts(
            lambda: document_of(text, path.name, siblings, inline=how.inline), NoFile
        )
        declares = _declares(document)
        if declares and not new:
            return None
        found = attempts(lambda: proposed(document))
    except (NoFile, GivenUp) as reason:
        return Instead(WRONG_USAGE, complaint=f"{file}: {reason}") if new else None
    kind = kind_of(path.name, text)
    if not new:
        return _nothing_declared(file, found, kind) if found.blocks else None
    if not found.blocks:
        return Instead(ALL_WELL, f"{file}: nothing has to be declared\n")
    code = FAILED if found.contradictions else ALL_WELL
    if not write:
        return Instead(code, f"{found.text(kind)}\n")
    why = _why_not_written(file, found, kind, declares=declares)
    if why:
        said = f"{file} {why}, and is left as it is; without --write the blocks are shown"
        return Instead(WRONG_USAGE, complaint=said)
    return _written(path, text, found, kind, code)


def _declares(document: Document) -> bool:
    return bool(document.given or any(part.given for part in document.parts))


def _why_not_written(file: str, found: Proposal, kind: str, *, declares: bool) -> str:
    """Why a file is left as it is; empty where the blocks are put in."""
    if declares:
        return "has declarations already"
    if not Path(file).is_file():
        return "is no file"
    if kind == TEX and len(found.blocks) > 1:
        return "needs blocks in several places"
    return "" if kind in (MARKDOWN, TEX) else "is a notebook"


def _nothing_declared(file: str, found: Proposal, kind: str) -> Instead:
    asked = f"{found.questions} question{'s' * (found.questions != 1)}"
    look = f" Look at the {asked} in them (# ?): the first choice of each is in force."
    look = look if found.questions else ""
    how = f"{called('verify')} --new --write"
    clash = (
        " Lines with # ! show two places that contradict each other: one of them is wrong, or they "
        "belong under different headings."
        if found.contradictions
        else ""
    )
    put = "paste them"
    if kind == MARKDOWN and file != STANDARD_INPUT:
        put += f", or put them into the file with {how} {file}"
    elif kind == TEX:
        put += " behind \\begin{document}; in LaTeX they are comments"
        put += f", which {how} {file} puts in" if file != STANDARD_INPUT else ""
    else:
        put += " into a cell of Markdown in front"
    said = (
        f"{file} declares nothing, so that nothing is judged. These declarations are proposed: "
        f"{put}.{look}{clash}"
    )
    return Instead(WRONG_USAGE, f"{found.text(kind)}\n", said)


def _written(path: Path, text: str, found: Proposal, kind: str, code: int) -> Instead:
    raw = path.read_bytes()
    new = inserted(text, found, kind)
    ending = "\r\n" if b"\r\n" in raw else "\n"
    path.write_text(new, encoding="utf-8", newline=ending)
    count = f"{len(found.blocks)} block{'s' * (len(found.blocks) > 1)}"
    questions = f"{found.questions} question{'s' * (found.questions != 1)}"
    said = f"{path}: {count} of declarations put in; {questions} to look at (# ?)"
    if found.contradictions:
        said += f"; {len(found.contradictions)} contradictions (# !)"
    return Instead(code, f"{said}\n")
