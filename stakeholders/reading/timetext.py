"""Times as people write them, rewritten as the parser of `times` knows them. Resolves nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_ONES = "zero one two three four five six seven eight nine ten eleven twelve".split()
_TENS = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_HINDI = {
    "ek": 1, "do": 2, "teen": 3, "char": 4, "chaar": 4, "paanch": 5, "panch": 5, "chhe": 6, "saat": 7, "aath": 8,
    "nau": 9, "das": 10, "dus": 10, "gyarah": 11, "barah": 12, "pandrah": 15, "bees": 20, "tees": 30, "chalis": 40,
}  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_ONES)} | _TENS | _HINDI
_HOURS = "|".join(_ONES[1:])
_ANY = "|".join([*_ONES[1:], *_TENS])
_HINDI_ANY = "|".join(_HINDI)
_UNIT = r"(?P<unit>hours?|hrs?|minutes?|mins?|ghante|ghanta|ghanton)"
_MINUTES = {"fifteen": "15", "thirty": "30", "forty five": "45", "forty-five": "45"}

QUICK = re.compile(
    rf"\b(?:{_ANY}|quarters?|half|ghant\w+|baje|tak|pehle|subah|shaam|sham|raat|hrs|ish|days?|b4|befor|between|from|"
    r"tom\w*|eo[bd]|end of|noon|demo|lunch|give me|in|within|mein|\d ?h\w*|2m\w+|wed\w+|thr?u\w*|tue\w*|fir\w+|"
    r"m[ou]n?day)\b|\dish|\d-ish|at \d{4}"
)
"""Whether there may be something to rewrite."""


class _Rule(NamedTuple):
    """A pattern and what to write for it; tried only on texts with one of `needs` in them.

    A pattern that starts with a digit looks back for the boundary: it is found faster so than with one in front.
    """

    pattern: re.Pattern[str]
    form: str | Callable[[re.Match[str]], str]
    needs: tuple[str, ...]


def _digits(match: re.Match[str]) -> str:
    tens, ones = match["tens"], match["ones"]
    return f"{(_NUMBERS[tens] if tens else 0) + (_NUMBERS[ones] if ones else 0)} {match['unit']}"


def _and_a_half(match: re.Match[str]) -> str:
    count = match["count"]
    number = 1 if count in ("a", "an") else _NUMBERS.get(count) or int(count)
    return f"{number}.5 hours"


def _part(match: re.Match[str]) -> str:
    """ "kal shaam 6 baje" -> "kal 6 pm"."""
    half = "am" if match["part"] == "subah" else "pm"
    return f"{match['day'] or 'aaj '}{match['hour']}{match['minute'] or ''} {half}"


def _clock(match: re.Match[str]) -> str:
    return f"{match['hour']}:{match['minute']}"


def _hindi_length(match: re.Match[str]) -> str:
    count = match["count"]
    number = "30" if count.startswith("aadh") else str(_HINDI.get(count) or count)
    unit = "minutes" if count.startswith("aadh") or match["unit"].startswith("min") else "hours"
    return f"in {number} {unit}" if match["within"] else f"{number} {unit}"


def _days(match: re.Match[str]) -> str:
    return "tomorrow" if match["count"] in ("a", "one", "1") else "day after tomorrow"


_DAYWORD = r"(?:today|tomorrow|tonight|kal|(?:mon|tues|wednes|thurs|fri)day)"
_RULES = (
    _Rule(re.compile(rf"(\d(?<!\w\d)\d?) to \d{{1,2}}(?= (?:on )?{_DAYWORD})"), r"at \1", (" to ",)),
    _Rule(re.compile(r"\b(?:eob|end of business|end of day)\b"), "eod", ("eob", "end of")),
    _Rule(re.compile(r"\bnoon-?ish\b"), "noon", ("noon",)),
    _Rule(re.compile(r"\b(?:the )?second half(?: of the day)?\b(?! of)"), "afternoon", ("second half",)),
    _Rule(re.compile(r"\ban hour before the demo\b"), "friday 3 pm", ("the demo",)),
    _Rule(re.compile(r"\bby the demo\b"), "before the demo", ("by the demo",)),
    _Rule(re.compile(r"\bcouple hours\b"), "couple of hours", ("couple hours",)),
    _Rule(re.compile(r"\bhalf-hour\b"), "30 minutes", ("half-hour",)),
    _Rule(re.compile(r"\b(?:an? )?hour-long\b"), "60 minutes", ("hour-long",)),
    _Rule(re.compile(rf"\b({_DAYWORD}),? before lunch\b"), r"before lunch \1", ("before lunch",)),
    _Rule(
        re.compile(rf"\b(\d{{1,2}}(?::\d\d)?) ({_DAYWORD}) (morning|evening|night)\b"),
        r"at \1 \2 \3",
        ("morning", "evening", "night"),
    ),
    _Rule(re.compile(r"\bby (?P<hour>[01]\d|2[0-3])(?P<minute>00|15|30|45)\b"), _clock, ("by ",)),
    _Rule(
        re.compile(rf"\b(?P<lead>in|within|give me|back in) (?P<count>\d{{2}}|{_ANY})(?=$|[.,!?;]| and\b| or so\b)"),
        lambda match: f"in {_NUMBERS.get(match['count']) or match['count']} minutes",
        ("in ", "give me"),
    ),
    _Rule(re.compile(rf"\b(?P<count>{_HINDI_ANY}) baje\b"), lambda match: f"{_HINDI[match['count']]} baje", ("baje",)),
    _Rule(
        re.compile(r"(\d)(?<!\w\d) ?h(?:rs?|ours?)? ?(?:and )?(\d\d) ?(?:m(?:ins?|inutes)?)?\b"),
        lambda match: f"{60 * int(match[1]) + int(match[2])} minutes",
        ("h",),
    ),
    _Rule(
        re.compile(r"\b(?:tomm?orr?ow|tomo(?:r+ow?)?|tommor?ow|2mrw|2moro|tmo|tmw)\b"),
        "tomorrow",
        ("tom", "tmo", "tmw", "2m"),
    ),
    _Rule(
        re.compile(r"\bwed(?:ens|ns|ensd|nesd|sne?s?)?(?:day|dy)\b|\bwens?d?ay\b"),
        "wednesday",
        ("wed", "wena", "wens", "wend"),
    ),
    _Rule(
        re.compile(r"\b(?:thrusday|thurday|thursdy|thrsday|thusday)\b"),
        "thursday",
        ("thru", "thrs", "thurd", "thursdy", "thus"),
    ),
    _Rule(re.compile(r"\b(?:tusday|teusday|tuesdy|tueday)\b"), "tuesday", ("tus", "teu", "tue")),
    _Rule(re.compile(r"\b(?:firday|fridy|frday)\b"), "friday", ("fird", "fridy", "frda")),
    _Rule(re.compile(r"\b(?:b4|befor)\b"), "before", ("b4", "befor")),
    _Rule(re.compile(r"\bthree[- ]quarters of an hour\b"), "45 minutes", ("three",)),
    _Rule(re.compile(r"\b(?:a )?quarter of an hour\b|\ba quarter hour\b"), "15 minutes", ("quarter",)),
    _Rule(re.compile(rf"\b(?P<count>an?|\d|{_HOURS}) hours? and a half\b"), _and_a_half, ("and a half",)),
    _Rule(re.compile(rf"\b(?P<count>\d|{_HOURS}) and a half hours?\b"), _and_a_half, ("and a half",)),
    _Rule(
        re.compile(
            rf"\b(?P<count>aadh[ae]|{_HINDI_ANY}|\d{{1,2}}) (?P<unit>ghante|ghanta|minute|min)"
            r"(?P<within> (?:mein|me|ke andar)\b)?(?= |$|[.,!?])"
        ),
        lambda match: _hindi_length(match) if match["within"] or match["unit"][0] == "g" else match[0],
        ("ghant", "minute", "min"),
    ),
    _Rule(
        re.compile(
            r"\b(?P<day>(?:kal|aaj|parso|(?:mon|tues|wednes|thurs|fri)day) )?(?:ko )?(?P<part>subah|shaam|sham|dopahar|"
            r"raat)(?: ko)? (?P<hour>\d{1,2})(?P<minute>:\d\d)?(?: baje)?\b"
        ),
        _part,
        ("subah", "sha", "raat", "dopahar"),
    ),
    _Rule(re.compile(r"\b(\d{1,2}(?::\d\d)?)(?: baje)? tak\b"), r"by \1", (" tak",)),
    _Rule(re.compile(r"\b(\d{1,2}(?::\d\d)?)(?: baje)? se pehle\b"), r"before \1", ("se pehle",)),
    _Rule(re.compile(r"\bsham\b"), "shaam", ("sham",)),
    _Rule(
        re.compile(rf"\b(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<ones>{'|'.join(_ONES[1:10])}))?[- ]{_UNIT}\b"),
        _digits,
        ("min", "hour", "hr"),
    ),
    _Rule(re.compile(rf"\b(?P<tens>)(?P<ones>{_HOURS})[- ]{_UNIT}\b"), _digits, ("min", "hour", "hr")),
    _Rule(re.compile(r"\b(?P<hour>[01]?\d|2[0-3])(?P<minute>[0-5]\d) ?(?:hrs|hours|h)\b"), _clock, ("h",)),
    _Rule(re.compile(r"(?<=\bat )(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\b"), _clock, ("at ",)),
    _Rule(
        re.compile(rf"\b(?P<hour>{_HOURS})[- ](?P<minute>{'|'.join(_MINUTES)})\b(?![- ](?:\w+ )?(?:min|hour|hr))"),
        lambda match: f"{_NUMBERS[match['hour']]}:{_MINUTES[match['minute']]}",
        ("thirty", "fifteen", "forty"),
    ),
    _Rule(
        re.compile(rf"\b({_HOURS})(?= (?:o'clock|am|pm|a\.m|p\.m|sharp|baje)\b)"),
        lambda m: str(_NUMBERS[m[1]]),
        (" o'clock", " am", " pm", " a.m", " p.m", " sharp", " baje"),
    ),
    _Rule(
        re.compile(rf"\b(quarter (?:to|past)|half past) ({_HOURS})\b"),
        lambda m: f"{m[1]} {_NUMBERS[m[2]]}",
        ("quarter", "half past"),
    ),
    _Rule(re.compile(r"\b(?:at |by |around |about )?(\d{1,2}(?::\d\d)?) ?-?ish\b"), r"at \1", ("ish",)),
    _Rule(re.compile(r"\bbetween \d{1,2}(?::\d\d)? and (\d{1,2}(?::\d\d)?)(?! \w*(?:s|p)\b)"), r"by \1", ("between",)),
    _Rule(re.compile(r"\bfrom (\d{1,2}(?::\d\d)?) to \d{1,2}(?::\d\d)?(?! ?(?:am|pm))\b"), r"at \1", ("from ",)),
    _Rule(re.compile(r"\b(?:in (?P<count>a|one|1|two|2) days?\b(?: time)?)"), _days, (" day",)),
    _Rule(
        re.compile(r"\b(?P<count>a|one|1|two|2) days? (?:from now|later)\b"),
        _days,
        ("day from", "days from", "day later", "days later"),
    ),
)


def plain(lowered: str) -> str:
    """A lower-case text with its times in digits and English; other words stay."""
    if not QUICK.search(lowered):
        return lowered
    for pattern, form, needs in _RULES:
        for need in needs:
            if need in lowered:
                lowered = pattern.sub(form, lowered)
                break
    return lowered
