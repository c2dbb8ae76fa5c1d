"""The phrases of each language that ask over records: "how many", "less than", "the cheapest", "altogether"."""

# ruff: noqa: E501 - a list of phrases reads better on one line

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.columns import Concept
from vasi.language.stop_words import Language

Interrogative: TypeAlias = Literal["which", "who", "what", "when", "where", "amount"]
Limit: TypeAlias = Literal["below", "at most", "above", "at least"]
_Graded: TypeAlias = tuple[bool, frozenset[Concept]]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of one language.

    Attributes:
        asking: a question's first words; its groups are the interrogatives.
        checking: first words that ask for a yes or no; None if they aren't told from others.
        count, listing: first words that count, or list.
        average, total: anywhere.
        superlative: anywhere: ``single`` in one word, else ``more`` or ``less`` with an ``adjective``.
        compared: a whole question that compares two; None if the language has none.
        relation: what stands in front of a value.
        parted: the same with a noun between: "more beds than".
        joint: between the two values of a range.
        negation: in front of what is left out.
        clause_end: where that ends.
        grades: the adjectives: whether the largest is meant, and what columns tell it.
        relations: of the words in front of values.
    """

    asking: re.Pattern[str]
    checking: re.Pattern[str] | None
    count: re.Pattern[str]
    listing: re.Pattern[str]
    average: re.Pattern[str]
    total: re.Pattern[str]
    superlative: re.Pattern[str]
    compared: re.Pattern[str] | None
    relation: re.Pattern[str]
    parted: re.Pattern[str]
    joint: re.Pattern[str]
    negation: re.Pattern[str]
    clause_end: re.Pattern[str]
    grades: Mapping[str, _Graded]
    relations: Mapping[str, Limit]

    def interrogative(self, found: re.Match[str]) -> Interrogative:
        """Which one stands in what ``asking`` matched."""
        for name in _INTERROGATIVES:
            if found[name] is not None:
                return name
        return "which"

    def graded(self, text: str) -> tuple[bool, frozenset[Concept], int, int] | None:
        """The superlative in ``text``: whether the largest is meant, by what it compares, and where it stands."""
        for found in self.superlative.finditer(text):
            if found["single"]:
                if (grade := self.compares(found["single"])) is not None:
                    return *grade, *found.span()
                continue
            grade = self.compares(found["adjective"]) if found["adjective"] else None
            if grade is None:
                return found["less"] is None, frozenset(), found.start(), found.end("more")
            return grade[0] == (found["less"] is None), grade[1], *found.span()
        return None

    def compares(self, quality: str) -> _Graded | None:
        """Whether the adjective of a comparison means the larger, and what it compares; None if it's none."""
        quality = quality.lower()
        less = quality.startswith("less ")
        quality = quality.removeprefix("less ").removeprefix("more ")
        found = next((self.grades[one] for one in _roots(quality) if one in self.grades), None)
        return (not found[0], found[1]) if found and less else found

    def related(self, found: re.Match[str]) -> tuple[Limit, frozenset[Concept]]:
        """The relation that a word stands for, and by what it compares: "older than" by the age."""
        said = " ".join(found["than"].lower().split()) if found["than"] else ""
        if said:
            quality = said.rpartition(" ")[0]
            largest, concepts = self.compares(quality) or (True, frozenset[Concept]())
            return ("above" if largest else "below"), concepts
        return self.relations[" ".join(found["plain"].lower().split())], frozenset()


_INTERROGATIVES: tuple[Interrogative, ...] = ("amount", "when", "where", "who", "which", "what")


def _roots(quality: str) -> Iterable[str]:
    """What an adjective may be without its endings: "heaviest" is "heavy", "größte" is "größ"."""
    yield quality
    for ending in (
        "esten",
        "ester",
        "este",
        "est",
        "sten",
        "ster",
        "stes",
        "ste",
        "st",
        "er",
        "e",
        "en",
        "er",
        "es",
        "s",
        "a",
        "as",
        "os",
    ):
        if not quality.endswith(ending):
            continue
        root = quality.removesuffix(ending)
        yield root
        yield f"{root}e"
        if root.endswith("i"):
            yield f"{root[:-1]}y"
        if len(root) > 2 and root[-1] == root[-2]:
            yield root[:-1]


