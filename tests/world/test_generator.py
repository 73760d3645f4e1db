"""Weeks from seeds: repeatable, varied, split apart, and twins that differ in one fact only."""

from __future__ import annotations

from itertools import pairwise

import pytest

from work_life_firewall.world.generator import FIRST_SEED, SEEDS_A_SPLIT, generate, seeds, split_of, twin
from work_life_firewall.world.scenario import SPLITS, Split
from work_life_firewall.world.scoring import score

from .weeks import play, recipe, week, weeks

MANY = 60


def _matches(facts: dict[str, str], split: Split) -> list[dict[str, str]]:
    combos = getattr(recipe().scenario.holdout, split)
    return [combo for combo in combos if combo.items() <= facts.items()]


def test_the_same_seed_makes_the_same_week() -> None:
    assert generate(recipe(), 100_007) == generate(recipe(), 100_007)


def test_different_seeds_make_different_weeks() -> None:
    made = weeks(MANY)
    assert len({tuple(w.times.items()) for w in made}) > MANY * 0.95
    assert len({w.backlog for w in made}) == MANY
    assert len({tuple(w.facts.items()) for w in made}) > 5
    assert len({tuple(sorted(w.times, key=lambda kind: w.times[kind])) for w in made}) > 5


def test_splits_share_no_seed() -> None:
    spans = [range(FIRST_SEED[split], FIRST_SEED[split] + SEEDS_A_SPLIT) for split in SPLITS]
    assert all(a.stop <= b.start for a, b in pairwise(spans))
    assert [split_of(span.start) for span in spans] == list(SPLITS)
    assert [split_of(span.stop - 1) for span in spans] == list(SPLITS)


@pytest.mark.parametrize("split", SPLITS)
def test_held_out_combinations_belong_to_one_split_only(split: Split) -> None:
    for made in weeks(MANY, split):
        for other in ("validation", "test"):
            assert bool(_matches(made.facts, other)) == (other == split)


@pytest.mark.parametrize("split", SPLITS)
def test_every_week_holds_asks_that_deserve_a_no_and_asks_that_deserve_a_yes(split: Split) -> None:
    least, most = recipe().scenario.refusals
    for made in weeks(MANY, split):
        canonical = [f"{e.kind}/{a.id}" for e in recipe().scenario.events if e.at for a in e.asks]
        refused = [key for key in canonical if key in made.refuse]
        assert least <= len(refused) <= most
        assert len(canonical) - len(refused) >= 3


@pytest.mark.parametrize("split", SPLITS)
def test_no_fact_is_nearly_always_the_same(split: Split) -> None:
    made = weeks(200, split)
    for fact, spec in recipe().scenario.facts.items():
        share = sum(w.facts[fact] == spec.values[0] for w in made) / len(made)
        assert 0.2 <= share <= 0.8, (fact, share)


def test_a_twin_differs_in_one_fact_only() -> None:
    made = week(3)
    for fact in recipe().scenario.facts:
        other = twin(made, fact)
        assert {name for name in made.facts if made.facts[name] != other.facts[name]} == {fact}
        assert (other.backlog, other.times, other.seed, other.split) == (
            made.backlog,
            made.times,
            made.seed,
            made.split,
        )
        changed = made.refuse ^ other.refuse
        assert changed
        for key in changed:
            assert fact in made.spec(key).refuse_when
        assert twin(other, fact)._replace(episode_id="") == made._replace(episode_id="")


def test_every_slot_keeps_to_its_jitter() -> None:
    for made in weeks(MANY):
        for spec in recipe().scenario.events:
            if spec.at:
                at = made.times[spec.kind]
                assert any(abs(at - slot.day * 1440 - slot.minute) <= slot.jitter for slot in spec.at)


def test_right_choices_deliver_the_sprint_that_was_sized_for_them() -> None:
    ends = [play(w) for w in weeks(40)]
    assert sum(end.delivered for end in ends) / len(ends) >= 0.9
    assert min(score(end).total for end in ends) > 0.75


def test_seeds_and_twins_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="no split"):
        generate(recipe(), 300_000)
    with pytest.raises(ValueError, match="not a test one"):
        generate(recipe(), 100_000, "test")
    with pytest.raises(ValueError, match="outside"):
        seeds("train", 10, SEEDS_A_SPLIT)
    with pytest.raises(ValueError, match="no twin"):
        twin(week(), "weather")
