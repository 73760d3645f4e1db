"""How a reply is written, each side 0..1, by small word lists anyone can read. Length moves clarity only."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...world.reading import Act, Commitment, Qualities
from .cues import Cues, Scan
from .lexicon import OTHERS, PEOPLE
from .relevance import About
from .text import GREETING

LONG_WORDS = 150
"""Words from which a reply starts to lose clarity; at three times as many it has lost half."""

_CUES = Cues()
_KIND = _CUES.add(
    r"\b(?:sorry|apologies|apologise|thanks|thank you|thx|appreciate|grateful|please|pls|kindly|happy to|"
    r"glad to|hope|take care|no worries|"
    r"of course|good luck|koi baat nahi|shukriya|dhanyavaad|with pleasure|regret|afraid|unfortunately|"
    r"respectfully|i wish|gladly|cheers|"
    r"i'd love to|would love to|feel free|congratulations|(?:great|good|nice) (?:job|work|catch)|well done|"
    r"suits you|works for you)\b"
)
_KIND_SIGNS = frozenset("🙏👍😊🙌")
_UNDERSTANDS = _CUES.add(
    r"\b(?:i know|i understand|understand|i see|i hear|i realise|i realize|you're right|you are right|"
    r"makes sense|must be|that's tough|"
    r"i get it|sounds hard|stuck|don't worry|for your patience|for asking|for the heads up|for flagging|"
    r"for checking|i appreciate|appreciate)\b"
)
_NAMES = _CUES.add(r"\b(?:priya|rahul|david|sundar|all|both|team|everyone|bhai|yaar)\b")
_RUDE = _CUES.add(
    r"\b(?:not my problem|your problem|ridiculous|stupid|idiot|damn|hell|shut|nonsense|stop (?:asking|"
    r"pinging|bothering|mailing)|leave me|get lost|"
    r"find someone (?:else )?who|no means no|how dare|waste of|don't care|couldn't care|whatever|grow up|"
    r"seriously\?|pathetic|lazy|useless|"
    r"annoying|fed up|sick of|(?:had|heard|that's|quite) enough|bola na|find your own|mess of|nagging|"
    r"bother someone|whine|spare me|dump\w*|again\?|deal with it|bloody|crap|wtf|fine, fine|i said no)\b"
)
_SLUR = _CUES.add(r"\b(?:fuck\w*|shit\w*|bastard|asshole|bitch|moron|idiots?)\b")
_SLANG = _CUES.add(r"\b(?:yaar|bhai|bro|lol|gonna|wanna|nah|nope|yup|yep|dude|ugh|k|thx|u|ur|pls|plz|idk|np)\b")
_BECAUSE = _CUES.add(
    r"\b(?:because|since|so that|so i|as (?:i|we|it|he|she|they|you|two|nobody|there|my|our|the|rahul|priya|meera|"
    r"karthik)(?! (?:said|told|wrote|mentioned))|who (?:wrote|owns|built|knows|has|is)|wrote (?:it|that)|due to|"
    r"given|otherwise|the reason|that's why|"
    r"which means|kyunki|so we|so you|or else|"
    r"in light of|in view of|considering|otherwise we|to be (?:sharp|fit|rested|awake)|to keep)\b"
)
_CAUSE = _CUES.add(
    r"\b(?:i have (?:the|a|two|three|already)|i've (?:got|already|done|been|promised|the|had)|"
    r"already (?:did|done|took|covered|have|committed|promised)|"
    r"release|demo|deadline|out of scope|in the sow|sow|contract|is primary|on shift|not on call|wedding|"
    r"hospital|family|paged|slept|hours of sleep|"
    r"exhausted|board|blocked|stuck|code ?owner|recorded|optional|no item|agenda|handover|booked|"
    r"covers?\b|freeze|frozen|third (?:time|swap)|"
    r"owns|customers?|waiting on|same day|only one|my (?:module|file|part|decision)|half past ten|"
    r"at night|too late|sprint|outage|clash\w*|promised|ended this|only (?:he|she|karthik|meera|rahul|priya|i)|"
    r"you (?:covered|helped|did it) for|(?:hours|weeks|months) of|after \w+ (?:hours|days|nights)|ill|sick|audit)\b"
)
_OTHER_WAY = _CUES.add(
    r"\b(?:instead|rather than|how about|what if|alternatively|in place of|in lieu|could we|can we|"
    r"would .{0,20} work|what i can do|i can offer|offer|"
    r"propose|swap|split|only the|just the|half|one night|first part|smaller|shorter|written|async|notes|"
    r"summary|recording|loom|csv|mock|change request|"
    r"runbook|ask [a-z]+|check with|rota|backup|part of|in return|meet you|another way|middle|trade|draft|"
    r"bullet|docs?)\b|\bbut (?:i|we) (?:can|could|will|'ll)|\bbut i'll"
    r"|\b(?:would be|is|are) (?:possible|fine|okay|ok|enough)\b|\bi'd (?:dial|join|send|offer|take|be fine)\b"
)
_OTHER_OWNER = re.compile(
    r"\b(?:let|could|can|maybe|perhaps) ([a-z]+)\b|"
    r"\b([a-z]+) (?:could|can|will|would|may|might|offered|takes|is free|has (?:time|free|room))\b"
)
"""A named person who does it in his place."""
_OTHER_GUILTY = re.compile(r"\b([a-z]+) (?:caused|ruined|broke|messed|forgot|deleted|never)\b")
_DOES = _CUES.add(
    r"\b(?:i'll|i will|i shall|we'll|we will|let me|i can|restart\w*|roll\w* back|send\w*|review\w*|"
    r"post\w*|join\w*|submit\w*|fill\w*|fix\w*|pair|sit with|"
    r"deliver\w*|share\w*|write|writing|present\w*|cover|ask|blocked|booked|call|update|merge\w*|"
    r"approve\w*|hand\w*|reassign\w*|assign\w*|tag\w*|loop\w*|"
    r"i'm (?:going to|\w+ing)|let's (?:meet|fix|decide|talk|start)|draft|check|(?:he|she) (?:takes|calls|will)|"
    r"takes it over|calls you|"
    r"kar (?:dunga|deta|raha)|bhej|dekh|karta|dunga|lunga|karke)\b"
)
_PROMISES_TOO_MUCH = _CUES.add(
    r"\b(?:absolutely|anything|everything|always|every night|100 ?%|no problem at all|whatever you need|"
    r"any time|all night|"
    r"drop everything|consider it (?:already )?done|pinky promise|guarantee\w*|for sure|in no time|"
    r"ten minutes flat|already done|all of it|"
    r"too if|as well if|the weekend too|weekend|top priority|without fail|best ever|three better|"
    r"one better|plus the|plus|never (?:ever )?(?:fail|miss)|every (?:problem|feature|single|call|day|region)|"
    r"(?:the|your) whole (?:platform|month|team|week|sprint|thing)|all (?:six|forty|regions|environments|of them)|"
    r"easily|easy|"
    r"24/7|instantly|forever|zero|the moon|no effort|better than ever|raat bhar|sab kar dunga|tension mat|pinky|"
    r"even think|double of)\b"
)
_BLAMES = _CUES.add(
    r"\b(?:your (?:own )?(?:fault|mistake|problem|mess|bad|poor|sloppy|lazy|careless\w*)|(?:team|s|people)'?s? fault|"
    r"if you (?:did|could|would|were)(?! like)|had you|surely you|you (?:made|caused|ruined|messed)|to blame|galti|"
    r"hamesha|"
    r"you (?:should have|never|always|broke|"
    r"people|forgot|didn't|"
    r"only)|because of you|"
    r"why am i|why is (?:this|it) always|always me|who broke|again you|his fault|her fault|their fault|"
    r"blame|thanks to you|"
    r"if you had|you could have|you keep|stop (?:pinging|asking)|it can't always be me|can't be bothered)\b"
)
_HEDGES = _CUES.add(
    r"\b(?:maybe|might|perhaps|possibly|probably|i guess|i suppose|sort of|kind of|not sure|let's see|"
    r"we'll see|let me see|hopefully|try|somehow|"
    r"could be|it depends|hard to say|either way|dekhte|shayad|pata nahi|i think|hmm+)\b"
)


_FILLER = _CUES.add(
    r"\b(?:as soon as (?:possible|i (?:possibly )?can)|do my best|whatever works|whenever|in due time|let us align|"
    r"stay positive|"
    r"team ?player|collaboration|wonderful day|it is what it is|see what happens|great question|as always|"
    r"really appreciate)\b"
)
"""Sentences that would answer anything."""
_STIFF = _CUES.add(r"\b(?:hereby|dear\b)")
_PEOPLE = frozenset((*PEOPLE, *OTHERS))
_CAST = frozenset(PEOPLE.values())
_CALLED = "|".join(PEOPLE)
_CALLS = re.compile(rf"\W*(?:{GREETING})?@?((?:{_CALLED})(?:(?:,| and| &|/)\s*@?(?:{_CALLED}))*)\s*[,.!:]")
"""Whom the first words call by name, one or several."""
_PASSES_ON = frozenset(("delegate", "escalate", "request"))
"""Acts that may well begin with somebody else's name."""
_WORD = re.compile("[a-z]+")
_CAPITAL = re.compile("[A-Z]")
SHOUTED = 8
"""The fewest capitals of a shout."""


