"""Clock times as they are said: "3:30 pm", "half past nine", "saade teen baje", "1630 hrs". Resolves nothing."""

from __future__ import annotations

import re
from typing import Literal

from .timetext import STOPS, Atom, Scanner
from .timewords import BAJE, CLOCK_LEADS, COUNTED, DAYS, HINDI, MOVES, NOT_PLURAL, NUMBERS, PARTS, QUARTERS, UNITS, Half

_DIGITS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_MILITARY = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")


class Clocks(Scanner):
    """Finds clock times."""

    def _spoken(self, place: int) -> Atom | None:
        """Clock times in words: "half past nine", "quarter to 6", "ten to five", "saade teen baje", "four thirty"."""
        said = self._said
        word, link = said[place], said[place + 1]
        if word in QUARTERS:
            hour = self._hour(place + 1) or HINDI.get(link)
            last = place + 2 + (said[place + 2] in BAJE)
            return self._told(place, last, int(hour), QUARTERS[word]) if hour else None
        if word in ("half", "quarter") and link in ("past", "to", "after", "till"):
            hour = self._hour(place + 2)
            shift = 30 if word == "half" else -15 if link in ("to", "till") else 15
            return self._told(place, place + 3, hour, shift) if hour else None
        if word == "a" and link == "quarter" and said[place + 2] in ("past", "to"):
            hour = self._hour(place + 3)
            return self._told(place, place + 4, hour, 15 if said[place + 2] == "past" else -15) if hour else None
        if word == "half" and self._before(place) in ("at", "by", "before", "around", "till"):
            hour = self._hour(place + 1)
            return self._told(place, place + 2, hour, 30) if hour and said[place + 2] not in UNITS else None
        if word in ("five", "ten", "twenty") and link in ("past", "to") and self._before(place) in CLOCK_LEADS:
            hour = self._hour(place + 2)
            shift = NUMBERS[word] if link == "past" else -NUMBERS[word]
            return self._told(place, place + 3, hour, shift) if hour and self._before(place) != "from" else None
        return self._hour_and_minutes(place)

    def _hour_and_minutes(self, place: int) -> Atom | None:
        """ "four thirty", "ten forty five"."""
        said = self._said
        hour = NUMBERS.get(said[place], 0)
        minute, last = {"fifteen": 15, "thirty": 30}.get(said[place + 1], 0), place + 2
        if said[place + 1] in ("forty", "fourty") and said[place + 2] == "five":
            minute, last = 45, place + 3
        if not (minute and 1 <= hour <= 12) or said[last] in UNITS:
            return None
        return self._told(place, last, hour, minute)

    def _hour(self, place: int) -> int | None:
        word = self._said[place]
        hour = int(word) if word.isdigit() and len(word) <= 2 else NUMBERS.get(word, 0)
        return hour if 1 <= hour <= 12 else None

    def _told(self, first: int, last: int, hour: int, shift: int) -> Atom:
        half, last = self._after_clock(last)
        return Atom("clock", first, last, hour * 60 + shift, half)

    def _after_clock(self, last: int) -> tuple[Half | Literal["24"], int]:
        """The half of the day said behind a clock time ("" if none), and the place behind it."""
        half: Half = ""
        word = self._said[last]
        if word in ("am", "pm") or (word in ("a", "p") and self._touching(last)):
            half, last = ("am" if word[0] == "a" else "pm"), last + 1
        while self._said[last] in ("ish", "sharp", "onwards", "o'clock", "oclock", "hrs", "baje", "ist", "bje"):
            last += 1
        if half == "" and self._said[last] in ("am", "pm"):
            half, last = ("am" if self._said[last] == "am" else "pm"), last + 1
        return half, last

    def _clock(self, place: int) -> Atom | None:
        said = self._said
        word = said[place]
        lead, behind = self._before(place), said[place + 1]
        if said[place - 1 if place else -1] in ("#", "/", "$", "£", "€", ".", "v"):
            return None
        if _MILITARY.fullmatch(word) and (
            behind in ("hrs", "hours", "h", "hr", "ist")
            or (lead in CLOCK_LEADS and word[2:] in ("00", "15", "30", "45"))
        ):
            return Atom("clock", place, place + 2 if behind in ("hrs", "hours", "h", "hr") else place + 1,
                        int(word[:2]) * 60 + int(word[2:]), "24")  # fmt: skip
        hour, minute = self._digital(word)
        if hour is None:
            return None
        half, last = self._after_clock(place + 1)
        value = hour * 60 + minute
        if half or last > place + 1 or ":" in word:
            as_said = hour > 12 or hour == 0 or (":" in word and word[0] == "0")
            return Atom("clock", place, last, value, "24" if as_said else half)
        if behind in ("hour", "hours") and hour >= 7 and lead in ("before", "at", "by", "until", "till"):
            return Atom("clock", place, place + 2, value)
        if self._is_time(place, lead, behind):
            return Atom("clock", place, place + 1, value, "24" if hour > 12 else "")
        return None

    def _digital(self, word: str) -> tuple[int | None, int]:
        """Hour and minute of "3", "3:30", "3.30", "four" or, before "baje", "teen"; hour None when it is none."""
        found = _DIGITS.fullmatch(word)
        if found:
            hour, minute = int(found[1]), int(found[2] or 0)
            odd = "." in word and minute % 5
            return (hour, minute) if hour <= 23 and minute <= 59 and not odd else (None, 0)
        return (NUMBERS[word], 0) if NUMBERS.get(word, 99) <= 12 else (None, 0)

    def _hindi_clock(self, place: int) -> Atom | None:
        """ "do baje", "dedh baje"."""
        hour = HINDI.get(self._said[place])
        if hour is None or self._said[place + 1] not in BAJE:
            return None
        return Atom("clock", place, place + 2, round(hour * 60))

    def _is_time(self, place: int, lead: str, behind: str) -> bool:
        """Whether a mere number is a time of day, by what stands around it."""
        said = self._said
        if behind in UNITS or behind in COUNTED or said[place] == "0":
            return False
        if behind.endswith("s") and len(behind) > 2 and behind not in NOT_PLURAL and behind not in DAYS:
            return False
        if behind.isalpha() and self._touching(place + 1):
            return False
        if "." in said[place] and (place == 0 or said[place] > "12.59"):
            return True
        if int(self._digital(said[place])[0] or 0) > 12 and lead not in CLOCK_LEADS:
            return False
        if said[place] == "one" and behind not in ("", ",", ".", "!", "?", "sharp", "today", "tomorrow", "latest"):
            return False
        return lead in CLOCK_LEADS or self._by_neighbours(place, lead, behind)

    def _by_neighbours(self, place: int, lead: str, behind: str) -> bool:
        """Whether a number without a word of time before it is one by what stands around it."""
        said = self._said
        last = self._atoms[-1] if self._atoms else None
        near = last is not None and (last.last == place or (last.last == place - 1 and said[place - 1] in (",", "-")))
        if last is not None and near and (last.kind == "day" or (last.kind == "part" and last.part and last.part.half)):
            return True
        if behind in DAYS and lead not in ("last", "these", "those"):
            return True
        if behind in ("works", "suits", "sharp", "onwards") or (behind == "it" and said[place + 2] == "is"):
            return True
        if behind in ("at", "in") and not PARTS.keys().isdisjoint(said[place + 2 : place + 4]):
            return True
        if behind == "tak" or (
            behind in ("ke", "se") and said[place + 2] in ("aas", "baad", "pehle", "around", "karib")
        ):
            return True
        if self._opens_range(place) or (place == 0 and behind in (".", "!", "") and self._count <= 2):
            return True
        return place > 0 and self._after_word(place, behind)

    def _after_word(self, place: int, behind: str) -> bool:
        """Whether the words before a number make it a time: "make that 3", "no, 4", "shift it to 5", "ok for 4"."""
        said = self._said
        if said[place - 2 : place] in (["make", "that"], ["make", "it"], ["i", "mean"]):
            return True
        if place > 1 and said[place - 1] == "," and said[place - 2] in ("no", "not", "wait", "sorry", "actually"):
            return True
        if said[place - 1] == "be" and said[place - 2] in ("it'll", "will") and behind in STOPS:
            return True
        if said[place - 1] == "for" and (behind in STOPS or behind in ("today", "tomorrow")):
            return True
        if said[place - 1] == "than" and said[place - 2] in ("later", "earlier", "sooner"):
            return True
        if said[place - 1] not in ("than", "or", "actually", "rather", "sorry", "be", "to", "and", "-", "till"):
            return False
        if said[place - 1] == "to" and not MOVES.isdisjoint(said[:place]):
            return True
        return any(atom.kind == "clock" for atom in self._atoms) or "between" in said[max(0, place - 4) : place]

    def _opens_range(self, place: int) -> bool:
        """Whether a range of clock times starts here: "3-3:30", "11-12 tomorrow", "3 to 4 pm"."""
        said = self._said
        if said[place + 1] not in ("-", "to", "till", "and") or not said[place + 2]:
            return False
        hour, _ = self._digital(said[place + 2]) if said[place + 2][0].isdigit() else (None, 0)
        if hour is None or hour > 12:
            return False
        after = said[place + 3]
        if after in ("am", "pm", "baje", "ist") or after in DAYS or ":" in said[place + 2]:
            return True
        stops = after in STOPS and (place == 0 or said[place - 1] == ",")
        return said[place + 1] != "and" and (stops or (said[place + 1] == "-" and after in NOT_PLURAL))
