"""The words for times that the reader knows, and what each stands for. Finds and resolves nothing."""

from __future__ import annotations

from typing import Literal, NamedTuple

Half = Literal["", "am", "pm"]


class Part(NamedTuple):
    """A part of the day, in minutes of the day (0..1439): the deadline before it, the time itself, the time after it.

    half: which half of the day a clock time said with it lies in; "" for meals and meetings.
    """

    before: int
    at: int
    after: int
    half: Half = ""


def _part(at: int, half: Half = "", before: int | None = None, after: int | None = None) -> Part:
    return Part(at if before is None else before, at, at if after is None else after, half)


MORNING, AFTERNOON, EVENING, NIGHT = _part(600, "am"), _part(900, "pm"), _part(1110, "pm"), _part(1260, "pm")
LUNCH, STANDUP, EOD = _part(780, after=840), _part(630, after=645), _part(1110)
_FIRST_THING, _NOON, _MIDNIGHT = _part(540, "am"), _part(720), _part(1439)
PARTS = (
    dict.fromkeys(("morning", "mornin", "mrng", "subah", "subeh", "savere", "forenoon"), MORNING)
    | dict.fromkeys(("afternoon", "afternon", "aftrnoon", "dopahar", "dopeher", "dupahar"), AFTERNOON)
    | dict.fromkeys(("evening", "evng", "eve", "shaam", "sham", "shyam"), EVENING)
    | dict.fromkeys(("night", "nite", "raat"), NIGHT)
    | dict.fromkeys(("noon", "midday", "noonish"), _NOON)
    | dict.fromkeys(("lunch", "lunchtime", "lunchbreak"), LUNCH)
    | dict.fromkeys(("eod", "cob", "eob", "cop"), EOD)
    | {
        "standup": STANDUP, "midnight": _MIDNIGHT, "sod": _FIRST_THING, "breakfast": _part(540),
        "dinner": _part(1200, before=1140), "teatime": _part(960), "midmorning": _part(660, "am"),
        "midafternoon": AFTERNOON,
    }
)  # fmt: skip
"""One word each; a meal or a meeting stands for its beginning, and after it for its end."""

WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_SHORT = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "somvar": 0,
    "somwar": 0, "mangalvar": 1, "mangalwar": 1, "budhvar": 2, "budhwar": 2, "guruvar": 3, "guruwar": 3,
    "veervar": 3, "shukravar": 4, "shukrawar": 4, "shanivar": 5, "shaniwar": 5, "ravivar": 6, "itvaar": 6,
}  # fmt: skip
TODAY, TOMORROW, DAY_AFTER = 10, 11, 12
"""Days said by their distance, in the numbering of WEEKDAYS; less TODAY they are days from now."""
_AHEAD = (
    dict.fromkeys(("today", "aaj", "tonight", "tonite", "2day", "todays"), TODAY)
    | dict.fromkeys(
        ("tomorrow", "tmrw", "tmr", "tmro", "tmw", "tmo", "tom", "tomm", "tomo", "kal", "tomoro", "tomorow", "morow"),
        TOMORROW,
    )
    | dict.fromkeys(("parso", "parson", "parsoon", "overmorrow"), DAY_AFTER)
)


def _slips(word: str) -> set[str]:
    """A word with one letter lost, doubled, or changed with its neighbour, and these with one letter lost."""
    lost = {word[:place] + word[place + 1 :] for place in range(1, len(word))}
    doubled = {word[:place] + word[place] + word[place:] for place in range(1, len(word))}
    swapped = {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)}
    again = {slip[:place] + slip[place + 1 :] for slip in swapped | doubled for place in range(1, len(slip))}
    return {slip for slip in lost | doubled | swapped | again if len(slip) > 4}


def _misspelt() -> dict[str, int]:
    names = WEEKDAYS | {"tomorrow": TOMORROW}
    found: dict[str, int] = {}
    for name, day in names.items():
        found |= dict.fromkeys(_slips(name), day)
    return {word: day for word, day in found.items() if word not in ("mondy's", "unday", "onday", "riday")}


DAYS = _misspelt() | WEEKDAYS | _SHORT | _AHEAD

_ONES = "zero one two three four five six seven eight nine ten eleven twelve".split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
NUMBERS = {word: number for number, word in enumerate(_ONES) if number} | {"fifteen": 15, "eighteen": 18} | TENS
HINDI: dict[str, float] = {
    "ek": 1, "do": 2, "teen": 3, "tin": 3, "char": 4, "chaar": 4, "paanch": 5, "panch": 5, "che": 6, "chhe": 6,
    "chhah": 6, "saat": 7, "aath": 8, "aanth": 8, "nau": 9, "das": 10, "dus": 10, "gyarah": 11, "barah": 12,
    "pandrah": 15, "bees": 20, "pachees": 25, "tees": 30, "chalis": 40, "paintalis": 45, "pachas": 50,
    "dedh": 1.5, "dhai": 2.5, "aadha": 0.5, "aadhe": 0.5, "adhe": 0.5, "adha": 0.5,
}  # fmt: skip
"""Numbers only before a Hindi unit ("do baje"): most of them are also English words."""
QUARTERS = {"saade": 30, "sadhe": 30, "saadhe": 30, "sade": 30, "sava": 15, "sawa": 15, "paune": -15}
"""Minutes that these words add to the hour that follows."""
BAJE = frozenset(("baje", "bje", "bajey", "baj", "bajke"))


