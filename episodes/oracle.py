"""The oracle over many weeks: V*, the worst week, a one-step look-ahead and the label check, on all cores, cached.

Values are of perfect information: the planner sees hidden facts and luck, and replies are as good as
`world.reference.GOOD`.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from ..agents.planner import BEST, BY_LABEL, look_ahead, plan, worst_week
from ..agents.worth import check_labels
from ..world.engine import start
from ..world.frozen import SCHEMA, Frozen
from ..world.generator import generate
from ..world.scenario import Need
from ..world.scoring import score
from ..world.week import Recipe
from .job import Setup
from .record import rounded
from .runs import write_text
from .versions import persona_marks, versions

CACHE = Path("runs/.oracle")
SEARCH_VERSION = "1"
"""Changed whenever the planner would find other values, so that cached ones are not taken for them."""
OnOracleWeek = Callable[[int, "OracleWeek"], None]


class LabelGain(Frozen):
    """How much refusing an ask gains over taking it on, without the boundary component, beside what its label says."""

    ask: str
    need: Need
    gain: float
    agrees: bool


class OracleWeek(Frozen):
    """What the planner found for one week.

    value is V*, bound what no week can exceed; worst, look_ahead and labelled are totals of a beam for the minimum, of
    the best move by its own step's reward, and of the scenario's labels. moves is event id -> acts of the best week.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    seed: int
    value: float
    kind: Literal["exact", "beam"]
    bound: float
    opened: int
    worst: float
    look_ahead: float
    labelled: float
    scores: dict[str, float]
    evenings: tuple[float, ...]
    min_trust: float
    delivered: bool
    moves: dict[str, tuple[str, ...]]
    labels: tuple[LabelGain, ...]


def solve(recipe: Recipe, seed: int) -> OracleWeek:
    """Everything about one week. Raises ValueError for a seed of no split."""
    week = generate(recipe, seed)
    opening = start(week)
    best, usual = plan(opening, BEST), plan(opening, BY_LABEL)
    checks = check_labels(opening, usual.moves)
    return OracleWeek(
        seed=seed,
        value=best.value,
        kind=best.kind,
        bound=best.bound,
        opened=best.opened,
        worst=worst_week(week),
        look_ahead=score(look_ahead(week)).total,
        labelled=usual.value,
        scores=score(best.end)._asdict(),
        evenings=best.end.evenings,
        min_trust=min(mind.trust for mind in best.end.minds.values()),
        delivered=best.end.delivered,
        moves={event: tuple(choice.act for choice in move) for event, move in best.moves.items()},
        labels=tuple(LabelGain(ask=c.ask, need=c.need, gain=c.gain, agrees=c.agrees) for c in checks),
    )


class OracleCache:
    """Solved weeks of one recipe on disk, one JSON line each; a broken line is solved again."""

    def __init__(self, recipe: Recipe, folder: Path = CACHE) -> None:
        self._path = folder / f"{cache_key(recipe)}.jsonl"
        self._weeks: dict[int, OracleWeek] = dict(self._read())

    def get(self, seed: int) -> OracleWeek | None:
        """The solved week of a seed, or None."""
        return self._weeks.get(seed)

    def put(self, week: OracleWeek) -> None:
        """Keep a solved week in memory; `save` writes."""
        self._weeks[week.seed] = week

    def save(self) -> None:
        """Write all solved weeks. Raises RunError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        weeks = (self._weeks[seed] for seed in sorted(self._weeks))
        lines = (json.dumps(rounded(week.model_dump(mode="json", by_alias=True))) for week in weeks)
        write_text(self._path, "".join(f"{line}\n" for line in lines))

    def _read(self) -> Iterator[tuple[int, OracleWeek]]:
        if not self._path.is_file():
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                week = OracleWeek.model_validate_json(line)
            except ValidationError:
                continue
            yield week.seed, week


def cache_key(recipe: Recipe) -> str:
    """A mark of everything that a solved week depends on: scenario, constants, personas, rubric, planner."""
    made = versions(recipe, None)
    parts = [made.world, made.rubric, SEARCH_VERSION, repr(BEST.width), repr(BEST.expansions)]
    marks = persona_marks(recipe)
    return sha256("|".join([*parts, *(f"{who}={marks[who]}" for who in sorted(marks))]).encode()).hexdigest()[:12]


def solve_weeks(
    setup: Setup,
    seeds: Sequence[int],
    workers: int | None = None,
    cache: Path | None = CACHE,
    on_week: OnOracleWeek | None = None,
) -> list[OracleWeek]:
    """The solved weeks of some seeds, in their order; those on disk are not solved again.

    workers: processes, by default one a core. cache: the folder of solved weeks, None for none. Raises ConfigError and
    RunError; weeks solved before an interruption are kept.
    """
    recipe = setup.recipe()
    known = OracleCache(recipe, cache) if cache is not None else None
    found = {seed: week for seed in seeds if known and (week := known.get(seed))}
    left = [seed for seed in seeds if seed not in found]
    try:
        for week in _solved(setup, recipe, left, min(workers or os.cpu_count() or 1, len(left))):
            found[week.seed] = week
            if known:
                known.put(week)
            if on_week is not None:
                on_week(len(found), week)
    finally:
        if known and left:
            known.save()
    return [found[seed] for seed in seeds]


def _solved(setup: Setup, recipe: Recipe, seeds: Sequence[int], workers: int) -> Iterator[OracleWeek]:
    if workers <= 1:
        yield from (solve(recipe, seed) for seed in seeds)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (setup,)) as pool:
        yield from pool.map(_solve_here, seeds)


_here: list[Recipe] = []
"""The recipe of a worker process, loaded once when it starts."""


def _begin(setup: Setup) -> None:
    # Ctrl-C reaches the whole group; only the parent has something to say about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here[:] = [setup.recipe()]


def _solve_here(seed: int) -> OracleWeek:
    return solve(_here[0], seed)
