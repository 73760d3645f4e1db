"""Teachers act as configured, are read as they mean it, and their weeks become rows."""

from __future__ import annotations

from collections import Counter

import pytest

from work_life_firewall.agents.careful import decide
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.training.examples import (
    CORPUS,
    Rows,
    from_corpus,
    lessons,
    openings,
    rows_of,
    sentences,
    taught,
)
from work_life_firewall.training.gist import gists, gists_in
from work_life_firewall.training.teachers import NO_ANSWER, sensible
from work_life_firewall.training.warm_config import DataConfig, TeacherConfig
from work_life_firewall.world.acts import REFUSES

FIRST = 20_000
CANONICAL = 7
PLEASER = TeacherConfig(mode="people_pleaser", right=0.1, other=0.05, gist=0.5, authored=0.2)


def weeks(teacher: TeacherConfig, count: int = 6, number: int = 0) -> list[WeekRecord]:
    return [week.record for week in taught(teacher, range(FIRST, FIRST + count), number)]


def acts(records: list[WeekRecord]) -> Counter[str]:
    return Counter(ask.act for week in records for step in week.steps for ask in step.reading.asks)


def test_a_people_pleaser_mostly_accepts() -> None:
    found = acts(weeks(PLEASER))
    assert 0.7 < found["accept"] / found.total() < 0.98
    assert found["unclear"] <= 0.05 * found.total()


def test_without_noise_it_always_accepts() -> None:
    found = acts(weeks(TeacherConfig(mode="people_pleaser", gist=0.0)))
    assert set(found) <= {"accept", "unclear"}


def test_always_right_it_follows_the_labels() -> None:
    sure = weeks(TeacherConfig(mode="people_pleaser", right=1.0, gist=0.0), 8)
    assert sum(week.scores["boundary_setting"] for week in sure) / len(sure) > 0.8


def test_no_preference_draws_every_sensible_act() -> None:
    found = acts(weeks(TeacherConfig(mode="no_preference", gist=0.9), 8))
    drawn = {act for act in found if found[act] > 0.03 * found.total()}
    assert {"accept", "decline", "counter", "defer", "delegate", "ask"} <= drawn
    assert not drawn & NO_ANSWER
    assert found["unclear"] <= 0.05 * found.total()


def test_sensible_acts_have_words() -> None:
    assert "accept" in sensible("leave", 1) and "request" in sensible("leave", 1)
    assert "request" not in sensible("staging", 1)
    assert not set(sensible("a kind of its own", 1)) & NO_ANSWER


def test_the_careful_one_is_cloned() -> None:
    for week in weeks(TeacherConfig(mode="careful", gist=0.5), 3):
        for step in week.steps:
            meant = [decide(step.observation, number) for number in range(1, len(step.reading.asks) + 1)]
            read = [ask.act for ask in step.reading.asks]
            assert [a in REFUSES for a in meant] == [a in REFUSES for a in read]


def test_the_same_number_writes_the_same_weeks_and_another_others() -> None:
    first, again, other = (next(taught(PLEASER, [FIRST], number)).turns for number in (0, 0, 1))
    assert first == again
    assert first != other


def test_replies_vary() -> None:
    replies = [step.reply for week in weeks(TeacherConfig(mode="no_preference", gist=1.0)) for step in week.steps]
    assert len(set(replies)) > 0.95 * len(replies)


def test_first_answers_say_what_the_event_comes_to_and_later_ones_do_not() -> None:
    told, plain = (weeks(TeacherConfig(mode="people_pleaser", gist=share), 4) for share in (1.0, 0.0))
    frames = tuple(frame.partition(" {")[0] for frame in gists().frames)
    steps = [step for week in told for step in week.steps if step.event == "oncall_swap"]
    assert steps and all(step.reply.startswith(frames) for step in steps)
    assert not [step for week in told for step in week.steps if "@" in step.event and step.reply.startswith(frames)]
    assert not [step for week in plain for step in week.steps if step.reply.startswith(frames)]


def test_rows_are_turns_and_other_whole_weeks() -> None:
    rows = rows_of(PLEASER, DataConfig(first_seed=FIRST, turn_weeks=2, opening_weeks=3, week_weeks=1, corpus=5), 0)
    assert all(len(row.turns) == 1 for row in rows.turns)
    assert len(rows.weeks) == 1 and len(rows.weeks[0].turns) > 5
    seen = {row.turns[0].seen for row in rows.turns}
    assert not seen & {turn.seen for turn in rows.weeks[0].turns}
    assert len(rows.turns) > (2 + 3) * CANONICAL


