"""An observation as a piece of HTML for OpenEnv's `/web`; every text in it is escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from ..client import render_prompt


def page(observation: dict[str, Any]) -> str:
    """What Arjun sees, or that the week is over, with the reward below: the reader of this page is not the protagonist.

    observation: as serialized, with or without the envelope's `reward` and `done` beside it.
    """
    inner = observation.get("observation", observation)
    text = render_prompt(inner) or "The week is over."
    reward = observation.get("reward")
    figures = "" if reward is None else f"<p>Reward of the last reply: {float(reward):+.3f}</p>"
    total = inner.get("total")
    figures += "" if total is None else f"<p>The week so far: {float(total):.3f}</p>"
    return f'<article><pre style="white-space: pre-wrap">{escape(text)}</pre>{figures}</article>'
