"""The kernels of every subject, and the claims that they rest on. Data, a module a subject."""

from codegen.kernel import Module
from codegen.subjects import cbow, contrastive, glove, hierarchical_softmax, word2vec
from derivations.claim import Claim
from derivations.word2vec.claims import CLAIMS as WORD2VEC

MODULES: tuple[Module, ...] = (
    *word2vec.MODULES,
    cbow.CBOW,
    hierarchical_softmax.HIERARCHICAL_SOFTMAX,
    glove.GLOVE,
    contrastive.CONTRASTIVE,
)
CLAIMS: tuple[Claim, ...] = (
    *WORD2VEC,
    *cbow.CLAIMS,
    *hierarchical_softmax.CLAIMS,
    *glove.CLAIMS,
    *contrastive.CLAIMS,
)
