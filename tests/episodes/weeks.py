"""Hand-made week records for the tests of this folder."""

from __future__ import annotations

from work_life_firewall.episodes.canaries import canaries
from work_life_firewall.episodes.record import Start, StepRecord, Versions, WeekRecord
from work_life_firewall.episodes.runs import RunConfig
from work_life_firewall.world.event import Ask, Event
from work_life_firewall.world.observation import Observation, SelfView
from work_life_firewall.world.ports import Answer, Appraisal, Fault
from work_life_firewall.world.reading import AskReading, Qualities, Reading
from work_life_firewall.world.scoring import COMPONENTS, WEIGHTS

VERSIONS = Versions(package="0", rubric="1", reader="fake", world="w")
MINDS = {"priya": [0.9, [], []], "rahul": [0.6, [], []], "david": [0.7, [], []], "sundar": [0.8, [], []]}
PEOPLE = ("priya", "rahul", "david", "sundar")


def config(**changed: object) -> RunConfig:
    """A config of ten validation weeks."""
    given: dict[str, object] = {
        "policy": "careful",
        "coworkers": dict.fromkeys(PEOPLE, "scripted"),
        "reader": "local",
        "judge": "none",
        "scenario": "canonical",
        "split": "validation",
        "seed": 0,
        "weeks": 10,
        "driver": "direct",
        "personas": dict.fromkeys(PEOPLE, "00000000"),
        "versions": VERSIONS,
    }
    return RunConfig.model_validate({**given, **changed})


def scores(value: float) -> dict[str, float]:
    """All five components at one value."""
    return dict.fromkeys(COMPONENTS, value)


def total(value: float) -> float:
    """What the components of `scores` come to."""
    return sum(weight * value for weight in WEIGHTS)


def step(event: str, act: str, before: float, after: float, reply: str = "ok", fault: bool = False) -> StepRecord:
    """One step of one ask that moves all components from `before` to `after`."""
    ask = Ask(id=f"{event}/1", sender="priya")
    feels = SelfView(
        energy_band="ok",
        focus_minutes_left=1,
        sprint_minutes_left=1,
        appraisal_minutes_left=1,
        staging_up=True,
        leave="pending",
    )
    there = Event(id=event, source="slack", sender="priya", subject="s", body="b", asks=(ask,))
    observation = Observation.model_validate(
        {"episode_id": "canonical-1", "step": 0, "day": 0, "minute": 360, "event": there, "self": feels}
    )
    asks = (AskReading(ask=f"{event}/1", act=act, confidence=1 / 3, qualities=Qualities(courtesy=2 / 3)),)  # type: ignore[arg-type]
    faults = (Fault(who="priya", rung="retry", kind="timeout", detail="slow", ms=1.0),) if fault else ()
    return StepRecord(
        event=event,
        observation=observation,
        reply=reply,
        reading=Reading(reader="fake", asks=asks),
        answers={"priya": Answer(message="fine", appraisal=Appraisal(respect=1), faults=faults)},
        deltas={"energy": (0.9, 0.8), "trust.priya": (0.9, 0.5), "sprint.delivered": (False, True)},
        spawned=(),
        scores=scores(after),
        total=total(after),
        reward=total(after) - total(before),
        canaries=canaries(reply),
        faults=faults,
    )


def week(seed: int, value: float = 0.5, steps: tuple[StepRecord, ...] = (), **changed: object) -> WeekRecord:
    """A week that starts at 0.25 and ends at `value` in all components."""
    given: dict[str, object] = {
        "episode_id": f"canonical-{seed}",
        "seed": seed,
        "split": "validation",
        "scenario": "canonical",
        "facts": {"staging_owner": "arjun"},
        "policy": "careful",
        "personas": dict.fromkeys(PEOPLE, "00000000"),
        "coworkers": dict.fromkeys(PEOPLE, "scripted"),
        "versions": VERSIONS,
        "start": Start(state={"minds": MINDS}, scores=scores(0.25)),
        "steps": steps or (step("staging", "act", 0.25, value),),
        "unreached": (),
        "end": "friday",
        "evenings": (0.9, 0.8, 0.7, 0.6, 1 / 3),
        "scores": scores(value),
        "total": total(value),
    }
    return WeekRecord.model_validate({**given, **changed})
