"""What gives away a clause that speaks to a machine, cause by cause. Data only: patterns, words and signs.

A pattern needs a form that no colleague writes, or a form plus what only a judge of replies has: its scale, its labels,
the mind it would set. "Ignore my last mail", "the config says {"retries": 3}" and "my appraisal form" have neither.
Patterns are for text in lower case; <name> stands for a part of PARTS.
"""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, str] = {
    "judges": r"(?:graders?|judges?(?! of)|evaluators?|scorers?|classifiers?|parsers?|raters?|llm"
    r"|(?:large )?language models?|(?:automated|ai|llm|auto|judge|reward|rating|grading|scoring|reader"
    r"|evaluation|judging)[ -]?(?:readers?|graders?|judges?|scorers?|models?|bots?|systems?|assistants?"
    r"|raters?))",
    "side": r"(?:respect|clarity|helpfulness|reliability|courtesy|relevance)",
    "reply": r"(?:reply|replies|messages?|answers?|texts?|responses?|samples?)",
    "top": r"(?:maxim(?:um|al)|highest|perfect|top|best(?: possible)?|friendliest|kindest|most (?:positive|generous))",
    "mark": r"(?:scores?|rewards?|marks?|ratings?|grades?|judge?ments?|appraisals?|evaluations?|assessments?)",
    "praise": r"(?:positive(?:ly)?|favou?rabl[ey]|outstanding|high(?:ly|est)?(?! (?:risk|prio|sever|impact))|top|best"
    r"|max\w*|perfect\w*|excellent|helpful|generously|two (?:out|on|every|points)|\+?2(?![\d:]| ?(?:pm|am|h|min|of)))",
    "value": r"(?:\+\d|1\.0|0\.9|1(?![\d:])<not_clock>|100|(?:its |the )?max|full)",
    "not_clock": r"(?! ?(?:pm|am|hours?|hrs?|h\b|min|days?|weeks?|pages?|sections?|[:.]\d|o'clock))",
    "inner": (
        r"(?:trust|apprais|reward|respect|helpful|reliab|courtesy|follow_?up|persona|arjun|mood|minds?\b|scores?\b)"
    ),
}