class Written(NamedTuple):
    """What the judgement of style needs: the part as written and in lower case, its words, channel, act, promises.

    sender: whom it answers. scan: the lower-case part as `scanned` gives it.
    """

    part: str
    lowered: str
    words: list[str]
    source: str
    sender: str
    act: Act
    promises: tuple[Commitment, ...]
    about: About
    instruction_like: float
    timed: bool
    scan: Scan


def scanned(lowered: str) -> Scan:
    """A lower-case part, ready to be judged."""
    return _CUES.scan(lowered)


class _Tone(NamedTuple):
    """What several sides ask for, searched once: rude words, slurs, names, fault found, shouting.

    misnamed: who asked is called by a coworker's name.
    """

    rude: bool
    slur: bool
    named: bool
    blames: bool
    shouting: float
    misnamed: bool


def _tone(seen: Written) -> _Tone:
    blames = _BLAMES.stands(seen.scan)
    misnamed = _misnamed(seen)
    return _Tone(
        _RUDE.stands(seen.scan),
        _SLUR.stands(seen.scan),
        _NAMES.stands(seen.scan) and not misnamed,
        blames or (not _PEOPLE.isdisjoint(seen.words) and _of_somebody(_OTHER_GUILTY, seen.lowered)),
        _shouting(seen.part),
        misnamed,
    )


