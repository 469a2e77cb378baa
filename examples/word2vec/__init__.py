"""Word vectors trained with the generated kernels: ``python examples/train_word2vec.py``.

corpus, default_text, vocabulary    text to numbers, words counted
noise, blocks                       what the kernel is given: windows, samples, blocks
mass, steps                         how much of it one step may take
training, checkpoint                the loop, and how it goes on after a stop
vectors, neighbours                 what comes out
settings, options, progress, command    the command line around them
"""
