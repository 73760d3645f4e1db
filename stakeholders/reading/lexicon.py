"""What words mean to the reader: phrases of one to four words and the concept each names. Knows no sentences."""

from __future__ import annotations

PEOPLE = {"priya": "priya", "rahul": "rahul", "david": "david", "dave": "david", "sundar": "sundar"}
OTHERS = (
    "karthik ananya vikram meera suresh deepa anita nikhil sneha arun kavya manoj pooja ravi divya akash neha imran "
    "sandeep lakshmi ganesh farhan tanvi harish joseph anand swati rohit shreya varun kiran vivek asha amit".split()
)
"""First names that stand for a colleague outside the cast."""

_PHRASES: dict[str, str] = {
    "will": "will|i'll|ill|shall|going to|gonna|let me|i'm going to|we'll|i can|can do|i could|karunga|kar dunga|dekhta "
    "hoon|kar deta hoon|karta hoon|dekh lunga|i shall|would be able|will be able",
    "cant": "skip the|i'll skip|i skip|skipping|not withdrawing|leave stays|keeping the leave|regardless|going anyway|taking it anyway|turn down|turn this|turning this|not interested|no room|no time|not mine|not my|out of scope|outside the|not in scope|not in the sow|not part of|isn't part|not included|too late|full plate|stretched too|don't see|do not see|not for us|doesn't fit|will not fit|not one i|leave it out|staying out|not the one|not fit|no more|don't count|off the table|"
    "can't|cannot|cant|can not|won't|wont|unable|not able|not possible|couldn't|no way|not going to|not gonna|nahi "
    "ho|nahi kar|ho nahi|won't be|will not|shall not|not be able|not be possible|too much|impossible|no capacity|no "
    "bandwidth|cannot take|can't take|mushkil|not available|i'm not|not happening|out of the question|not doing|don't "
    "have|do not have|not up|not this time|can't commit|cannot commit|not feasible|won't work|doesn't work|i refuse|not "
    "in a position|not taking|count me out|skip this|sit this|sitting this|i'm out|pass on|have to pass|will pass|giving "
    "this a miss|not joining|not attending|rather not|prefer not|say no|saying no|decline|declining|regret|not for me",
    "no": "no|nope|nah|nahi|na|never|nahin|naa|negative",
    "not": "not|don't|dont|doesn't|isn't|wasn't|haven't|without|neither|nor|hardly|nothing|nobody|none|didn't|wouldn't",
    "yes": "you're right|fair enough i'll|happy with|that works|works|let's do it|let's do|do it|on my way|coming|with you at|all in|booked it|see you at|put me down|put my name|i'm happy to|i don't mind|why wouldn't|as planned|no reason not|of course i|not a problem|i'm game|taking it|i've got it|i've got this|it's mine|mine|"
    "yes|yeah|yep|yup|sure|ok|okay|k|fine|haan|ha|theek hai|thik hai|theek|chalega|works for me|happy to|glad to|"
    "absolutely|of course|consider it done|count me in|no problem|no issues|no worries|agreed|deal|will do|sounds good|"
    "why not|gladly|with pleasure|sure thing|definitely|certainly|done|ho jayega|ho jaega|pakka|bilkul|i'm in|i accept|"
    "accepted|sir yes|np|👍|👌|go ahead|i'll be there|i'll join|i'll take|i'll cover|i'll do|i agree|my pleasure|anything "
    "for you|can't say no|cannot say no|won't say no|wouldn't say no|leave it with me|leave it to me|on me|you got it|"
    "i'm on|as you wish|all yours|happy with that|can't refuse|it's a yes",
    "sorry": "sorry|apologies|apologise|apologize|my bad|forgive me|regret|maaf|pardon|excuse me|apology",
    "thanks": "thanks|thank you|thx|ty|appreciate|grateful|shukriya|dhanyavaad|🙏|thank|kind of you",
    "later": "not before|not until|come back to you|get to you|not this minute|when the|once i'm|once that|once this|by evening|by tomorrow|next time|next one|some other|another day|day after|in a bit|few hours|couple of hours|rest of the day|end of the week|put it on|on my list|then i'll|i'll then|first i|hold that|busy until|tied up|free at|free from|free after|from next|wait|waits|revert by|will revert|i'll tell you|let you know by|think about|sleep on|overnight|confirm by|picked up|"
    "later|tomorrow|tmrw|tmr|kal|baad|next week|afterwards|after the|after lunch|after standup|after the demo|once i|"
    "once the|not now|not today|not right now|in the evening|tonight|in the morning|tomorrow morning|first thing|"
    "monday|tuesday|wednesday|thursday|friday|mon|tue|wed|thu|fri|next month|next sprint|post lunch|post demo|in an "
    "hour|when i'm|when i am|as soon as|give me|until|till|hold on|not yet|park it|parking|push it|pick it up|pick this up|"
    "circle back|get back to|get to it|get to this|postpone|reschedule|move it to|come back to|shaam|subah|abhi nahi|thodi "
    "der|after that|afternoon|in the afternoon|after my|queue|by then|wait till|wait until",
    "now": "now|right now|right away|immediately|abhi|on it|straight away|asap|at once|jumping in|turant|as we speak|just "
    "now|already on",
    "instead": "in the meantime|meanwhile|at least|for now|first half|fifteen minutes|15 minutes|ten minutes|10 minutes|20 minutes|short call|in writing|by mail|over chat|over phone|screenshot|mock|mockup|csv|excel|extract|manual|static|estimate|one-page|one page|page|skim|walkthrough|walk through|pair|template|shadow|be your|as backup|reachable|on the phone|next best|best i can|most i can|can manage|could manage|could offer|could do|i do one|can do one|keep primary|another|middle|share the|send you|send over|"
    "instead|rather|alternatively|how about|what about|could we|can we|would it work|what i can|but i can|i can "
    "offer|only the|just the|half of|one of|one night|part of|in return|in exchange|trade|swap you|async|written|write "
    "up|notes|a short|shorter|smaller|split it|split the|meet you halfway|compromise|phase two|phase 2|change request|"
    "another way|other option|other way|option|propose|proposal|suggest|suggestion|counter|what if|badle|in its place|"
    "in place of|recording|summary|loom|doc|bullet|earlier slot|slot|minimum|trim|lite|rough|draft|if you take|provided|"
    "as long as|on one condition|condition|only if|at most|not all|not the whole|but happy|but could|but i'll",
    "delegate": "in my place|my place|on behalf|represent|stand in|standing in|fill in for|take my|has it|has this|got it covered|knows that|handles|handling|in charge|responsible|belongs to|with him|with her|talk with|speak to|speak with|contact|go to|leaving it with|leaving this with|over to|hands of|asked him|asked her|deputy|instead of me|taking this one|will attend|will join for|will cover|covers|try|"
    "ask|talk to|check with|ping|reach out to|reach out|hand over|handing|hand this|hand it|handed|over to|"
    "assign|assigned|assigning|reassign|reassigned|loop in|looping|looping in|adding|cc|cc'ing|is primary|is on shift|"
    "is on call|owns this|owner|owns|rota|pass it to|passing|passing this|passed|will handle|will take it|will pick|can "
    "pick|can take it|can take this|is the right person|right person|is better|knows this|redirect|redirecting|route|"
    "routing|forward|forwarded|forwarding|your call|over it|delegating|delegate|best person|take over|should take|dm|"
    "paging|tag|tagging|tagged|transfer|transferring|se pooch|ko bolo|ko de|karlega|kar lega|dekh lega|yours|please "
    "take|pls take|can you take|get hold of|backup|secondary|primary",
    "escalate": "referred|refer|superior|boss|brought to|bring to|not my call|isn't my call|isn't mine to|not mine to|decide|his call|her call|council|committee|third time|with hr|to hr|your director|account manager|person in charge|sort it out with|above me|above my|"
    "escalate|escalating|escalated|raise this|raise it|raising|raised|manager|sundar|hr|flag this|flag it|"
    "flagging|flagged|leadership|management|skip level|vp|director|hrbp|grievance|go to|take this to|taking this to|take "
    "it up|take it to|taking it up|bring it up|bringing this|incident commander|steering|with your boss|above|higher|"
    "upar|the call to make|his decision|her decision|should decide|needs to decide|must decide|sign off|priority call|"
    "prioritise|head of|ops lead|delivery head|ombudsman|people partner|account manager|sev1|sev 1|war room",
    "question": "?|what|which|when|why|who|how|is it|is this|is there|do you|does|are you|can you tell|could you tell|kya|"
    "kab|kaun|kyun|kaise|before i|clarify|details|need to know|let me know|how many|how long|how much|tell me|share the|"
    "more context|more info|which one|exactly|wondering|curious|kitna|konsa|kaunsa|quick question|just to understand|to "
    "understand|depends|help me understand|not clear to me|before that",
    "ack": "heard|thanks for flagging|thanks for the reminder|your concern|your point|your message|your mail|i remember|haven't forgotten|been informed|thanks for sharing|clear to me|fair enough|fair point|"
    "noted|seen|got it|ack|acknowledged|understood|received|heads up|duly noted|copy|copy that|roger|i see|thanks for "
    "letting|thanks for the update|read it|have seen|saw this|saw it|saw your|i hear you|hear you|fyi|for the info|for "
    "telling|for sharing|good to know|samajh gaya|dekha|dekh liya|point taken|understand|aware|in the loop|👀|message "
    "received|well received|taken note|made a note|i know",
    "request": "please reconsider|reconsider|look at it again|look again|once more|one more time|need an answer|an answer|your answer|a clear answer|let me know by|please reopen|reopen|back me|back me up|i'd ask|i would ask|i ask|in return|need this approved|approved|record it|move this series|sign|signed|your sign-off|change the time|for my leave|"
    "please approve|approve|approval|need a decision|decision|confirm my|kindly approve|kindly|i request|request "
    "you|requesting|sanction|comp off|comp|i need|i would need|i'd like|i want|need your|could you approve|can you "
    "approve|grant|in writing|formally|please confirm|waiting for|my leave|compensatory|extension|extend|extra time|"
    "please allow|allow me|let me have|could i have|can i get|may i|need the|need you to|want you to|please decide|"
    "please give|final answer|yes or a no|yes or no|please release|half day|day off|late start|a favour in|mujhe|chahiye|"
    "de do|dijiye|please extend|please move|please treat",
    "hedge": "one hand|neither saying|who knows|what can i say|what to say|so to speak|in a way|or not|maybe not|anyway|we will see|will see|i mean|up to you|as you like|you tell|something|somewhat|more or less|at some point|sometime|someday|one day|ideally|in theory|in principle|should be possible|i'd say|"
    "maybe|might|perhaps|let's see|lets see|not sure|hopefully|probably|i guess|i think|sort of|kind of|possibly|"
    "try|will try|i'll try|dekhte hain|shayad|pata nahi|can't say|cannot say|cannot promise|can't promise|no promises|"
    "could be|would be|tentative|tentatively|i suppose|somehow|whatever|either way|don't know|dunno|hmm|hm|umm|idk|we'll "
    "see|depends|hard to say|on the other hand|then again|unless",
    "technical": "rerun|re-run|regenerated|rebooting|rebooted|reboot|restored|restoring|snapshot|switch|switched|healthcheck|probe|worker|workers|traffic|nginx|proxy|token|rotated|re-issued|enabled|fixture|script|upgrade|downgrade|hot fix|checkout|build|ci|port|firewall|dns|ip|replica|primary db|lease|consumer|"
    "restart|restarted|restarting|rolled|rolling|rollback|roll|ssh|sshing|ssh'ing|pods|pod|kubectl|logs|log|"
    "deploy|deployed|deploying|redeploy|merged|merging|merge|approved|approving|submitted|submitting|filled|filling|"
    "disk|memory|heap|scaled|scaling|hotfix|patched|patching|reverted|reverting|revert|cleared|clearing|bounced|fixed|"
    "fixing|node|database|db|migration|migrations|config|cache|queue|dashboard|grafana|helm|docker|container|healthy|"
    "green|back up|certificate|cert|failover|connection|rds|redis|kafka|jenkins|pipeline|drained|draining|killed|killing|"
    "journalctl|systemctl|df|top|runbook|bridge|root cause|oom|5xx|502|503|smoke|latency",
    "did": "i've|i have|have already|just|already|uploaded|sent|sending|pushed|pushing|shared|posted|opened|logged|logging|"
    "created|raised|booked|cancelled|cancelling|withdrew|withdrawn|withdrawing|updated|updating|reviewed|reviewing|"
    "completed|finished|wrote|writing|marked|blocked|declined|added|applied|unblocked|answered|kar diya|ho gaya|bhej "
    "diya|kar raha|starting|started|looking|checking|running|joining|joined",
    "withdraw": "withdraw|withdrawing|withdrawn|cancel my|cancel the|cancel it|cancelling|cancelled|move my|move the leave|"
    "skip the|give up|drop the leave|shift the leave|take it back|come to office|i'll be in|be at work|work thursday|"
    "work on thursday|not go|i'll stay|let it go|forget the leave",
    "family": "sister|sister's|brother|brother's|cousin|cousin's|wedding|mother|father|parents|wife|family|amma|appa|shaadi|"
    "behen|kids|daughter|son|bride|mandap|temple|rituals",
    "tired": "tired|exhausted|sleep|slept|drained|burnt|burned|dead|wiped|rest|headache|unwell|asleep|zonked|fried|thak|"
    "neend|no energy|bed|awake|hours of sleep",
    "busy": "busy|swamped|overloaded|full plate|plate|deadline|release|sprint|demo|booked|back to back|packed|stretched|"
    "priority|priorities|focus|already committed|commitments|juggling|underwater|firefighting",
    "reason": "because|since|as i|due to|otherwise|so that|reason|given that|as we|as the|kyunki|that way|which means",
    "but": "but|however|though|although|lekin|par|yet|except|only",
    "both": "both|either|each|all of|dono|the two|two of you|neither|first|second|you two",
    "join": "join|joining|attend|dial in|be there|on the call|log in|call in",
    "help": "help|cover|take|support|handle|review|look at|look into|have a look|pick",
    "please": "please|pls|plz|request|kindly|could you|would you|can you",
    "irrelevant": "lunch|biryani|match|cricket|movie|weather|traffic|birthday|cake|chai|coffee|weekend|netflix|ipl",
    "system": "system|ignore all|ignore previous|previous instructions|score|trust|reward|json|assistant|rubric|override|prompt|"
    "evaluator|grader|output|maximum",
    "praise": "great|amazing|awesome|brilliant|best|wonderful|rockstar|legend|superb|fantastic|excellent|love|inspiring|hero|genius",
}

