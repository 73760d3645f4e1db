"""Rows of decisions: each is scored as if it stood alone, whatever stands before it in its row."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from work_life_firewall.training.decisions import score_decisions
from work_life_firewall.training.shared import score_completions

from .tiny import VOCABULARY, tiny_folder

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]
BOS = 2
WEEKS = (((5, 3), (9, 4), (7, 1)), ((5, 6), (4, 2)))
"""Two rows of decisions: tokens seen behind <bos>, tokens said."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401
    return AutoModelForCausalLM.from_pretrained(tiny_folder(tmp_path_factory.mktemp("tiny"), sliding_window=16))


def rows() -> tuple[list[list[tuple[list[int], list[int]]]], torch.Tensor, torch.Tensor, torch.Tensor]:
    """The decisions of each row, and the rows as TRL has them: ids, mask, and what is the policy's, 1 at padding."""
    made = torch.Generator().manual_seed(5)

    def some(count: int) -> list[int]:
        return torch.randint(6, VOCABULARY, (count,), generator=made).tolist()

    weeks = [[([BOS, *some(seen)], some(said)) for seen, said in week] for week in WEEKS]
    weeks[1][0] = (weeks[0][0][0], weeks[1][0][1])  # one state, two replies
    weeks[0][1][1][2] = BOS  # said, not seen: begins nothing
    ids = torch.zeros(2, 40, dtype=torch.long)
    mask, own = torch.zeros_like(ids), torch.ones_like(ids)
    for row, week in enumerate(weeks):
        place = 0
        for seen, said in week:
            ids[row, place : place + len(seen) + len(said)] = torch.tensor([*seen, *said])
            own[row, place : place + len(seen)] = 0
            place += len(seen) + len(said)
        mask[row, :place] = 1
    return weeks, ids, mask, own


def test_numbers_and_gradients_are_those_of_decisions_alone(model: Any) -> None:  # noqa: ANN401
    weeks, ids, mask, own = rows()
    scored = score_decisions(model, ids, mask, own[:, 1:], BOS, temperature=0.7)
    weights = torch.randn(2, 39, generator=torch.Generator().manual_seed(6))
    model.zero_grad()
    ((scored.logprobs + 0.3 * scored.entropies) * weights).sum().backward()
    grads = [weight.grad.clone() for weight in model.parameters()]
    model.zero_grad()
    for row, week in enumerate(weeks):
        place = 0
        for seen, said in week:
            place += len(seen)
            here = slice(place - 1, place - 1 + len(said))
            odds = (model(torch.tensor([[*seen, *said]])).logits[0] / 0.7).log_softmax(-1)[len(seen) - 1 : -1]
            logprobs = odds.gather(1, torch.tensor(said)[:, None]).squeeze(1)
            entropies = -(odds.exp() * odds).sum(-1)
            assert torch.allclose(scored.logprobs[row, here], logprobs, atol=1e-4)
            assert torch.allclose(scored.entropies[row, here], entropies, atol=1e-4)
            ((logprobs + 0.3 * entropies) * weights[row, here]).sum().backward()
            place += len(said)
    for ours, weight in zip(grads, model.parameters(), strict=True):
        assert torch.allclose(ours, weight.grad, atol=1e-3 * float(weight.grad.abs().max()) + 1e-6)


def test_what_is_seen_and_what_is_padding_is_a_hole(model: Any) -> None:  # noqa: ANN401
    _, ids, mask, own = rows()
    with torch.no_grad():
        scored = score_decisions(model, ids, mask, own[:, 1:], BOS)
    holes = (own * mask)[:, 1:] == 0
    assert not scored.logprobs[holes].any()
    assert scored.logprobs[~holes].all()


def test_as_one_text_the_row_reads_otherwise(model: Any) -> None:  # noqa: ANN401
    _, ids, mask, own = rows()
    with torch.no_grad():
        alone = score_decisions(model, ids, mask, own[:, 1:], BOS).logprobs
        together = score_completions(model, ids, mask, 39, wanted=own[:, 1:]).logprobs
    first = sum(WEEKS[0][0])  # completion tokens of the first decision
    assert torch.allclose(alone[0, :first], together[0, :first], atol=1e-4)
    assert not torch.allclose(alone[0, first:], together[0, first:], atol=1e-2)
