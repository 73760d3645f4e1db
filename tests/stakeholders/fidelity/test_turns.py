"""The turns of the probe: enough for everybody, out of real weeks, the same each time."""

from __future__ import annotations

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.stakeholders.fidelity.tempers import SCALE, TEMPERS
from work_life_firewall.stakeholders.fidelity.turns import LENGTH, POLICIES, TEMPER_PLACES, conversations

from ...support.probing import PEOPLE, talks

FIRST, LAST = 100_000, 199_999


def test_everybody_gets_sixty_turns_of_validation_weeks_under_several_policies() -> None:
    found = talks(5)
    for who in PEOPLE:
        mine = [one for one in found if one.person == who]
        assert sum(len(one.turns) for one in mine) >= 60
        assert {one.policy for one in mine} == set(POLICIES)
        assert all(turn.persona.id == who for one in mine for turn in one.turns)
        assert all(FIRST <= turn.visible.seed <= LAST for one in mine for turn in one.turns)


def test_conversations_share_no_week() -> None:
    weeks: dict[int, set[int]] = {}
    for one in talks(5):
        weeks.setdefault(one.number, set()).update(turn.visible.seed for turn in one.turns)
    assert sum(len(seeds) for seeds in weeks.values()) == len(set().union(*weeks.values()))


def test_a_temper_changes_the_reply_and_nothing_before_it() -> None:
    (one, *_) = talks(5)
    assert len(one.turns) == LENGTH
    assert set(one.tempers) == {(at, temper) for at in TEMPER_PLACES for temper in TEMPERS}
    for (at, temper), turn in one.tempers.items():
        real = one.turns[at]
        assert turn.reply in TEMPERS[temper]
        assert (turn.event, turn.mind, turn.visible) == (real.event, real.mind, real.visible)
        assert temper != "empty" or turn.reply or turn.ask.act == "ignore"


def test_identical_replies_meet_a_mind_without_a_past() -> None:
    for one in talks(5):
        assert set(one.scale) == set(SCALE)
        assert all(turn.mind == (turn.persona.initial_trust, (), ()) for turn in one.scale.values())


def test_the_same_recipe_gives_the_same_turns_and_too_many_are_refused() -> None:
    again = conversations(load_recipe(), PEOPLE[:1], 1)
    assert again == [one for one in talks(5) if one.person == PEOPLE[0]][:1]
    with pytest.raises(ValueError, match="1 to 1000"):
        conversations(load_recipe(), PEOPLE, 0)
