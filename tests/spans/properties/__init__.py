"""The table of properties: each rule with the cases it is tried on."""

import numpy as np
from hypothesis import strategies as st

from tests.kernels.properties.layouts import LAYOUTS
from tests.kernels.properties.property import Property
from tests.spans import changes
from tests.spans.faults import BAD_CALLS
from tests.spans.properties import contract, limits, refusals, steps, sums, symmetries, values
from tests.spans.strategies import blocks, few, ordinary

PROPERTIES = (
    Property(values.matches_the_formula, blocks()),
    Property(values.loss_alone_is_the_same_loss, blocks()),
    Property(values.float32_agrees_with_float64, blocks(True).map(changes.in_float32)),
    Property(sums.blocks_add, changes.cut()),
    Property(sums.centers_are_blocks_of_their_own, blocks()),
    Property(sums.with_as_many_samples_as_draws_it_is_skip_gram, blocks()),
    Property(sums.shared_samples_cost_on_the_average_what_fresh_ones_do, few()),
    Property(sums.loss_is_affine_in_draws, blocks()),
    Property(symmetries.order_of_samples_does_not_matter, changes.ordered()),
    Property(symmetries.samples_listed_twice_count_half, blocks()),
    Property(symmetries.relabelling_words_permutes_rows, changes.relabelled()),
    Property(symmetries.a_text_read_backwards_costs_the_same, blocks()),
    Property(symmetries.wider_contexts_change_nothing, blocks()),
    Property(symmetries.centers_without_a_window_add_nothing, blocks()),
    Property(steps.a_step_follows_the_gradients, changes.with_rate()),
    Property(steps.one_array_may_be_both, changes.with_rate()),
    Property(steps.any_layout_is_changed_in_place, changes.with_rate()),
    Property(steps.a_short_step_lowers_the_loss, ordinary()),
    Property(contract.results_have_the_dtype_of_the_input, blocks()),
    Property(contract.gradients_list_each_word_once, blocks()),
    Property(contract.inputs_are_byte_identical_afterwards, blocks()),
    Property(
        contract.any_layout_gives_the_same_answer, st.tuples(blocks(), st.sampled_from(LAYOUTS))
    ),
    Property(
        contract.words_may_be_of_any_integer_type,
        st.tuples(blocks(), st.sampled_from(contract.INTEGERS)),
    ),
    Property(contract.lists_are_taken_for_arrays, blocks(least=1)),
    Property(contract.finite_input_gives_no_warning, blocks()),
    Property(
        contract.nothing_as_large_as_a_matrix_is_allocated,
        st.just(contract.of_a_large_vocabulary),
    ),
    Property(limits.nan_in_gives_nan_out, changes.broken((np.nan,))),
    Property(
        limits.infinity_in_gives_no_finite_result, changes.broken((float("inf"), float("-inf")))
    ),
    Property(
        refusals.wrong_arguments_are_refused_and_change_nothing,
        st.sampled_from(BAD_CALLS),
    ),
)
