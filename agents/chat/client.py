"""The chat client: one call with its slot, deadline, retries, cassette and books. Knows no coworkers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ...world.luck import draw
from .cassette import Cassette, Outcome
from .errors import CallFailed, CassetteMiss, Slip
from .ledger import Ledger
from .model_config import CassetteMode, ModelConfig
from .request import Completion, Request, body_of, key_of
from .wire import Attempt, Wire

LONGEST_PAUSE = 20.0
"""Seconds that a pause of our own lasts at most; a server's Retry-After counts as it stands."""


class ChatClient:
    """One model. Made once a run and shared by all who play with it, so that its slots bound all calls in flight."""

    def __init__(self, config: ModelConfig, ledger: Ledger | None = None) -> None:
        self.config = config
        self.ledger = ledger if ledger is not None else Ledger()
        self._wire = Wire(config)
        kept = config.cassette
        self._cassette = Cassette(kept.file) if kept and kept.mode != "off" else None
        self._mode: CassetteMode = kept.mode if kept else "off"
        self._recorded: set[str] = set()

    @property
    def offline(self) -> bool:
        """Whether nothing goes over the wire."""
        return self._mode == "replay"

    async def complete(self, request: Request, retries: int | None = None) -> Completion:
        """The model's answer. retries: attempts after the first, the model file's when None.

        Raises CallFailed, CassetteMiss, and Unusable when the endpoint cannot be called at all.
        """
        key = key_of(self.config, request) if self._cassette else ""
        outcome = self._kept(key)
        if outcome is None:
            if self.offline:
                raise CassetteMiss(f"{self._cassette_path()} holds no answer to this request of {request.who}")
            outcome = await self._called(request, self.config.retries if retries is None else retries)
            if self._cassette is not None:
                self._cassette.put(key, request.who, self.config, outcome)
                self._recorded.add(key)
            attempts = len(outcome.failure.slips) if outcome.failure else 0
        else:
            attempts = 0
        if outcome.failure is not None:
            self.ledger.failed(request.who, attempts)
            raise outcome.failure
        assert outcome.completion is not None
        self.ledger.answered(self.config, request.who, outcome.completion)
        return outcome.completion

    async def models(self) -> list[str]:
        """The models that the endpoint says it has; empty when it does not say."""
        return await self._wire.models()

    def _cassette_path(self) -> Path:
        assert self._cassette is not None
        return self._cassette.path

    def _kept(self, key: str) -> Outcome | None:
        """What the cassette holds, where its mode wants it: `auto` tries failures again, `record` what is old."""
        if self._cassette is None or (self._mode == "record" and key not in self._recorded):
            return None
        outcome = self._cassette.get(key)
        fresh = self._mode == "auto" and key not in self._recorded
        return None if fresh and outcome is not None and outcome.failure is not None else outcome

    async def _called(self, request: Request, retries: int) -> Outcome:
        """Attempts until one succeeds, no more may help, or the deadline is near."""
        slips: list[Slip] = []
        body, left = body_of(self.config, request), self.config.deadline_s
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                line = await self._wire.line()
                async with line.slots:
                    began = clock()
                    completion = await self._wire.attempt(body, min(self.config.timeout_s, left))
                await line.turnstile.through()
                return Outcome(completion._replace(slips=tuple(slips)))
            except Attempt as failed:
                slips.append(failed.slip)
                left -= clock() - began
                pause = self._pause(request, len(slips), failed)
                if not failed.again or len(slips) > retries or pause >= left:
                    return Outcome(None, CallFailed(tuple(slips), failed.status, failed.reached))
            left -= pause
            await asyncio.sleep(pause)

    def _pause(self, request: Request, tries: int, failed: Attempt) -> float:
        """Seconds until the next attempt: what the server asked for, else doubling, spread by keyed luck."""
        if failed.wait is not None:
            return failed.wait
        spread = 0.5 + draw(request.seed, request.who, f"backoff#{tries}")
        return min(self.config.backoff_s * 2 ** (tries - 1) * spread, LONGEST_PAUSE)
