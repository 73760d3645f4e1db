"""Turns speech acts into a reply: one template per ask, its slots filled, no sentence used twice in a conversation.

A pure function of (observation, acts, seed): no memory, so a resumed or forked week is written as it would have been.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..world.luck import Luck, rng
from ..world.observation import Observation
from ..world.reading import Act
from . import times
from .phrases import GENERIC, item_in, pool
from .scene import Matter, count_of, first_name, matter_of, message_to, said_before

STAND_INS = {"priya": ("Rahul",), "rahul": ("Karthik", "Meera"), "david": ("Rahul", "Priya"), "sundar": ("Rahul",)}
NOT_FREE = frozenset(
    "Arjun Priya Rahul David Sundar You They She One Anyone Nobody Somebody Someone It That This".split()
)
"""Words before "could" that name no colleague outside the cast."""
NO_STAND_IN = frozenset({"Arjun", "David", "Sundar"})
_HANDED = re.compile(r"\b(?:to|ask|asked|with|Let|let) ([A-Z][a-z]{2,})\b")
_FREE = re.compile(r"\b([A-Z][a-z]{2,}) (?:can|could|offered|has read|knows|is free|has time|would|might)\b")
_START = re.compile(r"(?:^|(?<=[.!?]\s))[a-z]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def write(kind: str, acts: Sequence[Act], obs: Observation, seed: int) -> str:
    """A reply with one act per ask of the event; "" when every act is `ignore`. Missing acts count as `ignore`.

    Several asks are answered line by line, "Priya: ...". seed: the week's, from `scene.week_seed`.
    """
    parts: list[str] = []
    for number, (ask, act) in enumerate(zip(obs.event.asks, acts, strict=False), 1):
        if act == "ignore":
            continue
        text = _answer(kind, number, act, obs, seed)
        parts.append(f"{first_name(ask.sender)}: {text}" if len(obs.event.asks) > 1 else text)
    return "\n".join(parts)


def _answer(kind: str, number: int, act: Act, obs: Observation, seed: int) -> str:
    """The first filled template in this week's order that repeats no sentence of the conversation."""
    matter = matter_of(obs.event, number)
    slots = _slots(obs, number, matter, rng(seed, obs.event.id, f"slots/{number}"))
    said = {sentence for text in said_before(obs) for sentence in _SENTENCE.split(text)}
    templates = _order(kind, number, act, obs, seed)
    texts = (_filled(template, slots) for template in templates)
    fresh = (text for text in texts if said.isdisjoint(_SENTENCE.split(text)))
    return next(fresh, None) or _filled(templates[0], slots)


def _order(kind: str, number: int, act: Act, obs: Observation, seed: int) -> list[str]:
    """The templates of a pool in a weekly order, turned so that the next event of this kind starts elsewhere."""
    own = rng(seed, f"{kind}/{number}", f"phrases/{act}").shuffled(pool(kind, number, act))
    spare = rng(seed, GENERIC, f"phrases/{act}").shuffled(pool(GENERIC, 1, act))
    every = own + spare
    turn = (max(count_of(obs.event.id) - 1, 0) if own else obs.step) % len(every)
    return every[turn:] + every[:turn]


def _filled(template: str, slots: dict[str, str]) -> str:
    return _START.sub(lambda start: start.group().upper(), template.format_map(slots))


def _slots(obs: Observation, number: int, matter: Matter, luck: Luck) -> dict[str, str]:
    sender = obs.event.asks[number - 1].sender
    asked = f"{message_to(obs.event, number)}\n{obs.event.subject}"
    slots = {
        "name": first_name(sender),
        "topic": matter.topic,
        "item": item_in(matter.kind, matter.number, asked) or matter.topic,
        "delegate": stand_in(obs, number, luck),
        "boss": "the delivery head" if sender == "sundar" else "Sundar",
        "soon": times.soon(obs.minute, luck),
    }
    for slot, pick in (("today", times.today), ("tomorrow", times.tomorrow), ("day_after", times.day_after)):
        when = pick(obs.day, obs.minute, luck)
        slots |= {slot: when.by(luck), f"at_{slot}": when.at()}
    return slots


def stand_in(obs: Observation, number: int, luck: Luck) -> str:
    """Who could take it: whom he named before, a colleague the message says is free, or one of the team."""
    sender = obs.event.asks[number - 1].sender
    named = [name for name in _HANDED.findall(_said_to(obs, sender)) if name not in {*NO_STAND_IN, first_name(sender)}]
    free = [name for name in _FREE.findall(message_to(obs.event, number)) if name not in NOT_FREE]
    return luck.choice(named[:1] or free or STAND_INS.get(sender, ("Rahul",)))


def _said_to(obs: Observation, person: str) -> str:
    """Arjun's last text to one person; of a reply to several, only the line that names the person."""
    last = next(iter(said_before(obs)), "")
    lines = [line for line in last.splitlines() if line.startswith(f"{first_name(person)}:")]
    return lines[0].partition(":")[2] if lines else last
