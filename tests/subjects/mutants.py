"""Faults planted in the emitted code of every back end: one table.

What stands in the text for NumPy, and what is put in its place; in the loops it reads otherwise.
"""

from tests.planting import Mutant, Rewritten


def _planted(
    meant: str, module: str, found: str, put: str, loops: tuple[str, str] = ("", "")
) -> Mutant:
    """In the module for NumPy and, where it can be made there, in its loops."""
    numpy = Rewritten(f"{module}.py", found, put)
    compiled = Rewritten(f"compiled/{module}.py", *loops)
    return Mutant(f"{module}: {meant}", (numpy, compiled) if any(loops) else (numpy,), module)


MUTANTS = (
    _planted(
        "the error of the mean added to each context vector undivided",
        "cbow",
        "U.T @ error / context.shape[0]",
        "U.T @ error",
        ("grad_V_products[i] / number(C)", "grad_V_products[i]"),
    ),
    _planted(
        "the same with samples",
        "cbow",
        "(context, 1 / context.shape[0], u_k.T",
        "(context, None, u_k.T",
        ("number(1) / number(C) * (grad_V_products", "number(1) * (grad_V_products"),
    ),
    _planted(
        "a sum for the mean",
        "cbow",
        "V.take(context, axis=0).sum(axis=0) / context.shape[0]",
        "V.take(context, axis=0).sum(axis=0)",
        ("mean[i] = mean_sum[i] / number(C)", "mean[i] = mean_sum[i]"),
    ),
    _planted(
        "a context word counted once",
        "cbow",
        "row_sums((context, ",
        "row_sums((np.unique(context), ",
        ("grad_V[grad_V_place, i] +=", "grad_V[grad_V_place, i] ="),
    ),
    _planted(
        "the word between left out",
        "cbow",
        "-log_sigmoid(score) - log",
        "-log",
        ("-log_sigmoid(score) - loss_sum", "-loss_sum"),
    ),
    _planted(
        "a sample pulled",
        "cbow",
        "log_sigmoid(-sample_scores)",
        "log_sigmoid(sample_scores)",
        ("log_sigmoid(-sample_scores[k])", "log_sigmoid(sample_scores[k])"),
    ),
    _planted(
        "a sample counted once",
        "cbow",
        "(negatives, sample_errors, mean)",
        "(negatives[:1], sample_errors[:1], mean)",
        (
            "    for k in range(K):\n        put_multiple",
            "    for k in range(min(K, 1)):\n        put_multiple",
        ),
    ),
    _planted(
        "no shift by the leader",
        "cbow",
        "scores - scores[leader])",
        "scores)",
        ("exp(scores[w] - scores[leader])", "exp(scores[w])"),
    ),
    _planted(
        "the probability taken from one",
        "cbow",
        "o, -others) / weight_sum",
        "o, weights[o] - weight_sum) / weight_sum",
        ("error_replaced[o] = -others", "error_replaced[o] = weights[o] - weight_sum"),
    ),
    _planted(
        "the sign forgotten",
        "hierarchical_softmax",
        "signs * scores",
        "scores",
        ("signs[ell] * scores[ell]", "scores[ell]"),
    ),
    _planted(
        "the sign in front forgotten",
        "hierarchical_softmax",
        "(signs * errors)",
        "errors",
        (
            "grad_v_products_terms[ell] = signs[ell] * errors[ell]",
            "grad_v_products_terms[ell] = errors[ell]",
        ),
    ),
    _planted(
        "up the slope",
        "hierarchical_softmax",
        "grad_v = -theta.T",
        "grad_v = theta.T",
        ("grad_v[i] = -grad_v_products[i]", "grad_v[i] = grad_v_products[i]"),
    ),
    _planted(
        "one minus a sigmoid",
        "hierarchical_softmax",
        "sigmoid(-signs * scores)",
        "(1 - sigmoid(signs * scores))",
        ("sigmoid(-signs[ell] * scores[ell])", "(number(1) - sigmoid(signs[ell] * scores[ell]))"),
    ),
    _planted(
        "the logarithm of a sigmoid",
        "hierarchical_softmax",
        "-log_sigmoid(signs * scores)",
        "-np.log(sigmoid(signs * scores))",
        (
            "= log_sigmoid(signs[ell] * scores[ell])",
            "= np.log(1 / (1 + np.exp(-signs[ell] * scores[ell])))",
        ),
    ),
    _planted(
        "a node of the path met once",
        "hierarchical_softmax",
        "(nodes, -signs",
        "(nodes[:1], -signs[:1]",
        (
            "    for ell in range(L):\n        put_multiple",
            "    for ell in range(min(L, 1)):\n        put_multiple",
        ),
    ),
    _planted(
        "the two forgotten",
        "glove",
        "grad_W = 2 * (weighted",
        "grad_W = (weighted",
        ("grad_W[x, h] = number(2) * ", "grad_W[x, h] = "),
    ),
    _planted(
        "the weight forgotten",
        "glove",
        "weighted = weights * errors",
        "weighted = errors",
        ("weighted[i, j] = weights[i, j] * errors[i, j]", "weighted[i, j] = errors[i, j]"),
    ),
    _planted(
        "the other matrix",
        "glove",
        "weighted.T @ W",
        "weighted @ W",
        ("matmul(weighted.T, W", "matmul(weighted, W"),
    ),
    _planted(
        "the other axis",
        "glove",
        "weighted.sum(axis=1)",
        "weighted.sum(axis=0)",
        ("grad_b_sum[x] = total(weighted[x])", "grad_b_sum[x] = total(weighted[:, x])"),
    ),
    _planted(
        "a bias forgotten",
        "glove",
        "b[:, np.newaxis] + c + ",
        "b[:, np.newaxis] + ",
        ("b[i] + c[j] + errors_products", "b[i] + errors_products"),
    ),
    _planted(
        "no square",
        "glove",
        "errors**2 @",
        "errors @",
        ("errors[i, j] * errors[i, j]", "errors[i, j]"),
    ),
    _planted(
        "the row for the column",
        "glove",
        "row_sums((columns, ",
        "row_sums((rows, ",
        ("grad_C_places[columns[p]],", "grad_C_places[rows[p]],"),
    ),
    _planted(
        "the temperature forgotten",
        "contrastive",
        "beta * (errors @ K)",
        "(errors @ K)",
        ("beta * grad_Q_products[b, i]", "grad_Q_products[b, i]"),
    ),
    _planted(
        "a sum for the mean",
        "contrastive",
        ".sum() / Q.shape[0]",
        ".sum()",
        ("loss_sum / number(B)", "loss_sum"),
    ),
    _planted(
        "the other way round",
        "contrastive",
        "errors.T @ Q",
        "errors @ Q",
        ("matmul(errors.T, Q", "matmul(errors, Q"),
    ),
    _planted(
        "the half forgotten",
        "contrastive",
        "/ Q.shape[0] / 2",
        "/ Q.shape[0]",
        ("/ number(B) / number(2)", "/ number(B)"),
    ),
    _planted("the wrong axis", "contrastive", "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    _planted(
        "the positive forgotten",
        "contrastive",
        "overwritten(weights, np.arange(Q.shape[0]), -others)",
        "weights",
        ("errors_replaced[b, b] = -others[b]", "errors_replaced[b, b] = weights[b, b]"),
    ),
    _planted(
        "no shift by the leader",
        "contrastive",
        "np.exp(scores - picked(scores, leaders)[:, np.newaxis])",
        "np.exp(scores)",
        ("exp(scores[b, c] - scores[b, leaders[b]])", "exp(scores[b, c])"),
    ),
    _planted(
        "the leader counted among the others",
        "contrastive",
        "sum_without(weights, leaders)",
        "weights.sum(axis=1)",
        ("total_without(weights[b], leaders[b])", "total(weights[b])"),
    ),
    _planted(
        "the target forgotten",
        "logistic_regression",
        "(probabilities - t)",
        "probabilities",
        ("probabilities[s] - t[s]", "probabilities[s]"),
    ),
    _planted(
        "the slope of a square left in",
        "logistic_regression",
        "(probabilities - t)",
        "((probabilities - t) * probabilities * (1 - probabilities))",
        (
            "probabilities[s] - t[s]",
            "(probabilities[s] - t[s]) * probabilities[s] * (number(1) - probabilities[s])",
        ),
    ),
    _planted(
        "the label forgotten",
        "logistic_regression",
        "t * sigmoid(-margins)",
        "sigmoid(-margins)",
        ("pull[s] = t[s] * sigmoid", "pull[s] = sigmoid"),
    ),
    _planted(
        "the penalty forgotten",
        "logistic_regression",
        "penalty * w - X",
        "-X",
        ("penalty * w[i] - grad_w", "-grad_w"),
    ),
    _planted(
        "the mean for a constant",
        "layer_normalisation",
        "- weighed_mean - ",
        "- ",
        ("weighed[k] - weighed_mean - ", "weighed[k] - "),
    ),
    _planted(
        "the deviation for a constant",
        "layer_normalisation",
        " - overlap * normalised / x.shape[0]",
        "",
        (" - overlap * normalised[k] / number(n)", ""),
    ),
    _planted(
        "the gain forgotten",
        "layer_normalisation",
        "upstream * gain",
        "upstream",
        ("weighed[i] = upstream[i] * gain[i]", "weighed[i] = upstream[i]"),
    ),
    _planted(
        "the number under the root forgotten",
        "layer_normalisation",
        "np.sqrt(epsilon + ",
        "np.sqrt(",
        ("sqrt(epsilon + ", "sqrt("),
    ),
    _planted(
        "no shift by the leader",
        "attention_head",
        "np.exp(scores - ",
        "np.exp(scores - 0 * ",
        ("exp(scores[t, i] - scores[t, leaders[t]])", "exp(scores[t, i])"),
    ),
    _planted(
        "the scale forgotten on the way back",
        "attention_head",
        "scale * pull",
        "pull",
        ("grad_Q[t, a] = scale * pull[t, a]", "grad_Q[t, a] = pull[t, a]"),
    ),
    _planted(
        "the mean forgotten",
        "attention_head",
        "(relative - means",
        "(relative - 0 * means",
        ("relative[t, i] - means[t]", "relative[t, i]"),
    ),
    _planted(
        "queries for keys", "attention_head", "scores.argmax(axis=1)", "scores.argmax(axis=0)"
    ),
)
