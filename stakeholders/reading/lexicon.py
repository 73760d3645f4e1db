"""What words mean to the reader: each word or phrase stands for a class (will, can't, later, a name). No sentences."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PEOPLE = {"priya": "priya", "rahul": "rahul", "david": "david", "dave": "david", "sundar": "sundar"}
OTHERS = (
    "karthik ananya vikram meera suresh deepa anita nikhil sneha arun kavya manoj pooja ravi divya akash neha imran "
    "sandeep lakshmi ganesh farhan tanvi harish joseph anand swati rohit shreya varun kiran vivek asha amit abhishek "
    "aparna deepak farah jatin kaveri manjunath sanjay teresa tenzin vinay yusuf nandini gaurav harini naveen gurpreet "
    "mohit shwetha tanmay kyle sameer malik rajesh ramesh mahesh prakash pradeep arvind ashok balaji bhavana chandan "
    "chitra dinesh ekta gautam geetha girish gopal hari hema isha jaya jyoti kamal kartik komal lata leela madhu mala "
    "mani manish mayank megha mohan mukesh nadia naina nandan nisha nitin pallavi pankaj parth pavan payal preeti "
    "radha raghav raj rajiv rakesh rani rashmi rekha renu ritu roopa sachin sahil salman sanya sarita shalini shankar "
    "shilpa shweta siddharth simran sonia sudha sumit sunil sunita sushma tarun uma usha vaibhav vandana veena venkat "
    "vidya vijay vinod vishal yash zoya aditya aisha alex alice andrew anna ben brian carlos chris daniel emily emma "
    "eric george grace helen jack james jason jen jennifer jessica john kate kevin laura lisa maria mike michael "
    "nancy nina omar paul peter rachel robert ryan sam sarah scott steve susan tom wei yuki".split()
)
"""First names that stand for a colleague outside the cast."""

CLASSES_FILE = Path(__file__).with_name("classes.json")
"""Class -> its words and phrases, of one to four words each."""
LONGEST = 4
NAMES = frozenset((*PEOPLE, *OTHERS))
"""All first names the reader knows."""
_STOPS = frozenset(".,;!")
_ONCE = frozenset(("time", "number"))
"""Classes of which several in a row count as one."""


class _Index(NamedTuple):
    """Words and phrases as one string with their class, and the second words of phrases that start with a word."""

    classes: dict[str, str]
    seconds: dict[str, set[str]]


@lru_cache(maxsize=1)
def _index() -> _Index:
    index = _Index({}, {})
    phrases: dict[str, list[str]] = json.loads(CLASSES_FILE.read_text(encoding="utf-8"))
    for name, texts in phrases.items():
        for text in texts:
            index.classes.setdefault(text, name)
            first, *more = text.split(" ")
            if more:
                index.seconds.setdefault(first, set()).add(more[0])
    return index


@lru_cache(maxsize=20_000)
def _by_form(word: str) -> str:
    """The class of a word that is in no list, "" for none."""
    if word in NAMES:
        return "name"
    if word[0].isdigit():
        return "number"
    if word.endswith("ing") and len(word) > 5:
        return "doing"
    return "past" if word.endswith("ed") and len(word) > 4 else ""


def classes(words: list[str]) -> list[str]:
    """The classes of the words, in order, and the stops between them; words of no class are left out."""
    named, seconds = _index()
    found, past = list[str](), 0
    for place, word in enumerate(words):
        if place < past:
            continue
        name = ""
        if word in seconds and place + 1 < len(words) and words[place + 1] in seconds[word]:
            for length in range(LONGEST, 1, -1):
                name = named.get(" ".join(words[place : place + length]), "")
                if name:
                    past = place + length
                    break
        name = name or (word if word in _STOPS else named.get(word) or _by_form(word))
        if name and not (name in _ONCE and found and found[-1] == name):
            found.append(name)
    return found
