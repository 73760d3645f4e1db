"""A tiny warm start from end to end: deterministic, it learns, and its folder is Hugging Face's with our notes."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from work_life_firewall.agents.hf import read_notes
from work_life_firewall.agents.turns import TurnFormat
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.training import model as models
from work_life_firewall.training.examples import Row, Turn, taught
from work_life_firewall.training.packing import batches, encode
from work_life_firewall.training.report import Played, figures, play, samples
from work_life_firewall.training.settings import load as train_settings
from work_life_firewall.training.warm_config import (
    DataConfig,
    ModelConfig,
    OptimConfig,
    SampleConfig,
    TeacherConfig,
    WarmstartConfig,
    load,
)
from work_life_firewall.training.warmstart import METRICS, REPORT, Warm, losses, run
from work_life_firewall.world.generator import SEEDS_A_SPLIT

for needed in ("torch", "transformers"):
    pytest.importorskip(needed)

pytestmark = [
    pytest.mark.training,
    pytest.mark.slow,
    # torch's own, while it is being imported.
    pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning"),
]

TINY = WarmstartConfig(
    threads=1,
    teacher=TeacherConfig(mode="people_pleaser", right=0.1, other=0.05),
    model=ModelConfig(vocabulary=700, hidden=32, intermediate=64, layers=2, heads=2, kv_heads=1, head_dim=16),
    data=DataConfig(turn_weeks=6, opening_weeks=4, week_weeks=1, primer_weeks=2, mix=0.5, corpus=10),
    optim=OptimConfig(tokens=1024, lr=1e-2),
    sample=SampleConfig(max_new_tokens=8, weeks=2),
)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Warm:
    return run(TINY, tmp_path_factory.mktemp("warm"))


def lines(warm: Warm) -> list[dict[str, float]]:
    return [json.loads(line) for line in (warm.folder / METRICS).read_text(encoding="utf-8").splitlines()]


def test_it_learns_and_says_so(warm: Warm) -> None:
    told = lines(warm)
    assert told[-1]["step"] == told[-1]["of"] == len(told)
    assert told[-1]["loss"] < 0.8 * told[0]["loss"]
    assert list(dict.fromkeys(line["stage"] for line in told)) == ["primer", "turns", "weeks"]
    assert {line["rows"] for line in told} == {"turns", "weeks"}
    assert warm.figures["turns_loss"] and warm.figures["weeks_loss"]
    made = json.loads((warm.folder / "warmstart.json").read_text(encoding="utf-8"))
    assert WarmstartConfig.model_validate(made["config"]) == TINY
    report = json.loads((warm.folder / REPORT).read_text(encoding="utf-8"))
    assert report["figures"] == warm.figures["played"] and report["samples"]
    assert report["figures"]["facts"]["asks"] > 0


def test_drafts_are_learned_as_if_each_stood_alone(warm: Warm) -> None:
    import torch

    model, tokenizer = models.load(warm.folder)
    model.config.sliding_window = 20
    turns = TurnFormat(tokenizer)
    turn = Turn(
        "Mon 10:00 - slack from Priya\nCould you help?", "Yes, happy to.", ("No, sorry, not today.", "Perhaps.")
    )
    rest = Turn("Mon 12:00 - slack from Rahul\nAnd me?", "Later today.")
    together = [encode(Row((turn, rest)), turns, 0.0)]
    alone = [encode(Row((Turn(turn.seen, said),)), turns, 0.0) for said in turn.drafts]
    alone.append(encode(Row((Turn(turn.seen, turn.said), rest)), turns, 0.0))
    with torch.no_grad():
        one, other = (losses(model, next(batches(rows, 4096, 0, 0, 0))).total for rows in (together, alone))
    assert float(one) == pytest.approx(float(other), rel=1e-5)


def test_the_same_config_gives_the_same_weights(warm: Warm, tmp_path: Path) -> None:
    import torch

    heard: list[int] = []
    again = run(TINY, tmp_path / "again", lambda line: heard.append(line["step"]))
    first, second = (models.load(one.folder)[0].state_dict() for one in (warm, again))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert heard == list(range(1, len(heard) + 1))


def test_a_base_is_gone_on_from(warm: Warm, tmp_path: Path) -> None:
    teacher = TeacherConfig(mode="no_preference")
    further = run(TINY.model_copy(update={"base": str(warm.folder), "teacher": teacher}), tmp_path / "further")
    assert lines(further)[0]["loss"] < 0.8 * lines(warm)[0]["loss"]
    before, after = (models.load(one.folder)[1] for one in (warm, further))
    assert before.get_vocab() == after.get_vocab()
    for name, said in ((tmp_path / "none", "no model folder"), (tmp_path / "torn", "cannot be loaded")):
        if said == "cannot be loaded":
            name.mkdir()
            (name / "config.json").write_text("{", encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            run(TINY.model_copy(update={"base": str(name)}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_base_whose_words_cannot_be_cut_is_one_line(warm: Warm, tmp_path: Path) -> None:
    base = tmp_path / "base"
    shutil.copytree(warm.folder, base)
    file = base / "tokenizer.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    told["model"] = {"type": "WordLevel", "vocab": told["model"]["vocab"], "unk_token": "<unk>"}
    file.write_text(json.dumps(told), encoding="utf-8")
    data = TINY.data.model_copy(update={"cut": 0.1})
    with pytest.raises(UsageError, match="WordLevel"):
        run(TINY.model_copy(update={"base": str(base), "data": data}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_its_folder_loads_as_any_gemma_does(warm: Warm) -> None:
    model, tokenizer = models.load(warm.folder)
    assert type(model).__name__ == "Gemma3ForCausalLM"
    assert model.config.sliding_window == TINY.model.sliding_window
    assert model.config.vocab_size == len(tokenizer)
    notes = read_notes(warm.folder)
    assert (notes.context, notes.contexts, notes.max_new_tokens) == ("turn", ("turn", "week"), 8)
    assert TurnFormat(tokenizer).end_ids == tuple(reversed(model.config.eos_token_id))


def test_it_is_measured_on_validation_weeks(warm: Warm) -> None:
    model, tokenizer = models.load(warm.folder)
    notes = read_notes(warm.folder)
    played = play(model.eval(), tokenizer, notes, weeks=2)
    assert [week.seed for week in played.weeks] == [100_000, 100_001]
    told = figures(played)
    assert told["weeks"] == 2 and 0.0 <= told["total"] <= 1.0 and len(told["evenings"]) == 5
    assert sum(told["acts"].values()) == pytest.approx(1.0, abs=0.01)
    assert told["reply_tokens"] <= notes.max_new_tokens
    assert played == play(model.eval(), tokenizer, notes, weeks=2)
    assert len(samples(played, 3)) == 3


def test_the_report_knows_who_reads() -> None:
    clone, fickle = (
        Played(
            tuple(week.record for week in taught(TeacherConfig(mode=mode, gist=1.0), [100_000, 100_001])), (1,), (1,)
        )
        for mode in ("careful", "no_preference")
    )
    assert figures(clone)["gists_right"] == figures(fickle)["gists_right"] == 1.0
    assert figures(clone)["told_apart"] > 0.5
    silent = Played(
        tuple(week.record for week in taught(TeacherConfig(mode="careful", gist=0.0), [100_000])), (1,), (1,)
    )
    assert figures(silent)["gists_right"] is None


def test_shipped_configs_share_no_weeks_with_each_other_nor_with_grpo() -> None:
    grpo = train_settings("headline").weeks
    taken = [range(grpo.first_seed, grpo.first_seed + 3 * grpo.seeds)]
    for name in ("warmstart-no-preference", "warmstart", "warmstart-careful"):
        data = load(name).data
        weeks = sum(getattr(data, name) for name in type(data).model_fields if name.endswith("_weeks"))
        taken.append(range(data.first_seed, data.first_seed + weeks))
    for left, right in pairwise(sorted(taken, key=lambda seeds: seeds.start)):
        assert left.stop <= right.start
    assert max(seeds.stop for seeds in taken) <= SEEDS_A_SPLIT
