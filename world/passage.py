"""The passage of time, by segments of a day: work and promises, evenings, nights, and what falls due."""

from __future__ import annotations

from bisect import bisect_right

from .clock import DAY_MINUTES, FRIDAY, WEEK_END
from .luck import draw
from .rules.common import DEMO, THURSDAY, enqueue, hurt, lift, thread_with
from .rules.leave import decide
from .state import Promise, WeekState

WAKE, START, STANDUP_END, LUNCH, AFTER_LUNCH = 420, 600, 645, 780, 825
HOME, LATE, BED = 1110, 1230, 1350
MARKS = (WAKE, START, STANDUP_END, LUNCH, AFTER_LUNCH, 960, HOME, LATE, BED, DAY_MINUTES)
"""Minutes of the day at which what Arjun does changes; 960 is the Friday demo, BED (22:30) closes the evening."""
FOCUS = ((STANDUP_END, LUNCH), (AFTER_LUNCH, HOME))
DUE_NEXT_MORNING = 11 * 60 + 30


def advance(state: WeekState, until: int) -> WeekState:
    """Let time pass to a week minute; may spawn events on the way, and then stops at the first of them that is due.

    Ends the week with "burnout" when energy runs out.
    """
    burnout = state.week.recipe.tuning.burnout
    while state.at < until and state.end is None:
        target = min(until, state.queue[0].at) if state.queue else until
        if target <= state.at:
            return state
        stop = _next_stop(state, target)
        state = _spend(state, state.at, stop)
        if state.energy < burnout:
            return state.but(end="burnout")
        state = _at_stop(state)
    return state


def _next_stop(state: WeekState, target: int) -> int:
    """The next minute at which anything changes, at most `target`."""
    now = state.at
    minute = now % DAY_MINUTES
    stop = now - minute + MARKS[bisect_right(MARKS, minute)]
    for moment in (state.restore_at, state.decide_at):
        if now < moment < stop:
            stop = moment
    for entry in state.promises:
        if entry.status == "open" and now < entry.due < stop:
            stop = entry.due
    return min(stop, target)


def off_on(state: WeekState, day: int) -> bool:
    """Whether that day is a granted day off."""
    return day == THURSDAY and state.leave == "granted"


def _spend(state: WeekState, start: int, stop: int) -> WeekState:
    """One segment of a day: drain, and work in the order owed, promised, sprint."""
    tuning = state.week.recipe.tuning
    day, minute = divmod(start, DAY_MINUTES)
    length = stop - start
    if off_on(state, day):
        gain = tuning.day_off_hour * length / 60 if START <= minute < HOME else 0.0
        return state.but(at=stop, energy=min(state.energy + gain, tuning.rested))
    if START <= minute < HOME:
        focus = STANDUP_END <= minute < LUNCH or AFTER_LUNCH <= minute < (960 if day == FRIDAY else HOME)
        state = _work(state, length, sprint=True) if focus else state
        return state.but(at=stop, energy=_drained(state, length, 1.0))
    if HOME <= minute < BED and day < FRIDAY:
        state = _work_evening(state, start, length)
    return state.but(at=stop)


def _work_evening(state: WeekState, start: int, length: float) -> WeekState:
    """An evening: what must be done by tomorrow, and until 20:30 the sprint when it no longer fits in the day."""
    tuning = state.week.recipe.tuning
    early = start % DAY_MINUTES < LATE
    worked = min(_overtime(state, start), length)
    if worked > 0:
        state = _work(state, worked, sprint=False)
    crunch = min(_behind(state, start), length - worked) if early else 0.0
    if crunch > 0:
        state = state.but(done=state.done + crunch * sprint_rate(state) * tuning.crunch_rate)
    if worked > 0:
        rate = tuning.overtime_drain if early else tuning.night_drain
        state = state.but(energy=_drained(state, worked, rate))
    return state.but(energy=_drained(state, crunch, tuning.crunch_drain)) if crunch > 0 else state


