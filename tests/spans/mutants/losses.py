"""Faults of the loss: weights of the samples, signs, and forms that lose digits."""

from tests.spans.mutants.mutant import Mutant

FORMULA = "matches_the_formula"
AVERAGE = "shared_samples_cost_on_the_average_what_fresh_ones_do"
SHARE = "share = draws * band.sum(axis=2) / negatives.shape[1]"

MUTANTS = (
    Mutant(
        "samples counted once a center, not once a pair",
        "centers_without_a_window_add_nothing",
        ((SHARE, "share = draws * np.ones_like(band.sum(axis=2)) / negatives.shape[1]"),),
    ),
    Mutant(
        "the R samples taken for R draws",
        "samples_listed_twice_count_half",
        (("/ negatives.shape[1]", ""),),
    ),
    Mutant("the draws forgotten", AVERAGE, (("share = draws * band", "share = band"),)),
    Mutant(
        "the square of the draws",
        "loss_is_affine_in_draws",
        (("share = draws * band", "share = draws * draws * band"),),
    ),
    Mutant(
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
    Mutant(
        "the other axis summed",
        FORMULA,
        (
            (
                "share = draws * band.sum(axis=2)",
                "share = draws * band.sum(axis=1)[:, : centers.shape[1]]",
            ),
        ),
    ),
    Mutant(
        "samples pulled in the loss", FORMULA, (("-log_sigmoid(-sample", "-log_sigmoid(sample"),)
    ),
    Mutant(
        "the first sample for all of them",
        "order_of_samples_does_not_matter",
        (
            (
                "-log_sigmoid(-sample_scores).sum(axis=2)",
                "-log_sigmoid(-sample_scores)[:, :, 0] * negatives.shape[1]",
            ),
        ),
    ),
    Mutant(
        "the samples of the first block for all",
        "blocks_add",
        (("U.take(negatives, axis=0)", "U.take(0 * negatives + negatives[:1], axis=0)"),),
    ),
    Mutant(
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
    Mutant(
        "the mean of the blocks", "blocks_add", ((").sum()\n", ").sum() / max(len(centers), 1)\n"),)
    ),
    Mutant(
        "the mean, then times how many: no blocks cost NaN",
        FORMULA,
        (
            (
                "(weigh(share, sampled) + in_window).sum()",
                "(weigh(share, sampled) + in_window).mean() * centers.size",
            ),
        ),
    ),
    Mutant(
        "the logarithm of a sigmoid",
        FORMULA,
        (("log_sigmoid(scores)", "np.log(sigmoid(scores))"),),
        "value_and_grad",
    ),
    Mutant(
        "the logarithm of a sigmoid where the loss is alone",
        "loss_alone_is_the_same_loss",
        (("log_sigmoid(scores)", "np.log(1 / (1 + np.exp(-scores)))"),),
        "loss",
    ),
    Mutant(
        "center vectors taken from U",
        "relabelling_words_permutes_rows",
        (("V.take(centers", "U.take(np.sort(centers)"),),
    ),
)