def _all(words: str, value: int) -> dict[str, int]:
    return dict.fromkeys(words.split(), value)


UNITS = _all("m min mins minute minutes mnts mts minuts mint minut minits", 1) | _all(
    "h hr hrs hour hours ghante ghanta ghanto ghanton hous", 60
)
"""Minutes of a unit."""
LETTERS = frozenset("mh")
"""Units so short that they count only right after digits."""
DAY_UNITS = {"day": 1, "days": 1, "din": 1, "week": 7, "weeks": 7, "hafte": 7}

BEFORE = frozenset("by before till until b4 befor untill til bfr upto latest within".split())
AFTER = frozenset("after aftr aft post past once following".split())
AT = frozenset("at around about from between @ ~ for circa approx arnd abt eta say".split())
CLOCK_LEADS = BEFORE | frozenset("after aftr aft post past at around about from between @ ~ arnd abt eta say".split())
"""Words after which a mere number is a time of day."""
FILLERS = frozenset(
    "the my our about around this maybe like approx roughly probably sharp say coming exactly ~".split()
)
JOINS = frozenset(
    "on at by in the before till until around about after aftr post from of ko tak ke ki mein me , ( this itself only "
    "sharp latest for that - @ my our hi se between though then right just baad bad pehle like maybe and b4 ist early "
    "late approx pt pst pdt pacific est edt gmt utc".split()
)
"""Words that may stand between a day, a part of it and a clock time of one moment."""
SOFT = frozenset((",", "and", "for", "that", "-", "from", "("))
"""Joins that only bind a day to a time, not two times."""
MOVES = frozenset(
    "move moved moving shift shifted shifting push pushed pushing postpone postponed prepone preponed reschedule "
    "rescheduled bring".split()
)
"""Verbs after which "to" leads to a time."""
ZONES = _all("pst pdt pt pacific", 750) | _all("est edt eastern", 570) | _all("gmt utc bst", 330)
"""Minutes that Bengaluru is ahead of the zone (summer time in America)."""

COUNTED = frozenset(
    "of more other others people percent hundred thousand k x % / th st nd rd different new open big small extra "
    "separate full whole total times points things items nights swaps files lines tests slides questions nodes pods "
    "lakh lakhs crore rupees usd gb mb ms sec secs seconds second days day weeks week months month years year sprints "
    "person guys folks approvals reviewers".split()
)
"""Words before which a number counts something."""
NOT_PLURAL = frozenset(
    "works this does suits thanks unless always plus perhaps afterwards onwards gets sounds looks makes means regards "
    "needs lets yes was is as its us has tops ist hours hrs minutes mins".split()
)
"""Words in -s that are no plural of something counted."""

PHRASES: dict[str, tuple[tuple[list[str], str, Part | int], ...]] = {}
"""Fixed phrases by their first word: the words, what kind of time they are, and what they stand for.

"leaving" is a part of the day only after "before" or "by".
"""


def _phrase(text: str, kind: str, value: Part | int) -> None:
    words = text.split()
    PHRASES[words[0]] = tuple(sorted((*PHRASES.get(words[0], ()), (words, kind, value)), key=lambda one: -len(one[0])))


def _phrases() -> None:
    parts = {
        "first thing": _FIRST_THING, "start of day": _FIRST_THING, "start of the day": _FIRST_THING,
        "beginning of the day": _FIRST_THING, "first half": _part(780), "second half": AFTERNOON,
        "stand up": STANDUP, "day end": EOD, "end of day": EOD, "end of the day": EOD, "end of business": EOD,
        "end of today": EOD, "close of business": EOD, "close of play": EOD, "close of day": EOD, "end of work": EOD,
        "end of tomorrow": EOD,
        "early morning": _FIRST_THING, "early afternoon": _part(840, "pm"), "late afternoon": _part(1020, "pm"),
        "mid morning": _part(660, "am"), "mid day": _NOON, "mid afternoon": AFTERNOON, "tea time": _part(960),
        "subah subah": MORNING, "tea break": _part(960), "late evening": _part(1200, "pm"),
    }  # fmt: skip
    for text, part in parts.items():
        _phrase(text, "part", part)
    for text in ("i leave", "leaving", "i log off", "i go home", "i head home", "i sign off", "logging off",
                 "going home", "i leave for the day", "i logoff", "i head out", "day is over", "day is out",
                 "day ends"):  # fmt: skip
        _phrase(text, "leaving", EOD)
    for text in ("day after", "day after tomorrow", "day after tom", "day after tmrw", "day aftr"):
        _phrase(text, "day", DAY_AFTER)
    for text in ("end of week", "end of the week", "end of this week", "eow", "week end"):
        _phrase(text, "week", 1110)
    for text in ("demo", "sprint demo", "friday demo", "demo on friday"):
        _phrase(text, "demo", 960)
    for first in ("next", "following", "coming"):
        for unit in ("week", "month", "sprint", "monday", "mon", "tuesday", "tue", "wednesday", "wed", "thursday",
                     "thu", "friday", "fri", "quarter"):  # fmt: skip
            if first != "coming" or unit in ("week", "month", "sprint"):
                _phrase(f"{first} {unit}", "beyond", 0)
    for text in ("agle hafte", "agle week", "agle mahine", "next to next"):
        _phrase(text, "beyond", 0)


_phrases()
