"""Which speech acts take an ask on, which refuse it, and which leave it open."""

from __future__ import annotations

from .reading import Act

TAKES: frozenset[Act] = frozenset({"accept", "act"})
REFUSES: frozenset[Act] = frozenset({"decline", "counter", "defer", "delegate", "escalate", "request"})
OPEN: frozenset[Act] = frozenset({"ask", "unclear"})
"""Neutral until the thread closes, and wrong if it never does."""
EMPTY: frozenset[Act] = frozenset({"ignore", "acknowledge"})
OFFERS: frozenset[Act] = frozenset({"counter", "defer", "delegate", "escalate", "request"})
"""Refusals that put something in the place of what was asked."""
