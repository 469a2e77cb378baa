"""Word vectors trained with the proved kernels: ``proved-word2vec``, ``python -m`` this package.

corpus, word_counts     files to text to numbers; the words to train, thin out and draw
trainer, checkpoints    the loop over stretches of text, and how it goes on after a stop
minibatch               steps of blocks of centers, on NumPy
compiled                steps center by center, compiled by Numba
embeddings              what comes out, and whether it can be written where it should
command_line            what is asked for
"""
