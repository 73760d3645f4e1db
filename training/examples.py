"""Rows of a warm start: turns of what was seen and said, from weeks a teacher played and from labelled asks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ..agents.prompt import compact
from ..agents.scene import first_name, week_seed
from ..config import load_recipe
from ..episodes.loop import make_driver, run_week
from ..episodes.record import WeekRecord
from ..episodes.seats import Seats, plan
from ..stakeholders.reading.labels import Label, labels
from ..world.clock import FRIDAY
from ..world.engine import start
from ..world.fast import decide
from ..world.generator import SEEDS_A_SPLIT, generate
from ..world.luck import rng
from ..world.observation import EnergyBand, Observation, SelfView
from ..world.reference import right_reading
from ..world.state import WeekState
from ..world.view import observe
from .gist import facts_of, told
from .mixing import Lesson, mixed
from .teachers import READABLE, Teacher
from .warm_config import DataConfig, TeacherConfig

CORPUS = "corpus"
BANDS: tuple[EnergyBand, ...] = ("fresh", "ok", "tired", "drained")
HOURS = (9, 18)
"""Office hours in which the labelled asks are taken to have come."""
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


class Turn(NamedTuple):
    """What was seen, the reply to it, and other replies that would have done."""

    seen: str
    said: str
    drafts: tuple[str, ...] = ()


class Row(NamedTuple):
    """One row: a single turn, or all turns of a week in order."""

    turns: tuple[Turn, ...]


class Rows(NamedTuple):
    """The rows of all stages: decisions that stand alone, whole weeks, and the lessons that come before both."""

    turns: tuple[Row, ...]
    weeks: tuple[Row, ...]
    primer: tuple[Row, ...] = ()


class Taught(NamedTuple):
    """A week that a teacher played or was led through, and per decision his reply and his other drafts."""

    record: WeekRecord
    drafts: tuple[tuple[str, ...], ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was seen, and what the teacher says to it, at each decision that he answers."""
        steps = zip(self.record.steps, self.drafts, strict=True)
        made = (Turn(compact(step.observation), own, tuple(others)) for step, (own, *others) in steps)
        return tuple(turn for turn in made if turn.said)


def taught(
    teacher: TeacherConfig,
    seeds: Sequence[int],
    number: int = 0,
    drafts: int = 0,
    led: bool = False,
) -> Iterator[Taught]:
    """The weeks of some seeds with the teacher in the seat; `number` keys his words, so that he can play one twice.

    led: the careful agent's replies are sent. Raises
    ValueError for a seed of no split, or a week that a participant broke off.
    """
    recipe = load_recipe()
    others = plan(recipe.personas, "careful")
    driver = make_driver("direct", others)
    for seed in seeds:
        seat = Teacher(teacher, number, drafts, led)
        seats = Seats(seat, others.reader, others.coworkers, "teacher", others.specs)
        record = run_week(generate(recipe, seed), seats, driver)
        if record.end == "error":
            raise ValueError(f"week {seed}: {record.error}")
        yield Taught(record, tuple(seat.drafted))


def openings(teacher: TeacherConfig, seeds: Sequence[int], number: int = 0, drafts: int = 0) -> list[Turn]:
    """What the teacher would say to the first messages of some weeks; in between, the rules play what is right.

    Many times cheaper than whole weeks, as nobody reads or answers: for what has to be seen often.
    """
    return asyncio.run(_openings(Teacher(teacher, number, drafts), seeds))


async def _openings(seat: Teacher, seeds: Sequence[int]) -> list[Turn]:
    found: list[Turn] = []
    for state, seen in first_messages(seeds):
        seat.see(state)
        await seat.reply(seen)
        said, *others = seat.drafted[-1]
        found.append(Turn(compact(seen), said, tuple(others)))
    return found


def first_messages(seeds: Iterable[int]) -> Iterator[tuple[WeekState, Observation]]:
    """The events of some weeks that come by themselves, and what is seen of each; the rules play what is right."""
    recipe = load_recipe()
    for seed in seeds:
        state = start(generate(recipe, seed))
        while state.event is not None and state.end is None:
            if state.week.events[state.event.kind].at:
                yield state, observe(state)
            state = decide(state, right_reading(state)).state


