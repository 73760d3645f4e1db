"""Whether a time in a clause is promised: not when it is past, refused, corrected, a condition, or somebody else's."""

from __future__ import annotations

from .late import Late
from .times import Span

_EDGE = Late(r"[,;:()]|\b(?:and|but|so|because|then)\b")
"""What separates one statement of a clause from the next."""
_AHEAD = (
    r"i'll|ill|will|we'll|'ll|shall|can|could|going to|gonna|let me|let's|i'd|would|want to|plan\w* to|try\w* to|"
    r"booked|blocked|moved|shifted|scheduled|need|give|get|expect|have (?:it|this|that)|dunga|lunga|happy to"
)
_PAST = (
    "as of gave took made ran tried wanted was were wasn't went got came said told asked slept woke broke crashed "
    "failed saw began happened did had paged died been sat heard wrote agreed promised started ended left covered "
    "stayed worked spent lost missed fell sent joined fixed logged called mailed thanks thank thx since yesterday "
    "earlier ago"
).split()
_GONE = "|".join(
    (
        r"(?:was|were) (?:going|planning|hoping|about) to|as of|(?:thanks|thank you|thx) for|got(?! it| you)",
        *(word for word in _PAST if word not in ("as", "of", "thanks", "thank", "thx", "got")),
    )
)
_GONE_WORDS = frozenset(_PAST)
_TENSE = Late(rf"\b(?:(?P<gone>{_GONE})|(?P<ahead>{_AHEAD}))\b|'ll\b")
_PROMISING = Late(rf"\b(?:{_AHEAD})\b")
_GONE_AFTER = Late(
    r"^\W*(?:has|had|was|were|yesterday|last (?:night|week|month|time)|ago)\b"
    rf"|^\W*(?:i|it|we|you|he|she|they) (?:{_GONE})\b|\b(?:tha|thi|jaga|hua|gaya|gayi)\b"
)
_REFUSES = Late(
    r"(?:n't(?! mind)|\bnot|\bno(?! problem| worries| issue| prob| matter)|\b(?:nothing|nobody|none|cant|cannot|wont|"
    r"dont|never|unable|nahi|instead of|rather than|other than|avoid|skip(?:ping)?|miss(?:ing)?))\b"
    r"(?!.*\b(?:i'll|i will|i can)\b)"
)
_BUSY = r"buried|swamped|slammed|busy|out|off|away|booked|full|on leave"
_REFUSED_AFTER = Late(
    r"^\W*(?:(?:itself|i|we|it|slot|one)\s)?(?:nahi|nahin|nai|mat|isn't|won't|wont|will not|doesn't|does not|can't|"
    r"cannot|cant|(?:is|are|was|would be|sounds|seems) (?:too|not|impossible|out|tough|tight|hard|difficult|taken|gone|"
    r"booked|full|blocked|busy|my|our|when|off|an?(?! good| better| fine)|the (?:demo|release)))\b"
    rf"|^\W*(?:i'm|im|i am|i'll be|i will be|thoda|bahut|main)\s(?:\w+ )?(?:{_BUSY})\b"
)
_EARLIEST = ("before", "b4", "until", "till", "til", "untill")
"""Not before four is at four: what stands before a time that is offered all the same."""
_NOT_MINE = Late(
    r"\b(?:every|each|usually|always|daily|normally|roz)\b"
    r"|\b(?:if|unless|in case|provided|assuming|agar|by the time)\s"
    r"(?!of\b|possible|needed|all |ok|so\b|that's|that works|you (?:like|want|prefer))"
    r"|\b(?:please|pls|plz|kindly)\s(?!expect|give|allow|bear|wait|note|find|hold|grant|consider|let me (?!know))"
    r"|\b(?:send|tell|show|get|mail) (?:me|us)\b|\blet (?:me|us) know\b|\b(?:can|could|would|will|do|need) you\b"
)
"""A habit, a condition, a request."""
_NOT_MINE_WORDS = frozenset(
    "every each usually always daily normally roz if unless case provided assuming agar time please pls plz kindly me "
    "us you".split()
)
_THEN_MINE = Late(r"\w.*\b(?:i'll|ill|i will|i can|i could|i shall|we'll|it ships|you'll have|you get)\b")
_OCCASION = Late(
    r"\b(?:demo|stand-?up|call|meeting|sync|board|release|wedding|flight|train|bus|appointment|function|reception|"
    r"ceremony|shift|leave|holiday|vacation|day|sprint|launch|deploy|freeze|audit|kickoff|interview|exam|party|shaadi)"
    r"\s(?:\w+\s)?(?:is|starts|begins|ends|meets|runs|goes|leaves|closes|sits|hai)\b"
    r"|\bi (?:finish|stop|start)(?! it| this| the| that| your| on| with)\b"
    r"|\b(?:i|to|must|i'll) (?:leave|log off|head out)\b"
    r"|\b(?:meets|you (?:say|want|need|ask))\b"
    r"|\b(?:on leave|(?:i have|i've got|there is|there's|got) (?:a|an|another|my)\s"
    r"(?!slot|gap|window|free|break|half|couple|hour|draft|first|fix|version|plan|proposal|suggestion|\d))"
    rf"|\b(?:i'm|im|i am|we're|we are|i'll be|i will be)\s(?:\w+ )?(?:{_BUSY}|at (?:the|a|my) (?!desk)|"
    r"travelling|traveling|stuck|unavailable|tied up|in (?:a |my |back to back )?(?:calls?|meetings?|reviews?)|asleep|"
    r"sleeping|gone|driving|on call|on shift)\b"
    r"|\b(?:rahul|priya|david|sundar|meera|karthik|he|she|they|client|customers?|bank)\s"
    r"(?:is|are|has|have|wants?|needs?|meets|starts?|expects?)\b"
)
"""A time that something or somebody else has; not his promise unless he goes on from it."""
_OCCASION_WORDS = frozenset(
    "is starts begins ends meets runs goes leaves closes sits hai i you leave there there's got i've i'm im we're "
    "we to be are has have want wants need needs start expect expects".split()
)
_GOES_ON = Late(
    r"\b(?:after (?:that|it)|right after|then|afterwards|post that|thereafter|uske baad|free (?:post|after))\b"
)
_WHOSE = Late(r"\b(?:your|his|her|their|that|[a-z]+'s)\s*$")
_OWN = Late(r"^(?:the|my|our)\s+\d")
_THING = Late(r"^\s(?!slot|works?\b|is (?:ok|fine|good)|suits|it is|(?:for|to|on|in|then|and|i|so)\b)[a-z]")
"""A noun behind "the 4 pm": the time is its name."""
_ASKS = Late(r"^is\b|\b(?:you|your|why|when|what|which|who|is (?:the|it)|did|kab|kyun)\b")
_PROPOSES = Late(
    r"\b(?:how about|what about|shall|should (?:i|we)|(?:can|could|may) (?:i|we)|works?|okay|ok|fine|suits?|good|"
    r"chalega)\b"
)
_SLIP = (
    r"(?:no|nope|sorry|actually|correction|wait|scratch that|umm?|hmm*|err?|oops|i mean|make (?:that|it)|or rather|"
    r"rather)"
)
_CORRECTS = Late(rf"[\s,.-]*{_SLIP}\b(?:[\s,.-]*(?:{_SLIP}|say|it's|maybe|better|let's say)\b)*[\s,.-]*")
_AND = Late(r"\s*(?:and|or|&|aur|n|/)\s*")


