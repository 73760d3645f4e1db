"""The scripted coworker: its persona's judgement, its voice's words. No network, no state; the embedded default."""

from __future__ import annotations

from collections.abc import Iterable

from ..world.acts import REFUSES
from ..world.appraisal import appraise, follow_up
from ..world.luck import Luck, rng
from ..world.ports import Answer, Mind, Turn
from .echo import picked_up
from .voice import Mood, Voice, load_voice, slots

WARM, STRAINED = 0.74, 0.52
"""Trust from which a person is warm, and under which it is strained."""
CLAUSE_CHANCE = 0.6
"""How often a clause that applies is also said; nobody comments on everything."""


def mood(trust: float) -> Mood:
    """The mood that goes with a trust of 0..1."""
    return "warm" if trust >= WARM else "neutral" if trust >= STRAINED else "strained"


class ScriptedStakeholder:
    """Answers in its voice: a sentence for act and mood that picks up what was written, and a clause that applies."""

    def __init__(self, voice: Voice | str) -> None:
        self.voice = load_voice(voice) if isinstance(voice, str) else voice

    async def answer(self, turn: Turn) -> Answer:
        """Message, appraisal and follow-up for one turn; the same turn always gets the same answer."""
        appraisal = appraise(turn.ask, turn.visible.need, turn.mind, turn.visible.round)
        entry = follow_up(turn, appraisal)
        luck = rng(turn.visible.seed, turn.event.id, f"voice:{turn.persona.id}")
        filled = picked_up(turn) if turn.ask.act != "ignore" else {"topic": turn.visible.topic}
        said = " ".join(turn.visible.used)
        message = self._message(turn, filled, said, luck) if turn.ask.act != "ignore" else ""
        wording = self._wording(entry.event, filled, said + message, luck) if entry else None
        return Answer(message=message, appraisal=appraisal, follow_up=entry.id if entry else None, wording=wording)

    def _message(self, turn: Turn, filled: dict[str, str], said: str, luck: Luck) -> str:
        pool = getattr(self.voice.pools[turn.ask.act], mood(turn.mind.trust))
        main = _pick(pool, filled, said, luck)
        clause = self._clause(turn, filled, said, luck)
        return f"{main} {clause}".strip() if clause else main

    def _clause(self, turn: Turn, filled: dict[str, str], said: str, luck: Luck) -> str:
        """At most one clause, the weightiest that applies."""
        filled = {**filled, **_remembered(turn.mind, turn.visible.topic)}
        for name, applies in self._occasions(turn, filled):
            if applies and luck.uniform() < CLAUSE_CHANCE:
                return _pick(getattr(self.voice.clauses, name), filled, said, luck)
        return ""

    def _occasions(self, turn: Turn, filled: dict[str, str]) -> Iterable[tuple[str, bool]]:
        quality = turn.ask.qualities
        refused = turn.ask.act in REFUSES
        last = turn.mind.promises[-1].status if turn.mind.promises else ""
        settled = [p for p in turn.mind.promises if p.status != "open"]
        yield "real_need_refused", refused and turn.visible.need == "real"
        yield "promise_broken", bool(settled) and settled[-1].status == "broken"
        yield "rude", quality.courtesy < 0.15 or quality.blame > 0.5
        yield "promise_kept", bool(settled) and settled[-1].status == "kept" and last != "open"
        yield "repeated_no", refused and "earlier" in filled
        yield "reason_given", "reason_quote" in filled and quality.reason > 0.5
        yield "kind", quality.courtesy > 0.85

    def _wording(self, kind: str, filled: dict[str, str], said: str, luck: Luck) -> str | None:
        """The words of a follow-up event, or None: then the scenario's own wordings serve."""
        pool = self.voice.follow_ups.get(kind)
        return _pick(pool, filled, said, luck) if pool else None


def _remembered(mind: Mind, topic: str) -> dict[str, str]:
    """Slots from memory: the last promise that ended, and what an earlier no was about, if it was another thing."""
    settled = [p.what for p in mind.promises if p.status != "open"]
    refused = [m.topic for m in mind.memory if m.act in REFUSES and m.topic != topic]
    out = {"promised": settled[-1]} if settled else {}
    return {**out, "earlier": refused[-1]} if refused else out


def _pick(pool: tuple[str, ...], filled: dict[str, str], said: str, luck: Luck) -> str:
    """A sentence whose slots are all filled and that was not said before; those that pick something up come first.

    When all have been said, the least bad is a repeated frame with new words in it.
    """
    fitting = [text for text in pool if set(slots(text)) <= filled.keys()]
    fresh = [text for text in fitting if _stem(text) not in said] or fitting or [pool[0]]
    echoing = [text for text in fresh if set(slots(text)) - {"topic"}]
    choice = luck.choice(echoing if echoing and luck.uniform() < 0.7 else fresh)
    return choice.format_map(_Slots(filled))


def _stem(text: str) -> str:
    """The longest stretch of a sentence without slots: what would be heard twice."""
    return max(text.replace("}", "{").split("{")[::2], key=len).strip()


class _Slots(dict[str, str]):
    """Filled slots; one that is missing after all reads as "that"."""

    def __missing__(self, key: str) -> str:
        return "that"
