"""Which kind of event a reply answers, from the event's id. Knows the words of the week's kinds and no rules."""

from __future__ import annotations

import re

KINDS = (
    "staging slack_pair client_mail leave appraisal oncall_swap late_standup nudge clarify pager_night sleep_debt "
    "client_escalation leave_refused leave_silent appraisal_late favour scope_creep".split()
)
_LONGEST_FIRST = re.compile("|".join(sorted(KINDS, key=len, reverse=True)))


def kind_of(event_id: str) -> str:
    """The kind named at the start of an event id ("oncall_swap-2" -> "oncall_swap"); "" for events of no known kind."""
    found = _LONGEST_FIRST.match(event_id)
    return found[0] if found else ""
