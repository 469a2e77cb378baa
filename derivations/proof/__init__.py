"""Two independent arguments for every claim, and the judge that wants both."""
