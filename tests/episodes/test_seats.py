"""Specs: everyone who can sit somewhere can be built, and everyone else is refused in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.seats import build_protagonist, build_reader, parse_coworkers, plan
from work_life_firewall.stakeholders.human import TerminalStakeholder

CAST = ("priya", "rahul", "david", "sundar")


def test_coworkers_are_all_scripted_but_those_named() -> None:
    assert parse_coworkers("scripted", CAST) == dict.fromkeys(CAST, "scripted")
    assert parse_coworkers("priya=human", CAST) == {**dict.fromkeys(CAST, "scripted"), "priya": "human"}
    assert parse_coworkers("human, sundar=scripted", CAST)["sundar"] == "scripted"


def test_a_plan_seats_everyone_and_makes_the_protagonist_anew() -> None:
    made = plan(load_recipe().personas, "careful", "priya=human")
    assert isinstance(made.coworkers["priya"], TerminalStakeholder)
    assert made.specs["rahul"] == "scripted"
    one, other = made.seats(1), made.seats(1)
    assert one.protagonist is not other.protagonist
    assert one.reader is other.reader


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("pria=human", "unknown person 'pria'; did you mean 'priya'?"),
        ("nobody=human", "known: priya, rahul, david, sundar"),
        ("priya=humn", "unknown coworker 'humn'; did you mean 'human'?"),
        ("robots", "unknown coworker 'robots'; known: scripted, human"),
        ("", "unknown coworker ''"),
        ("llm:gemma", "coworker 'llm:gemma' is not built yet: issue 6"),
        ("priya=cassette:x.db", "is not built yet: issue 6"),
    ],
)
def test_wrong_coworkers_are_refused(spec: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_coworkers(spec, CAST)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("carefull", "did you mean 'careful'?"),
        ("act:declne", "'decline'"),
        ("nobody at all", "unknown policy"),
        ("", "unknown policy ''"),
        ("trained", "is not built yet: issue 5"),
        ("hf:models/x", "policy 'hf:models/x' is not built yet: issue 5"),
        ("llm:gemma", "is not built yet: issue 6"),
        ("py:no_such_module:Me", "no_such_module"),
        ("py:json:Me", "'Me'"),
        ("py:json", "py:MODULE:CLASS"),
    ],
)
def test_wrong_policies_are_refused(spec: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        build_protagonist(spec, 0)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    ["raise RuntimeError('no weights')", "class Me:\n  def __init__(self): 1/0\n  async def reply(self, o): ..."],
)
def test_a_policy_of_ones_own_that_cannot_be_made(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_broken_policy.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_broken_policy", raising=False)
    with pytest.raises(UsageError, match=r"'py:my_broken_policy:Me' cannot be made: (RuntimeError|ZeroDivisionError)"):
        build_protagonist("py:my_broken_policy:Me", 0)


def test_readers_and_judges() -> None:
    assert hasattr(build_reader("local"), "read")
    with pytest.raises(UsageError, match=r"unknown reader 'locl'; did you mean 'local'\?"):
        build_reader("locl")
    with pytest.raises(UsageError, match="reader 'llm:x' is not built yet"):
        build_reader("llm:x")
    with pytest.raises(UsageError, match="judge 'llm:x' is not built yet"):
        plan(load_recipe().personas, "careful", judge="llm:x")
