"""German words for notes and days."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag")
_MONTHS = indexed(
    "januar|janner februar|feber märz april mai juni|juno juli august september oktober november dezember", 1
)
_NUMBERS = indexed(
    "ein|eins|eine|einen|einem|einer zwei|zwo drei vier fünf sechs sieben acht neun zehn elf zwölf", 1
) | {"paar": 3, "ein paar": 3}
_FIRST = "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst einundzwanzigst zweiundzwanzigst dreiundzwanzigst vierundzwanzigst fünfundzwanzigst sechsundzwanzigst siebenundzwanzigst achtundzwanzigst neunundzwanzigst dreissigst einunddreissigst"
_ORDINALS = indexed(" ".join("|".join(f"{stem}{end}" for end in ("e", "er", "en", "es")) for stem in _FIRST.split()), 1)
_UNITS = units_of(
    minute="minute minuten",
    hour="stunde stunden",
    day="tag tage tagen",
    week="woche wochen",
    weekend="wochenende",
    month="monat monate monaten monats",
    year="jahr jahre jahren jahres",
)
_DAY, _MONTH, _UNIT = any_of(_DAYS), any_of(_MONTHS), any_of(_UNITS)
_COUNT = r"\d{1,3}|" + any_of(_NUMBERS)
_NTH = r"\d{1,2}\.?|" + any_of(_ORDINALS)
_PART = r"(?: ?(?P<part>fruh|morgen|vormittag|mittag|nachmittag|abend|nacht)s?)?"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d))?"
_ON = r"(?:(?:am|vom|fur den|fur|den|der|dem|zum) )?"
_LAST = r"(?P<last>letzte[nsmr]?|vorige[nsmr]?|vergangene[nsmr]?)"
_DATES = (
    rf"{_ON}(?P<nth>{_NTH}) (?P<month>{_MONTH}){_YEAR}",
    rf"{_ON}(?P<nth>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\.(?: ?(?P<year>(?:19|20)\d\d))?",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})",
)

GERMAN_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    near={
        "vorgestern": (-2, None),
        "gestern": (-1, None),
        "heute": (0, None),
        "morgen": (1, None),
        "ubermorgen": (2, None),
    },
    units=_UNITS,
    parts={
        "fruh": "morning",
        "morgen": "morning",
        "vormittag": "morning",
        "mittag": "afternoon",
        "nachmittag": "afternoon",
        "abend": "evening",
        "nacht": "night",
    },
    past=(
        ("near", date_pattern(rf"(?:von )?(?P<near>vorgestern|gestern|heute){_PART}")),
        (
            "recent",
            date_pattern(
                rf"(?:(?:in|aus|wahrend) )?(?:den|der) (?:letzten|vergangenen) (?P<count>{_COUNT}) (?P<unit>{_UNIT})"
            ),
        ),
        ("ago", date_pattern(rf"vor (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        (
            "calendar",
            date_pattern(
                rf"(?:(?:in|aus|von|vom|am|im) )?(?:der |dem )?(?:(?P<this>diese[nsmr]?)|{_LAST}) (?P<unit>wochenende|woche|monats?|jahre?s?)"
            ),
        ),
        ("weekday", date_pattern(rf"(?:(?:am|vom|von) )?(?:{_LAST} )?(?P<day>{_DAY}){_PART}")),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:im|vom|aus dem) (?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        (
            "near",
            date_pattern(r"(?:fur )?(?P<near>ubermorgen|morgen|heute)(?: (?:fruh|abend|mittag|vormittag|nachmittag))?"),
        ),
        (
            "weekday",
            date_pattern(
                rf"(?:(?:am|fur|den|bis|nachsten|kommenden|diesen|(?P<every>jeden)) ){{0,3}}(?P<day>{_DAY})(?:abend|morgen|mittag|vormittag|nachmittag)?"
            ),
        ),
        ("weekday", date_pattern(rf"(?P<day>{_DAY})(?P<every>s)")),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:im|nachsten|diesen) (?P<month>{_MONTH}){_YEAR}")),
        (
            "calendar",
            date_pattern(
                r"(?:in |am |im |fur )?(?:der |dem )?(?:diese[nsmr]?|(?P<next>nachste[nsmr]?|kommende[nsmr]?)) (?P<unit>wochenende|woche|monat|jahr)"
            ),
        ),
        ("in", date_pattern(rf"in (?P<count>{_COUNT}) (?P<unit>tage?n?|wochen?|monate?n?)")),
        ("nth", date_pattern(rf"(?:am|vom|fur den) (?P<nth>\d{{1,2}}\.|{any_of(_ORDINALS)})(?! (?:{_MONTH})| ?\d)")),
    ),
    to=frozenset(("bis", "bis zum", "bis am", "-", "–")),
    said=SpokenDates(
        today="heute",
        yesterday="gestern",
        weekday="am {weekday}",
        date="am {day}. {month}",
        date_of_year="am {day}. {month} {year}",
        full="{weekday}, der {day}. {month} {year}",
        time="{hour}:{minute} Uhr",
        weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        months=(
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
    ),
    before=somewhere(r"\b(?:(?P<since>seit)|(?P<after>nach)|(?P<until>vor|bis))(?: (?:dem|der))?\s*$"),
    telling=frozenset((*_DAYS, *(f"{day}s" for day in _DAYS), *_MONTHS, "heute", "morgen", "ubermorgen", "gestern")),
)
_NOTE = r"(?:notiz|anmerkung|memo)"
_THE = r"(?:die|der|das|den|dem|diese|dieser|meine|meiner|meinen)"
NTH_NOTE = (
    r"(?:(?P<nth>erste|zweite|dritte|vierte|funfte|sechste|siebte|achte|neunte|zehnte|ersten|zweiten|dritten|vierten|funften|alteste|fruheste|neueste)"
    rf"(?: {_NOTE}| davon| von (?:ihnen|denen)){{1,2}}"
    rf"|(?:{_NOTE}(?: nummer)?|nummer) (?P<number>eins|zwei|drei|vier|funf|sechs|\d{{1,2}}))"
)

GERMAN_NOTES = NoteWords(
    dates=GERMAN_DATES,
    that=whole(rf"(?:{_THE} ?)?(?:{_NOTE}|dort|darin)?"),
    last=whole(rf"(?:{_THE} )?(?:letzten?|vorige)(?: {_NOTE})?"),
    newest=whole(rf"(?:{_THE} )?(?:neuesten?|jungsten?)(?: {_NOTE})?"),
    oldest=frozenset(("erste", "ersten", "alteste", "altesten", "fruheste")),
    lead=whole(
        r"(?:(?:uber|zu|zum|zur|von|vom|wegen|mit|betreffend|bezuglich|namens|nach|dass|ob|der|die|das|den|dem|des|mein|meine|meinen|meinem|meiner|ein|eine|einen|einem|einer|unser|unsere|unseren|ist|sind|war|waren|wo|wann|was|wer)\s+)+"
    ),
    nothing=whole(
        r"(?:(?:ich|mir|dir|mich|alles|denn|so|alle|da|bisher|bis jetzt|gerade|noch|schon|habe|hab|hast|etwas|was|zuletzt|in letzter zeit|vor|bitte|gemacht|geschrieben|und|nochmal|laut|von|vom|aus|am)\b[\s,]*)*"
    ),
    preposition=whole(r"(?:am|im|fur|in der|in|vom) "),
    topical=whole(r"(?:am|im|vom|von) |\w+tag|mittwoch"),
    past=whole(r"(?:von )?(?:gestern|vorgestern|heute)"),
    please=somewhere(r"(?<![\s,])[\s,]+bitte[\s.!]*\Z"),
    the_list=whole(r"liste"),
    own=somewhere(r"(?:meine|meiner|meinen|unsere|unserer) \Z"),
    kept=frozenset(
        (
            "einkaufsliste",
            "to-do-liste",
            "todo-liste",
            "todoliste",
            "aufgabenliste",
            "packliste",
            "wunschliste",
            "einkaufszettel",
        )
    ),
    list_name="Liste",
    between=somewhere(r" ?[,;] ?(?:(?:und|sowie|auch) )?| (?:und|sowie|plus|&) "),
)
