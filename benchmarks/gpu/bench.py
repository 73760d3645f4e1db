"""Two measurements that want an NVIDIA GPU: a Gemma of tens of millions of parameters trained, and a 9B's speed.

small: warm start, GRPO with fork credit, then the table's figures on test weeks, untrained and careful beside it.
nine: a Gemma2 of the 9B's shape with random weights and LoRA: full GRPO steps of whole weeks (episode credit), or of
single decisions (fork credit): weeks an hour, memory, tokens a second.

`--toy` does both with next to nothing, on a CPU in under two minutes: it shows that they run, and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import warnings
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any, Literal

import torch
from datasets import Dataset
from transformers import Gemma2Config, Gemma2ForCausalLM, PrinterCallback
from transformers.utils import logging

from work_life_firewall.agents.hf import InstructedTurns, ModelNotes
from work_life_firewall.agents.prompt import compact
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.twin_runs import run_twins
from work_life_firewall.training import tokenizer as tokenizers
from work_life_firewall.training import warm_config, warmstart
from work_life_firewall.training.backend import Loaded, begin
from work_life_firewall.training.backend_shape import PUBLISHED, Shape
from work_life_firewall.training.batch import Batch
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.lora import lora_config
from work_life_firewall.training.run import make_rollout, train
from work_life_firewall.training.settings import TrainSettings, changed, load
from work_life_firewall.training.trainer import WeekTrainer, grpo_config
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.scenario import Split
from work_life_firewall.world.view import observe

SEEDS_RATE = 500
"""Weeks an hour that the idea's authors name for an A100."""
NINE = PUBLISHED["google/gemma-2-9b-it"]
TOY = Shape(layers=2, hidden=32, intermediate=64, heads=2, kv_heads=1, head_dim=16, vocab=2_000)
WARM = (
    "model.hidden=512",
    "model.intermediate=1536",
    "model.layers=8",
    "model.heads=8",
    "model.kv_heads=4",
    "model.head_dim=64",
    "model.vocabulary=8192",
)
"""29 M parameters."""
STAGES = {
    "warmstart-no-preference": ("optim.lr=3e-3", "optim.muon_lr=0.02"),
    "warmstart": ("optim.lr=1e-3", "optim.muon_lr=0.005"),
}
"""The warm starts that a run begins from, each made on the one before, and how fast they learn.

The rates are lower than the small one's, as is usual for wider models, and tuned by nobody.
"""
TOY_WARM = (
    "model.hidden=32",
    "model.intermediate=64",
    "model.layers=2",
    "model.heads=2",
    "model.kv_heads=1",
    "model.head_dim=16",
    "model.vocabulary=600",
    "data.primer_weeks=1",
    "data.turn_weeks=1",
    "data.led_weeks=0",
    "data.opening_weeks=1",
    "data.lesson_weeks=0",
    "data.week_weeks=1",
    "threads=1",
    "sample.weeks=0",
    "sample.max_new_tokens=12",
)
TOY_TRAIN = (
    "weeks_alive=1",
    "replies=2",
    "steps=2",
    "sampling.max_new_tokens=4",
    "keep.checkpoint_every=0",
    "threads=1",
)
Credit = Literal["episode", "fork"]


def small(out: Path, device: str, toy: bool, weeks: int, twins: int, steps: int) -> dict[str, Any]:
    """Warm start, GRPO and the table's figures of a Gemma of tens of millions of parameters."""
    split: Split = "validation" if toy else "test"  # test weeks are for tables
    begun = perf_counter()
    warm = _warmed(out, device, toy)
    warmed = perf_counter() - begun
    changes = [
        f"model={warm.folder}",
        _device(device),
        f"steps={steps}",
        "optim.lr=1e-4",
    ]
    settings = load("fork", [*changes, *(TOY_TRAIN if toy else ())])
    lines: list[dict[str, Any]] = []
    begun = perf_counter()
    done = train(settings, TrainFolder(out / "grpo", settings, resume=False), lines.append)
    return {
        "parameters": warm.figures["parameters"],
        "warmstart_seconds": round(warmed, 1),
        "grpo": {
            "steps": done.steps,
            "ended": done.why or "done",
            "seconds": round(perf_counter() - begun, 1),
            **_shares(lines),
        },
        "policies": {
            "untrained": _table(f"hf:{warm.folder}", out / "play-untrained", split, weeks, twins),
            "trained": _table(f"hf:{out / 'grpo' / 'final'}", out / "play-trained", split, weeks, twins),
            "careful": _table("careful", out / "play-careful", split, weeks, twins),
        },
    }