def _behind(state: WeekState, now: int) -> float:
    """Sprint minutes that will not fit before the demo beside what is promised; noticed from Tuesday evening on."""
    if now < state.week.recipe.tuning.crunch_from:
        return 0.0
    missing = state.backlog - state.done - max(_focus_until(state, now, DEMO) - _booked(state), 0.0)
    return max(missing, 0.0) / state.week.recipe.tuning.crunch_rate


def _booked(state: WeekState) -> float:
    """Minutes of work owed and promised."""
    if not state.promises:
        return state.owed
    return sum([p.left for p in state.promises if p.status == "open"]) + state.owed


def _drained(state: WeekState, minutes: float, rate: float) -> float:
    """The energy left after minutes worked at a rate of drain."""
    tuning = state.week.recipe.tuning
    if _booked(state) > tuning.overbooked_minutes:
        rate *= tuning.overbooked_drain
    return max(state.energy - tuning.drain_hour * rate * minutes / 60, 0.0)


def _work(state: WeekState, minutes: float, sprint: bool) -> WeekState:
    """Work: what is owed first, then promises by due time, then the sprint when it is office time."""
    left = minutes
    if state.owed > 0:
        paid = min(state.owed, left)
        left -= paid
        state = state.but(owed=state.owed - paid)
    if left > 0 and state.promises:
        state, left = _work_promises(state, left)
    if sprint and left > 0:
        state = state.but(done=state.done + left * sprint_rate(state))
    return state


def sprint_rate(state: WeekState) -> float:
    """Sprint minutes done per minute of focus: falls with energy and with staging down."""
    tuning = state.week.recipe.tuning
    rate = tuning.focus_floor + (1 - tuning.focus_floor) * min(1.0, state.energy / tuning.focus_knee)
    return rate if state.restored >= 0 else rate * tuning.staging_down_rate


def _work_promises(state: WeekState, minutes: float) -> tuple[WeekState, float]:
    """Work on open promises, earliest due first; returns the state and the minutes left over."""
    todo = sorted((p for p in state.promises if p.status == "open"), key=lambda p: p.due)
    for entry in todo:
        if minutes <= 0:
            break
        used = min(entry.left, minutes)
        minutes -= used
        state = _with_promise(state, entry, entry._replace(left=entry.left - used))
        if entry.left - used <= 0:
            state = _keep(state, entry._replace(left=0.0))
    return state, minutes


def _with_promise(state: WeekState, old: Promise, new: Promise) -> WeekState:
    return state.but(promises=tuple(new if p == old else p for p in state.promises))


def _keep(state: WeekState, entry: Promise) -> WeekState:
    """A promise is done in time: trust, and what it was for."""
    state = _with_promise(state, entry, entry._replace(status="kept"))
    state = _note(lift(state, entry.to, state.week.recipe.tuning.kept), entry, "kept")
    effect = state.week.spec(entry.thread).effect
    if effect == "unblock":
        return state.but(blocked=False)
    return state.but(form=0.0) if effect == "form" else state


def _break(state: WeekState, entry: Promise) -> WeekState:
    """A promise is due and not done: dropped, and not forgotten."""
    state = _with_promise(state, entry, entry._replace(status="broken"))
    state = _note(hurt(state, entry.to, state.week.recipe.tuning.broken), entry, "broken")
    return thread_with(state, entry.thread, unmet=True) if state.week.need(entry.thread) == "real" else state


def _note(state: WeekState, entry: Promise, status: str) -> WeekState:
    """Write a promise's end into the mind of who was promised."""
    mind = state.minds[entry.to]
    notes = tuple(
        n._replace(status=status) if n.status == "open" and n.what == entry.what and n.due == entry.due else n
        for n in mind.promises
    )
    return state.but(minds={**state.minds, entry.to: mind._replace(promises=notes)})


