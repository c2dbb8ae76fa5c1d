"""Portuguese words for notes and days."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed(
    "segunda|segunda-feira|segunda_feira|segundas terça|terça-feira|terça_feira|terças quarta|quarta-feira|quarta_feira|quartas quinta|quinta-feira|quinta_feira|quintas sexta|sexta-feira|sexta_feira|sextas sábado|sábados domingo|domingos"
)
_MONTHS = indexed("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", 1)
_NUMBERS = indexed(
    "um|uma dois|duas três quatro cinco seis sete oito nove dez onze doze treze catorze|quatorze quinze dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove vinte vinte_e_um vinte_e_dois vinte_e_três vinte_e_quatro vinte_e_cinco vinte_e_seis vinte_e_sete vinte_e_oito vinte_e_nove trinta trinta_e_um",
    1,
)
_ORDINALS = indexed(
    "primeiro|primeira segundo|segunda terceiro|terceira quarto|quarta quinto|quinta sexto|sexta sétimo|sétima oitavo|oitava nono|nona décimo|décima",
    1,
)
_UNITS = units_of(
    minute="minuto minutos",
    hour="hora horas",
    day="dia dias",
    week="semana semanas",
    weekend="fim_de_semana",
    month="mês meses",
    year="ano anos",
)
_DAY, _MONTH, _UNIT = any_of(_DAYS), any_of(_MONTHS), any_of(_UNITS)
_COUNT = r"\d{1,3}|" + any_of(_NUMBERS)
_NTH = r"\d{1,2}º?|primeiro|" + any_of(_NUMBERS)
_PART = r"(?: (?:de|da|à|pela|a) (?P<part>manhã|tarde|noite))?"
_YEAR = r"(?: de (?P<year>(?:19|20)\d\d))?"
_DATES = (
    rf"(?:(?:no|do|em|para o)(?: dia)? |dia )?(?P<nth>{_NTH}) de (?P<month>{_MONTH}){_YEAR}",
    r"(?:dia )?(?P<nth>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>(?:19|20)\d\d))?",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})",
)

PORTUGUESE_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    near={
        "anteontem": (-2, None),
        "ontem": (-1, None),
        "hoje": (0, None),
        "esta noite": (0, "night"),
        "hoje a noite": (0, "night"),
        "amanha": (1, None),
        "depois de amanha": (2, None),
    },
    units=_UNITS,
    parts={"manha": "morning", "tarde": "afternoon", "noite": "night"},
    past=(
        ("near", date_pattern(rf"(?:de |desde )?(?P<near>anteontem|ontem|hoje|esta noite){_PART}")),
        ("recent", date_pattern(rf"(?:nos|nas|os|as) ultim[oa]s (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        ("ago", date_pattern(rf"(?:há|faz) (?P<count>{_COUNT}) (?P<unit>{_UNIT})(?: atrás)?")),
        ("ago", date_pattern(rf"(?P<count>{_COUNT}) (?P<unit>{_UNIT}) atrás")),
        ("calendar", date_pattern(r"(?:desta|deste|nesta|neste|(?P<this>est[ea])) (?P<unit>semana|mês|ano)")),
        ("calendar", date_pattern(r"(?:na |no |da |do |a |o )?(?P<unit>semana|mês|ano) passad[oa]")),
        ("weekday", date_pattern(rf"(?:(?:na|no|da|do) )?(?P<day>{_DAY})(?: (?P<last>passad[oa]))?{_PART}")),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:em|de) (?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        ("near", date_pattern(rf"(?:para |de )?(?P<near>depois de amanhã|amanhã|hoje à noite|hoje|esta noite){_PART}")),
        (
            "weekday",
            date_pattern(
                rf"(?:para )?(?:(?:na|no|a|o|esta|este|na proxima|no proximo|(?P<every>toda|todas as|todo|todos os|cada)) )?(?P<day>{_DAY})(?: que vem)?{_PART}"
            ),
        ),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"em (?P<month>{_MONTH}){_YEAR}")),
        ("calendar", date_pattern(r"(?:para |n)?(?:est[ea]|(?P<next>a proxima|o proximo)) (?P<unit>semana|mês|ano)")),
        ("calendar", date_pattern(r"(?:(?:na|no|a|o|para a|para o) )?(?P<next>proxim[oa]) (?P<unit>semana|mês|ano)")),
        ("calendar", date_pattern(r"(?:(?:na|no|a|o) )?(?P<unit>semana|mês|ano) (?P<next>que vem)")),
        ("in", date_pattern(rf"(?:em|daqui a) (?P<count>{_COUNT}) (?P<unit>dias?|semanas?|mes(?:es)?)")),
        ("nth", date_pattern(r"(?:no )?dia (?P<nth>\d{1,2})(?! de| ?\d|/)")),
    ),
    to=frozenset(("a", "até", "ate", "ao", "à", "até o", "ate o", "-", "–")),
    said=SpokenDates(
        today="hoje",
        yesterday="ontem",
        weekday="{weekday}",
        date="em {day} de {month}",
        date_of_year="em {day} de {month} de {year}",
        full="{weekday}, {day} de {month} de {year}",
        time="{hour}:{minute}",
        weekdays=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
        months=(
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ),
    ),
    before=somewhere(r"\b(?:(?P<since>desde)|(?P<after>depois de)|(?P<until>antes de|até))(?: o| a)?\s*$"),
    telling=frozenset(
        (
            "segunda",
            "terca",
            "quarta",
            "quinta",
            "sexta",
            "feira",
            "sabado",
            "domingo",
            *_MONTHS,
            "hoje",
            "amanha",
            "ontem",
            "anteontem",
            "dia",
        )
    ),
)
_THE = r"(?:a|o|essa|esta|minha|esse|este)"
NTH_NOTE = (
    r"(?:(?P<nth>primeira|segunda|terceira|quarta|quinta|sexta|setima|oitava|nona|decima) nota"
    r"|(?:nota(?: numero)?|numero) (?P<number>um|dois|tres|quatro|cinco|seis|\d{1,2})|nota mais (?P<nth2>antiga|velha))"
)
PORTUGUESE_NOTES = NoteWords(
    dates=PORTUGUESE_DATES,
    that=whole(rf"(?:{_THE} ?)?(?:nota|isso|isto|lá)?"),
    last=whole(rf"(?:{_THE} )?(?:ultima(?: nota)?|nota anterior)"),
    newest=whole(rf"(?:{_THE} )?(?:nota )?(?:mais recente|mais nova)"),
    oldest=frozenset(("primeira", "primeiras", "antiga", "antigas", "velha", "mais antiga", "mais antigas")),
    lead=whole(
        r"(?:(?:sobre|acerca|a respeito|de|do|da|dos|das|com|em|no|na|nos|nas|para|por|que|se|o|a|os|as|meu|minha|meus|minhas|um|uma|ao|e|são|está|onde|quando|chamada|intitulada)\s+)+"
    ),
    nothing=whole(
        r"(?:(?:eu|me|de|do|da|as|que|tudo|todas|até agora|ultimamente|recentemente|tenho|há|fiz|escrevi|por favor|e|de novo|em voz alta|outra vez|sobre|algo|desde|minhas)\b[\s,]*)*"
    ),
    preposition=whole(r"(?:para|em|no dia|no|na|de) "),
    topical=whole(r"(?:na|no|da|do|em|de|dia) |segunda|terca|quarta|quinta|sexta|sabado|domingo"),
    past=whole(r"(?:de |desde )?(?:ontem|anteontem|hoje)"),
    please=somewhere(r"(?<![\s,])[\s,]+por favor[\s.!]*\Z"),
    the_list=whole(r"lista"),
    own=somewhere(r"(?:minha|nossa) \Z"),
    kept=frozenset(
        (
            "lista de compras",
            "lista das compras",
            "lista de tarefas",
            "lista de pendencias",
            "lista do mercado",
            "lista de desejos",
        )
    ),
    list_name="Lista",
    between=somewhere(r" ?[,;] ?(?:e )?| (?:e|mais|&) "),
)
