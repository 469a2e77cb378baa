"""The generator: proved index expressions in, NumPy source text out."""
