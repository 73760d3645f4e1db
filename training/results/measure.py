"""From players to results: everybody's weeks, played or taken from disk one player after another, as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...episodes.oracle import CACHE, solve_weeks
from ...episodes.record import DECIMALS
from .costs import costs
from .play import HOME, OnPlayed, Weeks, play
from .players import Player
from .rows import Rows, rows_of
from .table import Results

OnPlayer = Callable[[str], OnPlayed]
"""Hears whose turn it is, and gives what hears how many of his weeks and twins are done."""


@dataclass(frozen=True)
class Measured:
    """The results, and the run folder of every player by name."""

    results: Results
    folders: dict[str, Path]


def measure(
    players: Sequence[Player],
    weeks: Weeks,
    command: str,
    on_player: OnPlayer,
    home: Path = HOME,
    threads: int = 1,
    v_star: bool = True,
) -> Measured:
    """Play what is not on disk, and count. v_star: also the best total that each week allows, which takes seconds each.

    command: what made the table, for the record. threads: torch's, and the planner's processes. Raises UsageError,
    RunError and ConfigError; what was played by then stays on disk.
    """
    weeks.seeds()
    rows: dict[str, Rows] = {}
    folders: dict[str, Path] = {}
    for player in players:
        tell = on_player(player.name)
        folders[player.name] = play(player, weeks, home, threads, tell)
        rows[player.name] = rows_of(player.name, folders[player.name], weeks.seeds())
    best = _v_star(weeks, threads, on_player("V*")) if v_star else None
    spent = [found for player in players if player.run and (found := costs(player.run))]
    return Measured(Results(weeks, players, rows, weeks.versions(), command, best, spent), folders)


def _v_star(weeks: Weeks, workers: int, tell: OnPlayed) -> np.ndarray:
    found = solve_weeks(weeks.setup, weeks.seeds(), workers, CACHE, lambda done, _week: tell(done))
    # The cache is rounded, and a table must not depend on whether it was used.
    return np.array([round(week.value, DECIMALS) for week in found])