def promised(clause: str, times: list[Span]) -> list[Span]:
    """The times of a lower-case clause; one at which nothing is promised is only `named` and has no `due`."""
    return [span._replace(due=None) if _idle(clause, times, place) else span for place, span in enumerate(times)]


def corrects(clause: str, times: list[Span]) -> bool:
    """Whether a clause puts another time for one said before it: "make that 3"."""
    first = next((span for span in times if span.due is not None), None)
    return first is not None and bool(_CORRECTS.fullmatch(clause, 0, first.start))


def _idle(clause: str, times: list[Span], place: int) -> bool:
    """Whether nothing is promised for a time."""
    span = times[place]
    if span.named is None:
        return False
    earlier = times[place - 1] if place else None
    if earlier and earlier.named is not None and _AND.fullmatch(clause, earlier.end, span.start):
        return _idle(clause, times, place - 1)
    if place + 1 < len(times) and _CORRECTS.fullmatch(clause, span.end, times[place + 1].start):
        return True
    if clause.endswith("?") and _ASKS.search(clause) and not _PROPOSES.search(clause):
        return True
    return _as_stated(clause, span)


def _as_stated(clause: str, span: Span) -> bool:
    """Whether the statement that a time stands in promises nothing for it."""
    edges = [edge.end() for edge in _EDGE.finditer(clause, 0, span.start)]
    edge = _EDGE.search(clause, span.end)
    before = clause[edges[-1] if edges else 0 : span.start]
    after = clause[span.end : edge.start() if edge else len(clause)].rstrip(" .!")
    said = clause[span.start : span.end]
    words = before.split()
    if after and (_REFUSED_AFTER.search(after) or _GONE_AFTER.search(after)):
        return True
    refusal = _REFUSES.search(before)
    if refusal and not before.endswith("later than ") and not (said.startswith(_EARLIEST) and refusal[0] != "no"):
        return True
    if not _GONE_WORDS.isdisjoint(words) and _past(before):
        return True
    if not _OCCASION_WORDS.isdisjoint(words) and _OCCASION.search(before):
        return not _GOES_ON.search(clause, span.start)
    return _anothers(before, words, said, after)


def _past(before: str) -> bool:
    """Whether the last verb before a time speaks of what has been."""
    told = list(_TENSE.finditer(before))
    return bool(told and told[-1]["gone"])


def _anothers(before: str, words: list[str], said: str, after: str) -> bool:
    """Whether a time is a habit, a condition, asked of the other, or part of a name ("your 4 pm mail")."""
    if not _NOT_MINE_WORDS.isdisjoint(words):
        other = _NOT_MINE.search(before)
        if other and not _THEN_MINE.search(before, other.end()):
            return True
        if before.endswith("you ") and said.startswith("say"):
            return True
    if after and _WHOSE.search(before):
        return True
    return bool(after and _OWN.search(said) and _THING.search(after)) and not _PROMISING.search(before)
