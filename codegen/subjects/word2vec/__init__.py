"""Skip-gram word2vec: which argument each symbol stands for, and what each function computes.

Data. The formulas are those of `derivations.word2vec`.
"""

from codegen.subjects.word2vec.blocks import BLOCKS_OF_WORDS
from codegen.subjects.word2vec.naive_softmax import NAIVE_SOFTMAX
from codegen.subjects.word2vec.negative_sampling import NEGATIVE_SAMPLING
from codegen.subjects.word2vec.skip_gram import SKIP_GRAM_WINDOW
from codegen.subjects.word2vec.spans import SPANS
from codegen.subjects.word2vec.stable_steps import SIGMOID
from derivations.word2vec.claims import CLAIMS

__all__ = ["CLAIMS", "MODULES"]

MODULES = (SIGMOID, NAIVE_SOFTMAX, NEGATIVE_SAMPLING, SKIP_GRAM_WINDOW, SPANS, BLOCKS_OF_WORDS)
