"""What all sessions of one server share: its limits, the seats of every cast that was asked for, the run folder."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import NamedTuple

from ..config import ConfigError, load_recipe, names, near_miss
from ..episodes.errors import UsageError
from ..episodes.loop import make_driver
from ..episodes.runs import RunConfig
from ..episodes.seats import SeatPlan, parse_coworkers, plan
from ..episodes.session import Driver
from ..episodes.versions import persona_marks, versions
from ..world.week import Recipe
from .deadline import Deadline
from .errors import WireError
from .limits import Limits
from .options import ResetOptions
from .store import Served

POLICY = "openenv"
"""What records call a protagonist who plays over the wire."""
CREWS = 16
"""Casts kept ready; the one longest unused is forgotten."""
PERSONA_CHARS = 20_000
FRONT_MATTER = "---"


class Crew(NamedTuple):
    """Everything a week needs but the week: the recipe, who sits where, and how a reply travels.

    marks and versions are what a client may know of them: person id -> mark of the persona, and what scores depend on.
    """

    recipe: Recipe
    seats: SeatPlan
    driver: Driver
    marks: dict[str, str]
    versions: dict[str, str]


class Host:
    """One per server, or per process without one. Safe to use from several threads."""

    def __init__(self, limits: Limits | None = None, keep: bool = False) -> None:
        """`keep`: whether weeks are recorded in the folder of the limits."""
        self.limits = limits or Limits()
        self.served = Served(self.limits.folder, self._run_config) if keep and self.limits.folder else None
        self._crews: OrderedDict[tuple[str, ...], Crew] = OrderedDict()
        self._lock = RLock()
        self._drafts: TemporaryDirectory[str] | None = None

    def check(self) -> None:
        """Whether weeks can be served at all. Raises UsageError, ConfigError and RunError."""
        self.limits.check()
        self._built(self.limits.scenario, {}, self.limits.coworkers)
        if self.served is not None:
            self.served.open()

    def crew(self, options: ResetOptions) -> Crew:
        """The cast that a reset asks for. Raises WireError when it asks for something that is not there."""
        scenario = options.scenario or self.limits.scenario
        if scenario != self.limits.scenario and scenario not in names("scenarios"):
            hint = near_miss(scenario, names("scenarios")) or f"known: {', '.join(names('scenarios'))}"
            raise WireError(f"reset: unknown scenario {scenario!r}; {hint}")
        try:
            return self._built(scenario, options.personas, options.coworkers or self.limits.coworkers)
        except (UsageError, ConfigError) as error:
            raise WireError(f"reset: {_outward(str(error))}") from None

    def close(self) -> None:
        """Finish the run folder and remove what was only kept while serving."""
        if self.served is not None:
            self.served.close()
        with self._lock:
            self._crews.clear()
            if self._drafts is not None:
                self._drafts.cleanup()
                self._drafts = None

    def _built(self, scenario: str, personas: dict[str, str], coworkers: str) -> Crew:
        key = (scenario, coworkers, *(f"{who}\0{given}" for who, given in sorted(personas.items())))
        with self._lock:
            if key not in self._crews:
                recipe = load_recipe(scenario, {who: self._persona(given) for who, given in personas.items()})
                self._crews[key] = self._crew(recipe, self._seated(recipe, coworkers))
                while len(self._crews) > CREWS:
                    self._crews.popitem(last=False)
            self._crews.move_to_end(key)
            return self._crews[key]

    def _crew(self, recipe: Recipe, seats: SeatPlan) -> Crew:
        driver = make_driver(self.limits.driver, seats)
        depends = versions(recipe, seats.reader).model_dump()
        return Crew(recipe, seats, driver, persona_marks(recipe), depends)

    def _seated(self, recipe: Recipe, coworkers: str) -> SeatPlan:
        """The seats, with a deadline for everyone who is not scripted. Raises UsageError."""
        cast = tuple(recipe.personas)
        allowed = {"scripted", *parse_coworkers(self.limits.coworkers, cast).values()}
        for who, spec in parse_coworkers(coworkers, cast).items():
            if spec not in allowed:
                raise UsageError(f"{who}={spec}: this server seats {', '.join(sorted(allowed))} only")
            if spec == "human":
                raise UsageError(f"{who}=human: nobody sits at a server's terminal")
        seats = plan(recipe.personas, "ignorer", coworkers)
        timed = {
            who: stakeholder if seats.specs[who] == "scripted" else Deadline(stakeholder, self.limits.step_seconds)
            for who, stakeholder in seats.coworkers.items()
        }
        return replace(seats, policy=POLICY, coworkers=timed)

    def _persona(self, given: str) -> Path | str:
        """A persona that was sent as text becomes a file of ours; a name must be of a shipped one."""
        if not given.startswith(FRONT_MATTER):
            if given not in names("personas"):
                hint = near_miss(given, names("personas")) or "send a name or a persona file's text"
                raise UsageError(f"unknown persona {given[:80]!r}; {hint}")
            return given
        if len(given) > PERSONA_CHARS:
            raise UsageError(f"a persona of {len(given)} characters; {PERSONA_CHARS} at most")
        if self._drafts is None:
            self._drafts = TemporaryDirectory(prefix="wlf-personas-")
        path = Path(self._drafts.name) / f"{sha256(given.encode('utf-8', 'replace')).hexdigest()[:16]}.md"
        if not path.exists():
            path.write_text(given, encoding="utf-8", errors="replace")
        return path

    def _run_config(self) -> RunConfig:
        """What config.yaml says of the weeks served: the defaults; each week's record has its own."""
        crew = self._built(self.limits.scenario, {}, self.limits.coworkers)
        return RunConfig(
            policy=POLICY,
            coworkers=dict(crew.seats.specs),
            reader="local",
            judge="none",
            scenario=crew.recipe.scenario.id,
            split="served",
            seed=0,
            weeks=0,
            driver=self.limits.driver,
            personas=crew.marks,
            versions=versions(crew.recipe, crew.seats.reader),
        )


def _outward(message: str) -> str:
    """A message without the file that a sent persona was put in: the client knows it as its own text."""
    return re.sub(r"\S*wlf-personas-[^:]*:(\d+)", r"the persona sent, line \1", " ".join(message.split()))
