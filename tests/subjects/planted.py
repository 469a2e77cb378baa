"""Mistakes planted in the emitted code of the subjects."""

from tests.planting import Mutant, rewritten


def mutant(meant: str, module: str, old: str, new: str) -> Mutant:
    """What is written otherwise everywhere in a module."""
    return Mutant(f"{module}: {meant}", rewritten(f"{module}.py", old, new))


MUTANTS = (
    mutant(
        "the error of the mean added to each context vector undivided",
        "cbow",
        "U.T @ error / context.shape[0]",
        "U.T @ error",
    ),
    mutant(
        "the same with samples",
        "cbow",
        "(context, 1 / context.shape[0], u_k.T",
        "(context, None, u_k.T",
    ),
    mutant(
        "a sum for the mean",
        "cbow",
        "V.take(context, axis=0).sum(axis=0) / context.shape[0]",
        "V.take(context, axis=0).sum(axis=0)",
    ),
    mutant(
        "a context word counted once",
        "cbow",
        "row_sums((context, ",
        "row_sums((np.unique(context), ",
    ),
    mutant("the word between left out", "cbow", "-log_sigmoid(score) - log", "-log"),
    mutant("a sample pulled", "cbow", "log_sigmoid(-sample_scores)", "log_sigmoid(sample_scores)"),
    mutant(
        "a sample counted once",
        "cbow",
        "(negatives, sample_errors, mean)",
        "(negatives[:1], sample_errors[:1], mean)",
    ),
    mutant("no shift by the leader", "cbow", "scores - scores[leader])", "scores)"),
    mutant(
        "the probability taken from one",
        "cbow",
        "o, -others) / weight_sum",
        "o, weights[o] - weight_sum) / weight_sum",
    ),
    mutant("the sign forgotten", "hierarchical_softmax", "signs * scores", "scores"),
    mutant("the sign in front forgotten", "hierarchical_softmax", "(signs * errors)", "errors"),
    mutant("up the slope", "hierarchical_softmax", "grad_v = -theta.T", "grad_v = theta.T"),
    mutant(
        "one minus a sigmoid",
        "hierarchical_softmax",
        "sigmoid(-signs * scores)",
        "(1 - sigmoid(signs * scores))",
    ),
    mutant(
        "the logarithm of a sigmoid",
        "hierarchical_softmax",
        "-log_sigmoid(signs * scores)",
        "-np.log(sigmoid(signs * scores))",
    ),
    mutant(
        "a node of the path met once",
        "hierarchical_softmax",
        "(nodes, -signs",
        "(nodes[:1], -signs[:1]",
    ),
    mutant("the two forgotten", "glove", "grad_W = 2 * (weighted", "grad_W = (weighted"),
    mutant("the weight forgotten", "glove", "weighted = weights * errors", "weighted = errors"),
    mutant("the other matrix", "glove", "weighted.T @ W", "weighted @ W"),
    mutant("the other axis", "glove", "weighted.sum(axis=1)", "weighted.sum(axis=0)"),
    mutant("a bias forgotten", "glove", "b[:, np.newaxis] + c + ", "b[:, np.newaxis] + "),
    mutant("no square", "glove", "errors**2 @", "errors @"),
    mutant("the row for the column", "glove", "row_sums((columns, ", "row_sums((rows, "),
    mutant("the temperature forgotten", "contrastive", "beta * (errors @ K)", "(errors @ K)"),
    mutant("a sum for the mean", "contrastive", ".sum() / Q.shape[0]", ".sum()"),
    mutant("the other way round", "contrastive", "errors.T @ Q", "errors @ Q"),
    mutant("the half forgotten", "contrastive", "/ Q.shape[0] / 2", "/ Q.shape[0]"),
    mutant("the wrong axis", "contrastive", "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    mutant(
        "the positive forgotten",
        "contrastive",
        "overwritten(weights, np.arange(Q.shape[0]), -others)",
        "weights",
    ),
    mutant(
        "no shift by the leader",
        "contrastive",
        "np.exp(scores - picked(scores, leaders)[:, np.newaxis])",
        "np.exp(scores)",
    ),
    mutant(
        "the leader counted among the others",
        "contrastive",
        "sum_without(weights, leaders)",
        "weights.sum(axis=1)",
    ),
    mutant("the target forgotten", "logistic_regression", "(probabilities - t)", "probabilities"),
    mutant(
        "the slope of a square left in",
        "logistic_regression",
        "(probabilities - t)",
        "((probabilities - t) * probabilities * (1 - probabilities))",
    ),
    mutant(
        "the label forgotten", "logistic_regression", "t * sigmoid(-margins)", "sigmoid(-margins)"
    ),
    mutant("the penalty forgotten", "logistic_regression", "penalty * w - X", "-X"),
    mutant("the mean for a constant", "layer_normalisation", "- weighed_mean - ", "- "),
    mutant(
        "the deviation for a constant",
        "layer_normalisation",
        " - overlap * normalised / x.shape[0]",
        "",
    ),
    mutant("the gain forgotten", "layer_normalisation", "upstream * gain", "upstream"),
    mutant(
        "the number under the root forgotten",
        "layer_normalisation",
        "np.sqrt(epsilon + ",
        "np.sqrt(",
    ),
    mutant("no shift by the leader", "attention_head", "np.exp(scores - ", "np.exp(scores - 0 * "),
    mutant("the scale forgotten on the way back", "attention_head", "scale * pull", "pull"),
    mutant("the mean forgotten", "attention_head", "(relative - means", "(relative - 0 * means"),
    mutant("queries for keys", "attention_head", "scores.argmax(axis=1)", "scores.argmax(axis=0)"),
)
