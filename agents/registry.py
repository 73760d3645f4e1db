"""Who can sit in Arjun's seat, by the spec a user writes: "careful", "act:defer", "fixed:TEXT", "py:MODULE:CLASS"."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module

from ..config import near_miss
from ..world.ports import Protagonist
from ..world.reading import ACTS
from .attacks import ATTACKS
from .baselines import FixedAct, FixedText, Greedy, Random
from .careful import Careful
from .chat.pool import Chats
from .hf import BadModel, HFProtagonist, local_model
from .human import Human
from .llm import LLMProtagonist, prompt_of
from .oracle import Oracle
from .weights import is_model, model_path

TRAINED = "trained"
"""The seat, and the name of the model that ships for it."""
_PLAIN: Mapping[str, Callable[[int], Protagonist]] = {
    "random": Random,
    "greedy": Greedy,
    "decliner": lambda seed: FixedAct("decline", seed),
    "ignorer": lambda seed: FixedText(""),
    "careful": Careful,
    "oracle": Oracle,
    "human": lambda seed: Human(),
    **ATTACKS,
}
_FORMS = ("act:ACT", "fixed:TEXT", "llm:NAME[@PROMPT]", "hf:FOLDER", "py:MODULE:CLASS")


class UnknownPolicy(ValueError):
    """A spec that names nobody; one line with the near miss or the known names."""


def names() -> tuple[str, ...]:
    """The known specs; capitals stand for what the user fills in."""
    return (*_PLAIN, TRAINED, *_FORMS)


def build(spec: str, seed: int = 0, chats: Chats | None = None) -> Protagonist:
    """The protagonist of a spec; scripted ones draw from (seed, week), models are the run's `chats`.

    Raises UnknownPolicy, and ConfigError for a broken model file.
    """
    if spec in _PLAIN:
        return _PLAIN[spec](seed)
    if spec == TRAINED:
        return _shipped(seed)
    head, colon, rest = spec.partition(":")
    if colon and head == "act":
        return _fixed_act(rest, seed)
    if colon and head == "fixed":
        return FixedText(rest)
    if rest and head == "llm":
        return _model(rest, seed, chats if chats is not None else Chats())
    if rest and head == "hf":
        return _local(rest, seed)
    if colon and head == "py":
        return _loaded(rest, seed)
    hint = near_miss(head, [name.partition(":")[0] for name in names()]) or f"known: {', '.join(names())}"
    raise UnknownPolicy(f"unknown policy {spec!r}; {hint}")


def _shipped(seed: int) -> Protagonist:
    """A seat at the trained model that ships with the package."""
    if not is_model(model_path(TRAINED)):
        raise UnknownPolicy(
            "policy 'trained': no such checkpoint ships with this installation (training/models/trained); make one "
            "with: wlf train ship RUN, or play a model folder with hf:FOLDER"
        )
    return _local(TRAINED, seed)


def _local(folder: str, seed: int) -> Protagonist:
    """A seat at the model of a folder, which all weeks share."""
    try:
        return HFProtagonist(local_model(str(model_path(folder))), seed)
    except BadModel as error:
        raise UnknownPolicy(str(error)) from None


def _model(rest: str, seed: int, chats: Chats) -> Protagonist:
    """A seat at a chat model, NAME or NAME@PROMPT."""
    return LLMProtagonist(chats.client(rest.partition("@")[0]), seed, prompt_of(rest))


def _fixed_act(act: str, seed: int) -> Protagonist:
    if act not in ACTS:
        hint = near_miss(act, ACTS) or f"known: {', '.join(ACTS)}"
        raise UnknownPolicy(f"unknown act {act!r}; {hint}")
    return FixedText("") if act == "ignore" else FixedAct(act, seed)


def _loaded(path: str, seed: int) -> Protagonist:
    """An instance of a user's own class, given `seed=` when its constructor takes one."""
    module, _, name = path.partition(":")
    if not module or not name:
        raise UnknownPolicy(f"'py:{path}' must be py:MODULE:CLASS")
    try:
        made = getattr(import_module(module), name)
    except ImportError as error:
        raise UnknownPolicy(f"'py:{path}': cannot import {module!r}: {error}") from None
    except AttributeError:
        raise UnknownPolicy(f"'py:{path}': module {module!r} has no {name!r}") from None
    if not isinstance(made, type) or not callable(getattr(made, "reply", None)):
        raise UnknownPolicy(f"'py:{path}': {name!r} is no class with an async reply(observation)")
    return made(seed=seed) if "seed" in inspect.signature(made).parameters else made()
