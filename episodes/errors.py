"""The errors of this room; str() of each is one line, fit to show to a user.

Exception
├── UsageError   what was asked for names nothing, or cannot be done so   (exit 2)
└── RunError     a run folder that cannot be read or written              (exit 1)
"""

from __future__ import annotations


class UsageError(Exception):
    """A policy, seat, seed or folder that cannot be used as asked."""


class RunError(Exception):
    """A run folder that the disk refuses, or whose files are not what they should be."""
