"""Decoding: the log-probabilities are the model's own, rows do not touch each other, and caches live across turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from work_life_firewall.agents.decode import Rows, Said, Sampling, draw_tokens

from .gemmas import made
from .tiny import VOCABULARY, tiny_folder

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]

END, PAD = 5, 0
WINDOW = 24


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401
    folder = tiny_folder(tmp_path_factory.mktemp("tiny"), sliding_window=WINDOW)
    return AutoModelForCausalLM.from_pretrained(folder).eval()


def rows_of(*lengths: int, seed: int = 0) -> list[list[int]]:
    made = torch.Generator().manual_seed(seed)
    return [torch.randint(6, VOCABULARY, (length,), generator=made).tolist() for length in lengths]


def numbers(rows: int, tokens: int, seed: int = 1) -> torch.Tensor:
    return torch.rand(rows, tokens, generator=torch.Generator().manual_seed(seed))


def plain_logprobs(model: Any, row: list[int], said: Said) -> torch.Tensor:  # noqa: ANN401
    """What one forward pass over row and reply says."""
    with torch.no_grad():
        odds = model(torch.tensor([row + said.ids])).logits[0].float().log_softmax(-1)
    return odds[len(row) - 1 : -1].gather(1, torch.tensor(said.ids)[:, None]).squeeze(1)


def test_logprobs_are_those_of_a_plain_forward_pass(model: Any) -> None:  # noqa: ANN401
    prompts = rows_of(3, 17, 40)
    rows = Rows(model, [END], PAD, room=8)
    rows.append(prompts)
    rows.repeat(2)
    told = rows.sample(numbers(6, 12), Sampling(12), last=True)
    assert len(told) == 6
    for place, said in enumerate(told):
        assert len(said.ids) == len(said.logprobs) <= 12
        plain = plain_logprobs(model, prompts[place // 2], said)
        assert torch.allclose(plain, torch.tensor(said.logprobs), atol=1e-4)


def test_gemma2_sees_no_padding_no_later_token_and_nothing_beyond_its_window() -> None:
    model = made("gemma2", window=12).eval()
    prompts = [[7, 8, 9], list(range(40, 57))]
    rows = Rows(model, [END], PAD, room=8)
    rows.append(prompts)
    for prompt, said in zip(prompts, rows.sample(numbers(2, 10), Sampling(10)), strict=True):
        assert torch.allclose(plain_logprobs(model, prompt, said), torch.tensor(said.logprobs), atol=1e-4)


def test_the_cache_is_kept_across_turns_of_unequal_length_and_past_the_window(model: Any) -> None:  # noqa: ANN401
    rows, told = Rows(model, [END], PAD, room=4), [[], [], []]
    unread: list[list[int]] = [[], [], []]
    for turn in range(4):
        fresh = [before + new for before, new in zip(unread, rows_of(5, 9, 20 - turn, seed=turn), strict=True)]
        rows.append(fresh)
        for row, new in zip(told, fresh, strict=True):
            row += new
        said = rows.sample(numbers(3, 6 + turn, seed=turn), Sampling(6 + turn))
        for place, one in enumerate(said):
            plain = plain_logprobs(model, told[place], one)
            assert torch.allclose(plain, torch.tensor(one.logprobs), atol=1e-4)
            told[place] += one.ids[:-1]
            unread[place] = one.ids[-1:]
    assert max(map(len, told)) > 2 * WINDOW


def test_a_row_depends_on_its_own_numbers_only(model: Any) -> None:  # noqa: ANN401
    prompts, uniforms = rows_of(11, 7, 30), numbers(3, 10)

    def sampled(which: list[int]) -> list[Said]:
        rows = Rows(model, [END], PAD)
        rows.append([prompts[place] for place in which])
        return rows.sample(uniforms[which], Sampling(10))

    together = sampled([0, 1, 2])
    assert [sampled([place])[0].ids for place in range(3)] == [said.ids for said in together]
    assert [said.ids for said in sampled([2, 0, 1])] == [together[place].ids for place in (2, 0, 1)]


def test_a_reply_ends_at_its_mark(model: Any) -> None:  # noqa: ANN401
    prompts = rows_of(9, 9)
    rows = Rows(model, range(6, VOCABULARY), PAD)
    rows.append(prompts)
    for said in rows.sample(numbers(2, 10), Sampling(10)):
        assert all(token < 6 for token in said.ids[:-1])
        assert len(said.ids) <= 10


def test_tokens_are_drawn_by_their_odds() -> None:
    logits = torch.tensor([[0.5, 0.2, 0.2, 0.1]]).log().expand(4000, -1)
    drawn = draw_tokens(logits, numbers(4000, 1).squeeze(1), Sampling(1))
    shares = torch.bincount(drawn.ids, minlength=4) / 4000
    assert torch.allclose(shares, torch.tensor([0.5, 0.2, 0.2, 0.1]), atol=0.03)
    assert torch.allclose(drawn.logprobs, logits[0][drawn.ids], atol=1e-5)
    sure = draw_tokens(logits, numbers(4000, 1).squeeze(1), Sampling(1, temperature=0))
    assert set(sure.ids.tolist()) == {0}
    nucleus = draw_tokens(logits, numbers(4000, 1).squeeze(1), Sampling(1, top_p=0.6))
    assert set(nucleus.ids.tolist()) <= {0, 1, 2}
    assert len(set(nucleus.ids.tolist())) == 2
    edge = draw_tokens(logits[:2], torch.tensor([0.0, 1.0 - 1e-7]), Sampling(1))
    assert edge.ids.tolist() == [0, 3]


def test_rows_are_refused_when_empty_or_of_another_number(model: Any) -> None:  # noqa: ANN401
    rows = Rows(model, [END], PAD)
    with pytest.raises(ValueError, match="nothing has been read"):
        rows.sample(numbers(1, 2), Sampling(2))
    with pytest.raises(ValueError, match="at least one id"):
        rows.append([[7], []])
    rows.append(rows_of(3, 4))
    with pytest.raises(ValueError, match="1 rows given"):
        rows.append([[7]])


def test_the_folder_is_a_real_one(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "again")
    assert {"config.json", "model.safetensors", "tokenizer.json", "wlf.json"} <= {p.name for p in folder.iterdir()}
