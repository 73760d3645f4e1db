"""Who sits where in a week, from the specs a user writes. Builds participants; runs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..agents import registry as protagonists
from ..agents.chat.errors import Unusable
from ..agents.chat.pool import Chats
from ..agents.oracle import Oracle
from ..config import near_miss
from ..stakeholders import judge as judges
from ..stakeholders import registry as coworkers
from ..stakeholders.judge import Judge
from ..stakeholders.reading.llm import LLMReader
from ..stakeholders.reading.local import LocalReader
from ..world.persona import Persona
from ..world.ports import Protagonist, Reader, Stakeholder
from .errors import UsageError

READERS = ("local", "llm:NAME")


@dataclass(frozen=True)
class Seats:
    """Everyone in one week. policy and specs are what the record calls the protagonist and each coworker.

    judge: who judges the replies from outside, None for nobody.
    """

    protagonist: Protagonist
    reader: Reader
    coworkers: Mapping[str, Stakeholder]
    policy: str
    specs: Mapping[str, str]
    judge: Judge | None = None


@dataclass(frozen=True)
class SeatPlan:
    """The seats of many weeks: reader, coworkers and models are shared, the protagonist is made anew for every week."""

    policy: str
    reader: Reader
    coworkers: Mapping[str, Stakeholder]
    specs: Mapping[str, str]
    chats: Chats = field(default_factory=Chats)
    judge: Judge | None = None

    def seats(self, seed: int) -> Seats:
        """Everyone for the week of a seed, so that no week depends on which ones ran before it."""
        protagonist = build_protagonist(self.policy, seed, self.reader, self.chats)
        return Seats(protagonist, self.reader, self.coworkers, self.policy, self.specs, self.judge)


def plan(
    personas: Mapping[str, Persona],
    policy: str,
    coworker_specs: str = "scripted",
    reader: str = "local",
    judge: str = "none",
) -> SeatPlan:
    """Check the specs and build who is shared; no model is called yet.

    Raises UsageError, and ConfigError for a broken voice, persona or model file.
    """
    specs = parse_coworkers(coworker_specs, tuple(personas))
    chats = Chats()
    judging = build_judge(judge, chats)
    build_protagonist(policy, 0, chats=chats)
    try:
        seated = {who: coworkers.build(specs[who], persona, chats) for who, persona in personas.items()}
    except Unusable as error:
        raise UsageError(str(error)) from None
    return SeatPlan(policy, build_reader(reader, chats), seated, specs, chats, judging)


def build_protagonist(spec: str, seed: int, reader: Reader | None = None, chats: Chats | None = None) -> Protagonist:
    """Who writes the replies; the oracle proofreads with the week's reader, the local one's where a model reads.

    A model is one of `chats`.

    Raises UsageError with the near miss, and ConfigError for a broken model file.
    """
    if spec == "oracle":
        return Oracle(seed, reader.local if isinstance(reader, LLMReader) else reader)
    try:
        return protagonists.build(spec, seed, chats)
    except protagonists.UnknownPolicy as error:
        raise UsageError(str(error)) from None
    except Exception as error:
        if _head(spec) != "py":
            raise
        raise UsageError(f"policy {spec!r} cannot be made: {type(error).__name__}: {error}") from error


def build_reader(spec: str, chats: Chats | None = None) -> Reader:
    """Who reads the replies; a model is one of `chats`. Raises UsageError, and ConfigError for a broken model file."""
    local = LocalReader()
    if spec == "local":
        return local
    head, _, name = spec.partition(":")
    if head != "llm" or not name:
        _refuse("reader", spec, READERS)
    return LLMReader((chats if chats is not None else Chats()).client(name), name, local)


def build_judge(spec: str, chats: Chats) -> Judge | None:
    """Who judges the replies, None for nobody. Raises UsageError, and ConfigError for a broken model file."""
    if not judges.known(spec):
        _refuse("judge", spec, judges.FORMS)
    return judges.build(spec, chats)


def parse_coworkers(spec: str, cast: Sequence[str]) -> dict[str, str]:
    """A spec for everyone of the cast, from e.g. "scripted,priya=human". Raises UsageError: unknown person or seat."""
    rest, named = "scripted", dict[str, str]()
    for part in (part.strip() for part in spec.split(",")):
        who, equals, seat = _parted(part)
        if equals and who not in cast:
            hint = near_miss(who, cast) or f"known: {', '.join(cast)}"
            raise UsageError(f"--coworkers: unknown person {who!r}; {hint}")
        if not coworkers.known(seat):
            _refuse("coworker", seat, coworkers.FORMS)
        if equals:
            named[who] = seat
        else:
            rest = seat
    return {who: named.get(who, rest) for who in cast}


def _parted(part: str) -> tuple[str, str, str]:
    """("priya", "=", "human"), or ("", "", seat): an equals sign inside a file name parts nothing."""
    who, equals, seat = part.partition("=")
    return (who, equals, seat) if equals and ":" not in who else ("", "", part)


def _head(spec: str) -> str:
    return spec.partition(":")[0]


def _refuse(role: str, spec: str, known: Sequence[str]) -> None:
    """Raise the UsageError of an unknown spec, with its near miss."""
    head = _head(spec)
    near = near_miss(head, [_head(name) for name in known]) if head not in map(_head, known) else ""
    hint = near or f"known: {', '.join(known)}"
    raise UsageError(f"unknown {role} {spec!r}; {hint}")
