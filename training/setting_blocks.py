"""The blocks of a GRPO run's settings, each with its keys and their ranges. Knows no torch."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from ..world.frozen import Frozen
from ..world.generator import FIRST_SEED, SEEDS_A_SPLIT
from ..world.scenario import Split
from ..world.scoring import WEIGHTS

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Weight = Annotated[float, Field(ge=0.0)]
Rate = Annotated[float, Field(gt=0.0)]
Credit = Literal["fork", "turn", "episode"]
Scale = Literal["batch", "group", "none"]
Precision = Literal["float32", "bfloat16"]
"""Of the products of matrices; float32 is exact, bfloat16 twice as fast on a CPU with AMX and slow on one without."""
Backend = Literal["hf", "unsloth"]
Load = Literal["float32", "bfloat16", "4bit"]
Component = Literal[
    "technical_resolution",
    "communication_quality",
    "boundary_setting",
    "energy_to_friday",
    "relationship_preservation",
]


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(character.isspace() for character in url):
        raise ValueError(f"{url!r} is no address of a server, such as http://127.0.0.1:8000")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
"""Of an OpenEnv server."""


class WeeksSettings(Frozen):
    """Which weeks are trained on.

    seeds: how many training seeds from `first_seed` on are gone through, again from the first when they run out (1:
    one frozen week). scenario and coworkers are as `wlf run` takes them. server: where the weeks are played, an OpenEnv
    server that was started with these coworkers (whole weeks only; None: in this process).
    """

    split: Split = "train"
    first_seed: Count = 0
    seeds: Positive = 20_000
    scenario: str = "canonical"
    coworkers: str = "scripted"
    server: Address | None = None

    @model_validator(mode="after")
    def _of_the_split(self) -> WeeksSettings:
        start, last = FIRST_SEED[self.split], self.first_seed + self.seeds - 1
        if self.first_seed < start or last >= start + SEEDS_A_SPLIT:
            raise ValueError(
                f"seeds {self.first_seed} to {last} are not all of split {self.split}, "
                f"{start} to {start + SEEDS_A_SPLIT - 1}"
            )
        return self


class RewardSettings(Frozen):
    """What is maximised: the weighted score without the components named in `without` (an ablation)."""

    without: tuple[Component, ...] = ()

    def weights(self) -> tuple[float, ...]:
        """The weight of every component, in the rubric's order; they add up to 1 unless some are left out."""
        return tuple(
            0.0 if name in self.without else weight for name, weight in zip(WEIGHTS._fields, WEIGHTS, strict=True)
        )


class SampleSettings(Frozen):
    """How replies are drawn while training. max_new_tokens: of one reply; temperature over 0.

    played: the temperature that the notes of the trained model say it plays at; 0 keeps those of the model it began as.
    """

    max_new_tokens: Positive = 80
    temperature: Rate = 1.0
    top_p: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    played: Weight = 0.0


class OptimSettings(Frozen):
    """How weights move. lr: the peak; warmup: steps; clip: norm of the gradient; epsilon: clip of the policy ratio.

    muon_lr: of Muon on the matrices inside the layers of a small model; 0: AdamW there too.

    beta: weight of the KL divergence from the warm start; entropy: weight of the entropy bonus, nats.
    iterations: updates on the same replies; updates: on a part of a step's groups each. loss: TRL's name.
    rows_per_pass: rows held in memory at once (0: all).
    recompute: keep a layer's input only, compute the rest again on the way back; a group's prompt is then read G times.
    """

    lr: Rate = 5e-4
    muon_lr: Weight = 0.0
    schedule: Literal["constant", "linear", "cosine"] = "constant"
    warmup: Count = 3
    clip: Rate = 1.0
    beta: Weight = 0.02
    entropy: Weight = 0.0
    epsilon: Rate = 0.2
    epsilon_high: Rate = 0.28
    iterations: Positive = 1
    updates: Positive = 1
    loss: Literal["dapo", "grpo", "dr_grpo", "bnpo"] = "dapo"
    weight_decay: Weight = 0.0
    rows_per_pass: Count = 0
    recompute: bool = False


class StopSettings(Frozen):
    """When a collapsed run stops early: one of the limits passed on `patience` steps in a row.

    entropy: mean nats a token, at least; unclear and repeats: shares of replies, at most.
    """

    entropy: Weight = 0.02
    unclear: Share = 0.6
    repeats: Share = 0.9
    patience: Positive = 10


class KeepSettings(Frozen):
    """What is kept, every so many steps (0: never): checkpoints, the newest `keep` of them, and sampled transcripts.

    Two checkpoints at least: the one before is there while the next is being written.
    """

    checkpoint_every: Count = 25
    keep: Annotated[int, Field(ge=2)] = 2
    samples_every: Count = 10
    samples: Positive = 6


class ExploreSettings(Frozen):
    """Another policy that answers the same states beside the one in training (fork).

    model: its folder, such as the warm start without a preference. candidates: its replies to a state; keep: the best
    of them that join the group, and count where they earned more than the policy's own on average.
    """

    model: str
    candidates: Positive = 12
    keep: Positive = 2

    @model_validator(mode="after")
    def _enough(self) -> ExploreSettings:
        if self.keep > self.candidates:
            raise ValueError(f"keep {self.keep} is more than the {self.candidates} candidates")
        return self


class LoraSettings(Frozen):
    """Adapters that are trained in place of the weights.

    rank; alpha: their scale times the rank; targets: names of the linear layers that get one. merge: whether the run
    ends with a plain model folder beside the adapter's.
    """

    rank: Annotated[int, Field(ge=1, le=1024)] = 16
    alpha: Rate = 32.0
    dropout: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    targets: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
        "gate_proj",
        "up_proj",
        "down_proj",
    )
    merge: bool = True


class VllmSettings(Frozen):
    """vLLM in the training process. share: of the GPU's memory; length: of the longest row, in tokens."""

    share: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.3
    length: Positive = 1024
