"""A local model in Arjun's seat: one generation for all weeks in flight, the same replies again, errors in a line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from work_life_firewall.agents.hf import BadModel, HFProtagonist, LocalModel, local_model, read_notes
from work_life_firewall.agents.registry import UnknownPolicy, build
from work_life_firewall.world.observation import Observation

from ..training.tiny import tiny_folder
from .conftest import Observe

for needed in ("torch", "transformers"):
    pytest.importorskip(needed)

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def local(folder: Path) -> LocalModel:
    return local_model(str(folder))


@pytest.fixture
def weeks(observe: Observe) -> list[Observation]:
    return [observe("leave", f"The day off, take {number}?", week=f"w{number}") for number in range(6)]


def together(local: LocalModel, seen: list[Observation], seed: int = 0) -> list[str]:
    async def all_of_them() -> list[str]:
        return list(await asyncio.gather(*(HFProtagonist(local, seed).reply(obs) for obs in seen)))

    return asyncio.run(all_of_them())


def test_weeks_in_flight_share_one_generation(
    local: LocalModel, weeks: list[Observation], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    plain = local.batcher._generated
    monkeypatch.setattr(local.batcher, "_generated", lambda some: (sizes.append(len(some)), plain(some))[1])
    told = together(local, weeks)
    assert sizes == [6]
    assert len(set(told)) > 1


def test_a_reply_depends_on_week_event_and_seed_only(local: LocalModel, weeks: list[Observation]) -> None:
    told = together(local, weeks)
    assert [together(local, [obs])[0] for obs in weeks] == told
    assert together(local, weeks[::-1]) == told[::-1]
    assert together(local, weeks, seed=1) != told


def test_in_week_context_the_row_goes_on(local: LocalModel, observe: Observe) -> None:
    rows: list[list[int]] = []

    class Listening:
        turns = local.batcher.turns
        sampling = local.batcher.sampling

        async def reply(self, ids: list[int], uniforms: object) -> list[int]:
            rows.append(ids)
            return [7, 8, self.turns.end_ids[0]] if len(rows) == 1 else [9]

    heard = LocalModel(local.notes.model_copy(update={"context": "week"}), Listening())  # type: ignore[arg-type]
    seat = HFProtagonist(heard)
    for event in ("leave", "late_standup", "scope_creep"):
        asyncio.run(seat.reply(observe(event)))
    end, bos = Listening.turns.end_ids[0], Listening.turns.bos_id
    assert rows[1][: len(rows[0]) + 3] == [*rows[0], 7, 8, end]
    assert rows[2][: len(rows[1]) + 2] == [*rows[1], 9, end]  # cut off, and closed all the same
    assert [row.count(bos) for row in rows] == [1, 1, 1]


def test_a_failing_generation_is_everybodys_own_failure(
    local: LocalModel, weeks: list[Observation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("out of memory")

    async def all_of_them() -> list[object]:
        seats = (HFProtagonist(local).reply(obs) for obs in weeks[:3])
        return list(await asyncio.gather(*seats, return_exceptions=True))

    monkeypatch.setattr(local.batcher, "_generated", fails)
    assert [str(failure) for failure in asyncio.run(all_of_them())] == ["out of memory"] * 3


def test_a_folder_is_loaded_once(folder: Path) -> None:
    assert local_model(str(folder)) is local_model(str(folder))
    assert isinstance(build(f"hf:{folder}", 3), HFProtagonist)


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnknownPolicy, match="no model folder"):
        build(f"hf:{tmp_path / 'gone'}")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BadModel, match="cannot be loaded") as caught:
        local_model(str(tmp_path))
    assert "\n" not in str(caught.value)
    assert read_notes(tmp_path).context == "turn"
    (tmp_path / "wlf.json").write_text(json.dumps({"context": "month"}))
    with pytest.raises(BadModel, match=r"wlf\.json"):
        read_notes(tmp_path)
