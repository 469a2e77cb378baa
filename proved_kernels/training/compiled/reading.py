"""Words numbered in one pass over the bytes of a text: an open hash table, compiled.

Words and sentences are those of `corpus.read`, which splits by Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

END = -1  # of a sentence, among the numbers
# what Python's split takes for spaces beyond those that are one byte in UTF-8
_WIDE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_OFFSET, _PRIME, _FOLD = np.uint64(14695981039346656037), np.uint64(1099511628211), np.uint64(32)


def numbers(
    part: Any, count: int, pool: Any, starts: Any, hashes: Any, slots: Any, found: Any
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
    from proved_kernels.training.compiled.per_center import functions

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


def _grown(array: NDArray[Any], length: int) -> NDArray[Any]:
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
