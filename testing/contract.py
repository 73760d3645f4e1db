"""The contract as checks that users run on their own policy or persona: `check_policy(make)`, `check_persona(file)`.

Each check raises ContractBroken with what it found; none returns anything. They play a few weeks, without network.

    from work_life_firewall.testing.contract import check_policy
    def test_mine(): check_policy(MyPolicy)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..agents.baselines import Random
from ..agents.careful import Careful
from ..agents.oracle import SeesState
from ..config import load_recipe
from ..episodes.loop import DriverName, run_week
from ..episodes.recheck import recheck
from ..episodes.record import WeekRecord
from ..episodes.seats import SeatPlan, plan
from ..world.generator import generate, seeds
from ..world.observation import Observation
from ..world.ports import Protagonist, Stakeholder
from ..world.week import Recipe, Week

Make = Callable[[int], Protagonist]
"""Builds the policy for a week's seed."""
WEEKS = 3
STATE_WORDS = ("refuse_when", "first_act", "first_quality", "leave_odds", "light_minutes", "restore_at")
"""Names of the hidden state that no protagonist may read and no coworker may say."""
_NUMBER = re.compile(r"\b(?:trust|score|reward)\b\W{0,3}(?:is|at|to|of)?\W{0,3}[01]?\.\d")


class ContractBroken(AssertionError):
    """What a policy or a persona does that no seat may do, in one line."""


class _Watched:
    """Passes observations on as they are on the wire, and keeps them."""

    def __init__(self, inner: Protagonist) -> None:
        self._inner = inner
        self.seen: list[Observation] = []

    async def reply(self, obs: Observation) -> str:
        """The inner policy's reply to a copy that went through JSON."""
        self.seen.append(obs)
        return await self._inner.reply(Observation.model_validate_json(obs.model_dump_json(by_alias=True)))


def check_policy(make: Make, weeks: int = WEEKS) -> None:
    """Everything that a policy in Arjun's seat must hold, but `seeds_differ`, which is for policies that draw.

    weeks: how many to play. Raises ContractBroken.
    """
    recipe = load_recipe()
    made = _weeks(recipe, weeks)
    records = [_played(week, make) for week in made]
    same_seed_same_transcript(make, made)
    both_drivers_agree(make, made[:1])
    reads_the_wire_only(make, made)
    nothing_hidden_leaks(records)
    for record in records:
        scores_add_up(record)
        every_event_is_settled(record)
    different_weeks_differ(records)


def check_persona(file: str | Path, who: str, weeks: int = WEEKS) -> None:
    """Everything that a coworker's persona must hold in the scripted seat; who is the person id that it replaces.

    Raises ContractBroken, and ConfigError for a file that is no persona.
    """
    recipe = load_recipe(personas={who: str(file)})
    made = _weeks(recipe, weeks)
    for policy in (Careful, Random):
        records = [_played(week, policy) for week in made]
        same_seed_same_transcript(policy, made)
        nothing_hidden_leaks(records)
        for record in records:
            scores_add_up(record)
            every_event_is_settled(record)
            trust_is_a_share(record)


def check_stakeholder(make: Callable[[], Stakeholder], who: str, weeks: int = WEEKS) -> None:
    """The same for a coworker of the user's own making in one seat. Raises ContractBroken."""
    recipe = load_recipe()
    seated = plan(recipe.personas, "careful")
    seated = replace(seated, coworkers={**seated.coworkers, who: make()}, specs={**seated.specs, who: "own"})
    for week in _weeks(recipe, weeks):
        first, second = (_played(week, Careful, seated) for _ in range(2))
        if first.line() != second.line():
            raise ContractBroken(f"week {week.seed}: {who} answers differently the second time")
        nothing_hidden_leaks([first])
        scores_add_up(first)
        every_event_is_settled(first)
        trust_is_a_share(first)


def same_seed_same_transcript(make: Make, weeks: Sequence[Week]) -> None:
    """The same week under the same seed comes out the same to the byte."""
    for week in weeks:
        first, second = _played(week, make), _played(week, make)
        if first.line() != second.line():
            raise ContractBroken(f"week {week.seed}: two plays differ {_where(first, second)}")


def different_weeks_differ(records: Sequence[WeekRecord]) -> None:
    """Weeks of different seeds are different weeks: other events, times or words."""
    bodies = [tuple(step.observation.event.body for step in record.steps) for record in records]
    if len(set(bodies)) < len(bodies):
        raise ContractBroken("two weeks of different seeds brought the same events in the same words")


def seeds_differ(make: Make, week: Week) -> None:
    """A policy that draws says something else under another seed of its own."""
    replies = {tuple(step.reply for step in _played(week, make, seed=seed).steps) for seed in range(3)}
    if len(replies) == 1:
        raise ContractBroken(f"week {week.seed}: seeds 0, 1 and 2 of the policy say the same throughout")


