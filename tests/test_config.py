"""Config files: what is read, and that every fault is one line with file, line and near miss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, field_validator

from work_life_firewall import config
from work_life_firewall.config import ConfigError, find, names, read_markdown, read_yaml
from work_life_firewall.world.persona import Persona


class Slot(BaseModel):
    minutes: Annotated[int, Field(ge=1)]
    kind: Literal["call", "review"] = "call"
    register_: float = Field(default=0.0, alias="register")

    @field_validator("minutes")
    @classmethod
    def whole_quarters(cls, value: int) -> int:
        if value % 15:
            raise ValueError("must be quarters of an hour")
        return value


class Plan(BaseModel):
    name: str
    events: tuple[Slot, ...] = ()
    pools: dict[str, dict[str, Slot]] = {}
    extra: Slot | None = None


def write(tmp_path: Path, text: str | bytes, name: str = "plan.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_reads_a_model_and_shares_it(tmp_path: Path) -> None:
    path = write(tmp_path, "name: a\nevents:\n  - {minutes: 30, register: 0.5}\n")
    plan = read_yaml(path, Plan)
    assert plan.events[0].register_ == 0.5
    assert read_yaml(path, Plan) is plan


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "name: a\n")
    read_yaml(path, Plan)
    write(tmp_path, "name: other\n")
    assert read_yaml(path, Plan).name == "other"


BROKEN = [
    ("name: a\nevents:\n  - minutes: 30\n  - mintues: 30\n", 4, "unknown key 'mintues' in events[1]", "'minutes'"),
    ("name: a\nnmae: b\n", 2, "unknown key 'nmae'", "did you mean 'name'?"),
    ("name: a\nevents:\n  - minutes: 30\n    regster: 1\n", 4, "'regster'", "did you mean 'register'?"),
    ("name: a\npools:\n  x:\n    y: {minuts: 30}\n", 4, "'minuts' in pools.x.y", "did you mean 'minutes'?"),
    ("name: a\nextra:\n  kinds: call\n", 3, "'kinds' in extra", "did you mean 'kind'?"),
    ("events: []\n", 1, "missing key 'name'", ""),
    ("name: a\nevents:\n  - kind: call\n", 3, "missing key 'minutes' in events[0]", ""),
    ("name: a\nevents:\n  - minutes: soon\n", 3, "events[0].minutes should be a valid integer", "not 'soon'"),
    ("name: a\nevents:\n  - {minutes: 30, kind: cal}\n", 3, "events[0].kind should be 'call' or", "mean 'call'?"),
    ("name: a\nevents:\n  - minutes: 31\n", 3, "events[0].minutes: must be quarters of an hour", ""),
    ("name: a\nevents:\n  minutes: 30\n", 2, "events should be a valid tuple", ""),
    ("name: no\n", 1, "name should be a valid string, not False", "put it in quotes"),
    ("name: a\nname: b\n", 2, "broken YAML: key 'name' given twice", ""),
    ("name: a\nevents: [1, 2\nextra: 3\n", 3, "broken YAML", ""),
    ("name: a\n\tevents: 3\n", 2, "broken YAML", ""),
    ("name: a\nextra: 'b\x07'\n", 2, "broken YAML", ""),
    ("name: a\nextra: 2026-13-45\n", None, "broken YAML", ""),
    ("- a\n- b\n", 1, "must be keys and values, not a list", ""),
    ("", 1, "must be keys and values, not nothing", ""),
    (b"name: ok\nextra: \xff\xfe\n", 2, "not UTF-8 (byte 0xff)", "save it as UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), BROKEN)
def test_broken_files_say_where_and_what(
    tmp_path: Path, text: str | bytes, line: int | None, message: str, hint: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Plan)
    said = str(caught.value)
    assert caught.value.line == line
    assert said.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert message in said
    assert hint in said
    assert "\n" not in said


def test_several_errors_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "nmae: a\nevents: 3\n")
    with pytest.raises(ConfigError, match=r":1: unknown key 'nmae' \(and 2 more\); did you mean 'name'\?"):
        read_yaml(path, Plan)


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path, "name: [" + "x, " * 500 + "]\n")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, Plan)
    assert len(str(caught.value)) < 300


def test_merged_keys_may_be_overridden(tmp_path: Path) -> None:
    path = write(tmp_path, "name: a\nextra: &base {minutes: 30}\nevents:\n  - {<<: *base, minutes: 45}\n")
    assert read_yaml(path, Plan).events[0].minutes == 45


def test_deep_nesting_is_an_error_not_a_crash(tmp_path: Path) -> None:
    path = write(tmp_path, "name: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ConfigError):
        read_yaml(path, Plan)


@pytest.mark.parametrize("name", ["gone.yaml", ".", "nul\x00.yaml"])
def test_unreadable_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_yaml(tmp_path / name, Plan)


PERSONA = """---
id: priya
name: Priya
role: engineer
timezone: Asia/Kolkata
initial_trust: 0.7
weights: {respect: 1, clarity: 1, helpfulness: 1, reliability: 1}
patience: 0.5
private_goal: ship
voice: priya
---

