"""Rows without padding give the numbers, and the gradients, of the model's own code."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from work_life_firewall.training import gemma, packed, pieces, shared
from work_life_firewall.training.shared import score_completions

from .gemmas import VOCABULARY, made

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]

PROMPT, SAID = 20, 12


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    """Nine rows of four prompts, unequally many of each and one reply without a token; (ids, mask)."""
    seeded = torch.Generator().manual_seed(3)
    prompts = [torch.randint(6, VOCABULARY, (length,), generator=seeded) for length in (20, 8, 14, 3)]
    ids, mask = torch.zeros(9, PROMPT + SAID, dtype=torch.long), torch.zeros(9, PROMPT + SAID, dtype=torch.long)
    for row, (which, length) in enumerate(zip((0, 2, 1, 0, 1, 2, 0, 3, 0), (12, 5, 1, 9, 12, 3, 7, 1, 0), strict=True)):
        prompt = prompts[which]
        ids[row, PROMPT - len(prompt) : PROMPT] = prompt
        ids[row, PROMPT : PROMPT + length] = torch.randint(6, VOCABULARY, (length,), generator=seeded)
        mask[row, PROMPT - len(prompt) : PROMPT + length] = 1
    return ids, mask


def graded(model: Any, scored: shared.Scored, bonus: float) -> list[torch.Tensor]:  # noqa: ANN401
    """Gradients of every weight, for random weights of the tokens and a weight of the entropies."""
    weights = torch.randn(scored.logprobs.shape, generator=torch.Generator().manual_seed(4))
    model.zero_grad()
    loss = (scored.logprobs * weights).sum()
    (loss + bonus * (scored.entropies * weights.flip(0)).sum() if bonus else loss).backward()
    return [weight.grad.clone() for weight in model.parameters()]


@pytest.mark.parametrize("small", [False, True], ids=["whole", "small-parts"])
@pytest.mark.parametrize("window", [512, 9])
@pytest.mark.parametrize(("temperature", "bonus"), [(1.0, 0.0), (0.6, 0.3)])
@pytest.mark.parametrize("family", ["gemma2", "gemma3"])
def test_numbers_and_gradients_are_those_of_the_models_own_code(
    family: str,
    temperature: float,
    bonus: float,
    window: int,
    small: bool,
    batch: tuple[torch.Tensor, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if small:
        monkeypatch.setattr(packed, "TOKENS", 30)
        monkeypatch.setattr(packed, "SCORES", 1)
        monkeypatch.setattr(pieces, "CHUNK", 3)
    model = made(family, window)
    ids, mask = batch
    ours = score_completions(model, ids, mask, SAID, temperature)
    plain = shared._cached(model, ids, mask, SAID, temperature, None)
    assert torch.allclose(ours.logprobs, plain.logprobs, atol=1e-5)
    assert torch.allclose(ours.entropies, plain.entropies, atol=1e-5)
    for mine, its in zip(graded(model, ours, bonus), graded(model, plain, bonus), strict=True):
        assert float((mine - its).norm()) <= 1e-5 * float(its.norm()) + 1e-7


def test_only_entropies_have_gradients_of_their_own(batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    model = made("gemma3")
    both = []
    for scored in (score_completions(model, *batch, SAID), shared._cached(model, *batch, SAID, 1.0, None)):
        model.zero_grad()
        scored.entropies.sum().backward()
        both.append(model.model.layers[0].mlp.up_proj.weight.grad.clone())
    assert torch.allclose(both[0], both[1], atol=1e-5)


def test_what_is_not_wanted_is_a_hole_and_asks_for_no_gradient(batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    model = made("gemma3")
    ids, mask = batch
    wanted = torch.zeros(9, SAID)
    wanted[:, 1::3] = 1
    some = score_completions(model, ids, mask, SAID, wanted=wanted)
    plain = shared._cached(model, ids, mask, SAID, 1.0, wanted)
    assert torch.allclose(some.logprobs, plain.logprobs, atol=1e-5)
    assert not some.logprobs[:, ::3].any()
    for mine, its in zip(graded(model, some, 0.0), graded(model, plain, 0.0), strict=True):
        assert float((mine - its).norm()) <= 1e-5 * float(its.norm()) + 1e-7


def test_nothing_wanted_at_all_scores_nothing(batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    model = made("gemma3")
    found = score_completions(model, *batch, SAID, wanted=torch.zeros(9, SAID))
    assert not found.logprobs.any() and not found.entropies.any()
    found.logprobs.sum().backward()


def test_bfloat16_is_near_and_no_more_than_that(batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    for family in ("gemma2", "gemma3"):
        model = made(family)
        exact = score_completions(model, *batch, SAID)
        coarse = score_completions(model, *batch, SAID, precision="bfloat16")
        assert 0 < float((exact.logprobs - coarse.logprobs).detach().abs().max()) < 0.3
        for mine, its in zip(graded(model, coarse, 0.1), graded(model, exact, 0.1), strict=True):
            assert mine.dtype == torch.float32
            assert float((mine - its).norm()) < 0.15 * float(its.norm())


def test_another_model_in_bfloat16_goes_by_its_own_code(batch: tuple[torch.Tensor, torch.Tensor]) -> None:
    model = made("gemma3")
    exact = score_completions(model, *batch, SAID)
    model.config.attention_dropout = 0.5
    assert not gemma.suits(model.train())
    assert gemma.suits(model.eval())
    model.config.attention_dropout = 0.0
    assert gemma.suits(model.train())
    model.activation_checkpointing_enable()
    assert not gemma.suits(model)
    model.activation_checkpointing_disable()
    model.lm_head.register_parameter("bias", torch.nn.Parameter(torch.zeros(VOCABULARY)))
    assert not gemma.suits(model)
    coarse = score_completions(model, *batch, SAID, precision="bfloat16")
    assert 0 < float((exact.logprobs - coarse.logprobs).detach().abs().max()) < 0.3


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_same_rows_give_the_same_bytes(precision: Any, batch: tuple[torch.Tensor, torch.Tensor]) -> None:  # noqa: ANN401
    model = made("gemma3")
    runs = [score_completions(model, *batch, SAID, precision=precision) for _ in range(2)]
    assert torch.equal(runs[0].logprobs, runs[1].logprobs)
    grads = [graded(model, run, 0.0) for run in runs]
    assert all(torch.equal(one, two) for one, two in zip(*grads, strict=True))
