"""Rules of the asks that are plain work: a task, a blocker, the form, a repair, an extra, a returned favour."""

from __future__ import annotations

from ..luck import draw
from ..state import WeekState
from .common import Deed, hurt, lift, meet, overlooked, promise, refuse


def task(state: WeekState, deed: Deed) -> WeekState:
    """Work for someone: taken on it becomes a promise, refused it costs what the need was worth."""
    if deed.takes:
        open_already = any(p.thread == deed.thread and p.status != "broken" for p in state.promises)
        return meet(state if open_already else promise(state, deed, deed.minutes), deed)
    return state if deed.reading.act in ("ask", "unclear") else refuse(state, deed)


def unblock(state: WeekState, deed: Deed) -> WeekState:
    """A task that also blocks its person while the need is real, until the promise is kept."""
    if deed.need == "real" and not any(p.thread == deed.thread for p in state.promises):
        state = state._replace(blocked=True)
    return task(state, deed)


def form(state: WeekState, deed: Deed) -> WeekState:
    """The appraisal form: taken on it is a promise; refused or ignored it stays open."""
    if deed.takes and not any(p.thread == deed.thread and p.status == "open" for p in state.promises):
        return meet(promise(state, deed, state.form), deed)
    return overlooked(state, deed) if deed.refuses else state


def late_form(state: WeekState, deed: Deed) -> WeekState:
    """The form on its last day: filled in a hurry, or late, and Sundar has to explain it."""
    if deed.takes:
        return hurt(state._replace(owed=state.owed + deed.minutes, form=0.0), deed.person, 0.04)
    return hurt(state, deed.person, 0.04 if deed.reading.act in ("ask", "unclear") else 0.12)


def repair(state: WeekState, deed: Deed) -> WeekState:
    """Sundar wants the client calmed: a careful note, or two people who lose patience."""
    if deed.takes:
        return promise(state, deed, deed.minutes)
    return hurt(hurt(state, deed.person, 0.05), "david", 0.05) if "david" in state.minds else state


def creep(state: WeekState, deed: Deed) -> WeekState:
    """One more thing before the demo: pays in a smile now, costs the evening before."""
    return promise(state, deed, deed.minutes) if deed.takes else state


def favour(state: WeekState, deed: Deed) -> WeekState:
    """A returned favour: someone does an hour of his sprint, if he lets them."""
    if not deed.takes:
        return state
    return state._replace(backlog=max(state.backlog - deed.minutes, state.done))


def rest(state: WeekState, deed: Deed) -> WeekState:
    """A morning after too little sleep: presenting anyway takes an hour, moving it lets him recover a little."""
    if deed.takes:
        return lift(state._replace(owed=state.owed + deed.minutes), deed.person, 0.02)
    if deed.refuses:
        return state._replace(energy=min(state.energy + 0.03, state.week.recipe.tuning.rested))
    return hurt(state, deed.person, 0.03)


def page(state: WeekState, deed: Deed) -> WeekState:
    """A page at night: fix it, hand it to the secondary, or clean up in the morning."""
    tuning = state.week.recipe.tuning
    if deed.takes:
        drain = deed.minutes / 60 * tuning.drain_hour * tuning.night_drain
        return state._replace(energy=max(state.energy - drain, 0.0), short=state.short + tuning.page_sleep_lost)
    state = state._replace(short=state.short + tuning.page_handed_lost)
    if deed.reading.act in ("delegate", "escalate"):
        return hurt(state, deed.person, 0.03)
    luck = draw(state.week.seed, deed.event.id, "ignored page")
    return hurt(state._replace(owed=state.owed + tuning.page_ignored_minutes * (0.75 + 0.5 * luck)), deed.person, 0.06)
