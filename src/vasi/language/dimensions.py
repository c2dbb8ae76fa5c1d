"""What a question wants to know of a thing: its price, its weight, how many, since when; and whether a text says so.

Sharper than the type of an answer, and in all languages that questions are asked in: a text that holds no sum of money
can't say what something costs, however much it says about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from vasi.language.cues import NUMERAL
from vasi.language.detection import detect
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, words

Dimension: TypeAlias = Literal[
    "money", "percent", "weight", "length", "duration", "clock", "date", "warmth", "speed", "electricity", "data",
    "contact", "count", "number",
]  # fmt: skip
"""number: any figure will do; contact: a telephone number or an address of mail or the web."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants to know.

    Attributes:
        dimension: of the figure.
        counted: stems of what is to be counted, the words around it as well: of "apple" and "trees".
        sure: the question says so in a word that can't mean anything else.
    """

    dimension: Dimension
    counted: frozenset[str] = frozenset()
    sure: bool = True


_MONEY_WORDS = (
    r"costs?|prices?|priced|pay|pays|paid|payment|fees?|salary|salaries|wages?|rent|earn|earns|earned|earning|charges?"
    r"|charged|budget|budgeted|spend|spent|deposit|tuition|income|revenue|refund|reimbursed?|expensed?|worth|owed?"
    r"|deducted|donated?|bonus|balance|cash|money|dollars|euros|fine|penalty|deductible|copay|premium|invoice|total"
    r"|koste[tn]|kosten|preise?|miete|\w*gebühr(?:en)?|\w*beitrag|\w*beiträge|gehalt|\w*lohn|\w*betrag|\w*saldo|rechnung"
    r"|zahlt|zahlen|bezahlt|bezahlen|abgebucht|überwiesen|umsatz|honorar|verdient|kaution|geldstrafe"
    r"|coûte|coûtent|coûts?|prix|tarifs?|montant|loyer|salaire|payer|paie|payé|paye|cotisation|frais|facture|gagne"
    r"|amende|caution"
    r"|cuesta|cuestan|costo|coste|precios?|importe|tarifa|alquiler|salario|sueldo|pagar|paga|pagan|cuota|factura"
    r"|presupuesto|gana|cobra|cobran|multa|fianza"
    r"|costa|costano|prezz[oi]|importo|tariffa|affitto|stipendio|pagare|canone|fattura|multa|caparra"
    r"|custa|custam|custo|preços?|valor|aluguel|aluguer|salário|quota|fatura|orçamento|ganha"
    r"|kost|kosten|prijs|prijzen|bedrag|tarief|huur|salaris|betalen|betaalt|bijdrage|contributie|boete"
)
_HOW_MUCH = (
    r"how much|wie ?viel|combien|cuánto|cuanto|quanto|hoeveel|what|which|wie hoch|wie teuer|welche[smnr]?"
    r"|quel(?:le)?s?|qué|cuál(?:es)?|qual|quale|quali|quais|hoe hoog"
)
_COUNTS = (
    r"\bhow many ((?:[\w'’-]+ ?){1,3})",
    r"\b(?:the |total )number of ((?:[\w'’-]+ ?){1,3})",
    r"\bwie ?viele ((?:[\w-]+ ?){1,3})",
    r"\bcombien (?:de |d['’])((?:[\w'’-]+ ?){1,3})",
    r"\bcu[áa]nt[oa]s ((?:[\w-]+ ?){1,3})",
    r"\bquant[ie] ((?:[\w'’-]+ ?){1,3})",
    r"\bquant[oa]s ((?:[\w-]+ ?){1,3})",
    r"\bhoeveel ((?:[\w-]+ ?){1,3})",
)
_COUNTED = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _COUNTS)
_ASKING: tuple[tuple[Dimension, str], ...] = (
    (
        "weight",
        r"\b(?:weigh|weighs|weighed|weight|how heavy|wiegt|wiegen|gewicht|wie schwer|pèse|pèsent|poids|pesa|pesan|peso"
        r"|weegt|wegen|hoe zwaar|massa)\b",
    ),
    (
        "clock",
        r"\b(?:(?:at )?what time|which hour|opening hours|um wie ?viel uhr|wie ?viel uhr|uhrzeit|öffnungszeiten"
        r"|[àa] quelle heure|quelle heure|horaires?|a qué hora|qué hora|a che ora|che ora|a que horas?|hoe laat)\b",
    ),
    (
        "percent",
        r"\b(?:percent|per cent|percentage|what share|which share|proportion|discount|what rate|interest rate|accuracy"
        r"|prozent|prozentsatz|anteil|rabatt|zinssatz|steuersatz|pourcentage|pour cent|taux|remise|proportion"
        r"|porcentaje|descuento|tasa|por ciento|percentuale|sconto|tasso|percentagem|porcentagem|desconto|taxa"
        r"|percentage|korting|rente)\b|%",
    ),
    (
        "warmth",
        r"\b(?:how (?:hot|cold|warm)|temperatures?|wie (?:heiß|kalt|warm)|temperatur(?:en)?|température|temperatura"
        r"|temperatuur|degrees)\b",
    ),
    (
        "speed",
        r"\b(?:how fast|speed|wie schnell|geschwindigkeit|tempo|vitesse|velocidad|velocità|velocidade|snelheid"
        r"|hoe snel)\b",
    ),
    (
        "electricity",
        r"\b(?:voltage|how many (?:volts|watts|amps)|wattage|spannung|stromstärke|tension électrique|voltaje|tensione"
        r"|tensão|spanning|frequency|frequenz|fréquence|frecuencia|frequenza|frequência|frequentie)\b",
    ),
    (
        "data",
        r"\b(?:how many (?:bytes|megabytes|gigabytes)|file size|disk space|storage space|speicherplatz|dateigröße"
        r"|espace disque|espacio en disco|how much (?:memory|ram|storage))\b",
    ),
    (
        "contact",
        r"\b(?:phone numbers?|telephone(?: numbers?)?|e-?mail(?: address)?(?:es)?|web ?site|web address|fax|hotline"
        r"|telefonnummer|rufnummer|e-?mail-?adresse|webseite|numéro de téléphone|adresse (?:e-?mail|électronique)"
        r"|número de teléfono|teléfono|correo electrónico|numero di telefono|telefono|indirizzo e-?mail|telefone"
        r"|telefoonnummer|e-?mailadres|iban|url)\b",
    ),
    (
        "length",
        r"\bhow (?:tall|deep|wide|far|thick|broad|high)\b|\b(?:height|depth|width|distance|diameter|length)\b"
        r"|\bwie (?:tief|breit|weit|dick)\b|\b(?:höhe|tiefe|breite|entfernung|durchmesser)\b"
        r"|\b(?:hauteur|largeur|profondeur|longueur|distance|diamètre)\b|\b(?:altura|anchura|profundidad|longitud"
        r"|distancia|diámetro)\b|\b(?:altezza|larghezza|profondità|lunghezza|distanza)\b"
        r"|\b(?:largura|profundidade|comprimento|distância)\b|\bhoe (?:hoog|diep|breed|ver)\b|\b(?:hoogte|afstand)\b",
    ),
    (
        "duration",
        r"\bhow (?:long|often|soon)\b|\bhow much (?:time|notice)\b|\bwie (?:lange|oft|häufig)\b|\bdauer[tn]?\b"
        r"|\bcombien de temps\b|\bdurée\b|\bcu[áa]nto (?:tiempo|dura|tarda)|\bduración\b|\bcada cuánto\b"
        r"|\bquanto (?:tempo|dura)|\bdurata\b|\bduração\b|\bogni quanto\b|\bhoe (?:lang|vaak)\b|\bduurt\b",
    ),
    (
        "date",
        r"\bwhen\b|\b(?:what|which) (?:date|day|year|month|season)\b|\b(?:due |start |end )?dates?\b|\bdeadline\b"
        r"|\bwann\b|\bwelche[smnr]? (?:jahr|tag|datum|monat)|\b(?:geburts|fälligkeits)?datum\b"
        r"|\bquand\b|\bquel(?:le)? (?:est la )?(?:année|date|jour|mois)|\bcuándo\b"
        r"|\b(?:qué|cuál es la) (?:año|día|fecha)"
        r"|\bfecha\b|\bquando\b|\b(?:che|quale) (?:anno|giorno|data)|\bdata (?:di|de)\b|\b(?:que|qual) (?:ano|dia|data)"
        r"|\bwanneer\b|\bwelk(?:e)? (?:jaar|dag|datum)",
    ),
    (
        "number",
        r"\bhow much\b|\bhow (?:old|large|big|many)\b|\bwhat (?:size|number|age|score|mark|dose|factor|limit)\b"
        r"|\bwie (?:hoch|groß|alt|viele?|lang)\b|\bwieviele?\b|\bcombien\b|\bquel âge\b|\bcu[áa]nt[oa]s?\b"
        r"|\bquant[oaie]s?\b|\bhoeveel\b|\bhoe (?:oud|groot)\b",
    ),
)
_PATTERNS: tuple[tuple[Dimension, re.Pattern[str]], ...] = tuple(
    (dimension, re.compile(pattern, re.IGNORECASE)) for dimension, pattern in _ASKING
)
_MONEY = re.compile(rf"\b(?:{_MONEY_WORDS})\b", re.IGNORECASE)
_ASKS = re.compile(rf"\b(?:{_HOW_MUCH})\b|\A(?:was|wat)\b", re.IGNORECASE)
_BARELY = re.compile(
    r"\bhow much (?:is|are|was|were|for)\b|\bwie ?viel (?:ist|sind|für)\b|\bcombien (?:pour|est|vaut)\b"
    r"|\bcu[áa]nto (?:es|vale|por)\b|\bquanto (?:è|é|per|vale)\b|\bhoeveel is\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"\b(?:price|fee|pay|cost) (?:list|schedule|table|sheet)s?\b", re.IGNORECASE)
"""What is on the price list isn't a sum alone."""
_TOTAL = frozenset(
    {"total", "budget", "valor", "fine", "premium", "invoice", "rechnung", "facture", "factura", "fatura"}
)
"""What doesn't surely speak of money."""


