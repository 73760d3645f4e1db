"""Due times as scripted protagonists say them: always ahead of now, never after Friday."""

from __future__ import annotations

from typing import NamedTuple

from ..world.clock import FRIDAY
from ..world.luck import Luck

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
LUNCH, TEA, HOME, EVENING = 13 * 60, 16 * 60, 18 * 60 + 30, 23 * 60
"""Minutes of the day from which "today" means a later hour: before lunch, before tea, before going home."""


class When(NamedTuple):
    """A day in words ("today", "tomorrow", "on Thursday") and a minute of it."""

    day: str
    minute: int

    def by(self, luck: Luck) -> str:
        """As a deadline: "by 4 pm today", "tomorrow by noon"."""
        clock = clock_words(self.minute)
        if self.day != "tomorrow":
            return f"by {clock} {self.day}"
        return luck.choice((f"by {clock} tomorrow", f"tomorrow by {clock}"))

    def at(self) -> str:
        """As a point in time: "today at 4 pm"."""
        return f"{self.day} at {clock_words(self.minute)}"


def clock_words(minute: int) -> str:
    """A minute of the day for people: 990 -> "4:30 pm"."""
    hour, rest = divmod(minute, 60)
    if minute == 12 * 60:
        return "noon"
    return f"{(hour - 1) % 12 + 1}{f':{rest:02d}' if rest else ''} {'am' if hour < 12 else 'pm'}"


def soon(minute: int, luck: Luck) -> str:
    """Within about an hour, in words or by the clock."""
    due = -(-(minute + 45) // 30) * 30
    return luck.choice(("within the hour", f"by {clock_words(due)}")) if due < EVENING else "within the hour"


def today(day: int, minute: int, luck: Luck) -> When:
    """Later the same day; from going home on, tomorrow noon (on Friday, late that evening)."""
    if minute < LUNCH:
        return When("today", luck.choice((900, 960, 990) if day == FRIDAY else (960, 1020, 1050, 1080)))
    if minute < TEA:
        return When("today", 1050 if day == FRIDAY else 1080)
    if minute < HOME:
        return When("today", 1200)
    return When("tomorrow", 720) if day < FRIDAY else When("today", EVENING)


def tomorrow(day: int, minute: int, luck: Luck) -> When:
    """The next working day, on Thursday before the demo; on Friday, and in the small hours, later the same day."""
    if day == FRIDAY:
        return today(day, minute, luck)
    if minute < 6 * 60:
        return When("today", luck.choice((720, 780, 840)))
    return When("tomorrow", luck.choice((720, 780, 840) if day == FRIDAY - 1 else (720, 780, 840, 900, 960)))


def day_after(day: int, minute: int, luck: Luck) -> When:
    """Two days on, at the latest Friday noon."""
    if day >= FRIDAY - 1:
        return tomorrow(day, minute, luck)
    return When(f"on {WEEKDAYS[day + 2]}", luck.choice((660, 720) if day + 2 == FRIDAY else (720, 840, 900)))
