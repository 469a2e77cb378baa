"""Faults of the step in place, which the gradients do not show."""

from tests.spans.mutants.mutant import Mutant

FOLLOWS = "a_step_follows_the_gradients"
BOTH = "one_array_may_be_both"
LAYOUT = "any_layout_is_changed_in_place"
MOVE_V = "V[grad_V.rows] -= rate * grad_V.values"
MOVE_U = "U[grad_U.rows] -= rate * grad_U.values"

MUTANTS = (
    Mutant("the rate forgotten for V", FOLLOWS, ((MOVE_V, "V[grad_V.rows] -= grad_V.values"),)),
    Mutant("the rate forgotten for U", FOLLOWS, ((MOVE_U, "U[grad_U.rows] -= grad_U.values"),)),
    Mutant("up the slope", "a_short_step_lowers_the_loss", ((MOVE_U, MOVE_U.replace("-=", "+=")),)),
    Mutant(
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
    Mutant(
        "the rows of V put into U",
        FOLLOWS,
        ((MOVE_U, "U[grad_V.rows] -= rate * grad_V.values"),),
    ),
    Mutant(
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
    Mutant(
        "a copy changed where rows are not contiguous",
        LAYOUT,
        (("    u_q = ", "    V = np.ascontiguousarray(V)\n    u_q = "),),
        "sgd_step",
    ),
    Mutant(
        "read in the order of memory",
        LAYOUT,
        (("V.take(centers", 'V.ravel(order="K").reshape(V.shape).take(centers'),),
        "sgd_step",
    ),
    Mutant(
        "a dense gradient on the way",
        "nothing_as_large_as_a_matrix_is_allocated",
        ((MOVE_U, "U -= rate * grad_U.dense(len(U))"),),
    ),
    Mutant(
        "the whole matrix copied first",
        "nothing_as_large_as_a_matrix_is_allocated",
        (("V.take(centers", "V.copy().take(centers"),),
    ),
    Mutant(
        "a list taken, and its steps lost",
        "wrong_arguments_are_refused_and_change_nothing",
        (("    in_place(V=V, U=U)\n", ""),),
    ),
    Mutant(
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
)
