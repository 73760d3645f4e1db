"""Times and durations in a reply, resolved on the week's clock. Clock texts and lengths are parsed by parsedatetime."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import parsedatetime

from ...world.clock import DAY_MINUTES, FRIDAY, WEEK_END
from .timewords import DIGITS, ENDS, HOUR_WORDS, NUMBERS, PARTS, QUICK, SPAN, WEEKDAYS

MOST = 6
"""Times read in one part of a reply."""
IST_AHEAD = 12 * 60 + 30
"""Minutes that Bengaluru is ahead of San Francisco (daylight time)."""

_BASE = datetime(2024, 1, 1)
_CALENDAR = parsedatetime.Calendar(parsedatetime.Constants(usePyICU=False))


class Span(NamedTuple):
    """A time in a text: where it stands, when it is due, how long it lasts.

    due: week minutes, None for a mere length or a time after this week (then `beyond`). minutes: None when not said.
    """

    start: int
    end: int
    due: int | None
    minutes: int | None
    beyond: bool = False


@lru_cache(maxsize=2000)
def _length(amount: str, unit: str) -> int:
    """Minutes of a length such as ("20", "min") or ("half an", "hour"); at least 1."""
    number = NUMBERS.get(amount.removeprefix("a ") if amount.startswith("a ") else amount, amount)
    hours = unit.startswith(("h", "gh"))
    text = f"{float(number) * (60 if hours else 1):.0f} minutes"
    parsed, _ = _CALENDAR.parseDT(text, sourceTime=_BASE)
    return max(1, round((parsed - _BASE) / timedelta(minutes=1)))


@lru_cache(maxsize=2000)
def _clock(text: str) -> int | None:
    """Minute of day of a clock text with its half of the day said ("4 pm", "16:30"), or None."""
    parsed, status = _CALENDAR.parseDT(text, sourceTime=_BASE)
    return parsed.hour * 60 + parsed.minute if status in (2, 3) else None


def _day(name: str | None, now: int) -> int | None:
    """Days from the week's Monday for a day word; None when none is said; over 4 is after this week."""
    if name is None:
        return None
    today = now // DAY_MINUTES
    word = name.split()[-1] if not name.startswith("day after") else name
    if word in ("today", "tonight", "aaj"):
        return today
    if word in ("tomorrow", "tmrw", "tmr", "kal", "tomrow", "tommorow"):
        return today + 1
    if word.startswith("day after") or word == "parso":
        return today + 2
    day = WEEKDAYS[word[:3]]
    return day if day >= today else day + 7


def _half(hour: int, minute: int, day: int | None, morning: bool, now: int) -> int:
    """Minute of day of a clock time whose half of the day is not said, as people at work mean it."""
    at = hour * 60 + minute
    if hour > 12 or morning:
        return at
    if day is None or day == now // DAY_MINUTES:
        at %= 720
        return at if at > now % DAY_MINUTES else at + 720
    return at if 8 <= hour <= 12 else at + 720


def _minute_of_day(text: str, prefix: str, half: str, day: int | None, now: int) -> int | None:
    if text in PARTS:
        ends = prefix.startswith(("by", "before", "till", "until"))
        return ENDS.get(text, PARTS[text]) if ends else PARTS[text]
    if text.startswith(("half past", "quarter")):
        word = text.split()[-1]
        hour = HOUR_WORDS.get(word) or (int(word) if word.isdigit() else None)
        shift = 30 if text.startswith("half") else 15 if " past " in text else -15
        return None if hour is None else _half(hour, 0, day, half == "morning", now) + shift
    if text.endswith(("am", "pm", "m.")):
        return _clock(text.replace("a.m.", "am").replace("p.m.", "pm").replace(".", ":"))
    if text in HOUR_WORDS:
        return _half(HOUR_WORDS[text], 0, day, half == "morning", now)
    found = DIGITS.match(text)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        return None
    if half in ("evening", "afternoon", "night", "tonight") and hour < 12:
        return (hour + 12) * 60 + minute
    return _half(hour, minute, day, half == "morning", now)


def _when(match: re.Match[str], now: int) -> int | None:
    half = match["part2"] or ""
    name = (
        match["day1"] or match["day2"] or match["day3"] or (half if half in ("today", "tomorrow", "tonight") else None)
    )
    day = _day(name, now)
    text = match["time"].removesuffix("hrs").removesuffix("o'clock").strip()
    minute = _minute_of_day(text.removesuffix("baje").strip(), match["pre"] or "", half or (name or ""), day, now)
    if minute is None:
        return None
    if day is None:
        day = now // DAY_MINUTES
        if minute <= now % DAY_MINUTES:
            day += 1
    return day * DAY_MINUTES + minute + (IST_AHEAD if match["zone"] else 0)


def _whole_day(match: re.Match[str], now: int) -> int:
    day = _day(match["day"].removeprefix(match["daypre"] or ""), now)
    assert day is not None
    minute = 1260 if match["day"].endswith("tonight") else 1110
    if (match["daypre"] or "").startswith("before"):
        day, minute = day - 1, 1110
    return max(day * DAY_MINUTES + minute, now + 1)


def _said(match: re.Match[str], which: str) -> int | None:
    """Minutes of the length found under these group names, None when there is none."""
    amount = match[f"{which}digits"] or match[f"{which}words"]
    return _length(amount, match[f"{which}unit"] or match[f"{which}long"]) if amount else None


def _resolve(match: re.Match[str], now: int) -> Span:
    due: int | None = None
    minutes: int | None = None
    if match["rel"]:
        due = now + (_said(match, "away_") or 60)
    elif match["dur"]:
        bare = 90 if match["dur"].endswith("and a half") else 30
        minutes = _said(match, "lasts_") or bare
        if match["later"]:
            due, minutes = now + minutes, None
    elif match["demo"]:
        due = FRIDAY * DAY_MINUTES + (960 if match["demo"].startswith("before") else 1080)
    elif match["when"]:
        due = _when(match, now)
    elif match["day"]:
        due = _whole_day(match, now)
    beyond = bool(match["next"]) or (due is not None and due > max(WEEK_END, now + 300))
    return Span(match.start(), match.end(), None if beyond else due, minutes, beyond)


def spans(lowered: str, now: int) -> list[Span]:
    """Times and lengths in a lower-case text, in order, at most MOST; `now` in week minutes."""
    if not QUICK.search(lowered):
        return []
    found: list[Span] = []
    for match in SPAN.finditer(lowered):
        found.append(_resolve(match, now))
        if len(found) == MOST:
            break
    return found
