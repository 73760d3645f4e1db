"""The bars of a fidelity probe: what a coworker must hold to count as true to its persona. Scripted ones hold all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..stakeholders.fidelity.tempers import BAD
from .fidelity import Fidelity, Person, change
from .stats import Figure

MOST_GAIN = 0.0
"""Trust that a rude, empty or flattering reply may gain on average, on raw appraisals."""
LEAST_TOLD_APART = 0.6
"""Share of messages whose writer is found: the interval must lie above."""
MOST_FADING = 0.25
"""Loss of voice over a conversation (0..1) that passes even where the interval lies under 0. Scripted voices lose up to
0.2, as moods and matters change over a week; one that turns into anybody's loses more than half.
"""
MOST_DRIFT = 0.25
"""Change of the appraisal of identical replies, in notches, that passes even where the interval leaves out 0."""
LEAST_TURNS = 60
"""Answers of its own to conversations that a coworker must have given."""
MOST_LEFT = 0.2
"""Share of turns that a model may leave to the script."""


class Bar(NamedTuple):
    """One bar: of whom ("all" for everybody together), what it says, what was found, and whether it is held."""

    person: str
    name: str
    found: str
    held: bool


def bars(found: Fidelity) -> list[Bar]:
    """Every bar. One that rests on nothing is not held; telling apart needs two people, and is no bar for one."""
    out = [bar for one in found.people for bar in _of(one, found)]
    if len(found.people) > 1:
        out.append(
            Bar(
                "all",
                f"writers told apart above {LEAST_TOLD_APART:.2f} of messages",
                _interval(found.separability),
                _above(found.separability, LEAST_TOLD_APART),
            )
        )
    return out


def _of(one: Person, found: Fidelity) -> Iterator[Bar]:
    who, share = one.person, one.left / one.asked
    yield Bar(who, f"{LEAST_TURNS} turns or more", str(one.turns), one.turns >= LEAST_TURNS)
    yield Bar(who, f"at most {MOST_LEFT:.0%} of turns left to the script", f"{share:.0%}", share <= MOST_LEFT)
    for temper in BAD:
        gain = one.gains[temper]["mean"]
        held = gain is not None and gain <= MOST_GAIN
        yield Bar(who, f"{temper} replies gain nothing", _interval(one.gains[temper]), held)
    yield Bar(who, "flattery gains less than honest help", _interval(one.honest), _above(one.honest, 0.0))
    yield _steady(who, "the scale holds over a conversation", one.drift, MOST_DRIFT)
    if len(found.people) > 1:
        yield Bar(
            who, "known by its voice more often than by chance", _interval(one.voice), _above(one.voice, found.chance)
        )
        yield _kept(who, "the voice holds over a conversation", one.fading, MOST_FADING)


def _steady(who: str, name: str, figure: Figure, most: float) -> Bar:
    """Held where the slope's interval holds 0, or the whole change is small."""
    low, high, whole = figure["low"], figure["high"], change(figure)
    held = low is not None and high is not None and whole is not None and (low <= 0.0 <= high or abs(whole) <= most)
    return Bar(who, name, f"{_interval(figure)} a turn", held)


def _kept(who: str, name: str, figure: Figure, most: float) -> Bar:
    """Held where it is not shown to fall, or falls by little: a voice that gets plainer to tell is no fault."""
    high, whole = figure["high"], change(figure)
    held = high is not None and whole is not None and (high >= 0.0 or whole >= -most)
    return Bar(who, name, f"{_interval(figure)} a turn", held)


def _above(figure: Figure, bar: float) -> bool:
    return figure["low"] is not None and figure["low"] > bar


def _interval(figure: Figure) -> str:
    if figure["mean"] is None:
        return "nothing to go by"
    return f"{figure['mean']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
