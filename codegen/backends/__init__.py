"""Back ends, a folder each: programs of the array language printed in a language that runs."""
