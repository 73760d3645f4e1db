"""What a language model is told about one turn: only what this person knows, and Arjun's words as quoted data.

A pure function of (persona, mind, event, reading, reply, visible).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..agents.chat.prompts import load_prompt
from ..agents.chat.quoted import as_data
from ..agents.chat.request import Message
from ..agents.scene import first_name
from ..world.acts import OFFERS, REFUSES, TAKES
from ..world.clock import Moment, label
from ..world.persona import FollowUp, Persona
from ..world.ports import Turn
from ..world.reading import AskReading
from .echo import part_for
from .scripted import mood

PROMPT = "coworker"
REPLY_CHARS, LINE_CHARS = 3000, 500
"""Characters of his reply, and of every other line, that a prompt holds."""
SAID_LINES = 6
"""Earlier sentences of their own that a person is shown so as not to repeat them."""
COMES_BACK: Mapping[str, str] = {
    "nudge": "you push once more for the same thing",
    "clarify": "you ask him what he meant",
    "favour": "you thank him and offer a favour in return",
    "client_escalation": "his manager hears of it",
    "scope_creep": "you ask for one more small thing",
    "leave_refused": "you tell him that the leave is refused",
    "leave_silent": "you leave the leave undecided and say so",
    "sleep_debt": "you tell him that he looks worn out",
    "appraisal_late": "you ask for the form that is due",
}
"""What each kind of follow-up is, to the person who would send it; other kinds go by their name."""
NEEDS = {"real": "you really need this", "light": "it would be convenient, no more"}


def messages(turn: Turn, possible: tuple[FollowUp, ...]) -> tuple[Message, ...]:
    """The conversation that asks a model for this turn; `possible` are the follow-ups it may choose from."""
    told = as_data(situation(turn, possible))
    asked = f"The moment, as data:\n{told}\n\nAnswer as {first_name(turn.persona.name)}, with one JSON object."
    return Message("system", _character(turn.persona)), Message("user", asked)


def situation(turn: Turn, possible: tuple[FollowUp, ...]) -> dict[str, Any]:
    """The turn as plain data: nothing of other people's minds, needs and conversations, and no number of trust."""
    seen, mind = turn.visible, turn.mind
    return {
        "now": label(seen.at),
        "channel": turn.event.source,
        "subject": _cut(turn.event.subject),
        **_beginning(turn),
        "it_is_about": seen.topic,
        "your_need": NEEDS[seen.need],
        "answers_he_gave_you_on_this_before": seen.round,
        "your_mood_towards_him": mood(mind.trust),
        "conversation_so_far": [
            f"[{label(Moment(day=line.day, minute=line.minute).at)}] {first_name(line.who)}: {_cut(line.text)}"
            for line in seen.thread
        ],
        "you_remember": [f"{label(m.at)}: {m.topic}, his answer was: {m.act}" for m in mind.memory],
        "his_promises_to_you": [f"{p.what}, due {label(p.due)}: {p.status}" for p in mind.promises],
        "you_already_said": [_cut(text) for text in seen.used[-SAID_LINES:]],
        "his_answer_was_understood_as": _understood(turn.ask),
        "possible_follow_ups": {entry.id: _told(entry) for entry in possible},
        "arjun_wrote": _reply(turn),
    }


def _character(persona: Persona) -> str:
    """Who this person is: the persona's prose, then the rules that hold for everyone."""
    about = f"{persona.name}, {persona.role}. Style: {persona.style} What you want, privately: {persona.private_goal}"
    return "\n\n".join((persona.prompt, about, load_prompt(PROMPT)))


def _beginning(turn: Turn) -> dict[str, str]:
    """What he is answering: this person's own words, or a system's that this person watches."""
    if len(turn.event.asks) > 1 or turn.event.sender == turn.persona.id:
        return {"you_wrote": _cut(_own_lines(turn))}
    return {"it_began_with": _cut(f"{turn.event.sender}: {turn.event.body}")}


def _own_lines(turn: Turn) -> str:
    """This person's own words in the event; where several write, the lines under their name."""
    body = turn.event.body
    if len(turn.event.asks) < 2:
        return body
    mark = f"{first_name(turn.persona.name)}:"
    return "\n".join(line.removeprefix(mark).strip() for line in body.splitlines() if line.startswith(mark))


def _reply(turn: Turn) -> str | None:
    """What he wrote to this person, cleaned of invisible signs; None for silence."""
    return part_for(turn.event, turn.reply, turn.persona.id)[:REPLY_CHARS] or None  # type: ignore[arg-type]


def _understood(ask: AskReading) -> dict[str, Any]:
    """The reading in words, as far as it says something; how it was written is the model's own to judge."""
    effect = "a yes" if ask.act in TAKES else "a no" if ask.act in REFUSES else "neither yes nor no"
    offers = ask.act in OFFERS and ask.qualities.alternative >= 0.4
    promised = [f"{c.what} by {label(c.due.at)}" if c.due else c.what for c in ask.commitments]
    return {
        "speech_act": ask.act,
        "that_is": effect + (", with something else offered" if offers else ""),
        "promises_in_it": promised,
    }


def _told(entry: FollowUp) -> str:
    hours = round(entry.after_minutes / 60, 1)
    return f"{COMES_BACK.get(entry.event, entry.event.replace('_', ' '))}, about {hours:g} hours later"


def _cut(text: str) -> str:
    return text if len(text) <= LINE_CHARS else text[: LINE_CHARS - 3] + "..."
