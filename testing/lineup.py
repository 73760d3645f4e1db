"""Who takes part in an audit: references, policies that never read, and attacks with what was found for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..agents.attacks import ATTACKS, Stuffer, TextTable
from ..agents.baselines import FixedText
from ..agents.table import TablePolicy
from ..episodes.errors import UsageError
from ..episodes.job import Setup, split_seeds
from ..episodes.seats import SeatPlan, build_protagonist
from ..stakeholders.reading.local import LocalReader
from ..world.generator import generate
from ..world.ports import Protagonist
from ..world.reading import ACTS, Act
from ..world.week import Week
from .blind import asks_of, best_table, text_table
from .climb import EVALUATIONS, RESTARTS, climb, probes
from .pool import for_kind, pool
from .rules import Asked
from .search import TRIES, Make, best_text, mean_total, random_search

Group = Literal["reference", "baseline", "fixed", "attack"]
REFERENCES = ("oracle", "careful")
CONSTANT_BASELINES = ("greedy", "decliner", "ignorer")


@dataclass(frozen=True)
class Entrant:
    """One policy of an audit. `make` builds it for a week's seed and can be sent to another process.

    constant: says the same to both twins by construction, so its pair accuracy must be exactly 0.
    """

    name: str
    group: Group
    make: Callable[[int], Protagonist]
    constant: bool = False


class Effort(NamedTuple):
    """How hard the searches try: training weeks for each, and evaluations."""

    table_weeks: int = 60
    text_weeks: int = 24
    texts: int = 160
    phrase_bags: int = EVALUATIONS
    restarts: int = RESTARTS
    probe_weeks: int = 4
    random_tries: int = TRIES
    random_weeks: int = 8


QUICK = Effort(4, 4, 150, 60, 2, 1, 6, 2)
"""For tests and a first look."""


class Findings(NamedTuple):
    """What the searches found, JSON-plain but for the table's keys, with the training score of each."""

    table: Mapping[Asked, Act]
    bag: tuple[str, ...]
    text: str
    texts: Mapping[str, str]
    scores: Mapping[str, float]

    def plain(self) -> dict[str, Any]:
        """As it stands in found.json."""
        table = {f"{ask.matter} round {ask.round}": act for ask, act in sorted(self.table.items())}
        return {**self._asdict(), "table": table, "bag": list(self.bag), "texts": dict(self.texts)}

    @classmethod
    def read(cls, file: Path) -> Findings:
        """Findings of an earlier audit, from its found.json. Raises UsageError when it is none."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            table = {_asked(name): act for name, act in data["table"].items()}
            return cls(table, tuple(data["bag"]), data["text"], data["texts"], data["scores"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{file}: not a found.json of an audit: {error}") from None


def _asked(name: str) -> Asked:
    """An ask from its name in found.json: "leave/1 round 0"."""
    matter, round_, number = name.rsplit(" ", 2)
    if round_ != "round":
        raise ValueError(f"{name!r} names no ask")
    return Asked(matter, int(number))


OnSearch = Callable[[str], None]
"""Hears which search begins."""


def search_all(setup: Setup, effort: Effort | None = None, on_search: OnSearch | None = None) -> Findings:
    """All searches, on training weeks. Raises UsageError and ConfigError."""
    effort, tell = effort or Effort(), on_search or (lambda name: None)
    recipe = setup.recipe()
    plan = setup.plan(recipe, "ignorer")
    most = max(effort.table_weeks, effort.text_weeks)
    weeks = [generate(recipe, seed) for seed in split_seeds("train", most)]
    tell("fact-blind table")
    table = best_table(weeks[: effort.table_weeks])
    tell("bag of phrases")
    bag, bag_total = _best_bag(weeks, plan, effort)
    tell("fixed text")
    text = best_text(weeks[: effort.text_weeks], plan, pool(effort.texts))
    tell("text per kind of event")
    texts = random_search(weeks[: effort.random_weeks], plan, for_kind, effort.random_tries)
    scores = {"table": table.total, "bag": bag_total, "text": text.total, "texts": texts.total}
    return Findings(table.table, bag, text.text, texts.texts, scores)


def _best_bag(weeks: Sequence[Week], plan: SeatPlan, effort: Effort) -> tuple[tuple[str, ...], float]:
    """Of the best bag of each restart the one that does best in whole weeks."""
    reader = plan.reader if isinstance(plan.reader, LocalReader) else LocalReader()
    bags = climb(probes(weeks[: effort.probe_weeks]), reader, effort.phrase_bags, effort.restarts)
    totals = [mean_total(weeks[: effort.random_weeks], plan, partial(Stuffer, bag.phrases)) for bag in bags]
    best = max(range(len(bags)), key=totals.__getitem__)
    return bags[best].phrases, totals[best]


def lineup(week: Week, found: Findings) -> list[Entrant]:
    """Everybody, references first. week: any week of the scenario."""
    fixed = [Entrant(name, "fixed", spec(name), constant=True) for name in CONSTANT_BASELINES]
    acts = [Entrant(f"act:{act}", "fixed", spec(f"act:{act}"), constant=True) for act in ACTS if act != "ignore"]
    table = partial(_table, text_table(found.table, asks_of(week)))
    return [
        *(Entrant(name, "reference", spec(name)) for name in REFERENCES),
        Entrant("random", "baseline", spec("random")),
        *fixed,
        *acts,
        Entrant("best fixed text", "fixed", partial(_text, found.text), constant=True),
        Entrant("fact-blind table", "attack", table, constant=True),
        Entrant("text per kind (random search)", "attack", partial(_texts, dict(found.texts)), constant=True),
        Entrant("stuffer (hill-climb)", "attack", partial(Stuffer, found.bag), constant=True),
        *(Entrant(name, "attack", spec(name), constant=name != "echo") for name in ATTACKS),
    ]


def spec(name: str) -> Make:
    """A policy by its spec."""
    return partial(build_protagonist, name)


def _table(table: Mapping[Any, Any], seed: int) -> Protagonist:
    return TablePolicy(table, "accept", seed)


def _text(text: str, seed: int) -> Protagonist:
    return FixedText(text)


def _texts(texts: Mapping[str, str], seed: int) -> Protagonist:
    return TextTable(texts)