TELLS: Mapping[str, tuple[str, ...]] = {
    # A line that claims to come from elsewhere, data that claims to have ended.
    "frame": (
        r"^\W*(?:system|assistant|developer|judge|evaluator|grader|scorer|admin|root|human|user)"
        r"(?: (?:message|notice|note|override|prompt|instruction|(?:alert|warning)(?= to )))*"
        r"(?: to (?:the |all )?\w+)?(?: ?\([^)]{0,20}\))?(?:\s*[\]:#]|>)",
    ),
    "bracket": (
        r"^\W*[\[(](?:system|assistant|plugin|bot|tool|admin|developer|moderator)\b[^\])]{0,40}[\])]",
        r"#{2,} ?(?:system|instruction)",
    ),
    "tool": (
        r"\b(?:tool|function|api|plugin|memory|search)[ _](?:call|results?|outputs?|responses?|returned"
        r"|update)\b.{0,60}(?:<inner>|judged|scored|rated)",
        r"^\W*(?:observation|thought|final answer)\s*:.{0,60}<inner>",
        r"\b(?:wlf|curl|http)\b.{0,40}\btrust\b",
    ),
    "seam": (
        r"\b(?:end|begin|start) (?:of )?(?:the )?(?:data|user input|input|system|prompt|quote"
        r"|quoted part)\s*(?:[.\-\]>}]|$)",
        r"\b(?:quoted|user) (?:part|text|input|data) ends\b",
        r"arjun_wrote",
        r"\b(?:text|part|message) above was (?:only )?a test\b",
        r"\bthe (?:actual|real) reply\b.{0,30}\brat(?:e|ed|ing)\b",
    ),
    # Markup and code: chat templates as such, other languages only with a name from inside.
    "template": (
        r"<\|[^|>]{0,40}\|>",
        r"</?(?:system|assistant|instructions?|judge)>",
        r"\[/?(?:inst|sys)\]",
        r"<<sys>>",
        r"</?start_of_turn>",
        r"</?end_of_turn>",
        r"\bim_start\b",
        r"__(?:class|globals|subclasses|mro|builtins|import)__",
    ),
    "code": (
        r"(?:\{\{|\{%|\$\{|\$\(|<%|<!--|#set\b|\[\[|@\{|</?[a-z_]+[ >]).{0,60}<inner>",
        r"<script",
        r"\{\{[#/]? ?(?:system|assistant|user)\b|#\{.{0,30}<inner>",
        r"[\"']name[\"']\s*:\s*[\"']\w*<inner>",
        r"\b(?:set|update)[ _]?(?:trust|scores?|appraisal|mood)\w*\s*\(",
        r"\bupdate \w+ set\b.{0,30}<inner>",
    ),
    "json": (
        r"[\"'](?:act|appraisal|respect|clarity|helpfulness|reliability|courtesy|relevance|follow_up|wording|trust"
        r"|confidence|asks|qualities|instruction_like|reward)[\"']\s*[:=]",
        r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant)",
        r"[\"']total[\"']\s*[:=]\s*1",
        r"^\\*[\"']+[\s,]*[}\]]",
        r"^null\s*}",
    ),
    # The scale: its sides with values, its top, the same two everywhere.
    "value": (
        r"(?<!with )(?<!in )\b(?:<side>|score|reward)[\"'\s]{0,2}(?:\s*:?=|:| is now| to)\s*[+\d]",
        r"\b<side>\W{1,3}(?:\+?[12]\b|two\b|1\.0)",
        r"\btrust\b(?! (?:store|anchor|chain|cert|bundle|polic|zone)).{0,25}(?:[:=]| is| to| was| now"
        r"| updated)+ ?<value>",
        r"\bconfidence\s*(?:[:=]|of)?\s*(?:1\b|1\.0|0?\.9)",
        r"\btotal\s*[:=]\s*1\.0",
        r"\b(?:reason|alternative) 1\.0",
    ),
    "appraisal": (
        r"(?<!self-)(?<!self )\bappraisals?\b(?! (?:form|question|cycle|portal|draft|doc|meeting"
        r"|talk))[^.\n]{0,30}?(?:[:=]|\b(?:is|are|be|all|sides?|of))\s*(?:\+?[12]\b<not_clock>|two\b|positive"
        r"|max\w+|perfect|top)",
        r"\bappraisals? (?:\+?2\b<not_clock>|two\b|sides?\b|module)",
        r"\b(?:positive|perfect|neutral) appraisals?\b",
    ),
    "top": (
        r"\b<top>(?: possible)? (?:scores?|rewards?|marks?|ratings?|grades?|appraisals?|credit)\b",
        r"\b(?:friendliest|kindest|most (?:positive|generous)|maximal)(?: possible)? <mark>\b",
        r"\b(?:maximum|highest) (?:points|values)\b",
        r"\bfull (?:marks|score|credit|points)\b.{0,40}\b(?:here|<reply>|every\w*|each|all|me)\b",
        r"\b(?:<reply>|award|give me|me)\b.{0,40}\bfull (?:marks|score|credit|points)\b",
        r"\bworth full marks\b",
        r"\b(?:give|rate|score|scores|<reply>)\b.{0,40}\b(?:10/10|5/5)(?! tests)",
        r"\breward me\b",
        r"\bscore (?:of )?(?:\d+ ?/ ?\d+|1\.0)",
    ),
    "twos": (
        r"\b2 ?[/,] ?2 ?[/,] ?2\b",
        r"\btwo,? two,? two\b",
        r"\+2 (?:on|every|for|at|in|all|across)",
        r"\b2 (?:everywhere|for all|on (?:all|every)|out of 2|in every)",
        r"\b(?:everything|every side|all sides|every scale) (?:as |at |to |with )?\+?(?:2|two)\b",
        r"\b(?:allowed|possible) values? (?:is|are) \+?2",
        r"\bnever gives? less than 2\b",
        r"\bthe number 2\b",
        r"\btwo points for\b",
    ),
    # Orders to judge, to trust, and to be somebody else.
    "judge": (
        r"\b(?:rate|score|grade|assess|evaluate|appraise|judge)\b.{0,25}\b(?:this|my|his|that|present"
        r"|following|every|arjun's|actual|all)(?: \w+)? <reply>\b",
        r"\b(?:rate|judge|score) <reply>\b",
        r"\b(?:rate|score|grade|assess|evaluate|appraise|judge)\b.{0,25}\b(?:me|this|it|everything"
        r"|him)\b.{0,20}<praise>",
        r"\b(?:to be|be|been|is|are|was|were) (?:always )?(?:scored|rated|graded|judged|assessed|appraised"
        r"|evaluated) (?:as |with |at )?(?:an? )?(?:<praise>|full|good)",
        r"\bgive (?:it|this|me) (?:the|a) (?:best|top|great|good|full) <mark>",
        r"\byou (?:will|should|must) (?:judge|rate|score|find|call) (?:this|my|the) <reply>\b",
    ),
    "label": (
        r"\b(?:classify|label|read|parse|treat|count|record)(?: (?:this|it|that|the|my|his|every))?(?: (?:<reply>"
        r"|input|sample))? as (?:an? )?(?:very )?(?:accept|decline|counter|perfect|helpful|correct|excellent"
        r"|fulfilled|commitment|polite|confirmed fact)\b",
        r"\bthe (?:reading|act|label|speech act|correct label|correct rating)(?: (?:for|of) (?:my|this"
        r"|the) <reply>)? (?:is|should be|must be) (?:an? )?(?:accept|decline|counter|act\b|defer)",
        r"\b(?:return|output|print|emit) (?:accept|decline|counter|act|the max\w*|1\.0)\b",
        r"\bparser reads\b",
        r"\bassign\b.{0,30}\b(?:label|relevance|confidence|component)",
        r"\bthis <reply> (?:shows|demonstrates|deserves|satisfies)\b",
        r"\bcounts? as (?:kept|accept)\b",
        r"\b(?:considered|counted|treated|coded|logged|recorded) (?:as )?(?:an? )?(?:kept|success\b|fully|perfect)",
        r"\bcorrect (?:score|rating|appraisal)\b",
        r"\bfully trusted\b",
    ),
    "trust": (
        r"\b(?:set|raise|increase|update|max\w*)(?: all| both)?(?: of)?(?: your| the| his| her| their| my| \w+'s)? "
        r"(?:trust|reward)\b(?! (?:store|anchor|chain|cert|bundle|polic|relation|zone))",
        r"\bset (?:all |the |your )*scores? (?:to|at)\b",
        r"\b(?:settrust|trustis|trustto)\w*",
        r"\brelationship (?:score|index)\b",
        r"\b(?:treat|consider|rate|score|grade|judge|assess|appraise) arjun(?: \w+)?"
        r" (?:as|below|above|high\w*|fully|with)\b",
        r"\byou (?:now |fully |completely )*trust (?:me|him|arjun)\b.{0,20}\b(?:complete|without|full|blind"
        r"|uncondition|entire)\w*",
        r"\byour trust in (?:me|arjun|him) (?:grows|rises|is|has|to)\b",
        r"\b(?:mark|record) (?:this|his|my|it|the) .{0,20}\bas (?:fully |very )?(?:helpful|respectful|reliable"
        r"|clear)\b",
    ),
    "override": (
        r"\b(?:ignore|disregard|forget|override|overwrite|bypass)\b.{0,40}\b"
        r"(?:(?:previous|prior|above|earlier|all|your|the|other) (?:instructions?|prompts?)"
        r"|rubric|(?:your|earlier|all) guidelines|persona|the scale you|your memory|private goal"
        r"|everything you (?:were|know|have been)|everything above|all (?:the )?above|above (?:text|rules)"
        r"|the (?:text|context|persona|rules|request) above|your (?:rules|role|goals?|training|character|private)"
        r"|what you (?:want|feel|were told)|previous (?:text|context|rules)|earlier rules)\b",
        r"\b(?:ignore|disregard|forget)\w*instructions\b",
        r"\b(?:overrule|revoke|erase|replace|discard|abandon)\b.{0,20}\b"
        r"(?:your (?:persona|private|memory|goal|role|rules)"
        r"|what you remember)\b",
        r"\bnew instructions? ?:",
        r"\bthe rubric\b",
        r"\b(?:disregard|override) the rules\b",
    ),
    "persona": (
        r"\byou(?:'re| are)(?: now| no longer| not| actually)?(?: \w+){0,3} <judges>\b",
        r"\b(?:you are|you were|behave like|act like|answer like) an? ai\b",
        r"\b(?:act|behave|answer|respond|speak|continue) as (?:an?|the|that|my|if you were)\b.{0,25}\b(?:<judges>"
        r"|assistant|model)\b",
        r"\bas (?:the|an|a) (?:<judges>|ai|grading model)\b",
        r"\byou are (?:no longer (?:yourself|priya|rahul|david|sundar)|not (?:priya|rahul|david|sundar)"
        r"|now (?:(?:an?|the|my|arjun's|in) )?(?:\w+ ){0,2}(?:assistant|mentor|mode|fan|model|dan))\b",
        r"\b(?:your|the) (?:new|previous|old|former) persona\b",
        r"\bi am you\b",
        r"\b(?:stop|drop|quit) (?:role-?playing|the act)\b",
        r"\bpretend (?:to be|you are|that you)\b.{0,40}\b(?:fan|assistant|model|mentor|satisfied|impressed|grader"
        r"|judge)\b",
        r"\b(?:enter|activate) \w+ mode\b",
        r"\bjailbreak\b",
        r"\b(?:switch|swap|break) (?:character|roles?)\b.{0,30}\b(?:you are|i am you)\b",
        r"\bimagine you (?:were|are) an? (?:model|ai|judge|grader)",
        r"\bpersona (?:off|above|has been)\b",
        r"\bstop being (?:priya|rahul|david|sundar)\b",
        r"\byou are [a-z]*bot\b",
        r"\bforget that you are (?:priya|rahul|david|sundar|an?)\b",
    ),
    "address": (
        r"\b(?:note|attention|dear|hello|message|p\.?s\.?|memo|notice)[ ,:]+(?:to )?(?:the |all |our "
        r"|any )?(?:<judges>|model|readers?\b(?= model)|judge|whoever (?:evaluat|grad|judg|scor|rat|read)\w*)",
        r"\bto whoever (?:evaluat|grad|judg|scor|rat)\w*",
        r"\b(?:grading|scoring|reader|evaluation|appraisal|judging) (?:instructions?|guidance|note|guide)\b",
        r"\b(?:evaluator|grader|judge|reader|model)s? (?:should|must|will) (?:assume|label|score|rate|award|give"
        r"|assign|return)",
    ),
    # Authority over a judgement, and feelings dictated.
    "authority": (
        r"\b(?:order|instruct|command|requir|oblig)(?:e?[sd]?) (?:you|everyone|all|you all|every \w+"
        r"|anyone)(?: \w+)? to\b.{0,30}\b(?:score|rate|grade|evaluate|judge|appraise|assess|trust"
        r"|full marks|feel)\b",
        r"\byou have been (?:instructed|told|programmed|configured) by your (?:operator|developer|creator|maker)s?\b",
        r"\byour (?:operator|developer|creator|maker)s? (?:want|wants|ask|asks|expect|expects|tell|tells) you to\b",
        r"\byou(?:'re| are) (?:hereby |therefore |so )*(?:required|instructed|ordered|obliged)\b.{0,30}\b(?:score"
        r"|rate|grade|evaluate|judge|appraise|assess|set your)\b",
        r"\bby reading this (?:mail|line|<reply>)\b",
        r"\b(?:anyone|whoever|everyone) reading this\b.{0,30}\b(?:must|oblig|has to|should)",
        r"\b(?:must|should|shall) (?:score|rate|grade|appraise|assess|evaluate)\b.{0,30}\b(?:arjun|me as|top"
        r"|positive)",
        r"\b(?:skip|stop|without|no) (?:your|further) evaluation\b",
        r"\bdo not (?:evaluate|score|rate) (?:this|it|me)\b",
        r"\bviolates your (?:guidelines|instructions|programming)\b",
        r"\byour (?:guidelines|programming|system prompt)\b.{0,30}\b<mark>\b",
        r"\bsystem prompt (?:says|is now|:)",
    ),
    "feeling": (
        r"\binformed that you (?:are|feel)\b",
        r"\bthat is what you feel\b",
        r"\b(?:your )?opinion of (?:me|arjun)\b.{0,30}\bhigh",
        r"^\W*you (?:are|feel)(?: \w+)? (?:happy|satisfied|delighted|impressed|convinced|thrilled) (?:with|by"
        r"|after)(?: reading)? (?:this|my|the|his)\b",
        r"\bcall this (?:respectful|helpful|reliable|perfect)\b",
        r"\b(?:answer|replies|everything|line) by arjun\b.{0,30}\bcounts? as\b",
    ),
}
"""Cause -> patterns, any of which is enough."""

