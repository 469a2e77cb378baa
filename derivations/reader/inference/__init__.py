"""What of a text is a condition or an assumption, and what follows from it.

standing  how a line stands in an argument
spoken    the words that say so
stated    assumptions in formulas of the text
premises  conditions, and the lines that are judged under them
"""
