"""Forms of one word that no stemmer makes equal: "own" and "owner", "pay" and "paid", "km" and "kilometres", "thirty"
and "30", "Oct" and "October".

Only form, never meaning: "price" and "cost" stay two words. Words that are as often something else ("found", "left",
"second", "march" in lower case) are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from vasi.language.number_words import NUMBER_WORDS
from vasi.language.stop_words import Language

_FAMILIES = """
own owner owners ownership owned; pay paid payment payments payer payee payable;
employ employee employer employment; teach teacher taught; train trainer trainee; buy bought buyer;
sell sold seller sale sales; build built builder; write wrote written writer; speak spoke spoken speaker speech;
read reader; drive drove driven driver; ride rode ridden rider; run ran runner; work worker;
lead led leader leadership; lend lent lender; rent renter rental; lease lessee; send sent sender; make made maker;
give gave given giver; take took taken; hold held holder; keep kept keeper; begin began begun;
choose chose chosen choice; break broke broken; grow grew grown growth; know knew known knowledge;
throw threw thrown; draw drew drawn; fly flew flown flight; eat ate eaten; drink drank drunk drinker;
sing sang sung singer; swim swam swum swimmer; win won winner; lose lost loser loss; die dead death died;
live life lives; bear born birth; marry marriage married; bring brought; catch caught catcher; fight fought fighter;
seek sought; sleep slept; meet met meeting; feed fed; spend spent; hide hid hidden; bite bit bitten;
forget forgot forgotten; freeze froze frozen; steal stole stolen theft; tear tore torn; wear wore worn wearer;
swear swore sworn; shake shook shaken; tell told teller; deal dealt dealer; mean meant; hear heard; use user usage;
help helper; play player; clean cleaner; climb climber; dance dancer; paint painter; found founder; lock locker;
print printer; treat treatment; ship shipment shipping shipper; assess assessment assessor;
invest investor investment; govern governor government governance; visit visitor; sponsor sponsorship;
member membership; partner partnership; citizen citizenship; author authorship; absent absence; deep depth;
wide width; long length; high height; broad breadth; strong strength; warm warmth; true truth; young youth;
weigh weight; choose choice; advise advice adviser advisor; prove proof proven; believe belief;
describe description; subscribe subscription subscriber; sign signature signatory; arrive arrival; approve approval;
refuse refusal; behave behaviour behavior; insure insurance insurer; cancel cancellation; register registration;
complain complaint; renew renewal; remove removal; propose proposal; acquire acquisition; solve solution;
prescribe prescription; receive receipt recipient reception; perceive perception; consume consumption consumer;
assume assumption; resume resumption; produce product production producer; reduce reduction; introduce introduction;
decide decision; divide division; extend extension extent; expand expansion; permit permission;
admit admission admittance; submit submission; omit omission; explain explanation; apply application applicant;
supply supplier; qualify qualification; certify certification; specify specification; notify notification;
classify classification; identify identification; modify modification; verify verification; maintain maintenance;
retain retention; detain detention; exceed excess; succeed success; proceed procedure; refer reference referral;
depart departure; enter entry entrance; tend tendency; vary variation variable; destroy destruction;
survive survival survivor; deny denial; try trial; withdraw withdrew withdrawn withdrawal; child children; man men;
woman women; foot feet; tooth teeth; goose geese; mouse mice; person people; knife knives; wife wives; leaf leaves;
half halves; shelf shelves; wolf wolves; loaf loaves; index indices; criterion criteria; phenomenon phenomena;
analysis analyses; crisis crises; basis bases; thesis theses; curriculum curricula; doctor dr; professor prof;
limited ltd; incorporated inc; corporation corp; department dept; appointment appt; approximately approx;
maximum max; percent percentage; telephone phone; kilometre kilometer km; metre meter; centimetre centimeter cm;
millimetre millimeter mm; kilogram kilogramme kilo kg; gram gramme; milligram milligramme mg; tonne ton;
litre liter; millilitre milliliter ml; pound lb lbs; ounce oz; hour hr hrs; minute mins; second secs sec;
year yr yrs; month mth; kilowatt kw; megabyte mb; gigabyte gb; terabyte tb; dollar usd; euro eur; centre center;
colour color; programme program; organise organize organisation organization; licence license; cheque check;
grey gray; tyre tire; aluminium aluminum; january jan; february feb; april apr; june jun; july jul; august aug;
september sep sept; october oct; november nov; december dec; monday mon; tuesday tue tues; wednesday wed;
thursday thu thur thurs; friday fri
"""
_NUMBERS = """
two 2; three 3; four 4; five 5; six 6; seven 7; eight 8; nine 9; ten 10; eleven 11; twelve 12; thirteen 13;
fourteen 14; fifteen 15; sixteen 16; seventeen 17; eighteen 18; nineteen 19; twenty 20; thirty 30; forty fourty 40;
fifty 50; sixty 60; seventy 70; eighty 80; ninety 90; hundred 100; thousand 1000; third 3rd 3; fourth 4th 4;
fifth 5th 5; sixth 6th 6; seventh 7th 7; eighth 8th 8; ninth 9th 9; tenth 10th 10; eleventh 11th 11; twelfth 12th 12;
thirteenth 13th 13; fourteenth 14th 14; fifteenth 15th 15; twentieth 20th 20; thirtieth 30th 30
"""
_MONTHS: Mapping[Language, str] = {
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_PERCENT: Mapping[Language, str] = {
    "de": "prozent", "es": "porcentaje", "fr": "pourcent pourcentage", "it": "percentuale", "nl": "procent",
    "pt": "percentagem porcentagem",
}  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def english_forms(stem: Callable[[str], str]) -> Mapping[str, str]:
    """What stands for a stem of English: of all members of a family the stem of the first, of numbers their digits.

    Args:
        stem: makes the stem of one word.
    """
    forms: dict[str, str] = {}
    for family in _FAMILIES.split(";"):
        first, *others = map(stem, family.split())
        forms |= {other: forms.get(first, first) for other in others if other != first}
    for number in _NUMBERS.split(";"):
        *said, digits = number.split()
        forms |= {stem(word): digits for word in said}
    return forms | {"1st": stem("first"), "2nd": forms.get(stem("second"), stem("second"))}


def foreign_forms(stem: Callable[[str], str]) -> Mapping[Language, Mapping[str, str]]:
    """By language what stands for a word as it is written: English names of months, digits of numbers."""
    forms: dict[Language, dict[str, str]] = {}
    for language, months in _MONTHS.items():
        forms[language] = dict(zip(months.split(), map(stem, MONTHS), strict=True))
        forms[language] |= {word: str(number) for word, number in NUMBER_WORDS[language].items()}
        forms[language] |= dict.fromkeys(_PERCENT[language].split(), stem("percent"))
    return forms


def month_names() -> Sequence[frozenset[str]]:
    """The names of each month in all languages, short ones included."""
    short = ("jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep sept", "oct okt", "nov", "dec dez")
    by_language = [names.split() for names in _MONTHS.values()]
    return [
        frozenset((name, *short[at].split(), *(names[at] for names in by_language))) for at, name in enumerate(MONTHS)
    ]
