"""What travels between an OpenEnv client and our server: action, observation, state. Nests the world's own view.

Needs the `server` extra. Nothing in here is hidden from the protagonist but `scores`, `total` and the reward, which are
for whoever trains or measures; render `view` alone into a prompt.
"""

from __future__ import annotations

from typing import Any

from openenv.core.env_server.types import Action, Observation, State
from pydantic import ConfigDict, Field, field_serializer

from .world.frozen import Frozen
from .world.observation import Observation as View
from .world.reading import Unit


class ComponentScores(Frozen):
    """The five components of the rubric, each 0..1, as the week stands."""

    technical_resolution: Unit
    communication_quality: Unit
    boundary_setting: Unit
    energy_to_friday: Unit
    relationship_preservation: Unit


class WorkLifeFirewallAction(Action):
    """Arjun's reply to the waiting event: the message he sends, or the technical action he takes; "" ignores it."""

    message: str = Field(description="What Arjun writes or does, as free text; empty to ignore the event.")


class WorkLifeFirewallObservation(Observation):
    """The next decision, or the end of the week.

    view is all that Arjun sees, None once the week is over. reward is the change of `total`, which is the weighted sum
    of `scores`; both are None before the end of a week that was reset as blind. truncated: the week was cut off at its
    decision limit, so that `done` is not its natural end.
    """

    episode_id: str
    view: View | None = None
    scores: ComponentScores | None = None
    total: Unit | None = None
    truncated: bool = False

    @field_serializer("view")
    def _by_wire_names(self, view: View | None) -> dict[str, Any] | None:
        # The server dumps by field names, and `self_` goes by "self" on the wire.
        return view.model_dump(mode="json", by_alias=True) if view is not None else None


class WorkLifeFirewallState(State):
    """Where a session stands, with nothing that Arjun could not know: which week, who sits where, how far it is.

    seed, split and index name the week; day (0..4) and minute are the waiting event's. personas are marks of persona
    files and versions what scores depend on, so that two runs can be told apart. end is None while the week runs.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    seed: int | None = None
    split: str | None = None
    index: int | None = None
    scenario: str | None = None
    day: int | None = None
    minute: int | None = None
    end: str | None = None
    truncated: bool = False
    personas: dict[str, str] = {}
    coworkers: dict[str, str] = {}
    versions: dict[str, str] = {}
