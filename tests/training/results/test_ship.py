"""The checkpoint that ships: half the bytes, nearly the same numbers, its card, and the policy that plays it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from work_life_firewall.agents import weights as seats
from work_life_firewall.agents.registry import UnknownPolicy, build
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.training import warm_config
from work_life_firewall.training.backend_hub import found
from work_life_firewall.training.results.markdown import NAMES
from work_life_firewall.training.results.players import mark
from work_life_firewall.training.results.ship import ship_run
from work_life_firewall.training.settings import load
from work_life_firewall.training.warm_config import MADE

from ..tiny import tiny_folder

for needed in ("torch", "transformers"):
    pytest.importorskip(needed)

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished training run, as far as its files go."""
    folder = tmp_path_factory.mktemp("runs") / "s0"
    tiny_folder(folder / "final")
    settings = load("fork", [f"model={folder.parent / 'start'}", "seed=7"]).plain()
    (folder / "config.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    seconds = {"total": 6.0, "generation": 3.0, "world": 1.0, "update": 2.0}
    lines = [{"step": step, "seconds": seconds, "tokens_per_second": 100.0} for step in range(1, 12)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_half_the_bytes_and_full_precision_when_loaded(run: Path, tmp_path: Path) -> None:
    import torch

    from work_life_firewall.training.model import load as load_model

    made = ship_run(run, tmp_path / "checkpoint")
    before, after = (folder / "model.safetensors" for folder in (run / "final", made.folder))
    assert after.stat().st_size < 0.6 * before.stat().st_size
    assert made.rounding < 1e-3
    assert made.size == sum(file.stat().st_size for file in made.folder.iterdir())
    (whole, tokenizer), (half, _) = load_model(run / "final"), load_model(made.folder)
    assert {weight.dtype for weight in half.parameters()} == {torch.float32}
    assert made.parameters == sum(weight.numel() for weight in half.parameters())
    ids = tokenizer("Please take staging back.", return_tensors="pt").input_ids
    with torch.inference_mode():
        torch.testing.assert_close(whole(ids).logits, half(ids).logits, atol=5e-3, rtol=0)


def test_the_card_tells_the_runs_own_figures(run: Path, tmp_path: Path) -> None:
    figure = {"mean": 0.712345, "low": 0.7, "high": 0.72, "n": 4}

    figures = {name: dict.fromkeys(NAMES, figure) for name in ("untrained", "s0", "careful")}
    told = {
        "command": "wlf train table runs/s0",
        "split": "test",
        "weeks": 4,
        "seeds": [200000, 200003],
        "versions": {"world": "w"},
        "players": [{"name": "s0", "files": mark(run / "final")}],
        "figures": figures,
    }
    table = tmp_path / "table.json"
    table.write_text(json.dumps(told))
    text = (ship_run(run, tmp_path / "checkpoint", table).folder / "MODEL_CARD.md").read_text()
    assert "seed 7, 11 steps of 256 rows" in text
    assert "6.0 s a step" in text
    assert "    wlf train table runs/s0\n" in text
    assert "| twins: pair accuracy | 0.712 [0.700, 0.720] | 0.712 [0.700, 0.720] |" in text
    assert str(tmp_path) not in text and str(run.parent) not in text
    told["players"] = [{"name": "s0", "files": "0" * 12}]
    table.write_text(json.dumps(told))
    with pytest.raises(UsageError, match="no column was played with these weights"):
        ship_run(run, tmp_path / "other", table)
    assert not (tmp_path / "other").exists()


def test_what_cannot_be_shipped_leaves_nothing(run: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    out = ship_run(run, tmp_path / "checkpoint").folder
    with pytest.raises(UsageError, match="replace it with --force"):
        ship_run(run, out)
    assert ship_run(run, out, force=True).folder == out
    broken = tiny_folder(tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    name = next(iter(weights))
    save_file({**weights, name: torch.full_like(weights[name], 1e6)}, broken / "model.safetensors", {"format": "pt"})
    before = (out / "model.safetensors").read_bytes()
    with pytest.raises(UsageError, match="half precision cannot hold"):
        ship_run(broken, out, force=True)
    assert (out / "model.safetensors").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "checkpoint"]
    (broken / "wlf.json").unlink()
    with pytest.raises(UsageError, match=r"without wlf\.json"):
        ship_run(broken, tmp_path / "other")


def test_trained_plays_the_shipped_folder(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "SHIPPED", tmp_path)
    with pytest.raises(UnknownPolicy, match="wlf train ship RUN") as caught:
        build("trained")
    assert "\n" not in str(caught.value)
    ship_run(run, tmp_path / "trained")
    assert type(build("trained", 3)).__name__ == "HFProtagonist"


def test_a_warm_start_ships_with_how_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tiny_folder(tmp_path / "runs" / "tiny")
    config = warm_config.load("warmstart").model_dump(by_alias=True) | {"base": str(tmp_path / "base")}
    figures = {"tokens": 1234, "cpu_seconds": {"all": 5.0}}
    (source / MADE).write_text(json.dumps({"config": config, "figures": figures}), encoding="utf-8")
    monkeypatch.setattr(seats, "SHIPPED", tmp_path)
    told = (ship_run(source, tmp_path / "pleaser").folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "`wlf train warmstart` from `base`" in told
    assert "1,234 tokens" in told
    assert str(tmp_path) not in told
    assert "How it was trained" not in told
    assert type(build("hf:pleaser", 3)).__name__ == "HFProtagonist"
    assert found("pleaser") == tmp_path / "pleaser"
    assert found("nobody") is None
