"""The rubric as OpenEnv knows it: five named children over the world's pure scoring. Computes nothing of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openenv.core.rubrics import Rubric, RubricDict

from ..world.scoring import COMPONENTS, RUBRIC_VERSION, WEIGHTS, Scores

Source = Callable[[], Scores | None]
"""The scores as the week stands; None when no week was started."""


class Component(Rubric):
    """One of the five components, 0..1; its `last_score` is what it came to at the last step."""

    def __init__(self, name: str, source: Source) -> None:
        super().__init__()
        self.name = name
        self._source = source

    def forward(self, action: Any, observation: Any) -> float:  # noqa: ANN401 - as the base
        """The component as the week stands. Raises ValueError when none was started."""
        return getattr(_standing(self._source), self.name)

    def reset(self) -> None:
        """Forget the last week."""
        self.last_score = None


class WeekRubric(Rubric):
    """The reward of a step: the change of the weighted sum since the step before, or since the week began.

    Children: `components.technical_resolution` and its four siblings. Call it once a step, after the step.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.components = RubricDict({name: Component(name, source) for name in COMPONENTS})
        self._source = source
        self._before = 0.0

    def forward(self, action: Any, observation: Any) -> float:  # noqa: ANN401 - as the base
        """The reward of the step that led here, -1..1. Raises ValueError when no week was started."""
        for child in self.components.values():
            child(action, observation)
        total = _standing(self._source).total
        reward, self._before = total - self._before, total
        return reward

    def scores(self) -> dict[str, float | None]:
        """What each component came to at the last step; None before the first."""
        return {name: self.components[name].last_score for name in COMPONENTS}

    def reset(self) -> None:
        """Start counting from the week as it stands now; containers do not pass a reset on, so this does."""
        for child in self.components.values():
            child.reset()
        self.last_score = None
        scores = self._source()
        self._before = scores.total if scores is not None else 0.0

    def state_dict(self) -> dict[str, Any]:
        """What the reward depends on: the rubric's version and weights, and the total it counts from."""
        return {"rubric": RUBRIC_VERSION, "weights": WEIGHTS._asdict(), "before": self._before}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a `state_dict`. Raises ValueError when it is of another rubric."""
        if state.get("rubric") != RUBRIC_VERSION or state.get("weights") != WEIGHTS._asdict():
            raise ValueError(f"the state is of rubric {state.get('rubric')!r}, this is {RUBRIC_VERSION!r}")
        self._before = float(state["before"])


def _standing(source: Source) -> Scores:
    scores = source()
    if scores is None:
        raise ValueError("no week was started")
    return scores
