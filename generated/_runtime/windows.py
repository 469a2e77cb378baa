"""Windows of a text: how far they reach."""

from typing import Any

from numpy.typing import NDArray


def reach(**given: NDArray[Any]) -> int:
    """The places that contexts (G, S + 2 m) have on either side of centers (G, S): m.

    Raises ValueError, naming the argument, where there is no such m.
    """
    (name, centers), (wider, contexts) = given.items()
    more = contexts.shape[1] - centers.shape[1]
    if more < 0 or more % 2:
        should = f"({centers.shape[0]}, {centers.shape[1]} + 2 m), m at least 0, as {name} has"
        raise ValueError(f"{wider} has shape {contexts.shape}, should be {should}")
    return int(more // 2)
