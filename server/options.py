"""What a client may ask for with a reset, and the week that this names. Refuses what it does not know."""

from __future__ import annotations

from secrets import randbelow, token_hex
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, ValidationError

from ..config import near_miss
from ..world.frozen import Frozen
from ..world.generator import FIRST_SEED, SEEDS_A_SPLIT, split_of
from ..world.scenario import Split
from .errors import WireError

RESERVED = "-twin-"
"""What an episode id of our own says of a twin week; records are rebuilt by it."""


def _printable(text: str) -> str:
    if not text.isprintable() or RESERVED in text:
        raise ValueError(f"must be printable text without {RESERVED!r}")
    return text


class ResetOptions(Frozen):
    """The arguments of a reset, all optional.

    seed: any whole number; the same one is the same week. split: train, validation or test; train when neither split
    nor a seed of another one is given. index: the index-th week of the split, instead of a seed. personas: person id ->
    the name of a shipped persona, or a persona file's text. coworkers: who sits there, such as "scripted". blind: keep
    scores out of observations until the week is over, for trainers that show the model everything they get.
    """

    seed: Annotated[int, Field(ge=0, le=2**63 - 1, strict=True)] | None = None
    episode_id: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_printable)] | None = None
    scenario: str | None = None
    split: Split | None = None
    index: Annotated[int, Field(ge=0, lt=SEEDS_A_SPLIT, strict=True)] | None = None
    personas: dict[str, str] = {}
    coworkers: str | None = None
    blind: Annotated[bool, Field(strict=True)] = False


class WeekChoice(NamedTuple):
    """A week by its seed and split, and what the episode is called."""

    seed: int
    split: Split


def parse(given: dict[str, Any]) -> ResetOptions:
    """The options of a reset. Raises WireError that names the argument, with the near miss of an unknown one."""
    try:
        return ResetOptions.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"])[:80]
    if first["type"] == "extra_forbidden":
        known = list(ResetOptions.model_fields)
        hint = near_miss(name, known) or f"known: {', '.join(known)}"
        raise WireError(f"reset: unknown argument {name!r}; {hint}")
    raise WireError(f"reset: {name}: {first['msg'].removeprefix('Value error, ')}")


def choose(options: ResetOptions) -> WeekChoice:
    """The week that was asked for; a drawn one of the split when neither seed nor index is given.

    Any seed names a week: one of the split's own is taken as it is, any other is folded into the split's 100,000.
    Raises WireError when seed and index are both given.
    """
    if options.index is not None:
        if options.seed is not None:
            raise WireError("reset: give seed or index, not both")
        split = options.split or "train"
        return WeekChoice(FIRST_SEED[split] + options.index, split)
    seed = randbelow(SEEDS_A_SPLIT) if options.seed is None else options.seed
    own = _split_of(seed) if options.seed is not None else None
    split = options.split or own or "train"
    return WeekChoice(seed if own == split else FIRST_SEED[split] + seed % SEEDS_A_SPLIT, split)


def episode_id(options: ResetOptions, scenario: str, seed: int) -> str:
    """What the client called the episode, else a name that no other episode has: a lost one cannot pass for it."""
    return options.episode_id or f"{scenario}-{seed}-{token_hex(4)}"


def _split_of(seed: int) -> Split | None:
    try:
        return split_of(seed)
    except ValueError:
        return None
