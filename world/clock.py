"""Week time: minutes since Monday 00:00 inside the world, {day, minute} on the wire. Knows no dates."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DAY_MINUTES = 1440
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri")
FRIDAY = 4
WEEK_END = FRIDAY * DAY_MINUTES + 18 * 60 + 30
"""Friday 18:30, the last minute of the week."""

WRITES_FROM, WRITES_UNTIL = 9 * 60, 20 * 60

MinuteOfDay = Annotated[int, Field(ge=0, le=DAY_MINUTES - 1)]


class Moment(BaseModel):
    """A day (0 Monday .. 4 Friday) and a minute of that day (0..1439), Asia/Kolkata."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Annotated[int, Field(ge=0, le=FRIDAY)]
    minute: MinuteOfDay

    @property
    def at(self) -> int:
        """Minutes since Monday 00:00."""
        return self.day * DAY_MINUTES + self.minute


def moment(at: int) -> Moment:
    """Turn minutes since Monday 00:00 (clamped into the week) into a wire moment."""
    at = min(max(at, 0), (FRIDAY + 1) * DAY_MINUTES - 1)
    return Moment(day=at // DAY_MINUTES, minute=at % DAY_MINUTES)


def at_time(day: int, hour: int, minute: int = 0) -> int:
    """Minutes since Monday 00:00 of a day (0..4) and an hour:minute."""
    return day * DAY_MINUTES + hour * 60 + minute


def day_of(at: int) -> int:
    """The day (0..4) that a week minute lies in."""
    return at // DAY_MINUTES


def label(at: int) -> str:
    """A week minute for people: 540 -> "Mon 09:00"."""
    day, minute = divmod(at, DAY_MINUTES)
    return f"{DAY_NAMES[min(day, FRIDAY)]} {minute // 60:02d}:{minute % 60:02d}"


def waking(at: int) -> int:
    """The first minute from `at` on at which a colleague writes: 09:00 to 20:00 on a weekday of the week."""
    day, minute = divmod(at, DAY_MINUTES)
    if minute < WRITES_FROM:
        return day * DAY_MINUTES + WRITES_FROM + minute % 30
    return at if minute < WRITES_UNTIL else (day + 1) * DAY_MINUTES + WRITES_FROM + minute % 30
