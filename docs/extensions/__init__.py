"""What these pages need of Sphinx that it has not: formulas without a network, and verdicts."""
