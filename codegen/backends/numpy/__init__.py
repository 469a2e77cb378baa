"""NumPy: each node is an expression of Python on arrays, each step a line."""
