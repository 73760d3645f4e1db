"""Replies through the trainer: rows are sent whole, ids come back as they were drawn, log-probabilities too."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest
import torch

from work_life_firewall.training.backend_replies import SentRows, TrainerSampler
from work_life_firewall.training.settings import load
from work_life_firewall.training.trainer import grpo_config

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore")]


class FakeTrainer:
    """Answers a row with its length and the end mark 5; as vLLM does, with log-probabilities, when told to."""

    def __init__(self, tells: bool) -> None:
        self.tells = tells
        self.asked: list[list[list[int]]] = []

    def _generate_single_turn(
        self, ids: list[list[int]], images: None, fields: dict[str, object], num_generations: int
    ) -> tuple[list[list[int]], list[list[float]] | None]:
        assert (images, fields, num_generations) == (None, {}, 1)
        self.asked.append([list(row) for row in ids])
        said = [[len(row), 5] for row in ids]
        return said, [[-0.5, -0.25] for _ in ids] if self.tells else None


def sampler(tells: bool) -> tuple[TrainerSampler, FakeTrainer]:
    made, trainer = TrainerSampler(seed=3), FakeTrainer(tells)
    made.trainer = trainer
    return made, trainer


def test_a_prompt_is_sent_once_for_every_reply() -> None:
    made, trainer = sampler(tells=True)
    said = made.replies([[2, 7], [2, 7, 8]], 2, key=1)
    assert trainer.asked == [[[2, 7], [2, 7], [2, 7, 8], [2, 7, 8]]]
    assert [one.ids for one in said] == [[2, 5], [2, 5], [3, 5], [3, 5]]
    assert said[0].logprobs == [-0.5, -0.25]


def test_unknown_log_probabilities_are_not_taken_for_numbers() -> None:
    made, _ = sampler(tells=False)
    (said,) = made.replies([[2, 7]], 1, key=1)
    assert len(said.logprobs) == 2 and all(map(isnan, said.logprobs))


def test_rows_grow_by_what_was_read_and_said_and_weeks_that_end_leave() -> None:
    made, trainer = sampler(tells=True)
    rows = made.rows()
    assert isinstance(rows, SentRows)
    rows.append([[2, 7], [2, 8], [2, 9]])
    made.more(rows, 3, key=1)
    rows.keep(torch.tensor([0, 2]))
    rows.append([[5, 40], [5, 41, 42]])  # the last id drawn comes with what is read next
    made.more(rows, 2, key=2)
    assert trainer.asked[1] == [[2, 7, 2, 5, 40], [2, 9, 2, 5, 41, 42]]
    with pytest.raises(ValueError, match="zip"):
        rows.append([[1]])


def test_vllm_runs_in_the_process_with_its_share_and_knows_where_a_reply_ends(tmp_path: Path) -> None:
    made = load("fork", ["generation=vllm", "device=gpu", "vllm.share=0.4", "vllm.length=512"])
    config = grpo_config(made, tmp_path, 3, end_ids=(107, 1))
    assert (config.use_vllm, config.vllm_mode, config.vllm_gpu_memory_utilization) == (True, "colocate", 0.4)
    assert (config.vllm_max_model_length, config.generation_kwargs) == (512, {"stop_token_ids": [107, 1]})
    assert not grpo_config(load("fork"), tmp_path, 3).use_vllm
