"""An audit on disk: audit.md, audit.csv, audit.json, found.json, and the figure where matplotlib is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..episodes import figures
from ..episodes.record import Versions, rounded
from ..episodes.runs import write_text
from ..episodes.stats import Figure
from ..world.frozen import SCHEMA
from ..world.scoring import COMPONENTS
from .audit import COLUMNS, UNDER_CAREFUL, UNDER_ORACLE, Line
from .lineup import Findings
from .robust import Robustness

HEAD = ("policy", "total", "tech", "comm", "bound", "energy", "rel", "without boundary", "balanced", "pairs")


class Report:
    """The lines of an audit with what they rest on. robustness: of the orderings, where it was checked."""

    def __init__(
        self, lines: Sequence[Line], found: Findings, split: str, weeks: int, versions: Versions,
        robustness: Robustness | None = None,
    ) -> None:  # fmt: skip
        self.lines = lines
        self.found = found
        self.split = split
        self.weeks = weeks
        self.versions = versions
        self.robustness = robustness

    @property
    def broken(self) -> list[str]:
        """One line for every bar that is not held."""
        own = [f"{line.name}: {bar}" for line in self.lines for bar, held in line.bars.items() if not held]
        return [*own, *(self.robustness.broken if self.robustness else [])]

    def plain(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return rounded(
            {
                "schema": SCHEMA,
                "split": self.split,
                "weeks": self.weeks,
                "versions": self.versions.model_dump(),
                "policies": [line.plain() for line in self.lines],
                "found": self.found.plain(),
                "robustness": self.robustness.plain() if self.robustness else None,
                "broken": self.broken,
                "held": not self.broken,
            }
        )

    def markdown(self) -> str:
        """The report for people."""
        return "\n".join([*self._head(), *self._table(), *self._bars(), *self._robust(), *self._found()]) + "\n"

    def write(self, out: Path) -> list[Path]:
        """Write everything into a folder. Raises RunError; the figure is left out without matplotlib."""
        out.mkdir(parents=True, exist_ok=True)
        texts = {
            "audit.md": self.markdown(),
            "audit.csv": figures.csv_text(("policy", "group", *_csv_names()), [_csv_row(line) for line in self.lines]),
            "audit.json": json.dumps(self.plain(), indent=1, ensure_ascii=False) + "\n",
            "found.json": json.dumps(rounded(self.found.plain()), indent=1, ensure_ascii=False) + "\n",
        }
        for name, text in texts.items():
            write_text(out / name, text)
        return [*(out / name for name in texts), *(self._draw(out) if figures.available() else [])]

    def _draw(self, out: Path) -> list[Path]:
        totals = [(line, line.columns["total"]) for line in self.lines]
        rows = [
            figures.Dot(line.name, line.group, total["mean"] or 0.0, total["low"] or 0.0, total["high"] or 0.0)
            for line, total in totals
        ]
        means = {row.name: row.mean for row in rows}
        bars = (("oracle", UNDER_ORACLE), ("careful", UNDER_CAREFUL))
        marks = {f"{name} - {by:.2f}": means[name] - by for name, by in bars if name in means}
        return figures.dots(rows, marks, f"total over {self.weeks} {self.split} weeks, 95% intervals", out / "totals")

    def _head(self) -> list[str]:
        marks = ", ".join(f"{name} {value}" for name, value in self.versions.model_dump().items())
        return [
            "# Audit: can the score be had without reading?",
            "",
            f"{self.weeks} {self.split} weeks, and as many twin pairs, the same for every policy; means with bootstrap "
            "95% intervals over weeks. Searches ran on training weeks. The oracle sees the hidden facts and the luck: "
            f"it is the value of perfect information, not a competitor. Versions: {marks}.",
            "",
        ]

    def _table(self) -> Iterator[str]:
        yield f"| {' | '.join(HEAD)} | under oracle | under careful |"
        yield "|" + " --- |" * (len(HEAD) + 2)
        for line in self.lines:
            cells = [_interval(line.columns["total"])]
            cells += [_mean(line.columns[name]) for name in (*COMPONENTS, "without_boundary")]
            cells += [_interval(line.twins.balanced_accuracy), _interval(line.twins.pair_accuracy)]
            cells += [_interval(line.gaps[name]) if name in line.gaps else "" for name in ("oracle", "careful")]
            yield f"| {line.name} | {' | '.join(cells)} |"

    def _bars(self) -> Iterator[str]:
        count = sum(len(line.bars) for line in self.lines)
        own = [f"{line.name}: {bar}" for line in self.lines for bar, held in line.bars.items() if not held]
        yield ""
        yield f"**{count - len(own)} of {count} bars are held.**" + (" Not held:" if own else "")
        yield from (f"- {text}" for text in own)
        if failed := [f"{line.name} {line.failed}" for line in self.lines if line.failed]:
            yield f"Weeks that ended in an error: {', '.join(failed)}."

    def _robust(self) -> Iterator[str]:
        if self.robustness:
            yield ""
            yield from self.robustness.markdown()

    def _found(self) -> Iterator[str]:
        scores = self.found.scores
        yield from ("", "## What the searches found (training weeks)", "")
        yield f"- Fact-blind table, {scores['table']:.3f} by the rules alone: " + ", ".join(
            f"{ask.matter}{' again' if ask.round else ''} {act}" for ask, act in sorted(self.found.table.items())
        )
        yield f"- Bag of phrases, {scores['bag']:.3f}: " + " ".join(_quoted(phrase) for phrase in self.found.bag)
        yield f"- Fixed text, {scores['text']:.3f}: {_quoted(self.found.text)}"
        yield f"- Text per kind of event, {scores['texts']:.3f}: see found.json"


def _quoted(text: str) -> str:
    """A text in quotation marks on one line."""
    return f"“{' / '.join(text.splitlines())}”"


def _mean(figure: Figure) -> str:
    return "-" if figure["mean"] is None else f"{figure['mean']:.2f}"


def _interval(figure: Figure) -> str:
    if figure["mean"] is None:
        return "-"
    return f"{figure['mean']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _csv_names() -> list[str]:
    names = [*COLUMNS, "balanced_accuracy", "pair_accuracy", "under_oracle", "under_careful"]
    return [f"{name}{end}" for name in names for end in ("", "_low", "_high")]


def _csv_row(line: Line) -> list[object]:
    empty = Figure(mean=None, low=None, high=None, n=0)
    found = [line.columns[name] for name in COLUMNS]
    found += [line.twins.balanced_accuracy, line.twins.pair_accuracy]
    found += [line.gaps.get(name, empty) for name in ("oracle", "careful")]
    return [line.name, line.group, *(figure[key] for figure in found for key in ("mean", "low", "high"))]
