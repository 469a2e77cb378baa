"""Mistakes planted in the kernels of spans; each names a property that catches it."""

from tests.planting import Mutant, Rewritten

FORMULA = "matches_the_formula"
BACKWARDS = "a_text_read_backwards_costs_the_same"
AVERAGE = "shared_samples_cost_on_the_average_what_fresh_ones_do"
SHARE = "share = draws * band.sum(axis=2) / negatives.shape[1]"
LISTED = "gradients_list_each_word_once"
SLOPE = "a_short_step_lowers_the_loss"
CENTERS = "push @ u_r - pull @ u_q"
FOLLOWS = "a_step_follows_the_gradients"
BOTH = "one_array_may_be_both"
LAYOUT = "any_layout_is_changed_in_place"
MOVE_V = "V[grad_V.rows] -= rate * grad_V.values"
MOVE_U = "U[grad_U.rows] -= rate * grad_U.values"
REFUSED = "wrong_arguments_are_refused_and_change_nothing"
RIGHT = ", u_q[:, np.newaxis], v_c[:, :, np.newaxis])"


def mutant(
    meant: str,
    seen_by: str,
    edits: tuple[tuple[str, str], ...],
    function: str = "",
    module: str = "spans",
) -> Mutant:
    """What is written otherwise in a module, or in one of its functions."""
    file = f"{module}.py"
    return Mutant(meant, tuple(Rewritten(file, *edit, function) for edit in edits), seen_by)


