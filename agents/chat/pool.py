"""The models of one run: every name built once, with one ledger for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .cassette import Cassette
from .client import ChatClient
from .ledger import Ledger
from .marks import file_mark
from .model_config import CassetteConfig, ModelConfig, load_model
from .preflight import check


class Chats:
    """Clients by the name of their model file, and by the cassette they play from."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self._clients: dict[str, ChatClient] = {}

    def client(self, name: str) -> ChatClient:
        """The client of configs/models/NAME.yaml or of a file. Raises ConfigError."""
        return self._made(f"llm:{name}", lambda: load_model(name))

    def cassette(self, file: str, who: str) -> ChatClient:
        """A client that only replays what `who` said in a cassette. Raises Unusable."""
        config = Cassette(Path(file)).config_for(who)
        replayed = config.model_copy(update={"cassette": CassetteConfig(file=file, mode="replay")})
        return self._made(f"cassette:{file}:{replayed.model_dump_json()}", lambda: replayed)

    def marks(self) -> dict[str, str]:
        """The mark of every model in use, by the name of its file."""
        made = {spec.partition(":")[2]: client for spec, client in self._clients.items() if spec.startswith("llm:")}
        return {name: file_mark(client.config) for name, client in sorted(made.items())}

    async def check(self) -> None:
        """Whether every model can be used; asks each once. Raises Unusable."""
        for client in self._clients.values():
            await check(client)

    def __bool__(self) -> bool:
        return bool(self._clients)

    def _made(self, key: str, config: Callable[[], ModelConfig]) -> ChatClient:
        if key not in self._clients:
            self._clients[key] = ChatClient(config(), self.ledger)
        return self._clients[key]
