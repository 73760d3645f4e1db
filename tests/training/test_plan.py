"""The dry run: the shipped Gemma configs resolve anywhere, sizes are sensible, every lack is one line and exit 2."""

from __future__ import annotations

import importlib.util
import json
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from work_life_firewall.training import backend_hub, plan
from work_life_firewall.training.plan import missing, resolved
from work_life_firewall.training.settings import load

from ..cli.terminal import Terminal

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore")]
GEMMAS = ("gemma2-9b-unsloth", "gemma3-4b-lora")


@pytest.fixture
def wlf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """`wlf(...)` runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Terminal(capsys, monkeypatch)


@pytest.fixture(autouse=True)
def nothing_installed_nothing_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network and no GPU, whatever machine this is."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: None)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)


def lacking(monkeypatch: pytest.MonkeyPatch, *gone: str, there: tuple[str, ...] = ()) -> None:
    """These modules are not installed, and those are."""
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        if name in there:
            return ModuleSpec(name, None)
        return None if name in gone else real(name, package)

    monkeypatch.setattr(plan, "find_spec", find_spec)


@pytest.mark.parametrize("name", GEMMAS)
def test_a_real_gemma_resolves_without_weights_gpu_or_network(wlf: Terminal, name: str, tmp_path: Path) -> None:
    ran = wlf("train", "--config", name, "--dry-run", "--json", "--out", tmp_path / "run")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (2, "")
    assert any("the hub cannot be reached" in line for line in found["missing"])
    assert any(line.startswith("device: ") for line in found["missing"])
    assert all("\n" not in line and len(line) < 220 for line in found["missing"])
    assert found["memory_mb"]["total"] > 5_000
    assert found["trained"] < found["parameters"] / 50
    assert found["libraries"]["peft"]
    assert not (tmp_path / "run").exists()
    told = wlf("train", "--config", name, "--dry-run")
    assert told.code == 2 and told.out.count("missing: ") == len(found["missing"])
    refused = wlf("train", "--config", name, "--out", tmp_path / "run")
    assert refused.code == 2 and "hub cannot be reached" in refused.complaint
    assert not (tmp_path / "run").exists()


def test_every_library_that_a_config_needs_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lacking(monkeypatch, "peft", "unsloth", "vllm", "bitsandbytes", "wandb", "trl")
    lines = missing(load("gemma2-9b-unsloth"), tmp_path)
    for name in ("trl", "peft", "unsloth", "vllm", "bitsandbytes"):
        assert any(line.startswith(f"{name} is not installed: ") and "pip install" in line for line in lines)
    assert any("tracker: wandb is not installed" in line for line in lines)
    assert any("constraints/unsloth.txt" in line for line in lines)


def test_a_gpu_config_on_a_machine_without_says_who_needs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lacking(monkeypatch, there=("unsloth", "vllm", "bitsandbytes", "wandb"))
    made = load("gemma2-9b-unsloth", ["device=auto"])
    assert "device: backend unsloth and generation vllm need an NVIDIA GPU and torch finds none" in missing(
        made, tmp_path
    )


def hub(monkeypatch: pytest.MonkeyPatch, error: Exception | None) -> None:
    """A hub that answers, and says this of a model."""

    def auth_check(*_: object) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.get_session", lambda: SimpleNamespace(head=lambda *_, **__: None))
    monkeypatch.setattr("huggingface_hub.HfApi", lambda: SimpleNamespace(auth_check=auth_check))


def http_error(name: str) -> Exception:
    """One of the hub's errors, without the HTTP answer it would carry."""
    from huggingface_hub import errors

    kind: Any = getattr(errors, name)
    return kind.__new__(kind)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("GatedRepoError", "gated; accept its terms"),
        ("RepositoryNotFoundError", "neither a folder here nor a model on the hub"),
        (None, None),
    ],
)
def test_what_the_hub_says_is_one_line(monkeypatch: pytest.MonkeyPatch, error: str | None, said: str | None) -> None:
    hub(monkeypatch, http_error(error) if error else None)
    why = backend_hub.why_not("google/gemma-3-4b-it")
    assert why is None if said is None else why is not None and said in why


def test_a_network_that_is_not_there_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def head(url: str, timeout: float) -> None:
        asked.append(url)
        raise ConnectionError("no route")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.get_session", lambda: SimpleNamespace(head=head))
    why = backend_hub.why_not("google/gemma-3-4b-it")
    assert why is not None and "cannot be reached" in why
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["runs/warmstart", "nowhere", "a/b/c", "/a/b", "../a"])
def test_paths_are_not_looked_up_on_the_hub(name: str) -> None:
    assert not backend_hub.on_hub(name)
    why = backend_hub.why_not(name)
    assert why is not None and "no model folder" in why


def test_a_full_disk_is_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10e9))
    (line,) = [line for line in missing(load("gemma2-9b-unsloth"), tmp_path) if "MB free" in line]
    assert "10000 MB free, checkpoints and the trained model want 2" in line  # 18.5 GB merged, and adapters
    assert not any("MB free" in line for line in missing(load("gemma2-9b-unsloth", ["lora={merge: false}"]), tmp_path))


def test_processes_that_cannot_share_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    assert "weeks_alive 16 cannot be shared by 3 processes; --set weeks_alive=N" in missing(
        load("gemma3-4b-lora"), tmp_path
    )
    assert resolved(load("gemma3-4b-lora"), tmp_path)["step"]["processes"] == "3"


def test_more_of_anything_takes_more_memory(tmp_path: Path) -> None:
    def total(*changes: str) -> int:
        return resolved(load("gemma3-4b-lora", changes), tmp_path)["memory_mb"]["total"]

    usual = total()
    assert total("load=4bit") < usual
    assert total("lora={rank: 64}") > usual
    assert total("optim.rows_per_pass=16") > usual
    assert total("weeks_alive=32") > usual
    assert total("credit=turn", "context=week") > total("credit=turn")


def test_the_backend_option_is_the_setting(wlf: Terminal) -> None:
    ran = wlf("train", "--config", "gemma2-9b-unsloth", "--backend", "hf", "--dry-run", "--json")
    assert json.loads(ran.out)["settings"]["backend"] == "hf"
    slip = wlf("train", "--config", "gemma2-9b-unsloth", "--backend", "usloth", "--dry-run")
    assert slip.code == 2 and "'hf' or 'unsloth'" in slip.complaint
