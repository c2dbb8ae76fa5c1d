"""Spanish: how people speak to vasi, and how it answers."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language import builders as to
from vasi.language.intents import (
    LAST,
    THAT,
    AskClock,
    DeleteNote,
    DeleteNotes,
    ListNotes,
    NotesHelp,
    ReadNote,
    Repeat,
    TakeNote,
    Undo,
)
from vasi.language.locales.locale import Grammar, Locale
from vasi.language.locales.spanish_replies import NOTES, TALK
from vasi.language.locales.spanish_words import NTH_NOTE
from vasi.language.locales.spanish_words import SPANISH_NOTES as WORDS
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

_HELLO = r"(?:hola|buenas|buenos dias|buenas (?:tardes|noches)|buen dia|oye)"
_ABOUT = r"(?:sobre|acerca de|de|del|con|que dice|que habla de|titulada|llamada)"
_DEL = r"(?:borra|borre|borrar|elimina|elimine|eliminar|quita|quite|suprime|tira)"
_CHANGE = r"(?:cambia|cambie|cambiar|modifica|modifique|corrige|corrija|actualiza|actualice|edita|edite)"
_READ = r"(?:lee|lea|leer|leeme|leame|muestra|muestrame|muestreme|dime|digame|ensename|repite|abre)"
_LIST = r"(?:(?:la|mi|una|una nueva|nuestra|esa|esta) )?(?P<list>lista(?: (?:de|del|para)(?: (?:la|el|las|los))? [\w-]+(?: [\w-]+)?)?)"
_PUT = r"(?:añade|añada|añadir|agrega|agregue|agregar|pon|ponga|poner|apunta|apunte|apuntar|mete|incluye|suma|anota|escribe)"
_THE = r"(?:(?:la|mi|esa|esta) )?"
_NUM = r"(?P<count>dos|tres|cuatro|cinco|seis|\d{1,2})"
_WHEN = r"(?P<when>.{3,60}?)"
_TEXT = r"(?: ?[:,–-]? ?(?:(?:de )?que\b)? ?)(?P<text>.*)"

_DICTATING: Table = (
    (
        r"(?:(?:toma|tome|haz|haga|crea|escribe|añade|guarda|apunta)(?: (?:una|esta|la|nueva|otra|siguiente)){0,4} )?nota(?P<this>) ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:apunta|apunte|anota|anote|escribe|escriba)(?P<this> (?:esto|eso))?(?: (?:lo siguiente|por favor|que)){0,4} ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (r"(?:recuerdame|recuerdeme)(?: (?:que|de))? ?: ?(?P<text>.+)", to.dictated_reminder),
    (rf"{_CHANGE} {_THE}(?:ultima )?nota(?: (?:a|por|para que diga))? ?: ?(?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}nota {_ABOUT} (?P<note>[^:]{{1,200}}?)(?: (?:a|por))? ?: (?P<text>.+)", to.change),
)
_TALKING: Table = (
    (
        r"(?:para|basta|calla|callate|silencio|alto|detente|dejalo|olvidalo|no importa|da igual|cancela|cancelar|es suficiente|ya esta bien)(?:,? (?:por favor|ya|ahora))*",
        to.say("stop"),
    ),
    (
        r"(?:(?:repite|repita|repitelo|dilo|digalo)(?: (?:eso|lo|lo que has dicho|por favor|otra vez|de nuevo|mas despacio|mas alto|mas lento))*|otra vez|de nuevo|como(?: dices| has dicho)?|perdon|que has dicho|que dijiste|no (?:te )?(?:he )?(?:entendido|entendi|oido))(?: por favor)?",
        always(Repeat()),
    ),
    (
        r"(?:de donde (?:sale|viene|es|has sacado|sacaste) eso|donde (?:pone|dice|esta) eso|en que pagina (?:esta|pone|dice)(?: eso)?|en que documento (?:esta|pone|sale)(?: eso)?|cual es (?:la|tu) fuente|quien (?:lo )?dice(?: eso)?|como lo sabes)",
        always(Repeat(source=True)),
    ),
    (rf"(?:{_HELLO},? )?(?:como estas|que tal(?: estas)?|como te va|como va(?: todo)?)(?: hoy)?", to.say("wellbeing")),
    (rf"{_HELLO}(?: (?:vasi|a todos|de nuevo|buenos dias|buenas tardes))*|estas ahi|me oyes", to.say("hello")),
    (
        r"(?:muchas |muchisimas |mil |ok |vale |perfecto |genial )*gracias(?: (?:por todo|por tu ayuda|vasi|de verdad))*|eso es todo",
        to.say("thanks"),
    ),
    (
        r"(?:quien|que) eres(?: tu)?|como te llamas|cual es tu nombre|presentate|eres (?:un humano|un robot|una maquina|una persona|real|una ia)",
        to.say("identity"),
    ),
    (
        r"(?:que (?:mas )?(?:puedes|sabes) hacer(?: por mi)?|ayuda|ayudame|en que (?:me )?puedes ayudar(?:me)?|que (?:te )?puedo (?:preguntar(?:te)?|decir(?:te)?|hacer)(?: aqui)?|como funcionas|como funciona esto)(?: por favor)?",
        to.say("abilities"),
    ),
    (
        r"(?:adios|hasta (?:luego|pronto|mañana|la vista)|chao|chau|nos vemos|buenas noches)(?: vasi)?",
        to.say("goodbye"),
    ),
    (
        r"(?:si|no|vale|ok(?:ay)?|bien|muy bien|claro|de acuerdo|entendido|ya|ah|eh|mm+|perfecto|genial|bueno|exacto|correcto|ya veo|por favor)(?:[ ,.!]+(?:si|no|vale|bien|gracias|entonces))*",
        to.say("acknowledge"),
    ),
    (
        r"(?:que hora (?:es|tienes|son)|dime la hora|me dices la hora|tienes hora)(?: (?:ahora|por favor))*",
        always(AskClock("time")),
    ),
    (
        r"(?:que|cual) (?:dia|fecha)(?: de la semana)?(?: (?:es|fue|sera|era|tenemos|estamos))?(?: (?P<near>hoy|mañana|ayer|pasado mañana|anteayer))?|a que (?:dia )?estamos(?: (?P<near2>hoy))?|cual es la fecha(?: de (?P<near3>hoy))?",
        to.ask_date,
    ),
)
_LISTS: Table = (
    (rf"(?:vacia|vacie|vaciar|limpia) {_LIST}", to.clear),
    (rf"{_DEL} todo (?:de|en) {_LIST}", to.clear),
    (rf"(?:haz|crea|crear|empieza|escribe|hazme) {_LIST}(?: con|:|,) (?P<text>.+)", to.add),
    (
        rf"{_PUT}(?: (?:tambien|por favor))* (?P<text>.+?)(?: (?:tambien|por favor))* (?:a|en) {_LIST}(?: (?:tambien|por favor))*",
        to.add,
    ),
    (rf"{_PUT} (?:a|en) {_LIST}[:,]? (?P<text>.+)", to.add),
    (rf"{_DEL} (?P<text>.+?) (?:de|en) {_LIST}(?: por favor)?", to.remove),
    (
        rf"(?:tacha|tache|tachar|marca|marque|marcar) (?P<text>.+?)(?: como (?:hech[oa]s?|comprad[oa]s?|list[oa]s?))?(?: (?:de|en) {_LIST})?(?: como (?:hech[oa]s?|comprad[oa]s?|list[oa]s?))?",
        to.tick,
    ),
    (rf"que (?:hay|tengo|queda|falta|esta|pone)(?: (?:todavia|aun))? en {_LIST}", to.read_list_aloud),
    (rf"{_READ} {_LIST}(?: (?:otra vez|en voz alta|por favor))*", to.read_list_aloud),
    (rf"(?:hay|esta|estan|tengo|tenemos)(?: ya)? (?P<text>.+?)(?: ya)? en {_LIST}", to.ask_list),
)
_DELETING: Table = (
    (rf"{_DEL} (?:todo|todas|todas (?:mis|las) notas|mis notas|las notas)", always(DeleteNotes())),
    (
        r"(?:deshaz|deshaga|deshacer|deshazlo|revierte|revertir|recupera(?:la|lo)?|restaura(?:la|lo)?)(?: (?:eso|esto|lo|la nota|la ultima nota|lo ultimo|el (?:ultimo )?cambio|la ultima accion))?(?: (?:otra vez|por favor))*|vuelve(?: a)? atras|devuelve(?:la|lo|mela)(?: nota)?",
        always(Undo()),
    ),
    (
        rf"(?:{_DEL}(?:la|lo)?|borrala|eliminala|quitala|borralo)(?: (?:eso|esto|esa|esta|esa nota|esta nota|la nota))?(?<!borra)(?<!elimina)(?<!quita)(?<!borrar)(?<!eliminar)",
        always(DeleteNote(THAT)),
    ),
    (rf"{_DEL} {_THE}{NTH_NOTE}", to.delete_nth),
    (rf"{_DEL} (?:las |mis )?(?P<end>ultimas|primeras) {_NUM} notas", to.delete_some),
    (rf"{_DEL} (?:las |mis )?{_NUM} (?P<end>ultimas|primeras) notas", to.delete_some),
    (rf"{_DEL} (?:las |mis )?{_NUM} notas (?P<end>mas antiguas|mas recientes)", to.delete_some),
    (rf"{_DEL} {_THE}(?:ultima nota|nota anterior)", always(DeleteNote(LAST))),
    (rf"{_DEL} todas (?:las|mis) notas {_ABOUT} (?P<note>.+)", to.delete_about),
    (rf"{_DEL} (?:(?:la|mi|esa|una) )?nota,? {_ABOUT} (?P<note>.+)", to.delete),
    (
        r"(?:borra|elimina|borrar|eliminar) (?:la |mi )?(?P<list>lista(?: (?:de|del|para)(?: la| el)? [\w-]+(?: [\w-]+)?)?)",
        to.delete_list,
    ),
    (rf"{_DEL}(?: una)? nota(?P<note>)", to.delete),
)
_CHANGING: Table = (
    (
        rf"en {_THE}(?:ultima )?nota(?: {_ABOUT} (?P<note>[^,]+?))?,? (?:reemplaza|sustituye|cambia) (?P<old>.+?) (?:por|con|a) (?P<new>.+)",
        to.replace,
    ),
    (
        rf"(?:reemplaza|sustituye|cambia) (?P<old>.+?) por (?P<new>.+?) en {_THE}(?:ultima )?nota(?: {_ABOUT} (?P<note>.+))?",
        to.replace,
    ),
    (
        r"(?:reemplaza|sustituye|cambia) (?P<old>(?!la nota|mi nota|el nombre)[^.:;]{1,60}?) por (?P<new>[^.:;]{1,60})",
        to.replace_there,
    ),
    (
        rf"(?:renombra|cambia el nombre de|llama|titula) (?:(?:la|mi|esa|a la) )?(?:nota(?: {_ABOUT} (?P<note>.+?))?|(?P<list>lista(?: (?:de|del)(?: la)? \w+)?)) (?:a|como|por) (?P<title>.+)",
        to.rename,
    ),
    (rf"{_CHANGE} {_THE}{NTH_NOTE} (?:a|por|para que diga):? (?P<text>.+)", to.change_nth),
    (rf"{_CHANGE} {_THE}(?:ultima )?nota (?:a|por|para que diga(?: que)?):? (?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}nota,? {_ABOUT} (?P<note>.+?) (?:a|al|por|para que diga(?: que)?):? (?P<text>.+)", to.change),
    (rf"{_THE}nota {_ABOUT} (?P<note>.+?) (?:debe|tiene que) decir(?: que)?:? (?P<text>.+)", to.change),
    (r"(?:no,? )?(?:cambialo|ponlo|cambiala|corrigelo)(?: (?:a|al|por|para))? (?P<text>.+)", to.correct),
    (
        r"(?:(?:no|perdon|espera|ay|mejor dicho)[,.!]? )+(?:(?:me referia a|queria decir|es|era|quise decir))(?: que| el| al)? (?P<text>.+)|(?:queria decir|me referia a|quise decir) (?P<other>.+)",
        to.correct,
    ),
    (rf"{_PUT} (?P<text>.+?) (?:a|en) (?:la|mi|esa|esta) (?:ultima )?nota(?: {_ABOUT} (?P<note>.+))?", to.append),
    (rf"{_PUT} (?:a|en) (?:la|mi|esa) nota(?: {_ABOUT} (?P<note>[^:,]+?))?(?: que|:|,) (?P<text>.+)", to.append),
)
_FINDING: Table = (
    (
        rf"(?:que (?:tengo|hay)(?: (?:que hacer|previsto|planeado|apuntado|anotado|pendiente))?|tengo(?: (?:algo|alguna cita|citas|planes))?|hay (?:algo|alguna cita))(?: (?:previsto|planeado|apuntado|anotado))?(?: para)? {_WHEN}",
        to.dated,
    ),
    (rf"(?:cuales son |dime |lee )?mis citas(?: (?:de|para))? {_WHEN}", to.dated),
    (
        rf"(?:{_READ} )?(?:la |mi )?(?:nota mas (?:antigua|vieja)|primera nota)(?: otra vez)?|cual es mi (?:nota mas antigua|primera nota)",
        to.oldest,
    ),
    (rf"(?:{_READ}|que dice|cual es)(?: (?:la|mi))? {NTH_NOTE}(?: otra vez)?", to.read_nth),
    (rf"(?:{_READ}|que dice) (?:esa|esta) nota(?: (?:otra vez|de nuevo))?", always(ReadNote(THAT))),
    (r"cuantas notas (?:tengo|hay|he (?:tomado|hecho|escrito))?\b(?P<topic>.*)", to.count),
    (
        rf"(?:(?:{_READ}|cual es|que dice|cual fue)(?: (?:la|mi))? ultima nota|(?:la|mi) ultima nota|que (?:es lo ultimo que )?(?:acabo de|he)? ?(?:apuntar|anotar|apunte|anote)(?: por ultimo)?)",
        always(ListNotes(limit=1)),
    ),
    (rf"{_READ}(?: (?:las|mis))? ultimas {_NUM} notas", to.newest),
    (rf"{_READ}(?: (?:las|mis))? {_NUM} ultimas notas", to.newest),
    (
        r"(?:que|cuando|donde|quien|cuanto) (?:he )?(?:apuntado|anotado|apunte|anote|escribi|escrito|guarde|guardado)\b(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        r"(?:que|donde|cuando) (?:te )?(?:dije|he dicho|pedi) (?:que apuntaras|que anotaras|que recordaras)?(?P<topic> ?.+)",
        to.find("topic"),
    ),
    (r"(?:que|cuando|donde|quien) (?:dicen|dice|pone|hay)(?: en)? (?:mis|las) notas(?P<topic>.*)", to.find("topic")),
    (r"(?:he )?(?:apuntado|anotado|apunte|anote) (?:algo|alguna cosa)(?P<topic> .+)", to.find("topic")),
    (rf"(?:tengo|hay)(?: (?:alguna|una|ninguna))? notas?(?P<topic> {_ABOUT} .+)", to.find("topic")),
    (
        r"(?:que|cuales) notas (?:tengo|hay|he (?:tomado|hecho|escrito))\b(?P<topic>.*)|cuales son mis notas(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (
        r"(?:busca|busque|buscar|encuentra|buscame|mira|consulta)(?: (?:en|la|mi|mis|las|una))* notas?(?P<topic> .+)",
        to.find("topic"),
    ),
    (r"(?:busca|buscar|encuentra) (?P<topic>.+?) en (?:mis|las) notas", to.find("topic")),
    (rf"{_READ}(?: (?:todas|las|mis))* notas(?P<topic>.*)", to.find("topic")),
    (r"(?:todas )?mis notas(?P<topic>(?: (?:de|del|desde|sobre) .*)?)", to.find("topic")),
    (rf"(?:{_READ} )?(?:la|mi) nota {_ABOUT} (?P<topic>.+)", to.find("topic")),
    (r"segun mis notas,? (?P<topic>.+)", to.find("topic")),
    (r"(?:te acuerdas|recuerdas)(?: (?:de|que|lo que))? (?P<topic>.+)", to.find("topic")),
)
_TAKING: Table = (
    (
        r"(?:apunta|apunte|anota|anote|escribe|guarda)(?:lo)?(?: (?:eso|esto))(?: por favor)?|(?:apuntalo|anotalo|guardalo|escribelo)(?: por favor)?",
        always(TakeNote("", refers_back=True)),
    ),
    (
        rf"(?:toma|tome|tomar|haz|haga|hacer|crea|crear|escribe|guarda|añade)(?: (?:una|otra|nueva|la siguiente)){{0,4}} nota{_TEXT}",
        to.take,
    ),
    (r"(?:nueva )?nota(?: ?[:,–-]+(?=\s)| (?:de )?que\b) ?(?P<text>.*)", to.take_that),
    (r"(?:una |nueva |una nueva )nota(?P<text>)", to.take),
    (
        rf"(?:apunta|apunte|apuntar|anota|anote|anotar|apuntame|anotame)\b(?: (?:por favor|en mis notas))?{_TEXT}",
        to.take_that,
    ),
    (r"(?:escribe|escriba|guarda|pon) (?P<text>.+?) en (?:mis|las) notas", to.take),
    (
        r"(?:recuerdame|recuerdeme|acuerdame)(?! (?:donde|cuando|quien|cual|como|cuanto)\b)(?: ?[:,]? ?(?:(?:de )?que\b|de\b)? ?)(?P<text>.+)",
        to.remind,
    ),
    (
        r"(?:recuerda|recuerde|no olvides|no te olvides|ten en cuenta)(?: ?[:,]? ?(?:de )?(?:que)\b ?)(?P<text>.+)",
        to.take_that,
    ),
)
_SHORT: Table = (
    (
        r"(?!.*\bnota)(?:añade|añadir|agrega|agregar|pon)(?: tambien)? (?P<text>[^.:;]{1,80}?)(?: (?:tambien|ahi))*",
        to.add_there,
    ),
    (r"(?:y )?tambien (?P<text>[^.:;?]{1,60})", to.add_there),
    (r"(?!.*\bnota)(?:quita|borra|elimina) (?P<text>[^.:;]{1,60})", to.remove_there),
)
_HELPING: Table = (
    (
        r"(?!.*\b(?:pagina|documento|archivo|capitulo|manual|contrato|pdf)\b)(?:ordena|mueve|copia|comparte|envia|manda|imprime|archiva|exporta|marca|agrupa|resume|traduce|une|junta|haz)\w*\b.*\bnotas?\b.*",
        always(NotesHelp()),
    ),
    (
        r"(?!.*\b(?:pagina|documento|archivo|capitulo|manual|contrato|pdf)\b)(?:.*\bmis?(?: \w+)? notas?\b.*)",
        always(NotesHelp()),
    ),
)
_COMMANDS = r"(?:toma|haz|apunt|anot|pon|añad|agreg|quit|borr|elimin|lee|muestra|dime|cambi|corrig|tach|marca|vaci|renombr|reemplaz|deshaz|recuerd|busca|crea|escrib|repit)"
LOCALE = Locale(
    "es",
    Grammar(
        words=WORDS,
        dictating=compiled(_DICTATING, after=""),
        phrases=commands_of(_TALKING, _LISTS, _DELETING, _CHANGING, _FINDING, _TAKING),
        taking=compiled(_TAKING),
        last=commands_of(_SHORT, _HELPING),
        wrapping=whole(
            rf"¿|¡|(?:{_HELLO}(?:,? (?:vasi|asistente))?|vasi|ok(?:ay)?|eh+|bueno|pues|vale|a ver|por favor|gracias|si|ah|oh|perdon|y|ahora|tambien)[\s,.!?:;-]+"
            r"|(?P<polite>(?:me )?(?:puedes|podrias|puede|podria|quieres) (?:por favor )?)(?=\w)"
            rf"|(?:no|espera)[\s,.!]+(?={_COMMANDS})"
            rf"|(?:quiero que|necesito que|quiero|quisiera|necesito) (?={_COMMANDS})"
        ),
        after=somewhere(r"(?:(?<![\s,])[\s,]++(?:por favor|gracias|vasi)){1,4}[\s.!?]*$"),
        tell_me=whole(
            r"(?:dime|sabes|puedes decirme|me puedes decir|quiero saber|quisiera saber|me gustaria saber|explicame|cuentame(?: algo)?(?: sobre| de)?|busca)(?: si)?,? "
        ),
        between=somewhere(
            rf"(?:[,.;!]? (?:y luego|y despues|y tambien|y|luego|despues),? |[,.;!] )(?=(?:por favor |tambien )?(?:{_COMMANDS}|que ))"
        ),
        joining=somewhere(r",? (?:y|e) |[,;] "),
        names_notes=somewhere(r"\bnotas?\b|\blistas?\b|deshaz"),
        completed={"add": "añade {}", "remove": "quita {}", "tick": "tacha {}"},
    ),
    NOTES,
    TALK,
    whole(
        r"(?:resume|resuma|resumir|resumeme)\b.+|(?:(?:dame|haz|hazme|quiero|cual es) )?(?:un |el )?(?:breve )?resumen (?:de|del|sobre) .+|de que (?:trata|va)n? (?:el|este|ese|mi|los|mis) (?:documentos?|archivos?|textos?)"
    ),
)
