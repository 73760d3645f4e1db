"""The one error a client of the server sees: a line that says what is wrong and what to do."""

from __future__ import annotations


class WireError(ValueError):
    """Something a client asked for that cannot be done. str() is one line without anything of the server's inside."""
