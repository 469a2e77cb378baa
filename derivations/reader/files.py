"""What a file says: its bytes as text, and the files beside it that it may take in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from derivations.reader.limits import MOST_BYTES, MOST_NOTEBOOK

MARKDOWN, TEX, NOTEBOOK = "markdown", "tex", "notebook"
SUFFIXES = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".qmd": MARKDOWN,
    ".rmd": MARKDOWN,
    ".tex": TEX,
    ".ltx": TEX,
    ".ipynb": NOTEBOOK,
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class NoFile(ValueError):
    """Why a file cannot be read as text."""


def kind_of(name: str, text: str) -> str:
    """What a text is, by the name of its file, or by how it begins."""
    known = SUFFIXES.get(Path(name).suffix.lower())
    if known is not None:
        return known
    head = text[:20_000]
    if head.lstrip().startswith("{") and '"cells"' in text:
        return NOTEBOOK
    return TEX if r"\documentclass" in head or r"\begin{document}" in head else MARKDOWN


def decoded(data: bytes) -> str:
    """The text of a file, with line breaks made one; raises NoFile for what is none."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if not encoding:
        encoding = _without_mark(data[:4000])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise NoFile(f"not text in {encoding.upper()}, as it begins") from None
        what = f"not text in UTF-8 (byte {error.start})"
        if b"\0" in data:
            raise NoFile(what) from None
        advice = "it may be Latin-1 or Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 makes it UTF-8"
        raise NoFile(f"{what}; {advice}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_mark(head: bytes) -> str:
    """UTF-16 can be told by the zeros beside its letters."""
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) > 3 and zeros.count(0) > 0.4 * len(zeros) and head.count(0) < len(head) * 0.6:
            return encoding
    return "utf-8"


def bytes_of(path: Path) -> bytes:
    """What stands in a file, not much more than may be read; raises NoFile."""
    most = MOST_NOTEBOOK if path.suffix.lower() == ".ipynb" else 4 * MOST_BYTES
    try:
        if path.is_dir():
            raise NoFile(f"a folder without derivation files ({', '.join(sorted(SUFFIXES))})")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise NoFile(str(error.strerror)) from None
    except NoFile:
        raise
    except ValueError as error:  # a name with a zero in it
        raise NoFile(str(error)) from None


def with_suffix(name: str) -> str:
    """The name of a file as LaTeX completes it."""
    return name if Path(name).suffix else f"{name}.tex"


@dataclass(frozen=True)
class Siblings:
    """The files of a folder and below it; none where there is no folder.

    ``own`` is the name of the file that takes them in.
    """

    folder: Path | None = None
    own: str = ""

    def text_of(self, name: str) -> str:
        """What a file says; raises NoFile for one that is not there, or not below the folder."""
        if self.folder is None:
            raise NoFile("there is no folder to look for files in")
        try:
            folder = self.folder.resolve()
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder) and not Path(name).is_absolute()
            if inside and not path.is_file():
                raise NoFile("there is no such file")
        except (OSError, ValueError) as error:
            if isinstance(error, NoFile):
                raise
            raise NoFile("this is no name of a file") from None
        if not inside:
            raise NoFile("a file outside of the folder is not taken in")
        return decoded(bytes_of(path))
