"""Who is measured: scripted references and model folders, each with its role and the mark of its weights. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from ...agents.hf import NOTES, BadModel, ModelNotes, read_notes
from ...agents.weights import is_model, model_path
from ...config import read_yaml
from ...episodes.errors import UsageError
from ..folder import CONFIG, FINAL
from ..settings import TrainSettings
from ..warm_config import MADE

Role = Literal["oracle", "careful", "clone", "untrained", "trained", "other"]
ORACLE, CAREFUL, CLONE, UNTRAINED, TRAINED = "oracle", "careful", "clone", "untrained", "trained"
DECIDING = ("*.safetensors", "*.bin", "*.json", "*.jinja", "*.model")
"""Files of a model folder that decide what it says; reports and metrics do not."""
NOT_DECIDING = frozenset({"report.json", MADE, "trainer_state.json"})


@dataclass(frozen=True)
class Player:
    """One column of the table. spec: as `wlf run --policy` takes it; mark: 12 hex digits of its files, "" for a script.

    label: the model folder as it may be written into a file that others read; run: its training run, None without one.
    """

    name: str
    role: Role
    spec: str
    label: str
    mark: str = ""
    run: Path | None = None


def scripted(role: Literal["oracle", "careful"]) -> Player:
    """A reference: the careful agent, or the oracle as `wlf run` seats it, which proofreads with the week's reader."""
    return Player(role, role, role, role)


def model_player(path: Path, role: Role, name: str | None = None) -> Player:
    """The player of a model folder, or of a training run, whose `final` it is. Raises UsageError: no such folder."""
    folder = model_folder(path)
    run = path if folder != path else None
    return Player(name or _name(path), role, f"hf:{folder}", label(path), mark(folder), run)


def model_folder(path: Path) -> Path:
    """The model folder of a path: the `final` of a training run, or the folder itself. Raises UsageError."""
    for folder in (path / FINAL, path):
        if is_model(folder):
            return folder
    unfinished = (path / CONFIG).is_file()
    why = "the training run has no final model yet" if unfinished else "no model folder (config.json is missing)"
    raise UsageError(f"{path}: {why}")


def mark(folder: Path) -> str:
    """12 hex digits of every file that decides what a model folder says. Raises UsageError for a broken one."""
    try:
        read_notes(folder)
        found = {file for pattern in DECIDING for file in folder.glob(pattern) if file.name not in NOT_DECIDING}
        made = sha256()
        for file in sorted(found):
            made.update(f"{file.name}|{file.stat().st_size}|".encode())
            with file.open("rb") as opened:
                while block := opened.read(1 << 20):
                    made.update(block)
    except BadModel as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read: {error.strerror or error}") from None
    return made.hexdigest()[:12]


def label(path: Path) -> str:
    """A path for the record: relative ones as they are, absolute ones by their last part, so that no machine shows."""
    return path.as_posix() if not path.is_absolute() else _name(path)


def begun_from(run: Path) -> Path | None:
    """The model folder that a training run started from, None for a bare model folder. Raises ConfigError."""
    file = run / CONFIG
    return model_path(read_yaml(file, TrainSettings).model) if file.is_file() else None


def players(
    runs: Sequence[Path],
    untrained: Path | None = None,
    clone: Path | None = None,
    also: Mapping[str, Path] | None = None,
) -> list[Player]:
    """Everybody in the order of the table's columns: references, the clone, the untrained, the trained, the others.

    runs: one training run or model folder a seed. untrained: by default what the first run started from.
    Raises UsageError: no such folder, two of one name, or nobody to start from; ConfigError.
    """
    start = untrained or begun_from(runs[0])
    if start is None:
        raise UsageError(f"{runs[0]}: a bare model folder does not say where it began: name it with --untrained")
    found = [scripted("oracle"), scripted("careful")]
    found += [model_player(clone, "clone", CLONE)] if clone else []
    found.append(model_player(start, "untrained", UNTRAINED))
    found += [model_player(run, "trained") for run in runs]
    found += [model_player(path, "other", name) for name, path in (also or {}).items()]
    # "trained" is the column of all seeds together.
    names = [player.name for player in found] + [TRAINED]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"two columns would be called {twice[0]!r}: rename a folder")
    return found


def _name(path: Path) -> str:
    """What a folder is called: its own name, or its run's for a `final`."""
    whole = path.resolve()
    return whole.parent.name if whole.name == FINAL else whole.name


def notes_of(player: Player) -> ModelNotes | None:
    """What the model folder says of its making and of how it is played, None for a script. Raises UsageError."""
    head, _, folder = player.spec.partition(":")
    if head != "hf" or not (Path(folder) / NOTES).is_file():
        return None
    try:
        return read_notes(Path(folder))
    except BadModel as error:
        raise UsageError(str(error)) from None
