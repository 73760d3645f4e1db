"""The quick run, as CI and the demo make it: from the people-pleaser that ships, the environment's reward rises."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pytest

pytest.importorskip("torch")

from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.run import train
from work_life_firewall.training.settings import load

pytestmark = [pytest.mark.training, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
STEPS = 20
ENDS = 4
"""Steps at either end that are set against each other."""
MARGIN = 0.02
"""What the mean reward of the last ones is at least above that of the first ones."""
REFUSED = 0.3
"""The same for the share of light asks that are refused."""


def test_the_reward_rises_from_the_people_pleaser(tmp_path: Path) -> None:
    settings = load("quick", [f"steps={STEPS}", "threads=1"])
    folder = TrainFolder(tmp_path / "run", settings, resume=False)
    assert train(settings, folder).why is None
    lines = [json.loads(line) for line in folder.metrics.read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in lines] == [*range(1, STEPS + 1)]

    def rise(key: str) -> float:
        values = [line[key] for line in lines]
        return fmean(values[-ENDS:]) - fmean(values[:ENDS])

    assert rise("reward") > MARGIN
    assert rise("refused") > REFUSED
    assert fmean(line["unclear"] for line in lines[-ENDS:]) < 0.2
