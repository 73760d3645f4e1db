"""Model files: what ships is valid, what is wrong is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.agents.chat.model_config import load_model
from work_life_firewall.config import ConfigError, names

GOOD = "schema: 1\nbase_url: http://127.0.0.1:1/v1\nmodel: m\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", names("models"))
def test_shipped_models(name: str) -> None:
    assert load_model(name).base_url.endswith("/v1")


@pytest.mark.parametrize(
    ("text", "band"), [("band: off", None), ("band: null", None), ("band: 2", 2), ("band: 'off'", None)]
)
def test_band(tmp_path: Path, text: str, band: int | None) -> None:
    assert load_model(write(tmp_path, GOOD + text)).band == band


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key: abc", "unknown key 'key'"),
        ("api_key: abc", "unknown key 'api_key'"),
        ("retires: 1", "did you mean 'retries'?"),
        ("band: 9", "band"),
        ("output: json", "output"),
        ("key_env: sk-12345-not-a-name", "key_env"),
        ("timeout_s: 0", "timeout_s"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_model(write(tmp_path, GOOD + text))
    assert said in str(caught.value)
    assert "m.yaml" in str(caught.value)


def test_cassette_mode_off(tmp_path: Path) -> None:
    made = load_model(write(tmp_path, GOOD + "cassette: {file: x.db, mode: off}"))
    assert made.cassette is not None
    assert made.cassette.mode == "off"
