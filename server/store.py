"""The weeks that were served, in a run folder like any other: each is on disk as soon as it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from ..episodes.errors import RunError
from ..episodes.record import WeekRecord
from ..episodes.runs import RunConfig, RunFolder, fresh, weeks_in
from ..episodes.summary import summarize

log = logging.getLogger(__name__)


class Served:
    """Takes in finished weeks from any thread. The folder is made with the first week, or by `open`."""

    def __init__(self, path: Path, config: Callable[[], RunConfig]) -> None:
        """A folder beside `path` when that is used already; `config` is asked for when it is made."""
        self._wanted = path
        self._config = config
        self._folder: RunFolder | None = None
        self._lock = Lock()
        self.weeks = 0

    def open(self) -> Path:
        """Make the folder now, and say where. Raises RunError when the disk refuses."""
        with self._lock:
            return self._opened().path

    def append(self, record: WeekRecord) -> None:
        """Write one week. A disk that refuses is logged: a client's week does not end because of it."""
        try:
            with self._lock:
                self._opened().append(record)
                self.weeks += 1
        except RunError as error:
            log.error("week %s is not recorded: %s", record.episode_id, error)

    def close(self) -> None:
        """Write the summary and close the file; weeks are safe without it."""
        with self._lock:
            folder, self._folder = self._folder, None
            if folder is None:
                return
            with folder:
                if not self.weeks:
                    return
                try:
                    folder.summarize(summarize(weeks_in(folder.path), self._config()))
                except RunError as error:
                    log.error("no summary: %s", error)

    def _opened(self) -> RunFolder:
        if self._folder is None:
            self._folder = RunFolder(fresh(self._wanted), self._config(), resume=False)
        return self._folder
