"""Plans a week over readings, on the rules-only path: the best score, the best act, and what every other act loses.

A beam gives a good week, and a best-first branch and bound over `world.bounds` either proves it best ("exact") or
states how much better any week could be ("beam" with the bound). The planner knows the hidden facts and the luck: its
value is that of perfect information, which no policy that only sees observations can be expected to reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal, NamedTuple

from ..world.bounds import upper
from ..world.engine import start
from ..world.reading import Act, Qualities
from ..world.reference import GOOD
from ..world.scoring import WEIGHTS, Scores, score
from ..world.state import WeekState
from ..world.week import Week
from .menu import FULL, Branch, Choice, Move, after, asked, branches, every_branch, front, labelled

MARGIN = 1e-9
BEST_NOTE = 1.0
"""The note of a reply that is said as well as `GOOD` and suits its ask in kind (0..1)."""
BEST_REFUSAL = 1.0
"""The quality of a no with a reason, an alternative and a date, each as well as `GOOD` (0..1)."""
EXPANSIONS = 300
"""States that branch and bound opens by default: about a second on one core."""
POOR = Qualities(blame=0.9)
WORST_MENU: tuple[Act, ...] = ("accept", "decline", "ask", "ignore")


@dataclass(frozen=True)
class Search:
    """How a week is searched.

    weights: what is maximised; width: states that the beam keeps (0: only the usual moves are played out);
    expansions: states that branch and bound may open (0 when a weight is negative: its bounds are upper ones);
    usual: the policy that plays a week out from a state; thin: whether moves that others beat are left out (not when
    the worst is wanted).
    """

    weights: Scores = WEIGHTS
    width: int = 8
    expansions: int = 0
    menu: Sequence[Act] = FULL
    qualities: Qualities = GOOD
    usual: Callable[[WeekState], Move] = labelled
    thin: bool = True

    def branches(self, state: WeekState) -> list[Branch]:
        """The moves this search considers."""
        return (branches if self.thin else every_branch)(state, self.menu, self.qualities)


BEST = Search(expansions=EXPANSIONS)
BY_LABEL = Search(width=0)
QUICK = Search(width=2)
"""For the worth of many states: a few hundredths under `BEST` at the very most, a tenth of its time."""
WITHOUT_BOUNDARY = WEIGHTS._replace(boundary_setting=0.0)


class Plan(NamedTuple):
    """The best week found from a state: its value, its moves by event id, and how far from the best it can be at most.

    bound is an upper bound of any week from there; for "exact" it is the value itself.
    """

    value: float
    moves: Mapping[str, Move]
    end: WeekState
    kind: Literal["exact", "beam"]
    bound: float
    opened: int


class _Path(NamedTuple):
    state: WeekState
    moves: tuple[tuple[str, Move], ...]


class _Scored(NamedTuple):
    value: float
    path: _Path
    end: _Path


def plan_week(week: Week, search: Search = BEST) -> Plan:
    """The best week that can be found from Monday 06:00."""
    return plan(start(week), search)


def worst_week(week: Week) -> float:
    """The lowest total that a beam finds: bad answers, badly worded, or none. No policy is promised to be no worse."""
    downwards = Scores(*(-weight for weight in WEIGHTS))
    search = Search(downwards, 3, 0, WORST_MENU, POOR, usual=_silence, thin=False)
    return -plan(start(week), search).value


def look_ahead(week: Week) -> WeekState:
    """The end of a week under somebody who takes the move with the best reward of its own step and looks no further."""
    state = start(week)
    while state.end is None:
        state = max((branch.state for branch in branches(state)), key=lambda child: score(child).total)
    return state


def _silence(state: WeekState) -> Move:
    return tuple(Choice("ignore") for _ in asked(state))


def plan(state: WeekState, search: Search = BEST) -> Plan:
    """The best rest of a week from a state."""
    best = _beam(state, search)
    if search.expansions <= 0:
        return _told(best, "beam", 1.0, 0, search)
    return _branch_and_bound(state, best, search)


def value(state: WeekState, search: Search) -> float:
    """The weighted score of a state."""
    return _weigh(score(state), search.weights)


def _weigh(scores: Scores, weights: Scores) -> float:
    return sum(weight * part for weight, part in zip(weights, scores, strict=True))


def _told(best: _Path, kind: Literal["exact", "beam"], bound: float, opened: int, search: Search) -> Plan:
    worth = value(best.state, search)
    return Plan(worth, dict(best.moves), best.state, kind, max(bound, worth), opened)


def finish(state: WeekState, search: Search) -> _Path:
    """The rest of a week by the search's usual moves: what a state is worth to somebody sensible."""
    moves: tuple[tuple[str, Move], ...] = ()
    while state.event is not None:
        move = search.usual(state)
        moves = (*moves, (state.event.id, move))
        state = after(state, move, search.qualities)
    return _Path(state, moves)


def _beam(state: WeekState, search: Search) -> _Path:
    """Event by event the most promising states, judged by the rest of the week as the labels would have it."""
    best = finish(state, search)
    most = value(best.state, search)
    kept = [_Path(state, ())] if search.width > 0 and state.end is None else []
    while kept:
        found: list[_Scored] = []
        for path, branch in _expanded(kept, search):
            event = path.state.event
            assert event is not None  # ended paths are not expanded
            step = _Path(branch.state, (*path.moves, (event.id, branch.move)))
            rest = finish(branch.state, search)
            worth = value(rest.state, search)
            found.append(_Scored(worth, step, rest))
            if worth > most + MARGIN:
                most, best = worth, _Path(rest.state, (*step.moves, *rest.moves))
        found.sort(key=lambda scored: -scored.value)
        kept = [scored.path for scored in found[: search.width] if scored.path.state.end is None]
    return best


def _expanded(kept: Sequence[_Path], search: Search) -> list[tuple[_Path, Branch]]:
    """All branches of the kept paths, each world once."""
    found = [(path, branch) for path in kept for branch in search.branches(path.state)]
    if len(kept) == 1 or not search.thin:
        return found
    origin = {id(branch.state): path for path, branch in found}
    return [(origin[id(branch.state)], branch) for branch in front([branch for _, branch in found])]


def _branch_and_bound(state: WeekState, best: _Path, search: Search) -> Plan:
    """Open states by what they can still reach, until none can beat the best week known or the limit is met."""
    most, order = value(best.state, search), count()
    heap = [(-_most(state, search), next(order), _Path(state, ()))] if state.end is None else []
    opened = 0
    while heap and -heap[0][0] > most + MARGIN:
        if opened >= search.expansions:
            return _told(best, "beam", -heap[0][0], opened, search)
        path = heappop(heap)[2]
        opened += 1
        for branch in search.branches(path.state):
            assert path.state.event is not None  # only open weeks are on the heap
            step = _Path(branch.state, (*path.moves, (path.state.event.id, branch.move)))
            if branch.state.end is not None:
                worth = value(branch.state, search)
                if worth > most + MARGIN:
                    most, best = worth, step
                continue
            limit = _most(branch.state, search)
            if limit > most + MARGIN:
                heappush(heap, (-limit, next(order), step))
    return _told(best, "exact", most, opened, search)


def _most(state: WeekState, search: Search) -> float:
    return upper(state, BEST_NOTE, BEST_REFUSAL, search.weights)
