"""Support that every kernel shares, written by hand and emitted as it is: no formula is here."""