_CONCEPTS: Mapping[str, tuple[Concept, ...]] = {
    "long": ("length", "duration"), "price": ("price",), "heavy": ("weight",), "high": ("height", "price", "size"),
    "age": ("age", "born"), "old": ("age", "born", "begin"), "time": ("begin", "time", "end"), "size": ("size",),
    "speed": ("speed",), "width": ("width",), "depth": ("depth",), "power": ("power",), "distance": ("distance",),
    "grade": ("grade",), "temperature": ("temperature",), "none": (), "pay": ("pay",),
}  # fmt: skip
_GRADES: Mapping[Language, str] = {
    "en": "+long long +tall high +high high +heavy heavy +old old +large size +big size +fast speed +wide width"
    " +deep depth +strong power +far distance +good grade +best grade +hot temperature +warm temperature"
    " +expensive price +dear price +costly price +late time +last time +recent time +new time -early time -first time"
    " -short long -low high -light heavy -young old -small size -little size -slow speed -narrow width -shallow depth"
    " -weak power -near distance -close distance -bad grade -worst grade -cold temperature -cheap price"
    " +most none +more none -least none -less none -fewest none -few none +better grade -worse grade"
    " +farthest distance +furthest distance",
    "de": "+läng long +lang long +höch high +hoch high +höh high +schwer heavy +schwerst heavy +alt old +ält old"
    " +groß size +größ size +schnell speed +breit width +tief depth +stark power +weit distance +best grade +gut grade"
    " +heiß temperature +warm temperature +teuer price +teuerst price +teur price +spät time +letzt time +zuletzt time"
    " +neu time -früh time -frühest time -erst time -zuerst time -kürz long -kurz long -niedrig high -leicht heavy"
    " -jüng old -jung old -klein size -langsam speed -schmal width -schwäch power -nah distance -schlecht grade"
    " -kalt temperature -kält temperature -billig price -billigst price -günstig price +meist none +mehr none -wenig none"
    " -weniger none",
    "es": "+largo long +alto high +pesado heavy +viejo old +antiguo old +grande size +rápido speed +ancho width"
    " +profundo depth +fuerte power +lejano distance +caliente temperature +caro price +tarde time +reciente time"
    " +nuevo time -corto long -bajo high -ligero heavy -joven old -pequeño size -lento speed -barato price -temprano time"
    " +más none -menos none +último time -primero time +mejor grade -peor grade +mayor size -menor size",
    "fr": "+long long +haut high +lourd heavy +vieux old +âgé old +ancien old +grand size +grande size +rapide speed"
    " +large width +profond depth +fort power +loin distance +chaud temperature +cher price +chère price +tard time"
    " +récent time -court long -bas high -léger heavy -jeune old -petit size -petite size -lent speed -économique price"
    " -tôt time +plus none -moins none +dernier time -premier time +meilleur grade -pire grade",
    "it": "+lungo long +alto high +pesante heavy +vecchio old +anziano old +antico old +grande size +veloce speed"
    " +largo width +profondo depth +forte power +lontano distance +caldo temperature +caro price +costoso price"
    " +tardi time +recente time +nuovo time -corto long -basso high -leggero heavy -giovane old -piccolo size"
    " -lento speed -economico price -presto time +più none -meno none +ultimo time -primo time +migliore grade"
    " -peggiore grade +maggiore size -minore size",
    "pt": "+longo long +alto high +pesado heavy +velho old +antigo old +grande size +rápido speed +largo width"
    " +profundo depth +forte power +distante distance +quente temperature +caro price +tarde time +recente time"
    " +novo time -curto long -baixo high -leve heavy -jovem old -pequeno size -lento speed -barato price -cedo time"
    " +mais none -menos none +último time -primeiro time +melhor grade -pior grade +maior size -menor size",
    "nl": "+lang long +hoog high +hoog high +zwaar heavy +oud old +groot size +snel speed +breed width +diep depth"
    " +sterk power +ver distance +warm temperature +duur price +laat time +laatst time +nieuw time -kort long -laag high"
    " -licht heavy -jong old -klein size -langzaam speed -goedkoop price -vroeg time -eerst time +meest none -minst none"
    " +best grade -slecht grade +meer none -minder none",
}  # fmt: skip


