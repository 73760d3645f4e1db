"""A week with a real model behind the wire: a small Gemma on this CPU, held to our schema while it decodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def test_what_reads_and_judges_a_week_is_valid_too(tmp_path: Path) -> None:
    from ..support.gemma import SmallGemma

    with FaultServer(answers=SmallGemma().answer) as server:
        file = model_file(tmp_path, server.url, timeout_s=120, deadline_s=400, max_tokens=1200)
        setup = Setup(reader=f"llm:{file}", judge=f"llm:{file}")
        summary = run_job(Job(setup, "careful", "validation", 1), tmp_path / "run")
    (record,) = weeks_in(tmp_path / "run")
    assert not [fault for step in record.steps for fault in step.faults]
    assert {step.reading.reader for step in record.steps if step.reply} == {record.versions.reader}
    assert summary["judge"]["unscored"] == 0
    assert summary["judge"]["scored"] == len(record.steps)
    assert any(ask.commitments for step in record.steps for ask in step.reading.asks)


def test_the_folder_for_real_servers_loads(tmp_path: Path) -> None:
    from transformers import AutoTokenizer, Gemma2ForCausalLM

    from ..support.gemma_folder import make

    make(tmp_path, steps=2)
    words = AutoTokenizer.from_pretrained(tmp_path)
    asked = words.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True)
    assert asked == "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n"
    ids = words(asked, add_special_tokens=False, return_tensors="pt").input_ids
    model: Any = Gemma2ForCausalLM.from_pretrained(tmp_path)
    made = model.generate(ids, max_new_tokens=4, do_sample=False)
    assert ids.shape[1] < made.shape[1] <= ids.shape[1] + 4
