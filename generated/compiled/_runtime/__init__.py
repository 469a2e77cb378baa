"""Support that every compiled kernel shares, written by hand: no formula is here."""
