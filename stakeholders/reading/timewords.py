"""The words for times that the reader knows, and the pattern that finds them in a lower-case text. Resolves nothing."""

from __future__ import annotations

import re

WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
PARTS = {
    "first thing": 570, "breakfast": 540, "morning": 600, "subah": 600, "standup": 645, "stand-up": 645, "noon": 720,
    "midday": 720, "lunchtime": 780, "lunch": 840, "dopahar": 840, "afternoon": 900, "evening": 1110, "shaam": 1110,
    "eod": 1110, "end of day": 1110, "end of the day": 1110, "day end": 1110, "cob": 1110, "close of business": 1110,
    "close of play": 1110, "dinner": 1200, "night": 1260, "raat": 1260, "midnight": 1439,
}  # fmt: skip
"""Minute of day that a part of the day stands for; a meal or a meeting stands for its end."""
ENDS = {"lunch": 780, "standup": 630, "stand-up": 630, "dinner": 1140, "noon": 720}
"""What "before" and "by" one of these means."""
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "ninety": 90, "half an": 0.5, "couple of": 2,
    "a couple of": 2,
}  # fmt: skip
HOUR_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip

_UNIT = r"(?:minutes?|mins?|hours?|hrs?|ghante|ghanta)\b"
_DIGITS_OF = r"\d{1,3}(?:\.\d)?"
_WORDS_OF = (
    r"half an|an?|one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty|forty|fifty|ninety|(?:a )?couple of"
)


def _length(name: str) -> str:
    """A pattern for a length: digits with any unit ("20m"), or a word with a long one ("half an hour")."""
    short = rf"(?P<{name}digits>{_DIGITS_OF})[ -]?(?P<{name}unit>{_UNIT}|[mh]\b)"
    return rf"(?:{short}|(?P<{name}words>{_WORDS_OF})[ -](?P<{name}long>{_UNIT}))"


_AWAY, _LASTS = _length("away_"), _length("lasts_")


_DAY = (
    r"today|tonight|tomorrow|tmrw|tmr|tomrow|tommorow|kal|aaj|parso|day after tomorrow|day after|"
    r"(?:this |coming |on )?(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sun)(?:day)?"
)
_PART = "|".join(sorted(map(re.escape, PARTS), key=len, reverse=True))
_CLOCK = (
    r"\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|baje|o'clock|hrs)|\d{1,2}:\d{2}|half past (?:\d{1,2}|"
    r"[a-z]+)|quarter (?:past|to) \d{1,2}"
)
_BARE = (
    rf"(?:1[0-2]|[1-9])(?:\.30)?(?!\d|\s?%|[.:]\d|\s?{_UNIT}|\s(?:days?|weeks?|nights?|items?|things?|points?|people|"
    r"files?|slides?|lines?|questions?))"
    rf"|(?:{'|'.join(HOUR_WORDS)})(?=\s*(?:[.,;!?)]|$|today|tomorrow|tonight|in the|(?:on|pm|am|and|so|to|i|we)\b))"
)
_PREFIX = (
    r"(?:by|before|at|till|until|around|after|from|between|for|about|post|ke baad)\s(?:about |around |the |"
    r"my |around about )?"
)

_OPENS = (
    r"\d|a(?:\b|n\b|t\b|bout|round|fter|aj)|b(?:y\b|ef|et|reakf)|c(?:oup|om|ob|lose)|d(?:ay|in|op)|"
    r"e(?:nd|o[wd]|ig|le|ve)|f(?:o[rlu]|rom|i|ri)|give|h(?:our|alf)|in\b|k(?:al|e\b)|lunch|m(?:on|or|id)|"
    r"n(?:ext|oon|ight|ine)|o(?:n\b|ne|nce)|p(?:ost|ars)|quart|raat|s(?:u[bn]|at|haa|tand|ix|ev)|"
    r"t(?:o[dmn]|m|ue|h[ueir]|ill|w[eo]|en)|until|w(?:ith|ed)"
)
"""What a time starts with: most words are none, and the long pattern is not tried on them."""

SPAN = re.compile(
    rf"\b(?={_OPENS})(?:(?P<rel>(?:in|within|give me|after)\s(?:about |another |the next |"
    rf"max )?{_AWAY}|within the hour|in the hour)"
    rf"|(?P<dur>{_LASTS}(?P<later>\s(?:later|from now|mein|me)\b)?|"
    rf"hour and a half|half hour)"
    rf"|(?P<next>(?:next|following) (?:week|month|sprint|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*))"
    rf"|(?P<demo>(?:before|after|post|once) (?:the |friday's |our )?demo\b|end of (?:the )?week|eow)"
    rf"|(?P<when>(?P<pre>{_PREFIX})?(?:(?P<day1>\b(?:{_DAY})\b)(?:'s)?[ ,]*(?:(?:at|by|around|before|after|"
    rf"ko|till|until|,)\s?)?)?"
    rf"(?:the )?(?P<time>{_CLOCK}|\b(?:{_PART})\b|(?<=by )(?:{_BARE})|(?<=at )(?:{_BARE})|"
    rf"(?<=before )(?:{_BARE})|(?<=till )(?:{_BARE})|(?<=until )(?:{_BARE})"
    rf"|(?<=around )(?:{_BARE})|(?<=after )(?:{_BARE})|(?<=day )(?:{_BARE})|(?<=tomorrow )(?:{_BARE})|"
    rf"(?<=kal )(?:{_BARE}))"
    rf"(?:,? (?:in the |(?P<day3>today|tomorrow|tonight) )?(?P<part2>morning|afternoon|evening|night|today|"
    rf"tomorrow|tonight)\b)?"
    rf"(?:[ ,]*(?:on )?(?P<day2>\b(?:{_DAY})\b))?(?P<zone>\s?(?:pst|pdt|pt|pacific|your time))?)"
    rf"|(?P<day>(?P<daypre>by |before |until |till |on )?\b(?:{_DAY})\b))"
)  # fmt: skip
QUICK = re.compile(
    r"\d|half|quarter|day|tom|tmr|kal|aaj|parso|noon|morning|evening|night|eod|cob|lunch|standup|stand-up|hour|"
    r"minute|mon|tue|wed|thu|fri|week|sprint|demo|subah|shaam|raat|dopahar|first thing|dinner|minutes|end of|close of|"
    rf"midday|eow|month|\b(?:at|by|till|until|before|after|around) (?:{'|'.join(HOUR_WORDS)})\b"
)


DIGITS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
