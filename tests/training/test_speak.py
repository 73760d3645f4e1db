"""Replies drawn with shared prompts are those of the general decoder, in fewer reads."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from work_life_firewall.agents.decode import Rows, Said, Sampling
from work_life_firewall.training import speak
from work_life_firewall.training.sampler import LocalSampler
from work_life_firewall.training.settings import SampleSettings

from .gemmas import VOCABULARY, made

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]

ENDS, SAID, REPEAT = tuple(range(5, 35)), 14, 3


def prompts() -> list[list[int]]:
    seeded = torch.Generator().manual_seed(2)
    return [torch.randint(40, VOCABULARY, (length,), generator=seeded).tolist() for length in (9, 3, 17, 9)]


def uniforms() -> torch.Tensor:
    return torch.rand(len(prompts()) * REPEAT, SAID, generator=torch.Generator().manual_seed(6))


def spoken(model: Any, dtype: torch.dtype = torch.float32, sampling: Sampling | None = None) -> list[Said]:  # noqa: ANN401
    return speak.Speaker(model, dtype).replies(prompts(), REPEAT, uniforms(), ENDS, sampling or Sampling(SAID))


def decoded(model: Any, sampling: Sampling) -> list[Said]:  # noqa: ANN401
    rows = Rows(model, ENDS, 0, 64)
    rows.append(prompts())
    rows.repeat(REPEAT)
    return rows.sample(uniforms(), sampling, last=True)


@pytest.mark.parametrize("sampling", [Sampling(SAID), Sampling(SAID, 0.7, 0.9)], ids=["plain", "cooler"])
@pytest.mark.parametrize("family", ["gemma2", "gemma3"])
def test_replies_and_their_logprobs_are_those_of_the_general_decoder(family: str, sampling: Sampling) -> None:
    model = made(family).eval()
    ours, plain = spoken(model, sampling=sampling), decoded(model, sampling)
    assert [one.ids for one in ours] == [one.ids for one in plain]
    for mine, its in zip(ours, plain, strict=True):
        assert torch.allclose(torch.tensor(mine.logprobs), torch.tensor(its.logprobs), atol=1e-5)
    # Some end early and some never, so rows have left the batch on the way.
    lengths = [len(one.ids) for one in ours]
    assert min(lengths) < SAID // 2 and max(lengths) == SAID


def test_bfloat16_tells_the_logprobs_it_drew_from() -> None:
    model = made("gemma3").eval()
    said = spoken(model, torch.bfloat16)
    for place, one in enumerate(said):
        prompt = prompts()[place // REPEAT]
        with torch.no_grad():
            odds = model(torch.tensor([prompt + one.ids])).logits[0].log_softmax(-1)
        plain = odds[len(prompt) - 1 : -1].gather(1, torch.tensor(one.ids)[:, None]).squeeze(1)
        assert torch.allclose(plain, torch.tensor(one.logprobs), atol=0.3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_same_numbers_give_the_same_replies(dtype: torch.dtype) -> None:
    model = made("gemma3").eval()
    assert spoken(model, dtype) == spoken(model, dtype)


def test_rows_beyond_the_window_and_other_models_are_decoded_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow, wide = made("gemma3", window=20).eval(), made("gemma3").eval()
    assert not speak.suits(narrow, 21) and speak.suits(narrow, 20)
    assert not speak.suits(wide.to(torch.bfloat16), 20)
    monkeypatch.setattr(speak, "Speaker", None)
    settings = SampleSettings(max_new_tokens=4)
    assert len(LocalSampler(narrow, ENDS, 0, settings, seed=0).replies(prompts(), REPEAT, key=1)) == 12


def test_the_sampler_speaks_in_the_precision_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    model, heard = made("gemma3").train(), []
    real = speak.Speaker

    def listening(model: Any, dtype: torch.dtype) -> speak.Speaker:  # noqa: ANN401
        heard.append((dtype, model.training))
        return real(model, dtype)

    monkeypatch.setattr(speak, "Speaker", listening)
    settings = SampleSettings(max_new_tokens=4)
    for precision in ("float32", "bfloat16"):
        sampler = LocalSampler(model, ENDS, 0, settings, 0, precision)
        assert len(sampler.replies(prompts(), REPEAT, key=1)) == 12
    assert heard == [(torch.float32, False), (torch.bfloat16, False)]
    assert model.training
