"""A week told in words: who wanted what and when, what Arjun wrote, what they said, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ..episodes.record import StepRecord, WeekRecord
from ..world.clock import DAY_MINUTES, DAY_NAMES, label
from ..world.reading import AskReading
from ..world.scoring import COMPONENTS
from .output import PLAIN_WIDTH, console, printable

COLOURS = {"arjun": "bold cyan", "priya": "magenta", "rahul": "green", "david": "yellow", "sundar": "blue"}
BODY, ASIDE = 7, 9
"""Columns that what is said, and what is noted about it, stand in."""
TRUST_SHOWN = 0.005


class Story:
    """Tells a week on stdout while it is played, and keeps the same text in plain letters for a file."""

    def __init__(self, names: Mapping[str, str], silent: bool = False) -> None:
        self._names = names
        self._kept = StringIO()
        plain = Console(file=self._kept, width=PLAIN_WIDTH, markup=False, highlight=False, emoji=False)
        self._outs = (plain,) if silent else (console(), plain)

    def text(self) -> str:
        """Everything told so far, without colours."""
        return self._kept.getvalue()

    def heading(self, text: str) -> None:
        """A title over what follows."""
        self._tell(Text(printable(text), style="bold"))
        self._tell(Text("─" * min(len(text), PLAIN_WIDTH), style="dim"))

    def step(self, step: StepRecord) -> None:
        """One decision in full."""
        obs = step.observation
        head = Text().append(f"{label(obs.day * DAY_MINUTES + obs.minute)}  ", "bold")
        sender = obs.event.sender
        head.append(f"{self._name(sender)} ({obs.event.source}): ", style=COLOURS.get(sender, "red"))
        head.append(printable(obs.event.subject), style="bold")
        self._tell(head, hanging=11)
        for line in obs.event.body.splitlines():
            self._tell(Text(printable(line)), BODY)
        self._say("arjun", step.reply or "(does not answer)")
        self._note("read as " + "; ".join(self._read(ask) for ask in step.reading.asks))
        for who, answer in step.answers.items():
            if answer.message:
                self._say(who, answer.message)
        for line in changes(step, self._names):
            self._note(line)
        self._tell(Text())

    def brief(self, step: StepRecord) -> None:
        """One decision in a line or two: when, what about, how it was answered, and what it earned."""
        obs = step.observation
        acts = ", ".join(ask.act for ask in step.reading.asks)
        when = label(obs.day * DAY_MINUTES + obs.minute)
        line = f"{when}  {step.event:<20}{acts:<18}{step.reward:+.3f}  {shortened(step.reply or '(no answer)')}"
        self._tell(Text(printable(line), no_wrap=True, overflow="ellipsis"))

    def closing(self, record: WeekRecord) -> None:
        """How the week ended."""
        self._tell(Text(ending(record), style="bold"))
        self._tell(Text())

    def _say(self, who: str, text: str) -> None:
        """What somebody says, under their name."""
        lines = printable(text.strip()).splitlines() or [""]
        first = Text().append(f"{self._name(who)}: ", COLOURS.get(who, "bold")).append(lines[0])
        self._tell(first, BODY, hanging=2)
        for line in lines[1:]:
            self._tell(Text(line), BODY + 2)

    def _note(self, text: str) -> None:
        self._tell(Text(printable(text), style="dim"), ASIDE, hanging=2)

    def _name(self, who: str) -> str:
        return "Arjun" if who == "arjun" else self._names.get(who, who)

    def _read(self, ask: AskReading) -> str:
        """One ask's reading in words: "counter to Priya, by Tue 10:00"."""
        to = ", ".join(self._name(who) for who in ask.to)
        due = next((f", by {label(c.due.at)}" for c in ask.commitments if c.due), "")
        return f"{ask.act}{' to ' + to if to else ''}{due} ({ask.confidence:.0%} sure)"

    def _tell(self, text: Text, left: int = 0, hanging: int = 0) -> None:
        for out in self._outs:
            for number, line in enumerate(text.wrap(out, max(out.width - left - hanging, 20)) or [Text()]):
                line.rstrip()
                out.print(Padding(line, (0, 0, 0, left + (hanging if number else 0)), expand=False), no_wrap=True)


def changes(step: StepRecord, names: Mapping[str, str]) -> Iterator[str]:
    """What a step changed until the next event, in words, most telling first."""
    deltas = step.deltas
    moods = [
        f"{name} {float(before):.2f} → {float(after):.2f}"
        for who, name in names.items()
        for before, after in [deltas.get(f"trust.{who}", (0.0, 0.0))]
        if abs(after - before) >= TRUST_SHOWN
    ]
    if moods:
        yield "trust: " + ", ".join(moods)
    facts = []
    if "energy" in deltas:
        facts.append(f"energy {deltas['energy'][0]:.0%} → {deltas['energy'][1]:.0%}")
    if "sprint.done" in deltas:
        facts.append(f"sprint work done {deltas['sprint.done'][0]:.0f} → {deltas['sprint.done'][1]:.0f} min")
    if "sprint.backlog" in deltas:
        extra = deltas["sprint.backlog"][1] - deltas["sprint.backlog"][0]
        facts.append(f"the sprint grew by {extra:.0f} min" if extra > 0 else f"{-extra:.0f} min left the sprint")
    if facts:
        yield "until the next event: " + ", ".join(facts)
    news = [text for path, text in _news(step) if path in deltas]
    if news:
        yield "; ".join(news)
    if step.spawned:
        yield "to come: " + ", ".join(step.spawned)
    yield f"score {step.total - step.reward:.3f} {step.reward:+.3f}"


def _news(step: StepRecord) -> Iterator[tuple[str, str]]:
    """(path of a gauge, what its change means)."""
    change = step.deltas
    yield "staging_up", "staging is up"
    yield "leave", f"leave {change.get('leave', ('', ''))[1]}"
    yield "priya_blocked", "Priya is stuck" if change.get("priya_blocked", (0, 0))[1] else "Priya is unblocked"
    yield "promises.open", "promises open: {} → {}".format(*change.get("promises.open", (0, 0)))
    yield "promises.broken", "a promise is broken"
    yield "promises.kept", "a promise is kept"
    yield "oncall_nights", "nights on call taken on"
    yield "late_calls", "late calls taken on"
    yield "sprint.delivered", "the sprint is delivered"


def ending(record: WeekRecord) -> str:
    """How a week ended, in a sentence."""
    ends = {
        "friday": "Friday evening.",
        "burnout": "Arjun is burnt out and off sick; the week ends early.",
        "truncated": "The week was left early; this is how it stood then.",
        "error": f"The week failed: {record.error}.",
    }
    sprint = "The sprint is delivered" if record.delivered else "The sprint is not delivered"
    energy = ", ".join(f"{day} {value:.0%}" for day, value in zip(DAY_NAMES, record.evenings, strict=True))
    missed = f" Never answered: {', '.join(record.unreached)}." if record.unreached else ""
    parts = ", ".join(f"{name.split('_')[0]} {record.scores[name]:.2f}" for name in COMPONENTS)
    return f"{ends[record.end]} {sprint}; evening energy {energy}. Score {record.total:.3f} ({parts}).{missed}"


def shortened(text: str, most: int = 70) -> str:
    """The first words of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
