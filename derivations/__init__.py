"""A checker for written derivations: encodings, proofs, verdicts."""
