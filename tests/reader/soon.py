"""What does not take long: hostile text ends in seconds, or it would take minutes.

Bounds are several times what a slow machine needs, since a reader that looks again and again at
what it has seen needs not twice but hundreds of times as long.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where the processor takes longer for what is done.

    What earlier tests left in memory is not looked through by the garbage collector meanwhile:
    that time is theirs.
    """
    gc.freeze()
    start = process_time()
    try:
        yield
        taken = process_time() - start
    finally:
        gc.unfreeze()
    assert taken < seconds, f"took {taken:.1f} s, not {seconds:.0f}"
