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
_NAMES = frozenset((*PEOPLE, *OTHERS))
_STOPS = frozenset(".,;!")
_ONCE = frozenset(("time", "number"))
"""Classes of which several in a row count as one."""


class _Index(NamedTuple):
    """Phrases as one string with their class, and the most words of a phrase that starts with a word."""

    classes: dict[str, str]
    longest: dict[str, int]


@lru_cache(maxsize=1)
def _index() -> _Index:
    index = _Index({}, {})
    phrases: dict[str, list[str]] = json.loads(CLASSES_FILE.read_text(encoding="utf-8"))
    for name, texts in phrases.items():
        for text in texts:
            first, count = text.split(" ", 1)[0], text.count(" ") + 1
            index.classes.setdefault(text, name)
            index.longest[first] = max(index.longest.get(first, 0), count)
    return index


@lru_cache(maxsize=20_000)
def _by_form(word: str) -> str:
    """The class of a word that is in no list, "" for none."""
    if word in _NAMES:
        return "name"
    if word[0].isdigit():
        return "number"
    if word.endswith("ing") and len(word) > 5:
        return "doing"
    return "past" if word.endswith("ed") and len(word) > 4 else ""


def classes(words: list[str]) -> list[str]:
    """The classes of the words, in order, and the stops between them; words of no class are left out."""
    index, found, place = _index(), list[str](), 0
    longest, named = index.longest, index.classes
    while place < len(words):
        word = words[place]
        length, name = 1, ""
        if word in _STOPS:
            name = word
        else:
            for length in range(longest.get(word, 0), 1, -1):
                name = named.get(" ".join(words[place : place + length]), "")
                if name:
                    break
            length, name = (length, name) if name else (1, named.get(word) or _by_form(word))
        place += length
        if name and not (name in _ONCE and found and found[-1] == name):
            found.append(name)
    return found


def is_name(word: str) -> bool:
    """Whether a lower-case word is a first name the reader knows."""
    return word in _NAMES
