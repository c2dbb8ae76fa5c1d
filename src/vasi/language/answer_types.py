"""What kind of answer a question wants, in the languages that questions are asked in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from vasi.language.detection import detect
from vasi.language.stop_words import Language

AnswerType: TypeAlias = Literal["amount", "number", "duration", "time", "place", "name", "reason", "other"]

_ENGLISH: Sequence[tuple[AnswerType, str]] = (
    ("amount", r"\bhow much\b|\bwhat (?:\w+ ){0,2}(?:price|cost|fee|percent|percentage|salary|rate)\b"),
    ("amount", r"\A(?>.*?\bwhat (?:does|do|did|will|would) ).*\bcost\b"),
    (
        "number",
        r"\bhow many\b"
        r"|\bwhat (?:is the |\w+ )?(?:number|temperature|size|speed|distance|population|age|limit)\b"
        r"|\bhow (?:old|tall|far|big|large|fast|high|deep|wide|heavy)\b",
    ),
    ("duration", r"\bhow (?:long|often)\b"),
    ("time", r"\b(?:what|which) (?:\w+ )?(?:year|date|day|month|time|century|decade)\b|\bwhen\b"),
    (
        "place",
        r"\bwhere\b|\b(?:what|which) (?:\w+ )?"
        r"(?:city|country|state|place|location|town|region|continent|area|building|room)\b",
    ),
    (
        "name",
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?"
        r"(?:person|man|woman|actor|actress|author|singer|player|team|company|president|king|queen|scientist)\b",
    ),
    ("reason", r"\bwhy\b"),
)
_OTHERS: Mapping[Language, Sequence[tuple[AnswerType, str]]] = {
    "de": (
        ("duration", r"\bwie (?:lange|oft|häufig)\b"),
        ("time", r"\bwann\b|\bwelche[smnr]? (?:jahr|tag|datum|monat|uhrzeit)\w*|\bwie ?viel uhr\b"),
        ("amount", r"\bwie (?:viel|teuer)\b|\bkoste[tn]\b|\b(?:preis|gebühr|beitrag|betrag|kosten|summe|prozent)\b"),
        ("number", r"\bwie ?viele\b|\bwie (?:hoch|groß|lang|tief|breit|weit|schnell|schwer|alt|warm|heiß)\b"),
        ("place", r"\bwo(?:hin|her)?\b|\bwelche[smnr]? (?:stadt|ort|land|straße|raum|zimmer)\b"),
        ("name", r"\bwe(?:r|m|n|ssen)\b"),
        ("reason", r"\b(?:warum|weshalb|wieso)\b"),
    ),
    "es": (
        ("duration", r"\bcuánto (?:tiempo|dura)\w*|\bcada cuánto\b"),
        ("time", r"\bcuándo\b|\bqué (?:año|día|fecha|mes|hora)\b"),
        ("amount", r"\bcuánto\b|\b(?:precio|importe|coste|costo|tarifa|porcentaje|descuento|total)\b"),
        ("number", r"\bcuánt[oa]s\b|\bqué (?:número|cantidad|edad|altura|tamaño)\b"),
        ("place", r"\b(?:a)?dónde\b|\bqué (?:ciudad|lugar|país|calle|sala)\b"),
        ("name", r"\bquién(?:es)?\b"),
        ("reason", r"\bpor qué\b"),
    ),
    "fr": (
        ("duration", r"\bcombien de temps\b|\bquelle (?:est la )?durée\b"),
        ("time", r"\bquand\b|\bquel(?:le)?s? (?:est la )?(?:année|date|jour|mois|heure)\b"),
        ("amount", r"\bcombien (?:coûte|vaut|payer|paie|gagne)\w*|\b(?:prix|montant|coût|tarif|pourcentage)\b"),
        ("number", r"\bcombien\b|\bquel(?:le)? (?:est (?:la |le |l.)?)?(?:nombre|taille|hauteur|âge|vitesse|poids)\b"),
        ("place", r"\boù\b|\bquel(?:le)? (?:ville|lieu|pays|rue|salle)\b"),
        ("name", r"\bqui\b"),
        ("reason", r"\bpourquoi\b"),
    ),
    "it": (
        ("duration", r"\bquanto (?:tempo|dura)\w*|\bogni quanto\b"),
        ("time", r"\bquando\b|\b(?:che|quale) (?:anno|giorno|data|mese|ora)\b"),
        ("amount", r"\bquanto\b|\b(?:prezzo|importo|costo|tariffa|percentuale)\b"),
        ("number", r"\bquant[iea]\b"),
        ("place", r"\bdov(?:e|')|\b(?:che|quale) (?:città|luogo|paese|via|sala)\b"),
        ("name", r"\bchi\b"),
        ("reason", r"\bperché\b"),
    ),
    "nl": (
        ("duration", r"\bhoe ?(?:lang|vaak)\b"),
        ("time", r"\bwanneer\b|\b(?:welk|welke) (?:jaar|dag|datum|maand)\b|\bhoe laat\b"),
        ("amount", r"\bhoeveel kost\w*|\bkost(?:en)?\b|\b(?:prijs|bedrag|kosten|tarief|procent)\b"),
        ("number", r"\bhoeveel\b|\bhoe (?:hoog|groot|lang|diep|breed|ver|snel|zwaar|oud)\b"),
        ("place", r"\bwaar\b|\b(?:welke|welk) (?:stad|plaats|land|straat|zaal)\b"),
        ("name", r"\bwie\b"),
        ("reason", r"\bwaarom\b"),
    ),
    "pt": (
        ("duration", r"\bquanto tempo\b"),
        ("time", r"\bquando\b|\bque (?:ano|dia|data|mês|horas?)\b"),
        ("amount", r"\bquanto\b|\b(?:preço|valor|custo|tarifa|percentagem|quota)\b"),
        ("number", r"\bquant[oa]s\b"),
        ("place", r"\bonde\b|\b(?:que|qual) (?:cidade|lugar|local|país|rua|sala)\b"),
        ("name", r"\bquem\b"),
        ("reason", r"\bpor ?qu[eê]\b"),
    ),
    "ar": (
        ("time", "متى"),
        ("number", r"\bكم\b"),
        ("place", "أين"),
        ("reason", "لماذا"),
    ),
    "ja": (
        ("amount", "いくら"),
        ("time", "いつ|何(?:時|年|月|日)に?"),
        ("duration", "何(?:日間|週間|ヶ月|か月|年間|時間)"),
        ("number", "いくつ|何(?:人|個|回|冊|台|枚|本)"),
        ("place", "どこ"),
        ("name", "誰|だれ"),
        ("reason", "なぜ|どうして"),
    ),
    "ko": (
        ("amount", "얼마"),
        ("time", "언제|몇 ?(?:시|월|일)"),
        ("number", "몇"),
        ("place", "어디"),
        ("name", "누구|누가"),
        ("reason", "왜"),
    ),
    "zh": (
        ("amount", "多少[钱錢元]"),
        ("time", "何时|什么时候|几[点月日]|哪[一]?年"),
        ("number", "多少|几[个人次本]"),
        ("place", "哪里|哪儿"),
        ("name", "谁|誰"),
        ("reason", "为什|為什"),
    ),
}


def _compiled(patterns: Sequence[tuple[AnswerType, str]]) -> Sequence[tuple[AnswerType, re.Pattern[str]]]:
    return [(kind, re.compile(pattern, re.DOTALL)) for kind, pattern in patterns]


_PATTERNS: Mapping[Language, Sequence[tuple[AnswerType, re.Pattern[str]]]] = {
    "en": _compiled(_ENGLISH),
    **{language: _compiled(patterns) for language, patterns in _OTHERS.items()},
}


def answer_type(question: str) -> AnswerType:
    """What kind of thing ``question`` asks for."""
    lowered = question.lower()
    for kind, pattern in _PATTERNS[detect(question)]:
        if pattern.search(lowered):
            return kind
    return "other"
