"""Random index expressions: what the normal form says of them is what they are worth."""
