"""The prompt read once for a group gives the same numbers, and the same gradients, as reading every row alone."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from work_life_firewall.training.shared import score_completions

from .tiny import VOCABULARY, tiny_folder

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401
    return AutoModelForCausalLM.from_pretrained(tiny_folder(tmp_path_factory.mktemp("tiny"), sliding_window=16))


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    """Seven rows of three prompts, shuffled; prompts padded on the left, completions on the right; (ids, mask)."""
    made = torch.Generator().manual_seed(3)
    prompts = [torch.randint(6, VOCABULARY, (length,), generator=made) for length in (20, 8, 14)]
    ids, mask = torch.zeros(7, 32, dtype=torch.long), torch.zeros(7, 32, dtype=torch.long)
    for row, (which, length) in enumerate(zip((0, 2, 1, 0, 1, 2, 0), (12, 5, 1, 9, 12, 3, 7), strict=True)):
        prompt = prompts[which]
        ids[row, 20 - len(prompt) : 20] = prompt
        ids[row, 20 : 20 + length] = torch.randint(6, VOCABULARY, (length,), generator=made)
        mask[row, 20 - len(prompt) : 20 + length] = 1
    return ids, mask


def alone(model: Any, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401
    """Row by row without padding: log-probabilities and entropies of the 12 completion columns."""
    logprobs, entropies = torch.zeros(len(ids), 12), torch.zeros(len(ids), 12)
    for row in range(len(ids)):
        real = ids[row][mask[row].bool()]
        said = int(mask[row, 20:].sum())
        odds = model(real[None]).logits[0].log_softmax(-1)[-said - 1 : -1]
        logprobs[row, :said] = odds.gather(1, real[-said:, None]).squeeze(1)
        entropies[row, :said] = -(odds.exp() * odds).sum(-1)
    return logprobs, entropies


def test_numbers_and_gradients_are_those_of_rows_alone(model: Any, batch: tuple[torch.Tensor, torch.Tensor]) -> None:  # noqa: ANN401
    ids, mask = batch
    weights = torch.randn(7, 12, generator=torch.Generator().manual_seed(4))
    grads = []
    values = []
    for logprobs, entropies in (score_completions(model, ids, mask, 12), alone(model, ids, mask)):
        model.zero_grad()
        ((logprobs + 0.3 * entropies) * weights * mask[:, 20:]).sum().backward()
        grads.append([weight.grad.clone() for weight in model.parameters()])
        values.append((logprobs.detach(), entropies.detach()))
    assert torch.allclose(values[0][0], values[1][0], atol=1e-4)
    assert torch.allclose(values[0][1], values[1][1], atol=1e-4)
    for ours, plain in zip(*grads, strict=True):
        assert torch.allclose(ours, plain, atol=1e-3 * float(plain.abs().max()) + 1e-6)


def test_what_is_not_wanted_is_a_hole(model: Any, batch: tuple[torch.Tensor, torch.Tensor]) -> None:  # noqa: ANN401
    ids, mask = batch
    wanted = torch.zeros(7, 12)
    wanted[:, 1::2] = 1
    with torch.no_grad():
        some = score_completions(model, ids, mask, 12, wanted=wanted)
        every = score_completions(model, ids, mask, 12)
    assert torch.allclose(some.logprobs, every.logprobs * wanted, atol=1e-5)
    assert not some.entropies[:, ::2].any()


def test_temperature_divides_the_logits(model: Any, batch: tuple[torch.Tensor, torch.Tensor]) -> None:  # noqa: ANN401
    ids, mask = batch
    with torch.no_grad():
        hot = score_completions(model, ids, mask, 12, temperature=100.0)
    real = mask[:, 20:].bool()
    assert hot.entropies[real].min() == pytest.approx(float(torch.tensor(float(VOCABULARY)).log()), abs=0.01)
