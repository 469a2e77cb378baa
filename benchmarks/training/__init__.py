"""Training beside gensim: ``python -m benchmarks.training``.

corpora     gensim's lee_background, a dictionary, or a text of one's own; and what is held out
trainers    gensim, this project's trainer, and the stopwatch of both
quality     held-out loss, the same for both, and how vectors rank pairs of words as people do
report      both in turn, a round for each seed: medians, ratios and what was promised
"""
