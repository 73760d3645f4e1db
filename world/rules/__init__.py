"""The rules: one effect, one function (state, deed) -> state. A scenario names them in `effect`."""

from __future__ import annotations

from collections.abc import Callable

from ..state import WeekState
from . import asks, leave, ops
from .common import Deed

Rule = Callable[[WeekState, Deed], WeekState]
RULES: dict[str, Rule] = {
    "task": asks.task,
    "unblock": asks.unblock,
    "form": asks.form,
    "late_form": asks.late_form,
    "repair": asks.repair,
    "creep": asks.creep,
    "favour": asks.favour,
    "rest": asks.rest,
    "page": asks.page,
    "restore": ops.restore,
    "oncall": ops.oncall,
    "late_call": ops.late_call,
    "leave": leave.leave,
}
"""By the name that scenarios use. "again" is not here: it is the effect of the ask that the event is about."""
AGAIN = "again"
