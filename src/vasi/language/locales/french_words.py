"""French words for notes and days."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed(
    "lundi|lundis mardi|mardis mercredi|mercredis jeudi|jeudis vendredi|vendredis samedi|samedis dimanche|dimanches"
)
_MONTHS = indexed("janvier février mars avril mai juin juillet août septembre octobre novembre décembre", 1)
_NUMBERS = indexed(
    "un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt vingt_et_un vingt-deux vingt-trois vingt-quatre vingt-cinq vingt-six vingt-sept vingt-huit vingt-neuf trente trente_et_un",
    1,
)
_ORDINALS = indexed(
    "premier|première|1er deuxième|second|seconde troisième quatrième cinquième sixième septième huitième neuvième dixième",
    1,
)
_UNITS = units_of(
    minute="minute minutes",
    hour="heure heures",
    day="jour jours",
    week="semaine semaines",
    weekend="week-end weekend",
    month="mois",
    year="an ans année années",
)
_DAY, _MONTH, _UNIT = any_of(_DAYS), any_of(_MONTHS), any_of(_UNITS)
_COUNT = r"\d{1,3}|" + any_of(_NUMBERS)
_NTH = r"\d{1,2}(?:er)?|premier|" + any_of(_NUMBERS)
_PART = r"(?: (?P<part>matin|apres-midi|soir|nuit))?"
_YEAR = r"(?: (?P<year>(?:19|20)\d\d))?"
_DATES = (
    rf"(?:(?:le|du|pour le) )?(?P<nth>{_NTH}) (?P<month>{_MONTH}){_YEAR}",
    r"(?:le )?(?P<nth>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>(?:19|20)\d\d))?",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})",
)

FRENCH_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    near={
        "avant-hier": (-2, None),
        "hier": (-1, None),
        "hier soir": (-1, "evening"),
        "aujourd'hui": (0, None),
        "ce soir": (0, "evening"),
        "ce matin": (0, "morning"),
        "demain": (1, None),
        "apres-demain": (2, None),
    },
    units=_UNITS,
    parts={"matin": "morning", "apres-midi": "afternoon", "soir": "evening", "nuit": "night"},
    past=(
        ("near", date_pattern(rf"(?:d')?(?P<near>avant-hier|hier soir|hier|aujourd'hui|ce matin|ce soir){_PART}")),
        (
            "recent",
            date_pattern(rf"(?:ces|les|des|pendant les) (?P<count>{_COUNT}) (?:derniers|dernieres) (?P<unit>{_UNIT})"),
        ),
        ("ago", date_pattern(rf"il y a (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        (
            "calendar",
            date_pattern(r"(?:de |pendant )?(?P<this>cette|ce) (?P<unit>semaine|mois|annee|week-end|weekend)"),
        ),
        (
            "calendar",
            date_pattern(
                r"(?:de |depuis )?(?:la |le |l')?(?P<unit>semaine|mois|annee|week-end|weekend) (?:derniere?|passee?)"
            ),
        ),
        ("weekday", date_pattern(rf"(?:(?:le|de|du) )?(?P<day>{_DAY})(?: (?P<last>dernier|passe))?{_PART}")),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:en|de|au mois de|d') ?(?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        ("near", date_pattern(rf"(?:pour )?(?P<near>apres-demain|demain|aujourd'hui|ce soir){_PART}")),
        (
            "weekday",
            date_pattern(rf"(?:pour )?(?:(?:le|ce|(?P<every>chaque|tous les)) )?(?P<day>{_DAY})(?: prochain)?{_PART}"),
        ),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:en|au mois de|au mois d') ?(?P<month>{_MONTH}){_YEAR}")),
        ("calendar", date_pattern(r"(?:pour )?(?:cette|ce) (?P<unit>semaine|mois|annee|week-end|weekend)")),
        (
            "calendar",
            date_pattern(r"(?:pour )?(?:la |le |l')(?P<unit>semaine|mois|annee|week-end|weekend) (?P<next>prochaine?)"),
        ),
        ("in", date_pattern(rf"dans (?P<count>{_COUNT}) (?P<unit>jours?|semaines?|mois)")),
        ("nth", date_pattern(rf"le (?P<nth>\d{{1,2}}(?:er)?|premier)(?! (?:{_MONTH})| ?\d|/)")),
    ),
    to=frozenset(("a", "au", "jusqu'a", "jusqu'au", "-", "–")),
    said=SpokenDates(
        today="aujourd'hui",
        yesterday="hier",
        weekday="{weekday}",
        date="le {day} {month}",
        date_of_year="le {day} {month} {year}",
        full="{weekday} {day} {month} {year}",
        time="{hour} h {minute}",
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        months=(
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
    ),
    before=somewhere(r"\b(?:(?P<since>depuis)|(?P<after>apres)|(?P<until>avant|jusqu'a))(?: le| la| l')?\s*$"),
    telling=frozenset((*_DAYS, *_MONTHS, "hier", "demain", "hui", "soir")),
)
_THE = r"(?:la|le|cette|ma|mon|ce)"
NTH_NOTE = (
    r"(?:(?P<nth>premiere|deuxieme|seconde|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme) note"
    r"|(?:note numero|note|numero) (?P<number>un|deux|trois|quatre|cinq|six|\d{1,2})|note la plus (?P<nth2>ancienne|vieille))"
)
FRENCH_NOTES = NoteWords(
    dates=FRENCH_DATES,
    that=whole(rf"(?:{_THE} ?)?(?:note|ca|cela|la|le)?(?: la)?"),
    last=whole(rf"(?:{_THE} )?(?:derniere(?: note)?|note precedente)"),
    newest=whole(rf"(?:{_THE} )?(?:note )?(?:la )?plus recente"),
    oldest=frozenset(("premiere", "premieres", "ancienne", "anciennes", "vieille", "plus ancienne", "plus anciennes")),
    lead=whole(
        r"(?:(?:sur|a propos|concernant|de|du|des|avec|au sujet|pour|que|qui|si|le|la|les|mon|ma|mes|un|une|au|aux|a|est|sont|ou|quand|intitulee|appelee)\s+|d'|l'|qu')+"
    ),
    nothing=whole(
        r"(?:(?:je|j'ai|ai|j'|me|de|du|la|les|tout|toutes|jusqu'ici|jusqu'a present|recemment|dernierement|as|il y a|prises|prise|faites|ecrites|s'il te plait|s'il vous plait|et|encore|a voix haute|sur|quelque chose|moi|mes)\b[\s,]*)*"
    ),
    preposition=whole(r"(?:pour|en|le|du|de) "),
    topical=whole(r"(?:le|du|en|de) |lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"),
    past=whole(r"(?:d')?(?:hier|avant-hier|aujourd)"),
    please=somewhere(r"(?<![\s,])[\s,]+s'il (?:te|vous) plait[\s.!]*\Z"),
    the_list=whole(r"liste"),
    own=somewhere(r"(?:ma|notre) \Z"),
    kept=frozenset(
        (
            "liste de courses",
            "liste des courses",
            "liste de taches",
            "liste des taches",
            "liste d'achats",
            "liste de souhaits",
        )
    ),
    list_name="Liste",
    between=somewhere(r" ?[,;] ?(?:(?:et|puis) )?| (?:et|plus|&) "),
)
