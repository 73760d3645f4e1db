"""Who sits where in a week, from the specs a user writes. Builds participants; runs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..agents import registry as protagonists
from ..agents.oracle import Oracle
from ..config import near_miss
from ..stakeholders import registry as coworkers
from ..stakeholders.reading.local import LocalReader
from ..world.persona import Persona
from ..world.ports import Protagonist, Reader, Stakeholder
from .errors import UsageError

LATER = {"trained": 5, "hf": 5, "llm": 6, "cassette": 6}
"""Specs that CONTRACT names and a later issue builds."""
READERS = ("local", "llm:NAME")
JUDGES = ("none", "llm:NAME")


@dataclass(frozen=True)
class Seats:
    """Everyone in one week. policy and specs are what the record calls the protagonist and each coworker."""

    protagonist: Protagonist
    reader: Reader
    coworkers: Mapping[str, Stakeholder]
    policy: str
    specs: Mapping[str, str]


@dataclass(frozen=True)
class SeatPlan:
    """The seats of many weeks: reader and coworkers are shared, the protagonist is made anew for every week."""

    policy: str
    reader: Reader
    coworkers: Mapping[str, Stakeholder]
    specs: Mapping[str, str]

    def seats(self, seed: int) -> Seats:
        """Everyone for the week of a seed, so that no week depends on which ones ran before it."""
        protagonist = build_protagonist(self.policy, seed, self.reader)
        return Seats(protagonist, self.reader, self.coworkers, self.policy, self.specs)


def plan(
    personas: Mapping[str, Persona],
    policy: str,
    coworker_specs: str = "scripted",
    reader: str = "local",
    judge: str = "none",
) -> SeatPlan:
    """Check the specs and build who is shared. Raises UsageError, and ConfigError for a broken voice or persona."""
    specs = parse_coworkers(coworker_specs, tuple(personas))
    if judge != "none":
        _refuse("judge", judge, JUDGES)
    build_protagonist(policy, 0)
    seated = {who: coworkers.build(specs[who], persona) for who, persona in personas.items()}
    return SeatPlan(policy, build_reader(reader), seated, specs)


def build_protagonist(spec: str, seed: int, reader: Reader | None = None) -> Protagonist:
    """Who writes the replies; the oracle proofreads with the week's reader. Raises UsageError with the near miss."""
    if spec == "oracle":
        return Oracle(seed, reader)
    if _head(spec) in LATER:
        _refuse("policy", spec, protagonists.names())
    try:
        return protagonists.build(spec, seed)
    except protagonists.UnknownPolicy as error:
        raise UsageError(str(error)) from None
    except Exception as error:
        if _head(spec) != "py":
            raise
        raise UsageError(f"policy {spec!r} cannot be made: {type(error).__name__}: {error}") from error


def build_reader(spec: str) -> Reader:
    """Who reads the replies. Raises UsageError."""
    if spec != "local":
        _refuse("reader", spec, READERS)
    return LocalReader()


def parse_coworkers(spec: str, cast: Sequence[str]) -> dict[str, str]:
    """A spec for everyone of the cast, from e.g. "scripted,priya=human". Raises UsageError: unknown person or seat."""
    rest, named = "scripted", dict[str, str]()
    for part in (part.strip() for part in spec.split(",")):
        who, equals, seat = part.rpartition("=")
        if equals and who not in cast:
            hint = near_miss(who, cast) or f"known: {', '.join(cast)}"
            raise UsageError(f"--coworkers: unknown person {who!r}; {hint}")
        if _head(seat) not in coworkers.SEATS:
            _refuse("coworker", seat, (*coworkers.SEATS, "llm:NAME", "cassette:FILE"))
        if equals:
            named[who] = seat
        else:
            rest = seat
    return {who: named.get(who, rest) for who in cast}


def _head(spec: str) -> str:
    return spec.partition(":")[0]


def _refuse(role: str, spec: str, known: Sequence[str]) -> None:
    """Raise the UsageError of a spec: not built yet, or unknown with its near miss."""
    if _head(spec) in LATER:
        raise UsageError(f"{role} {spec!r} is not built yet: issue {LATER[_head(spec)]}")
    hint = near_miss(_head(spec), [_head(name) for name in known]) or f"known: {', '.join(known)}"
    raise UsageError(f"unknown {role} {spec!r}; {hint}")
