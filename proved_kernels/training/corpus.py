"""Tokenisation and vocabulary: files as words in numbers, thinned out, and the noise of samples.

Files, compressed or not, and standard input are read; words are numbered in order of first
appearance, sentences are stretches of one array. Compiled, that is one pass over the bytes of a
text, with an open hash table. Where no file is named the text is one that comes with every Python:
the docstrings of its standard library. By its counts a word is trained, thinned out and drawn as a
negative sample: of counts to a power, 3/4 by default.
"""

from __future__ import annotations

import ast
import codecs
import gzip
import hashlib
import io
import re
import sys
import sysconfig
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from math import prod
from pathlib import Path
from typing import TextIO, TypeVar

import numpy as np
from numpy.typing import NDArray


class Refused(Exception):
    """A text, an option or a checkpoint that cannot be used; the message says why."""


STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
_MARKS = (  # the longer ones first: that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LENGTH = 1 << 20  # characters of a part


def parts(names: Sequence[str], encoding: str | None = None) -> Iterator[str]:
    """The text of some files one after the other, cut between words; a file ends a line.

    ``-`` is standard input. What begins as gzip does is unpacked, whatever its name. Where no
    encoding is given it is UTF-8, or what a byte order mark says; the mark is no part of the text.

    Raises Refused, saying what is wrong with which file.
    """
    for name in names:
        try:
            with _opened(name) as file:
                yield from _cut(io.TextIOWrapper(file, encoding or _marked(file)))
        except EOFError as error:
            raise Refused(f"{name}: the compressed file ends too early") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Refused(f"{name}: not a gzip file after all ({error})") from error
        except OSError as error:
            raise Refused(f"{name}: {error.strerror or error}") from error
        except LookupError as error:
            raise Refused(f"--encoding {encoding}: no such encoding") from error
        except UnicodeError as error:
            raise Refused(
                f"{name}: not {encoding or 'utf-8'} text ({error}); see --encoding"
            ) from error
        yield "\n"


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    """The bytes of a file, unpacked, ready to be looked at before they are read."""
    given = sys.stdin.fileno() if name == STANDARD_INPUT else name
    with io.FileIO(given, closefd=given is name) as file:
        raw: io.BufferedReader = io.BufferedReader(file, _LENGTH)
        if raw.peek(2)[:2] == _GZIP:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(unpacked, _LENGTH)
        else:
            yield raw


def _marked(file: io.BufferedReader) -> str:
    start = file.peek(4)
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def _cut(file: TextIO) -> Iterator[str]:
    """Parts that end where a word does."""
    rest = ""
    while read := file.read(_LENGTH):
        end = max(read.rfind(" "), read.rfind("\n")) + 1
        if end:
            yield rest + read[:end]
            rest = read[end:]
        else:
            rest += read
    yield rest


LONGEST_SENTENCE = 10_000  # as in gensim: what is longer is cut
_END = "\0"  # stands for the end of a sentence among its words


@dataclass(frozen=True)
class Text:
    """All words of a text, one after the other.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s; number i stands for ``words[i]``.
    """

    words: list[str]
    ids: NDArray[np.intc]
    bounds: NDArray[np.int64]


def read(names: Sequence[str], encoding: str | None = None, *, compiled: bool = False) -> Text:
    """The text in some files, one sentence a line, words apart by spaces (or by NUL).

    ``compiled`` has it read by compiled code, to the same result.

    Raises Refused, saying what is wrong with the file.
    """
    if compiled:
        words, ids = numbered_parts(parts(names, encoding))
        return _text(words, ids, END)
    spaced = (part.replace(_END, " ").replace("\n", f" {_END} ") for part in parts(names, encoding))
    return _numbered(part.split() for part in spaced)


def numbered(sentences: Iterable[Sequence[str]]) -> Text:
    """Sentences of words as one array of numbers."""
    return _numbered([*words, _END] for words in sentences)


def _numbered(some: Iterable[Sequence[str]]) -> Text:
    """Words among which those called _END end a sentence."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    number[_END]
    found = [np.zeros(0, np.intc)]
    for words in _joined(some):
        found.append(np.fromiter(map(number.__getitem__, words), np.intc, len(words)))
    ids = np.concatenate(found)
    return _text(list(number)[1:], ids - np.intc(1), -1)


def _text(words: list[str], ids: NDArray[np.intc], end: int) -> Text:
    """From the numbers of the words, ``end`` among them where a sentence ends."""
    ends = np.flatnonzero(ids == end)
    bounds = np.concatenate(([0], ends - np.arange(len(ends))))
    return Text(words, ids[ids != end], _none_too_long(bounds))


def _joined(some: Iterable[Sequence[str]], least: int = 1 << 16) -> Iterable[Sequence[str]]:
    """The same words, more of them at a time."""
    kept: list[Sequence[str]] = []
    held = 0
    for words in some:
        kept.append(words)
        held += len(words)
        if held >= least:
            yield kept[0] if len(kept) == 1 else list(chain.from_iterable(kept))
            kept, held = [], 0
    yield list(chain.from_iterable(kept))


def _none_too_long(bounds: NDArray[np.intp]) -> NDArray[np.int64]:
    """Empty sentences left out, long ones cut."""
    bounds = np.unique(bounds)
    pieces = np.maximum(-(-np.diff(bounds) // LONGEST_SENTENCE), 1)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = np.arange(len(first)) - first
    starts = np.repeat(bounds[:-1], pieces) + place * LONGEST_SENTENCE
    return np.append(starts, bounds[-1:]).astype(np.int64)


DEFAULT = "the docstrings of Python's standard library"
_SENTENCE_END = re.compile(r"[.!?:]\s|\n\s*\n")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def default_sentences() -> Iterator[list[str]]:
    """Its sentences as words in lower case; nothing where the library has no source files."""
    for path in _files(Path(sysconfig.get_path("stdlib"))):
        for docstring in _docstrings(path):
            for sentence in _SENTENCE_END.split(docstring.lower()):
                yield _WORD.findall(sentence)


def _files(library: Path) -> Iterator[Path]:
    for name in sorted(sys.stdlib_module_names):
        yield from library.glob(f"{name}.py")
        yield from sorted(library.glob(f"{name}/*.py"))


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library's own source
            tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            yield ast.get_docstring(node) or ""


@dataclass(frozen=True)
class Corpus:
    """A text in the numbers of its vocabulary, rare words left out.

    ``ids[bounds[s]:bounds[s + 1]]`` is sentence s, ``words[i]`` the word of number i and
    ``counts[i]`` how often it occurs; ``read`` counts the rare words as well.
    """

    words: list[str]
    counts: NDArray[np.int64]
    ids: NDArray[np.intp]
    bounds: NDArray[np.int64]
    read: int

    @cached_property
    def digest(self) -> str:
        """The same for the same words in the same sentences, and for no others."""
        digest = hashlib.blake2b("\n".join(self.words).encode("utf-8", "surrogatepass"))
        digest.update(self.ids.data)
        digest.update(self.bounds.data)
        return digest.hexdigest()


def corpus_of(text: Text, min_count: int) -> Corpus:
    """Leave out the words that occur fewer than ``min_count`` times; ties keep their order."""
    counts = np.bincount(text.ids, minlength=len(text.words))
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] >= min_count]
    number = np.full(len(text.words), -1, np.intp)
    number[order] = np.arange(len(order))
    ids = number[text.ids]
    is_kept = ids >= 0
    kept_before = np.concatenate(([0], np.cumsum(is_kept)))
    words = [text.words[word] for word in order]
    bounds = kept_before[text.bounds]
    return Corpus(words, counts[order], ids[is_kept], bounds, len(text.ids))


def keep_probabilities(corpus: Corpus, sample: float) -> NDArray[np.float64]:
    """How likely each word is kept when frequent ones are thinned out; 0 keeps all of them.

    With f the share of the text that is the word: √(sample / f) + sample / f, at most 1.
    """
    if sample == 0:
        return np.ones(len(corpus.counts))
    ratio: NDArray[np.float64] = sample * corpus.counts.sum() / corpus.counts
    return np.minimum(np.sqrt(ratio) + ratio, 1.0)


@dataclass(frozen=True)
class Noise:
    """Words laid out on a line, each as long as it is likely; ``ends`` is where they end."""

    ends: NDArray[np.float64]

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.intp]:
        """Independent words."""
        return self._at(rng.random(shape))

    def evenly(
        self, shape: tuple[int, ...], together: int, rng: np.random.Generator
    ) -> NDArray[np.intp]:
        """Words of which every ``together`` are spread over the line, one from each part of it.

        Their order is random, so that each is as likely to be a word as an independent one is;
        but a word that should be there once is hardly ever there thrice.
        """
        runs = -(-prod(shape) // together)
        points = (np.arange(together) + rng.random((runs, together))) / together
        words = rng.permuted(self._at(points), axis=1)
        return words.ravel()[: prod(shape)].reshape(shape)

    def guided(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """The ends in units of 2^-64, and the word at the start of each of as many equal parts.

        The guide table of Chen and Asau (1974): from there a word is found in a step or two.
        """
        size = np.uint64(len(self.ends))
        ends = np.minimum(self.ends / self.ends[-1] * 2.0**64, 2.0**64 - 2048).astype(np.uint64)
        ends[-1] = np.iinfo(np.uint64).max
        half = np.uint64(32)
        parts = np.arange(size, dtype=np.uint64) << half
        starts = (parts + size - np.uint64(1)) // size << half  # by the upper 32 bits of a point
        return ends, np.searchsorted(ends, starts).astype(np.int32)

    def _at(self, points: NDArray[np.float64]) -> NDArray[np.intp]:
        """The words at points of a line of length one."""
        found = np.searchsorted(self.ends, points * self.ends[-1], side="right")
        words: NDArray[np.intp] = np.minimum(found, len(self.ends) - 1)
        return words


def noise_of(counts: NDArray[np.int64], exponent: float) -> Noise:
    """Each word as often as its count to the power of ``exponent`` says."""
    shares = counts.astype(np.float64) ** exponent
    return Noise(np.cumsum(shares / shares.sum()))


Scalar = TypeVar("Scalar", bound=np.generic)
END = -1  # of a sentence, among the numbers
# what Python's split takes for spaces beyond those that are one byte in UTF-8
_WIDE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_OFFSET, _PRIME, _FOLD = np.uint64(14695981039346656037), np.uint64(1099511628211), np.uint64(32)


def numbers(
    part: NDArray[np.uint8],
    count: int,
    pool: NDArray[np.uint8],
    starts: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    slots: NDArray[np.int32],
    found: NDArray[np.int32],
) -> tuple[int, int]:
    """The numbers of the words of a part, END for a line's end: how many, and of how many words.

    Word w is ``pool[starts[w]:starts[w + 1]]``; ``slots``, a power of two of them, hold each
    word's number plus one from the place of its hash on (FNV-1a), 0 where none is.
    """
    last = np.uint64(len(slots) - 1)
    n = 0
    begin = 0
    code = _OFFSET
    for k in range(len(part)):
        byte = part[k]
        if not (byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31 or byte == 0):
            code = (code ^ np.uint64(byte)) * _PRIME
            continue
        if k > begin:
            place = (code ^ (code >> _FOLD)) & last
            while True:
                word = slots[place] - 1
                if word < 0:
                    for j in range(begin, k):
                        pool[starts[count] + j - begin] = part[j]
                    starts[count + 1] = starts[count] + k - begin
                    hashes[count] = code
                    word = count
                    count += 1
                    slots[place] = count
                    break
                if hashes[word] == code and starts[word + 1] - starts[word] == k - begin:
                    same = True
                    for j in range(begin, k):
                        if pool[starts[word] + j - begin] != part[j]:
                            same = False
                            break
                    if same:
                        break
                place = (place + np.uint64(1)) & last
            found[n] = word
            n += 1
        if byte == 10:
            found[n] = END
            n += 1
        begin = k + 1
        code = _OFFSET
    return n, count


def numbered_parts(parts: Iterable[str]) -> tuple[list[str], NDArray[np.int32]]:
    """The words in order of first appearance, and the text in their numbers, END ending lines."""
    from proved_kernels.training.trainer import functions

    number = functions()["numbers"]
    count, made = 0, [np.zeros(0, np.int32)]
    pool, starts, hashes = np.zeros(0, np.uint8), np.zeros(1, np.int64), np.zeros(0, np.uint64)
    slots = np.zeros(1, np.int32)
    for text in parts:
        spaced = text if text.isascii() else _WIDE.sub(" ", text)
        part = np.frombuffer(spaced.encode("utf-8", "surrogatepass") + b" ", np.uint8)
        most = count + len(part) // 2 + 1  # words there may be after it
        pool = _grown(pool, int(starts[count]) + len(part))
        starts, hashes = _grown(starts, most + 1), _grown(hashes, most)
        if len(slots) < 2 * most:
            slots = np.zeros(1 << (4 * most).bit_length(), np.int32)
            _placed(hashes[:count], slots)
        found = np.empty(len(part) + 1, np.int32)
        n, count = number(part, count, pool, starts, hashes, slots, found)
        made.append(found[:n].copy())
    whole = pool.tobytes()
    ends = starts[: count + 1].tolist()
    words = [whole[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(ends)]
    return words, np.concatenate(made)


def _grown(array: NDArray[Scalar], length: int) -> NDArray[Scalar]:
    """The same entries with room for so many, and for twice as many as there were."""
    if len(array) >= length:
        return array
    made = np.zeros(max(length, 2 * len(array)), array.dtype)
    made[: len(array)] = array
    return made


def _placed(hashes: NDArray[np.uint64], slots: NDArray[np.int32]) -> None:
    """Each word at the first free slot from that of its hash on."""
    last = len(slots) - 1
    for word, place in enumerate(((hashes ^ (hashes >> _FOLD)) & np.uint64(last)).tolist(), 1):
        while slots[place]:
            place = (place + 1) & last
        slots[place] = word
