"""The world graph: route and read -> coworkers side by side -> apply and score. Alone in knowing LangGraph.

`StepGraph` plays one reply, for environments and batches. `week_graph` loops it and waits at `interrupt()` for a
person; its checkpoints are JSON-plain, so a week survives a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import or_
from typing import Annotated, Any, Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send, interrupt

from .engine import start
from .event import Event
from .nodes import Ports, StepOutcome, conclude, coworker, read, route, settle, turns
from .ports import Answer, Turn
from .reading import Reading
from .state import WeekState
from .week import Week


class _StepState(TypedDict):
    before: WeekState
    reply: str
    event: Event
    reading: Reading
    answers: Annotated[dict[str, Answer], or_]
    step: StepOutcome


class _TurnState(TypedDict):
    turn: Turn


async def _route_and_read(state: _StepState, runtime: Runtime[Ports]) -> Command[Literal["coworker"]]:
    event = route(state["before"])
    reading = await read(runtime.context, state["before"], event, state["reply"])
    waiting = turns(state["before"], event, reading, state["reply"])
    sent = [Send("coworker", {"turn": turn}) for turn in waiting.values()]
    return Command(update={"event": event, "reading": reading}, goto=sent)


async def _coworker(state: _TurnState, runtime: Runtime[Ports]) -> dict[str, object]:
    return {"answers": {state["turn"].persona.id: await coworker(runtime.context, state["turn"])}}


async def _apply_and_score(state: _StepState) -> dict[str, object]:
    outcome = settle(state["before"], state["reading"], state["answers"], state["reply"])
    return {"step": conclude(state["before"], state["event"], state["reading"], state["answers"], outcome)}


def build_step_graph() -> Any:  # noqa: ANN401 - LangGraph's compiled type is private to it
    """Compile the graph of one reply. Its context is the `Ports`.

    What nothing can come between shares a node: every superstep of LangGraph costs as much as a coworker's answer.
    """
    graph: Any = StateGraph(_StepState, context_schema=Ports)
    graph.add_node("route_and_read", _route_and_read)
    graph.add_node("coworker", _coworker)
    graph.add_node("apply_and_score", _apply_and_score)
    graph.add_edge(START, "route_and_read")
    graph.add_edge("coworker", "apply_and_score")
    graph.add_edge("apply_and_score", END)
    return graph.compile()


class StepGraph:
    """The compiled step graph with its seats; `step` is the twin of `direct.step`."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._graph = build_step_graph()

    async def step(self, state: WeekState, reply: str) -> StepOutcome:
        """Play one reply through the graph. Raises ValueError when the week has ended."""
        given = {"before": state, "reply": reply}
        # `ainvoke` also streams the updates of every node, which costs more than the nodes.
        stream = self._graph.astream(given, context=self._ports, stream_mode="values", output_keys="step")
        return [done async for done in stream][-1]


@dataclass(frozen=True)
class WeekContext:
    """What a week graph needs at run time and never checkpoints: the week itself and who sits where."""

    week: Week
    graph: StepGraph


class WeekGraphState(TypedDict):
    """The checkpointed state: the world as JSON, and the last reply."""

    world: dict[str, Any]
    reply: str


async def _begin(state: WeekGraphState, runtime: Runtime[WeekContext]) -> dict[str, object]:
    return {} if "world" in state else {"world": start(runtime.context.week).to_json()}


async def _protagonist(_: WeekGraphState) -> dict[str, object]:
    return {"reply": interrupt("reply")}


async def _step(state: WeekGraphState, runtime: Runtime[WeekContext]) -> dict[str, object]:
    before = WeekState.from_json(state["world"], runtime.context.week)
    done = await runtime.context.graph.step(before, state["reply"])
    return {"world": done.state.to_json()}


async def _more(state: WeekGraphState) -> str:
    return END if state["world"]["end"] else "protagonist"


def week_graph(checkpointer: Any) -> Any:  # noqa: ANN401 - savers and compiled graphs have no common public type
    """Compile the graph of a whole week that waits for each reply; needs a checkpointer and a `WeekContext`."""
    graph: Any = StateGraph(WeekGraphState, context_schema=WeekContext)
    graph.add_node("begin", _begin)
    graph.add_node("protagonist", _protagonist)
    graph.add_node("step", _step)
    graph.add_edge(START, "begin")
    graph.add_edge("begin", "protagonist")
    graph.add_edge("protagonist", "step")
    graph.add_conditional_edges("step", _more, ["protagonist", END])
    return graph.compile(checkpointer=checkpointer)
