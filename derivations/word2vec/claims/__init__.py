"""Every claimed identity and gradient of parts (a) to (h), and what the kernels add to them."""

from derivations.claim import Claim
from derivations.word2vec.claims.for_kernels import PART_BATCH, PART_SPANS, PART_STABLE
from derivations.word2vec.claims.written_answers import (
    PART_A,
    PART_B,
    PART_C,
    PART_D,
    PART_E,
    PART_F,
    PART_G,
    PART_H,
)

CLAIMS: tuple[Claim, ...] = (
    *PART_A,
    *PART_B,
    *PART_C,
    *PART_D,
    *PART_E,
    *PART_F,
    *PART_G,
    *PART_H,
    *PART_BATCH,
    *PART_SPANS,
    *PART_STABLE,
)
