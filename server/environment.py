"""The week as an OpenEnv environment: reset, step and state over one desk."""

from __future__ import annotations

import asyncio
from typing import Any

from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import EnvironmentMetadata

from .. import __version__
from ..models import WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState
from .desk import Desk
from .host import Host
from .page import page
from .rubric import WeekRubric
from .tasks import WeekTasks

NAME = "work_life_firewall"
ABOUT = (
    "A simulated work week: an engineer in Bengaluru answers everything that reaches him, in free text, and four "
    "coworkers answer back. Some asks deserve a yes, some a no, and only the text says which."
)


class WorkLifeFirewallEnvironment(
    WeekTasks, Environment[WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState]
):
    """One session. Weeks of many sessions run side by side over one `Host`."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, host: Host | None = None) -> None:
        """Without a host: scripted coworkers, the default scenario, and no records."""
        self._desk = Desk(host or Host())
        self._runner: asyncio.Runner | None = None
        super().__init__(rubric=WeekRubric(lambda: self._desk.scores))

    async def reset_async(
        self,
        seed: int | None = None,
        episode_id: str | None = None,
        **options: Any,  # noqa: ANN401 - checked by server.options
    ) -> WorkLifeFirewallObservation:
        """Start a week; options as in `server.options.ResetOptions`.

        Raises WireError when one of them cannot be met, and then the week in progress goes on.
        """
        given = {"seed": seed, "episode_id": episode_id, **options}
        self._desk.start({name: value for name, value in given.items() if value is not None})
        self._reset_rubric()
        observation = self._desk.observation()
        observation.reward = 0.0
        return observation

    async def step_async(
        self,
        action: WorkLifeFirewallAction,
        timeout_s: float | None = None,
        **options: Any,  # noqa: ANN401 - as the base
    ) -> WorkLifeFirewallObservation:
        """Play one reply. Raises WireError when no week runs, or when this one could not go on.

        timeout_s never arrives over the wire and is not used: `Limits.step_seconds` bounds slow coworkers.
        """
        await self._desk.play(action.message)
        observation = self._desk.observation()
        observation.reward = await self._apply_rubric_async(action, observation)
        return observation

    def reset(
        self,
        seed: int | None = None,
        episode_id: str | None = None,
        **options: Any,  # noqa: ANN401 - checked by server.options
    ) -> WorkLifeFirewallObservation:
        """`reset_async` for callers without an event loop."""
        return self._loop().run(self.reset_async(seed, episode_id, **options))

    def step(
        self,
        action: WorkLifeFirewallAction,
        timeout_s: float | None = None,
        **options: Any,  # noqa: ANN401 - as the base
    ) -> WorkLifeFirewallObservation:
        """`step_async` for callers without an event loop."""
        return self._loop().run(self.step_async(action, timeout_s, **options))

    @property
    def state(self) -> WorkLifeFirewallState:
        """Where this session stands; empty before the first reset."""
        return self._desk.state()

    def get_metadata(self) -> EnvironmentMetadata:
        """What the server says of itself."""
        return EnvironmentMetadata(name=NAME, description=ABOUT, version=__version__, author="Work-Life Firewall")

    def render_web(self, observation: dict[str, Any]) -> str:
        """An observation as HTML, for OpenEnv's own page."""
        return page(observation)

    def close(self) -> None:
        """Record the week in progress as left, and let go of everything."""
        self._desk.leave()
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def _loop(self) -> asyncio.Runner:
        # One loop for all calls: what a model's client opened in one step it uses in the next.
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner
