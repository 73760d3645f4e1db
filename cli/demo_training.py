"""The second half of `wlf demo`: some minutes of GRPO from the people-pleaser that ships, and what they change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..episodes.errors import RunError
from ..episodes.job import Job, Setup, one_week, run_job
from ..episodes.record import WeekRecord
from ..training.folder import TrainFolder
from ..training.plan import missing
from ..training.settings import TrainSettings, load
from ..world.clock import DAY_NAMES
from ..world.scoring import COMPONENTS
from .output import advance, progress, say, table
from .steps import steps_told
from .story import Story

CONFIG = "quick"
REFERENCE = "careful"
WEEKS = 24
"""Validation weeks behind each column of the table."""
LINES = ("sprint_delivered", "friday_energy", "min_trust")


def lacking(out: Path) -> list[str]:
    """What stands in the way of training here, one line each."""
    return missing(load(CONFIG), out)


def train_and_tell(out: Path, seed: int, story: Story) -> WeekRecord:
    """Play, train, play again, compare, and tell one of the trained model's weeks; everything is kept under `out`.

    Raises UsageError, ConfigError and RunError.
    """
    settings = load(CONFIG)
    before = _played(f"hf:{settings.model}", out / "untrained", "the people-pleaser")
    final = _trained(settings, out / "grpo")
    after = _played(f"hf:{final}", out / "trained", "the trained one")
    careful = _played(REFERENCE, out / REFERENCE, REFERENCE)
    say()
    _side_by_side({"people-pleaser": before, f"after {settings.steps} steps": after, REFERENCE: careful})
    say()
    job = Job(Setup(), f"hf:{final}", "validation", 1, seed)
    story.heading(f"The same week once more, with the trained model (validation week {job.seeds()[0]})")
    record = one_week(job, out / "week", story.step)
    story.closing(record)
    return record


def _trained(settings: TrainSettings, folder: Path) -> Path:
    """The folder of the trained model."""
    from ..training.run import train  # torch and TRL take seconds to import

    opened = TrainFolder(folder, settings, resume=False)
    with steps_told("grpo") as tell:
        done = train(settings, opened, lambda line: tell({**line, "steps": settings.steps}))
    if done.why:
        raise RunError(f"{folder}: {done.why} after step {done.steps}; see {opened.metrics}")
    return opened.final


def _played(policy: str, out: Path, what: str) -> Mapping[str, Any]:
    """The summary of a policy's weeks."""
    job = Job(Setup(), policy, "validation", WEEKS, concurrency=WEEKS)
    with progress(what, WEEKS) as bar:
        return run_job(job, out, on_week=lambda done, _: advance(bar, done))


def _side_by_side(summaries: Mapping[str, Mapping[str, Any]]) -> None:
    stats = [summary["all"] for summary in summaries.values()]
    rows = [["total", *(_interval(one["total"]) for one in stats)]]
    rows += [[name.replace("_", " "), *(_interval(one["components"][name]) for one in stats)] for name in COMPONENTS]
    rows += [[name.replace("_", " "), *(_interval(one[name]) for one in stats)] for name in LINES]
    rows += [
        [f"energy, {day} evening", *(_interval(one["evening_energy"][number]) for one in stats)]
        for number, day in enumerate(DAY_NAMES)
    ]
    table(("", *summaries), rows, f"Before and after, {WEEKS} validation weeks, means with 95% intervals")
    say("Each model plays at the temperature that its own notes name.")


def _interval(figure: Mapping[str, Any]) -> str:
    return f"{figure['mean']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"
