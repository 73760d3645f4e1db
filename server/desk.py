"""One client's desk: the week in progress, what the client is told of it, and its record when it ends or is left."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..episodes.session import Session
from ..models import ComponentScores, WorkLifeFirewallObservation, WorkLifeFirewallState
from ..world.generator import FIRST_SEED, generate
from ..world.scoring import Scores
from .errors import WireError
from .host import Crew, Host
from .options import choose, episode_id, parse


class _Open(NamedTuple):
    crew: Crew
    session: Session
    blind: bool


class Desk:
    """Holds at most one week. Each week goes on record exactly once, and only when something was answered in it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._open: _Open | None = None
        self._kept = True
        self._busy = False

    @property
    def scores(self) -> Scores | None:
        """The five components as the week stands; None when none was started."""
        return self._open.session.scores if self._open is not None else None

    def start(self, given: dict[str, Any]) -> None:
        """Start the week that reset arguments ask for; the one in progress is recorded as left.

        Raises WireError, and then the one in progress goes on.
        """
        options = parse(given)
        crew, chosen = self._host.crew(options), choose(options)
        if self._busy:
            raise WireError("reset: a step of this session is still in progress")
        try:
            week = generate(crew.recipe, chosen.seed, chosen.split)
        except ValueError as error:
            raise WireError(f"reset: {error}") from None
        self.leave()
        week = week._replace(episode_id=episode_id(options, week.recipe.scenario.id, week.seed))
        self._open, self._kept = _Open(crew, Session(week, crew.seats, crew.driver), options.blind), False

    async def play(self, message: str) -> None:
        """Play one reply. Raises WireError when no week runs, or when this one could not go on."""
        session = self._running()
        self._busy = True
        try:
            await session.play(message)
        except Exception as failure:  # whatever a participant raises ends this week, never the server
            session.fail(failure)
        finally:
            self._busy = False
        if session.over:
            self._keep()
        if session.error is not None:
            raise WireError(f"the week ended in an error {session.error}; call reset to start another")

    def leave(self) -> None:
        """Put the week in progress on record as left; a week that ended is there already."""
        if self._open is not None and not self._open.session.over:
            self._open.session.leave()
        self._keep()

    def observation(self) -> WorkLifeFirewallObservation:
        """What the client is shown, without its reward. Raises WireError when no week was started."""
        _, session, blind = self._started()
        scores = None if blind and not session.over else session.scores
        return WorkLifeFirewallObservation(
            episode_id=session.state.week.episode_id,
            view=None if session.over else session.observe(),
            scores=ComponentScores(**scores._asdict()) if scores is not None else None,
            total=scores.total if scores is not None else None,
            done=session.over,
            truncated=session.end == "truncated",
        )

    def state(self) -> WorkLifeFirewallState:
        """Which week this is and how far; empty before the first reset."""
        if self._open is None:
            return WorkLifeFirewallState()
        crew, session, _ = self._open
        week = session.state.week
        at = None if session.over else session.observe()
        return WorkLifeFirewallState(
            episode_id=week.episode_id,
            step_count=len(session.steps),
            seed=week.seed,
            split=week.split,
            index=week.seed - FIRST_SEED[week.split],
            scenario=week.recipe.scenario.id,
            day=at.day if at else None,
            minute=at.minute if at else None,
            end=session.end,
            truncated=session.end == "truncated",
            personas=crew.marks,
            coworkers=dict(crew.seats.specs),
            versions=crew.versions,
        )

    def _started(self) -> _Open:
        if self._open is None:
            raise WireError("no week is running in this session: call reset first")
        return self._open

    def _running(self) -> Session:
        session = self._started().session
        if session.over:
            raise WireError(f"week {session.state.week.episode_id} is over: call reset to start another")
        if self._busy:
            raise WireError("a step of this session is still in progress")
        return session

    def _keep(self) -> None:
        if self._open is None or self._kept:
            return
        self._kept = True
        session = self._open.session
        if self._host.served is not None and (session.steps or session.error):
            self._host.served.append(session.record())
