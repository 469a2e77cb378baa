"""Word vectors trained with the proved kernels: ``proved-word2vec``, ``python -m`` this package.

sources, corpus, default_text       files to text to numbers, sentences as stretches of one array
vocabulary                          words counted, rare ones left out
noise, blocks, weights              what the NumPy kernel is given: windows, samples, blocks
method, negative_sampling           what a stretch of text is trained by
training, checkpoint                the loop, and how it goes on after a stop
vectors, neighbours                 what comes out
settings, options, outlets          what is asked for, and whether it can be written where it should
session, progress, command          the command line around them
"""