@lru_cache(maxsize=256)
def wanted(question: str, language: Language = "en") -> Wanted | None:
    """What ``question`` wants to know; None if no figure.

    Args:
        question: as asked.
        language: of the text that is to say it: what is counted is compared by its stems.
    """
    lowered = question.lower()
    money = _MONEY.search(lowered) if _ASKS.search(lowered) and not _RECORD.search(lowered) else None
    for dimension, pattern in _PATTERNS:
        if dimension == "length" and money and money[0] not in _TOTAL:
            return Wanted("money")
        if pattern.search(lowered):
            if dimension == "number":
                if counted := _counted(question, language):
                    return Wanted("count", counted)
                if money:
                    return Wanted("money", sure=money[0] not in _TOTAL)
                return Wanted("money", sure=False) if _BARELY.search(lowered) else Wanted("number", sure=False)
            return Wanted(dimension)
    if money:
        return Wanted("money", sure=money[0] not in _TOTAL)
    counted = _counted(question, language)
    return Wanted("count", counted) if counted else None


def _counted(question: str, language: Language) -> frozenset[str]:
    """Stems of what is counted, the function words behind it left out."""
    stop_words = STOP_WORDS_OF[detect(question)]
    for pattern in _COUNTED:
        if found := pattern.search(question):
            phrase: list[str] = []
            for word in words(found[1]):
                if word in stop_words:
                    break
                phrase.append(word)
            return frozenset(stem(word, language) for word in phrase)
    return frozenset()


