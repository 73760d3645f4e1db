"""A week with a real model behind the wire: a small Gemma on this CPU, held to our schema while it decodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.runs import weeks_in

from ..support.fault_server import FaultServer
from ..support.models import model_file

for needed in ("torch", "transformers", "llguidance"):
    pytest.importorskip(needed)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    # torch's own, while it is being imported.
    pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning"),
]


def test_every_message_of_a_week_is_valid_and_the_record_complete(tmp_path: Path) -> None:
    from ..support.gemma import SmallGemma

    with FaultServer(answers=SmallGemma().answer) as server:
        file = model_file(tmp_path, server.url, timeout_s=120, deadline_s=400)
        setup = Setup(coworkers=f"llm:{file}")
        summary = run_job(Job(setup, f"llm:{file}", "validation", 1, driver="graph"), tmp_path / "run")
    (record,) = weeks_in(tmp_path / "run")
    answers = [answer for step in record.steps for answer in step.answers.values()]
    assert record.end in ("friday", "burnout", "truncated")
    assert summary["faulted_weeks"] == 0
    assert len(answers) >= 7
    assert all(answer.raw_appraisal is not None for answer in answers)
    assert {who for step in record.steps for who in step.answers} == {"priya", "rahul", "david", "sundar"}
    assert len({answer.message for answer in answers}) == len(answers)
