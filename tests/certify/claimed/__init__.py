"""What a claim says at numbers, by the project's evaluator: nothing of Coq or the translator."""
