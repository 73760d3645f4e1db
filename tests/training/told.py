"""Replies that are told in advance, for rollouts in which no model has a say."""

from __future__ import annotations

from collections.abc import Sequence

from work_life_firewall.agents.decode import Said
from work_life_firewall.agents.turns import TurnFormat

LINES = (
    "Yes, I will take this now and have it done by 5 pm.",
    "",
    "Sorry, I cannot take this on today; the sprint needs these hours. Could Rahul look at it?",
    "I am on it, staging will be up in an hour.",
    "What exactly do you need, and by when?",
    "qwx plmk brrt",
    "Sorry, no: my evenings are off this week. I can look at it on Thursday at 11.",
)


class ToldRows:
    """Remembers which rows are left."""

    def __init__(self) -> None:
        self.places: list[int] = []

    def append(self, ids: Sequence[Sequence[int]]) -> None:
        """Further ids of every row."""
        self.places = self.places or list(range(len(ids)))
        assert len(ids) == len(self.places)

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        self.places = [self.places[int(place)] for place in rows]


class ToldSampler:
    """Says `LINES` in turn, another one in every row and turn."""

    def __init__(self, turns: TurnFormat) -> None:
        ids = [turns.reply_ids(line) for line in LINES]
        self._said = [Said(one, [-1.0] * len(one)) for one in ids]

    def replies(self, prompts: Sequence[Sequence[int]], repeat: int, key: int) -> list[Said]:
        """A line to each prompt."""
        return [self._said[place % len(self._said)] for place in range(len(prompts) * repeat)]

    def rows(self) -> ToldRows:
        """An empty batch of rows."""
        return ToldRows()

    def more(self, rows: ToldRows, count: int, key: int) -> list[Said]:
        """The next line of each row."""
        assert len(rows.places) == count
        return [self._said[(place + key) % len(self._said)] for place in rows.places]
