"""Support that every kernel shares, written by hand, here and nowhere else: no formula is here."""
