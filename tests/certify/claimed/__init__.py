"""What a claim says at numbers, by the project's evaluator: no Coq, and nothing of the translator."""
