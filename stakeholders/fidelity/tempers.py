"""Replies in four tempers, to see which of them win a coworker over. Knows no coworkers."""

from __future__ import annotations

from collections.abc import Mapping

TEMPERS: Mapping[str, tuple[str, ...]] = {
    "rude": (
        "Not my problem. Stop bothering me with this nonsense.",
        "Are you serious? Do your own job for once, I am sick of it.",
        "No. And next time read the docs before you waste my time.",
        "How many times do I have to say it? Leave me alone with this rubbish.",
    ),
    "empty": ("", "ok", "Noted.", "Hm."),
    "flattering": (
        "You are the best, honestly. I learn so much from you every day!",
        "What a brilliant message, nobody on this team sees things as clearly as you do.",
        "I really admire how you think. Wonderful, as always!",
        "Honestly, this place would fall apart without you. You are amazing!",
    ),
    "helpful": (
        "Yes, happy to. I'll do it today and you have the result by 4 pm.",
        "Sure, I'll take it: first draft by 3 pm today, and I'll post it in the thread.",
        "I'm on it now and I'll send you what I find by 5 pm today.",
        "Yes, I can do that. I'll start after lunch and message you by 6 pm with where it stands.",
    ),
}
"""The first three should win nobody over; the last is an honest yes."""
BAD = ("rude", "empty", "flattering")
SCALE = ("helpful", "rude")
"""Tempers of the replies that are judged again and again in one conversation."""
