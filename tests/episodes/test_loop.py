"""The loop: weeks end and hold together, whoever sits there; a failed week is data; luck is the seed's."""

from __future__ import annotations

import pytest

from work_life_firewall.agents.human import Quit
from work_life_firewall.config import ConfigError
from work_life_firewall.episodes.loop import DriverName, run_week
from work_life_firewall.episodes.recheck import recheck
from work_life_firewall.episodes.record import StepRecord, WeekRecord
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.ports import Answer, Appraisal, Fault, Turn

from .seated import FIRST, a_week, seats

CANONICAL = {"staging", "slack_pair", "client_mail", "leave", "appraisal", "oncall_swap", "late_standup"}


def yes(obs: Observation) -> str:
    return f"Yes, I take {obs.event.id}."


def test_a_week_ends_answered_and_adds_up() -> None:
    heard: list[StepRecord] = []
    record = run_week(a_week(), seats(yes), on_step=heard.append)
    assert record.end in ("friday", "burnout")
    assert len(record.evenings) == 5
    assert tuple(heard) == record.steps
    answered = {step.event for step in record.steps}
    assert answered | set(record.unreached) >= CANONICAL
    assert not answered & set(record.unreached)
    assert list(recheck(record)) == []
    assert WeekRecord.model_validate_json(record.line()).line() == record.line()


def test_final_trust_and_delivery_are_read_from_the_record() -> None:
    record = run_week(a_week(), seats(yes))
    assert set(record.trust) == {"priya", "rahul", "david", "sundar"}
    assert all(0 <= trust <= 1 for trust in record.trust.values())
    assert isinstance(record.delivered, bool)


@pytest.mark.parametrize("driver", ["direct", "graph"])
def test_same_seed_same_record_and_other_seeds_differ(driver: DriverName) -> None:
    lines = [run_week(a_week(seed), seats(yes), driver).line() for seed in (FIRST, FIRST, FIRST + 1)]
    assert lines[0] == lines[1]
    assert lines[0] != lines[2]


def test_both_drivers_write_the_same_record() -> None:
    for seed in (FIRST, 7, 200_003):
        assert run_week(a_week(seed), seats(yes), "direct").line() == run_week(a_week(seed), seats(yes), "graph").line()


def test_ignoring_everything_ends_too() -> None:
    record = run_week(a_week(), seats(lambda obs: ""))
    assert record.end in ("friday", "burnout")
    assert {ask.act for step in record.steps for ask in step.reading.asks} == {"ignore"}


def test_a_failing_protagonist_is_recorded_with_the_steps_before(tmp_path: object) -> None:
    def fails(obs: Observation) -> str:
        if obs.step == 2:
            raise RuntimeError("the model\nis gone")
        return "Yes."

    record = run_week(a_week(), seats(fails))
    assert (record.end, len(record.steps)) == ("error", 2)
    assert record.error is not None
    assert record.error.endswith("RuntimeError: the model is gone")
    assert record.faulted
    assert list(recheck(record)) == []
    assert record.unreached


@pytest.mark.parametrize("reply", [None, 3, b"bytes", ["a"]])
def test_a_reply_that_is_no_text_is_an_error_of_the_week(reply: object) -> None:
    record = run_week(a_week(), seats(lambda obs: reply))
    assert record.end == "error"
    assert f"a reply must be text, not {type(reply).__name__}" in str(record.error)


@pytest.mark.parametrize("reply", ["x" * 1_000_000, "\x00\x1b[31m\u2028", "\ud800 lone", "{unfilled} {0} %s", "\n\n"])
def test_any_text_is_a_reply(reply: str) -> None:
    record = run_week(a_week(), seats(lambda obs: reply))
    assert record.end in ("friday", "burnout")
    again = WeekRecord.model_validate_json(record.line())
    assert again.steps[0].reply == reply.replace("\ud800", "?")


def test_a_person_who_leaves_ends_the_week_early() -> None:
    def leaves(obs: Observation) -> str:
        if obs.step == 1:
            raise Quit("bye")
        return "Yes."

    record = run_week(a_week(), seats(leaves))
    assert (record.end, len(record.steps), record.error) == ("truncated", 1, None)
    assert "leave" in record.unreached
    assert list(recheck(record)) == []


def test_a_broken_config_stops_the_run() -> None:
    def breaks(obs: Observation) -> str:
        raise ConfigError("phrases.yaml", 3, "broken")

    with pytest.raises(ConfigError):
        run_week(a_week(), seats(breaks))


class Falters:
    """A coworker whose model fell silent, and who was replaced."""

    async def answer(self, turn: Turn) -> Answer:
        fault = Fault(who=turn.persona.id, rung="scripted", kind="timeout", detail="30 s", ms=30_000.0)
        return Answer(message="ok", appraisal=Appraisal(), faults=(fault,))


def test_faults_stand_in_their_step() -> None:
    record = run_week(a_week(), seats(yes, Falters()))
    assert record.faulted
    assert record.steps[0].faults[0].kind == "timeout"


def test_nothing_hidden_reaches_the_protagonist() -> None:
    seen: list[str] = []
    week = a_week()
    run_week(week, seats(lambda obs: seen.append(obs.model_dump_json(by_alias=True)) or "Yes."))
    hidden = ("trust", "scores", "facts", "refuse", *week.facts)
    assert not [word for text in seen for word in hidden if f'"{word}"' in text]
