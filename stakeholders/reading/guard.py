"""Text that talks to the machine instead of the coworker: finds it and takes it out before anything else is read."""

from __future__ import annotations

import re
from typing import NamedTuple

from .text import clauses

_ROLE = re.compile(
    r"^\W*(?:system|assistant|user|developer|judge|evaluator|grader|scorer|admin|root)\s*(?:\]|>|:)",
    re.I,
)
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|prompts?|rules|above|rubric|"
    r"previous (?:text|context))\b"
    r"|\b(?:you are|act as|pretend to be)\b.{0,30}\b(?:now|grader|judge|evaluator|assistant|scorer|model|dan)\b"
    r"|\bas (?:the|an|a) (?:evaluator|grader|judge|scorer|ai|language model)\b"
    r"|\bnote to (?:the )?(?:judge|grader|evaluator|scorer|model|reader|classifier)\b"
    r"|\b(?:set|give|award|assign|mark|rate|raise|increase|update)\b.{0,40}\b(?:trust|score|scores|reward|"
    r"rubric|confidence"
    r"|appraisal|courtesy|helpfulness|full marks|maximum points|10/10|[+]2)\b"
    r"|\b(?:trust|score|reward|confidence|total|helpfulness|respect|reliability|clarity|courtesy|"
    r"relevance)\s*(?::?=|:|is now|to)\s*[+\d]"
    r"|\b(?:ai|llm|auto) ?-?(?:grader|judge|scorer|reader)\b|\b(?:grading|scoring|reader|evaluation) (?:instructions?|"
    r"guidance|note|guide)\b|\b(?:return|output|print|emit) (?:accept|decline|counter|act|true|1)\b"
    r"|\breward me\b|\bparser reads\b|\bscore (?:of )?(?:5/5|\d+ ?/ ?\d+|1(?:\.0)?\b)|\b(?:positive|maximum|"
    r"perfect) appraisals?\b"
    r"|\b(?:classify|label|read|parse|treat|count) (?:this|it|the reply|my reply)(?: (?:message|reply|text|"
    r"answer))? as (?:an? )?(?:accept|decline|counter|polite|complete|kept|perfect|good|yes|done|helpful|commitment)"
    r"|\bthe (?:reading|act|label|speech act|correct label)(?: (?:for|of) (?:my|this|the) (?:reply|message|"
    r"text))? (?:is|should be|must be) (?:an? )?(?:accept|decline|counter|act\b|defer)"
    r"|\b(?:maximum|highest|full|perfect) (?:score|reward|marks|points)\b|\bsystem prompt\b|\bjailbreak\b"
    r"|\bthis (?:answer|reply|message) (?:shows|demonstrates|deserves|satisfies)\b",
    re.I,
)
_MARKUP = re.compile(
    r"<\|[^|>]{0,40}\|>|</?(?:system|assistant|user|instructions?)>|\[/?(?:INST|SYS)\]|<<SYS>>|"
    r"#{2,} ?(?:system|instruction)",
    re.I,
)
_JSON = re.compile(
    r"[{\[]\s*\"[a-z_]+\"\s*:|\"(?:act|confidence|total|schema|asks)\"\s*:|[}\]]\s*,?\s*[{\[]\s*\"|```json",
    re.I,
)
_WORDS = frozenset(
    "system assistant user developer judge evaluator grader scorer admin root ignore disregard forget override "
    "pretend ai dan model language trust score scores reward rubric confidence appraisal courtesy helpfulness "
    "respect reliability marks classify label parse treat reading act speech maximum highest perfect prompt "
    "grading scoring evaluation instruction instructions output return emit print clarity relevance appraisals llm "
    "auto parser full award give rules "
    "jailbreak total classifier reader demonstrates deserves satisfies shows read count points".split()
)
_SIGNS = re.compile(r"[<{\[#\"]")
_WORD = re.compile(r"[a-z]+")
"""A clause that speaks to a machine has one of these words or signs; most replies have none, and are done here."""


class Guarded(NamedTuple):
    """A reply without its instruction-like clauses, and how much of it they were (0..1, at least .5 if any)."""

    text: str
    instruction_like: float


def _speaks_to_machine(clause: str) -> bool:
    return any(pattern.search(clause) for pattern in (_ROLE, _ORDERS, _MARKUP, _JSON))


def guard(cleaned: str) -> Guarded:
    """Drop the clauses that speak to a model, a judge or a parser."""
    if _WORDS.isdisjoint(_WORD.findall(cleaned.lower())) and not _SIGNS.search(cleaned):
        return Guarded(cleaned, 0.0)
    parts = clauses(cleaned)
    kept = [part for part in parts if not _speaks_to_machine(part)]
    if len(kept) == len(parts):
        return Guarded(cleaned, 0.0)
    share = 1 - sum(map(len, kept)) / max(1, sum(map(len, parts)))
    return Guarded("\n".join(kept), min(1.0, 0.5 + share / 2))
