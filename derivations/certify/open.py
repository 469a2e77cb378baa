"""Claims that are proved, but of which no proof for Coq was found yet, and why."""

OPEN = {
    "contrastive/s.4": "no proof found in time: the order of summation changes in one of two "
    "double sums over the batch, and too many orders are tried",
}
