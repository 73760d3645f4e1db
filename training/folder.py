"""A training run on disk: config.yaml, metrics.jsonl, samples/, checkpoints/, final/. Knows no torch."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from ..config import read_yaml
from ..episodes.errors import RunError, UsageError
from . import checkpoints, metrics
from .settings import TrainSettings

CONFIG, CHECKPOINTS, FINAL = "config.yaml", "checkpoints", "final"
FREE_TO_CHANGE = frozenset({"steps", "keep", "stop", "tracker"})
"""Settings that a resumed run may change without changing what came before."""


class TrainFolder:
    """The folder of one run, opened for a new one or to resume. torn: broken checkpoints that were removed."""

    def __init__(self, path: Path, settings: TrainSettings, resume: bool) -> None:
        """Open it. Raises UsageError: in use without `resume`, or another run's; RunError; ConfigError."""
        self.path = path
        self.checkpoints = path / CHECKPOINTS
        self.metrics = path / metrics.METRICS
        self.samples = path / metrics.SAMPLES
        self.final = path / FINAL
        used = path.exists() and any(path.iterdir()) if path.is_dir() else path.exists()
        if used and not resume:
            raise UsageError(f"{path}: already holds files; continue with --resume, or name another folder with --out")
        if used:
            self._check(settings)
        self._write(settings)
        self.torn = checkpoints.sweep(self.checkpoints)
        self.checkpoint = checkpoints.latest(self.checkpoints) if resume else None
        metrics.cut(self.metrics, self.done)

    @property
    def done(self) -> int:
        """Steps that the checkpoint to resume from has behind it; 0 without one."""
        return checkpoints.step(self.checkpoint) if self.checkpoint else 0

    def put_final(self, made: Path) -> None:
        """Move a finished model folder into its place, at once. Raises RunError."""
        try:
            if self.final.exists():
                shutil.rmtree(self.final)
            made.replace(self.final)
        except OSError as error:
            raise RunError(f"{self.final}: cannot be written: {error.strerror or error}") from None

    def _check(self, settings: TrainSettings) -> None:
        if not (self.path / CONFIG).exists():
            raise UsageError(f"{self.path}: holds no training run ({CONFIG} is missing)")
        kept, wanted = _that_count(read_yaml(self.path / CONFIG, TrainSettings)), _that_count(settings)
        other = [key for key, value in wanted.items() if kept[key] != value]
        if other:
            raise UsageError(f"{self.path}: was begun with other settings ({', '.join(other)}); resume with the same")

    def _write(self, settings: TrainSettings) -> None:
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
            text = yaml.safe_dump(settings.plain(), sort_keys=False, allow_unicode=True)
            (self.path / CONFIG).write_text(text, encoding="utf-8")
        except OSError as error:
            raise RunError(f"{self.path}: cannot be written: {error.strerror or error}") from None


def _that_count(settings: TrainSettings) -> dict[str, Any]:
    """The settings that decide a curve; a served world may come back at another address."""
    told = {key: value for key, value in settings.plain().items() if key not in FREE_TO_CHANGE}
    return told | {"weeks": {**told["weeks"], "server": told["weeks"]["server"] is not None}}
