"""Slips made in true lines by machine: the checker has to fell every one that is false.

python -m tests.mutation --help
"""
