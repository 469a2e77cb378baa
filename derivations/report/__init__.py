"""Reports of claims and judgements, for a reader."""
