"""One decision as token ids, in Gemma's turn format: what he sees, then his reply. Knows no model and no torch.

A row of one decision and a row of a whole week are made of the same turns: ids are appended, never tokenised again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..world.observation import Observation
from .prompt import compact

START, END = "<start_of_turn>", "<end_of_turn>"
USER, MODEL = "user", "model"


class TurnFormat:
    """Turns of a Hugging Face tokenizer that knows Gemma's marks.

    `end_ids` are the ids that end a reply, the end-of-turn mark first. Raises ValueError when the tokenizer has no
    such marks.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - transformers sets its tokenizers' marks at run time
        self._tokenizer = tokenizer
        self._marks = tuple(str(mark) for mark in tokenizer.all_special_tokens if mark)
        start, end = self._encoded(START), self._encoded(END)
        if len(start) != 1 or len(end) != 1 or tokenizer.bos_token_id is None:
            raise ValueError(f"no tokenizer of a Gemma: {START} and {END} are not one token each, or no <bos>")
        self.bos_id = int(tokenizer.bos_token_id)
        self.end_ids: tuple[int, ...] = tuple(
            dict.fromkeys(int(i) for i in (end[0], tokenizer.eos_token_id) if i is not None)
        )
        self._head = [*start, *self._encoded(f"{USER}\n")]
        self._tail = [end[0], *self._encoded("\n"), *start, *self._encoded(f"{MODEL}\n")]
        self._between = self._encoded("\n")

    def ids(self, obs: Observation, first: bool) -> list[int]:
        """The turn up to where the reply begins; the first of a row opens with <bos>, later ones with a line break."""
        return self.turn_ids(compact(obs), first)

    def turn_ids(self, seen: str, first: bool) -> list[int]:
        """The same for a text in place of an observation; marks inside the text are only text."""
        opening = [self.bos_id] if first else self._between
        return [*opening, *self._head, *self._encoded(self._plain(seen)), *self._tail]

    def reply_ids(self, text: str) -> list[int]:
        """A reply as a row holds it, with the end-of-turn mark; for examples, never for what was sampled."""
        return [*self._encoded(self._plain(text)), self.end_ids[0]]

    def text(self, ids: Iterable[int]) -> str:
        """What was said, up to the first end mark."""
        return str(self._tokenizer.decode(self._said(ids), skip_special_tokens=True)).strip()

    def _said(self, ids: Iterable[int]) -> list[int]:
        said: list[int] = []
        for token in ids:
            if int(token) in self.end_ids:
                break
            said.append(int(token))
        return said

    def _encoded(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _plain(self, text: str) -> str:
        """A mark that somebody typed is broken up, so that no text can end a turn or begin one."""
        for mark in self._marks:
            text = text.replace(mark, f"{mark[:1]} {mark[1:]}")
        return text
