"""`torch.autograd.gradcheck` on a custom Function around the kernel."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.kernel import Kernel, points, value_and_grads

NAME = "torch.autograd.gradcheck"


def load() -> None:
    """ModuleNotFoundError where PyTorch is missing."""
    import torch  # noqa: F401  # to see whether it is there


def catches(kernel: Kernel, count: int, seed: int) -> str:
    """What gradcheck says of any point; empty where it is content with all."""
    import torch
    from torch.autograd.gradcheck import GradcheckError

    function, subject = kernel.make(), kernel.subject

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, words: Any, *parts: Any) -> Any:
            arrays = [part.detach().numpy() for part in parts]
            with torch.enable_grad():  # a kernel may use autograd itself
                value, gradients = value_and_grads(function, subject, words, arrays)
            ctx.save_for_backward(*(torch.as_tensor(np.asarray(each)) for each in gradients))
            return torch.as_tensor(np.asarray(value))

        @staticmethod
        def backward(ctx: Any, by: Any) -> Any:  # type: ignore[override]
            return (None, *(by * each for each in ctx.saved_tensors))

    for words, floats in points(subject, count, seed):
        tensors = [torch.tensor(part, requires_grad=True) for part in floats]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                torch.autograd.gradcheck(lambda *p, w=words: Loss.apply(w, *p), tensors)
            except GradcheckError as error:
                return str(error).splitlines()[0]
    return ""