def _grades(language: Language) -> Mapping[str, _Graded]:
    entries = _GRADES[language].split()
    found: dict[str, _Graded] = {}
    for word, meaning in zip(entries[::2], entries[1::2], strict=True):
        graded = (word[0] == "+", frozenset(_CONCEPTS[meaning]))
        found[word[1:]] = graded
        if language in ("es", "it", "pt") and word.endswith("o"):
            found[f"{word[1:-1]}a"] = graded
    return found


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_RELATIONS: Mapping[Language, Mapping[Limit, str]] = {
    "en": {
        "below": "less than|under|below|fewer than|before|prior to",
        "above": "more than|over|above|after|exceeding|in excess of",
        "at most": "at most|up to|no more than|not more than|a maximum of|until|by|no later than",
        "at least": "at least|no less than|no fewer than|a minimum of|since|from",
    },
    "de": {
        "below": "weniger als|unter|vor", "above": "mehr als|über|nach",
        "at most": "höchstens|bis zu|maximal|bis", "at least": "mindestens|ab|seit",
    },
    "es": {
        "below": "menos de|por debajo de|antes de|antes del", "above": "más de|por encima de|después de|después del",
        "at most": "como máximo|hasta", "at least": "al menos|como mínimo|desde|a partir de|a partir del",
    },
    "fr": {
        "below": "moins de|en dessous de|avant le|avant", "above": "plus de|au-dessus de|après le|après",
        "at most": "au plus|jusqu'à|jusqu'au", "at least": "au moins|depuis|à partir de|à partir du",
    },
    "it": {
        "below": "meno di|sotto i|prima di|prima del", "above": "più di|oltre|sopra i|dopo il|dopo",
        "at most": "al massimo|fino a|fino al", "at least": "almeno|da|dal|a partire dal",
    },
    "pt": {
        "below": "menos de|abaixo de|antes de|antes do", "above": "mais de|acima de|depois de|depois do|após",
        "at most": "no máximo|até", "at least": "pelo menos|no mínimo|desde|a partir de",
    },
    "nl": {
        "below": "minder dan|onder|voor", "above": "meer dan|boven|na",
        "at most": "hoogstens|maximaal|tot", "at least": "minstens|ten minste|vanaf|sinds",
    },
}  # fmt: skip
_THAN: Mapping[Language, str] = {
    "en": r"[^\W\d_]{2,}er than", "de": r"[^\W\d_]{2,}er als", "es": r"más [^\W\d_]{3,} (?:de|que)",
    "fr": r"plus [^\W\d_]{3,} que", "it": r"più [^\W\d_]{3,} di", "pt": r"mais [^\W\d_]{3,} (?:do )?que",
    "nl": r"[^\W\d_]{2,}er dan",
}  # fmt: skip
_BETWEEN: Mapping[Language, tuple[str, str, str]] = {
    "en": ("between|from", "and|to|through", "in|during|on|of|for"),
    "de": ("zwischen|von", "und|bis", "im|in|am|vom|für|während"),
    "es": ("entre", "y", "en|el|durante|de"), "fr": ("entre", "et", "en|le|pendant|de"),
    "it": ("tra|fra", "e", "in|nel|a|il|di"), "pt": ("entre", "e", "em|no|durante|de"),
    "nl": ("tussen|van", "en|tot", "in|op|tijdens|van"),
}  # fmt: skip


_PARTED: Mapping[Language, str] = {
    "en": r"\b(?P<more>more|less|fewer) (?P<noun>(?:[^\W\d_]{2,30} ){0,2}[^\W\d_]{2,30}) (?P<than>than)\b",
    "de": r"\b(?P<more>mehr|weniger) (?P<noun>(?:[^\W\d_]{2,30} ){0,2}[^\W\d_]{2,30}) (?P<than>als)\b",
    "es": r"\b(?P<more>más|menos) (?P<noun>[^\W\d_]{3,30}) (?P<than>de)(?= \d)",
    "fr": r"\b(?P<more>plus|moins) (?:de |d')(?P<noun>[^\W\d_]{3,30}) (?P<than>que)\b",
    "it": r"\b(?P<more>più|meno) (?P<noun>[^\W\d_]{3,30}) (?P<than>di)(?= \d)",
    "pt": r"\b(?P<more>mais|menos) (?P<noun>[^\W\d_]{3,30}) (?P<than>de)(?= \d)",
    "nl": r"\b(?P<more>meer|minder) (?P<noun>[^\W\d_]{2,30}) (?P<than>dan)\b",
}


def _relation(
    language: Language,
) -> tuple[re.Pattern[str], dict[str, Limit]]:
    relations: dict[str, Limit] = {
        phrase: relation for relation, phrases in _RELATIONS[language].items() for phrase in phrases.split("|")
    }
    plain = "|".join(sorted(map(re.escape, relations), key=len, reverse=True)).replace(r"\ ", " ")
    between, _, within = _BETWEEN[language]
    return _pattern(
        rf"\b(?:(?P<than>{_THAN[language]})|(?P<between>{between})|(?P<plain>{plain})|(?P<within>{within}))(?=\s)"
    ), relations