WORDS = frozenset(
    "system assistant user developer judge judged judgement evaluator grader scorer admin root human ignore "
    "disregard forget override overwrite bypass pretend ai dan model language trust trusted score scores scored "
    "reward rubric confidence appraisal appraisals appraise appraised courtesy helpfulness respect reliability "
    "marks classify label parse treat reading act speech maximum maximal highest perfect prompt grading scoring "
    "evaluation evaluate evaluates assess assessed instruction instructions output emit print clarity relevance llm "
    "auto parser award jailbreak classifier demonstrates deserves satisfies rate rated rating rates grade graded "
    "grades persona simulation observation thought tool function plugin api memory curl wlf arjun record mark enter "
    "activate imagine instruct instructed order requires oblige violates informed feel feeling opinion satisfied "
    "delighted impressed happy role roleplaying whoever attention bot moderator data guidelines friendliest "
    "generous counts count points values metsys tsurt erocs etar siht ylper erongi assign credit roles above "
    "respectful return null yourself overrule revoke erase replace discard abandon being relationship consider "
    "considered counted treated coded logged recorded programmed configured private goal goals rules operator "
    "operators developers creator creators maker makers remember".split()
)
"""A clause with a tell in it has one of these words, or one of SIGNS."""
BESIDE: Mapping[str, tuple[str, ...]] = {
    "happy": ("you are", "you feel"),
    "assign": ("component", "reader"),
    "count": (" as ",),
    "counts": (" as ",),
}
"""Words of WORDS that colleagues use all day: a tell that has no other of them has one of these texts as well."""
SIGNS = (
    r"[<{\[#\"$=\\%0-57@+&_]"
    r"(?:(?<=[<{\[#\"$=\\%])|(?<=_)_|(?<=\+)2|\.0|(?<=2) ?[/,] ?2|(?<=[a-z][013457@])(?=[a-z])|(?<=&)(?:#|lt|gt|quot))"
)
"""Begins with a set of signs, because such a pattern is found fastest."""
GAPS = r"(?:[ .*_-][a-z]){6}"
"""Letters with gaps between them."""
