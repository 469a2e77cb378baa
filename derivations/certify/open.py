"""Claims that are proved, but of which no proof for Coq was found yet, and why."""

OPEN = {
    "contrastive/s.4": "no proof found in time: the order of summation changes in one of two "
    "double sums over the batch, and too many orders are tried",
    "word2vec/stable.error-at-once": "the script does not see that the divisor is positive: the "
    "leader's own weight is 1, and it is left out of the sum and added again",
}
