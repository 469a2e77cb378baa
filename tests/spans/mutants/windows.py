"""Faults of which places are in the window of a center, and how many they are."""

from tests.spans.mutants.mutant import Mutant

FORMULA = "matches_the_formula"
BACKWARDS = "a_text_read_backwards_costs_the_same"

MUTANTS = (
    Mutant("the window one place to the right", BACKWARDS, ((") - m - np", ") - m - 1 - np"),)),
    Mutant("the first context taken for the first center", FORMULA, ((") - m - np", ") - np"),)),
    Mutant(
        "the center in its own window",
        "centers_without_a_window_add_nothing",
        (("(offset != 0)\n        & ", ""),),
    ),
    Mutant(
        "what comes before taken for what comes after",
        FORMULA,
        (
            (
                "(offset <= after[:, :, np.newaxis])\n        & (offset >= (-before)",
                "(offset <= before[:, :, np.newaxis])\n        & (offset >= (-after)",
            ),
        ),
    ),
    Mutant("the last word left out", BACKWARDS, (("(offset <= after", "(offset < after"),)),
    Mutant(
        "the first word left out",
        "with_as_many_samples_as_draws_it_is_skip_gram",
        (("(offset >= (-before)", "(offset > (-before)"),),
    ),
    Mutant("the words before forgotten", BACKWARDS, (("(offset != 0)", "(offset > 0)"),)),
    Mutant(
        "the reach told from the widest window",
        "wider_contexts_change_nothing",
        ((") - m - np", ") - max(before.max(initial=0), after.max(initial=0)) - np"),),
    ),
    Mutant(
        "a window of one block for all",
        "blocks_add",
        (("after[:, :, np.newaxis]", "after[:1, :, np.newaxis]"),),
    ),
    Mutant(
        "word 0 taken for padding",
        "relabelling_words_permutes_rows",
        ((").astype(V.dtype)", " & (contexts != 0)[:, np.newaxis]).astype(V.dtype)"),),
    ),
    Mutant(
        "the centers not read, the middle of the contexts in their place",
        FORMULA,
        (("V.take(centers,", "V.take(contexts[:, m : m + centers.shape[1]],"),),
    ),
)
