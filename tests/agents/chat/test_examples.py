"""Prompt files with examples: what is read from them, what goes over the wire, and what is said of a broken one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from work_life_firewall.agents.chat.examples import Example, Guide, load_guide
from work_life_firewall.agents.chat.pool import Chats
from work_life_firewall.agents.chat.prompts import load_prompt
from work_life_firewall.agents.llm import ASKED, PROMPT
from work_life_firewall.agents.prompt import render
from work_life_firewall.agents.registry import build
from work_life_firewall.config import ConfigError

from ...support.fault_server import FaultServer
from ...support.models import model_file
from ..conftest import Observe

FRONT = "---\nschema: 1\nid: mine\n---\n"
GOOD = FRONT + (
    "You are Arjun.\n\n## Notes\nAlways kind.\n\n"
    "## Example: first\n\n### Moment\nMon 09:00 - slack\n\nHelp?\n### Reply\nYes, by noon.\n"
    "## Example\n### Moment\nTue\n### Reply\nIGNORE\n"
)


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_instructions_and_examples(tmp_path: Path) -> None:
    assert load_guide(write(tmp_path, GOOD)) == Guide(
        "You are Arjun.\n\n## Notes\nAlways kind.",
        (Example("Mon 09:00 - slack\n\nHelp?", "Yes, by noon."), Example("Tue", "IGNORE")),
    )


def test_a_prompt_without_examples_is_its_words() -> None:
    assert load_guide(PROMPT) == Guide(load_prompt(PROMPT), ())


def test_the_shipped_examples_are_moments_as_they_are_shown(observe: Observe) -> None:
    shown = load_guide("protagonist_examples")
    assert shown.words.startswith(load_prompt(PROMPT).rpartition("\n")[0])
    assert len(shown.examples) == 3
    headings = ("Subject: ", "Waiting for your answer: ", "Calendar:", "You feel ")
    for text in (*(example.moment for example in shown.examples), render(observe("leave"))):
        assert all(heading in text for heading in headings)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("## Example\n### Moment\na\n### Reply\nb\n", 5, "no instructions before the first example"),
        (
            "Hi.\n## Example: x\n### Moment\na\n",
            6,
            "'## Example: x' must have one '### Moment' and then one '### Reply'",
        ),
        ("Hi.\n## Example\n### Reply\na\n### Moment\nb\n", 6, "must have one '### Moment' and then one '### Reply'"),
        ("Hi.\n## Example\n### Moment\n\n### Reply\nb\n", 7, "nothing below '### Moment'"),
        ("Hi.\n## Example\n### Moment\na\n### Replay\nb\n", 9, "did you mean '### Reply'?"),
        ("Hi.\n## Example\n### Moment\na\n### Reply\nb\n## Notes\nc\n", 11, "unknown heading '## Notes'"),
        ("Hi.\n## Example\nMon 9:00\n### Moment\na\n### Reply\nb\n", 6, "text between '## Example'"),
        ("", 5, "no text below the front matter"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, FRONT + text)
    with pytest.raises(ConfigError) as caught:
        load_guide(path)
    assert (caught.value.line, caught.value.file) == (line, str(path))
    assert said in str(caught.value)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert len(load_guide(write(tmp_path, GOOD)).examples) == 2
    assert load_guide(write(tmp_path, FRONT + "Only words.")) == Guide("Only words.", ())


@pytest.mark.parametrize("prompt", ["", "@file"])
def test_examples_go_over_the_wire_as_earlier_turns(tmp_path: Path, observe: Observe, prompt: str) -> None:
    moment = observe("leave")
    with FaultServer() as server:
        server.keep_bodies = True
        told = f"@{write(tmp_path, GOOD)}" if prompt else ""
        asyncio.run(build(f"llm:{model_file(tmp_path, server.url)}{told}", 0, Chats()).reply(moment))
    sent = [(message["role"], message["content"]) for message in server.bodies[0]["messages"]]
    guide = load_guide(tmp_path / "mine.md" if prompt else PROMPT)
    turns = [(("user", shown.moment + ASKED), ("assistant", shown.reply)) for shown in guide.examples]
    assert len(turns) == (2 if prompt else 0)
    assert sent == [
        ("system", guide.words),
        *(message for turn in turns for message in turn),
        ("user", render(moment) + ASKED),
    ]


def test_an_unknown_prompt_has_a_near_miss(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'protagonist_examples'"):
        build(f"llm:{model_file(tmp_path, 'http://127.0.0.1:9/v1')}@protagonist_exampels", 0, Chats())
