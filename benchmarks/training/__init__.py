"""Training beside gensim: ``python -m benchmarks.training``.

corpora      gensim's lee_background, a dictionary from a Debian package, or a text of one's own
split        what is trained on, and what is held out
held_out     the loss of held-out pairs, the same for both
similarity   how well vectors rank pairs of words as people do
by_gensim    gensim, one worker
by_us        this project's trainer
rounds       both in turn, one round for each seed
summary      medians, spread, ratios and what was promised
tables, plot what is shown
"""
