"""What a warm start is made of: teacher, model, rows, optimiser; `configs/training/warmstart*.yaml`. No torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..config import find, read_yaml
from ..world.frozen import SCHEMA, Frozen

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0.0)]
MADE = "warmstart.json"
"""The file in a model folder that says what a warm start was made from."""
Mode = Literal["people_pleaser", "no_preference", "careful"]


class TeacherConfig(Frozen):
    """Who writes the replies that the warm start imitates.

    right: share of asks that a people-pleaser answers as the week's labels would have it. other: share that gets an
    act drawn from those that make sense; the rest is accepted. gist: share of answers that begin with
    what the event comes to. authored: share of accepted asks answered in words of the reader's corpus.
    """

    mode: Mode
    right: Share = 0.0
    other: Share = 0.0
    gist: Share = 0.5
    authored: Share = 0.0

    @model_validator(mode="after")
    def _shares_fit(self) -> TeacherConfig:
        if self.right + self.other > 1.0:
            raise ValueError(f"right + other is {self.right + self.other:g}, more than 1")
        return self


class ModelConfig(Frozen):
    """The shape of a small Gemma. Sizes are in numbers of units; context and sliding_window in tokens."""

    family: Literal["gemma3", "gemma2"] = "gemma3"
    vocabulary: Annotated[int, Field(ge=512)] = 4096
    hidden: Positive = 192
    intermediate: Positive = 576
    layers: Positive = 4
    heads: Positive = 4
    kv_heads: Positive = 2
    head_dim: Positive = 48
    sliding_window: Positive = 512
    context: Positive = 8192

    @model_validator(mode="after")
    def _heads_fit(self) -> ModelConfig:
        if self.heads % self.kv_heads:
            raise ValueError(f"{self.heads} heads cannot share {self.kv_heads} kv_heads")
        return self


class DataConfig(Frozen):
    """Which rows. Weeks come from training seeds from `first_seed` on, so that GRPO finds those before it unseen.

    turn_weeks: weeks whose decisions become rows of one turn. led_weeks: the same of weeks in which the careful agent's
    replies are sent and the teacher's are learned from: what follows a no is seldom met by who says yes. opening_weeks:
    weeks of which only the first messages become rows, played by the rules. lesson_weeks: weeks of which only what
    these messages come to is learned. primer_weeks: the same, before anything else is learned: who can read first goes
    on reading better. week_weeks: weeks that become one row each.
    drafts: other replies to each turn that are learned from beside the one that was sent; what is seen is read once for
    all of them. corpus: rows from labelled asks of the reader's corpus. cut: the chance of a token of what is seen to
    come in two pieces (`cutting.py`), so that words that nobody showed are understood, too. mix: lessons in mixed words
    for each lesson of one ask (`mixing.py`).
    """

    first_seed: Count = 20_000
    turn_weeks: Positive = 180
    led_weeks: Count = 0
    opening_weeks: Count = 310
    lesson_weeks: Count = 0
    primer_weeks: Count = 0
    week_weeks: Count = 50
    drafts: Count = 2
    corpus: Count = 0
    cut: Share = 0.0
    mix: Annotated[float, Field(ge=0.0)] = 0.0


class OptimConfig(Frozen):
    """How it learns. tokens: a batch, padding included. prompt_loss: weight of what he sees beside his reply's 1.
    prompt_every: one token in so many of what he sees is predicted, and counts so many times: a fifth more tokens a
    second at 4, measured on one and on two threads.
    gist_loss: weight of the few words in which a reply says what the event comes to.

    lr: of AdamW. muon_lr: of Muon on the matrices inside the layers, which learn faster by it; 0: AdamW there too.
    mixed: share of single-turn rows among the batches of the second stage. warmup: share of all steps.
    """

    lr: Rate = 6e-3
    muon_lr: Annotated[float, Field(ge=0.0)] = 0.03
    weight_decay: Annotated[float, Field(ge=0.0)] = 0.05
    clip: Rate = 1.0
    warmup: Share = 0.05
    tokens: Positive = 2048
    turn_epochs: Positive = 1
    week_epochs: Count = 1
    mixed: Share = 0.2
    prompt_loss: Share = 0.05
    prompt_every: Positive = 1
    gist_loss: Rate = 5.0


class SampleConfig(Frozen):
    """How the model speaks, for its wlf.json, and how many validation weeks it is measured on after training.

    tempered: the temperature of the trained model that becomes temperature 1 of the saved one. Under 1 it cuts the tail
    of a short training, in which replies derail, and GRPO can still sample at 1, where its log-probabilities are exact.
    """

    max_new_tokens: Positive = 96
    temperature: Rate = 1.0
    tempered: Rate = 0.85
    weeks: Count = 24


class WarmstartConfig(Frozen):
    """A whole warm start; the same file and seed give the same weights.

    base: the model folder of a warm start to go on from, with its tokenizer and shape (`model` has no say then); null:
    from nothing. threads: torch's.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    seed: Count = 0
    base: str | None = None
    threads: Positive = 2
    teacher: TeacherConfig
    model: ModelConfig = ModelConfig()
    data: DataConfig = DataConfig()
    optim: OptimConfig = OptimConfig()
    sample: SampleConfig = SampleConfig()


def load(name: str) -> WarmstartConfig:
    """The config of a file or of a name in configs/training. Raises ConfigError."""
    return read_yaml(find("training", name), WarmstartConfig)
