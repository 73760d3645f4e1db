"""The typed OpenEnv client of a served week. Needs the `server` extra.

with WorkLifeFirewallEnv("http://127.0.0.1:8000") as env:
    result = env.reset(seed=7)
    while not result.done:
        result = env.step(WorkLifeFirewallAction(message=policy(render_prompt(result.observation))))
"""

from __future__ import annotations

from typing import Any

from openenv.core.client_types import StepResult
from openenv.core.env_client import EnvClient

from .agents.prompt import render
from .models import WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState

__all__ = [
    "LostWeek",
    "WorkLifeFirewallAction",
    "WorkLifeFirewallEnv",
    "WorkLifeFirewallObservation",
    "WorkLifeFirewallState",
    "render_prompt",
]

PATIENCE_SECONDS = 600.0
"""How long a reply of the server may take: past it the base client drops the socket, and with it the week."""


class LostWeek(ConnectionError):
    """The server answered for another week than the one that was being played: it was restarted, or the socket lost."""


class WorkLifeFirewallEnv(EnvClient[WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState]):
    """Drives one week at a time; every keyword of `EnvClient` is taken. A step takes an action or plain text.

    Raises LostWeek instead of going on in a week that was never reset here, and RuntimeError with the server's own
    words when it refuses something.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        message_timeout_s: float = PATIENCE_SECONDS,
        **options: Any,  # noqa: ANN401 - whatever the base client takes
    ) -> None:
        super().__init__(base_url=base_url, message_timeout_s=message_timeout_s, **options)
        self._playing: str | None = None

    async def _reset_async(self, **options: Any) -> StepResult[WorkLifeFirewallObservation]:  # noqa: ANN401 - as the base
        self._playing = None
        result = await super()._reset_async(**options)
        self._playing = result.observation.episode_id
        return result

    async def _step_async(
        self,
        action: WorkLifeFirewallAction | str,
        **options: Any,  # noqa: ANN401 - as the base
    ) -> StepResult[WorkLifeFirewallObservation]:
        given = WorkLifeFirewallAction(message=action) if isinstance(action, str) else action
        result = await super()._step_async(given, **options)
        answered = result.observation.episode_id
        if self._playing is not None and answered != self._playing:
            raise LostWeek(f"the server answered for week {answered!r}, {self._playing!r} is lost; reset to go on")
        return result

    def _step_payload(self, action: WorkLifeFirewallAction) -> dict[str, Any]:
        return {"message": action.message}

    def _parse_result(self, payload: dict[str, Any]) -> StepResult[WorkLifeFirewallObservation]:
        reward, done = payload.get("reward"), bool(payload.get("done", False))
        observation = WorkLifeFirewallObservation.model_validate(
            {**payload.get("observation", {}), "reward": reward, "done": done}
        )
        return StepResult(observation=observation, reward=reward, done=done)

    def _parse_state(self, payload: dict[str, Any]) -> WorkLifeFirewallState:
        return WorkLifeFirewallState.model_validate(payload)


def render_prompt(observation: WorkLifeFirewallObservation | dict[str, Any]) -> str:
    """An observation as the text a protagonist reads, without a score in it; "" once the week is over.

    Takes what the typed client gives, or the plain dict of a generic one.
    """
    if isinstance(observation, dict):
        observation = WorkLifeFirewallObservation.model_validate(
            {key: value for key, value in observation.items() if key in WorkLifeFirewallObservation.model_fields}
        )
    return render(observation.view) if observation.view is not None else ""
