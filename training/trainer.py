"""TRL's GRPO trainer with our rollouts, our credit and our log-probabilities; everything else is TRL's own.

Three seams: `rollout_func` makes the rows, `_generate_and_score_completions` gets our advantages, and for groups that
share a prompt `_get_per_token_logps_and_entropies` computes it once (TRL scores prompts G times over, on a CPU with
logits for every one of their tokens).
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import Trainer
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.utils import split_tensor_dict

from ..episodes.errors import RunError
from .batch import Batch
from .decisions import score_decisions
from .optim import Together, learners
from .sampler import PRIME
from .settings import TrainSettings
from .shared import score_completions

OnStep = Callable[[int, Batch, dict[str, float], float], bool]
"""Hears of every step (number from 1, batch, what TRL logged, seconds) and says whether to go on."""
OnSave = Callable[[Path], None]


class Rollout(Protocol):
    """Makes the batch of a step."""

    def step(self, number: int) -> Batch:
        """The batch of step `number` (from 0)."""
        ...


class WeekTrainer(GRPOTrainer):
    """GRPO over weeks. `batch` is the last one rolled out."""

    def __init__(
        self,
        settings: TrainSettings,
        rollout: Rollout,
        on_step: OnStep,
        on_save: OnSave,
        **given: Any,  # noqa: ANN401
    ) -> None:
        self.batch: Batch | None = None
        self._settings = settings
        self._rollout = rollout
        self._on_step = on_step
        self._on_save = on_save
        self._since = perf_counter()
        self._wanted: torch.Tensor | None = None
        super().__init__(reward_funcs=self._rewards, rollout_func=self._rolled_out, **given)

    def _rolled_out(self, prompts: list[Any], trainer: object) -> dict[str, Any]:
        """The rows of this step as TRL takes them."""
        model: Any = self.model
        training = bool(model.training)
        model.eval()  # no dropout in what is read either, and no recomputing, which would drop the cache
        try:
            batch = self.batch = self._rollout.step(self.state.global_step)
        finally:
            model.train(training)
        if len(batch.rows) != len(prompts):
            raise ValueError(f"{len(batch.rows)} rows were rolled out, TRL wants {len(prompts)}")
        made: dict[str, Any] = {
            "prompt_ids": [row.prompt for row in batch.rows],
            "completion_ids": [row.completion for row in batch.rows],
            "logprobs": _known([row.logprobs for row in batch.rows]),
        }
        if batch.rows[0].mask is not None:
            made["env_mask"] = [row.mask for row in batch.rows]
            masks = [torch.tensor(row.mask, device=self.accelerator.device) for row in batch.rows]
            self._wanted = pad_sequence(masks, batch_first=True)  # else what is only read would be scored, too
        return made

    def _rewards(self, completions: list[Any], **_: object) -> list[float | None]:
        assert self.batch is not None  # TRL asks for rewards after the rollout
        return list(self.batch.rewards)

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        """TRL's rows with our advantages, (rows,) or (rows, completion tokens)."""
        try:
            output = super()._generate_and_score_completions(inputs)
        finally:
            self._wanted = None
        assert self.batch is not None
        output["advantages"] = _padded(self.batch.advantages, output["completion_ids"])
        # TRL shuffles the rows next, by the global generator: a resumed run has to shuffle as this one would have.
        torch.manual_seed(self._settings.seed * PRIME + self.state.global_step)
        return output

    def _get_per_token_logps_and_entropies(
        self,
        model: Any,  # noqa: ANN401
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        logits_to_keep: int,
        *args: Any,  # noqa: ANN401
        **given: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - a tuple whose length depends on TRL's version
        """Log-probabilities and entropies of the completions, with a shared prompt read once."""
        if not self._plain(model):
            return super()._get_per_token_logps_and_entropies(
                model, input_ids, attention_mask, logits_to_keep, *args, **given
            )
        inner = self.accelerator.unwrap_model(model)
        if hasattr(inner, "peft_config"):
            inner = inner.get_base_model()  # its layers hold the adapters, on or off
        wanted, precision = self._wanted, self._settings.precision
        if self._settings.decisions:
            assert wanted is not None  # rows of weeks come with a mask
            tokenizer: Any = self.processing_class
            begins = int(tokenizer.bos_token_id)
            found = score_decisions(inner, input_ids, attention_mask, wanted, begins, self.temperature, precision)
        else:
            found = score_completions(
                inner, input_ids, attention_mask, logits_to_keep, self.temperature, wanted, precision
            )
        return found.logprobs, found.entropies, None

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:  # noqa: ANN401
        """TRL's loss; tokens that are not the policy's are not scored at all."""
        self._wanted = inputs.get("tool_mask")
        try:
            return super()._compute_loss(model, inputs)
        finally:
            self._wanted = None

    def _plain(self, model: Any) -> bool:  # noqa: ANN401
        """Whether the model's forward pass is transformers' own, in this process: not wrapped, not rewritten."""
        settings = self._settings
        return self.accelerator.num_processes == 1 and settings.backend == "hf" and not settings.optim.recompute

    def _prepare_inputs(self, generation_batch: Any) -> Any:  # noqa: ANN401
        """The rows of the next update; whole groups, since what shares a prompt is read once."""
        parts = self._settings.optim.updates
        model: Any = self.model
        if parts == 1 or not model.training:
            return super()._prepare_inputs(generation_batch)
        if self._step % parts == 0 or self._buffered_inputs is None:
            self._buffered_inputs = split_tensor_dict(self._generate_and_score_completions(generation_batch), parts)
        return self._buffered_inputs[self._step % parts]

    def training_step(self, *args: Any, **given: Any) -> torch.Tensor:  # noqa: ANN401
        """One part's gradient, and an update with it; the one after the last part is the Trainer's own."""
        lost = super().training_step(*args, **given)
        if self._step % self._settings.optim.updates:
            model: Any = self.model
            torch.nn.utils.clip_grad_norm_(model.parameters(), self._settings.optim.clip)
            optimizer: Any = self.optimizer
            # Accelerate's wrapper steps at the end of a step only.
            plain = getattr(optimizer, "optimizer", optimizer)
            plain.step()
            plain.zero_grad()
        return lost

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:  # noqa: ANN401
        """TRL's own, or Muon and AdamW where the settings say so."""
        own = self._settings.optim
        if not own.muon_lr:
            return super().create_optimizer(model)
        if self.optimizer is None:
            whole: Any = self.model
            self.optimizer = Together(learners(whole, own.lr, own.muon_lr, own.weight_decay))
        return self.optimizer

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """TRL's own logging, and then ours, once a step and before its checkpoint."""
        super().log(logs, start_time)
        if "loss" in logs and self.batch is not None:
            now = perf_counter()
            if not self._on_step(self.state.global_step, self.batch, logs, now - self._since):
                self.control.should_save = self.control.should_training_stop = True
            self._since = perf_counter()

    def _save_checkpoint(self, model: Any, trial: Any) -> None:  # noqa: ANN401
        """The Trainer's checkpoint without TRL's model card, then what we keep beside it. Raises RunError."""
        try:
            Trainer._save_checkpoint(self, model, trial)
        except Exception as error:  # torch and safetensors have their own words for a full disk
            told = str(error).strip().split("\n", 1)[0][:160]
            raise RunError(f"{self.args.output_dir}: checkpoint cannot be written: {told}") from error
        self._on_save(Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}")


def _known(logprobs: list[list[float]]) -> list[list[float]] | None:
    """Log-probabilities of the sampled tokens; None where the generation did not tell them."""
    return None if any(isnan(value) for row in logprobs for value in row) else logprobs


def _padded(advantages: Any, completion_ids: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
    """Advantages as a tensor; rows of their own lengths are filled with 0 up to the completions' width."""
    if isinstance(advantages, np.ndarray):
        return torch.tensor(advantages, dtype=torch.float32, device=completion_ids.device)
    out = torch.zeros(completion_ids.shape, dtype=torch.float32)
    for place, row in enumerate(advantages):
        out[place, : len(row)] = torch.tensor(row, dtype=torch.float32)
    return out.to(completion_ids.device)


def grpo_config(settings: TrainSettings, folder: Path, steps: int, end_ids: Sequence[int] = ()) -> GRPOConfig:
    """TRL's own settings for a run; `folder` is where checkpoints go, `end_ids` end a reply."""
    optim, rows = settings.optim, settings.rows
    per_pass = optim.rows_per_pass or rows // optim.updates
    return GRPOConfig(
        output_dir=str(folder),
        seed=settings.seed,
        max_steps=steps,
        per_device_train_batch_size=per_pass,
        gradient_accumulation_steps=rows // per_pass,
        steps_per_generation=rows // per_pass,
        num_generations=settings.group,
        num_iterations=optim.iterations,
        max_completion_length=settings.sampling.max_new_tokens,
        temperature=settings.sampling.temperature,
        learning_rate=optim.lr,
        lr_scheduler_type=optim.schedule if optim.schedule != "constant" else "constant_with_warmup",
        warmup_steps=optim.warmup,
        max_grad_norm=optim.clip,
        weight_decay=optim.weight_decay,
        beta=optim.beta,
        entropy_coef=optim.entropy,
        epsilon=optim.epsilon,
        epsilon_high=optim.epsilon_high,
        loss_type=optim.loss,
        scale_rewards="none",
        use_cpu=settings.device == "cpu",
        bf16=settings.device != "cpu" and torch.cuda.is_available(),
        gradient_checkpointing=settings.backend == "unsloth" or optim.recompute,
        shuffle_dataset=False,
        dataloader_pin_memory=settings.device != "cpu",
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to=[] if settings.tracker == "none" else [settings.tracker],
        disable_tqdm=True,
        save_strategy="steps" if settings.keep.checkpoint_every else "no",
        save_steps=settings.keep.checkpoint_every or steps,
        save_total_limit=settings.keep.keep,
        ignore_data_skip=True,
        remove_unused_columns=False,
        project="work-life-firewall",
        run_name=folder.parent.name,
        top_p=settings.sampling.top_p,
        **(_vllm(settings, end_ids) if settings.generation == "vllm" else {}),
    )


def _vllm(settings: TrainSettings, end_ids: Sequence[int]) -> dict[str, Any]:
    """vLLM in this process, which TRL gives the new weights before every rollout."""
    return {
        "use_vllm": True,
        "vllm_mode": "colocate",
        "vllm_gpu_memory_utilization": settings.vllm.share,
        "vllm_max_model_length": settings.vllm.length,
        "generation_kwargs": {"stop_token_ids": list(end_ids)},
    }
