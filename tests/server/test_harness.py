"""The week as a harness session: a reply is a tool call, the model reads no score, the return is the environment's."""

from __future__ import annotations

from typing import Any

import pytest
from openenv.core.client_types import StepResult
from openenv.core.harness import HarnessRunLimits, MCPHarnessAdapter, ModelStepResult, SessionMCPBridge
from openenv.core.llm_client import LLMResponse, ToolCall

from work_life_firewall.models import WorkLifeFirewallAction, WorkLifeFirewallObservation
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment
from work_life_firewall.server.harness import OVER, WeekSessionFactory

from .weeks import YES, play, total_of

Result = StepResult[WorkLifeFirewallObservation]


class Here:
    """An environment as a client sees it."""

    def __init__(self, environment: WorkLifeFirewallEnvironment) -> None:
        self._environment = environment

    def reset(self, **options: Any) -> Result:  # noqa: ANN401 - reset arguments
        return self._result(self._environment.reset(**options))

    def step(self, action: WorkLifeFirewallAction) -> Result:
        return self._result(self._environment.step(action))

    def state(self) -> object:
        return self._environment.state

    @staticmethod
    def _result(observation: WorkLifeFirewallObservation) -> Result:
        return StepResult(observation, observation.reward, observation.done)


def says_yes(messages: list[dict[str, Any]], tools: list[Any], sampling: dict[str, Any]) -> ModelStepResult:
    """A model that calls the one tool there is."""
    call = ToolCall(id=str(len(messages)), name=tools[0].name, args={"message": YES})
    return ModelStepResult(response=LLMResponse(content="", tool_calls=[call]))


@pytest.fixture
def factory(environment: WorkLifeFirewallEnvironment) -> WeekSessionFactory:
    return WeekSessionFactory(lambda: Here(environment), split="validation")


def test_a_harness_plays_a_week_and_returns_its_reward(
    factory: WeekSessionFactory, environment: WorkLifeFirewallEnvironment
) -> None:
    session = factory.create(4)
    rollout = MCPHarnessAdapter().run_white_box(says_yes, session, HarnessRunLimits(max_turns=60))
    verified = session.verify(rollout.messages)
    seen = play(environment, split="validation", index=4)
    earned = sum(one.reward or 0.0 for one in seen)
    assert rollout.done
    assert verified.env_reward == rollout.tool_trace[-1].result.metadata["reward"] == pytest.approx(earned, abs=1e-9)
    assert verified.metrics["total"] == total_of(seen[-1])
    assert rollout.tool_trace[-1].result.data == OVER


def test_the_model_reads_no_score(factory: WeekSessionFactory) -> None:
    session = factory.create({"split": "test", "index": 3, "id": "test-3", "seed": 200_003})
    rollout = MCPHarnessAdapter().run_white_box(says_yes, session, HarnessRunLimits(max_turns=60))
    read = " ".join(str(message.get("content")) for message in rollout.messages)
    for word in ("technical_resolution", "boundary", "reward", "total", "trust", "scores"):
        assert word not in read
    assert "canonical-200003" in read


def test_tasks_seeds_and_names(factory: WeekSessionFactory, environment: WorkLifeFirewallEnvironment) -> None:
    factory.create(None, seed=9, episode_id="nine")
    assert (environment.state.seed, environment.state.episode_id) == (100_009, "nine")
    factory.create(5, seed=9)
    assert environment.state.seed == 100_005
    factory.create({"seed": 12, "split": "train"})
    assert environment.state.seed == 12
    for task in ("validation-5", True, 1.5):
        with pytest.raises(TypeError, match="a task is an index or reset arguments"):
            factory.create(task)


def test_wrong_calls_are_answered_over_mcp(factory: WeekSessionFactory) -> None:
    bridge = SessionMCPBridge(factory.create(1))
    assert [t["name"] for t in bridge.handle_request(rpc("tools/list", {}))["result"]["tools"]] == ["reply"]
    for params in ({"name": "reply", "arguments": {}}, {"name": "reply", "arguments": {"message": 3}}, {"name": "no"}):
        assert "error" in bridge.handle_request(rpc("tools/call", params))
    good = bridge.handle_request(rpc("tools/call", {"name": "reply", "arguments": {"message": YES}}))
    assert good["result"]["done"] is False


def rpc(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """A JSON-RPC request."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
