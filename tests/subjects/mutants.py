"""Faults planted in the emitted code: which file, what stands there, what is put in its place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A replacement in one file; ``meant`` says what mistake it is."""

    meant: str
    module: str
    found: str
    put: str


MUTANTS = (
    Mutant(
        "the error of the mean added to each context vector undivided",
        "cbow",
        "U.T @ error / context.shape[0]",
        "U.T @ error",
    ),
    Mutant(
        "the same with samples",
        "cbow",
        "(context, 1 / context.shape[0], u_k.T",
        "(context, None, u_k.T",
    ),
    Mutant(
        "a sum for the mean",
        "cbow",
        "V.take(context, axis=0).sum(axis=0) / context.shape[0]",
        "V.take(context, axis=0).sum(axis=0)",
    ),
    Mutant(
        "a context word counted once",
        "cbow",
        "row_sums((context, ",
        "row_sums((np.unique(context), ",
    ),
    Mutant("the word between left out", "cbow", "-log_sigmoid(score) - log", "-log"),
    Mutant("a sample pulled", "cbow", "log_sigmoid(-sample_scores)", "log_sigmoid(sample_scores)"),
    Mutant(
        "a sample counted once",
        "cbow",
        "(negatives, sample_errors, mean)",
        "(negatives[:1], sample_errors[:1], mean)",
    ),
    Mutant("no shift by the leader", "cbow", "scores - scores[leader])", "scores)"),
    Mutant(
        "the probability taken from one",
        "cbow",
        "o, -others) / weight_sum",
        "o, weights[o] - weight_sum) / weight_sum",
    ),
    Mutant("the sign forgotten", "hierarchical_softmax", "signs * scores", "scores"),
    Mutant("the sign in front forgotten", "hierarchical_softmax", "(signs * errors)", "errors"),
    Mutant("up the slope", "hierarchical_softmax", "grad_v = -theta.T", "grad_v = theta.T"),
    Mutant(
        "one minus a sigmoid",
        "hierarchical_softmax",
        "sigmoid(-signs * scores)",
        "(1 - sigmoid(signs * scores))",
    ),
    Mutant(
        "the logarithm of a sigmoid",
        "hierarchical_softmax",
        "-log_sigmoid(signs * scores)",
        "-np.log(sigmoid(signs * scores))",
    ),
    Mutant(
        "a node of the path met once",
        "hierarchical_softmax",
        "(nodes, -signs",
        "(nodes[:1], -signs[:1]",
    ),
    Mutant("the two forgotten", "glove", "grad_W = 2 * (weighted", "grad_W = (weighted"),
    Mutant("the weight forgotten", "glove", "weighted = weights * errors", "weighted = errors"),
    Mutant("the other matrix", "glove", "weighted.T @ W", "weighted @ W"),
    Mutant("the other axis", "glove", "weighted.sum(axis=1)", "weighted.sum(axis=0)"),
    Mutant("a bias forgotten", "glove", "b[:, np.newaxis] + c + ", "b[:, np.newaxis] + "),
    Mutant("no square", "glove", "errors**2 @", "errors @"),
    Mutant("the row for the column", "glove", "row_sums((columns, ", "row_sums((rows, "),
    Mutant("the temperature forgotten", "contrastive", "beta * (errors @ K)", "(errors @ K)"),
    Mutant("a sum for the mean", "contrastive", ".sum() / Q.shape[0]", ".sum()"),
    Mutant("the other way round", "contrastive", "errors.T @ Q", "errors @ Q"),
    Mutant("the half forgotten", "contrastive", "/ Q.shape[0] / 2", "/ Q.shape[0]"),
    Mutant("the wrong axis", "contrastive", "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    Mutant(
        "the positive forgotten",
        "contrastive",
        "overwritten(weights, np.arange(Q.shape[0]), -others)",
        "weights",
    ),
    Mutant(
        "no shift by the leader",
        "contrastive",
        "np.exp(scores - picked(scores, leaders)[:, np.newaxis])",
        "np.exp(scores)",
    ),
    Mutant(
        "the leader counted among the others",
        "contrastive",
        "sum_without(weights, leaders)",
        "weights.sum(axis=1)",
    ),
    Mutant("the target forgotten", "logistic_regression", "(probabilities - t)", "probabilities"),
    Mutant(
        "the slope of a square left in",
        "logistic_regression",
        "(probabilities - t)",
        "((probabilities - t) * probabilities * (1 - probabilities))",
    ),
    Mutant(
        "the label forgotten", "logistic_regression", "t * sigmoid(-margins)", "sigmoid(-margins)"
    ),
    Mutant("the penalty forgotten", "logistic_regression", "penalty * w - X", "-X"),
    Mutant("the mean for a constant", "layer_normalisation", "- weighed_mean - ", "- "),
    Mutant(
        "the deviation for a constant",
        "layer_normalisation",
        " - overlap * normalised / x.shape[0]",
        "",
    ),
    Mutant("the gain forgotten", "layer_normalisation", "upstream * gain", "upstream"),
    Mutant(
        "the number under the root forgotten",
        "layer_normalisation",
        "np.sqrt(epsilon + ",
        "np.sqrt(",
    ),
    Mutant("no shift by the leader", "attention_head", "np.exp(scores - ", "np.exp(scores - 0 * "),
    Mutant("the scale forgotten on the way back", "attention_head", "scale * pull", "pull"),
    Mutant("the mean forgotten", "attention_head", "(relative - means", "(relative - 0 * means"),
    Mutant("queries for keys", "attention_head", "scores.argmax(axis=1)", "scores.argmax(axis=0)"),
)
