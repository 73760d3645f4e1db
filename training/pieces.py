"""The pieces of a Gemma with their gradients written out: norm, gated unit, and what a reply's tokens were worth.

Each gives what plain autograd gives, in fewer passes over memory: on a CPU the upkeep of a small model costs as much
as its products. Knows tensors only.
"""

# pyright: reportMissingImports=false, reportIncompatibleMethodOverride=false
from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch.autograd.function import once_differentiable

CHUNK = 128
"""Tokens whose logits are held at a time."""


class Norm(torch.autograd.Function):
    """Gemma's RMS norm of (tokens, size), with a gain of 1 + weight, in another type if so wanted."""

    @staticmethod
    def forward(ctx: Any, states: torch.Tensor, weight: torch.Tensor, eps: float, dtype: torch.dtype) -> torch.Tensor:  # noqa: ANN401
        """The normed states, in `dtype`."""
        states = states.float()
        length = torch.linalg.vector_norm(states, dim=-1, keepdim=True)
        inverse = (length.square_().div_(states.shape[-1]) + eps).rsqrt_()
        gain = 1.0 + weight
        ctx.save_for_backward(states, inverse, gain)
        return (states * inverse).mul_(gain).to(dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None, None]:  # noqa: ANN401
        """Gradients of states and weight."""
        states, inverse, gain = ctx.saved_tensors
        grad = grad.float()
        product = grad * states
        given = inverse.squeeze(1) @ product
        pull = (product @ gain)[:, None].mul_(inverse.pow(3)).div_(-states.shape[-1])
        out = torch.mul(grad, gain, out=product).mul_(inverse).addcmul_(states, pull)
        return out, given, None, None


class Gate(torch.autograd.Function):
    """gelu(first half) * second half of (tokens, twice the size); gelu by its tanh form."""

    @staticmethod
    def forward(ctx: Any, both: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        """The gated half, (tokens, size)."""
        gate, up = both.chunk(2, -1)
        bent = torch.nn.functional.gelu(gate, approximate="tanh")
        ctx.save_for_backward(both, bent)
        return bent * up

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        """The gradient of both halves."""
        both, bent = ctx.saved_tensors
        gate, up = both.chunk(2, -1)
        out = torch.empty_like(both)
        first, second = out.chunk(2, -1)
        torch.mul(grad, bent, out=second)
        first.copy_(torch.ops.aten.gelu_backward(grad * up, gate, approximate="tanh"))
        return out


class Head(NamedTuple):
    """How logits are made: what they are bent to (0: not at all), the temperature, and the type of the products."""

    cap: float
    temperature: float
    dtype: torch.dtype


class Score(torch.autograd.Function):
    """Log-probabilities of ids, and entropies, from states (tokens, size) and the head's weight (vocabulary, size).

    Going back, logits are made again; the entropy's part is left out when nobody asks for its gradient.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        states: torch.Tensor,
        weight: torch.Tensor,
        ids: torch.Tensor,
        head: Head,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-probabilities and entropies, (tokens,) each, in nats."""
        ctx.set_materialize_grads(False)
        ctx.head = head
        ctx.save_for_backward(states, weight, ids)
        weight = weight.to(head.dtype)
        logprobs, entropies = states.new_empty(2, len(ids), dtype=torch.float32)
        for first in range(0, len(ids), CHUNK):
            some = slice(first, first + CHUNK)
            logits = _logits(states[some], weight, head)
            shares = torch.softmax(logits, -1)
            whole = logits.amax(-1) - shares.amax(-1).log_()
            logprobs[some] = logits.gather(1, ids[some, None]).squeeze(1) - whole
            entropies[some] = whole - torch.linalg.vecdot(shares, logits)
        return logprobs, entropies

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any,  # noqa: ANN401
        logprobs: torch.Tensor | None,
        entropies: torch.Tensor | None,
    ) -> tuple[torch.Tensor | None, torch.Tensor | None, None, None]:
        """Gradients of states and weight."""
        if logprobs is None and entropies is None:
            return None, None, None, None
        states, weight, ids = ctx.saved_tensors
        head: Head = ctx.head
        cast = weight.to(head.dtype)
        slopes = states.new_empty(len(ids), len(weight), dtype=head.dtype)
        for first in range(0, len(ids), CHUNK):
            some = slice(first, first + CHUNK)
            slopes[some] = _slopes(states[some], cast, ids[some], head, logprobs, entropies, some)
        to_weight = slopes.T @ states.to(head.dtype)
        return (slopes @ cast).to(states.dtype), to_weight.to(weight.dtype), None, None


def _logits(states: torch.Tensor, weight: torch.Tensor, head: Head) -> torch.Tensor:
    """Logits over the temperature, in float32."""
    logits = (states.to(head.dtype) @ weight.T).float()
    if head.cap:
        logits = logits.div_(head.cap).tanh_().mul_(head.cap)
    return logits if head.temperature == 1.0 else logits.div_(head.temperature)


def _slopes(
    states: torch.Tensor,
    weight: torch.Tensor,
    ids: torch.Tensor,
    head: Head,
    logprobs: torch.Tensor | None,
    entropies: torch.Tensor | None,
    some: slice,
) -> torch.Tensor:
    """The gradient at the logits as the head's product makes them."""
    logits = _logits(states, weight, head)
    shares = torch.softmax(logits, -1)
    slopes = torch.zeros_like(shares) if logprobs is None else shares * -logprobs[some, None]
    if logprobs is not None:
        slopes.scatter_add_(1, ids[:, None], logprobs[some, None])
    if entropies is not None:
        middle = torch.linalg.vecdot(shares, logits)[:, None]
        slopes -= (logits - middle).mul_(shares).mul_(entropies[some, None])
    if head.temperature != 1.0:
        slopes.div_(head.temperature)
    if head.cap:
        bent = logits.mul_(head.temperature / head.cap)
        slopes.addcmul_(slopes, bent.square_(), value=-1)
    return slopes
