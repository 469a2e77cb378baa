"""Proof of the emitted text: the committed files run on exact symbols, compared with the claims.

What stands for numbers, and how the text is loaded for them, says `codegen.interpret`.

    specification  sizes, words and windows that a kernel is run at, and how many; what it has to
                   return at one case, evaluated from the encoding
    running        one kernel at one case, on every path and in every variant; all entries of all
                   outputs; functions of one number, and row sums, by themselves
    jobs           the work cut into jobs, and shared out to processes

That small sizes stand for all:

    uniformity     what in the text depends on an extent or on a call, and which way that went;
                   where it may, and what for

Believed: the field and the interpreter of `derivations.proof`, which judge the claims as well.
"""
