"""The tables that several commands print, from summaries and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..episodes.record import WeekRecord
from ..world.scoring import COMPONENTS, WEIGHTS
from .output import say, table


def summary_table(summary: Mapping[str, Any]) -> None:
    """The figures of a summary.json with their intervals; faulted weeks are told apart."""
    stats = summary["all"]
    rows = [_row("total", stats["total"])]
    rows += [_row(name, stats["components"][name]) for name in COMPONENTS]
    rows += [_row(name, stats[name]) for name in ("sprint_delivered", "friday_energy", "min_trust")]
    if stats["fraction_of_v_star"]:
        rows.insert(1, _row("of the optimum (V*)", stats["fraction_of_v_star"]))
    rows += [_row(f"trust {who}", figure) for who, figure in stats["trust"].items()]
    rows += [_row(f"ended: {end}", figure) for end, figure in stats["end"].items() if figure["mean"]]
    if stats["twins"]:
        rows += [_row(f"twins: {name}", stats["twins"][name]) for name in ("balanced_accuracy", "pair_accuracy")]
    title = f"{summary['policy']}: {summary['weeks']} {summary['split']} weeks"
    table(("", "mean", "95% low", "high", "weeks"), rows, title)
    if summary.get("judge"):
        say(_judged(summary["judge"]))
    if summary["faulted_weeks"]:
        say(f"{summary['faulted_weeks']} weeks had faults; without them the total is {_mean(summary['unfaulted'])}")


def _judged(judge: Mapping[str, Any]) -> str:
    """What a judge made of the replies, beside what the world did."""
    said = {name: "-" if judge[name]["mean"] is None else f"{judge[name]['mean']:.3f}" for name in ("score", "local")}
    together = "-" if judge["correlation"] is None else f"{judge['correlation']:.2f}"
    return (
        f"judge: {said['score']} on {judge['scored']} replies ({judge['unscored']} unscored); "
        f"the world's own note there {said['local']}, correlation {together}; in no score"
    )


def _mean(stats: Mapping[str, Any]) -> str:
    figure = stats.get("total")
    return "-" if not figure or figure["mean"] is None else f"{figure['mean']:.3f}"


def _row(name: str, figure: Mapping[str, Any]) -> list[str]:
    numbers = ["-" if figure[key] is None else f"{figure[key]:.3f}" for key in ("mean", "low", "high")]
    return [name.replace("_", " "), *numbers, str(figure["n"])]


def score_table(records: Sequence[WeekRecord], title: str = "") -> None:
    """Weeks side by side: the five components with their weights, the total, and what they rest on."""
    weights = WEIGHTS._asdict()
    rows = [
        [name.replace("_", " "), f"{weights[name]:.2f}", *(f"{record.scores[name]:.3f}" for record in records)]
        for name in COMPONENTS
    ]
    rows.append(["total", "", *(f"{record.total:.3f}" for record in records)])
    if all(record.v_star for record in records):
        rows.append(["best total possible (V*)", "", *(_best(record) for record in records)])
    rows.append(["sprint delivered", "", *("yes" if record.delivered else "no" for record in records)])
    rows.append(["Friday energy", "", *(f"{record.evenings[-1]:.0%}" for record in records)])
    rows.append(["lowest trust", "", *(f"{min(record.trust.values()):.2f}" for record in records)])
    rows.append(["week ended", "", *(record.end for record in records)])
    table(("", "weight", *(record.policy for record in records)), rows, title)


def _best(record: WeekRecord) -> str:
    """A week's V*; with "~" where a better week is not ruled out."""
    found = record.v_star or {"value": 0.0, "kind": "beam"}
    return f"{'' if found['kind'] == 'exact' else '~'}{found['value']:.3f}"