MUTANTS = (
    # Faults of which places are in the window of a center, and how many they are.
    mutant("the window one place to the right", BACKWARDS, ((") - m - np", ") - m - 1 - np"),)),
    mutant("the first context taken for the first center", FORMULA, ((") - m - np", ") - np"),)),
    mutant(
        "the center in its own window",
        "centers_without_a_window_add_nothing",
        (("(offset != 0)\n        & ", ""),),
    ),
    mutant(
        "what comes before taken for what comes after",
        FORMULA,
        (
            (
                "(offset <= after[:, :, np.newaxis])\n        & (offset >= (-before)",
                "(offset <= before[:, :, np.newaxis])\n        & (offset >= (-after)",
            ),
        ),
    ),
    mutant("the last word left out", BACKWARDS, (("(offset <= after", "(offset < after"),)),
    mutant(
        "the first word left out",
        "with_as_many_samples_as_draws_it_is_skip_gram",
        (("(offset >= (-before)", "(offset > (-before)"),),
    ),
    mutant("the words before forgotten", BACKWARDS, (("(offset != 0)", "(offset > 0)"),)),
    mutant(
        "the reach told from the widest window",
        "wider_contexts_change_nothing",
        ((") - m - np", ") - max(before.max(initial=0), after.max(initial=0)) - np"),),
    ),
    mutant(
        "a window of one block for all",
        "blocks_add",
        (("after[:, :, np.newaxis]", "after[:1, :, np.newaxis]"),),
    ),
    mutant(
        "word 0 taken for padding",
        "relabelling_words_permutes_rows",
        ((").astype(V.dtype)", " & (contexts != 0)[:, np.newaxis]).astype(V.dtype)"),),
    ),
    mutant(
        "the centers not read, the middle of the contexts in their place",
        FORMULA,
        (("V.take(centers,", "V.take(contexts[:, m : m + centers.shape[1]],"),),
    ),
    # Faults of the loss: weights of the samples, signs, and forms that lose digits.
    mutant(
        "samples counted once a center, not once a pair",
        "centers_without_a_window_add_nothing",
        ((SHARE, "share = draws * np.ones_like(band.sum(axis=2)) / negatives.shape[1]"),),
    ),
    mutant(
        "the R samples taken for R draws",
        "samples_listed_twice_count_half",
        (("/ negatives.shape[1]", ""),),
    ),
    mutant("the draws forgotten", AVERAGE, (("share = draws * band", "share = band"),)),
    mutant(
        "the square of the draws",
        "loss_is_affine_in_draws",
        (("share = draws * band", "share = draws * draws * band"),),
    ),
    mutant(
        "the pairs of a block on the average, not those of each center",
        "centers_are_blocks_of_their_own",
        (
            (
                SHARE,
                "share = draws * band.mean(axis=1).sum(axis=1)[:, np.newaxis] / "
                "negatives.shape[1] + 0 * centers.astype(V.dtype)",
            ),
        ),
    ),
    mutant(
        "the other axis summed",
        FORMULA,
        (
            (
                "share = draws * band.sum(axis=2)",
                "share = draws * band.sum(axis=1)[:, : centers.shape[1]]",
            ),
        ),
    ),
    mutant(
        "samples pulled in the loss", FORMULA, (("-log_sigmoid(-sample", "-log_sigmoid(sample"),)
    ),
    mutant(
        "the first sample for all of them",
        "order_of_samples_does_not_matter",
        (
            (
                "-log_sigmoid(-sample_scores).sum(axis=2)",
                "-log_sigmoid(-sample_scores)[:, :, 0] * negatives.shape[1]",
            ),
        ),
    ),
    mutant(
        "the samples of the first block for all",
        "blocks_add",
        (("U.take(negatives, axis=0)", "U.take(0 * negatives + negatives[:1], axis=0)"),),
    ),
    mutant(
        "samples that are the center left out",
        AVERAGE,
        (
            (
                "-log_sigmoid(-sample_scores).sum",
                "-(log_sigmoid(-sample_scores) * (negatives[:, np.newaxis] "
                "!= centers[:, :, np.newaxis])).sum",
            ),
        ),
    ),
    mutant(
        "the mean of the blocks", "blocks_add", ((").sum()\n", ").sum() / max(len(centers), 1)\n"),)
    ),
    mutant(
        "the mean, then times how many: no blocks cost NaN",
        FORMULA,
        (
            (
                "(weigh(share, sampled) + in_window).sum()",
                "(weigh(share, sampled) + in_window).mean() * centers.size",
            ),
        ),
    ),
    mutant(
        "the logarithm of a sigmoid",
        FORMULA,
        (("log_sigmoid(scores)", "np.log(sigmoid(scores))"),),
        "value_and_grad",
    ),
    mutant(
        "the logarithm of a sigmoid where the loss is alone",
        "loss_alone_is_the_same_loss",
        (("log_sigmoid(scores)", "np.log(1 / (1 + np.exp(-scores)))"),),
        "loss",
    ),
    mutant(
        "center vectors taken from U",
        "relabelling_words_permutes_rows",
        (("V.take(centers", "U.take(np.sort(centers)"),),
    ),
    # Faults of the gradients: signs, forgotten terms, words that meet.
    mutant(
        "the gradient by V with its sign turned", SLOPE, ((CENTERS, "pull @ u_q - push @ u_r"),)
    ),
    mutant("places pushed in U", SLOPE, (("(contexts, -1,", "(contexts, 1,"),)),
    mutant("samples forgotten by V", FORMULA, ((CENTERS, "-pull @ u_q"),)),
    mutant("places forgotten by V", SLOPE, ((CENTERS, "push @ u_r"),)),
    mutant(
        "rows of the places forgotten",
        LISTED,
        (("(contexts, -1, pull.transpose(0, 2, 1) @ v_c),", ""),),
    ),
    mutant(
        "rows of the samples forgotten",
        LISTED,
        (("(negatives, None, push.transpose(0, 2, 1) @ v_c),", ""),),
    ),
    mutant(
        "a center that occurs twice taken once",
        FORMULA,
        (
            (
                f"row_sums((centers, None, {CENTERS}))",
                "RowGrad(*np.unique(centers, return_index=True))\n"
                f"    grad_V = RowGrad(grad_V.rows, ({CENTERS}).reshape(centers.size, -1)"
                "[grad_V.values])",
            ),
        ),
        "value_and_grad",
    ),
    mutant(
        "rows in the order of the text",
        LISTED,
        (
            (
                "return float(loss), grad_V",
                "return float(loss), RowGrad(grad_V.rows[::-1], grad_V.values[::-1])",
            ),
        ),
    ),
    mutant(
        "the product not transposed",
        FORMULA,
        (("pull.transpose(0, 2, 1) @ v_c", "pull[:, :, : centers.shape[1]] @ v_c"),),
    ),
    mutant(
        "the samples' share forgotten in the gradient",
        "loss_is_affine_in_draws",
        (("* share[:, :, np.newaxis]", "* (share > 0)[:, :, np.newaxis].astype(V.dtype)"),),
    ),
    mutant(
        "all places pulled, in the window or not",
        "wider_contexts_change_nothing",
        (("sigmoid(-scores) * band", "sigmoid(-scores)"),),
    ),
    mutant(
        "one minus a sigmoid",
        FORMULA,
        (("pull = sigmoid(-scores)", "pull = (1 - sigmoid(scores))"),),
    ),
    mutant(
        "a damping by the precision",
        "float32_agrees_with_float64",
        (
            (
                "sigmoid(-scores) * band",
                "sigmoid(-scores) * band * (1 - np.finfo(V.dtype).eps**0.5)",
            ),
        ),
    ),
    mutant(
        "scores cut off at 6",
        FORMULA,
        (("sigmoid(-scores)", "sigmoid(-np.clip(scores, -6, 6))"),),
    ),
    mutant(
        "the error of the loss, not of its slope",
        "with_as_many_samples_as_draws_it_is_skip_gram",
        (("push = sigmoid(sample_scores)", "push = -log_sigmoid(-sample_scores)"),),
        "value_and_grad",
    ),
    mutant(
        "the first sample again and again in the gradient",
        "order_of_samples_does_not_matter",
        (("push = sigmoid(sample_scores)", "push = sigmoid(sample_scores[:, :, :1])"),),
    ),
    # Faults of the step in place, which the gradients do not show.
    mutant("the rate forgotten for V", FOLLOWS, ((MOVE_V, "V[grad_V.rows] -= grad_V.values"),)),
    mutant("the rate forgotten for U", FOLLOWS, ((MOVE_U, "U[grad_U.rows] -= grad_U.values"),)),
    mutant("up the slope", "a_short_step_lowers_the_loss", ((MOVE_U, MOVE_U.replace("-=", "+=")),)),
    mutant(
        "U moved by the vectors that V has moved to",
        FOLLOWS,
        (
            (f"    {MOVE_V}\n", ""),
            (
                "    grad_U = row_sums(",
                f"    {MOVE_V}\n    v_c = V.take(centers, axis=0)\n    grad_U = row_sums(",
            ),
        ),
        "sgd_step",
    ),
    mutant(
        "the rows of V put into U",
        FOLLOWS,
        ((MOVE_U, "U[grad_V.rows] -= rate * grad_V.values"),),
    ),
    mutant(
        "U overwritten with what was made of it before V moved",
        BOTH,
        (
            (f"    {MOVE_V}\n", ""),
            (
                f"    {MOVE_U}\n",
                "    moved = U[grad_U.rows] - rate * grad_U.values\n"
                f"    {MOVE_V}\n    U[grad_U.rows] = moved\n",
            ),
        ),
        "sgd_step",
    ),
    mutant(
        "a copy changed where rows are not contiguous",
        LAYOUT,
        (("    u_q = ", "    V = np.ascontiguousarray(V)\n    u_q = "),),
        "sgd_step",
    ),
    mutant(
        "read in the order of memory",
        LAYOUT,
        (("V.take(centers", 'V.ravel(order="K").reshape(V.shape).take(centers'),),
        "sgd_step",
    ),
    mutant(
        "a dense gradient on the way",
        "nothing_as_large_as_a_matrix_is_allocated",
        ((MOVE_U, "U -= rate * grad_U.dense(len(U))"),),
    ),
    mutant(
        "the whole matrix copied first",
        "nothing_as_large_as_a_matrix_is_allocated",
        (("V.take(centers", "V.copy().take(centers"),),
    ),
    mutant(
        "a list taken, and its steps lost",
        "wrong_arguments_are_refused_and_change_nothing",
        (("    in_place(V=V, U=U)\n", ""),),
    ),
    mutant(
        "V shrunk before the words are looked at",
        "wrong_arguments_are_refused_and_change_nothing",
        (
            (
                "    centers, contexts, negatives = words(",
                "    V *= 1 - rate / 1024\n    centers, contexts, negatives = words(",
            ),
        ),
        "sgd_step",
    ),
    # Faults of what is taken, what is handed over, and what happens at the ends of the range.
    mutant(
        "windows reach one place further than the contexts",
        REFUSED,
        (("words(m + 1,", "words(m + 2,"),),
    ),
    mutant(
        "negative words count from the end",
        REFUSED,
        (("outside = (array < 0) | (array >= below)", "outside = array >= below"),),
        module="_runtime/arguments",
    ),
    mutant(
        "an odd surplus rounded down",
        REFUSED,
        (("more < 0 or more % 2", "more < 0"),),
        module="_runtime/arguments",
    ),
    mutant(
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
    mutant(
        "windows negated where they are",
        "inputs_are_byte_identical_afterwards",
        (("(-before)[", "np.negative(before, out=before)["),),
    ),
    mutant(
        "always double precision",
        "results_have_the_dtype_of_the_input",
        ((").astype(V.dtype)", ").astype(np.float64)"),),
    ),
    mutant(
        "rows read in the order of memory",
        "any_layout_gives_the_same_answer",
        (("U.take(contexts", 'U.ravel(order="K").reshape(U.shape).take(contexts'),),
    ),
    mutant(
        "the arrays' own methods called before they are arrays",
        "lists_are_taken_for_arrays",
        (("    V, U, draws = parameters(", "    V.shape\n    V, U, draws = parameters("),),
    ),
    mutant(
        "warnings where a score is far out",
        "finite_input_gives_no_warning",
        (
            ('@np.errstate(over="ignore", invalid="ignore", under="ignore")\n', ""),
            ("log_sigmoid(scores)", "np.log(sigmoid(scores))"),
        ),
    ),
    mutant(
        "no number is a score of nothing",
        "nan_in_gives_nan_out",
        (("scores = guarded(v_c", "scores = np.nan_to_num(v_c"), (RIGHT, ")")),
    ),
    mutant(
        "an infinite score taken at its limit",
        "infinity_in_gives_no_finite_result",
        (("scores = guarded(v_c", "scores = (v_c"), (RIGHT, ")")),
    ),
)
