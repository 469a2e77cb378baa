"""The table of properties: each rule with the cases it is tried on."""

import numpy as np
from hypothesis import strategies as st

from tests.kernels.properties.of_calls import LAYOUTS
from tests.kernels.properties.property import Property
from tests.spans import cases
from tests.spans.cases import BAD_CALLS, blocks, few, ordinary
from tests.spans.properties import of_calls, of_values

PROPERTIES = (
    Property(of_values.matches_the_formula, blocks()),
    Property(of_values.loss_alone_is_the_same_loss, blocks()),
    Property(of_values.float32_agrees_with_float64, blocks(True).map(cases.in_float32)),
    Property(of_values.blocks_add, cases.cut()),
    Property(of_values.centers_are_blocks_of_their_own, blocks()),
    Property(of_values.with_as_many_samples_as_draws_it_is_skip_gram, blocks()),
    Property(of_values.shared_samples_cost_on_the_average_what_fresh_ones_do, few()),
    Property(of_values.loss_is_affine_in_draws, blocks()),
    Property(of_values.order_of_samples_does_not_matter, cases.ordered()),
    Property(of_values.samples_listed_twice_count_half, blocks()),
    Property(of_values.relabelling_words_permutes_rows, cases.relabelled()),
    Property(of_values.a_text_read_backwards_costs_the_same, blocks()),
    Property(of_values.wider_contexts_change_nothing, blocks()),
    Property(of_values.centers_without_a_window_add_nothing, blocks()),
    Property(of_calls.a_step_follows_the_gradients, cases.with_rate()),
    Property(of_calls.one_array_may_be_both, cases.with_rate()),
    Property(of_calls.any_layout_is_changed_in_place, cases.with_rate()),
    Property(of_calls.a_short_step_lowers_the_loss, ordinary()),
    Property(of_calls.results_have_the_dtype_of_the_input, blocks()),
    Property(of_calls.gradients_list_each_word_once, blocks()),
    Property(of_calls.inputs_are_byte_identical_afterwards, blocks()),
    Property(
        of_calls.any_layout_gives_the_same_answer, st.tuples(blocks(), st.sampled_from(LAYOUTS))
    ),
    Property(
        of_calls.words_may_be_of_any_integer_type,
        st.tuples(blocks(), st.sampled_from(of_calls.INTEGERS)),
    ),
    Property(of_calls.lists_are_taken_for_arrays, blocks(least=1)),
    Property(of_calls.finite_input_gives_no_warning, blocks()),
    Property(
        of_calls.nothing_as_large_as_a_matrix_is_allocated,
        st.just(of_calls.of_a_large_vocabulary),
    ),
    Property(of_values.nan_in_gives_nan_out, cases.broken((np.nan,))),
    Property(
        of_values.infinity_in_gives_no_finite_result, cases.broken((float("inf"), float("-inf")))
    ),
    Property(
        of_calls.wrong_arguments_are_refused_and_change_nothing,
        st.sampled_from(BAD_CALLS),
    ),
)
