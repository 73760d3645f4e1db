"""Recorded exchanges with models in one SQLite file, keyed by the full request. Failures are kept too."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from .errors import CallFailed, Slip, Unusable
from .model_config import ModelConfig
from .request import Completion

BUSY_S = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS configs (id INTEGER PRIMARY KEY, config TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS exchanges (key TEXT PRIMARY KEY, who TEXT NOT NULL, config INTEGER NOT NULL,
                                      outcome TEXT NOT NULL) WITHOUT ROWID;
"""


class Outcome(NamedTuple):
    """How a call ended: with an answer, or as a failure."""

    completion: Completion | None
    failure: CallFailed | None = None


class Cassette:
    """One file. Every use opens it anew, so that it serves any thread and process and needs no closing."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def get(self, key: str) -> Outcome | None:
        """The outcome of a request, or None when it was never recorded. Raises Unusable: not a cassette."""
        if not self.path.exists():
            return None
        with self._open() as db:
            row = db.execute("SELECT outcome FROM exchanges WHERE key = ?", (key,)).fetchone()
        return _read(row[0]) if row else None

    def put(self, key: str, who: str, config: ModelConfig, outcome: Outcome) -> None:
        """Keep an outcome, in the place of an earlier one. Raises Unusable: cannot be written."""
        text = config.model_dump_json(by_alias=True, exclude={"cassette"})
        with self._open() as db, db:
            db.execute("INSERT OR IGNORE INTO configs (config) VALUES (?)", (text,))
            (number,) = db.execute("SELECT id FROM configs WHERE config = ?", (text,)).fetchone()
            row = (key, who, number, _written(outcome))
            db.execute("INSERT OR REPLACE INTO exchanges (key, who, config, outcome) VALUES (?, ?, ?, ?)", row)

    def config_for(self, who: str) -> ModelConfig:
        """The model that played a person when this was recorded. Raises Unusable: no such file, or nobody recorded."""
        if not self.path.is_file():
            raise Unusable(f"{self.path}: no such cassette")
        query = "SELECT c.config FROM exchanges e JOIN configs c ON c.id = e.config WHERE e.who = ? LIMIT 1"
        with self._open() as db:
            row = db.execute(query, (who,)).fetchone()
        if row is None:
            raise Unusable(f"{self.path}: this cassette holds nothing of {who}")
        return ModelConfig.model_validate_json(row[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_S)) as db:
                db.execute("PRAGMA synchronous = NORMAL")
                db.executescript(_TABLES)
                yield db
        except sqlite3.Error as error:
            raise Unusable(f"{self.path}: cannot be used as a cassette: {error}") from None


def _written(outcome: Outcome) -> str:
    if outcome.completion is not None:
        return json.dumps({"completion": outcome.completion._asdict()}, ensure_ascii=False)
    failure = outcome.failure
    assert failure is not None
    plain = {"slips": failure.slips, "status": failure.status, "reached": failure.reached}
    return json.dumps({"failure": plain}, ensure_ascii=False)


def _read(text: str) -> Outcome:
    plain = json.loads(text)
    if "completion" in plain:
        kept = plain["completion"]
        slips = tuple(Slip(*slip) for slip in kept["slips"])
        return Outcome(Completion(**{**kept, "slips": slips, "replayed": True}))
    kept = plain["failure"]
    slips = tuple(Slip(*slip) for slip in kept["slips"])
    return Outcome(None, CallFailed(slips, kept["status"], kept["reached"]))
