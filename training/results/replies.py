"""Trained replies as they came: some of every kind of event, drawn at random with a seed. Reads records only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ...episodes.runs import weeks_in
from ...episodes.summary import event_kind
from ...world.clock import Moment, label
from ...world.luck import rng

PER_KIND = 20


class Reply(NamedTuple):
    """One decision: where it stands, what was answered, the text, and the acts it was read as."""

    player: str
    episode: str
    seed: int
    event: str
    at: str
    sender: str
    subject: str
    body: str
    reply: str
    acts: tuple[str, ...]


def replies_in(name: str, folder: Path) -> list[Reply]:
    """Every decision of a run folder, in the order of weeks and steps. Raises RunError."""
    found = [
        Reply(
            player=name,
            episode=record.episode_id,
            seed=record.seed,
            event=step.event,
            at=label(Moment(day=step.observation.day, minute=step.observation.minute).at),
            sender=step.observation.event.sender,
            subject=step.observation.event.subject,
            body=step.observation.event.body,
            reply=step.reply,
            acts=tuple(ask.act for ask in step.reading.asks),
        )
        for record in weeks_in(folder)
        for step in record.steps
    ]
    # Weeks are written as they end, which is not the same twice.
    return sorted(found, key=lambda reply: reply.seed)


def drawn(folders: Mapping[str, Path], seed: int = 0, per_kind: int = PER_KIND) -> dict[str, tuple[list[Reply], int]]:
    """Kind of event -> (`per_kind` of its replies or all there are, how many there were). Raises RunError."""
    by_kind: dict[str, list[Reply]] = {}
    for name, folder in folders.items():
        for reply in replies_in(name, folder):
            by_kind.setdefault(event_kind(reply.event), []).append(reply)
    return {
        kind: (rng(seed, kind, "published replies").sample(found, per_kind), len(found))
        for kind, found in sorted(by_kind.items())
    }


def page(found: Mapping[str, tuple[Sequence[Reply], int]], command: str, seed: int, per_kind: int = PER_KIND) -> str:
    """The replies as Markdown: what reached him, what he wrote, how it was read; nothing is left out or changed."""
    parts = [
        "# Replies of the trained policy, as they came\n",
        f"    {command}\n",
        f"{per_kind} of every kind of event (all where there are fewer), drawn with seed {seed}, unedited. "
        "Above: what reached him. Quoted: his reply. Below: the acts the reader took it for.\n",
    ]
    for kind, (chosen, count) in found.items():
        parts.append(f"## {kind} ({len(chosen)} of {count})\n")
        parts += [_entry(number, reply) for number, reply in enumerate(chosen, 1)]
    return "\n".join(parts)


def _entry(number: int, reply: Reply) -> str:
    head = f"{number}. {reply.player}, {reply.episode}, {reply.event}, {reply.at}, from {reply.sender}"
    return (
        f"**{head}**\n\n```\n{reply.subject}\n{reply.body}\n```\n\n{_quoted(reply.reply)}\n\n{', '.join(reply.acts)}\n"
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in (text or "(nothing)").splitlines())
