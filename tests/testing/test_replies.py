"""The audit of a run's replies: pools of its own texts, the search over them, bars, files, and runs it cannot take."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.runs import WEEKS, weeks_in
from work_life_firewall.episodes.seats import plan
from work_life_firewall.testing.own_texts import QUICK, Trying, pools, search, sender, tries
from work_life_firewall.testing.replies import Replies, RunAudit, write
from work_life_firewall.testing.replies_page import page
from work_life_firewall.testing.search import mean_total
from work_life_firewall.world.generator import generate

RECIPE = load_recipe()
EVENTS = {spec.kind: spec for spec in RECIPE.scenario.events if spec.at}


def run_of(policy: str, out: Path, weeks: int = 2, seed: int = 0) -> Path:
    run_job(Job(Setup(), policy, "validation", weeks, seed), out)
    return out


def audited(run: Path, weeks: int = 200) -> Replies:
    return RunAudit(run, Setup(), weeks, processes=1, trying=QUICK).audit()


def test_pools_are_the_runs_own_texts_bounded_and_fixed(tmp_path: Path) -> None:
    records = list(weeks_in(run_of("careful", tmp_path / "a", 3)))
    said = {step.reply for record in records for step in record.steps}
    found = pools(records, EVENTS, Trying(texts=2, spawned=1))
    assert found == pools(reversed(records), EVENTS, Trying(texts=2, spawned=1))
    assert {text for texts in found.values() for text in texts} <= said
    assert list(found)[: len(EVENTS)] == [kind for kind in EVENTS if kind in found]
    assert all(len(set(texts)) == len(texts) <= (2 if kind in EVENTS else 1) for kind, texts in found.items())
    assert any(kind.startswith("nudge:") for kind in found)
    assert pools(list(weeks_in(run_of("ignorer", tmp_path / "b", 1))), EVENTS, QUICK) == {}


def test_the_search_takes_the_better_text_and_tries_as_many_as_it_says() -> None:
    weeks = [generate(RECIPE, seed) for seed in range(2)]
    seated = plan(RECIPE.personas, "ignorer")
    good = "On it. I'm rolling back last night's deploy now and will post an update in the channel by 7 am."
    own = {"staging": ("asdf qwer", good), "leave": ("No.",)}
    heard: list[int] = []
    found = search(weeks, seated, own, QUICK.rounds, heard.append)
    assert found.texts == {"staging": good, "leave": "No."}
    assert heard == list(range(1, tries(own, QUICK) + 1))
    assert found.total == mean_total(weeks, seated, partial(sender, dict(found.texts)))


@pytest.mark.slow
def test_a_policy_that_reads_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    oracle, decliner = (audited(run_of(policy, tmp_path / policy, 3)) for policy in ("oracle", "decliner"))
    assert oracle.broken == []
    assert {"one text: 0.15 under the policy", "swapped: loses 0.05 more in the twin"} <= set(decliner.broken)
    assert oracle.one_text.twins.pair_accuracy["mean"] == decliner.one_text.twins.pair_accuracy["mean"] == 0.0
    assert oracle.totals[1] == decliner.totals[1]
    assert (oracle.weeks, oracle.split, oracle.policy) == (3, "validation", "oracle")


@pytest.mark.slow
def test_a_report_is_written_and_the_same_twice(tmp_path: Path) -> None:
    run = run_of("greedy", tmp_path / "run", 2, seed=5)
    made = audited(run, weeks=1)
    assert made.weeks == 1
    assert made.plain() == audited(run, weeks=1).plain()
    written = write(made, page(made), tmp_path / "out")
    assert [path.name for path in written] == ["replies.md", "replies.json"]
    assert json.loads(written[1].read_text(encoding="utf-8")) == made.plain()
    text = written[0].read_text(encoding="utf-8")
    for bar, held in made.bars.items():
        assert f"- {'held' if held else '**not held**'}: {bar}" in text
    assert made.broken
    for reply in made.one_text.found.texts.values():
        assert f"  > {reply.splitlines()[0]}" in text


def test_a_run_that_cannot_be_audited_is_one_line(tmp_path: Path) -> None:
    run = run_of("ignorer", tmp_path / "run")
    config, weeks = run / "config.yaml", run / WEEKS
    whole, lines = config.read_text(encoding="utf-8"), weeks.read_text(encoding="utf-8").splitlines(keepends=True)
    weeks.write_text(lines[0], encoding="utf-8")
    with pytest.raises(RunError, match=r"holds 1 of the first 2 weeks; finish it with --resume"):
        audited(run)
    weeks.write_text("", encoding="utf-8")
    with pytest.raises(RunError, match="holds no finished week"):
        audited(run)
    config.write_text(whole.replace("priya: scripted", "priya: llm:some"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"was played with priya=llm:some"):
        audited(run)
    config.write_text(whole.replace("reader: local@", "reader: local@other"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"was read by local@other"):
        audited(run)
