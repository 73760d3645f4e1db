"""Specs: everyone who can sit somewhere can be built, and everyone else is refused in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from work_life_firewall.config import ConfigError, load_recipe
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.seats import build_protagonist, build_reader, parse_coworkers, plan
from work_life_firewall.stakeholders.human import TerminalStakeholder

CAST = ("priya", "rahul", "david", "sundar")


def test_coworkers_are_all_scripted_but_those_named() -> None:
    assert parse_coworkers("scripted", CAST) == dict.fromkeys(CAST, "scripted")
    assert parse_coworkers("priya=human", CAST) == {**dict.fromkeys(CAST, "scripted"), "priya": "human"}
    assert parse_coworkers("human, sundar=scripted", CAST)["sundar"] == "scripted"


def test_models_and_cassettes_are_specs_and_a_file_name_may_hold_anything_but_a_comma() -> None:
    parsed = parse_coworkers("scripted,david=llm:local,priya=cassette:runs/a=b.db", CAST)
    assert (parsed["david"], parsed["priya"]) == ("llm:local", "cassette:runs/a=b.db")
    assert set(parse_coworkers("cassette:runs/a=b.db", CAST).values()) == {"cassette:runs/a=b.db"}


def test_all_who_play_with_one_model_share_its_client() -> None:
    made = plan(load_recipe().personas, "llm:local", "llm:local,sundar=scripted")
    assert made.coworkers["priya"]._client is made.coworkers["rahul"]._client  # type: ignore[attr-defined]
    assert made.seats(1).protagonist._client is made.coworkers["priya"]._client  # type: ignore[attr-defined]


def test_an_unknown_model_and_a_cassette_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="'loacl': unknown name in configs/models; did you mean 'local'"):
        plan(load_recipe().personas, "careful", "llm:loacl")
    with pytest.raises(UsageError, match=r"no\.db: no such cassette"):
        plan(load_recipe().personas, "careful", "priya=cassette:no.db")


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
        ("robots", "unknown coworker 'robots'; known: scripted, human, llm:NAME, cassette:FILE"),
        ("", "unknown coworker ''"),
        ("llm", "unknown coworker 'llm'; known: scripted, human, llm:NAME, cassette:FILE"),
        ("priya=cassette:", "unknown coworker 'cassette:'; known: scripted"),
        ("lm:gemma", "unknown coworker 'lm:gemma'; did you mean 'llm'?"),
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
        ("traned", "did you mean 'trained'?"),
        ("hf:models/x", "models/x: no model folder (config.json is missing)"),
        ("llm:", "unknown policy 'llm:'"),
        ("lmm:gemma", "did you mean 'llm'?"),
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
    with pytest.raises(UsageError, match=r"unknown reader 'llm:'; known: local, llm:NAME"):
        build_reader("llm:")
    with pytest.raises(UsageError, match=r"unknown judge 'nobody'; known: none, llm:NAME"):
        plan(load_recipe().personas, "careful", judge="nobody")
    for given in ({"reader": "llm:loacl"}, {"judge": "llm:loacl"}):
        with pytest.raises(ConfigError, match=r"'loacl': unknown name in configs/models; did you mean 'local'"):
            plan(load_recipe().personas, "careful", **given)


def test_a_reading_and_a_judging_model_share_the_client_of_their_file() -> None:
    made = plan(load_recipe().personas, "oracle", reader="llm:local", judge="llm:local")
    assert made.reader._client is made.judge._client  # type: ignore[union-attr]
    assert made.seats(1).judge is made.judge
    assert made.seats(1).protagonist._reader is made.reader.local  # type: ignore[attr-defined] - 6 drafts a reply
