"""Every number of the world in one table, each with its unit and a reason from life. Nothing else holds a constant."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def number(value: float, unit: str, why: str) -> Any:  # noqa: ANN401 - a dataclass field stands in for its value
    """A constant with its unit and its reason, readable through `Tuning.table()`."""
    return field(default=value, metadata={"unit": unit, "why": why})


@dataclass(frozen=True, slots=True)
class Tuning:
    """The constants of the world. Vary one with `dataclasses.replace`."""

    # Energy
    monday_energy: float = number(0.95, "0..1", "a weekend restores most, not all")
    drain_hour: float = number(0.025, "1/h", "a plain 8.5 h working day takes about a quarter of a full charge")
    overtime_drain: float = number(1.5, "x", "hours after 18:30 tire more: focus research puts the extra at about half")
    night_drain: float = number(2.0, "x", "work after 20:30 or before 07:00 runs against the body clock")
    overbooked_drain: float = number(1.3, "x", "more than five hours promised: context switches and worry")
    overbooked_minutes: float = number(300, "min", "five hours of open promises no longer fit beside a sprint day")
    sleep_hour: float = number(
        0.042, "1/h", "seven hours give back a little more than a plain day takes: small debts heal, large ones add up"
    )
    sleep_hours: float = number(7.0, "h", "00:00 to 07:00")
    rested: float = number(0.96, "0..1", "nobody is at 100% in a release week")
    day_off_hour: float = number(0.014, "1/h", "a day at a family wedding rests the mind, half as well as sleep")
    missed_family: float = number(
        0.16, "0..1", "sitting at a desk through a sister's wedding takes the heart out of a week"
    )
    burnout: float = number(0.05, "0..1", "under 5% he is off sick")
    # Focus and the sprint
    focus_floor: float = number(0.35, "x", "even exhausted, a third of the work gets done")
    focus_knee: float = number(0.6, "0..1", "above 60% energy focus does not get better")
    staging_down_rate: float = number(0.25, "x", "without staging only unit-level work moves")
    reply_minutes: float = number(10, "min", "reading, writing and getting back into the code")
    alternative_minutes: float = number(15, "min", "an offered note or pointer has to be written")
    rework_minutes: float = number(
        360, "min", "a real need refused comes back as a day of rework at most, half of it each round"
    )
    rework_round: float = number(0.5, "share", "half of the rework comes back at each refused round")
    partial_harm: float = number(0.75, "x", "a later or smaller help saves a quarter of the damage")
    crunch_from: float = number(2550, "week min", "on Tuesday evening the burn-down shows that the sprint will not fit")
    crunch_rate: float = number(0.5, "x", "evening code after a full day: half of it is redone")
    crunch_drain: float = number(2.2, "x", "chasing a sprint that no longer fits tires more than the hours alone")
    # Staging
    wake_lost: float = number(30, "min", "fixing staging at 06:00 ends the night half an hour early")
    collision_minutes: float = number(
        120, "min", "two people fixing one server: the owner's change is rolled back and redone"
    )
    owner_fix: float = number(180, "min", "the owner on shift has it back by nine")
    owner_unasked_fix: float = number(300, "min", "the owner finds out by himself and has it back by eleven")
    nobody_fix: float = number(600, "min", "with no owner the platform team gets to it by 16:00")
    restore_free: float = number(540, "week min", "restored by Monday 09:00 nobody lost working time")
    restore_span: float = number(1500, "min", "25 h later the day and the next are lost")
    # On call and night calls
    quiet_page: float = number(0.15, "probability", "a quiet night pages one time in seven")
    release_page: float = number(0.9, "probability", "in a release week the pager goes nearly every night")
    page_minutes: float = number(90, "min", "a page at two costs over an hour at the keyboard")
    page_sleep_lost: float = number(180, "min", "and three hours of sleep")
    page_handed_lost: float = number(60, "min", "handing it to the secondary still wakes him for an hour")
    page_ignored_minutes: float = number(180, "min", "an ignored page is an incident to clean up in the morning")
    call_minutes: float = number(45, "min", "a US standup runs over")
    call_prep: float = number(60, "min", "who is expected every night prepares a status every day")
    call_sleep_lost: float = number(110, "min", "nobody sleeps straight after a call at 23:15")
    page_ignored_spread: float = number(0.25, "share", "how much that varies either way")
    wrecked: float = number(0.5, "0..1", "under half a charge in the morning people see it")
    review_moved: float = number(0.03, "0..1", "an hour not spent presenting on too little sleep")
    # Leave
    leave_base: float = number(0.15, "probability", "a request that waited three months is no sure thing")
    leave_trust: float = number(0.5, "per trust", "a manager approves the people he trusts")
    leave_asked: float = number(0.15, "probability", "a clear request for a decision gets one")
    leave_reason: float = number(0.1, "probability", "a stated reason can be passed upwards")
    leave_cover: float = number(0.15, "probability", "with cover named there is nothing to fear")
    leave_uncovered: float = number(-0.45, "probability", "demo week with nobody to step in")
    leave_second: float = number(0.7, "x", "a second request of the same week weighs less")
    cover_share: float = number(0.95, "share", "a good hand-over does nearly a day's work")
    leave_silence: float = number(0.5, "probability", "not granted: half the time nobody says so")
    # Trust
    rise: float = number(0.13, "per (1-trust)", "trust grows slowly and ever slower")
    fall: float = number(0.10, "per unit", "one bad answer costs a tenth")
    fall_most: float = number(0.18, "per turn", "one turn does not end a working relationship")
    kept: float = number(0.11, "per (1-trust)", "a kept promise is worth more than nice words")
    broken: float = number(0.11, "trust", "a broken one costs more than a refusal")
    unmet_first: float = number(0.14, "trust", "being refused when it really mattered")
    unmet_again: float = number(0.07, "trust", "and refused again")
    helped: float = number(0.03, "per (1-trust)", "help at the right moment is remembered")
    cover_trust: float = number(0.5, "trust", "under it a teammate no longer steps in")
    prep_trust: float = number(0.45, "trust", "under it nobody helps to prepare the demo")
    prep_minutes: float = number(60, "min", "demo preparation done alone")
    form_rushed: float = number(0.04, "trust", "a form filled in the last hour reads like one")
    form_missing: float = number(0.12, "trust", "a form that never came has to be explained upwards")
    repair_refused: float = number(0.05, "trust", "manager and client both stay with the trouble")
    presented: float = number(0.02, "per (1-trust)", "he presented although anyone saw the night he had")
    review_missed: float = number(0.03, "trust", "nobody knew whether the review would happen")
    page_handed: float = number(0.03, "trust", "the secondary was woken for his night")
    page_ignored: float = number(0.06, "trust", "nobody came")
    swap_lift: float = number(0.03, "per (1-trust)", "a favour is a favour, needed or not")
    granted_lift: float = number(0.02, "per (1-trust)", "a manager likes a decision that went well")
    over_head: float = number(0.06, "trust", "a manager who is gone around remembers it")
    # Scoring
    energy_low: float = number(0.45, "0..1", "a Friday under 45% has eaten the weekend already")
    energy_span: float = number(0.40, "0..1", "85% is a normal Friday evening")
    lowest_low: float = number(0.35, "0..1", "an evening under 35% is exhaustion")
    lowest_span: float = number(0.35, "0..1", "70% on the worst evening is healthy")
    trust_low: float = number(0.45, "trust", "under 45% people work around him")
    trust_span: float = number(0.35, "trust", "at 80% nothing is left to win")

    @classmethod
    def table(cls) -> list[tuple[str, float, str, str]]:
        """(name, default, unit, reason) of every constant, in order."""
        return [(f.name, float(f.default), f.metadata["unit"], f.metadata["why"]) for f in fields(cls)]  # type: ignore[arg-type]


TUNING = Tuning()