_FORMS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "checking": r"(?:and |so |but )?(?:is|are|was|were|does|do|did|has|have|had)\b",
        "asking": r"(?:and |so |please )?(?:(?P<amount>how (?:much|expensive|high)\b|what (?:does|do|did|will|would)\b(?=[^?]{1,100}\bcost\b))|(?P<when>when\b|(?:at )?what time\b)"
        r"|(?P<where>where\b)|(?P<who>who(?:se|m)?\b)|(?P<which>which(?: of (?:the|our|my|these))?\b)|(?P<what>what(?:'s)?\b))",
        "count": r"(?:and |so )?(?:how many|(?:what is |what's )?the number of)\b",
        "listing": r"(?:please )?(?:list|name|enumerate|give me|show me|tell me)(?: me)?(?: all| every)?(?: of)?(?: the| our| my)? ",
        "average": r"\b(?:the |on )?(?:average|mean)(?: of)?\b", "total": r"\b(?:the |in )?(?:totals?|sum|altogether|all together|together|combined|overall)(?: of)?\b",
        "superlative": r"(?:\bthe )?\b(?:(?P<more>most|(?P<less>least))(?: (?P<adjective>[^\W\d_]{3,}))?"
        r"|(?P<single>first(?=$| to\b)|last(?=$| to\b)|[^\W\d_]{2,}est|worst))\b",
        "compared": r"(?:which|what|who)(?: of (?:them|the two))? (?P<verb>is|are|has|have|costs?|weighs?|was|lasts?|earns?) (?:the )?"
        r"(?P<quality>more expensive|less expensive|more|less|fewer|better|worse|[^\W\d_]{2,}er)\b(?P<kind>[^,:?]{0,60}?)[,:]? (?P<one>[^,:?]{1,60}?) or (?P<other>.{1,60})",
        "negation": r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|can)(?:n['’]t| not)|not|no|without|except(?: for)?|other than|apart from|excluding)\b",
        "clause_end": r",|;|\b(?:but|that|which|who)\b",
    },
    "de": {
        "checking": r"(?:und )?(?:ist|sind|war|waren|hat|haben|kostet|kosten|arbeitet|gibt es)\b",
        "asking": r"(?:und )?(?:(?P<amount>wie (?:viel|teuer|hoch)\b|wieviel\b|was kosten?\b)|(?P<when>wann\b)|(?P<where>wo\b)|(?P<who>we(?:r|m|n|ssen)\b)|(?P<which>welche[rsnm]?\b)|(?P<what>was\b))",
        "count": r"wie ?viele\b", "listing": r"(?:bitte )?(?:nenne?|liste|zeige?|gib)(?: mir)?(?: alle)? ",
        "average": r"\b(?:im durchschnitt|durchschnittlich\w*|durchschnitt\w*)\b", "total": r"\b(?:insgesamt|zusammen|summe|gesamt\w*|alle zusammen)\b",
        "superlative": r"\b(?:am |die |der |das |den )?(?P<more>(?P<less>wenigsten)|meisten)\b(?P<adjective>(?!))?"
        r"|\b(?:am |die |der |das |den )?(?P<single>zuerst|zuletzt|[^\W\d_]{2,}st(?:e[nrs]?)?)\b",
        "compared": "", "negation": r"\b(?:nicht|kein(?:e[nrsm]?)?|ohne|außer)\b", "clause_end": r",|;|\baber\b",
    },
    "es": {
        "asking": r"(?:(?P<amount>cuánto\b)|(?P<when>cuándo\b)|(?P<where>dónde\b)|(?P<who>quién(?:es)?\b)|(?P<which>cuál(?:es)?\b)|(?P<what>qué\b))",
        "count": r"cuánt[oa]s\b", "listing": r"(?:enumera|lista|nombra|dime|muéstrame)(?: tod[oa]s)?(?: l[oa]s)? ",
        "average": r"\b(?:de )?(?:promedio|media|medio)\b", "total": r"\b(?:en total|total|suma|juntos|juntas)\b",
        "superlative": r"\b(?:el |la |los |las )?(?P<more>más|(?P<less>menos))(?: (?P<adjective>[^\W\d_]{3,}))?\b(?P<single>(?!))?",
        "compared": "", "negation": r"\b(?:no|sin|excepto|salvo)\b", "clause_end": r",|;|\bpero\b",
    },
    "fr": {
        "asking": r"(?:(?P<amount>combien (?:coûte|coûtent|gagne|avons|a-t-on|vaut)\b)|(?P<when>quand\b)|(?P<where>où\b)|(?P<who>qui\b)|(?P<which>quel(?:le)?s?\b)|(?P<what>que\b|qu'est-ce que\b))",
        "count": r"combien (?:de |d')", "listing": r"(?:énumère|liste|nomme|donne-moi|montre-moi)(?: tou(?:s|tes))?(?: les)? ",
        "average": r"\b(?:en moyenne|moyen(?:ne)?)\b", "total": r"\b(?:au total|en tout|total|somme|ensemble)\b",
        "superlative": r"\b(?:le |la |les )?(?P<more>plus|(?P<less>moins))(?: (?P<adjective>[^\W\d_]{3,}))?\b(?P<single>(?!))?",
        "compared": "", "negation": r"\b(?:ne|n'|pas|sans|sauf)\b", "clause_end": r",|;|\bmais\b",
    },
    "it": {
        "asking": r"(?:(?P<amount>quanto\b)|(?P<when>quando\b)|(?P<where>dove\b)|(?P<who>chi\b)|(?P<which>qual[ei]?\b)|(?P<what>che\b|cosa\b))",
        "count": r"quant[ie]\b", "listing": r"(?:elenca|nomina|dimmi|mostrami)(?: tutt[ie])?(?: i| le| gli)? ",
        "average": r"\b(?:in media|medi[oa])\b", "total": r"\b(?:in tutto|in totale|totale|somma|insieme)\b",
        "superlative": r"\b(?:il |la |i |le )?(?P<more>più|(?P<less>meno))(?: (?P<adjective>[^\W\d_]{3,}))?\b(?P<single>(?!))?",
        "compared": "", "negation": r"\b(?:non|senza|tranne|eccetto)\b", "clause_end": r",|;|\bma\b",
    },
    "pt": {
        "asking": r"(?:(?P<amount>quanto\b)|(?P<when>quando\b)|(?P<where>onde\b)|(?P<who>quem\b)|(?P<which>qua(?:l|is)\b)|(?P<what>que\b|o que\b))",
        "count": r"quant[oa]s\b", "listing": r"(?:liste|enumere|diga|mostre)(?: tod[oa]s)?(?: [oa]s)? ",
        "average": r"\b(?:em média|médi[oa])\b", "total": r"\b(?:no total|ao todo|total|soma|juntos|juntas)\b",
        "superlative": r"\b(?:o |a |os |as )?(?P<more>mais|(?P<less>menos))(?: (?P<adjective>[^\W\d_]{3,}))?\b(?P<single>(?!))?",
        "compared": "", "negation": r"\b(?:não|sem|exceto|salvo)\b", "clause_end": r",|;|\bmas\b",
    },
    "nl": {
        "asking": r"(?:(?P<amount>hoeveel kost(?:en)?\b|wat kost(?:en)?\b)|(?P<when>wanneer\b|hoe laat\b)|(?P<where>waar\b)|(?P<who>wie\b)|(?P<which>welke?\b)|(?P<what>wat\b))",
        "count": r"hoeveel\b", "listing": r"(?:noem|geef|toon)(?: alle)?(?: de| het)? ",
        "average": r"\b(?:gemiddeld\w*)\b", "total": r"\b(?:in totaal|totaal|samen|som)\b",
        "superlative": r"\b(?:de |het |als )?(?:(?P<more>meeste?|(?P<less>minste?))|(?P<single>[^\W\d_]{2,}ste?))\b(?P<adjective>(?!))?",
        "compared": "", "negation": r"\b(?:niet|geen|zonder|behalve)\b", "clause_end": r",|;|\bmaar\b",
    },
}  # fmt: skip


def _phrases(language: Language) -> Phrases:
    forms = _FORMS[language]
    relation, relations = _relation(language)
    superlative = forms["superlative"]
    return Phrases(
        asking=_pattern(forms["asking"]),
        checking=_pattern(forms["checking"]) if "checking" in forms else None,
        count=_pattern(forms["count"]),
        listing=_pattern(forms["listing"]),
        average=_pattern(forms["average"]),
        total=_pattern(forms["total"]),
        superlative=_pattern(superlative),
        compared=_pattern(forms["compared"]) if forms["compared"] else None,
        relation=relation,
        parted=_pattern(_PARTED[language]),
        joint=_pattern(rf"\s?(?:{_BETWEEN[language][1]})\b"),
        negation=_pattern(forms["negation"]),
        clause_end=_pattern(forms["clause_end"]),
        grades=_grades(language),
        relations=relations,
    )


PHRASES: Mapping[Language, Phrases] = {language: _phrases(language) for language in _FORMS}
