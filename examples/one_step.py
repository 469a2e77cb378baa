"""One step of skip-gram training with negative sampling, on a vocabulary of six words."""

import numpy as np

from generated import skip_gram

words = ["turning", "into", "banking", "crises", "as", "usual"]
rng = np.random.default_rng(0)
V = rng.normal(scale=0.1, size=(len(words), 4))  # center vectors, one row a word
U = rng.normal(scale=0.1, size=(len(words), 4))  # outside vectors

center, outside = 2, [0, 1, 3, 4]
negatives = rng.integers(len(words), size=(len(outside), 5))  # repeats count, as they should

for step in range(3):
    loss, grad_V, grad_U = skip_gram.negative_sampling_value_and_grad(
        center, outside, V, U, negatives
    )
    print(f"step {step}: loss {loss:.4f}")
    V -= 0.5 * grad_V
    U -= 0.5 * grad_U
