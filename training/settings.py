"""What a GRPO run is made from: model, credit, weeks, optimiser; `configs/training/*.yaml`. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from ..config import ConfigError, find, near_miss, read_yaml
from ..world.frozen import SCHEMA, Frozen
from .setting_blocks import (
    Backend,
    Count,
    Credit,
    ExploreSettings,
    KeepSettings,
    Load,
    OptimSettings,
    Positive,
    RewardSettings,
    SampleSettings,
    Scale,
    Share,
    StopSettings,
    VllmSettings,
    WeeksSettings,
)
from .setting_blocks import LoraSettings as LoraSettings
from .setting_blocks import Precision as Precision

M = TypeVar("M", bound=Frozen)


class TrainSettings(Frozen):
    """A whole GRPO run; the same settings on the same machine give the same curve.

    model: a folder in the Hugging Face format. threads: torch's, on a CPU; sums come out a little differently with
    another number. precision: of the products of matrices in updates and single replies of a small model on a CPU.
    credit: what a group compares (`training/credit.py`). context: what the model sees at a decision, that one alone or
    the week so far (turn, episode). weeks_alive: live weeks (fork), or seeds a step (turn, episode). replies: group
    size, 2 or more. candidates: replies drawn to a state, of which the group keeps those that differ most (fork; 0: as
    many as replies). negative: weight of advantages under 0 (fork; 0: only what earned more than the rest is learned
    from). gamma: discount of later rewards (turn). scale: what advantages are divided by. tracker: who else hears of
    the metrics.

    model may also be a name on the Hugging Face hub. backend: which library loads and trains it. load: the numbers that
    its weights are kept in; lora: adapters in their place. generation: the model itself, or vLLM beside it on the GPU.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    model: str
    backend: Backend = "hf"
    load: Load = "float32"
    lora: LoraSettings | None = None
    generation: Literal["local", "vllm"] = "local"
    vllm: VllmSettings = VllmSettings()
    device: Literal["cpu", "gpu", "auto"] = "cpu"
    threads: Positive = 2
    precision: Precision = "float32"
    seed: Count = 0
    steps: Positive = 150
    credit: Credit = "fork"
    context: Literal["turn", "week"] = "turn"
    weeks_alive: Positive = 32
    replies: Annotated[int, Field(ge=2)] = 8
    candidates: Count = 0
    negative: Share = 1.0
    explore: ExploreSettings | None = None
    gamma: Share = 0.9
    scale: Scale = "batch"
    weeks: WeeksSettings = WeeksSettings()
    reward: RewardSettings = RewardSettings()
    sampling: SampleSettings = SampleSettings()
    optim: OptimSettings = OptimSettings()
    stop: StopSettings = StopSettings()
    keep: KeepSettings = KeepSettings()
    tracker: Literal["none", "wandb", "trackio"] = "none"

    @model_validator(mode="after")
    def _group_fits(self) -> TrainSettings:
        if (self.candidates or self.explore) and self.credit != "fork":
            raise ValueError("candidates and explore are of one state: credit must be fork")
        if self.weeks.server and self.credit == "fork":
            raise ValueError("weeks.server: fork needs exact states, which no server hands out; credit turn or episode")
        if self.context == "week" and self.credit == "fork":
            raise ValueError("context week is for whole weeks: credit must be turn or episode")
        if 0 < self.candidates < self.replies:
            raise ValueError(f"candidates {self.candidates} cannot fill a group of {self.replies} replies")
        return self

    @model_validator(mode="after")
    def _backend_fits(self) -> TrainSettings:
        if self.lora is None and (self.load != "float32" or self.backend == "unsloth"):
            what = "backend unsloth" if self.backend == "unsloth" else f"load {self.load}"
            raise ValueError(f"{what} trains adapters only: give a lora block (lora: {{rank: 16}})")
        if self.backend == "unsloth" and self.load == "float32":
            raise ValueError("backend unsloth loads bfloat16 or 4bit: say which with load")
        if self.decisions and (self.backend == "unsloth" or self.optim.recompute):
            what = "backend unsloth" if self.backend == "unsloth" else "optim.recompute"
            raise ValueError(f"{what} reads a row as one text, credit {self.credit} with it needs context week")
        for key, value in (("backend", self.backend), ("generation", self.generation)):
            if self.device == "cpu" and value in ("unsloth", "vllm"):
                raise ValueError(f"{key} {value} needs a GPU: set device to gpu")
        return self

    @model_validator(mode="after")
    def _updates_fit(self) -> TrainSettings:
        if self.lora and self.optim.muon_lr:
            raise ValueError("optim.muon_lr is for whole weights: leave it 0 with lora")
        parts = self.optim.updates
        if parts > 1 and (self.weeks_alive % parts or self.optim.rows_per_pass or self.optim.iterations > 1):
            raise ValueError(
                f"updates {parts} must divide weeks_alive, and goes with neither rows_per_pass nor iterations"
            )
        return self

    @model_validator(mode="after")
    def _passes_fit(self) -> TrainSettings:
        rows, step = self.optim.rows_per_pass, self.rows
        if rows and (rows > step or step % rows or rows % self.group):
            raise ValueError(f"rows_per_pass {rows} must divide the {step} rows of a step and hold whole groups")
        return self

    @property
    def group(self) -> int:
        """Rows that are compared with each other, those of the explorer included."""
        return self.replies + (self.explore.keep if self.explore else 0)

    @property
    def rows(self) -> int:
        """Replies (fork) or weeks (turn, episode) in one step."""
        return self.weeks_alive * self.group

    @property
    def decisions(self) -> bool:
        """Whether a row is a week of decisions, each of which the model sees alone."""
        return self.credit != "fork" and self.context == "turn"

    def plain(self) -> dict[str, Any]:
        """The settings as they stand in config.yaml."""
        return self.model_dump(mode="json", by_alias=True)


def load(name: str | Path, changes: Sequence[str] = ()) -> TrainSettings:
    """The settings of a file or of a name in configs/training, with `--set` changes. Raises ConfigError."""
    settings = read_yaml(find("training", name), TrainSettings)
    return changed(settings, changes) if changes else settings


def changed(settings: M, changes: Sequence[str]) -> M:
    """Any settings with "key.inner=value" changes; values are YAML. Raises ConfigError with the near miss."""
    data = settings.model_dump(mode="json", by_alias=True)
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals:
            raise ConfigError("--set", None, f"{change!r}: write KEY=VALUE, such as optim.lr=3e-4")
        _put(data, path.strip(), _value(change, text))
    try:
        return type(settings).model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError("--set", None, f"{where}: {first['msg']}" if where else first["msg"]) from None


def _value(change: str, text: str) -> Any:  # noqa: ANN401 - any YAML value
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ConfigError("--set", None, f"{change!r}: {text!r} is no YAML value") from None
    # YAML 1.1 takes 3e-4 for a word.
    return _number(value) if isinstance(value, str) else value


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _put(data: dict[str, Any], path: str, value: object) -> None:
    """Set a dotted key that exists. Raises ConfigError."""
    parts = path.split(".")
    inner: Mapping[str, Any] = data
    for place, part in enumerate(parts):
        if not isinstance(inner, dict) or part not in inner:
            known = list(inner) if isinstance(inner, dict) else []
            hint = near_miss(part, known) or (f"known: {', '.join(known)}" if known else "it has no keys")
            raise ConfigError("--set", None, f"unknown key {'.'.join(parts[: place + 1])!r}", hint)
        if place + 1 == len(parts):
            inner[part] = value
        else:
            inner = inner[part]
