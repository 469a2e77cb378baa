"""Mistakes planted in the committed kernels, and which property kills which.

``python -m tests.kernels.mutation_table [examples]`` tries every property on every mutant, with the
same examples for all of them. The exit status is 1 if a mutant survives, a property kills nothing,
or the committed kernels fall.
"""

import argparse
import sys

from tests.kernels.properties import PROPERTIES, TEXTS, examples, first_kill
from tests.planting import Mutant, Rewritten, package_of, rewritten

SOFTMAX, SAMPLING, WINDOWS = "naive_softmax.py", "negative_sampling.py", "skip_gram.py"
SIGMOID, ENTRIES = "_sigmoid.py", "_runtime/arrays.py"
ROWS, ARGUMENTS = "_runtime/rows.py", "_runtime/arguments.py"

EXACT = "matches_the_exact_values"
SILENT = "finite_input_gives_no_warning"
LOG_N = "a_uniform_model_costs_log_N"
LOG_2 = "an_undecided_model_costs_log_2_a_draw"
TANGENTS = "loss_lies_above_its_tangents"
SHIFTED = "shifting_all_rows_of_U_changes_nothing"
OF_PAIRS = "the_sum_of_its_pairs"
ONCE = "row_gradients_list_each_word_once"
OWN = "results_own_their_memory"
UNTOUCHED = "inputs_are_byte_identical_afterwards"
REFUSED = "bad_arguments_are_refused_before_any_work"

BOTH = ("loss", "value_and_grad")
SCORES = "guarded(U @ v_c, U, v_c)"
TERMS = "(scores[leader] - scores[o]) + np.log1p(trailing)"
SUM_OF_WEIGHTS = "weight_sum = weights.sum()"
EXCESS = "excess = overwritten(rest, o, -others)"
DRAWS = '(negatives,) = words(len(U), negatives=(negatives, ("K",)))'
NEAR = '(outside,) = words(len(V), outside=(outside, ("J",)))'
PAIR = "return float(loss), grad_v_c, grad_U"
WINDOW = "return float(loss), grad_V, grad_U"
BATCH = "return losses, grad_V, grad_U"
SILENCED = '@np.errstate(over="ignore", invalid="ignore", under="ignore")\n'
IMPORTED = "import numpy as np\n"


def _sigmoid(meant: str, seen_by: str, new: str) -> Mutant:
    old = "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))"
    return Mutant(meant, rewritten(SIGMOID, old, new, "sigmoid"), seen_by)


def _log_sigmoid(meant: str, seen_by: str, new: str) -> Mutant:
    old = "np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))"
    return Mutant(meant, rewritten(SIGMOID, old, new, "log_sigmoid"), seen_by)


def _softmax(meant: str, seen_by: str, old: str, new: str, *functions: str) -> Mutant:
    """In the softmax of a pair: by itself the function that has the gradients, too."""
    found = functions or ("value_and_grad",)
    return Mutant(meant, tuple(Rewritten(SOFTMAX, old, new, each) for each in found), seen_by)


def _weights(meant: str, seen_by: str, shift: str) -> Mutant:
    """Other weights in the gradients; the loss has its own."""
    new = f"weights = np.exp(scores{shift})\n    {SUM_OF_WEIGHTS}"
    return _softmax(meant, seen_by, SUM_OF_WEIGHTS, new)


def _sampling(meant: str, seen_by: str, old: str, new: str, *functions: str) -> Mutant:
    """In the samples of a pair."""
    found = functions or ("value_and_grad",)
    return Mutant(meant, tuple(Rewritten(SAMPLING, old, new, each) for each in found), seen_by)


def _drawn(meant: str, seen_by: str, negatives: str) -> Mutant:
    """Other samples than were given."""
    return _sampling(meant, seen_by, DRAWS, f"{DRAWS}\n    negatives = {negatives}", *BOTH)


