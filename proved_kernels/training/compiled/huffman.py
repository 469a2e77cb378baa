"""Huffman's tree over the words: the path to each, short for frequent ones."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

Tree = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]

NO_TREE: Tree = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


def tree_of(counts: NDArray[np.int64]) -> Tree:
    """Where the path to each word starts, then the inner nodes of all paths, and how each goes on.

    ``nodes[starts[w]:starts[w + 1]]`` leads from the root to word w; the sign is −1 where it goes
    to the lighter side, 1 where it goes to the other. There are N − 1 inner nodes, the root last.
    """
    size = len(counts)
    waiting = [(int(count), leaf) for leaf, count in enumerate(counts)]
    heapify(waiting)
    above = np.zeros(2 * size - 1, np.int64)
    turn = np.zeros(2 * size - 1, np.float32)
    for inner in range(size, 2 * size - 1):
        lighter, heavier = heappop(waiting), heappop(waiting)
        for (_, node), sign in ((lighter, -1), (heavier, 1)):
            above[node], turn[node] = inner, sign
        heappush(waiting, (lighter[0] + heavier[0], inner))
    starts, nodes, turns = [0], [], []
    root = 2 * size - 2
    for leaf in range(size):
        path = [leaf]
        while path[-1] != root:
            path.append(int(above[path[-1]]))
        nodes += [node - size for node in path[:0:-1]]
        turns += [turn[node] for node in path[-2::-1]]
        starts.append(len(nodes))
    return np.array(starts), np.array(nodes, np.int32), np.array(turns, np.float32)
