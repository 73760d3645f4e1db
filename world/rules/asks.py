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
    tuning = state.week.recipe.tuning
    if deed.takes:
        return hurt(state._replace(owed=state.owed + deed.minutes, form=0.0), deed.person, tuning.form_rushed)
    asked = deed.reading.act in ("ask", "unclear")
    return hurt(state, deed.person, tuning.form_rushed if asked else tuning.form_missing)


def repair(state: WeekState, deed: Deed) -> WeekState:
    """Sundar wants the client calmed: a careful note, or two people who lose patience."""
    if deed.takes:
        return promise(state, deed, deed.minutes)
    by = state.week.recipe.tuning.repair_refused
    state = hurt(state, deed.person, by)
    client = state.week.spec(deed.event.about).sender if deed.event.about else deed.person
    return hurt(state, client, by) if client in state.minds else state


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
    tuning = state.week.recipe.tuning
    if deed.takes:
        return lift(state._replace(owed=state.owed + deed.minutes), deed.person, tuning.presented)
    if deed.refuses:
        return state._replace(energy=min(state.energy + tuning.review_moved, tuning.rested))
    return hurt(state, deed.person, tuning.review_missed)


def page(state: WeekState, deed: Deed) -> WeekState:
    """A page at night: fix it, hand it to the secondary, or clean up in the morning."""
    tuning = state.week.recipe.tuning
    if deed.takes:
        drain = deed.minutes / 60 * tuning.drain_hour * tuning.night_drain
        return state._replace(energy=max(state.energy - drain, 0.0), short=state.short + tuning.page_sleep_lost)
    state = state._replace(short=state.short + tuning.page_handed_lost)
    if deed.reading.act in ("delegate", "escalate"):
        return hurt(state, deed.person, tuning.page_handed)
    luck = draw(state.week.seed, deed.event.id, "ignored page")
    spread = 1 + tuning.page_ignored_spread * (2 * luck - 1)
    return hurt(
        state._replace(owed=state.owed + tuning.page_ignored_minutes * spread), deed.person, tuning.page_ignored
    )