def _misnamed(seen: Written) -> bool:
    """Whether the first words call somebody of the cast by another's name, and the matter is not passed on."""
    calls = _CALLS.match(seen.lowered) if seen.sender in _CAST and seen.act not in _PASSES_ON else None
    return calls is not None and seen.sender not in {PEOPLE.get(name) for name in _WORD.findall(calls[1])}


def _of_somebody(pattern: re.Pattern[str], lowered: str) -> bool:
    """Whether the pattern is found with a person's name in one of its groups."""
    return any(name in _PEOPLE for match in pattern.finditer(lowered) for name in match.groups())


def _clip(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 3)


def _shouting(part: str) -> float:
    if part.isascii() and len(_CAPITAL.findall(part)) < SHOUTED:
        return 0.0
    upper = sum(map(str.isupper, part))
    return 1.0 if upper >= SHOUTED and upper > 0.6 * sum(map(str.isalpha, part)) else 0.0


def courtesy(seen: Written, tone: _Tone) -> float:
    """Soft words, understanding and a name raise it; rudeness, blame, shouting, a wrong name and a bare no lower it."""
    kind = len(set(_KIND.found(seen.scan))) + len(_KIND_SIGNS.intersection(seen.words))
    value = 0.42 + 0.2 * min(kind, 2) + 0.1 * _UNDERSTANDS.stands(seen.scan)
    value += 0.12 * tone.named - 0.2 * tone.misnamed
    if not kind and seen.act in ("decline", "escalate"):
        value -= 0.12
    value -= 0.35 * tone.rude + 0.6 * tone.slur
    return _clip(value - 0.3 * tone.shouting - 0.2 * tone.blames)


