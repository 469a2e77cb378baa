"""Every claimed identity and gradient of parts (a) to (h), and what the kernels add to them."""

from derivations.claim import Claim
from derivations.word2vec.claims.about_spans import PART_SPANS
from derivations.word2vec.claims.about_stability import PART_STABLE
from derivations.word2vec.claims.batch import PART_BATCH
from derivations.word2vec.claims.center import PART_B
from derivations.word2vec.claims.cross_entropy import PART_A
from derivations.word2vec.claims.matrix import PART_D
from derivations.word2vec.claims.outside import PART_C
from derivations.word2vec.claims.repeats import PART_G
from derivations.word2vec.claims.sampling import PART_F
from derivations.word2vec.claims.sigmoid import PART_E
from derivations.word2vec.claims.window import PART_H

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
