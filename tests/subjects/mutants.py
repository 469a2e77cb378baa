"""Faults planted in the emitted code of every back end: one table.

Which file, what stands there, what is put in its place; in the loops it reads otherwise.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A replacement in one file; ``meant`` says what mistake it is, ``loops`` what it is there."""

    meant: str
    module: str
    found: str
    put: str
    loops: tuple[str, str] | None = None


MUTANTS = (
    Mutant(
        "the error of the mean added to each context vector undivided",
        "cbow",
        "U.T @ error / context.shape[0]",
        "U.T @ error",
        ("grad_V_products[i] / number(C)", "grad_V_products[i]"),
    ),
    Mutant(
        "the same with samples",
        "cbow",
        "(context, 1 / context.shape[0], u_k.T",
        "(context, None, u_k.T",
        ("number(1) / number(C) * (grad_V_products", "number(1) * (grad_V_products"),
    ),
    Mutant(
        "a sum for the mean",
        "cbow",
        "V.take(context, axis=0).sum(axis=0) / context.shape[0]",
        "V.take(context, axis=0).sum(axis=0)",
        ("mean[i] = mean_sum[i] / number(C)", "mean[i] = mean_sum[i]"),
    ),
    Mutant(
        "a context word counted once",
        "cbow",
        "row_sums((context, ",
        "row_sums((np.unique(context), ",
        ("grad_V[grad_V_place, i] +=", "grad_V[grad_V_place, i] ="),
    ),
    Mutant(
        "the word between left out",
        "cbow",
        "-log_sigmoid(score) - log",
        "-log",
        ("-log_sigmoid(score) - loss_sum", "-loss_sum"),
    ),
    Mutant(
        "a sample pulled",
        "cbow",
        "log_sigmoid(-sample_scores)",
        "log_sigmoid(sample_scores)",
        ("log_sigmoid(-sample_scores[k])", "log_sigmoid(sample_scores[k])"),
    ),
    Mutant(
        "a sample counted once",
        "cbow",
        "(negatives, sample_errors, mean)",
        "(negatives[:1], sample_errors[:1], mean)",
        (
            "    for k in range(K):\n        put_multiple",
            "    for k in range(min(K, 1)):\n        put_multiple",
        ),
    ),
    Mutant(
        "no shift by the leader",
        "cbow",
        "scores - scores[leader])",
        "scores)",
        ("exp(scores[w] - scores[leader])", "exp(scores[w])"),
    ),
    Mutant(
        "the probability taken from one",
        "cbow",
        "o, -others) / weight_sum",
        "o, weights[o] - weight_sum) / weight_sum",
        ("error_replaced[o] = -others", "error_replaced[o] = weights[o] - weight_sum"),
    ),
    Mutant(
        "the sign forgotten",
        "hierarchical_softmax",
        "signs * scores",
        "scores",
        ("signs[ell] * scores[ell]", "scores[ell]"),
    ),
    Mutant(
        "the sign in front forgotten",
        "hierarchical_softmax",
        "(signs * errors)",
        "errors",
        (
            "grad_v_products_terms[ell] = signs[ell] * errors[ell]",
            "grad_v_products_terms[ell] = errors[ell]",
        ),
    ),
    Mutant(
        "up the slope",
        "hierarchical_softmax",
        "grad_v = -theta.T",
        "grad_v = theta.T",
        ("grad_v[i] = -grad_v_products[i]", "grad_v[i] = grad_v_products[i]"),
    ),
    Mutant(
        "one minus a sigmoid",
        "hierarchical_softmax",
        "sigmoid(-signs * scores)",
        "(1 - sigmoid(signs * scores))",
        ("sigmoid(-signs[ell] * scores[ell])", "(number(1) - sigmoid(signs[ell] * scores[ell]))"),
    ),
    Mutant(
        "the logarithm of a sigmoid",
        "hierarchical_softmax",
        "-log_sigmoid(signs * scores)",
        "-np.log(sigmoid(signs * scores))",
        (
            "= log_sigmoid(signs[ell] * scores[ell])",
            "= np.log(1 / (1 + np.exp(-signs[ell] * scores[ell])))",
        ),
    ),
    Mutant(
        "a node of the path met once",
        "hierarchical_softmax",
        "(nodes, -signs",
        "(nodes[:1], -signs[:1]",
        (
            "    for ell in range(L):\n        put_multiple",
            "    for ell in range(min(L, 1)):\n        put_multiple",
        ),
    ),
    Mutant(
        "the two forgotten",
        "glove",
        "grad_W = 2 * (weighted",
        "grad_W = (weighted",
        ("grad_W[x, h] = number(2) * ", "grad_W[x, h] = "),
    ),
    Mutant(
        "the weight forgotten",
        "glove",
        "weighted = weights * errors",
        "weighted = errors",
        ("weighted[i, j] = weights[i, j] * errors[i, j]", "weighted[i, j] = errors[i, j]"),
    ),
    Mutant(
        "the other matrix",
        "glove",
        "weighted.T @ W",
        "weighted @ W",
        ("matmul(weighted.T, W", "matmul(weighted, W"),
    ),
    Mutant(
        "the other axis",
        "glove",
        "weighted.sum(axis=1)",
        "weighted.sum(axis=0)",
        ("grad_b_sum[x] = total(weighted[x])", "grad_b_sum[x] = total(weighted[:, x])"),
    ),
    Mutant(
        "a bias forgotten",
        "glove",
        "b[:, np.newaxis] + c + ",
        "b[:, np.newaxis] + ",
        ("b[i] + c[j] + errors_products", "b[i] + errors_products"),
    ),
    Mutant(
        "no square",
        "glove",
        "errors**2 @",
        "errors @",
        ("errors[i, j] * errors[i, j]", "errors[i, j]"),
    ),
    Mutant(
        "the row for the column",
        "glove",
        "row_sums((columns, ",
        "row_sums((rows, ",
        ("grad_C_places[columns[p]],", "grad_C_places[rows[p]],"),
    ),
    Mutant(
        "the temperature forgotten",
        "contrastive",
        "beta * (errors @ K)",
        "(errors @ K)",
        ("beta * grad_Q_products[b, i]", "grad_Q_products[b, i]"),
    ),
    Mutant(
        "a sum for the mean",
        "contrastive",
        ".sum() / Q.shape[0]",
        ".sum()",
        ("loss_sum / number(B)", "loss_sum"),
    ),
    Mutant(
        "the other way round",
        "contrastive",
        "errors.T @ Q",
        "errors @ Q",
        ("matmul(errors.T, Q", "matmul(errors, Q"),
    ),
    Mutant(
        "the half forgotten",
        "contrastive",
        "/ Q.shape[0] / 2",
        "/ Q.shape[0]",
        ("/ number(B) / number(2)", "/ number(B)"),
    ),
    Mutant("the wrong axis", "contrastive", "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    Mutant(
        "the positive forgotten",
        "contrastive",
        "overwritten(weights, np.arange(Q.shape[0]), -others)",
        "weights",
        ("errors_replaced[b, b] = -others[b]", "errors_replaced[b, b] = weights[b, b]"),
    ),
    Mutant(
        "no shift by the leader",
        "contrastive",
        "np.exp(scores - picked(scores, leaders)[:, np.newaxis])",
        "np.exp(scores)",
        ("exp(scores[b, c] - scores[b, leaders[b]])", "exp(scores[b, c])"),
    ),
    Mutant(
        "the leader counted among the others",
        "contrastive",
        "sum_without(weights, leaders)",
        "weights.sum(axis=1)",
        ("total_without(weights[b], leaders[b])", "total(weights[b])"),
    ),
    Mutant(
        "the target forgotten",
        "logistic_regression",
        "(probabilities - t)",
        "probabilities",
        ("probabilities[s] - t[s]", "probabilities[s]"),
    ),
    Mutant(
        "the slope of a square left in",
        "logistic_regression",
        "(probabilities - t)",
        "((probabilities - t) * probabilities * (1 - probabilities))",
        (
            "probabilities[s] - t[s]",
            "(probabilities[s] - t[s]) * probabilities[s] * (number(1) - probabilities[s])",
        ),
    ),
    Mutant(
        "the label forgotten",
        "logistic_regression",
        "t * sigmoid(-margins)",
        "sigmoid(-margins)",
        ("pull[s] = t[s] * sigmoid", "pull[s] = sigmoid"),
    ),
    Mutant(
        "the penalty forgotten",
        "logistic_regression",
        "penalty * w - X",
        "-X",
        ("penalty * w[i] - grad_w", "-grad_w"),
    ),
    Mutant(
        "the mean for a constant",
        "layer_normalisation",
        "- weighed_mean - ",
        "- ",
        ("weighed[k] - weighed_mean - ", "weighed[k] - "),
    ),
    Mutant(
        "the deviation for a constant",
        "layer_normalisation",
        " - overlap * normalised / x.shape[0]",
        "",
        (" - overlap * normalised[k] / number(n)", ""),
    ),
    Mutant(
        "the gain forgotten",
        "layer_normalisation",
        "upstream * gain",
        "upstream",
        ("weighed[i] = upstream[i] * gain[i]", "weighed[i] = upstream[i]"),
    ),
    Mutant(
        "the number under the root forgotten",
        "layer_normalisation",
        "np.sqrt(epsilon + ",
        "np.sqrt(",
        ("sqrt(epsilon + ", "sqrt("),
    ),
    Mutant(
        "no shift by the leader",
        "attention_head",
        "np.exp(scores - ",
        "np.exp(scores - 0 * ",
        ("exp(scores[t, i] - scores[t, leaders[t]])", "exp(scores[t, i])"),
    ),
    Mutant(
        "the scale forgotten on the way back",
        "attention_head",
        "scale * pull",
        "pull",
        ("grad_Q[t, a] = scale * pull[t, a]", "grad_Q[t, a] = pull[t, a]"),
    ),
    Mutant(
        "the mean forgotten",
        "attention_head",
        "(relative - means",
        "(relative - 0 * means",
        ("relative[t, i] - means[t]", "relative[t, i]"),
    ),
    Mutant("queries for keys", "attention_head", "scores.argmax(axis=1)", "scores.argmax(axis=0)"),
)
