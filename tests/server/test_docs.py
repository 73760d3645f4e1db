"""Every Python block of docs/openenv.md runs as it stands, against a live server at the address it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from work_life_firewall.server.limits import PREFIX, Limits
from work_life_firewall.server.options import ResetOptions

from .live import Live
from .weeks import YES

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).parents[2] / "docs" / "openenv.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.S)


class Words:
    """A tokenizer of characters."""

    def apply_chat_template(self, chat: list[dict[str, str]], **options: object) -> list[int]:
        return [ord(letter) for letter in chat[-1]["content"]]

    def decode(self, ids: list[int], skip_special_tokens: bool) -> str:
        return "".join(map(chr, ids))


class Trainer:
    """What a rollout function asks of TRL's trainer."""

    processing_class = Words()

    def _generate_single_turn(self, prompts: list[list[int]], *rest: object, num_generations: int) -> tuple[Any, None]:
        return [[ord(letter) for letter in YES] for _ in prompts], None


def test_the_page_has_a_block_for_each_way() -> None:
    ways = ("From the OpenEnv client", "From a plain WebSocket", "From TRL", "From a harness", "In one process")
    for way in ways:
        assert "```python" in PAGE.split(f"## {way}\n")[1].split("\n## ")[0], way
    assert len(BLOCKS) == len(ways) + 1


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_runs(live: Live, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    code = BLOCKS[number].replace("127.0.0.1:8000", f"127.0.0.1:{live.port}")
    names: dict[str, Any] = {}
    exec(compile(code, f"docs/openenv.md block {number}", "exec"), names)
    if "one_week" in names:
        rows: dict[str, Any] = names["rollout"](["3", "3"], Trainer())
        assert rows["week_reward"][0] == rows["week_reward"][1] != 0
        assert [len(ids) for ids in rows["completion_ids"]] == [len(mask) for mask in rows["env_mask"]]
        assert sum(rows["env_mask"][0]) % len(YES) == 0
        assert names["reward"]([], **{"week_reward": rows["week_reward"]}) == rows["week_reward"]
    else:
        assert capsys.readouterr().out.strip()


def test_settings_of_the_page_are_the_settings() -> None:
    named = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", PAGE))
    assert named == {PREFIX + name.upper() for name in Limits.model_fields}


def test_arguments_of_the_page_are_the_arguments() -> None:
    table = PAGE.split("**Reset** takes")[1].split("\n\n")[1]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])}
    assert named == set(ResetOptions.model_fields)
