"""From index expressions to NumPy text: one rule a node, exact or refused."""