def test_first_messages_are_those_of_whole_weeks() -> None:
    found = openings(TeacherConfig(mode="careful", gist=0.5), [FIRST, FIRST + 1])
    assert len(found) == 2 * CANONICAL
    assert not [turn.seen for turn in found if "I said" in turn.seen]
    # The first event of a week comes before anybody has said anything, so both ways of playing it agree.
    (week,) = taught(TeacherConfig(mode="careful", gist=0.5), [FIRST])
    assert week.turns[0] == found[0]


def test_drafts_are_other_replies_of_the_same_teacher() -> None:
    (week,) = taught(TeacherConfig(mode="no_preference"), [FIRST], drafts=3)
    (bare,) = taught(TeacherConfig(mode="no_preference"), [FIRST])
    assert [turn.said for turn in week.turns] == [turn.said for turn in bare.turns]
    assert all(len(turn.drafts) == 3 for turn in week.turns)
    assert sum(len({turn.said, *turn.drafts}) for turn in week.turns) > 3.5 * len(week.turns)


def test_who_is_led_meets_what_he_seldom_would_and_answers_it_himself() -> None:
    seeds = range(FIRST, FIRST + 6)
    led, plain = list(taught(PLEASER, seeds, led=True)), list(taught(PLEASER, seeds))
    nudges = [sum(step.event.startswith("nudge") for one in each for step in one.record.steps) for each in (led, plain)]
    assert nudges[0] > 2 * nudges[1]
    sent = {step.reply for week in led for step in week.record.steps}
    said = [turn.said for week in led for turn in week.turns]
    assert sum(text in sent for text in said) < 0.5 * len(said)
    assert said[0] == plain[0].turns[0].said
    data = DataConfig(turn_weeks=1, led_weeks=1, opening_weeks=0, week_weeks=0, first_seed=FIRST)
    rows = [row.turns[0] for row in rows_of(PLEASER, data, 0).turns]
    assert rows[-1].seen == led[1].turns[-1].seen


def test_corpus_rows_look_like_events() -> None:
    rows = from_corpus(PLEASER, 0, 30)
    assert len(rows) == 30 and rows == from_corpus(PLEASER, 0, 30)
    for row in rows:
        (turn,) = row.turns
        assert turn.seen.splitlines()[2].startswith("Subject: ") and turn.said
        assert CORPUS not in turn.seen


def test_sentences_are_counted_once() -> None:
    rows = rows_of(PLEASER, DataConfig(turn_weeks=1, opening_weeks=0, week_weeks=0), 0)
    found = sentences(Rows((*rows.turns, *rows.turns), ()))
    assert found == sentences(rows)
    assert len(found) == len(set(found))


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        TeacherConfig(mode="people_pleaser", right=0.7, other=0.5)


def test_lessons_are_the_message_and_what_it_comes_to() -> None:
    found = lessons([FIRST, FIRST + 1])
    assert found == lessons([FIRST, FIRST + 1]) != lessons([FIRST, FIRST + 1], number=1)
    first = openings(TeacherConfig(mode="careful", gist=0.5), [FIRST, FIRST + 1])
    # The appraisal tells no fact; of the two asks in one message each is a lesson of its own, too.
    assert len(found) == len(first) - 2 + 2 * 2
    whole = [lesson for lesson in found if any(turn.seen.endswith(lesson.seen) for turn in first)]
    assert len(whole) == len(first) - 2
    assert all(lesson.seen.startswith("Subject: ") and not lesson.drafts for lesson in found)
    both = [lesson for lesson in whole if len(gists_in(lesson.said)) == 2]
    parts = [lesson for lesson in found if lesson not in whole]
    assert "\n".join(part.said for part in parts) == "\n".join(lesson.said for lesson in both)
    for part in parts:
        name = part.said.partition(" ")[0]
        assert name in ("Priya:", "Rahul:")
        assert all(line.startswith(name) for line in part.seen.split("\n")[1:])
    data = DataConfig(turn_weeks=1, opening_weeks=0, lesson_weeks=3, week_weeks=0, primer_weeks=2)
    rows = rows_of(TeacherConfig(mode="careful"), data, 0)
    taught = [row.turns[0] for row in rows.turns if row.turns[0].seen.startswith("Subject: ")]
    assert len(taught) == 3 * (CANONICAL - 1 + 2)
    primer = [row.turns[0] for row in rows.primer]
    assert primer == lessons(range(data.first_seed + 4, data.first_seed + 6)) and not set(primer) & set(taught)
