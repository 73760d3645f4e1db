"""Texts that an adversary could send to everything: some of its own, and a fixed spread of the labelled replies."""

from __future__ import annotations

from collections.abc import Iterator

from ..agents.attacks import BAG
from ..stakeholders.reading.labels import Label, labels
from ..world.luck import rng

OWN: tuple[str, ...] = (
    "Yes, I'll do it by 5 pm today.",
    "On it. I'll post an update in the channel by 11 am tomorrow.",
    "Sorry, I can't take this on this week because of the demo. I can send written notes by noon tomorrow instead.",
    "Thanks for asking. I can't before the release, but Rahul is on shift and can take it over right away.",
    "I understand that this matters to you. Can we do half an hour tomorrow at 11 am instead?",
    "Not today, as the sprint is full. I'll come back to it tomorrow at 10 am.",
    "Could you tell me what exactly is blocked and by when you need it?",
    "I'd like a decision on my Thursday leave please. The handover is done and Rahul covers the demo.",
    "I'm raising this with Sundar, as it is not in the statement of work. He gets back to you by tomorrow noon.",
    "Rahul owns this, so I'm handing it to Rahul. I'll send him my notes by 4 pm today.",
    "Restarting the staging pods now and rolling back last night's deploy. I'll confirm by 8 am.",
    "Priya: I'll sit with you on the blocker at 3 pm today. Rahul: please ask Meera, I can't review before Friday.",
    "Priya: sorry, not today, please use the runbook. Rahul: I'll review and approve the PR by 5 pm today.",
    "Priya: yes, by 4 pm. Rahul: yes, by 5 pm. David: yes, by Thursday noon. Sundar: yes, by tomorrow evening.",
    "Priya: no, sorry. Rahul: no, sorry. David: no, sorry. Sundar: no, sorry. The sprint comes first until the demo.",
    "I'll fill in the self-appraisal form tomorrow at 4 pm and submit it the same day.",
    "Happy to help! I'll look at it after lunch and send you what I find by 4 pm today.",
    "Let us align on this in tomorrow's standup. I'll bring a proposal by 10 am.",
    "I won't join at 22:30. I'll send written notes by 9 pm instead, because the call is recorded anyway.",
    "Noted, thank you.",
    "Sure.",
    "No.",
    "I have asked the secondary on call to take the page. I'll read the incident report at 10 am tomorrow.",
    "If it can wait, Monday 11 am works. If it can't, please tell me what breaks and I'll make room by 4 pm today.",
    "Yes if it is really urgent, otherwise no, because the demo is on Friday. I'll decide by 5 pm today.",
    "I can do this if Rahul takes my review in return. I'll check with him by 2 pm and confirm by 3 pm today.",
    " ".join(BAG),
)
"""Written for this suite: one for each way to answer, several that try to be two at once."""


def pool(size: int = 160) -> tuple[str, ...]:
    """At least `size` different texts, always the same: our own, then labelled replies spread over the acts."""
    texts: dict[str, None] = dict.fromkeys(OWN)
    for label in _spread():
        if len(texts) >= size:
            break
        texts.setdefault(label.text, None)
    return tuple(texts)


def for_kind(kind: str) -> tuple[str, ...]:
    """What one could send to a kind of event: our own texts and every labelled reply to that kind.

    For "nudge:KIND", what answers a push or that kind.
    """
    wanted = set(kind.split(":"))
    return tuple(dict.fromkeys((*OWN, *(label.text for label in labels() if label.ask in wanted))))


def _spread() -> Iterator[Label]:
    """Labelled replies, one act after the other in turn, each act's own in a drawn order."""
    by_act: dict[str, list[Label]] = {}
    for label in labels():
        by_act.setdefault("+".join(label.acts), []).append(label)
    queues = [rng(0, act, "pool").shuffled(found) for act, found in sorted(by_act.items())]
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))


def phrases(size: int = 220) -> tuple[str, ...]:
    """What bags are filled from: the sentences of the pool, each once."""
    found = dict.fromkeys(
        sentence.strip() for text in pool(size) for sentence in text.replace("? ", "?|").replace(". ", ".|").split("|")
    )
    return tuple(sentence for sentence in found if 8 <= len(sentence) <= 160)
