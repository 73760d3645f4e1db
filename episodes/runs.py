"""Run folders: config.yaml, weeks.jsonl, summary.json. Append-safe: a killed run keeps every week it finished."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from ..config import read_yaml
from ..world.frozen import SCHEMA, Frozen
from .errors import RunError, UsageError
from .record import Versions, WeekRecord
from .twins import Pair

CONFIG, WEEKS, TWINS, SUMMARY = "config.yaml", "weeks.jsonl", "twins.jsonl", "summary.json"


def _is_empty(marks: dict[str, str]) -> bool:
    return not marks


class RunConfig(Frozen):
    """Everything that decides a run's weeks. seed is the offset into the split; personas are marks of their files.

    models and prompts: marks of the model files and the prompt files in use; left out of the file where there are none.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    policy: str
    coworkers: dict[str, str]
    reader: str
    judge: str
    scenario: str
    split: str
    seed: int
    weeks: int
    driver: str
    personas: dict[str, str]
    models: Annotated[dict[str, str], Field(exclude_if=_is_empty)] = {}
    prompts: Annotated[dict[str, str], Field(exclude_if=_is_empty)] = {}
    versions: Versions

    def hash(self) -> str:
        """The first 8 hex digits of the hash of every key."""
        return sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()[:8]

    def plain(self) -> dict[str, Any]:
        """The config as it stands in config.yaml."""
        return self.model_dump(mode="json", by_alias=True)

    def flat(self) -> dict[str, Any]:
        """The config with its inner keys by path: versions.reader."""
        flat: dict[str, Any] = {}
        for key, value in self.plain().items():
            if isinstance(value, dict):
                flat |= {f"{key}.{inner}": one for inner, one in value.items()}
            else:
                flat[key] = value
        return flat


class RunFolder:
    """One run on disk, open for writing. `done` holds the seeds of the weeks that are finished."""

    def __init__(self, path: Path, config: RunConfig, resume: bool) -> None:
        """Open a new folder, or with `resume` one of the same config. Raises UsageError, RunError and ConfigError."""
        self.path = path
        self.done: set[int] = set()
        used = _is_used(path)
        if used and not resume:
            raise UsageError(f"{path}: already holds files; continue with --resume, or name another folder with --out")
        if used:
            _check_same(path, config)
        else:
            _create(path, config)
        self.done = {record.seed for record in weeks_in(path)}
        self._file = self._open()

    def append(self, record: WeekRecord) -> None:
        """Write one finished week, in one write to the end of the file. Raises RunError."""
        try:
            self._file.write(record.line().encode() + b"\n")
        except OSError as error:
            raise _failed(self.path / WEEKS, "cannot be written", error) from None
        self.done.add(record.seed)

    def summarize(self, summary: dict[str, Any]) -> None:
        """Write summary.json, replacing an older one. Raises RunError."""
        write_text(self.path / SUMMARY, summary_text(summary))

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def _open(self) -> Any:  # noqa: ANN401 - io.FileIO, which open() does not promise
        """The file of weeks, without buffer and without the torn line that a killed run may have left."""
        path = self.path / WEEKS
        try:
            file = path.open("ab", buffering=0)
            file.truncate(_whole(path))
        except OSError as error:
            raise _failed(path, "cannot be written", error) from None
        return file


def weeks_in(path: Path) -> Iterator[WeekRecord]:
    """The finished weeks of a run folder, one at a time; a torn last line is no week. Raises RunError."""
    for number, line in enumerate(_lines(path), 1):
        if not line.endswith(b"\n"):
            return
        try:
            yield WeekRecord.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            what = " ".join(f"{where} {first['msg']}".split())
            raise RunError(f"{path / WEEKS}:{number}: not a week record: {what}") from None


def pairs_in(path: Path) -> list[Pair]:
    """The pairs of a run folder, none when it has no twins. Raises RunError."""
    try:
        lines = (path / TWINS).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _failed(path / TWINS, "cannot be read", error) from None
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Pair.model_validate_json(line))
        except ValidationError as error:
            what = " ".join(error.errors(include_url=False)[0]["msg"].split())
            raise RunError(f"{path / TWINS}:{number}: not a pair: {what}") from None
    return found


def read_config(path: Path) -> RunConfig:
    """The config of a run folder. Raises RunError when it is none, ConfigError when the file is broken."""
    if not (path / CONFIG).is_file():
        raise RunError(f"{path}: not a run folder (no {CONFIG})")
    return read_yaml(path / CONFIG, RunConfig)


def summary_text(summary: dict[str, Any]) -> str:
    """A summary as it stands in summary.json."""
    return json.dumps(summary, indent=1, ensure_ascii=False) + "\n"


def fresh(path: Path) -> Path:
    """The path itself when nothing is there, else the first free of PATH-2, PATH-3, ..."""
    numbered = path
    count = 1
    while _is_used(numbered):
        count += 1
        numbered = path.with_name(f"{path.name}-{count}")
    return numbered


def write_text(path: Path, text: str) -> None:
    """Write a whole file or leave the old one. Raises RunError."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        raise _failed(path, "cannot be written", error) from None


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with (path / WEEKS).open("rb") as file:
            yield from file
    except FileNotFoundError:
        if not (path / CONFIG).is_file():
            raise RunError(f"{path}: not a run folder (no {CONFIG})") from None
    except OSError as error:
        raise _failed(path / WEEKS, "cannot be read", error) from None


def _is_used(path: Path) -> bool:
    """Whether anything but a draft lies there. Raises RunError when it is no folder."""
    try:
        return any(not entry.name.endswith(".part") for entry in path.iterdir())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _failed(path, "cannot be used as a folder", error) from None


def _create(path: Path, config: RunConfig) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(path, "cannot be made", error) from None
    write_text(path / CONFIG, yaml.safe_dump(config.plain(), sort_keys=False, allow_unicode=True))


def _check_same(path: Path, config: RunConfig) -> None:
    """Refuse to resume a run under another config, naming the keys that differ."""
    old, new = read_config(path).flat(), config.flat()
    differing = [
        f"{key} ({old.get(key, 'none')} -> {new.get(key, 'none')})"
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    ]
    if differing:
        raise UsageError(f"{path}: cannot resume, the config differs in {', '.join(differing)}")


def _whole(path: Path) -> int:
    """The length in bytes of a file up to and with its last newline."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end > 0:
            start = max(end - 65536, 0)
            file.seek(start)
            cut = file.read(end - start).rfind(b"\n")
            if cut >= 0:
                return start + cut + 1
            end = start
    return 0


def _failed(path: Path, what: str, error: OSError) -> RunError:
    return RunError(f"{path}: {what}: {error.strerror or error}")
