"""A fact-blind protagonist: one act per event kind, ask and round, whatever the text says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..world.observation import Observation
from ..world.reading import Act
from .scene import AGAIN, kind_of, matter_of, person_of, said_before, week_seed
from .writer import write

Key = tuple[str, int]
"""(event kind, round). For what comes back the kind names the person, "nudge@priya", and rounds count Arjun's earlier
replies in that conversation from 0; everything else has round 0."""


class TablePolicy:
    """Looks up the acts of an event, one per ask. A missing round falls back to the one before it, a missing
    kind to `default`.

    A table may also name the matter that comes back, "nudge:client_mail/1", which goes before "nudge@david".
    """

    def __init__(self, table: Mapping[Key, Sequence[Act]], default: Act = "accept", seed: int = 0) -> None:
        self._table = table
        self._default: Act = default
        self._seed = seed

    async def reply(self, obs: Observation) -> str:
        """The table's acts in words."""
        return write(kind_of(obs.event.id), self.acts(obs), obs, week_seed(obs, self._seed))

    def acts(self, obs: Observation) -> Sequence[Act]:
        """The table's acts for this event, one per ask."""
        found = self._found(obs)
        wanted = len(obs.event.asks)
        acts: list[Act] = [*found, *(self._default for _ in range(wanted))]
        return acts[:wanted]

    def _found(self, obs: Observation) -> Sequence[Act]:
        kind = kind_of(obs.event.id)
        names = [kind]
        rounds = 0
        if kind in AGAIN:
            matter = matter_of(obs.event, 1)
            names = [f"{kind}:{matter.kind}/{matter.number}", f"{kind}@{person_of(obs.event.id)}", kind]
            rounds = max(len(said_before(obs)) - 1, 0)
        for name in names:
            for at in range(rounds, -1, -1):
                if (name, at) in self._table:
                    return self._table[name, at]
        return ()
