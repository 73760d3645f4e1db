"""Times and durations in a reply, resolved on the week's clock. Clock texts and lengths are parsed by parsedatetime."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import parsedatetime

from ...world.clock import DAY_MINUTES, FRIDAY, WEEK_END

MOST = 6
"""Times read in one part of a reply."""
IST_AHEAD = 12 * 60 + 30
"""Minutes that Bengaluru is ahead of San Francisco (daylight time)."""

_BASE = datetime(2024, 1, 1)
_CALENDAR = parsedatetime.Calendar(parsedatetime.Constants(usePyICU=False))

_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_PARTS = {
    "first thing": 570, "standup": 660, "stand-up": 660, "morning": 600, "subah": 600, "noon": 720, "midday": 720, "lunch": 840,
    "lunchtime": 780, "afternoon": 900, "dopahar": 840, "dinner": 1200, "evening": 1080, "shaam": 1080, "night": 1260, "raat": 1260,
    "midnight": 1439, "eod": 1110, "end of day": 1110, "end of the day": 1110, "cob": 1110, "close of business": 1110,
    "close of play": 1110, "day end": 1110, "breakfast": 540,
}  # fmt: skip
_ENDS = {"lunch": 780, "standup": 630, "stand-up": 630, "dinner": 1140, "noon": 720}
"""What "before" and "by" one of these means."""
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30,
            "forty": 40, "fifty": 50, "ninety": 90, "half an": 0.5, "couple of": 2, "a couple of": 2, "six": 6, "eight": 8}  # fmt: skip

_UNIT = r"(?:minutes?|mins?|min|m|hours?|hrs?|hr|h|ghante|ghanta)\b"
_AMOUNT = r"\d{1,3}(?:\.\d)?|half an|an?|one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty|forty|fifty|ninety|(?:a )?couple of"
_DAY = (
    r"today|tonight|tomorrow|tmrw|tmr|tomrow|tommorow|kal|aaj|parso|day after tomorrow|day after|"
    r"(?:this |coming |on )?(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sun)(?:day)?"
)
_PART = "|".join(sorted(map(re.escape, _PARTS), key=len, reverse=True))
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|baje|o'clock|hrs)|\d{1,2}:\d{2}|half past (?:\d{1,2}|[a-z]+)|quarter (?:past|to) \d{1,2}"
_BARE = r"(?:1[0-2]|[1-9])(?:\.30)?(?!\d|\s?%|[.:]\d|\s?" + _UNIT + r"|\s(?:days?|weeks?|nights?|items?|things?|points?|people|files?|slides?|lines?|questions?))"
_PREFIX = r"(?:by|before|at|till|until|around|after|from|between|for|about|post|ke baad)\s(?:about |around |the |my |around about )?"

_SPAN = re.compile(
    rf"\b(?:(?P<rel>(?:in|within|give me|after)\s(?:about |another |the next |max )?(?P<ramount>{_AMOUNT})[ -]?(?P<runit>{_UNIT})|within the hour|in the hour)"
    rf"|(?P<dur>(?P<damount>{_AMOUNT})[ -]?(?P<dunit>{_UNIT})(?P<later>\s(?:later|from now|mein|me)\b)?|hour and a half|half hour)"
    rf"|(?P<next>(?:next|following) (?:week|month|sprint|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*))"
    rf"|(?P<demo>(?:before|after|post|once) (?:the |friday's |our )?demo\b|end of (?:the )?week|eow)"
    rf"|(?P<when>(?P<pre>{_PREFIX})?(?:(?P<day1>\b(?:{_DAY})\b)(?:'s)?[ ,]*(?:(?:at|by|around|before|after|ko|till|until|,)\s?)?)?"
    rf"(?:the )?(?P<time>{_CLOCK}|\b(?:{_PART})\b|(?<=by )(?:{_BARE})|(?<=at )(?:{_BARE})|(?<=before )(?:{_BARE})|(?<=till )(?:{_BARE})|(?<=until )(?:{_BARE})"
    rf"|(?<=around )(?:{_BARE})|(?<=after )(?:{_BARE})|(?<=day )(?:{_BARE})|(?<=tomorrow )(?:{_BARE})|(?<=kal )(?:{_BARE}))"
    rf"(?:,? (?:in the |today |tomorrow |tonight )?(?P<part2>morning|afternoon|evening|night|today|tomorrow|tonight)\b)?"
    rf"(?:[ ,]*(?:on )?(?P<day2>\b(?:{_DAY})\b))?(?P<zone>\s?(?:pst|pdt|pt|pacific|your time))?)"
    rf"|(?P<day>(?P<daypre>by |before |until |till |on )?\b(?:{_DAY})\b))"
)  # fmt: skip
_QUICK = re.compile(r"\d|day|tom|tmr|kal|aaj|parso|noon|morning|evening|night|eod|cob|lunch|standup|stand-up|hour|minute|mon|tue|wed|thu|fri|week|sprint|demo|subah|shaam|raat|dopahar|first thing|dinner|minutes|end of|close of|midday|eow|month")


class Span(NamedTuple):
    """A time in a text: where it stands, week minutes it is due at (None: a length only, or after this week), minutes it lasts."""

    start: int
    end: int
    due: int | None
    minutes: int | None
    beyond: bool = False


@lru_cache(maxsize=2000)
def _length(amount: str, unit: str) -> int:
    """Minutes of a length such as ("20", "min") or ("half an", "hour"); at least 1."""
    number = _NUMBERS.get(amount.removeprefix("a ") if amount.startswith("a ") else amount, amount)
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
    day = _WEEKDAYS[word[:3]]
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


_HOUR_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_DIGITS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


def _minute_of_day(text: str, prefix: str, half: str, day: int | None, now: int) -> int | None:
    if text in _PARTS:
        ends = prefix.startswith(("by", "before", "till", "until"))
        return _ENDS.get(text, _PARTS[text]) if ends else _PARTS[text]
    if text.startswith(("half past", "quarter")):
        word = text.split()[-1]
        hour = _HOUR_WORDS.get(word) or (int(word) if word.isdigit() else None)
        shift = 30 if text.startswith("half") else 15 if " past " in text else -15
        return None if hour is None else _half(hour, 0, day, half == "morning", now) + shift
    if text.endswith(("am", "pm", "m.")):
        return _clock(text.replace("a.m.", "am").replace("p.m.", "pm").replace(".", ":"))
    found = _DIGITS.match(text)
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
    name = match["day1"] or match["day2"] or (half if half in ("today", "tomorrow", "tonight") else None)
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


def _resolve(match: re.Match[str], now: int) -> Span:
    due: int | None = None
    minutes: int | None = None
    if match["rel"]:
        minutes_away = _length(match["ramount"], match["runit"]) if match["ramount"] else 60
        due = now + minutes_away
    elif match["dur"]:
        minutes = _length(match["damount"], match["dunit"]) if match["damount"] else 90 if "half" in match["dur"][5:] and "and" in match["dur"] else 30
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
    if not _QUICK.search(lowered):
        return []
    found: list[Span] = []
    for match in _SPAN.finditer(lowered):
        if match["when"] or match.lastgroup:
            found.append(_resolve(match, now))
        if len(found) == MOST:
            break
    return found
