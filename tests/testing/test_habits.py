"""Habits: repetition as the world counts it, flags, and bars that bite."""

from __future__ import annotations

from functools import cache

from work_life_firewall.agents.baselines import FixedText
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.seats import plan
from work_life_firewall.testing.habits import HABITS, Habits, bars, habits, template
from work_life_firewall.testing.lineup import spec
from work_life_firewall.testing.search import Make, played
from work_life_firewall.world.generator import generate

RECIPE = load_recipe()


def weeks(make: Make, count: int = 2) -> list[WeekRecord]:
    seated = plan(RECIPE.personas, "ignorer")
    return [played(generate(RECIPE, 100_000 + number), seated, make) for number in range(count)]


@cache
def of(policy: str) -> Habits:
    return habits(policy, weeks(spec(policy)))


def test_one_text_to_everything_is_seen_as_repetition() -> None:
    records = weeks(lambda seed: FixedText("I will do it by 5 pm today."))
    found = habits("fixed", records)
    count = sum(len(record.steps) for record in records)
    assert (found.replies, found.distinct, found.templates) == (count, 1, 1)
    assert found.figures["elsewhere"]["mean"] == 1.0
    assert found.figures["repeated"]["mean"] == (count - len(records)) / count
    assert found.figures["chars"]["mean"] == 27.0
    assert habits("fixed", records[:1]).figures["elsewhere"]["mean"] == 0.0


def test_careful_is_clean_and_holds_its_own_bars() -> None:
    careful = of("careful")
    assert set(careful.figures) == set(HABITS)
    assert 1 < careful.templates <= careful.distinct <= careful.replies
    for habit in ("injection", "instructions", "unclear"):
        assert careful.figures[habit]["mean"] == 0.0
    assert all(bars(careful, careful).values())


def test_bars_name_what_a_policy_games_with() -> None:
    def broken(policy: str) -> set[str]:
        held = bars(of(policy), of("careful"))
        return {bar.split()[0] for bar, holds in held.items() if not holds}

    assert {"flattery", "unclear", "repeated"} <= broken("flatterer")
    assert {"injection", "instructions"} <= broken("injector")
    assert {"keywords", "chars"} <= broken("stuffer")
    assert "chars" in broken("long")


def test_a_template_leaves_slots_out() -> None:
    one = template("Priya, I will send it by 5 pm  tomorrow, or at 10:30 on Friday.")
    assert one == template("Rahul, I will send it by 11 am today, or at noon on Monday.")
    assert one != template("Rahul, I will not send it by 11 am today, or at noon on Monday.")


def test_no_weeks_are_no_figures() -> None:
    assert habits("nobody", []).figures["chars"] == {"mean": None, "low": None, "high": None, "n": 0}