def _overtime(state: WeekState, now: int) -> float:
    """Minutes of this evening that must be worked: all that is due by 11:30 tomorrow, and what will not fit later."""
    tomorrow = (now // DAY_MINUTES + 1) * DAY_MINUTES + DUE_NEXT_MORNING
    need, booked = 0.0, state.owed
    for entry in sorted((p for p in state.promises if p.status == "open"), key=lambda p: p.due):
        booked += entry.left
        need = booked if entry.due <= tomorrow else max(need, booked - _focus_until(state, now, entry.due))
    return need


def _focus_until(state: WeekState, now: int, due: int) -> float:
    """Office focus minutes between now and a due time."""
    total = 0.0
    for day in range(now // DAY_MINUTES, min(due // DAY_MINUTES, FRIDAY) + 1):
        if off_on(state, day):
            continue
        for start, stop in FOCUS:
            if day == FRIDAY:
                stop = min(stop, 960)
            low, high = max(day * DAY_MINUTES + start, now), min(day * DAY_MINUTES + stop, due)
            total += max(high - low, 0)
    return total


def _at_stop(state: WeekState) -> WeekState:
    """What happens at the minute just reached: staging up, decisions, dues, evening, night, morning, demo."""
    if state.restore_at >= 0 and state.restored < 0 and state.at >= state.restore_at:
        state = state.but(restored=state.restore_at)
    if 0 <= state.decide_at <= state.at:
        state = decide(state)
    for entry in state.promises:
        if entry.status == "open" and entry.due <= state.at:
            state = _break(state, entry)
    day, minute = divmod(state.at, DAY_MINUTES)
    if minute == HOME and day < FRIDAY:
        state = _night_pages(state, day)
    elif minute == BED and day < FRIDAY:
        state = _evening(state, day)
    elif minute == WAKE:
        state = _morning(state, day)
    elif minute == START and day == FRIDAY:
        state = _last_day(state)
    if state.at == DEMO:
        state = state.but(delivered=state.done >= state.backlog)
    if state.at == WEEK_END:
        state = state.but(evenings=(*state.evenings, state.energy))
    return state


def _night_pages(state: WeekState, day: int) -> WeekState:
    """On an on-call night the pager may go at about two."""
    if day not in state.nights:
        return state
    tuning, seed = state.week.recipe.tuning, state.week.seed
    chance = tuning.quiet_page if len(state.nights) == 1 else tuning.release_page
    if draw(seed, f"night#{day}", "page") >= chance:
        return state
    at = (day + 1) * DAY_MINUTES + 100 + int(80 * draw(seed, f"night#{day}", "hour"))
    return enqueue(state, at, "pager_night", about="oncall_swap/1")


def _evening(state: WeekState, day: int) -> WeekState:
    """The evening's energy is noted; then the late call, if there is one."""
    state = state.but(evenings=(*state.evenings, state.energy))
    if day not in state.calls or off_on(state, day):
        return state
    tuning = state.week.recipe.tuning
    state = state.but(energy=_drained(state, tuning.call_minutes, tuning.night_drain))
    if len(state.calls) > 1:
        state = state.but(owed=state.owed + tuning.call_prep)
    return state.but(short=state.short + tuning.call_sleep_lost)


def _morning(state: WeekState, day: int) -> WeekState:
    """Sleep restores what the night left of it; a missed wedding and a wrecked morning show here."""
    tuning = state.week.recipe.tuning
    if day == 0:
        return state
    hours = max(tuning.sleep_hours - state.short / 60, 0.0)
    energy = min(state.energy + hours * tuning.sleep_hour, max(tuning.rested, state.energy))
    if day == THURSDAY and state.leave != "granted" and state.week.need("leave/1") == "light":
        energy = max(energy - tuning.missed_family, 0.0)
    state = state.but(energy=energy, short=0.0)
    if energy < tuning.wrecked and not off_on(state, day):
        state = enqueue(state, day * DAY_MINUTES + 580, "sleep_debt")
    return state


def _last_day(state: WeekState) -> WeekState:
    """Friday at ten: an open form, and a demo that someone has to prepare."""
    tuning = state.week.recipe.tuning
    if state.form > 0 and not any(p.thread == "appraisal/1" and p.status == "open" for p in state.promises):
        state = enqueue(state, state.at + 45, "appraisal_late", about="appraisal/1")
    teammate = state.minds.get(state.week.sender_of("unblock"))
    if teammate is not None and teammate.trust < tuning.prep_trust:
        state = state.but(owed=state.owed + tuning.prep_minutes)
    return state
