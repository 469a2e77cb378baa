"""Certificates: claims as theorems of Coq, with their proofs, for every size."""