You are Priya.

Be kind.
"""


def test_reads_front_matter_and_body(tmp_path: Path) -> None:
    persona = read_markdown(write(tmp_path, "\ufeff" + PERSONA, "priya.md"), Persona)
    assert persona.prompt == "You are Priya.\n\nBe kind."
    assert persona.initial_trust == 0.7


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("patience: 0.5", "pateince: 0.5", 8, "unknown key 'pateince' (and 1 more); did you mean 'patience'?"),
        ("respect: 1", "respct: 1", 7, "unknown key 'respct' in weights"),
        ("0.7", "0.9", 6, "initial_trust should be less than or equal to 0.75, not 0.9"),
        ("---\nid", "id", 1, "no front matter"),
        ("priya\n---", "priya", 14, "front matter does not end"),
        ("patience", "prompt: x\npatience", 8, "key 'prompt' belongs below"),
        ("You are Priya.\n\nBe kind.\n", "", 12, "no text below the front matter"),
        ("id: priya", "id: [priya", 3, "broken YAML"),
    ],
)
def test_broken_front_matter(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    path = write(tmp_path, PERSONA.replace(old, new, 1), "priya.md")
    with pytest.raises(ConfigError) as caught:
        read_markdown(path, Persona)
    assert (caught.value.line, message in str(caught.value)) == (line, True), str(caught.value)


def test_find_by_name_path_and_near_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canonical").mkdir()
    assert find("scenarios", "canonical") == config.ROOT / "scenarios" / "canonical.yaml"
    mine = write(tmp_path, "name: a\n")
    assert find("scenarios", mine) == mine
    with pytest.raises(ConfigError, match=r"'canonicl': unknown name in configs/scenarios; did you mean 'canonical'\?"):
        find("scenarios", "canonicl")
    with pytest.raises(ConfigError, match=r"'gone.yaml': no such file"):
        find("scenarios", "gone.yaml")
    with pytest.raises(ConfigError, match=r"known: .*canonical"):
        find("scenarios", "zzz")
    with pytest.raises(ConfigError):
        find("scenarios", "nul\x00")
    assert "canonical" in names("scenarios")


def test_shipped_files_are_named_from_the_root() -> None:
    with pytest.raises(ConfigError, match=r"^configs/scenarios/canonical.yaml:"):
        read_yaml(find("scenarios", "canonical"), Plan)


def folder_with(tmp_path: Path, *people: str) -> Path:
    folder = tmp_path / "people"
    folder.mkdir()
    for who in people:
        write(folder, PERSONA.replace("id: priya", f"id: {who}"), f"{who}.md")
    return folder


def test_recipe_seats_a_persona_from_a_folder_and_a_file_over_it(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "priya", "rahul")
    mine = write(tmp_path, PERSONA.replace("You are Priya.", "You are somebody."), "mine.md")
    recipe = config.load_recipe(personas={"priya": mine}, personas_dir=folder)
    assert recipe.personas["priya"].prompt.startswith("You are somebody.")
    assert recipe.personas["rahul"].private_goal == "ship"
    assert recipe.personas["david"].private_goal != "ship"
    assert set(recipe.wordings) == {event.kind for event in recipe.scenario.events}


def test_recipe_refuses_wrong_people(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "priya")
    with pytest.raises(ConfigError, match=r"unknown person 'prya'; did you mean 'priya'\?"):
        config.load_recipe(personas={"prya": folder / "priya.md"})
    with pytest.raises(ConfigError, match=r"priya.md:2: this is the persona of 'priya', and cannot sit as 'rahul'"):
        config.load_recipe(personas={"rahul": folder / "priya.md"})
    with pytest.raises(ConfigError, match="no such file"):
        config.load_recipe(personas={"rahul": tmp_path / "gone.md"})
    with pytest.raises(ConfigError, match="no such folder"):
        config.load_recipe(personas_dir=tmp_path / "gone")
    write(folder, PERSONA, "pria.md")
    with pytest.raises(ConfigError, match=r"unknown person 'pria'; did you mean 'priya'\?"):
        config.load_recipe(personas_dir=folder)
    (folder / "priya.md").unlink()
    (folder / "pria.md").unlink()
    with pytest.raises(ConfigError, match="holds no persona files"):
        config.load_recipe(personas_dir=folder)
