"""The false claims about word2vec, read once for all tests."""

from derivations.report.subject import false_claims

SLIPS = false_claims()
