"""Lengths as they are said: "20 min", "an hour and a half", "aadhe ghante", "in two days". Resolves nothing."""

from __future__ import annotations

import re

from .timetext import STOPS, Atom, Scanner
from .timewords import DAY_UNITS, HINDI, LETTERS, NUMBERS, TENS, UNITS

_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_SMALL = ("m", "min", "mins", "minutes")


class Lengths(Scanner):
    """Finds lengths."""

    def _amount(self, place: int) -> tuple[float, int] | None:
        """A number in digits or words and the place behind it."""
        word = self._said[place]
        if word[0].isdigit():
            return (float(word), place + 1) if _AMOUNT.fullmatch(word) else None
        if word in TENS and NUMBERS.get(self._said[place + 1], 99) < 10:
            return TENS[word] + NUMBERS[self._said[place + 1]], place + 2
        if word in NUMBERS:
            return NUMBERS[word], place + 1
        return None

    def _length(self, place: int) -> Atom | None:
        fixed = self._fixed_length(place)
        if fixed:
            return fixed
        number = self._hindi_amount(place) or self._amount(place)
        if number is None:
            return None
        amount, last = number
        if self._said[last : last + 3] == ["and", "a", "half"] and self._said[last + 3] in UNITS:
            amount, last = amount + 0.5, last + 3
        last += self._said[last] == "more"
        unit = self._said[last]
        if unit in DAY_UNITS:
            return Atom("days", place, last + 1, round(amount * DAY_UNITS[unit]))
        if unit not in UNITS or (unit in LETTERS and not self._touching(last)):
            return self._bare_length(place, last, amount)
        if unit in ("hour", "hours") and amount >= 7 and self._before(place) in ("before", "at", "by", "until", "till"):
            return None
        return self._longer(place, last + 1, amount * UNITS[unit], UNITS[unit])

    def _bare_length(self, place: int, last: int, amount: float) -> Atom | None:
        """ "back in 20", "give me ten": minutes that are not called so."""
        lead, behind = self._before(place), self._said[last]
        if (
            5 <= amount <= 90
            and behind in STOPS
            and place
            and (lead in ("in", "within", "gimme") or self._given(place))
        ):
            return Atom("length", place, last, round(amount))
        return None

    def _given(self, place: int) -> bool:
        return self._said[place - 1] == "me" and place > 1 and self._said[place - 2] in ("give", "allow")

    def _longer(self, place: int, last: int, minutes: float, unit: int) -> Atom:
        """A length with what is added to it: "and a half", "30 min" after hours, "long"."""
        said = self._said
        if said[last : last + 3] == ["and", "a", "half"]:
            minutes, last = minutes + unit / 2, last + 3
        elif unit == 60:
            at = last + (said[last] == "and")
            more = self._amount(at) if said[at] else None
            if more and said[more[1]] in _SMALL and more[0] < 60:
                minutes, last = minutes + more[0], more[1] + 1
        return Atom("length", place, last, max(1, round(minutes)))

    def _hindi_amount(self, place: int) -> tuple[float, int] | None:
        word = self._said[place]
        if word in HINDI and (self._said[place + 1] in UNITS or self._said[place + 1] in DAY_UNITS):
            return HINDI[word], place + 1
        return None

    def _fixed_length(self, place: int) -> Atom | None:
        """Lengths that name no number: "half an hour", "an hour and a half", "a couple of hours"."""
        said = self._said
        first = place + (said[place] in ("a", "an"))
        word, rest = said[first], said[first + 1 : first + 4]
        if word == "half":
            step = 2 if rest[0] in ("an", "a") else 1
            return Atom("length", place, first + step + 1, 30) if said[first + step] in ("hour", "hr") else None
        if word in ("quarter", "quarters") or (word == "three" and rest[0] in ("quarters", "quarter")):
            count, at = (3, first + 2) if word == "three" else (1, first + 1)
            if said[at : at + 3] == ["of", "an", "hour"]:
                return Atom("length", place, at + 3, 15 * count)
            return Atom("length", place, at + 1, 15) if count == 1 and said[at] == "hour" else None
        if word == "couple":
            at = first + 1 + (rest[0] == "of")
            return Atom("length", place, at + 1, 2 * UNITS[said[at]]) if said[at] in UNITS else None
        if word in ("hour", "hr") and (first > place or self._before(place) in ("within", "in", "next", "over")
                                       or rest == ["and", "a", "half"]):  # fmt: skip
            return self._longer(place, first + 1, 60, 60)
        if first > place and word in ("day", "week"):
            return Atom("days", place, first + 1, DAY_UNITS[word])
        if first > place and word in ("minute", "min"):
            return Atom("length", place, first + 1, 1)
        return None