def _warmed(out: Path, device: str, toy: bool) -> warmstart.Warm:
    """The last warm start of the chain."""
    changes = TOY_WARM if toy else WARM
    made: list[warmstart.Warm] = []
    # The warm start is written for a CPU and makes its tensors on the default device.
    with torch.device(device):
        for stage, rates in STAGES.items():
            base = made[-1].folder if made else "null"
            config = changed(warm_config.load(stage), [*changes, *rates, f"base={base}"])
            made.append(warmstart.run(config, out / stage))
    return made[-1]


def _table(policy: str, out: Path, split: Split, weeks: int, twins: int) -> dict[str, Any]:
    """The cells of the training table for one policy, each with its interval."""
    job = Job(Setup(), policy, split, weeks, concurrency=min(weeks, 64))
    run_job(job, out)
    figures = run_twins(job, out, twins)["all"]
    return {
        "total": figures["total"],
        "boundary_setting": figures["components"]["boundary_setting"],
        **{key: figures[key] for key in ("sprint_delivered", "friday_energy", "evening_energy", "min_trust", "twins")},
    }


def nine(out: Path, device: str, toy: bool, credit: Credit, alive: int, steps: int) -> dict[str, Any]:
    """Speed and memory of full GRPO steps of a 9B-shaped Gemma2 with random weights and adapters."""
    settings = nine_settings(device, toy, credit, alive, steps)
    loaded = random_gemma2(TOY if toy else NINE, device)
    rollout = make_rollout(settings, loaded)
    seen: list[dict[str, float]] = []

    def on_step(_number: int, batch: Batch, _logs: dict[str, float], seconds: float) -> bool:
        tally = batch.tally
        rows = sum(len(row.prompt) + len(row.completion) for row in batch.rows)
        parts = {"generation": tally.generation, "world": tally.world, "rows_tokens": rows}
        seen.append({"seconds": seconds, **parts, "replies": tally.replies, "tokens": tally.tokens})
        return True

    trainer = WeekTrainer(
        settings,
        rollout,
        on_step,
        lambda _: None,
        model=loaded.model,
        args=grpo_config(settings, out / "nine", steps),
        train_dataset=Dataset.from_dict({"prompt": ["week"] * (settings.weeks_alive * steps)}),
        processing_class=loaded.tokenizer,
        peft_config=lora_config(settings.lora) if settings.lora else None,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return {"parameters": sum(one.numel() for one in loaded.model.parameters()), **_rates(seen[1:], settings)}


def nine_settings(device: str, toy: bool, credit: Credit, alive: int, steps: int) -> TrainSettings:
    """A step of `alive` states or seeds; rows of whole weeks are computed again on the way back, to fit."""
    whole = credit == "episode"
    changes = [
        "model=random",
        "load=bfloat16",
        "lora={rank: 16, alpha: 32}",
        f"device={'gpu' if device == 'cuda' else 'cpu'}",
        "optim.lr=2e-5",
        f"weeks_alive={alive}",
        "optim.rows_per_pass=8",
        f"context={'week' if whole else 'turn'}",
        f"optim.recompute={'true' if whole else 'false'}",
        "keep.checkpoint_every=0",
    ]
    return load(credit, [*changes, *((*TOY_TRAIN, "optim.rows_per_pass=2") if toy else ()), f"steps={steps}"])


def _device(device: str) -> str:
    return "device=gpu" if device == "cuda" else "device=cpu"


def random_gemma2(shape: Shape, device: str) -> Loaded:
    """A Gemma2 of a shape with random weights in bfloat16, and a tokenizer of ours; ids that it lacks are no text."""
    recipe = Setup().recipe()
    texts = [compact(observe(start(generate(recipe, seed)))) for seed in range(200)]
    tokenizer = tokenizers.train(texts, min(4_096, shape.vocab // 2), 8_192)
    sizes: dict[str, Any] = {
        "vocab_size": shape.vocab,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim,
    }
    marks: dict[str, Any] = {
        f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "bos", "eos")
    }
    config = Gemma2Config(**sizes, **marks)
    torch.manual_seed(0)
    with torch.device(device):
        # A CPU is slow at bfloat16.
        dtype = torch.bfloat16 if device == "cuda" else torch.float32
        model = Gemma2ForCausalLM._from_config(config, dtype=dtype, attn_implementation="eager")
    return Loaded(model, tokenizer, InstructedTurns(tokenizer, ""), Path(), ModelNotes())


def _shares(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Seconds a step and what they went to, and tokens a second."""
    parts = ("total", "generation", "world", "update")
    seconds = {part: round(fmean(line["seconds"][part] for line in lines), 3) for part in parts}
    return {
        "seconds_a_step": seconds,
        "tokens_a_second": round(fmean(line["tokens_per_second"] or 0 for line in lines)),
    }


def _rates(seen: list[dict[str, float]], settings: TrainSettings) -> dict[str, Any]:
    """Means over the steps after the first, which pays for every warm-up."""
    mean = {key: fmean(one[key] for one in seen) for key in seen[0]}
    seconds = {key: mean[key] for key in ("seconds", "generation", "world")}
    update = seconds["update"] = mean["seconds"] - mean["generation"] - mean["world"]
    hourly = 3600 / mean["seconds"]
    whole = settings.credit == "episode"
    return {
        "credit": settings.credit,
        "rows_a_step": settings.rows,
        "steps": len(seen),
        "seconds_a_step": {key: round(mean[key], 3) for key in ("seconds", "generation", "world")}
        | {"update": round(update, 3)},
        # A week is one that the policy played from Monday to Friday; a fork's reply is one decision of it.
        "weeks_an_hour": round(settings.rows * hourly, 1) if whole else None,
        "seeds_weeks_an_hour": SEEDS_RATE if whole else None,
        "replies_an_hour": round(mean["replies"] * hourly),
        "tokens_a_second": {
            "generated": round(mean["tokens"] / mean["generation"], 1),
            "updated": round(mean["rows_tokens"] / update, 1),
        },
        "peak_memory_gb": round(_peak(), 2),
    }


def _peak() -> float:
    """The GPU's, or this process's where there is none, in GB."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def machine() -> dict[str, Any]:
    """What was measured on."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    libraries = {name: version(name) for name in ("torch", "transformers", "trl", "peft", "accelerate")}
    return {"gpu": gpu, "python": platform.python_version(), "libraries": libraries}


def main() -> None:
    """Run the parts that were asked for, and write gpu.json after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("small", "nine", "both"), default="both")
    parser.add_argument("--toy", action="store_true", help="next to nothing, to see that it runs")
    parser.add_argument("--out", type=Path, required=True, help="a folder for runs and gpu.json")
    parser.add_argument("--credit", choices=("episode", "fork"), default="episode", help="of nine")
    parser.add_argument(
        "--alive", type=int, default=4, help="of nine: seeds (episode) or states (fork) a step, times 8"
    )
    parser.add_argument("--nine-steps", type=int, default=4, help="of nine, the first left out")
    parser.add_argument("--steps", type=int, default=150, help="of small")
    parser.add_argument("--weeks", type=int, default=200, help="test weeks of small")
    parser.add_argument("--twins", type=int, default=100, help="pairs of small")
    given = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu" and not given.toy:
        parser.error("there is no GPU here; --toy shows that it runs")
    if given.out.exists() and any(given.out.iterdir()):
        parser.error(f"{given.out} already holds files")
    given.out.mkdir(parents=True, exist_ok=True)
    begin("hf")
    if given.toy:
        torch.set_num_threads(1)
    logging.set_verbosity_error()
    warnings.simplefilter("ignore")  # TRL and transformers warn about choices that are made here on purpose
    found: dict[str, Any] = {"toy": given.toy, "machine": machine()}
    if given.part in ("nine", "both"):
        steps = 2 if given.toy else given.nine_steps
        found["nine"] = nine(given.out, device, given.toy, given.credit, given.alive, steps)
        _write(given.out, found)
    if given.part in ("small", "both"):
        weeks, twins, steps = (2, 1, 2) if given.toy else (given.weeks, given.twins, given.steps)
        found["small"] = small(given.out, device, given.toy, weeks, twins, steps)
        _write(given.out, found)
    print(json.dumps(found, indent=1))


def _write(out: Path, found: Mapping[str, Any]) -> None:
    part = out / "gpu.part"
    part.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    shutil.move(part, out / "gpu.json")


if __name__ == "__main__":
    main()
