"""One week step by step, and its record: whoever drives it, the loop here or a client of a server elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ..world.engine import close, start
from ..world.nodes import StepOutcome
from ..world.observation import Observation
from ..world.ports import Fault
from ..world.scoring import Scores, score
from ..world.state import WeekState
from ..world.view import observe
from ..world.week import Week
from .canaries import canaries
from .judging import judged
from .record import End, Start, StepRecord, WeekRecord
from .seats import SeatPlan, Seats
from .versions import persona_marks, versions

Driver = Callable[[WeekState, str], Awaitable[StepOutcome]]
EVENINGS = 5


class _Stopped(NamedTuple):
    end: End
    error: str | None


class Session:
    """A week being played: `state` is where it stands, `steps` what is on record so far."""

    def __init__(self, week: Week, seats: Seats | SeatPlan, driver: Driver) -> None:
        self.state = start(week)
        self.steps: list[StepRecord] = []
        self._seats = seats
        self._driver = driver
        self._opening = self.state
        self._stopped: _Stopped | None = None
        self._seen: tuple[WeekState, Observation] | None = None
        self._scored = (self.state, score(self.state))

    @property
    def over(self) -> bool:
        """Whether the week takes no more replies."""
        return self.state.end is not None or self._stopped is not None

    @property
    def end(self) -> End | None:
        """How the week ended; None while it goes on."""
        if not self.over:
            return None
        return self._stopped.end if self._stopped else _end(self.state)

    @property
    def error(self) -> str | None:
        """What stopped a week that ended in "error", in one line."""
        return self._stopped.error if self._stopped else None

    @property
    def scores(self) -> Scores:
        """The five components as the week stands."""
        if self._scored[0] is not self.state:
            self._scored = (self.state, score(self.state))
        return self._scored[1]

    def observe(self) -> Observation:
        """What Arjun sees now. Raises ValueError when the week has ended."""
        if self._seen is None or self._seen[0] is not self.state:
            self._seen = (self.state, observe(self.state))
        return self._seen[1]

    async def play(self, reply: object, faults: tuple[Fault, ...] = ()) -> StepRecord:
        """Play one reply and record it, with the faults it took to get it.

        Raises TypeError when it is no text, and whatever a participant raises.
        """
        observation = self.observe()
        text = _clean(reply)
        before = self.scores.total
        outcome = await self._driver(self.state, text)
        answers = dict(outcome.answers)
        judge = await judged(self._seats.judge, observation, text, self.state, outcome.state)
        record = StepRecord(
            event=observation.event.id,
            observation=observation,
            reply=text,
            reading=outcome.reading,
            answers=answers,
            deltas={path: (change[0], change[1]) for path, change in outcome.deltas.items()},
            spawned=tuple(outcome.spawned),
            scores=outcome.scores._asdict(),
            total=outcome.scores.total,
            reward=outcome.scores.total - before,
            canaries=canaries(text),
            faults=(*faults, *_faults(outcome), *judge.faults),
            judge=judge.note,
        )
        self.state, self._scored = outcome.state, (outcome.state, outcome.scores)
        self.steps.append(record)
        return record

    def leave(self) -> None:
        """End the week early, "truncated": it settles as at Friday, and the last reward includes what that costs."""
        self._stopped = _Stopped("truncated", None)
        self.state = close(self.state, "truncated")
        if self.steps:
            last, scores = self.steps[-1], self.scores
            reward = last.reward + scores.total - last.total
            update = {"scores": scores._asdict(), "total": scores.total, "reward": reward}
            self.steps[-1] = last.model_copy(update=update)

    def fail(self, failure: Exception) -> None:
        """End the week as "error": what happened stands in its record, with the event it happened at."""
        self._stopped = _Stopped("error", _told(self.state, failure))

    def record(self) -> WeekRecord:
        """The week as it goes on disk."""
        state, week, scores = self.state, self.state.week, self.scores
        return WeekRecord(
            episode_id=week.episode_id,
            seed=week.seed,
            split=week.split,
            scenario=week.recipe.scenario.id,
            facts=dict(week.facts),
            policy=self._seats.policy,
            personas=persona_marks(week.recipe),
            coworkers=dict(self._seats.specs),
            versions=versions(week.recipe, self._seats.reader, self._seats.judge),
            start=Start(state=self._opening.to_json(), scores=score(self._opening)._asdict()),
            steps=tuple(self.steps),
            unreached=_unreached(state, self.steps),
            end=self.end or _end(state),
            evenings=_evenings(state),
            scores=scores._asdict(),
            total=scores.total,
            error=self.error,
        )


def _faults(outcome: StepOutcome) -> tuple[Fault, ...]:
    """What went wrong with models inside the world: the reader's, then each coworker's."""
    return (*outcome.reading.faults, *(fault for answer in outcome.answers.values() for fault in answer.faults))


def _clean(reply: object) -> str:
    """The reply as text that can be written as UTF-8. Raises TypeError when it is no text."""
    if not isinstance(reply, str):
        raise TypeError(f"a reply must be text, not {type(reply).__name__}")
    return reply.encode("utf-8", "replace").decode()


def _told(state: WeekState, failure: Exception) -> str:
    """What stopped a week, in one line: at which event, and why."""
    event = state.event.id if state.event else "?"
    return f"at {event}: {type(failure).__name__}: {' '.join(str(failure).split())[:300]}"


def _end(state: WeekState) -> End:
    return "burnout" if state.end == "burnout" else "truncated" if state.end == "truncated" else "friday"


def _evenings(state: WeekState) -> tuple[float, ...]:
    """Energy on the five evenings; evenings that never came hold the last value."""
    missing = EVENINGS - len(state.evenings)
    return (*state.evenings, *[state.energy] * missing)


def _unreached(state: WeekState, steps: list[StepRecord]) -> tuple[str, ...]:
    """Events of the week that were never answered: canonical ones, the one on the table, and those still queued."""
    answered = {step.event for step in steps}
    canonical = sorted(state.week.times, key=lambda kind: state.week.times[kind])
    waiting = [state.event.id] if state.event else []
    every = [*canonical, *waiting, *(entry.id for entry in state.queue)]
    return tuple(dict.fromkeys(event for event in every if event not in answered))