def lessons(seeds: Sequence[int], number: int = 0, mix: float = 0.0) -> list[Turn]:
    """What the first messages of some weeks come to, and nothing else: the message alone, and a gist for every ask.

    The cheapest way to see a wording often: half the tokens of a decision, and nobody acts. Of a message with several
    asks what each sender wrote is a lesson by itself, before all of it is one. Messages that tell no fact are left out.
    mix: lessons in mixed words (`mixing.py`) for each of one ask, behind the others; `number` keys all draws.
    """
    alone, found = list[Lesson](), list[Turn]()
    for state, seen in first_messages(seeds):
        own = _lessons(state, seen, number)
        alone += own
        found += map(_taught_by, own)
        if len(own) > 1:
            found.append(Turn(own[0].head + seen.event.body, "\n".join(_taught_by(lesson).said for lesson in own)))
    return [*found, *map(_taught_by, mixed(alone, mix, number))]


def _taught_by(lesson: Lesson) -> Turn:
    return Turn(lesson.head + lesson.text, lesson.name + lesson.said)


def _lessons(state: WeekState, seen: Observation, number: int) -> list[Lesson]:
    """One for each ask; none where an ask tells no fact."""
    event = seen.event
    luck = rng(week_seed(seen, number), event.id, "lesson")
    known = facts_of(state, seen)
    gists = [told(fact, value, luck) for fact, value in known]
    head = f"Subject: {event.subject}\n"
    if len(known) == 1:
        return [Lesson(head, "", event.body, *known[0], gists[0])]
    names = [f"{first_name(ask.sender)}: " for ask in event.asks[: len(known)]]
    own = ["\n".join(line for line in event.body.splitlines() if line.startswith(name)) for name in names]
    tellings = zip(names, own, known, gists, strict=True)
    return [Lesson(head, name, text, *fact, said) for name, text, fact, said in tellings]


def rows_of(teacher: TeacherConfig, data: DataConfig, seed: int) -> Rows:
    """The rows of a warm start; no week is used twice. seed: keys the teacher's draws."""
    weeks = iter(range(data.first_seed, SEEDS_A_SPLIT))
    keys = (seed, data.drafts)
    cut = [*taught(teacher, list(islice(weeks, data.turn_weeks)), *keys)]
    cut += taught(teacher, list(islice(weeks, data.led_weeks)), *keys, led=True)
    single = [turn for week in cut for turn in week.turns]
    single += openings(teacher, list(islice(weeks, data.opening_weeks)), *keys)
    single += lessons(list(islice(weeks, data.lesson_weeks)), seed, data.mix)
    whole = taught(teacher, list(islice(weeks, data.week_weeks)), *keys)
    primer = lessons(list(islice(weeks, data.primer_weeks)), seed, data.mix)
    return Rows(
        turns=(*(Row((turn,)) for turn in single), *from_corpus(teacher, seed, data.corpus)),
        weeks=tuple(Row(week.turns) for week in whole),
        primer=tuple(Row((turn,)) for turn in primer),
    )


def from_corpus(teacher: TeacherConfig, seed: int, most: int) -> list[Row]:
    """At most so many asks of other kinds with authored replies; for a people-pleaser mostly those that accept."""
    luck = rng(seed, CORPUS, "rows")
    fitting = [label for label in labels() if label.body and label.voice in READABLE and len(label.acts) == 1]
    if teacher.mode == "people_pleaser":
        keep = teacher.right + teacher.other
        fitting = [label for label in fitting if label.acts[0] == "accept" or luck.uniform() < keep]
    chosen = luck.sample(fitting, most)
    return [Row((Turn(compact(_seen(label, seed, place)), label.text),)) for place, label in enumerate(chosen)]


def _seen(label: Label, seed: int, place: int) -> Observation:
    """The labelled ask as it would have reached him on some day of some week."""
    luck = rng(seed, f"{CORPUS}/{place}", "seen")
    free = 60 * luck.index(33)
    me = SelfView(
        energy_band=luck.choice(BANDS),
        focus_minutes_left=free,
        sprint_minutes_left=round(free * luck.uniform(0.7, 1.2)),
        appraisal_minutes_left=luck.choice((0, 90)),
        staging_up=luck.uniform() < 0.8,
        leave=luck.choice(("pending", "granted", "refused")),
    )
    when = {"day": luck.index(FRIDAY + 1), "minute": 60 * HOURS[0] + luck.index(60 * (HOURS[1] - HOURS[0]))}
    return Observation.model_validate({"episode_id": CORPUS, "step": 0, **when, "event": label.event(), "self": me})


def sentences(rows: Rows) -> list[str]:
    """Every different sentence of the rows, in order: what the tokenizer is made from, so that nothing counts twice."""
    turns = (turn for row in (*rows.primer, *rows.turns, *rows.weeks) for turn in row.turns)
    texts = (text for turn in turns for text in (turn.seen, turn.said, *turn.drafts))
    return list(dict.fromkeys(part for text in texts for part in SENTENCE.split(text) if part))
