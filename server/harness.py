"""The week as an OpenEnv harness session: the reply is a tool, its result is the next event. Works over any client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openenv.core.client_types import StepResult
from openenv.core.env_server.mcp_types import Tool
from openenv.core.harness import ResourceSessionFactory, StepEnvSessionAdapter, ToolResult, VerifyResult

from ..client import WorkLifeFirewallEnv, render_prompt
from ..models import WorkLifeFirewallAction, WorkLifeFirewallObservation

Message = dict[str, Any]
Result = StepResult[WorkLifeFirewallObservation]
TOOL = "reply"
RULES = (
    "You are Arjun, a senior engineer in Bengaluru, in the week of a sprint demo. Answer what reaches you: decide what "
    f"deserves a yes and what a no, and write it as you would. Call the tool `{TOOL}` once for each event; an empty "
    "message ignores it."
)
OVER = "The week is over."


def reply_tool() -> Tool:
    """The one tool of a week."""
    text = {"type": "string", "description": "What you write or do; empty to ignore the event."}
    schema = {"type": "object", "properties": {"message": text}, "required": ["message"], "additionalProperties": False}
    return Tool(name=TOOL, description="Answer the waiting event.", input_schema=schema)


class WeekSession(StepEnvSessionAdapter):
    """One week behind a tool. What the model reads never holds a score.

    metadata["reward"] of a tool result is all that the environment has given so far this week, so that the last one is
    the week's return, which `verify` forwards; metadata["step_reward"] is what this reply brought.
    """

    def __init__(self, client: Any, task: Any, reset: Mapping[str, Any]) -> None:  # noqa: ANN401 - any client of reset, step, state
        """Start the week that `reset` names. Raises what the client raises."""
        self._earned = 0.0
        super().__init__(
            client,
            task=task,
            tool_specs=[reply_tool()],
            action_builder=_action,
            initial_messages_builder=_opening,
            tool_result_builder=self._told,
            verify_builder=self._judged,
            reset_kwargs=dict(reset),
        )

    def _told(self, _name: str, _arguments: dict[str, Any], result: Result, _state: object) -> ToolResult:
        step = result.reward or 0.0
        self._earned += step
        text = OVER if result.done else render_prompt(result.observation)
        return ToolResult(data=text, done=result.done, metadata={"reward": self._earned, "step_reward": step})

    def _judged(self, transcript: list[Message], _final: object, last: Result | None, _state: object) -> VerifyResult:
        observation = last.observation if last is not None else None
        scores = observation.scores if observation is not None else None
        metrics = {} if observation is None or scores is None else {**scores.model_dump(), "total": observation.total}
        done = last.done if last is not None else False
        reward = self._earned if last is not None else None
        return VerifyResult(reward, done, metrics, {"transcript_length": len(transcript)})


class WeekSessionFactory(ResourceSessionFactory[WeekSession]):
    """Makes one session a rollout. `connect` makes a client: a server's address is enough, and the usual case."""

    def __init__(self, connect: str | Callable[[], Any], **reset: Any) -> None:  # noqa: ANN401 - reset arguments
        """`reset`: arguments of every reset, such as split="validation"; a task's own win."""
        self._connect = connect
        self._reset = reset

    def create(self, task: Any, seed: int | None = None, episode_id: str | None = None) -> WeekSession:  # noqa: ANN401 - see below
        """The session of a task: None, an index, a `TaskSpec` as it comes from `/task`, or a dict of reset arguments.

        The seed is dropped where the task names a week itself. Raises TypeError for any other task.
        """
        reset = {**self._reset, **_named(task)}
        if seed is not None and "index" not in reset:
            reset.setdefault("seed", seed)
        if episode_id is not None:
            reset["episode_id"] = episode_id
        client = WorkLifeFirewallEnv(self._connect) if isinstance(self._connect, str) else self._connect()
        return WeekSession(client, task, reset)


def _named(task: object) -> dict[str, Any]:
    """What a task says of its week, as reset arguments."""
    if task is None:
        return {}
    if isinstance(task, bool) or not isinstance(task, int | Mapping):
        raise TypeError(f"a task is an index or reset arguments, not {type(task).__name__}")
    if isinstance(task, int):
        return {"index": task}
    if {"split", "index"} <= task.keys():
        return {key: value for key, value in task.items() if key not in ("id", "seed")}
    return dict(task)


def _action(_name: str, arguments: dict[str, Any]) -> WorkLifeFirewallAction:
    message = arguments.get("message")
    if not isinstance(message, str):
        raise ValueError(f"{TOOL} takes a text `message`")
    return WorkLifeFirewallAction(message=message)


def _opening(result: Result, _task: object) -> list[Message]:
    return [
        {"role": "system", "content": RULES},
        {"role": "user", "content": render_prompt(result.observation)},
    ]
