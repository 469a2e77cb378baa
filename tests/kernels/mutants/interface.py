"""The functions that a user calls: arguments checked, then the steps, then the last touch."""

from types import SimpleNamespace
from typing import Any

from tests.kernels.mutants.assembly import Assembly

Array = Any


class Kernel(Assembly):
    """The correct kernel.  A mutant is a subclass that overrides one method, and says why."""

    def softmax_value_and_grad(self, v_c: Any, o: Any, U: Any) -> Any:
        U = self.floats("U", U, (None, None))
        v_c = self.floats("v_c", v_c, (U.shape[1],))
        return self.done(self.softmax_pair(v_c, self.word("o", o, len(U)), U))

    def sampling_value_and_grad(self, v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        v_c = self.floats("v_c", v_c, (U.shape[1],))
        o, negatives = (
            self.word("o", o, len(U)),
            self.words("negatives", negatives, (None,), len(U)),
        )
        return self.done(self.sampling_pair(v_c, o, U, negatives))

    def softmax_loss_alone(self, v_c: Any, o: Any, U: Any) -> Any:
        return self.softmax_value_and_grad(v_c, o, U)[0]

    def sampling_loss_alone(self, v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        return self.sampling_value_and_grad(v_c, o, U, negatives)[0]

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        V = self.floats("V", V, U.shape)
        c, outside = self.word("c", c, len(U)), self.words("outside", outside, (None,), len(U))
        if not negatives:
            return self.done(self.softmax_window(c, outside, V, U))
        table = self.words("negatives", negatives[0], (len(outside), None), len(U))
        return self.done(self.sampling_window(c, outside, V, U, table))

    def batch(self, V: Any, U: Any, centers: Any, outsides: Any, *negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        V = self.floats("V", V, U.shape)
        centers = self.words("centers", centers, (None,), len(U))
        outsides = self.words("outsides", outsides, (len(centers),), len(U))
        if not negatives:
            losses, grad_V, grad_U = self.softmax_batch(V, U, centers, outsides)
            return losses, grad_V, self.finish(grad_U)
        table = self.words("negatives", negatives[0], (len(centers), None), len(U))
        return self.sampling_batch(V, U, centers, outsides, table)

    def done(self, parts: tuple[Any, Array, Array]) -> tuple[Any, Array, Array]:
        loss, grad_v, grad_U = parts
        return self.finish_loss(loss), self.finish(grad_v), self.finish(grad_U)

    def namespace(self) -> Any:
        """Like the package: three modules and the class of row-sparse gradients."""
        return SimpleNamespace(
            naive_softmax=SimpleNamespace(
                loss=self.softmax_loss_alone,
                value_and_grad=self.softmax_value_and_grad,
                batch_value_and_grad=self.batch,
            ),
            negative_sampling=SimpleNamespace(
                loss=self.sampling_loss_alone,
                value_and_grad=self.sampling_value_and_grad,
                batch_value_and_grad=self.batch,
            ),
            skip_gram=SimpleNamespace(
                naive_softmax_value_and_grad=self.window,
                negative_sampling_value_and_grad=self.window,
            ),
            RowGrad=self.row_grad,
        )
