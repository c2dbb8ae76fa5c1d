"""English: how people speak to vasi, and how it answers."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language import builders as to
from vasi.language.intents import AskClock, Repeat
from vasi.language.locales.english_lists import LISTING, SHORT
from vasi.language.locales.english_notes import CHANGING, DELETING, DICTATING, HELPING, TAKING
from vasi.language.locales.english_questions import FINDING
from vasi.language.locales.english_replies import NOTES, TALK
from vasi.language.locales.english_words import ENGLISH_NOTES, IT
from vasi.language.locales.locale import Grammar, Locale
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

HELLO = r"(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day))"

_TALKING: Table = (
    (
        r"(?:stop|be quiet|quiet|shut up|silence|never ?mind(?: that)?|cancel|forget about it|hush|enough"
        rf"|that's enough|stop (?:{IT}|talking|speaking|reading))(?:,? (?:please|now|stop))*",
        to.say("stop"),
    ),
    (
        rf"(?:say|repeat|read)(?: me)? (?:{IT}|what you said)(?: (?:to me|for me|again|once more|one more time|please|slowly))*"
        r"|repeat(?: (?:yourself|please|your (?:last )?answer|the (?:last )?answer))*|come again|once more|again|one more time"
        r"|tell me again|pardon(?: me)?|i beg your pardon|what did you(?: just)? say|(?:sorry,? )?what(?: was that)?(?: again)?"
        r"|i (?:didn't|did not) (?:catch|hear|get|understand) (?:that|you)",
        always(Repeat()),
    ),
    (
        rf"where (?:is|was|did|does) {IT} (?:from|come from|written|stated)|where did you (?:find|get|read|see) {IT}"
        rf"|what(?:'s| is| was) (?:the|your) source(?: (?:of|for) {IT})?|says who|who says(?: that)?|how do you know(?: that)?"
        rf"|(?:on |in )?(?:what|which) (?:page|document|file)(?: (?:is|was) {IT})?(?: (?:on|in|from))?",
        always(Repeat(source=True)),
    ),
    (
        rf"(?:{HELLO}(?: there)?,? )?(?:how are (?:you|things)(?: doing)?(?: today)?|how(?:'s| is) it going|how do you do|what's up)",
        to.say("wellbeing"),
    ),
    (
        rf"{HELLO}(?: there| again| everyone| to you| vasi)*|howdy|greetings|are you there|can you hear me",
        to.say("hello"),
    ),
    (
        r"(?:many |ok |okay |great,? |perfect,? )*(?:thanks|thank you|cheers)(?: (?:very much|so much|a lot|a million|again|vasi"
        r"|for (?:that|your help|the help)))*|that's (?:all|great|perfect|very kind|helpful)",
        to.say("thanks"),
    ),
    (
        r"(?:who|what) (?:are|is) (?:you|vasi)|what(?:'s| is) your name|introduce yourself|tell me about yourself"
        r"|are you (?:a |an )?(?:human|real|robot|machine|person|computer|ai)",
        to.say("identity"),
    ),
    (
        r"(?:what|what all|what else) can you(?: do| help(?: me)? with| answer)(?: for me)?|help(?: me)?"
        r"|how (?:can|could|do) you help(?: me)?|what can i (?:ask|say|do)(?: you| here)?|how do (?:i use you|you work)"
        r"|how does this work|what do you do",
        to.say("abilities"),
    ),
    (
        r"(?:good ?bye|bye|bye bye|see you(?: later| soon| tomorrow)?|good night|talk to you later)(?: vasi)?",
        to.say("goodbye"),
    ),
    (
        r"(?:ok(?:ay)?|yes|yeah|yep|no|nope|al ?right|right|sure|fine|good|great|perfect|cool|nice|i see|got it|h+m+|mm+"
        r"|uh ?huh|aha|well|so|um+|uh+|er+|please|sorry|oh)(?:[ ,.!]+(?:ok(?:ay)?|yes|no|good|great|then))*",
        to.say("acknowledge"),
    ),
    (
        r"(?:what(?:'s| is) the (?:current )?time|what time(?: is|'s) it|what time do (?:we|you) have|do you have the time"
        r"|tell me the time)(?: (?:now|right now))*",
        always(AskClock("time")),
    ),
    (
        r"(?:what(?:'s| is| was| will be)?|which|tell me)(?: the| today's| current)* (?:day|date|day of the week|weekday)"
        r"(?: of the week)?(?: is it| is| was it| was| will it be| do we have| are we)?"
        r"(?: (?P<near>today|tomorrow|yesterday|the day after tomorrow|the day before yesterday|now|right now))?",
        to.ask_date,
    ),
    (r"what(?:'s| is) (?P<near>today|tomorrow)(?:'s date)?|what (?:month|year) is (?:it|this)", to.ask_date),
)

_COMMANDS = (
    "take|make|write|note|remember|remind|add|create|save|put|jot|record|read|list|show|tell|give|find|search"
    "|look|check|change|update|edit|correct|fix|modify|replace|delete|remove|erase|forget|scratch|say|repeat"
    "|open|get|keep|undo|redo|stop|tick|untick|cross|mark|rename|clear|empty|drop|restore|cancel|append|swap|call"
)
_GRAMMAR = Grammar(
    words=ENGLISH_NOTES,
    dictating=compiled(DICTATING, after=""),
    phrases=commands_of(_TALKING, LISTING, DELETING, CHANGING, FINDING, TAKING),
    taking=compiled(TAKING),
    last=commands_of(SHORT, HELPING),
    wrapping=whole(
        rf"(?:{HELLO}(?: there)?(?:,? (?:vasi|vasey|assistant|computer))?|vasi|ok(?:ay)?|um+|uh+|er+|well|so|now"
        r"|al ?right|listen|please|thanks|thank you|yes|yeah|oh|excuse me|sorry|quickly|just|and|also)"
        r"[\s,.!?:;-]+"
        rf"|(?P<polite>(?:can|could|would|will) you (?:please |just |also |quickly |maybe )*)(?=(?:{_COMMANDS})\b)"
        rf"|(?:no|nope|wait|oops|actually)[\s,.!]+(?=(?:{_COMMANDS})\b)"
        r"|(?:i (?:want|need) you to|i(?:'d| would) like you to|i want to|i need to|i(?:'d| would) like to|let's|let us"
        rf"|let me|go ahead and|i have to|we need to) (?=(?:{_COMMANDS})\b)"
    ),
    after=somewhere(
        r"(?:(?<![\s,])[\s,]++(?:please|thanks|thank you|for me|vasi|will you|would you|could you)){1,4}[\s.!?]*$"
    ),
    tell_me=whole(
        r"(?:(?:tell|remind|inform) me|let me know|explain(?: to me)?|look up|check|find out|say"
        r"|do you (?:happen to )?know|(?:can|could|would|will) you (?:tell me|explain)"
        r"|i(?: want|'d like| would like) to know|i was wondering|i wonder)"
        r"(?: (?:if|whether)|,? (?=(?:what|when|where|who|whom|whose|which|why|how)\b))\s*"
        r"|(?:(?:can|could|would|will) you )?(?:tell me|give me|i want to know|i'd like to know|find|look up"
        r"|search for)(?: (?:more|something|everything|information|all))*(?: about| on| for)? "
    ),
    between=somewhere(
        r"(?:[,.;!]? (?:and then|and also|and|then|also),? |[,.;!] )(?=(?:please |also )?(?:take|make|write|note|remember"
        r"|remind|add|put|read|list|show|tell|change|update|delete|remove|erase|undo|tick|check|cross|clear|rename|replace"
        r"|what|how)\b)"
    ),
    joining=somewhere(r",? (?:and|then|plus)(?: then)? |[,;] "),
    names_notes=somewhere(r"\b(?:notes?|lists?|undo)\b"),
    completed={"add": "add {}", "remove": "remove {}", "tick": "tick off {}"},
)
_DOCUMENTS = r"(?:documents?|files?|pdfs?|papers?|texts?|sources?)"
LOCALE = Locale(
    "en",
    _GRAMMAR,
    NOTES,
    TALK,
    whole(
        r"(?:summari[sz]e|sum up|outline|condense)\b.+"
        r"|(?:(?:what(?:'s| is)|give me|make|write|i need|can i have) )?(?:a |an |the )?(?:(?:short|brief|quick) )?"
        r"(?:summary|overview|outline|gist|main points) (?:of|for|about) .+"
        rf"|what (?:is|are|does) (?:the|this|that|these|my|your) {_DOCUMENTS} (?:about|say)"
    ),
)
