"""The table of properties: each rule with the cases it is tried on."""

from hypothesis import strategies as st

from tests.kernels.properties import (
    arguments,
    contract,
    layouts,
    limits,
    memory,
    sampling,
    softmax,
    structure,
    sums,
    symmetries,
    values,
)
from tests.kernels.properties.faults import BAD_CALLS
from tests.kernels.properties.property import Property
from tests.kernels.strategies import changes, trials
from tests.kernels.strategies.pairs import pairs, sampling_pairs, softmax_pairs
from tests.kernels.strategies.sums import batches, cases, windows

WINDOWS_AND_BATCHES = st.one_of(windows(), batches())

PROPERTIES = (
    Property(values.matches_the_exact_values, pairs()),
    Property(values.windows_and_batches_match_the_exact_values, WINDOWS_AND_BATCHES),
    Property(values.matches_central_differences, pairs(moderate=True)),
    Property(values.matches_the_complex_step, pairs(moderate=True)),
    Property(values.loss_alone_is_the_same_loss, pairs()),
    Property(symmetries.relabelling_words_permutes_grad_U, changes.relabelled()),
    Property(symmetries.rotating_coordinates_rotates_gradients, changes.rotated()),
    Property(symmetries.scaling_v_up_and_U_down_changes_nothing, changes.scaled()),
    Property(softmax.shifting_all_rows_of_U_changes_nothing, changes.shifted()),
    Property(softmax.rows_of_grad_U_sum_to_zero, softmax_pairs()),
    Property(softmax.scores_average_to_zero, softmax_pairs(moderate=True)),
    Property(softmax.splitting_every_word_in_two_adds_log_2, softmax_pairs()),
    Property(softmax.a_uniform_model_costs_log_N, softmax_pairs()),
    Property(sampling.a_word_drawn_l_times_counts_l_times, changes.drawn_again()),
    Property(sampling.splitting_a_drawn_word_splits_its_row, sampling_pairs()),
    Property(sampling.swapping_o_and_k_negates_v, changes.swappable()),
    Property(sampling.an_undecided_model_costs_log_2_a_draw, sampling_pairs()),
    Property(sampling.rows_that_were_not_drawn_are_exactly_zero, sampling_pairs()),
    Property(structure.grad_U_has_rank_one, pairs()),
    Property(structure.grad_v_follows_from_grad_U, pairs()),
    Property(structure.loss_lies_above_its_tangents, changes.moved()),
    Property(sums.the_sum_of_its_pairs, WINDOWS_AND_BATCHES),
    Property(sums.windows_add, changes.cut()),
    Property(sums.rows_of_absent_words_are_exactly_zero, windows()),
    Property(sums.row_gradients_list_each_word_once, batches()),
    Property(sums.order_in_a_batch_does_not_matter, changes.reordered()),
    Property(contract.results_have_the_dtype_of_the_input, cases()),
    Property(contract.finite_input_gives_no_warning, cases()),
    Property(contract.inputs_are_byte_identical_afterwards, cases()),
    Property(contract.results_survive_the_next_call, trials.same_shape_twice()),
    Property(contract.the_same_call_gives_the_same_bits, trials.same_shape_twice()),
    Property(contract.results_own_their_memory, cases()),
    Property(
        layouts.any_layout_gives_the_same_answer,
        st.tuples(cases(), st.sampled_from(layouts.LAYOUTS)),
    ),
    Property(layouts.lists_are_taken_for_arrays, cases()),
    Property(layouts.float32_agrees_with_float64, cases(True).map(trials.in_float32)),
    Property(limits.nan_in_gives_nan_out, trials.broken()),
    Property(limits.infinity_in_gives_no_finite_result, trials.broken_by_infinity()),
    Property(limits.absent_words_are_not_read, cases()),
    Property(memory.a_batch_never_allocates_a_dense_gradient, st.just(memory.big_batch)),
    Property(
        memory.only_touched_rows_are_written,
        st.sampled_from([memory.big_pair, memory.big_window]),
    ),
    Property(arguments.bad_arguments_are_refused_before_any_work, st.sampled_from(BAD_CALLS)),
)
