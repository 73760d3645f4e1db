"""The rubric: five components 0..1 from a state, their weighted total, defined at every moment of the week."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from .acts import EMPTY, OPEN, REFUSES, TAKES
from .reading import Act, AskReading
from .rules.common import Deed
from .state import Thread, WeekState

RUBRIC_VERSION = "1"
RESTORE_SHARE, SPRINT_SHARE, DONE_SHARE = 0.35, 0.65, 0.4
UNRESOLVED_CAP = 0.45
"""technical_resolution is capped here until staging is up and Priya is unblocked."""


class Scores(NamedTuple):
    """The five components, each 0..1, in the rubric's order."""

    technical_resolution: float
    communication_quality: float
    boundary_setting: float
    energy_to_friday: float
    relationship_preservation: float

    @property
    def total(self) -> float:
        """The weighted sum, 0..1."""
        return sum(weight * value for weight, value in zip(WEIGHTS, self, strict=True))


WEIGHTS = Scores(0.25, 0.25, 0.20, 0.20, 0.10)
COMPONENTS: tuple[str, ...] = Scores._fields


def clip(value: float) -> float:
    """Into 0..1."""
    return min(max(value, 0.0), 1.0)


def reply_note(reading: AskReading, deed: Deed, repeats: int) -> float:
    """How well one reply communicates, 0..1; `repeats` is how often nearly the same text was sent before this week."""
    quality = reading.qualities
    if reading.act == "ignore":
        return 0.0
    form = (
        0.25 * quality.clarity
        + 0.20 * quality.courtesy
        + 0.15 * quality.register_
        + 0.10 * quality.reason
        + 0.30 * quality.next_step
    )
    honest = 1.0 - quality.instruction_like
    return (0.3 + 0.7 * quality.relevance) * (0.4 + 0.6 * fit(reading.act, deed)) * form * honest * 0.5**repeats


def fit(act: Act, deed: Deed) -> float:
    """How well the kind of act suits the ask, 0..1: best kind of its side 1, other kinds of the same side less."""
    best = deed.spec.best
    if act in best.real or act in best.light:
        return 1.0
    if act in EMPTY or act == "unclear":
        return 0.1
    if act in OPEN:
        return 0.5
    return 0.8 if act in TAKES else 0.6


def refusal_quality(reading: AskReading) -> float:
    """How well a no is said, 0.4..1: reason, alternative and date each add a fifth."""
    quality = reading.qualities
    return 0.4 + 0.2 * (quality.reason + quality.alternative + quality.next_step)


def technical(state: WeekState) -> float:
    """Staging restored and how soon, the sprint worked and delivered; capped while someone is still blocked."""
    tuning = state.week.recipe.tuning
    up = state.restored >= 0
    restore = clip(1 - max(state.restored - tuning.restore_free, 0) / tuning.restore_span) if up else 0.0
    worked = clip(state.done / state.backlog) if state.backlog > 0 else 1.0
    value = RESTORE_SHARE * restore + SPRINT_SHARE * (DONE_SHARE * worked + (1 - DONE_SHARE) * state.delivered)
    return value if up and not state.blocked else min(value, UNRESOLVED_CAP)


def _thread_note(state: WeekState, key: str, thread: Thread) -> float:
    if not thread.notes:
        return 0.0
    broken = any(p.thread == key and p.status == "broken" for p in state.promises)
    return sum(thread.notes) / len(thread.notes) * (0.5 if broken or thread.unmet else 1.0)


def communication(state: WeekState) -> float:
    """Mean note of the canonical asks' replies; halved where a promise broke or a real need went unmet."""
    return sum(_thread_note(state, key, thread) for key, thread in state.threads.items()) / max(len(state.threads), 1)


def boundary(state: WeekState) -> float:
    """sqrt(share refused of what deserves a no x share taken on of the rest) x quality of the right refusals."""
    light = [t for t in state.threads.values() if t.need == "light"]
    real = [t for t in state.threads.values() if t.need == "real"]
    right = [t for t in light if t.first_act in REFUSES]
    if not light or not real or not right:
        return 0.0
    taken = sum(t.first_act in TAKES for t in real)
    quality = sum(t.first_quality for t in right) / len(right)
    return sqrt(len(right) / len(light) * taken / len(real)) * quality


def energy(state: WeekState) -> float:
    """The last evening and the lowest one; 0 after a burn-out. Before the first evening it counts as a good one."""
    if state.end == "burnout":
        return 0.0
    tuning = state.week.recipe.tuning
    evenings = state.evenings or (1.0,)
    last = clip((evenings[-1] - tuning.energy_low) / tuning.energy_span)
    lowest = clip((min(evenings) - tuning.lowest_low) / tuning.lowest_span)
    return 0.5 * last + 0.5 * lowest


def relationships(state: WeekState) -> float:
    """Trust across the stakeholders: half the mean, half the worst one."""
    tuning = state.week.recipe.tuning
    trusts = [mind.trust for mind in state.minds.values()]
    return clip((0.5 * sum(trusts) / len(trusts) + 0.5 * min(trusts) - tuning.trust_low) / tuning.trust_span)


def score(state: WeekState) -> Scores:
    """All five components of a state."""
    return Scores(technical(state), communication(state), boundary(state), energy(state), relationships(state))
