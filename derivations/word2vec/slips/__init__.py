"""False claims of the kinds people make, each to be refuted or found ill-typed.

Where the document prints the line, ``place`` says so.
"""

from derivations.word2vec.slips.batch import PART_BATCH
from derivations.word2vec.slips.blocks import PART_BLOCKS
from derivations.word2vec.slips.center import PART_B
from derivations.word2vec.slips.cross_entropy import PART_A
from derivations.word2vec.slips.matrix import PART_D
from derivations.word2vec.slips.outside import PART_C
from derivations.word2vec.slips.repeats import PART_G
from derivations.word2vec.slips.sampling import PART_F
from derivations.word2vec.slips.sigmoid import PART_E
from derivations.word2vec.slips.spans import PART_SPANS
from derivations.word2vec.slips.stable import PART_STABLE
from derivations.word2vec.slips.window import PART_H

__all__ = ["SLIPS"]

SLIPS = (
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
    *PART_BLOCKS,
    *PART_STABLE,
)
