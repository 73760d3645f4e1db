"""Optimisers: Muon for the matrices inside the layers, AdamW for the rest, and the two of them as one."""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

BETAS = (0.9, 0.98)
MOMENTUM = 0.95
MATRIX = 2


def learners(model: torch.nn.Module, lr: float, muon_lr: float, weight_decay: float) -> list[torch.optim.Optimizer]:
    """AdamW at `lr`, and Muon (Jordan et al. 2024) at `muon_lr` on the layers' matrices unless that is 0.

    Muon steps by the gradient's nearest orthogonal matrix, so that directions with a small gradient move as far as
    those with a large one. Gains do not decay.
    """
    muon: list[torch.nn.Parameter] = []
    matrices: list[torch.nn.Parameter] = []
    gains: list[torch.nn.Parameter] = []
    for name, weights in model.named_parameters():
        inside = ".layers." in name and weights.ndim == MATRIX
        (muon if inside and muon_lr else matrices if weights.ndim == MATRIX else gains).append(weights)
    adam = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": weight_decay}, {"params": gains, "weight_decay": 0.0}],
        lr=lr,
        betas=BETAS,
    )
    found: list[torch.optim.Optimizer] = [adam]
    if muon:
        found.append(torch.optim.Muon(muon, lr=muon_lr, weight_decay=weight_decay, momentum=MOMENTUM))
    for learner in found:
        for group in learner.param_groups:
            group["initial_lr"] = group["lr"]
    return found


class Together(torch.optim.Optimizer):
    """Several optimisers as one: what a trainer schedules, saves and takes up again."""

    def __init__(self, parts: Sequence[torch.optim.Optimizer]) -> None:
        self.parts = list(parts)
        super().__init__([{"params": list(group["params"])} for part in parts for group in part.param_groups], {})
        self._share()

    def _share(self) -> None:
        """The groups of the parts themselves, so that a schedule reaches them."""
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """One step of every part."""
        for part in self.parts:
            part.step(closure)

    def state_dict(self) -> dict[str, Any]:
        """The states of the parts, in order."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up `state_dict`."""
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self._share()
