"""Single steps on expressions: some keep the value at every instance, some are slips."""