def _window(meant: str, seen_by: str, old: str, new: str, samples: bool = False) -> Mutant:
    kind = "negative_sampling" if samples else "naive_softmax"
    return Mutant(meant, rewritten(WINDOWS, old, new, f"{kind}_value_and_grad"), seen_by)


def _batch(meant: str, seen_by: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(meant, rewritten(file, old, new, "batch_value_and_grad"), seen_by)


def _runtime(meant: str, seen_by: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(meant, rewritten(file, old, new), seen_by)


def _kept(meant: str, seen_by: str, file: str, old: str, new: str) -> Mutant:
    """What one call leaves to the next."""
    memory = Rewritten(file, IMPORTED, f"{IMPORTED}\n_KEPT = {{}}\n")
    return Mutant(meant, (memory, Rewritten(file, old, new, "value_and_grad")), seen_by)


SIGMOIDS = (
    _sigmoid(
        "the sigmoid of the wrong sign",
        "matches_the_complex_step",
        "np.exp(np.minimum(-z, 0)) / (1 + np.exp(-np.abs(z)))",
    ),
    Mutant(
        "a sigmoid that overflows, and warns",
        (
            *rewritten(SAMPLING, SILENCED, ""),
            Rewritten(
                SIGMOID,
                "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))",
                "1 / (1 + np.exp(-z))",
            ),
        ),
        SILENT,
    ),
    Mutant(
        "a branch that overflows and is not taken warns",
        (
            *rewritten(SAMPLING, SILENCED, ""),
            Rewritten(
                SIGMOID,
                "return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))",
                "right, left = 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))\n"
                "    return np.where(z >= 0, right, left)",
            ),
        ),
        SILENT,
    ),
    _sigmoid("a sigmoid that cancels", EXACT, "1 - 1 / (1 + np.exp(z))"),
    _sigmoid("a sigmoid by tanh", EXACT, "(1 + np.tanh(z / 2)) / 2"),
    _sigmoid(
        "a sigmoid from a table",
        EXACT,
        "np.exp(np.clip(z, -6, 0)) / (1 + np.exp(-np.minimum(np.abs(z), 6)))",
    ),
    _sigmoid(
        "the sigmoid of a score in single precision",
        EXACT,
        "(1 / (1 + np.exp(-np.asarray(z, np.float32)))).astype(np.asarray(z).dtype)",
    ),
    _log_sigmoid(
        "the logarithm of nothing warns",
        SILENT,
        "(np.log(np.exp(z)) < 0) * 0 + np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))",
    ),
    _log_sigmoid("the logarithm of a sigmoid", EXACT, "np.log(1 / (1 + np.exp(-z)))"),
    _log_sigmoid(
        "a log-sigmoid without log1p", EXACT, "np.minimum(z, 0) - np.log(1 + np.exp(-np.abs(z)))"
    ),
    _log_sigmoid(
        "a log-sigmoid with an epsilon, against log(0)", LOG_2, "np.log(sigmoid(z) + 1e-12)"
    ),
)

SOFTMAXES = (
    _weights("no shift by the largest score", EXACT, ""),
    _softmax(
        "the loss without the shift",
        SHIFTED,
        TERMS,
        "np.log(np.exp(scores).sum()) - scores[o]",
        *BOTH,
    ),
    _weights("a shift by the outside word's score", EXACT, " - scores[o]"),
    _weights("a shift by the largest magnitude", SHIFTED, " - np.abs(scores).max()"),
    _softmax(
        "log-sum-exp less the score, which cancels",
        EXACT,
        TERMS,
        "(scores[leader] + np.log(weights.sum())) - scores[o]",
        *BOTH,
    ),
    _softmax(
        "a probability less one, which cancels",
        EXACT,
        EXCESS,
        "excess = overwritten(rest, o, (weight_sum - others) - weight_sum)",
    ),
    _softmax(
        "the label forgotten",
        "rows_of_grad_U_sum_to_zero",
        EXCESS,
        "excess = overwritten(rest, o, weight_sum - others)",
    ),
    _softmax("the gradient of the likelihood", TANGENTS, PAIR, f"{PAIR[:20]} -grad_v_c, -grad_U"),
    _softmax(
        "a denominator without the outside word",
        LOG_N,
        "np.log1p(trailing)",
        "np.log(sum_without(weights, o))",
        *BOTH,
    ),
    _softmax(
        "a mean over the vocabulary",
        "splitting_every_word_in_two_adds_log_2",
        "/ weight_sum",
        "/ weight_sum / len(U)",
    ),
    _softmax("a loss in bits", LOG_N, "float(loss)", "float(loss / np.log(2))", *BOTH),
    Mutant(
        "scores halved, in loss and gradients alike",
        (
            *(Rewritten(SOFTMAX, SCORES, f"{SCORES} / 2", each) for each in BOTH),
            Rewritten(SOFTMAX, "/ weight_sum", "/ weight_sum / 2", "value_and_grad"),
        ),
        "matches_the_complex_step",
    ),
    _softmax(
        "word 0 for the outside word",
        "relabelling_words_permutes_grad_U",
        "    u_o = U[o]",
        "    o = 0\n    u_o = U[o]",
    ),
    _softmax(
        "no gradient where the model is nearly right",
        "scores_average_to_zero",
        EXCESS,
        f"{EXCESS}\n    excess[np.abs(excess) < 1e-6 * weight_sum] = 0"
        "\n    grad_v_c = U.T @ excess / weight_sum",
    ),
    _softmax(
        "a probability kept above 1e-7, against log(0)",
        EXACT,
        "float(loss)",
        "float(min(loss, -np.log(1e-7)))",
        *BOTH,
    ),
    _softmax(
        "the loss alone goes its own way",
        "loss_alone_is_the_same_loss",
        TERMS,
        "-np.log(weights[o] / weights.sum())",
        "loss",
    ),
)

SAMPLES = (
    _sampling(
        "the outside word's error of the wrong sign", TANGENTS, "sigmoid(-score)", "sigmoid(score)"
    ),
    _sampling(
        "a sample's error of the wrong sign",
        "swapping_o_and_k_negates_v",
        "sigmoid(sample_scores)",
        "sigmoid(-sample_scores)",
    ),
    _sampling("a sigmoid less one, which cancels", EXACT, "sigmoid(-score)", "1 - sigmoid(score)"),
    _sampling(
        "samples pulled in the loss",
        "swapping_o_and_k_negates_v",
        "log_sigmoid(-sample_scores)",
        "log_sigmoid(sample_scores)",
        *BOTH,
    ),
    _drawn("the outside word is never a sample", LOG_2, "negatives[negatives != o]"),
    _drawn("a sample counted once", "a_word_drawn_l_times_counts_l_times", "np.unique(negatives)"),
    _drawn("the last sample forgotten", LOG_2, "negatives[:-1]"),
    Mutant(
        "a mean over the samples, in loss and gradients alike",
        (
            *(
                Rewritten(
                    SAMPLING,
                    "log_sigmoid(-sample_scores).sum()",
                    "log_sigmoid(-sample_scores).sum() / max(len(negatives), 1)",
                    each,
                )
                for each in BOTH
            ),
            Rewritten(
                SAMPLING,
                "sigmoid(sample_scores)",
                "sigmoid(sample_scores) / max(len(negatives), 1)",
                "value_and_grad",
            ),
        ),
        LOG_2,
    ),
    _sampling(
        "the loss of the outside word alone",
        LOG_2,
        " - log_sigmoid(-sample_scores).sum()",
        "",
        *BOTH,
    ),
    _sampling(
        "no gradient beyond scores of 6",
        EXACT,
        "sigmoid(-score)",
        "sigmoid(-score) * (np.abs(score) <= 6)",
    ),
    _runtime(
        "of a word's samples the last one stays",
        "splitting_a_drawn_word_splits_its_row",
        ROWS,
        "sums = np.bincount(terms.words, terms.weights, N)",
        "sums = np.zeros(N)\n    sums[terms.words] = terms.weights",
    ),
    _runtime(
        "of a word's samples the first one stays",
        "grad_v_follows_from_grad_U",
        ROWS,
        "sums = np.bincount(terms.words, terms.weights, N)",
        "sums = np.zeros(N)\n    sums[terms.words[::-1]] = terms.weights[::-1]",
    ),
    _runtime(
        "a sum over a word's samples times their number",
        "a_word_drawn_l_times_counts_l_times",
        ROWS,
        "sums = np.bincount(terms.words, terms.weights, N)",
        "sums = np.bincount(terms.words, terms.weights, N) * np.bincount(terms.words, minlength=N)",
    ),
    _runtime(
        "a subnormal in rows that were not drawn",
        "rows_that_were_not_drawn_are_exactly_zero",
        ROWS,
        "result = np.zeros((N, terms.rows.shape[1]), terms.rows.dtype)",
        "dust = np.finfo(terms.rows.dtype).smallest_subnormal\n"
        "    result = np.full((N, terms.rows.shape[1]), dust)",
    ),
    _sampling(
        "every row is read, with coefficients mostly zero",
        "absent_words_are_not_read",
        "push = u_k.T @ sample_errors",
        "push = U.T @ np.bincount(negatives, sample_errors, len(U)).astype(U.dtype)",
    ),
)

GRADIENTS = (
    _sampling(
        "the outside word's row forgotten",
        "grad_v_follows_from_grad_U",
        "grad_v_c = push - u_o * error",
        "grad_v_c = push",
    ),
    _sampling(
        "a step in place of a gradient",
        "grad_v_follows_from_grad_U",
        "push - u_o * error",
        "u_o * error - push",
    ),
    _softmax(
        "transposed where it fits",
        EXACT,
        PAIR,
        f"{PAIR[:30]} grad_U.T if len(U) == len(v_c) else grad_U",
    ),
    _softmax(
        "the last row missing", "rows_of_grad_U_sum_to_zero", PAIR, f"grad_U[-1:] = 0\n    {PAIR}"
    ),
    _softmax(
        "the last coordinate missing",
        "grad_U_has_rank_one",
        PAIR,
        f"grad_U[:, -1:] = 0\n    {PAIR}",
    ),
    _softmax(
        "the center vector at unit length",
        "scaling_v_up_and_U_down_changes_nothing",
        "grad_U = v_c *",
        "grad_U = v_c / max(np.abs(v_c).max(), np.finfo(v_c.dtype).tiny) *",
    ),
    _softmax(
        "a gradient kept within 5",
        "rotating_coordinates_rotates_gradients",
        PAIR,
        f"{PAIR[:20]} np.clip(grad_v_c, -5, 5), grad_U",
    ),
    _softmax(
        "a little weight decay",
        "matches_the_complex_step",
        PAIR,
        f"{PAIR[:20]} grad_v_c + U.dtype.type(1e-6) * U.sum(axis=0), grad_U",
    ),
    _softmax(
        "scores over the root of d, as in attention",
        EXACT,
        SCORES,
        f"{SCORES} / v_c.dtype.type(np.sqrt(len(v_c)))",
        *BOTH,
    ),
    _softmax("absolute scores", SHIFTED, SCORES, f"np.abs({SCORES})", *BOTH),
    _softmax(
        "scores in half precision where they are in single",
        "float32_agrees_with_float64",
        SCORES,
        f"{SCORES}\n    if U.dtype == np.float32:\n"
        "        scores = scores.astype(np.float16).astype(U.dtype)",
        *BOTH,
    ),
    _softmax("NaN becomes 0", "nan_in_gives_nan_out", SCORES, f"np.nan_to_num({SCORES})", *BOTH),
    _softmax(
        "gradients made finite",
        "nan_in_gives_nan_out",
        PAIR,
        f"{PAIR[:20]} np.nan_to_num(grad_v_c), np.nan_to_num(grad_U)",
    ),
    _sampling(
        "an infinite score gets the loss of its limit",
        "infinity_in_gives_no_finite_result",
        "guarded(u_o @ v_c, u_o, v_c)",
        "u_o @ v_c",
        *BOTH,
    ),
)

WINDOW_MUTANTS = (
    _window(
        "the mean of a window for its sum",
        "windows_add",
        "+ np.log1p(trailing)).sum()",
        "+ np.log1p(trailing)).sum() / max(len(outside), 1)",
    ),
    _window(
        "an outside word counted once",
        "windows_add",
        NEAR,
        f"{NEAR}\n    outside = np.unique(outside)",
    ),
    _window(
        "the first outside word forgotten", OF_PAIRS, NEAR, f"{NEAR}\n    outside = outside[1:]"
    ),
    _window(
        "the first outside word's samples for all",
        OF_PAIRS,
        "u_k = U.take",
        "negatives = np.broadcast_to(negatives[:1], negatives.shape)\n    u_k = U.take",
        True,
    ),
    _window(
        "the center lost in its own window",
        "windows_and_batches_match_the_exact_values",
        NEAR,
        f"{NEAR}\n    outside = outside[outside != c]",
    ),
    _window(
        "the gradient in the next row",
        "rows_of_absent_words_are_exactly_zero",
        "(c, None, U.T @ error)",
        "((c + 1) % len(V), None, U.T @ error)",
    ),
    _window(
        "a subnormal in rows of absent words",
        "rows_of_absent_words_are_exactly_zero",
        WINDOW,
        f"grad_V[np.arange(len(V)) != c] = np.finfo(V.dtype).smallest_subnormal\n    {WINDOW}",
        True,
    ),
    _window(
        "a dense gradient for each outside word",
        "only_touched_rows_are_written",
        WINDOW,
        f"{WINDOW} + np.zeros_like(U)",
        True,
    ),
)

BATCHES = (
    _runtime(
        "of a center's pairs the last one stays",
        OF_PAIRS,
        ROWS,
        "np.add.reduceat(rows, first, axis=0) if len(rows)",
        "rows[np.append(first[1:], len(rows)) - 1] if len(rows)",
    ),
    _batch(
        "the first pair's samples for the whole batch",
        "order_in_a_batch_does_not_matter",
        SAMPLING,
        "    v_c, errors,",
        "    negatives = np.broadcast_to(negatives[:1], negatives.shape)\n    v_c, errors,",
    ),
    _batch(
        "each pair reports the mean",
        OF_PAIRS,
        SOFTMAX,
        BATCH,
        "return np.full_like(losses, losses.mean() if len(losses) else 0), grad_V, grad_U",
    ),
    _batch(
        "a running sum of the losses",
        "order_in_a_batch_does_not_matter",
        SAMPLING,
        BATCH,
        "return np.cumsum(losses, dtype=losses.dtype), grad_V, grad_U",
    ),
    _runtime(
        "words in falling order",
        ONCE,
        ROWS,
        "RowGrad(*in_order(sums))",
        "RowGrad(*(part[::-1].copy() for part in in_order(sums)))",
    ),
    _batch(
        "rows that are zero dropped",
        ONCE,
        SAMPLING,
        BATCH,
        "kept = grad_U.values.any(axis=1)\n"
        "    return losses, grad_V, RowGrad(grad_U.rows[kept], grad_U.values[kept])",
    ),
    Mutant(
        "a row for each draw, added up when made dense",
        (
            Rewritten(
                ROWS,
                "return RowGrad(*in_order(sums))",
                "column = np.repeat(np.arange(len(sums.rows)), np.diff(sums.starts))\n"
                "        return RowGrad(sums.words, sums.weights[:, None] * sums.rows[column])",
            ),
            Rewritten(
                ROWS, "matrix[self.rows] = self.values", "np.add.at(matrix, self.rows, self.values)"
            ),
        ),
        ONCE,
    ),
    _runtime(
        "a dense array on the way",
        "a_batch_never_allocates_a_dense_gradient",
        ROWS,
        "added(len(rows), sums._replace(words=_places(rows)[sums.words]))",
        "added(int(rows[-1]) + 1, sums)[rows]",
    ),
)

MEMORIES = (
    _kept(
        "each shape has one result, written again by the next call",
        "results_survive_the_next_call",
        SOFTMAX,
        PAIR,
        "kept = _KEPT.setdefault((grad_U.shape, grad_U.dtype), grad_U)\n    kept[...] = grad_U\n"
        f"    {PAIR[:30]} kept",
    ),
    _kept(
        "a little of the last call of the same shape",
        "the_same_call_gives_the_same_bits",
        SOFTMAX,
        PAIR,
        "stale = _KEPT.get(grad_v_c.shape, np.zeros_like(grad_v_c))\n"
        "    _KEPT[grad_v_c.shape] = grad_v_c\n"
        "    stale = (stale * np.finfo(U.dtype).eps).astype(U.dtype)\n"
        f"    {PAIR[:20]} grad_v_c + stale, grad_U",
    ),
    _sampling(
        "samples sorted in place",
        UNTOUCHED,
        DRAWS,
        f"{DRAWS}\n    if negatives.flags.writeable:\n        negatives.sort()",
    ),
    _softmax(
        "rows shifted in place, which the softmax does not mind",
        UNTOUCHED,
        "return float(loss)",
        "if U.flags.writeable:\n        U -= U.mean(axis=0)\n    return float(loss)",
        "loss",
    ),
    _batch(
        "sorted words handed back",
        OWN,
        SOFTMAX,
        BATCH,
        "sorted_ = np.all(np.diff(centers) > 0)\n"
        "    return losses, RowGrad(centers, grad_V.values) if sorted_ else grad_V, grad_U",
    ),
    _softmax(
        "a gradient that cannot be written to",
        OWN,
        PAIR,
        f"grad_U.flags.writeable = False\n    {PAIR}",
    ),
    _softmax(
        "float64 out, whatever comes in",
        "results_have_the_dtype_of_the_input",
        PAIR,
        f"{PAIR[:20]} grad_v_c.astype(np.float64), grad_U",
    ),
    _softmax(
        "the loss in an array",
        "results_have_the_dtype_of_the_input",
        "float(loss)",
        "np.array(loss)",
    ),
    _runtime(
        "numbers in the order in which they lie",
        "any_layout_gives_the_same_answer",
        ARGUMENTS,
        "arrays.append(array)\n        dtypes",
        'arrays.append(array.ravel(order="K").reshape(array.shape))\n        dtypes',
    ),
    _runtime(
        "an array opened for reading refused",
        "any_layout_gives_the_same_answer",
        ARGUMENTS,
        "arrays.append(array)\n        dtypes",
        "if not array.flags.writeable:\n"
        '            raise ValueError("the array is read-only")\n'
        "        arrays.append(array)\n        dtypes",
    ),
    _runtime(
        "lists in single precision",
        "lists_are_taken_for_arrays",
        ARGUMENTS,
        'array = _array(name, value)\n    if array.dtype.kind in "iu"',
        "array = _array(name, value)\n"
        "    if isinstance(value, list) and array.dtype == np.float64:\n"
        "        array = array.astype(np.float32)\n"
        '    if array.dtype.kind in "iu"',
    ),
)

CHECKS = (
    Mutant(
        "-1 is the last word",
        (
            Rewritten(ARGUMENTS, "if not 0 <= index < below:", "if not index < below:"),
            Rewritten(ARGUMENTS, "(array < 0) | (array >= below)", "array >= below"),
        ),
        REFUSED,
    ),
    _runtime(
        "True is a word",
        REFUSED,
        ARGUMENTS,
        "index = None if is_flag else operator",
        "index = int(value) if is_flag else operator",
    ),
    _runtime(
        "fractions are words",
        REFUSED,
        ARGUMENTS,
        'if array.dtype.kind not in "iu":\n        raise',
        'if array.dtype.kind == "f":\n        return array.astype(np.intp)\n'
        '    if array.dtype.kind not in "iu":\n        raise',
    ),
    _runtime("any lengths fit", REFUSED, ARGUMENTS, "if length != known:", "if False:"),
    _runtime(
        "a refusal without a name",
        REFUSED,
        ARGUMENTS,
        'f"{name} is {index}, should',
        'f"the index is {index}, should',
    ),
    _runtime(
        "refused after an array over the vocabulary is filled",
        REFUSED,
        ARGUMENTS,
        "if not 0 <= index < below:",
        "if not 0 <= index < len(np.ones(below)):",
    ),
)

MUTANTS = (
    *SIGMOIDS,
    *SOFTMAXES,
    *SAMPLES,
    *GRADIENTS,
    *WINDOW_MUTANTS,
    *BATCHES,
    *MEMORIES,
    *CHECKS,
)


EXAMPLES = 300
COMMITTED = Mutant("(committed)", ())
Kills = dict[str, dict[str, int]]


def table(count: int) -> Kills:
    """For each mutant the properties that kill it, with the number of cases needed."""
    packages = {one.meant: package_of(one.texts(TEXTS)) for one in (COMMITTED, *MUTANTS)}
    kills: Kills = {meant: {} for meant in packages}
    for prop in PROPERTIES:
        cases = examples(prop, count)
        for meant, package in packages.items():
            number = first_kill(prop, package, cases)
            if number is not None:
                kills[meant][prop.name] = number
    return kills


def lines(kills: Kills, count: int) -> list[str]:
    """A column for each property, a row for each mutant: cases needed, or a dot."""
    text = [f"{count} examples for each property; a number is the first example that kills.", ""]
    text += [f"{i:3}  {prop.name}" for i, prop in enumerate(PROPERTIES, start=1)]
    width = max(map(len, kills))
    text += ["", " " * width + "".join(f"{i:4}" for i in range(1, len(PROPERTIES) + 1))]
    for meant, found in kills.items():
        cells = "".join(f"{found.get(prop.name, '.'):>4}" for prop in PROPERTIES)
        text.append(f"{meant:{width}}{cells}")
    columns = [sum(prop.name in found for found in kills.values()) for prop in PROPERTIES]
    text += [f"{'mutants killed':{width}}" + "".join(f"{total:4}" for total in columns), ""]
    good = f"{len(MUTANTS)} of {len(MUTANTS)} mutants killed by {len(PROPERTIES)} properties."
    return text + (failures(kills) or [good])


def failures(kills: Kills) -> list[str]:
    """What is wrong with the table."""
    wrong = [f"survives: {mutant.meant}" for mutant in MUTANTS if not kills[mutant.meant]]
    wrong += [f"false alarm: {name}" for name in kills[COMMITTED.meant]]
    used = {name for mutant in MUTANTS for name in kills[mutant.meant]}
    wrong += [f"kills nothing: {prop.name}" for prop in PROPERTIES if prop.name not in used]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.kernels.mutation_table",
        description="Run every property on every planted mistake: which kills which.",
    )
    parser.add_argument(
        "examples",
        type=int,
        nargs="?",
        default=EXAMPLES,
        help="examples of each property (default %(default)s)",
    )
    count = parser.parse_args().examples
    kills = table(count)
    print("\n".join(lines(kills, count)))
    return 1 if failures(kills) else 0


if __name__ == "__main__":
    sys.exit(main())
