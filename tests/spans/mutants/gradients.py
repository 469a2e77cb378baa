"""Faults of the gradients: signs, forgotten terms, words that meet."""

from tests.spans.mutants.mutant import Mutant

FORMULA = "matches_the_formula"
LISTED = "gradients_list_each_word_once"
SLOPE = "a_short_step_lowers_the_loss"
CENTERS = "push @ u_r - pull @ u_q"

MUTANTS = (
    Mutant(
        "the gradient by V with its sign turned", SLOPE, ((CENTERS, "pull @ u_q - push @ u_r"),)
    ),
    Mutant("places pushed in U", SLOPE, (("(contexts, -1,", "(contexts, 1,"),)),
    Mutant("samples forgotten by V", FORMULA, ((CENTERS, "-pull @ u_q"),)),
    Mutant("places forgotten by V", SLOPE, ((CENTERS, "push @ u_r"),)),
    Mutant(
        "rows of the places forgotten",
        LISTED,
        (("(contexts, -1, pull.transpose(0, 2, 1) @ v_c),", ""),),
    ),
    Mutant(
        "rows of the samples forgotten",
        LISTED,
        (("(negatives, None, push.transpose(0, 2, 1) @ v_c),", ""),),
    ),
    Mutant(
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
    Mutant(
        "rows in the order of the text",
        LISTED,
        (
            (
                "return float(loss), grad_V",
                "return float(loss), RowGrad(grad_V.rows[::-1], grad_V.values[::-1])",
            ),
        ),
    ),
    Mutant(
        "the product not transposed",
        FORMULA,
        (("pull.transpose(0, 2, 1) @ v_c", "pull[:, :, : centers.shape[1]] @ v_c"),),
    ),
    Mutant(
        "the samples' share forgotten in the gradient",
        "loss_is_affine_in_draws",
        (("* share[:, :, np.newaxis]", "* (share > 0)[:, :, np.newaxis].astype(V.dtype)"),),
    ),
    Mutant(
        "all places pulled, in the window or not",
        "wider_contexts_change_nothing",
        (("sigmoid(-scores) * band", "sigmoid(-scores)"),),
    ),
    Mutant(
        "one minus a sigmoid",
        FORMULA,
        (("pull = sigmoid(-scores)", "pull = (1 - sigmoid(scores))"),),
    ),
    Mutant(
        "a damping by the precision",
        "float32_agrees_with_float64",
        (
            (
                "sigmoid(-scores) * band",
                "sigmoid(-scores) * band * (1 - np.finfo(V.dtype).eps**0.5)",
            ),
        ),
    ),
    Mutant(
        "scores cut off at 6",
        FORMULA,
        (("sigmoid(-scores)", "sigmoid(-np.clip(scores, -6, 6))"),),
    ),
    Mutant(
        "the error of the loss, not of its slope",
        "with_as_many_samples_as_draws_it_is_skip_gram",
        (("push = sigmoid(sample_scores)", "push = -log_sigmoid(-sample_scores)"),),
        "value_and_grad",
    ),
    Mutant(
        "the first sample again and again in the gradient",
        "order_of_samples_does_not_matter",
        (("push = sigmoid(sample_scores)", "push = sigmoid(sample_scores[:, :, :1])"),),
    ),
)
