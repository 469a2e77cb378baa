"""The losses, typed by hand from their papers, of arrays of balls: as they stand, not rewritten.

Arguments are called as those of the kernels. Nothing here comes from a derivation file.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Balls = NDArray[Any]

exp: Callable[[Any], Any] = np.frompyfunc(lambda x: x.exp(), 1, 1)
log: Callable[[Any], Any] = np.frompyfunc(lambda x: x.log(), 1, 1)
sqrt: Callable[[Any], Any] = np.frompyfunc(lambda x: x.sqrt(), 1, 1)


def sigmoid(score: Any) -> Any:
    return 1 / (1 + exp(-score))


def cbow_naive_softmax(context: Any, o: int, V: Balls, U: Balls) -> Any:
    scores = U @ (V[context].sum(axis=0) / len(context))
    return -log(exp(scores[o]) / exp(scores).sum())


def cbow_negative_sampling(context: Any, o: int, V: Balls, U: Balls, negatives: Any) -> Any:
    mean = V[context].sum(axis=0) / len(context)
    return -log(sigmoid(U[o] @ mean)) - sum(log(sigmoid(-(U[k] @ mean))) for k in negatives)


def hierarchical_softmax(v: Balls, nodes: Any, signs: Any, Theta: Balls) -> Any:
    steps = zip(nodes, signs, strict=True)
    return -sum(log(sigmoid(sign * (Theta[node] @ v))) for node, sign in steps)


def glove(W: Balls, C: Balls, b: Balls, c: Balls, weights: Balls, targets: Balls) -> Any:
    total = 0
    for i in range(len(W)):
        for j in range(len(C)):
            total += weights[i, j] * (W[i] @ C[j] + b[i] + c[j] - targets[i, j]) ** 2
    return total


def glove_list(
    W: Balls, C: Balls, b: Balls, c: Balls, rows: Any, columns: Any, weights: Balls, targets: Balls
) -> Any:
    total = 0
    for p, (i, j) in enumerate(zip(rows, columns, strict=True)):
        total += weights[p] * (W[i] @ C[j] + b[i] + c[j] - targets[p]) ** 2
    return total


def contrastive(Q: Balls, K: Balls, beta: Any) -> Any:
    scores = exp(beta * (Q @ K.T))
    return sum(-log(scores[b, b] / scores[b].sum()) for b in range(len(Q))) / len(Q)


def contrastive_symmetric(Q: Balls, K: Balls, beta: Any) -> Any:
    return (contrastive(Q, K, beta) + contrastive(K, Q, beta)) / 2


def logistic_of_targets(w: Balls, X: Balls, t: Balls) -> Any:
    y = sigmoid(X @ w)
    return -(t * log(y) + (1 - t) * log(1 - y)).sum()


def logistic_of_margins(w: Balls, X: Balls, t: Balls, b: Any, penalty: Any) -> Any:
    return log(1 + exp(-t * (X @ w + b))).sum() + penalty / 2 * (w @ w)


def layer_normalisation(x: Balls, gain: Balls, shift: Balls, epsilon: Any, upstream: Balls) -> Any:
    mean = x.sum() / len(x)
    variance = ((x - mean) ** 2).sum() / len(x)
    return upstream @ (gain * (x - mean) / sqrt(variance + epsilon) + shift)


def attention_head(Q: Balls, K: Balls, V: Balls, scale: Any, upstream: Balls) -> Any:
    weights = exp(scale * (Q @ K.T))
    return (upstream * (weights @ V / weights.sum(axis=1)[:, None])).sum()
