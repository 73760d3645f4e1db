"""Muon and AdamW as one optimiser: each on its own weights, scheduled together, saved and taken up again."""

from __future__ import annotations

import copy

import pytest
import torch

from work_life_firewall.training.optim import Together, learners

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


class Model(torch.nn.Module):
    """A matrix inside a layer, one outside, and a gain."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = torch.nn.Linear(4, 6, bias=False)
        self.model = torch.nn.ModuleDict({"layers": torch.nn.ModuleList([torch.nn.Linear(6, 6, bias=False)])})
        self.gain = torch.nn.Parameter(torch.ones(6))

    def loss(self, seed: int) -> torch.Tensor:
        inputs = torch.randn(8, 4, generator=torch.Generator().manual_seed(seed))
        layer = self.model["layers"][0]  # type: ignore[index]
        return (layer(self.embed(inputs)) * self.gain).square().mean()


def step(model: Model, optimizer: torch.optim.Optimizer, seed: int) -> None:
    optimizer.zero_grad()
    model.loss(seed).backward()
    optimizer.step()


def test_muon_has_the_matrices_of_the_layers_and_adam_the_rest() -> None:
    model = Model()
    adam, muon = learners(model, 0.1, 0.2, 0.0)
    inside = [weights for group in muon.param_groups for weights in group["params"]]
    assert len(inside) == 1 and inside[0] is model.model["layers"][0].weight  # type: ignore[index]
    assert sum(len(group["params"]) for group in adam.param_groups) == 2
    assert len(learners(model, 0.1, 0.0, 0.0)) == 1


def test_a_schedule_reaches_every_part() -> None:
    model = Model()
    both = Together(learners(model, 0.1, 0.2, 0.0))
    schedule = torch.optim.lr_scheduler.LambdaLR(both, lambda step: 0.5**step)
    step(model, both, 0)
    schedule.step()
    assert [group["lr"] for part in both.parts for group in part.param_groups] == pytest.approx([0.05, 0.05, 0.1])


def test_what_was_saved_goes_on_as_if_nothing_had_happened() -> None:
    model = Model()
    both = Together(learners(model, 0.01, 0.02, 0.1))
    for seed in range(3):
        step(model, both, seed)
    again = copy.deepcopy(model)
    other = Together(learners(again, 1.0, 1.0, 0.1))
    other.load_state_dict(copy.deepcopy(both.state_dict()))
    for seed in range(3, 6):
        step(model, both, seed)
        step(again, other, seed)
    assert all(torch.equal(one, two) for one, two in zip(model.parameters(), again.parameters(), strict=True))
