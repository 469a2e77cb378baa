"""The table of properties: each rule with the cases it is tried on."""

from hypothesis import strategies as st

from tests.kernels import strategies
from tests.kernels.properties import of_calls, of_values
from tests.kernels.properties.of_calls import BAD_CALLS
from tests.kernels.properties.property import Property
from tests.kernels.strategies import batches, cases, pairs, sampling_pairs, softmax_pairs, windows

WINDOWS_AND_BATCHES = st.one_of(windows(), batches())

PROPERTIES = (
    Property(of_values.matches_the_exact_values, pairs()),
    Property(of_values.windows_and_batches_match_the_exact_values, WINDOWS_AND_BATCHES),
    Property(of_values.matches_central_differences, pairs(moderate=True)),
    Property(of_values.matches_the_complex_step, pairs(moderate=True)),
    Property(of_values.loss_alone_is_the_same_loss, pairs()),
    Property(of_values.relabelling_words_permutes_grad_U, strategies.relabelled()),
    Property(of_values.rotating_coordinates_rotates_gradients, strategies.rotated()),
    Property(of_values.scaling_v_up_and_U_down_changes_nothing, strategies.scaled()),
    Property(of_values.shifting_all_rows_of_U_changes_nothing, strategies.shifted()),
    Property(of_values.rows_of_grad_U_sum_to_zero, softmax_pairs()),
    Property(of_values.scores_average_to_zero, softmax_pairs(moderate=True)),
    Property(of_values.splitting_every_word_in_two_adds_log_2, softmax_pairs()),
    Property(of_values.a_uniform_model_costs_log_N, softmax_pairs()),
    Property(of_values.a_word_drawn_l_times_counts_l_times, strategies.drawn_again()),
    Property(of_values.splitting_a_drawn_word_splits_its_row, sampling_pairs()),
    Property(of_values.swapping_o_and_k_negates_v, strategies.swappable()),
    Property(of_values.an_undecided_model_costs_log_2_a_draw, sampling_pairs()),
    Property(of_values.rows_that_were_not_drawn_are_exactly_zero, sampling_pairs()),
    Property(of_values.grad_U_has_rank_one, pairs()),
    Property(of_values.grad_v_follows_from_grad_U, pairs()),
    Property(of_values.loss_lies_above_its_tangents, strategies.moved()),
    Property(of_values.the_sum_of_its_pairs, WINDOWS_AND_BATCHES),
    Property(of_values.windows_add, strategies.cut()),
    Property(of_values.rows_of_absent_words_are_exactly_zero, windows()),
    Property(of_values.row_gradients_list_each_word_once, batches()),
    Property(of_values.order_in_a_batch_does_not_matter, strategies.reordered()),
    Property(of_calls.results_have_the_dtype_of_the_input, cases()),
    Property(of_calls.finite_input_gives_no_warning, cases()),
    Property(of_calls.inputs_are_byte_identical_afterwards, cases()),
    Property(of_calls.results_survive_the_next_call, strategies.same_shape_twice()),
    Property(of_calls.the_same_call_gives_the_same_bits, strategies.same_shape_twice()),
    Property(of_calls.results_own_their_memory, cases()),
    Property(
        of_calls.any_layout_gives_the_same_answer,
        st.tuples(cases(), st.sampled_from(of_calls.LAYOUTS)),
    ),
    Property(of_calls.lists_are_taken_for_arrays, cases()),
    Property(of_calls.float32_agrees_with_float64, cases(True).map(strategies.in_float32)),
    Property(of_calls.nan_in_gives_nan_out, strategies.broken()),
    Property(of_calls.infinity_in_gives_no_finite_result, strategies.broken_by_infinity()),
    Property(of_calls.absent_words_are_not_read, cases()),
    Property(of_calls.a_batch_never_allocates_a_dense_gradient, st.just(of_calls.big_batch)),
    Property(
        of_calls.only_touched_rows_are_written,
        st.sampled_from([of_calls.big_pair, of_calls.big_window]),
    ),
    Property(of_calls.bad_arguments_are_refused_before_any_work, st.sampled_from(BAD_CALLS)),
)
