"""Everything that DESIGN section 3 lists as spawned really reaches Arjun in some week, and can be answered."""

from __future__ import annotations

from functools import cache

import pytest

from work_life_firewall.world.engine import start
from work_life_firewall.world.reading import ACTS
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe

from .weeks import Choose, always, answer, at_random, right, weeks

SPAWNED = (
    "nudge clarify favour scope_creep client_escalation".split()
    + "pager_night sleep_debt leave_refused leave_silent appraisal_late".split()
)
LIVES: tuple[Choose, ...] = (right, always("accept"), always("decline"), always("ignore"), always("ask"), at_random)


@cache
def _met() -> dict[str, WeekState]:
    """For each kind of event a state in which it waits for an answer, from weeks as they are really played."""
    met: dict[str, WeekState] = {}
    for choose in LIVES:
        for made in weeks(25):
            state = start(made)
            while state.end is None:
                if state.event is not None:
                    met.setdefault(state.event.kind, state)
                state = answer(state, choose).state
    return met


@pytest.mark.parametrize("kind", SPAWNED)
def test_it_reaches_arjun(kind: str) -> None:
    assert kind in _met()
    seen = observe(_met()[kind])
    assert seen.event.id.startswith(kind)
    assert seen.event.body


@pytest.mark.parametrize("kind", SPAWNED)
def test_any_act_answers_it_and_the_week_goes_on(kind: str) -> None:
    state = _met()[kind]
    for act in ACTS:
        after = answer(state, act).state
        assert after.event != state.event
        assert after.end is not None or after.event is not None


@pytest.mark.parametrize("kind", SPAWNED)
def test_how_it_is_answered_matters_beyond_words(kind: str) -> None:
    state = _met()[kind]
    after = [answer(state, act).state for act in ACTS]
    assert len({(s.energy, s.backlog, s.done, s.owed, s.promises, s.leave, s.decide_at, s.form) for s in after}) >= 2
