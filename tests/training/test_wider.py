"""More ways to tell facts: training weeks get them, held-out weeks do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.config import ConfigError, load_recipe
from work_life_firewall.training.examples import rows_of
from work_life_firewall.training.warm_config import DataConfig, TeacherConfig
from work_life_firewall.training.wider import wider
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.view import observe

NEW = "The night watchman says that the box belongs to you."


@pytest.fixture
def clauses(tmp_path: Path) -> str:
    file = tmp_path / "clauses.yaml"
    file.write_text(f"schema: 1\nfacts: {{staging_owner: {{arjun: [{NEW!r}]}}}}\n", encoding="utf-8")
    return str(file)


def bodies(recipe: object, first: int) -> list[str]:
    """The first messages of many weeks."""
    found = []
    for seed in range(first, first + 150):
        event = observe(start(generate(recipe, seed))).event  # type: ignore[arg-type]
        found.append(event.body)
    return found


def test_training_weeks_get_them_and_held_out_weeks_stay(clauses: str) -> None:
    plain = load_recipe()
    more = wider(plain, clauses)
    assert any(NEW in body for body in bodies(more, 20_000))
    assert not any(NEW in body for body in bodies(plain, 20_000))
    for first in (100_000, 200_000):
        assert bodies(more, first) == bodies(plain, first)
    pool = more.wordings["staging"].facts["staging_owner"]
    assert (len(pool["arjun"].train), pool["rahul"]) == (27, plain.wordings["staging"].facts["staging_owner"]["rahul"])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("{staging_ovner: {arjun: [x]}}", "staging_ovner"),
        ("{staging_owner: {arjum: [x]}}", "staging_owner has no value 'arjum'"),
        ("{staging_owner: {arjun: []}}", "staging_owner"),
    ],
)
def test_what_no_message_tells_is_one_line(tmp_path: Path, facts: str, said: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(f"schema: 1\nfacts: {facts}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        wider(load_recipe(), str(file))
    assert "\n" not in str(caught.value)


def test_the_shipped_ones_tell_both_sides_of_every_fact_alike() -> None:
    recipe = load_recipe()
    more = wider(recipe, "clauses")
    added = {
        (fact, value): set(pool.train) - set(recipe.wordings[kind].facts[fact][value].train)
        for kind, words in more.wordings.items()
        for fact, values in words.facts.items()
        for value, pool in values.items()
    }
    told = {fact for (fact, _), texts in added.items() if texts}
    assert len(told) == 7
    assert all(len(added[key]) >= 100 for key in added if key[0] in told)
    held_out = {
        text
        for words in recipe.wordings.values()
        for values in words.facts.values()
        for pool in values.values()
        for text in (*pool.validation, *pool.test)
    }
    assert not held_out & set().union(*added.values())


def test_rows_of_a_warm_start_are_wider(clauses: str) -> None:
    teacher = TeacherConfig(mode="no_preference", gist=1.0)
    data = DataConfig(turn_weeks=1, opening_weeks=60, week_weeks=1, drafts=1)
    plain = rows_of(teacher, data, 0)
    wide = rows_of(teacher, data.model_copy(update={"clauses": clauses}), 0)
    assert not any(NEW in row.turns[0].seen for row in plain.turns)
    assert any(NEW in row.turns[0].seen for row in wide.turns)