_UNITS: Mapping[Dimension, str] = {
    "percent": r"%|٪|per ?cent\b|prozent\b|pour ?cents?\b|por ?cien(?:to)?\b|por cento\b|per cento\b|procent\b",
    "weight": (
        r"(?:kilo|milli|micro)?gram(?:me|mo|m|as?|mes|mos|mi)?s?\b|kilos?\b|tons?\b|tonnes?\b|tonnen\b|toneladas?\b"
        r"|tonnellate\b|pounds?\b|ounces?\b|stone\b|kg\b|g\b|gr\b|mg\b|lbs?\b|oz\b|t\b|pfund\b|livres\b"
    ),
    "length": (
        r"(?:milli|centi|kilo|mili|centí|kiló|quilô)?m(?:et(?:re|er)|ètre|etro|étro|ètr)s?n?\b|feet\b|foot\b|ft\b"
        r"|inch(?:es)?\b|miles?\b|yards?\b|km\b|cm\b|mm\b|m\b|zoll\b|pouces?\b|pulgadas?\b|pollici\b|polegadas?\b|[\"”′″']"
        r"|[x×] ?\d"
    ),
    "warmth": r"°|degrees?\b|grad\b|degrés?\b|grados?\b|gradi\b|graus?\b|graden\b|kelvin\b|[cf]\b|度",
    "speed": (
        r"knots?\b|(?:km|mi|m)/(?:h|s)\b|km/h|mph\b|kph\b|kmh\b|rpm\b|(?:kilomet(?:re|er)s|miles|met(?:re|er)s|bits?"
        r"|pages|words) (?:an?|per) (?:hour|second|minute)|[kmg]?bits?/s\b|[kmg]bps\b|revolutions|turns|x\b|times\b"
    ),
    "electricity": (
        r"(?:kilo|mega|milli)?watts?\b|[km]?w\b|volts?\b|m?v\b|voltios\b|amperes?\b|amps?\b|m?a\b|[kmg]?hz\b|hertz\b"
        r"|[km]?wh\b|horse ?power\b|ps\b"
    ),
    "data": r"(?:kilo|mega|giga|tera)?bytes?\b|[kmgt]i?b\b|octets\b",
}
_NUMBER_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
    r"|half|dozen|few|several|no|none|both"
    r"|ein|eine[nrms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|tausend"
    r"|kein|keine[nrms]?"
    r"|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|mille|aucune?"
    r"|uno?|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|ningun[oa]?"
    r"|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|quindici|venti|trenta|cento|nessuno"
    r"|um|uma|dois|duas|três|quatro|sete|oito|dez|doze|vinte|trinta|nenhum|nenhuma"
    r"|een|twee|drie|vijf|zes|zeven|negen|tien|elf|twaalf|twintig|dertig|honderd|duizend|geen"
)
_QUANTITY = rf"(?:{NUMERAL}|\b(?:{_NUMBER_WORD})\b)"
_HELD: Mapping[Dimension, re.Pattern[str]] = {
    dimension: re.compile(rf"{_QUANTITY}[ \u00a0-]?(?:{units})", re.IGNORECASE) for dimension, units in _UNITS.items()
}
_CURRENCY = (
    r"[$€£¥₹]|US\$|\b(?:EUR|USD|CHF|GBP|JPY|CAD|AUD|BRL|INR|SEK|NOK|DKK|PLN|CZK)\b"
    r"|\b(?:dollars?|euros?|pounds?|francs?|franken|yen|cents?|crowns?|kron(?:a|or|er|e)|rupees?|dólares|libras|reais"
    r"|pesos|centimes|sterline|ducats?)\b|円|원|元"
)
_SUM = re.compile(
    rf"(?:[$€£¥₹]|\b(?:EUR|USD|CHF|GBP|US\$|R\$))\s?\d|{_QUANTITY}\s?(?:(?:million|billion|thousand|Mio\.?|Mrd\.?|mil)\s)?"
    rf"(?:{_CURRENCY})|\b(?:free of charge|for free|no charge|kostenlos|kostenfrei|gratuit|gratis|gratuito|unpaid)\b",
    re.IGNORECASE,
)
_CENTS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3}){0,5}[.,]\d\d(?![\d.,])")
"""An amount with two decimals, without a currency."""
_MONEY_LABEL = re.compile(rf"(?:\b(?:{_MONEY_WORDS})\b|[$€£¥])[^:;\n]{{0,30}}:\s*-?\s*\d", re.IGNORECASE)
"""A field or cell of a table: "Price: 15", "Unit Value$: 168"."""
_DURATION = re.compile(
    rf"(?:{_QUANTITY}|\b(?:an?|every|each|per|once|twice|einmal|zweimal|jede[nrms]?|alle|chaque|cada|ogni|elke|pro|par))"
    r"[ -](?:(?:a|an|per|in|pro|par|por|al|im|business|working|calendar|full|consecutive) ){0,2}"
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|quarters?|years?|decades?|centur(?:y|ies)|semesters?"
    r"|sekunden?|minuten?|stunden?|tage?n?s?|wochen?|monate?n?s?|jahre?n?s?|werktage?n?"
    r"|secondes?|heures?|jours?|semaines?|mois|an(?:s|née|nées)?"
    r"|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|giorni?|giorno|or[ae]|settiman[ae]|mes[ei]|ann[oi]"
    r"|minut[oi]|dias?|mês|anos?|dag(?:en)?|uur|uren|week|weken|maand(?:en)?|jaar|jaren)\b"
    r"|\d ?(?:秒|分|時間|日|週|か月|ヶ月|年|초|분|시간|일|주|개월|년|h\b|min\b|hrs?\b|s\b|ms\b)|\d:\d\d"
    r"|\b(?:daily|weekly|monthly|quarterly|annual|annually|yearly|biannual|biweekly|lifelong|lifetime|permanent(?:ly)?"
    r"|indefinite(?:ly)?|täglich|wöchentlich|monatlich|jährlich|annuel(?:le)?|mensuel(?:le)?|hebdomadaire|anual|mensual"
    r"|semanal|annuale|mensile|settimanale|mensal|jaarlijks|maandelijks|wekelijks|until|till|bis|jusqu|hasta|fino|até)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\b\d{1,2} ?h(?:eures?)?(?: ?\d\d)?\b|\b\d{1,2} ?uhr\b"
    r"|\bat (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"|\b(?:noon|midnight|midday|mittag|mitternacht|midi|minuit|mediodía|mezzogiorno|meio-dia)\b|\d ?時|\d ?시"
    r"|\bo'clock\b|\bin the (?:morning|afternoon|evening)\b|\b(?:morgens|abends|du matin|du soir|de la tarde)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1[0-9]\d\d|20\d\d)s?\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}\.\s?\d{1,2}\.|\b\d{1,2}/\d{1,2}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b"
    r"|\b(?:januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre"
    r"|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei"
    r"|augustus|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)\b"
    r"|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|segunda|terça|quarta|quinta|sexta"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b"
    r"|\b(?:today|tomorrow|yesterday|spring|summer|autumn|winter|christmas|easter|daily|weekly|monthly|annually|yearly"
    r"|century|after|before|until|once|as soon as|within|upon|heute|morgen|nach|sobald|innerhalb|après|avant|dès"
    r"|después|antes|dopo|prima|entro|depois|antes|nadat|voordat|na)\b"
    r"|\d ?[年月日]|\d ?[년월일]",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b[\w.+-]{1,64}@\w|https?://|\bwww\.|\b[a-z0-9-]{2,40}\.(?:com|org|net|edu|gov|de|fr|es|it|pt|nl|io|eu|uk|ch|at)\b"
    r"|(?:\+|\b0|\()\d[\d ()/.–-]{5,20}|\b\d{3}[ .–-] ?\d{3,4}(?:[ .–-] ?\d{1,4})?\b"
    r"|\b(?:tel|fax|phone|call|appelez|téléphone|teléfono|telefono|rufen)[^\n\d]{0,40}\d{3}"
    r"|\b[A-Z]{2}\d{2}[ \dA-Z]{8,30}",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"{_QUANTITY}|[①-⑳一二三四五六七八九十]|\b(?:once|twice|single|einmal|all|alle|tous|todos|tutti)\b", re.IGNORECASE
)
_NUMBER = re.compile(rf"\d[\d,.]*+|{_NUMBER_WORD}", re.IGNORECASE)
_ARTICLES = frozenset(
    words("a an one ein eine einen einer einem eines un une uno una um uma een no kein keine few several")
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_BEHIND, _BEFORE = 4, 3
"""Words between a number and what it counts: "412 old apple trees", "members: 12"."""


def holds(what: Wanted, text: str, language: Language = "en") -> float:
    """How surely (0 to 1) ``text``, a sentence, says something of the kind that is wanted.

    Args:
        what: is wanted.
        text: a sentence, field or row.
        language: of ``text``, by which its words are compared with those that are counted.
    """
    match what.dimension:
        case "money":
            if _SUM.search(text) or _MONEY_LABEL.search(text):
                return 1.0
            return 0.6 if _CENTS.search(text) else 0.0
        case "count":
            return _holds_count(what.counted, text, language)
        case "duration":
            return 1.0 if _DURATION.search(text) else 0.0
        case "clock":
            return 1.0 if _CLOCK.search(text) else 0.0
        case "date":
            return 1.0 if _DATE.search(text) or _CLOCK.search(text) else 0.0
        case "contact":
            return 1.0 if _CONTACT.search(text) else 0.0
        case "number":
            return 1.0 if _ANY.search(text) else 0.0
        case dimension:
            return 1.0 if _HELD[dimension].search(text) else 0.0


def _holds_count(counted: frozenset[str], text: str, language: Language) -> float:
    said = words(text)
    numbers = [at for at, word in enumerate(said) if _NUMBER.fullmatch(word)]
    if not numbers:
        return 0.0
    best = 0.2
    for at in numbers:
        behind = [stem(word, language) for word in said[at + 1 : at + 1 + _BEHIND]]
        before = [stem(word, language) for word in said[max(0, at - _BEFORE) : at]]
        sure = 0.4 if said[at] in _ARTICLES or _YEAR.fullmatch(said[at]) else 1.0
        if not counted.isdisjoint(behind[:2]):
            best = max(best, sure)
        elif not counted.isdisjoint(behind) or not counted.isdisjoint(before):
            best = max(best, 0.7 * sure)
    return best