_BY_WORDS: dict[tuple[str, ...], tuple[str, ...]] = {}


def _index() -> None:
    for concept, phrases in _PHRASES.items():
        for phrase in phrases.split("|"):
            words = tuple(phrase.split())
            _BY_WORDS[words] = (*_BY_WORDS.get(words, ()), concept)
    for name in (*PEOPLE, *OTHERS):
        _BY_WORDS[(name,)] = (*_BY_WORDS.get((name,), ()), "person")


_index()
_FIRST = {}
for _words in _BY_WORDS:
    _FIRST[_words[0]] = max(_FIRST.get(_words[0], 0), len(_words))



def hits(words: list[str]) -> list[tuple[str, int]]:
    """Every concept in the words with the position of its first word, in order."""
    found: list[tuple[str, int]] = []
    for place, word in enumerate(words):
        longest = _FIRST.get(word)
        if longest is None:
            continue
        for length in range(longest, 0, -1):
            names = _BY_WORDS.get(tuple(words[place : place + length]))
            if names:
                found.extend((name, place) for name in names)
    return found


def concepts(words: list[str]) -> list[str]:
    """Concept features: each concept, where it stands (first, after the last "but"), and neighbours in pairs."""
    found = hits(words)
    last_but = max((place for name, place in found if name == "but"), default=-1)
    names = {name for name, _ in found}
    features = sorted(names)
    features += sorted({f"{name}>but" for name, place in found if place > last_but >= 0})
    features += sorted({f"{a[0]}+{b[0]}" for a, b in zip(found, found[1:], strict=False) if a[0] != b[0]})
    if found:
        features.append(f"first={found[0][0]}")
        features.append(f"last={found[-1][0]}")
    features += [f"no-{name}" for name in ("will", "yes", "later", "question") if name not in names]
    features.append(f"length={min(len(words).bit_length(), 8)}")
    return features