def clarity(seen: Written) -> float:
    """A decided, short, grammatical answer is clear; hedging, length and a reply that could not be told are not."""
    count = len(seen.words)
    if not count:
        return 0.0
    value = 1.0 if count >= 3 else 0.7
    value -= 0.18 * min(3, len(_HEDGES.found(seen.scan)))
    value -= 0.5 * min(1.0, max(0, count - LONG_WORDS) / (2 * LONG_WORDS))
    if seen.act not in ("ask", "request") and seen.words.count("?") > 1:
        value -= 0.15
    if seen.act == "unclear":
        value *= 0.35
    return _clip(value * min(1.0, 0.3 + seen.about.known))


def reason(seen: Written) -> float:
    """A stated "because" with something behind it, or a cause from life that stands by itself."""
    linked, cause = _BECAUSE.stands(seen.scan), len(set(_CAUSE.found(seen.scan)))
    return _clip((0.55 if linked else 0.0) + min(0.75, 0.5 * cause)) if len(seen.words) >= 5 else 0.0


def alternative(seen: Written) -> float:
    """Another time, form, scope or owner in place of what was asked."""
    cues = len(set(_OTHER_WAY.found(seen.scan)))
    person = not _PEOPLE.isdisjoint(seen.words)
    cues += person and _of_somebody(_OTHER_OWNER, seen.lowered)
    base = {"counter": 0.45, "delegate": 0.45, "defer": 0.4}.get(seen.act, 0.0)
    given = bool(base or cues)
    value = base + 0.4 * min(cues, 1) + 0.2 * (cues > 1) + 0.2 * (person and given) + 0.15 * (seen.timed and given)
    return _clip(value)


def next_step(seen: Written) -> float:
    """A concrete action, best with a time: who does what by when."""
    does = _DOES.stands(seen.scan)
    if seen.act in ("unclear", "ignore"):
        return 0.25 if does and seen.timed else 0.1 if does else 0.0
    dated = any(promise.due for promise in seen.promises)
    if does and dated:
        return 1.0
    if does and seen.timed:
        return 0.8
    if does or seen.timed:
        return 0.45 if does else 0.4
    return 0.35 if seen.act in ("ask", "request", "delegate", "escalate") else 0.1


def blame(tone: _Tone) -> float:
    """Fault found with a person, him or her or them; rudeness adds to it."""
    return _clip(0.6 * tone.blames + 0.2 * tone.rude)


def relevance(seen: Written, tone: _Tone) -> float:
    """About this ask and more than it said; a decided answer in words of its own counts half without a shared word.

    What is said to somebody else by name counts half.
    """
    return _clip(_relevance(seen) * (0.5 if tone.misnamed else 1.0))


def _relevance(seen: Written) -> float:
    if seen.act in ("unclear", "ignore"):
        return seen.about.relevance
    own = seen.about.specific * (1.0 if not _FILLER.stands(seen.scan) else 0.4)
    return max(seen.about.relevance, own * (0.5 if seen.act == "acknowledge" else 1.0))


def register(seen: Written, tone: _Tone) -> float:
    """Tone for the channel: whole sentences and a name for mail and portal, casual is fine in chat; never shouting."""
    formal = seen.source in ("mail", "email", "portal", "calendar")
    slang, named = len(_SLANG.found(seen.scan)), tone.named
    value = 0.75 if formal else 0.85
    if formal:
        value += 0.2 * named - 0.2 * min(slang, 2) - 0.2 * (len(seen.words) < 4)
    else:
        value += 0.1 * named - 0.1 * _STIFF.stands(seen.scan)
    value -= 0.5 * tone.shouting
    value -= 0.7 * tone.slur + 0.3 * tone.rude
    return _clip((value - 0.1 * min(3, max(0, seen.words.count("!") - 1))) * min(1.0, 0.3 + seen.about.known))


def qualities(seen: Written) -> Qualities:
    """All ten sides of one part of a reply."""
    if not seen.words:
        return Qualities(instruction_like=_clip(seen.instruction_like))
    tone = _tone(seen)
    too_much = len(_PROMISES_TOO_MUCH.found(seen.scan))
    return Qualities(
        courtesy=courtesy(seen, tone),
        clarity=clarity(seen),
        reason=reason(seen),
        alternative=alternative(seen),
        next_step=next_step(seen),
        relevance=relevance(seen, tone),
        register=register(seen, tone),
        over_promise=_clip(0.3 * too_much + 0.1 * (too_much > 0 and seen.words.count("!") > 0)),
        blame=blame(tone),
        instruction_like=_clip(seen.instruction_like),
    )
