"""A fidelity probe for people and files: report.md, fidelity.json, fidelity.csv, and the figure with its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..stakeholders.fidelity.asking import SCALE_PLACES
from ..stakeholders.fidelity.turns import LENGTH, POLICIES
from ..world.frozen import SCHEMA
from . import figures
from .fidelity import Fidelity, Person, change
from .fidelity_figure import draw
from .fidelity_gate import bars
from .record import Versions, rounded
from .runs import write_text
from .stats import Figure

Row = tuple[str, str, str, Figure]
"""(person or "all", group, figure, value)."""


class Probed(NamedTuple):
    """A finished probe: who sat in which seat, marks of the personas, the versions, and what was found."""

    seats: Mapping[str, str]
    personas: Mapping[str, str]
    versions: Versions
    found: Fidelity

    @property
    def passes(self) -> bool:
        """Whether every bar is held."""
        return all(bar.held for bar in bars(self.found))

    def plain(self) -> dict[str, Any]:
        """The probe as one JSON object."""
        return rounded(
            {
                "schema": SCHEMA,
                "coworkers": dict(self.seats),
                "personas": dict(self.personas),
                "versions": self.versions.model_dump(),
                **self.found.plain(),
                "bars": [bar._asdict() for bar in bars(self.found)],
                "passes": self.passes,
            }
        )

    def markdown(self) -> str:
        """The report for people."""
        return "\n".join([*self._head(), *_tables(self.found), *self._bars()]) + "\n"

    def write(self, out: Path) -> list[Path]:
        """Write everything into a folder and return the files. Raises RunError; no figure without matplotlib."""
        out.mkdir(parents=True, exist_ok=True)
        rows = [(who, group, name, *_cells(figure)) for who, group, name, figure in listed(self.found)]
        texts = {
            "report.md": self.markdown(),
            "fidelity.json": json.dumps(self.plain(), indent=1, ensure_ascii=False) + "\n",
            "fidelity.csv": figures.csv_text(("person", "group", "figure", "mean", "low", "high", "n"), rows),
        }
        for name, text in texts.items():
            write_text(out / name, text)
        drawn = draw(self.found, out / "figure") if figures.available() else []
        return [*(out / name for name in texts), *drawn]

    def _head(self) -> Iterator[str]:
        seats = ", ".join(f"{who} {spec}" for who, spec in self.seats.items())
        marks = ", ".join(f"{name} {value}" for name, value in self.versions.model_dump().items())
        yield from ("# Fidelity of the coworkers", "")
        yield (
            f"Seats: {seats}. {self.found.conversations} conversations of {LENGTH} turns with each, out of validation "
            f"weeks with Arjun played by {', '.join(POLICIES)} in turn. Means with bootstrap 95% intervals over "
            f"conversations; appraisals are raw, before any band. Turns left to the script count nowhere but in that "
            f"column. What each figure means: docs/personas.md. Versions: {marks}."
        )

    def _bars(self) -> Iterator[str]:
        every = bars(self.found)
        broken = [bar for bar in every if not bar.held]
        yield from (
            "",
            f"**{len(every) - len(broken)} of {len(every)} bars are held.**" + (" Not held:" if broken else ""),
        )
        yield from (f"- {bar.person}: {bar.name} ({bar.found})" for bar in broken)


def listed(found: Fidelity) -> Iterator[Row]:
    """Every figure but those by turn, which stand beside the drawing."""
    yield "all", "voice", "writers told apart", found.separability
    yield "all", "voice", "the same, unseen wordings", found.unseen
    for one in found.people:
        yield from ((one.person, "trust gained, raw", name, figure) for name, figure in one.gains.items())
        yield from ((one.person, "trust gained, counted", name, figure) for name, figure in one.counted.items())
        yield one.person, "trust gained, raw", "helpful minus flattering", one.honest
        yield from ((one.person, "notches off the script", side, figure) for side, figure in one.distance.items())
        yield one.person, "follow-up", "as the script", one.agreement
        yield one.person, "voice", "known as its own", one.voice
        yield one.person, "voice", "the same, unseen wordings", one.unseen
        yield one.person, "drift", "voice, a turn", one.fading
        yield one.person, "drift", "scale, notches a turn", one.drift


def _tables(found: Fidelity) -> Iterator[str]:
    people = found.people
    yield from _table("Trust gained by a reply, on raw appraisals (counted: as the world takes it)", _gains(people))
    yield from _table("Does it hold over twelve turns?", _drifts(people))
    yield from _table("Can one tell who wrote it?", _voices(found))
    yield from _table("Beside the script, on the same turns", _beside(people))
    yield from _table("Answers", _answers(people))


def _gains(people: Sequence[Person]) -> list[list[str]]:
    tempers = list(people[0].gains)
    head = ["", *tempers, "helpful - flattering", *(f"{name}, counted" for name in tempers)]
    return [
        head,
        *(
            [
                one.person,
                *(interval(figure, "+") for figure in one.gains.values()),
                interval(one.honest, "+"),
                *(mean(figure, "+") for figure in one.counted.values()),
            ]
            for one in people
        ),
    ]


def _drifts(people: Sequence[Person]) -> list[list[str]]:
    head = ["", "voice lost, a turn", "from first to last", "scale: notches, a turn", "from first to last"]
    head += [f"{name}: turn {', '.join(str(at + 1) for at in SCALE_PLACES)}" for name in people[0].scale_by_turn]
    rows = []
    for one in people:
        cells = [
            cell for figure in (one.fading, one.drift) for cell in (interval(figure, "+"), _number(change(figure), "+"))
        ]
        cells += [", ".join(mean(figure, "+", 2) for figure in row) for row in one.scale_by_turn.values()]
        rows.append([one.person, *cells])
    return [head, *rows]


def _voices(found: Fidelity) -> list[list[str]]:
    owners = [one.person for one in found.people]
    head = ["written by", "known", "unseen wordings", *(f"taken for {who}" for who in owners)]
    rows = [
        [
            one.person,
            interval(one.voice),
            interval(one.unseen),
            *(str(found.confused.get(one.person, {}).get(who, 0)) for who in owners),
        ]
        for one in found.people
    ]
    return [
        head,
        *rows,
        [
            f"all (chance {found.chance:.2f})",
            interval(found.separability),
            interval(found.unseen),
            *("" for _ in owners),
        ],
    ]


def _beside(people: Sequence[Person]) -> list[list[str]]:
    head = ["notches off", *people[0].distance, "same follow-up"]
    return [head, *([o.person, *(interval(f) for f in o.distance.values()), interval(o.agreement)] for o in people)]


def _answers(people: Sequence[Person]) -> list[list[str]]:
    head = ["", "turns asked", "left to the script", "own, in conversations", "faults"]
    return [head, *([o.person, str(o.asked), str(o.left), str(o.turns), _faults(o)] for o in people)]


def _faults(one: Person) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in one.faults.items()) or "none"


def _table(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield f"| {' | '.join(rows[0])} |"
    yield "|" + " --- |" * len(rows[0])
    yield from (f"| {' | '.join(row)} |" for row in rows[1:])


def interval(figure: Figure, sign: str = "") -> str:
    """A figure as text: mean [low, high], or "-"."""
    if figure["mean"] is None:
        return "-"
    return f"{figure['mean']:{sign}.3f} [{figure['low']:{sign}.3f}, {figure['high']:{sign}.3f}]"


def mean(figure: Figure, sign: str = "", places: int = 3) -> str:
    """A figure's mean as text, or "-"."""
    return _number(figure["mean"], sign, places)


def _number(value: float | None, sign: str = "", places: int = 3) -> str:
    return "-" if value is None else f"{value:{sign}.{places}f}"


def _cells(figure: Figure) -> tuple[object, ...]:
    return tuple("" if figure[key] is None else figure[key] for key in ("mean", "low", "high", "n"))
