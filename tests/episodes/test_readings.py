"""`wlf read` line by line: every good line is read, every bad one is answered, nothing stops the rest."""

from __future__ import annotations

import json
from typing import Any

from work_life_firewall.episodes.readings import read_lines
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Event
from work_life_firewall.world.reading import AskReading, Reading


class Parrot:
    """A reader that takes everything on, and repeats how long the reply was."""

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        asks = tuple(AskReading(ask=ask.id, to=(ask.sender,), act="accept", confidence=1 / 3) for ask in event.asks)
        return Reading(reader=f"parrot@{len(reply)}", asks=asks)


EVENT = {"source": "slack", "sender": "rahul", "subject": "swap", "body": "Could you?"}


def results(*lines: bytes) -> list[tuple[Any, bool]]:
    return [(json.loads(result.line), result.bad) for result in read_lines(lines, Parrot())]


def good(reply: str) -> bytes:
    return json.dumps({"event": EVENT, "reply": reply}).encode()


def test_a_reading_has_act_and_confidence_on_top() -> None:
    ((reading, bad),) = results(good("sure"))
    assert not bad
    assert (reading["act"], reading["confidence"]) == ("accept", 0.333333)
    assert reading["asks"][0]["to"] == ["rahul"]
    assert reading["schema"] == 1


def test_bad_lines_are_answered_with_their_number_and_the_rest_is_read() -> None:
    out = results(
        good("one"),
        b"{",
        b'"text"',
        b'{"reply": "x"}',
        json.dumps({"event": {**EVENT, "mood": 1}, "reply": "x"}).encode(),
        b"\xff\xfe",
        b"[" * 100_000,
        b"",
        good("two"),
    )
    assert [bad for _, bad in out] == [False, True, True, True, True, True, True, False]
    messages = {answer["error"]["line"]: answer["error"]["message"] for answer, bad in out if bad}
    assert messages[2].startswith("not JSON")
    assert messages[4].startswith("event:")
    assert messages[5].startswith("event.mood: Extra inputs")
    assert messages[6].startswith("not UTF-8")
    assert set(messages) == {2, 3, 4, 5, 6, 7}
    assert not any("\n" in message for message in messages.values())


def test_a_megabyte_and_control_characters_are_fine() -> None:
    raw = b'{"event": %s, "reply": "a\x00\x1b[31m\tb"}' % json.dumps(EVENT).encode()
    out = results(good("x" * 1_000_000), raw, good("\ud800"))
    assert [bad for _, bad in out] == [False, False, False]
    assert out[0][0]["reader"] == "parrot@1000000"


def test_asks_and_time_may_be_given() -> None:
    event = {**EVENT, "id": "slack_pair", "asks": [{"id": "slack_pair/1", "sender": "priya"}]}
    line = json.dumps({"event": event, "reply": "x", "now": {"day": 2, "minute": 600}}).encode()
    assert results(line)[0][0]["asks"][0]["ask"] == "slack_pair/1"
