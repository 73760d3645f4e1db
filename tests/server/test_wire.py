"""Messages before they reach a session: whatever comes is handed on whole, or answered with one clear line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.server.wire import MALFORMED, REFUSED, Fault, checked

MOST = 2048
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.text())
def test_any_text_is_handed_on_or_answered(text: str) -> None:
    found = checked(text, MOST)
    if isinstance(found, Fault):
        assert found.code in (MALFORMED, REFUSED)
        assert found.message
        assert "\n" not in found.message
    else:
        assert isinstance(json.loads(found), dict)


@given(st.dictionaries(st.text(alphabet="abc", max_size=3), JSON, max_size=4))
def test_an_object_is_handed_on_as_it_was(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    found = checked(text, 10**6)
    assert isinstance(found, str)
    found.encode()
    if "\\ud" not in text:
        assert json.loads(found) == value


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": Infinity}', "{", "", '{"a": ' + "9" * 5000 + "}", "[" * 1500])
def test_what_is_no_json(text: str) -> None:
    found = checked(text, 10**6)
    assert isinstance(found, Fault)
    assert (found.code, "Invalid JSON" in found.message) == (MALFORMED, True)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"x"', "true", '{"type": 3}'])
def test_what_is_no_message(text: str) -> None:
    found = checked(text, MOST)
    assert isinstance(found, Fault)
    assert found.code == REFUSED


def test_size_is_counted_in_bytes() -> None:
    fits = json.dumps({"a": "x" * (MOST - 9)})
    assert checked(fits, MOST) == fits
    for text in (fits[:-2] + 'x"}', json.dumps({"a": "ü" * (MOST // 2)}, ensure_ascii=False), "x" * 10 * MOST):
        found = checked(text, MOST)
        assert isinstance(found, Fault)
        assert f"{MOST} bytes" in found.message


def test_binary_is_answered_and_lone_surrogates_are_replaced() -> None:
    assert isinstance(checked(None, MOST), Fault)
    assert json.loads(str(checked('{"a": "\\ud800 x", "b": "\\ud83d\\ude00"}', MOST))) == {"a": "? x", "b": "😀"}
