"""Spanish words for notes and days."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed("lunes martes miércoles jueves viernes sábado|sábados domingo|domingos")
_MONTHS = indexed(
    "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre", 1
)
_NUMBERS = indexed(
    "uno|un|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta treinta_y_uno",
    1,
)
_ORDINALS = indexed(
    "primero|primera|primer segundo|segunda tercero|tercera|tercer cuarto|cuarta quinto|quinta sexto|sexta séptimo|séptima octavo|octava noveno|novena décimo|décima",
    1,
)
_UNITS = units_of(
    minute="minuto minutos",
    hour="hora horas",
    day="día días",
    week="semana semanas",
    weekend="finde",
    month="mes meses",
    year="año años",
)
_DAY, _MONTH, _UNIT = any_of(_DAYS), any_of(_MONTHS), any_of(_UNITS)
_COUNT = r"\d{1,3}|" + any_of(_NUMBERS)
_NTH = r"\d{1,2}º?|primero|" + any_of(_NUMBERS)
_PART = r"(?: (?:por la|a la|en la|de la) (?P<part>mañana|tarde|noche))?"
_YEAR = r"(?: (?:de|del) (?P<year>(?:19|20)\d\d))?"
_DATES = (
    rf"(?:(?:el|del|para el|en el)(?: dia)? )?(?P<nth>{_NTH}) de (?P<month>{_MONTH}){_YEAR}",
    rf"(?P<month>{_MONTH}) (?P<nth>\d{{1,2}})(?!\d)",
    r"(?:el )?(?P<nth>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>(?:19|20)\d\d))?",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})",
)

SPANISH_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    near={
        "anteayer": (-2, None),
        "antes de ayer": (-2, None),
        "ayer": (-1, None),
        "anoche": (-1, "night"),
        "hoy": (0, None),
        "esta noche": (0, "night"),
        "manana": (1, None),
        "pasado manana": (2, None),
    },
    units=_UNITS,
    parts={"manana": "morning", "tarde": "afternoon", "noche": "night"},
    past=(
        ("near", date_pattern(rf"(?:de |desde )?(?P<near>antes de ayer|anteayer|ayer|anoche|hoy){_PART}")),
        ("recent", date_pattern(rf"(?:en |durante )?(?:los|las) ultim[oa]s (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        ("ago", date_pattern(rf"hace (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        (
            "calendar",
            date_pattern(
                r"(?:de |en |del )?(?:(?P<this>est[ea])|el|la) (?P<unit>semana|mes|año|finde)(?(this)| (?:pasad[oa]|anterior))"
            ),
        ),
        ("weekday", date_pattern(rf"(?:(?:el|del) )?(?P<day>{_DAY})(?: (?P<last>pasado))?{_PART}")),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"(?:en|de) (?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        ("near", date_pattern(rf"(?:para )?(?P<near>pasado mañana|mañana|hoy|esta noche){_PART}")),
        (
            "weekday",
            date_pattern(
                rf"(?:para )?(?:(?:el|este|el proximo|(?P<every>todos los|cada|los)) )?(?P<day>{_DAY})(?: (?:que viene|proximo))?{_PART}"
            ),
        ),
        *(("date", date_pattern(form)) for form in _DATES),
        ("month", date_pattern(rf"en (?P<month>{_MONTH}){_YEAR}")),
        (
            "calendar",
            date_pattern(r"(?:para )?(?:est[ea]|(?P<next>la proxima|el proximo)) (?P<unit>semana|mes|año|finde)"),
        ),
        (
            "calendar",
            date_pattern(r"(?:para )?(?:la|el) (?P<unit>semana|mes|año|finde) (?P<next>que viene|proxim[oa])"),
        ),
        ("in", date_pattern(rf"(?:en|dentro de) (?P<count>{_COUNT}) (?P<unit>dias?|semanas?|mes(?:es)?)")),
        ("nth", date_pattern(rf"el(?: dia)? (?P<nth>\d{{1,2}}|{any_of(_NUMBERS)})(?! de| ?\d|/)")),
    ),
    to=frozenset(("a", "al", "hasta", "hasta el", "-", "–")),
    said=SpokenDates(
        today="hoy",
        yesterday="ayer",
        weekday="el {weekday}",
        date="el {day} de {month}",
        date_of_year="el {day} de {month} de {year}",
        full="{weekday}, {day} de {month} de {year}",
        time="{hour}:{minute}",
        weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        months=(
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ),
    ),
    before=somewhere(r"\b(?:(?P<since>desde)|(?P<after>despues de)|(?P<until>antes de|hasta))(?: el| la)?\s*$"),
    telling=frozenset((*_DAYS, *_MONTHS, "hoy", "manana", "ayer", "anteayer", "anoche")),
)
_THE = r"(?:la|el|esa|esta|mi|ese|este)"
NTH_NOTE = (
    r"(?:(?P<nth>primera|segunda|tercera|cuarta|quinta|sexta|septima|octava|novena|decima) nota"
    r"|nota (?P<nth2>primera|segunda|tercera)|(?:nota(?: numero)?|numero) (?P<number>uno|dos|tres|cuatro|cinco|seis|\d{1,2})"
    r"|nota mas (?P<nth3>antigua|vieja))"
)
SPANISH_NOTES = NoteWords(
    dates=SPANISH_DATES,
    that=whole(rf"(?:{_THE} ?)?(?:nota|eso|esto|ahi)?"),
    last=whole(rf"(?:{_THE} )?(?:ultima(?: nota)?|nota anterior)"),
    newest=whole(rf"(?:{_THE} )?(?:nota )?(?:mas reciente|mas nueva)"),
    oldest=frozenset(
        ("primera", "primeras", "antigua", "antiguas", "vieja", "viejas", "mas antigua", "mas antiguas", "mas vieja")
    ),
    lead=whole(
        r"(?:(?:sobre|acerca|de|del|con|en|para|por|que|si|el|la|los|las|lo|mi|mis|un|una|al|a|es|son|esta|donde|cuando|titulada|llamada)\s+)+"
    ),
    nothing=whole(
        r"(?:(?:yo|he|me|de|del|la|las|el|los|que|todo|todas|hasta ahora|ultimamente|recientemente|tengo|hay|tomado|hecho|escrito|por favor|y|otra vez|en voz alta|sobre|algo|desde|mis)\b[\s,]*)*"
    ),
    preposition=whole(r"(?:para|en|el|del|de) "),
    topical=whole(r"(?:el|del|en|de) |lunes|martes|miercoles|jueves|viernes|sabado|domingo"),
    past=whole(r"(?:de |desde )?(?:ayer|anteayer|anoche|hoy)"),
    please=somewhere(r"(?<![\s,])[\s,]+por favor[\s.!]*\Z"),
    the_list=whole(r"lista"),
    own=somewhere(r"(?:mi|nuestra) \Z"),
    kept=frozenset(
        (
            "lista de la compra",
            "lista de compras",
            "lista de tareas",
            "lista de pendientes",
            "lista del super",
            "lista de deseos",
        )
    ),
    list_name="Lista",
    between=somewhere(r" ?[,;] ?(?:(?:y|e) )?| (?:y|e|mas|&) "),
)
