"""Run folders: nothing finished is lost, nothing is repeated, and what does not fit is refused in one line."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from work_life_firewall.config import ConfigError
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.runs import RunFolder, fresh, read_config, weeks_in, write_text

from .weeks import config, step, week


def filled(path: Path, *seeds: int) -> Path:
    with RunFolder(path, config(), resume=False) as folder:
        for seed in seeds:
            folder.append(week(seed))
    return path


def test_weeks_come_back_as_written_with_floats_of_six_places(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1, 2)
    first, second = weeks_in(run)
    assert (first.seed, second.seed) == (1, 2)
    assert first.evenings[-1] == 0.333333
    assert first.steps[0].reading.asks[0].qualities.courtesy == 0.666667
    assert first.line() == week(1).line()
    assert read_config(run) == config()


def test_a_torn_last_line_is_no_week_and_is_dropped_on_resume(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1, 2)
    whole = (run / "weeks.jsonl").read_bytes()
    (run / "weeks.jsonl").write_bytes(whole + week(3).line().encode()[:5000])
    assert [record.seed for record in weeks_in(run)] == [1, 2]
    with RunFolder(run, config(), resume=True) as folder:
        assert folder.done == {1, 2}
        folder.append(week(3))
    assert [record.seed for record in weeks_in(run)] == [1, 2, 3]
    assert (run / "weeks.jsonl").read_bytes().startswith(whole)


def test_a_line_torn_at_the_very_start_is_dropped(tmp_path: Path) -> None:
    run = filled(tmp_path / "run")
    (run / "weeks.jsonl").write_bytes(b'{"schema":1,' + b"x" * 200_000)
    with RunFolder(run, config(), resume=True) as folder:
        assert folder.done == set()
    assert (run / "weeks.jsonl").read_bytes() == b""


def test_a_used_folder_is_refused_unless_resumed(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1)
    with pytest.raises(UsageError, match=r"already holds files; continue with --resume"):
        RunFolder(run, config(), resume=False)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="already holds files"):
        RunFolder(tmp_path / "other", config(), resume=False)
    with pytest.raises(RunError, match="not a run folder"):
        RunFolder(tmp_path / "other", config(), resume=True)
    assert [record.seed for record in weeks_in(run)] == [1]


def test_an_empty_folder_and_a_fresh_resume_are_fine(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    filled(tmp_path / "empty", 1)
    with RunFolder(tmp_path / "new" / "deep", config(), resume=True) as folder:
        assert folder.done == set()


def test_a_changed_config_is_refused_with_the_differing_keys(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1)
    with pytest.raises(UsageError) as caught:
        RunFolder(run, config(policy="greedy", weeks=20), resume=True)
    assert "the config differs in policy (careful -> greedy), weeks (10 -> 20)" in str(caught.value)
    with pytest.raises(UsageError, match=r"personas.priya \(00000000 -> 11111111\), personas.rahul"):
        RunFolder(run, config(personas={"priya": "11111111"}), resume=True)


def test_a_broken_config_names_file_and_line(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1)
    text = (run / "config.yaml").read_text().replace("policy:", "polcy:")
    (run / "config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"config.yaml:2: unknown key 'polcy'"):
        RunFolder(run, config(), resume=True)


def test_a_broken_line_in_the_middle_is_named(tmp_path: Path) -> None:
    run = filled(tmp_path / "run", 1, 2, 3)
    lines = (run / "weeks.jsonl").read_bytes().splitlines(keepends=True)
    (run / "weeks.jsonl").write_bytes(lines[0] + b'{"schema":1}\n' + lines[2])
    with pytest.raises(RunError, match=r"weeks.jsonl:2: not a week record: "):
        list(weeks_in(run))


def test_no_run_folder(tmp_path: Path) -> None:
    for missing in (tmp_path, tmp_path / "gone"):
        with pytest.raises(RunError, match="not a run folder"):
            read_config(missing)
        with pytest.raises(RunError, match="not a run folder"):
            list(weeks_in(missing))


def test_a_file_in_the_way_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(RunError, match=r"cannot be .*: Not a directory"):
            RunFolder(place, config(), resume=False)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(RunError, match="cannot be made: Permission denied"):
        RunFolder(tmp_path / "locked" / "run", config(), resume=False)


def test_a_read_only_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RunError, match="run: cannot be made: Read-only file system"):
        RunFolder(tmp_path / "run", config(), resume=False)


class FullDisk:
    """A file on a disk that takes half of what it is given."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, data: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None: ...


def test_a_full_disk_is_one_line_and_keeps_what_is_finished(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with RunFolder(run, config(), resume=False) as folder:
        folder.append(week(1))
        real, folder._file = folder._file, FullDisk(run / "weeks.jsonl")
        real.close()
        with pytest.raises(RunError, match=r"weeks\.jsonl: cannot be written: No space left on device"):
            folder.append(week(2))
    assert [record.seed for record in weeks_in(run)] == [1]
    with RunFolder(run, config(), resume=True) as folder:
        folder.append(week(2))
    assert [record.seed for record in weeks_in(run)] == [1, 2]


def test_a_summary_replaces_the_older_one_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "summary.json", "old")
    write_text(tmp_path / "summary.json", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
    assert (tmp_path / "summary.json").read_text() == "new"
    with pytest.raises(RunError, match="cannot be written"):
        write_text(tmp_path / "gone" / "summary.json", "x")


def test_a_fresh_name_is_numbered(tmp_path: Path) -> None:
    assert fresh(tmp_path / "demo") == tmp_path / "demo"
    filled(tmp_path / "demo")
    assert fresh(tmp_path / "demo") == tmp_path / "demo-2"
    filled(tmp_path / "demo-2")
    assert fresh(tmp_path / "demo") == tmp_path / "demo-3"


def test_text_of_any_kind_survives(tmp_path: Path) -> None:
    nasty = 'line\nbreak\u2028 \x1b[31m \x00 नमस्ते 😀 \\ " ' + "x" * 1_000_000
    with RunFolder(tmp_path / "run", config(), resume=False) as folder:
        folder.append(week(1, steps=(step("staging", "act", 0.25, 0.5, reply=nasty),)))
    (record,) = weeks_in(tmp_path / "run")
    assert record.steps[0].reply == nasty
