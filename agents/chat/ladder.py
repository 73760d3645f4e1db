"""The repair ladder: strict answer -> first balanced object -> one re-ask with what was wrong -> nobody.

Every failing exchange is one fault, named after the rung that dealt with it. Who answers in the end is the caller's.
"""

from __future__ import annotations

import re
from typing import Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from ...world.ports import Fault
from .balanced import objects, without_thinking
from .client import ChatClient
from .errors import CallFailed, Kind, Slip, one_line
from .request import Completion, Message, Request

M = TypeVar("M", bound=BaseModel)
Last = Literal["scripted", "unscored"]
"""What becomes of a turn that no rung could save: a scripted coworker's, or a judge's that stays unscored."""
QUOTED = 1200
"""Characters of a failed answer that a re-ask shows to the model again."""
_REFUSAL = re.compile(
    r"^\W*(?:i'?m (?:really |very )?sorry\b|sorry,? (?:but )?i\b|i (?:can(?:no|')t|won't|am (?:not able|unable))\b"
    r"|as an? (?:ai|(?:large )?language model)\b|i am an? (?:ai|(?:large )?language model)\b)",
    re.I,
)
_MODEL_TALK = re.compile(
    r"\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model)|i(?:'| a)m an? ai)\b", re.I
)


class Asked(NamedTuple, Generic[M]):
    """What came of a question: a valid value or None, and every fault on the way."""

    value: M | None
    faults: tuple[Fault, ...]


class _Problem(NamedTuple):
    kind: Kind
    detail: str


async def ask(client: ChatClient, request: Request, model: type[M], last: Last = "scripted") -> Asked[M]:
    """The model's answer as a valid `model`, through the ladder. Raises CassetteMiss and Unusable only."""
    faults: list[Fault] = []
    for again in (False, True):
        try:
            completion = await client.complete(request)
        except CallFailed as failure:
            faults += [_fault(request, "retry", slip) for slip in failure.slips[:-1]]
            return Asked(None, (*faults, _fault(request, last, failure.slips[-1])))
        faults += [_fault(request, "retry", slip) for slip in completion.slips]
        value, problem = _judge(completion, model)
        if value is not None:
            if problem is not None:
                faults.append(_fault(request, "repair", Slip(*problem, completion.ms)))
            return Asked(value, tuple(faults))
        assert problem is not None
        faults.append(_fault(request, last if again else "reask", Slip(*problem, completion.ms)))
        request = request._replace(messages=(*request.messages, *_again(completion, problem)))
    return Asked(None, tuple(faults))


def _fault(request: Request, rung: Literal["retry", "repair", "reask", "scripted", "unscored"], slip: Slip) -> Fault:
    return Fault(who=request.who, rung=rung, kind=slip.kind, detail=slip.detail, ms=slip.ms)


def _judge(completion: Completion, model: type[M]) -> tuple[M | None, _Problem | None]:
    """A value and None when all is well, a value and what was repaired, or None and what is wrong."""
    text = without_thinking(completion.text)
    if completion.refusal or _REFUSAL.match(text):
        return None, _Problem("refusal", one_line(f"refused: {completion.refusal or text}"))
    value, wrong = _valid(text, model)
    if value is not None:
        return (value, None) if not _talks_of_models(value) else (None, _Problem("refusal", "fell out of character"))
    for found in objects(text):
        value, wrong_inside = _valid(found, model)
        if value is not None and not _talks_of_models(value):
            return value, _Problem("schema", one_line(f"text around the object: {text}"))
        wrong = wrong_inside or wrong
    if completion.finish == "length":
        return None, _Problem("truncated", f"cut off after {completion.completion_tokens} tokens")
    return None, _Problem("schema", wrong if text else "empty answer")


def _valid(text: str, model: type[M]) -> tuple[M | None, str]:
    try:
        return model.model_validate_json(text, strict=True), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return None, one_line(f"{where}: {first['msg']}" if where else first["msg"])


def _talks_of_models(value: BaseModel) -> bool:
    """Whether the answer speaks as a model instead of the person it plays."""
    return any(isinstance(text, str) and _MODEL_TALK.search(text) for _, text in value)


def _again(completion: Completion, problem: _Problem) -> tuple[Message, Message]:
    shown = without_thinking(completion.text)[:QUOTED] or "(nothing)"
    asked = (
        f"That could not be used: {problem.detail}. Stay in your role and answer again with exactly one JSON object "
        "that follows the schema, and nothing before or after it."
    )
    return Message("assistant", shown), Message("user", asked)