def both_drivers_agree(make: Make, weeks: Sequence[Week]) -> None:
    """Plain calls and the graph come to the same transcript."""
    for week in weeks:
        first, second = _played(week, make), _played(week, make, driver="graph")
        if first.line() != second.line():
            raise ContractBroken(f"week {week.seed}: the drivers differ {_where(first, second)}")


def reads_the_wire_only(make: Make, weeks: Sequence[Week]) -> None:
    """The policy answers a copy of the observation, as it comes over the wire, as it answers the object itself."""
    if isinstance(make(weeks[0].seed), SeesState):
        raise ContractBroken("the policy asks to see the hidden state: it may be a reference, not a competitor")
    for week in weeks:
        own, wired = _played(week, make), _played(week, lambda seed: _Watched(make(seed)))
        if own.line() != wired.line():
            raise ContractBroken(f"week {week.seed}: reads more than the observation's JSON {_where(own, wired)}")


def nothing_hidden_leaks(records: Sequence[WeekRecord]) -> None:
    """Nothing that Arjun sees or is told names a hidden fact, a part of the state, or a number of trust or score.

    His own words do not count, nor do those that somebody picks up from him.
    """
    for record in records:
        names = [*record.facts, *STATE_WORDS]
        own = "\n".join(step.reply for step in record.steps).lower()
        for where, text in _texts(record):
            lowered = text.lower()
            found = next((name for name in names if name in lowered and name not in own), None)
            numbers = [number for number in _NUMBER.findall(lowered) if number not in own]
            told = found or next(iter(numbers), None)
            if told:
                raise ContractBroken(f"week {record.seed}: {where} tells {told!r}")


def scores_add_up(record: WeekRecord) -> None:
    """Rewards sum to final - start, components to the total, all within 0..1."""
    fault = next(iter(recheck(record)), None)
    if fault is not None:
        raise ContractBroken(fault)


def every_event_is_settled(record: WeekRecord) -> None:
    """Every event that came or was set in motion is answered once or listed as unreached; no week ended in an error."""
    if record.end == "error":
        raise ContractBroken(f"week {record.seed}: {record.error}")
    answered = [step.event for step in record.steps]
    twice = [event for event in answered if answered.count(event) > 1]
    if twice:
        raise ContractBroken(f"week {record.seed}: {twice[0]} was answered twice")
    both = set(answered) & set(record.unreached)
    if both:
        raise ContractBroken(f"week {record.seed}: {min(both)} is both answered and unreached")
    spawned = {event for step in record.steps for event in step.spawned}
    lost = spawned - set(answered) - set(record.unreached)
    if lost:
        raise ContractBroken(f"week {record.seed}: {min(lost)} was set in motion and never settled")


def trust_is_a_share(record: WeekRecord) -> None:
    """Everybody's trust stays within 0..1, and appraisals on their scale."""
    for step in record.steps:
        for path, (_, after) in step.deltas.items():
            if path.startswith("trust.") and not 0.0 <= float(after) <= 1.0:
                raise ContractBroken(f"week {record.seed}: at {step.event} {path} is {after}")


def _weeks(recipe: Recipe, weeks: int) -> list[Week]:
    return [generate(recipe, seed) for seed in seeds("validation", weeks)]


def _played(
    week: Week, make: Make, seated: SeatPlan | None = None, seed: int | None = None, driver: DriverName = "direct"
) -> WeekRecord:
    """The week with the scripted coworkers and the policy of a seed, the week's own unless told."""
    chosen = seated or plan(week.recipe.personas, "careful")
    protagonist = make(week.seed if seed is None else seed)
    return run_week(week, replace(chosen.seats(week.seed), protagonist=protagonist, policy="checked"), driver)


def _texts(record: WeekRecord) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that anybody reads or says in a week."""
    for step in record.steps:
        seen = step.observation
        told = seen.model_copy(update={"thread": tuple(line for line in seen.thread if line.who != "arjun")})
        yield f"{step.event}: the observation", _plain(told.model_dump(mode="json", by_alias=True))
        for who, answer in step.answers.items():
            yield f"{step.event}: {who}'s message", answer.message


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """All keys and texts of a JSON value, one a line."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}\n{_plain(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(_plain(inner) for inner in value)
    return str(value)


def _where(first: WeekRecord, second: WeekRecord) -> str:
    """The first step in which two records of a week part."""
    for one, other in zip(first.steps, second.steps, strict=False):
        if one != other:
            return f"from {one.event} on: {one.reply[:60]!r} and {other.reply[:60]!r}"
    return "in how the week ends"
