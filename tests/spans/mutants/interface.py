"""Faults of what is taken, what is handed over, and what happens at the ends of the range."""

from tests.spans.mutants.mutant import Mutant

REFUSED = "wrong_arguments_are_refused_and_change_nothing"
RIGHT = ", u_q[:, np.newaxis], v_c[:, :, np.newaxis])"

MUTANTS = (
    Mutant(
        "windows reach one place further than the contexts",
        REFUSED,
        (("words(m + 1,", "words(m + 2,"),),
    ),
    Mutant(
        "negative words count from the end",
        REFUSED,
        (("outside = (array < 0) | (array >= below)", "outside = array >= below"),),
        module="_runtime/arguments",
    ),
    Mutant(
        "an odd surplus rounded down",
        REFUSED,
        (("more < 0 or more % 2", "more < 0"),),
        module="_runtime/windows",
    ),
    Mutant(
        "words left in the type they came in",
        "words_may_be_of_any_integer_type",
        (
            (
                "[array.astype(np.intp, copy=False) for array in arrays.values()]",
                "list(arrays.values())",
            ),
        ),
        module="_runtime/arguments",
    ),
    Mutant(
        "windows negated where they are",
        "inputs_are_byte_identical_afterwards",
        (("(-before)[", "np.negative(before, out=before)["),),
    ),
    Mutant(
        "always double precision",
        "results_have_the_dtype_of_the_input",
        ((").astype(V.dtype)", ").astype(np.float64)"),),
    ),
    Mutant(
        "rows read in the order of memory",
        "any_layout_gives_the_same_answer",
        (("U.take(contexts", 'U.ravel(order="K").reshape(U.shape).take(contexts'),),
    ),
    Mutant(
        "the arrays' own methods called before they are arrays",
        "lists_are_taken_for_arrays",
        (("    V, U, draws = parameters(", "    V.shape\n    V, U, draws = parameters("),),
    ),
    Mutant(
        "warnings where a score is far out",
        "finite_input_gives_no_warning",
        (
            ('@np.errstate(over="ignore", invalid="ignore", under="ignore")\n', ""),
            ("log_sigmoid(scores)", "np.log(sigmoid(scores))"),
        ),
    ),
    Mutant(
        "no number is a score of nothing",
        "nan_in_gives_nan_out",
        (("scores = guarded(v_c", "scores = np.nan_to_num(v_c"), (RIGHT, ")")),
    ),
    Mutant(
        "an infinite score taken at its limit",
        "infinity_in_gives_no_finite_result",
        (("scores = guarded(v_c", "scores = (v_c"), (RIGHT, ")")),
    ),
)
