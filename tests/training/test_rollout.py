"""Rollouts: rows are what was read and said, groups share a state, and live weeks go on by one of their replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from work_life_firewall.agents.decode import Said
from work_life_firewall.episodes.job import Setup
from work_life_firewall.training.batch import Batch, Row
from work_life_firewall.training.decisions import score_decisions
from work_life_firewall.training.fork import ForkRollout
from work_life_firewall.training.live import Pool, maker
from work_life_firewall.training.rollout import WeekRollout
from work_life_firewall.training.run import Loaded, load_model, make_rollout
from work_life_firewall.training.sampler import LocalSampler
from work_life_firewall.training.settings import TrainSettings, load
from work_life_firewall.world.nodes import Ports

from .tiny import SETTINGS, tiny_folder

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def loaded(folder: Path) -> Loaded:
    return load_model(folder)


def settings(name: str, folder: Path, *changes: str) -> TrainSettings:
    return load(name, (f"model={folder}", *SETTINGS, *changes))


def fork(folder: Path, loaded: Loaded, *changes: str) -> ForkRollout:
    made = make_rollout(settings("fork", folder, *changes), loaded)
    assert isinstance(made, ForkRollout)
    return made


def test_a_group_is_chosen_from_more_replies_than_it_holds(folder: Path, loaded: Loaded) -> None:
    rollout = fork(folder, loaded, "candidates=7")
    batch = rollout.step(0)
    assert len(batch.rows) == len(batch.rewards) == 9
    assert batch.drawn is not None
    assert len(batch.drawn) == batch.tally.replies == len(batch.tally.regrets) == 21
    for group in range(3):
        drawn, kept = batch.drawn[7 * group : 7 * group + 7], batch.rewards[3 * group : 3 * group + 3]
        assert {min(drawn), max(drawn)} <= set(kept)


def test_an_explorer_answers_too_and_only_its_finds_count(folder: Path, loaded: Loaded) -> None:
    alone = fork(folder, loaded, "candidates=4", "negative=0.5")
    both = fork(folder, loaded, "candidates=4", f"explore={{model: {folder}, candidates: 5, keep: 2}}", "negative=0.5")
    before, batch = alone.step(0), both.step(0)
    assert batch.tally.acts == before.tally.acts  # what is told is the policy's own doing
    assert batch.drawn == before.drawn
    assert len(batch.rows) == len(batch.rewards) == 15
    advantages = np.asarray(batch.advantages).reshape(3, 5)
    assert (advantages[:, 3:] >= 0).all()
    assert np.allclose(advantages[:, :3].ravel(), np.asarray(before.advantages))
    for group in range(3):
        assert len({tuple(row.prompt) for row in batch.rows[5 * group : 5 * group + 5]}) == 1
    assert standing(both.pool) == standing(alone.pool)


def test_what_earned_less_counts_as_much_as_is_asked(folder: Path, loaded: Loaded) -> None:
    full, half = (np.asarray(fork(folder, loaded, f"negative={share}").step(0).advantages) for share in (1.0, 0.5))
    assert (full < 0).any()
    assert np.allclose(half, np.where(full < 0, full / 2, full))


class Speaker(LocalSampler):
    """Says the same few replies at every state."""

    def say(self, loaded: Loaded, *texts: str) -> None:
        self.said = [Said(loaded.tokenizer.encode(text, add_special_tokens=False), []) for text in texts]

    def replies(self, prompts: Sequence[Sequence[int]], repeat: int, key: int) -> list[Said]:
        assert repeat == len(self.said)
        return self.said * len(prompts)


def test_what_nobody_understands_is_not_rescued_by_what_the_others_said(folder: Path, loaded: Loaded) -> None:
    made = settings("fork", folder, "weeks_alive=12", "replies=3")
    recipe, setup = Setup().recipe(), Setup()
    seats = setup.plan(recipe, "careful")
    pool = Pool(maker(recipe, "train"), 12, 0, 50)
    speaker = Speaker(loaded.model, loaded.turns.end_ids, 0, made.sampling, 0)
    speaker.say(loaded, "Yes, I will do it.", "Sure, I will do that for you.", "qwx plmk brrt")
    rollout = ForkRollout(made, pool, Ports(seats.reader, seats.coworkers), loaded.turns, speaker)
    rollout.spread = True  # all at Monday's first message, which is staging
    batch = rollout.step(0)
    assert batch.tally.acts["unclear"] == 12
    values = np.asarray(batch.rewards).reshape(12, 3)
    assert {sample.event for sample in batch.tally.samples} == {"staging"}
    real = np.array([week.state.week.need("staging/1") == "real" for week in rollout.pool.weeks])
    assert 0 < real.sum() < 12
    assert (values[real, 2] < values[real, :2].min(1) - 0.05).all()


def standing(pool: Pool) -> list[tuple[int, str | None]]:
    return [(week.seed, week.state.event.id if week.state.event else None) for week in pool.weeks]


def test_a_group_answers_one_state_and_the_week_moves_on_by_one_decision(folder: Path, loaded: Loaded) -> None:
    rollout = fork(folder, loaded)
    first = rollout.step(0)
    before = [(week.seed, week.state.step) for week in rollout.pool.weeks]
    assert len({event for _, event in standing(rollout.pool)}) > 1  # spread over the week
    batch = rollout.step(1)
    assert len(first.rows) == len(batch.rows) == 9
    for group in range(3):
        assert len({tuple(row.prompt) for row in batch.rows[3 * group : 3 * group + 3]}) == 1
    for (seed, step), week in zip(before, rollout.pool.weeks, strict=True):
        assert (week.seed, week.state.step) == (seed, step + 1) or week.seed != seed
    advantages = np.asarray(batch.advantages).reshape(3, 3)
    assert np.abs(advantages.sum(1)).max() < 1e-6
    assert batch.tally.replies == 9
    assert batch.tally.tokens == sum(len(row.completion) for row in batch.rows)
    assert all(0 <= reward <= 1 for reward in batch.rewards)


def test_the_same_words_are_worth_the_same_and_rewards_are_the_weighted_score(folder: Path, loaded: Loaded) -> None:
    plain = fork(folder, loaded).step(0)
    without = fork(folder, loaded, "reward.without=[boundary_setting]").step(0)
    for one, other, scores in zip(plain.rewards, without.rewards, plain.tally.finals, strict=True):
        assert one - other == pytest.approx(0.2 * scores.boundary_setting)
    texts = [loaded.turns.text(row.completion) for row in plain.rows]
    by_text = {
        (place // 3, text): reward for place, (text, reward) in enumerate(zip(texts, plain.rewards, strict=True))
    }
    assert all(by_text[place // 3, text] == plain.rewards[place] for place, text in enumerate(texts))


def test_live_weeks_survive_json_and_go_on_alike(folder: Path, loaded: Loaded) -> None:
    one, other = fork(folder, loaded), fork(folder, loaded)
    one.step(0)
    other.pool.restore(json.loads(json.dumps(one.pool.to_json())))
    other.spread = True
    assert standing(one.pool) == standing(other.pool)
    assert rows(one.step(1)) == rows(other.step(1))
    with pytest.raises(ValueError, match="live weeks were kept"):
        fork(folder, loaded, "weeks_alive=2").pool.restore(one.pool.to_json())


def rows(batch: Batch) -> Sequence[object]:
    return [(row.prompt, row.completion) for row in batch.rows]


def test_seeds_go_round_and_a_finished_week_makes_room(folder: Path, loaded: Loaded) -> None:
    rollout = fork(folder, loaded, "weeks.seeds=1")
    assert {week.seed for week in rollout.pool.weeks} == {0}
    state = rollout.pool.weeks[0].state
    ended = state.but(end="friday")
    assert rollout.pool.put(0, ended) is ended
    assert rollout.pool.weeks[0].state.step == 0


@pytest.mark.slow
@pytest.mark.parametrize("context", ["turn", "week"])
@pytest.mark.parametrize("name", ["turn", "episode"])
def test_a_week_is_one_row_with_his_words_under_the_mask(folder: Path, loaded: Loaded, name: str, context: str) -> None:
    made = make_rollout(settings(name, folder, "weeks_alive=1", "optim.rows_per_pass=0", f"context={context}"), loaded)
    assert isinstance(made, WeekRollout)
    batch = made.step(0)
    assert len(batch.rows) == 3
    for place, row in enumerate(batch.rows):
        assert row.prompt == [loaded.turns.bos_id]
        assert row.mask is not None
        assert len(row.completion) == len(row.mask) == len(row.logprobs)
        assert all(logprob == 0 for logprob, own in zip(row.logprobs, row.mask, strict=True) if not own)
        assert sum(row.mask) > 0
        assert context == "week" or scored(loaded, row) == pytest.approx(row.logprobs, abs=1e-3)
        if name == "turn":
            assert len(batch.advantages[place]) == len(row.completion)
    assert sum(sum(row.mask or ()) for row in batch.rows) == batch.tally.tokens
    assert name == "turn" or np.shape(batch.advantages) == (3,)
    assert batch.rewards == pytest.approx([total_of(scores) for scores in batch.tally.ended])


def scored(loaded: Loaded, row: Row) -> list[float]:
    """Log-probabilities of what was said in a row, each decision read alone."""
    ids, mask = torch.tensor([row.prompt + row.completion]), torch.tensor([row.mask])
    with torch.no_grad():
        found = score_decisions(loaded.model, ids, torch.ones_like(ids), mask, loaded.turns.bos_id)
    return found.logprobs[0].tolist()


def total_of(scores: tuple[float, ...]) -> float:
    return sum(weight * part for weight, part in zip((0.25, 0.25, 0.2, 0.2, 0.1), scores, strict=True))
