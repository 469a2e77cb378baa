"""Choice of printed names for bound indices and axes (alpha-conversion): the one allocator.

Binders are objects; a name is chosen only where one is printed or handed to SymPy, and then away
from every name that is free there, on either side of an equality.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

from derivations.indices import IndexSet

# i before the others, and no letter that looks like a number
LETTERS = "ih" + "".join(letter for letter in ascii_lowercase if letter not in "ihlo")


@dataclass(frozen=True)
class Names:
    """The letters that an author has declared, each with the set it runs over."""

    letters: tuple[tuple[str, IndexSet], ...] = ()

    def fresh(self, space: IndexSet, hint: str, taken: Collection[str]) -> str:
        """A name for a member of ``space`` that is not ``taken``.

        The hint itself if it is free, then a letter declared for the set, then any letter; at last
        the hint with primes, which no author's name ends in.
        """
        declared = [name for name, each in self.letters if each == space]
        others = {name for name, each in self.letters if each != space}
        plain = [letter for letter in LETTERS if letter not in others]
        wanted: list[str] = [*([hint] if hint else []), *declared, *plain]
        for name in wanted:
            if name not in taken:
                return name
        primed = (f"{hint or 'i'}{chr(39) * times}" for times in count(1))
        return next(name for name in primed if name not in taken)
