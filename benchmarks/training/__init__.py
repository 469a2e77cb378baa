"""Training beside gensim: ``python -m benchmarks.training``.

trainers    gensim and this project's trainer, their texts, one stopwatch, one measure of quality
report      both in turn, a round for each seed: medians, ratios and what was promised
"""
