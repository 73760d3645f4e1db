"""What changed between two states, as path -> (before, after): the numbers a person would want to see."""

from __future__ import annotations

from .state import WeekState

Scalar = float | int | str | bool
Deltas = dict[str, tuple[Scalar, Scalar]]
DIGITS = 6
"""Floats in records are rounded to this many digits."""


def gauges(state: WeekState) -> dict[str, Scalar]:
    """The readable numbers of a state, by path."""
    out: dict[str, Scalar] = {
        "energy": round(state.energy, DIGITS),
        "sprint.backlog": round(state.backlog, DIGITS),
        "sprint.done": round(state.done, DIGITS),
        "sprint.delivered": state.delivered,
        "staging_up": state.restored >= 0,
        "leave": state.leave,
        "appraisal_minutes": round(state.form, DIGITS),
        "oncall_nights": len(state.nights),
        "late_calls": len(state.calls),
        "priya_blocked": state.blocked,
    }
    for status in ("open", "kept", "broken"):
        out[f"promises.{status}"] = sum(p.status == status for p in state.promises)
    for who, mind in state.minds.items():
        out[f"trust.{who}"] = round(mind.trust, DIGITS)
    return out


def deltas(before: WeekState, after: WeekState) -> Deltas:
    """Every gauge that differs."""
    old, new = gauges(before), gauges(after)
    return {path: (old[path], new[path]) for path in new if old[path] != new[path]}
