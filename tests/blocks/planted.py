"""Faults planted in the emitted code of lists."""

from tests.spans.planted import mutant

FORMULA = "matches_the_formula"
FOLLOWS = "a_step_follows_the_gradients"
ERROR = "error = sigmoid(signs * scores) * signs * weight"
BLOCKS = "blocks"

MUTANTS = (
    mutant(
        "the sign forgotten in the loss",
        "loss_alone_is_the_same_loss",
        (("log_sigmoid(-signs * scores)", "log_sigmoid(-scores)"),),
        "loss",
        BLOCKS,
    ),
    mutant(
        "the inner derivative forgotten",
        FORMULA,
        ((ERROR, ERROR.replace(" * signs *", " *")),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "the weight forgotten in the error",
        FORMULA,
        ((ERROR, ERROR.replace(" * weight", "")),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "the error by a difference, which cancels",
        FORMULA,
        ((ERROR, "error = (1 - sigmoid(-signs * scores)) * signs * weight"),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "uphill",
        FORMULA,
        ((ERROR, ERROR.replace("sigmoid", "-sigmoid")),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "all centers of the first kind",
        FORMULA,
        (("weights.take(kinds,", "weights.take(0 * kinds,"),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "each word's gradient given to the word before it",
        FORMULA,
        (("row_sums((lists,", "row_sums((np.roll(lists, 1, axis=1),"),),
        "value_and_grad",
        BLOCKS,
    ),
    mutant(
        "words that repeat counted once",
        FOLLOWS,
        (
            (
                "row_sums((lists,",
                "row_sums((np.where(lists == np.roll(lists, 1, axis=1), 0, lists),",
            ),
        ),
        "sgd_step",
        BLOCKS,
    ),
    mutant(
        "the rate forgotten for V",
        FOLLOWS,
        (("descend(V, grad_V, rate /", "descend(V, grad_V, 1 /"),),
        "sgd_step",
        BLOCKS,
    ),
    mutant(
        "the rows of V put into U",
        FOLLOWS,
        (("descend(U, grad_U", "descend(U, grad_V"),),
        "sgd_step",
        BLOCKS,
    ),
    mutant(
        "U moved by the vectors that V has moved to",
        FOLLOWS,
        (
            (
                "    grad_U = row_sums(",
                "    V -= 0.5 * V\n    v_c = V.take(centers, axis=0)\n    grad_U = row_sums(",
            ),
        ),
        "sgd_step",
        BLOCKS,
    ),
    mutant(
        "rows left where the other matrix' step began",
        "one_array_may_be_both",
        (
            (
                "    moved = matrix.take(grad.rows, axis=0)\n",
                "    moved = matrix.take(grad.rows, axis=0) * (1 + 2.0**-20)\n",
            ),
        ),
        "descend",
        "_runtime/rows",
    ),
    mutant(
        "band and share in the wrong order of sides",
        "a_text_read_backwards_costs_the_same",
        (("offset <= after[", "offset <= before["),),
        "weights",
        "spans",
    ),
    mutant(
        "samples counted once a center, not once a pair",
        FORMULA,
        (("share = draws * band.sum(axis=2)", "share = draws * np.ones_like(band.sum(axis=2))"),),
        "weights",
        "spans",
    ),
)
