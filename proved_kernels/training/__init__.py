"""Word vectors trained with the proved kernels: ``proved-word2vec``, ``python -m`` this package.

corpus          files to text to numbers; the words to train, thin out and draw
trainer         the loop over stretches of text: minibatches on NumPy, or center by center
center_steps    the text of the latter, that Python reads and Numba compiles
simd            its functions on rows as instructions, for Numba
saving          checkpoints and vectors; whether they can be written where they should
command_line    what is asked for
"""
