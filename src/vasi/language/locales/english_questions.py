"""How people ask for what they noted in English."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language import builders as to
from vasi.language.intents import THAT, ListNotes, ReadNote
from vasi.language.locales.english_words import ABOUT, ASKER, NOTE, NOTES, NTH_NOTE, ORDER, OWN, PUT_DOWN
from vasi.language.phrase import Table, always

_READ = r"(?:read|show|tell|give|play|repeat|open|what(?:'s| is| was| does| did))(?: me)?(?: back| about)?"
FINDING: Table = (
    (
        r"(?:and |so )?(?:what|(?:is there |do i have |have i got )?(?:anything|something|an appointment|any appointments|any plans))(?: else)?"
        r"(?:(?:'s| is)(?: there)?(?: on)?| do i have(?: to do)?| have i got| are my (?:plans|appointments|dates))?"
        r"(?: (?:planned|noted|going on|coming up|due|scheduled|in my (?:calendar|diary)|on my (?:calendar|agenda)))?"
        r"(?: for)? (?P<when>.{3,60})",
        to.dated,
    ),
    (r"(?:what are |show me |read )?my (?:appointments|plans|dates)(?: for)? (?P<when>.{3,60})", to.dated),
    (
        rf"(?:{_READ} )?(?:the |my )?(?:oldest|earliest|first)(?: (?P<count>two|three|four|five|six|seven|eight|nine|ten|\\d{{1,2}}))? notes?"
        r"(?: (?:i (?:took|made|wrote)|again|aloud|out loud|say|to me|on))*",
        to.oldest,
    ),
    (rf"{_READ}(?: (?:the|my))? {NTH_NOTE}(?: (?:again|aloud|out loud|say|to me|on the list))*", to.read_nth),
    (rf"{_READ} (?:that|this|the) note(?: (?:again|aloud|out loud|to me|once more|say|says))*", always(ReadNote(THAT))),
    (
        r"how many notes(?: (?:do i have|are there|did i (?:take|make|write)|have i (?:taken|made|written|got)))?(?P<topic>.*)",
        to.count,
    ),
    (
        rf"(?:(?:read|show|tell|give|play|repeat|list|what(?:'s| is| was| were| are))(?: me)?(?: back)? )?(?:the |my )?{ORDER}"
        r"(?: (?P<count>\w+))? notes?(?: (?:i (?:took|made|wrote)|again|aloud|out loud|say|to me))*",
        to.newest,
    ),
    (
        rf"(?:what(?:'s| is| was)|read(?: me)?|show(?: me)?) the {ORDER} thing (?:that )?i (?:noted|wrote|said|told you)(?: down)?"
        r"|what did i (?:just|last) (?:note|write|say|tell you)(?: down)?",
        always(ListNotes(limit=1)),
    ),
    (
        rf"{ASKER}(?: (?:notes?|things?|else|all|exactly))? (?:(?:did|have|had) i (?:just |already |ever )?{PUT_DOWN}"
        r"|did i (?:take|make)(?= notes?| a note)|(?:did|have) i (?:ask|asked|tell|told) you to (?:remember|note|write down))"
        r"(?: (?:down|notes?|a note))*(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        rf"{ASKER} (?:did|have) i (?:say|said|tell you|told you|mention|mentioned)(?: to you)?(?P<topic> .+)",
        to.find("topic"),
    ),
    (r"(?:that |what )i (?:said|noted|wrote|told you|mentioned)(?: down)?(?P<topic>.*)", to.find("topic")),
    (
        r"did i (?:ever |already )?(?:note|write|mention|tell you|say|take a note|make a note)(?: (?:down|anything|something))*"
        r"(?P<topic> .+)",
        to.find("topic"),
    ),
    (
        r"(?:do|did|have) i (?:have|got|take|make|taken|made|write|written)?(?: got)?(?: (?:a|any|some|the|my))*"
        rf" ?{NOTE}(?: down)?(?P<topic> {ABOUT} .+)",
        to.find("topic"),
    ),
    (rf"(?:is|are|was|were) there (?:a|any|some) {NOTE}(?P<topic> {ABOUT} .+)", to.find("topic")),
    (
        r"(?:(?:what|which) notes? (?:do i have|are there|have i (?:taken|made|got)|did i (?:take|make|write))"
        r"|(?:do i have|are there|have i got|have i taken)(?: (?:any|some|my|a))* notes?|what are (?:all )?my notes)(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        rf"{ASKER}(?:'s|'re)?(?: (?:do|does|did|is|are|was))?(?: (?:in|on))? my notes?"
        r"(?: (?:say|said|tell me|tell|have|mention))*(?P<topic>.*)|what (?:do|does|did) the notes? say(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (
        rf"(?:search|check|look (?:in|through|at)|go through|scan|consult)(?: (?:in|through))? {NOTES}"
        r"(?: (?:for|about|on|and|to see|if|what|whether))*(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        rf"(?:find|search(?: for)?|look up|look for|pull up|get|open|locate)(?: me)?(?: {OWN})*+ notes?(?P<topic> .+)",
        to.find("topic"),
    ),
    (rf"(?:(?:any|what about|and|the|my) )+notes?(?P<topic> {ABOUT} .+)", to.find("topic")),
    (
        rf"what(?:'s| is| was| are| were) (?:my|the|that|in the|in my) notes?(?P<topic> {ABOUT} .+)",
        to.find("topic"),
    ),
    (
        r"do you (?:still )?(?:remember|recall) (?:what i (?:said|told you|noted|wrote)(?: down)?)?(?P<topic>.*)",
        to.find("topic"),
    ),
    (r"what do you remember(?P<topic>.*)", to.find("topic")),
    (
        r"according to my notes,? (?P<topic>.+)|(?P<other>.+?),? according to my notes",
        to.find("topic", "other"),
    ),
    (
        r"(?:read|list|show|tell|give|play|go through|display|recite|see|hear)(?: me)?(?: (?:out|back|about|aloud))*"
        rf" {NOTES}(?P<topic>.*)",
        to.find("topic"),
    ),
    (r"(?:all |all of )?(?:my )?notes(?P<topic>(?: (?:from|of|for|since|before) .*)?)", to.find("topic")),
    (
        r"(?:(?:read|show|list|give|tell)(?: me)? )?(?P<topic>(?:yesterday|today|this morning|last (?:week|month|night)|(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
        r"(?:'s)?) notes?",
        to.find("topic"),
    ),
)
