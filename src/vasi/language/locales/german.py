"""German: how people speak to vasi, and how it answers."""

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
from vasi.language.locales.german_replies import NOTES, TALK
from vasi.language.locales.german_words import GERMAN_NOTES as WORDS
from vasi.language.locales.german_words import NTH_NOTE
from vasi.language.locales.locale import Grammar, Locale
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

_HELLO = r"(?:hallo|hi|hey|servus|moin|gruezi|grüß gott|guten (?:morgen|tag|abend))"
_NOTE = r"(?:notiz|anmerkung|memo|notizzettel)"
_NOTES = r"(?:notizen|anmerkungen|memos)"
_MY = r"(?:mein(?:e|en|er|em)?|die|der|den|das|alle|all meine|unsere|diese|dieser)"
_ABOUT = r"(?:uber|zu|zum|zur|von|vom|wegen|mit|betreffend|bezuglich|namens)"
_WRITE = r"(?:schreib(?:e|st|en sie)?|notier(?:e|en|st|en sie)?|merk(?:e|en sie)?|vermerk(?:e|en sie)?)"
_DEL = r"(?:losch(?:e|en sie)?|entfern(?:e|en sie)?|streich(?:e|en sie)?|vergiss|wirf|schmeiß(?:e)?|tilg(?:e)?)"
_CHANGE = (
    r"(?:ander(?:e|n sie)?|andre|korrigier(?:e|en sie)?|aktualisier(?:e|en sie)?|bearbeit(?:e|en sie)?|berichtig(?:e)?)"
)
_READ = r"(?:lies|lese|lesen sie|zeig(?:e|en sie)?|sag(?:e)?|nenn(?:e)?|gib|spiel(?:e)?)(?: (?:mir|uns))?(?: (?:bitte|mal|noch mal|nochmal))*"
_LIST = r"(?:(?:die|der|den|meine|meiner|meinen|unsere|unserer|eine|einer|eine neue|diese|dieser) )?(?P<list>(?:[\w-]*liste|to ?do|einkaufszettel)(?: (?:fur|namens) [\w-]+(?: [\w-]+){0,2})?)"
_PUT = r"(?:setz(?:e|en sie)?|schreib(?:e|en sie)?|pack(?:e)?|tu(?:e)?|nimm|fug(?:e|en sie)?|stell(?:e)?|leg(?:e)?|notier(?:e)?|mach(?:e)?)"
_TOPIC = r"(?:(?:den|die|das|der|dem|meinen?) )?[^ ,]+|[^,]+(?=,)"
_WHEN = r"(?P<when>.{3,60}?)"

_DICTATING: Table = (
    (
        rf"(?:(?:mach|mache|schreib|schreibe|nimm|erstell|erstelle|leg|lege|notier|notiere)(?: (?:mir|dir|bitte)){{0,4}}(?: (?:eine|folgende|diese|die|neue)){{0,4}} )?{_NOTE}(?: an| auf)?(?P<this>) ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:notier(?:e|en sie)?|schreib(?:e|en sie)?|merk(?:e)?)(?: (?:dir|mir|bitte)){0,4}(?P<this> (?:das|dies))?(?: (?:auf|folgendes|bitte)){0,4} ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (r"(?:erinner(?:e)? mich)(?: (?:bitte|daran|an)){0,4} ?: ?(?P<text>.+)", to.dictated_reminder),
    (rf"{_CHANGE} (?:(?:die|meine|diese) )?(?:letzte )?{_NOTE}(?: (?:in|zu|auf|um))? ?: ?(?P<text>.+)", to.change_last),
    (
        rf"{_CHANGE} (?:(?:die|meine) )?{_NOTE} {_ABOUT} (?P<note>[^:]{{1,200}}?)(?: (?:in|zu|auf))? ?: (?P<text>.+)",
        to.change,
    ),
)
_TALKING: Table = (
    (
        r"(?:stopp?|halt|ruhe|sei (?:still|leise|ruhig)|schluss|genug|es reicht|das reicht|hor auf|aufhoren|schon gut|egal|vergiss es|abbrechen|abbruch)(?:,? (?:bitte|jetzt))*",
        to.say("stop"),
    ),
    (
        r"(?:(?:sag|wiederhol|wiederhole|lies)(?: (?:das|es|mir das))?(?: (?:bitte|noch ?mal|noch einmal|nochmals|langsam|langsamer|lauter))+|wiederhol(?:e|en sie)?(?: (?:das|es|bitte))*|noch ?mal|noch einmal|wie bitte|was (?:hast du|haben sie) (?:gerade )?gesagt|ich habe? (?:das|dich|es) nicht (?:verstanden|gehort))(?: bitte)?",
        always(Repeat()),
    ),
    (
        r"(?:woher (?:weißt du das|hast du das|stammt das|kommt das|ist das)|wo steht das(?: (?:denn|geschrieben))?|(?:auf|von) welcher seite (?:steht|ist) das|in welche[mr] (?:dokument|datei) steht das|was ist (?:die|deine) quelle|wer sagt das)",
        always(Repeat(source=True)),
    ),
    (
        rf"(?:{_HELLO},? )?wie (?:geht es dir|geht's(?: dir)?|gehts(?: dir)?|geht es ihnen|lauft's|laufts)(?: (?:heute|so))*",
        to.say("wellbeing"),
    ),
    (rf"{_HELLO}(?: (?:zusammen|vasi|nochmal|da|du))*|bist du (?:da|noch da)|horst du mich", to.say("hello")),
    (
        r"(?:vielen |herzlichen |schonen |tausend |gut |super |ok |okay |prima )*(?:dank(?:e)?)(?: (?:sehr|schon|dir|vasi|dafur|fur (?:deine|die) hilfe|vielmals))*|das war(?:'s| es| alles)",
        to.say("thanks"),
    ),
    (
        r"(?:wer|was) bist du(?: (?:eigentlich|denn|uberhaupt))?|wie heißt du(?: denn)?|stell dich(?: (?:mal|bitte))* vor|bist du (?:ein mensch|ein roboter|eine maschine|echt|eine ki)",
        to.say("identity"),
    ),
    (
        r"(?:was (?:alles )?kannst du(?: (?:alles|tun|machen|so|denn|fur mich))*|hilfe|hilf mir|wie (?:kannst|konntest) du (?:mir )?helfen|was kann ich (?:dich|hier|so)?(?: )?(?:fragen|sagen|tun|machen)|wie (?:funktionierst du|funktioniert das))(?: bitte)?",
        to.say("abilities"),
    ),
    (
        r"(?:auf wiedersehen|auf wiederhoren|tschuss|tschau|ciao|bis (?:bald|spater|morgen|dann)|gute nacht|mach's gut|machs gut)(?: vasi)?",
        to.say("goodbye"),
    ),
    (
        r"(?:ok(?:ay)?|ja|jo|jawohl|nein|nee|ne|gut|alles klar|klar|in ordnung|verstanden|verstehe|ach so|aha|hm+|ah+m?|super|prima|toll|schon|genau|richtig|stimmt|bitte|also|so)(?:[ ,.!]+(?:ok(?:ay)?|ja|nein|gut|danke|klar|dann|so))*",
        to.say("acknowledge"),
    ),
    (
        r"(?:wie ?viel uhr (?:ist es|haben wir)|wie spat (?:ist es|haben wir es)|sag mir die uhrzeit|was ist die uhrzeit)(?: (?:jetzt|gerade|bitte))*",
        always(AskClock("time")),
    ),
    (
        r"(?:welcher tag|welches datum|welchen tag|der wievielte|den wievielten|was fur ein tag)(?: (?:ist|war|haben wir|wird))?(?: (?:es|das))?(?: (?P<near>heute|morgen|gestern|ubermorgen|vorgestern|jetzt))?",
        to.ask_date,
    ),
    (r"(?:was ist|was haben wir) (?P<near>heute|morgen|gestern) fur ein (?:tag|datum)", to.ask_date),
)
_LISTS: Table = (
    (rf"(?:leer(?:e)?|mach)(?: bitte)? {_LIST}(?: leer)?", to.clear),
    (rf"(?:{_DEL}|nimm)(?: bitte)? alles (?:von|aus|auf) {_LIST}(?: (?:runter|weg|herunter))?", to.clear),
    (
        rf"(?:mach|mache|erstell|erstelle|schreib|schreibe|leg|lege|beginn|beginne)(?: (?:mir|bitte))* {_LIST}(?: an)?(?: mit|:|,) (?P<text>.+)",
        to.add,
    ),
    (
        rf"{_PUT}(?: (?:bitte|mir|noch|auch))* (?P<text>.+?)(?: (?:noch|bitte|auch))*,? (?:auf|in|zu|zur|an) {_LIST}(?: (?:hinzu|dazu|drauf|ein|bitte|auch))*",
        to.add,
    ),
    (
        rf"{_PUT}(?: (?:bitte|mir|noch|auch))* (?:auf|in|zu|zur) {_LIST}(?: (?:noch|bitte|auch))*(?: hinzu)?,?:? (?P<text>.+?)(?: (?:hinzu|dazu|drauf))?",
        to.add,
    ),
    (rf"(?P<text>.+?) (?:auf|in|zu|zur) {_LIST} (?:setzen|schreiben|packen|hinzufugen|tun|stellen)(?: bitte)?", to.add),
    (
        rf"(?:{_DEL}|nimm|streich(?:e)?)(?: bitte)? (?P<text>.+?)(?: bitte)? (?:von|aus|auf) {_LIST}(?: (?:runter|weg|herunter|durch|heraus|raus|bitte))*",
        to.remove,
    ),
    (rf"(?:nimm|streich(?:e)?) (?:von|aus) {_LIST} (?P<text>.+)", to.remove),
    (rf"(?P<text>.+?) (?:von|aus) {_LIST} (?:streichen|entfernen|loschen|nehmen)(?: bitte)?", to.remove),
    (
        rf"(?:hak(?:e)?|kreuz(?:e)?)(?: bitte)? (?P<text>.+?)(?: (?:auf|von|in|aus) {_LIST})? ab(?: (?:auf|von|in) [\w ]{{1,30}})?",
        to.tick,
    ),
    (rf"(?:markier(?:e)?) (?P<text>.+?)(?: (?:auf|in) {_LIST})? als (?:erledigt|gekauft|fertig)", to.tick),
    (rf"(?P<text>.+?)(?: (?:auf|von|in) {_LIST})? abhaken", to.tick),
    (
        rf"was (?:steht|ist|habe ich)(?: (?:alles|noch|denn))* (?:auf|in) {_LIST}(?: (?:stehen|drauf))?",
        to.read_list_aloud,
    ),
    (rf"(?:{_READ})(?: bitte)? {_LIST}(?: (?:vor|an|bitte|noch ?mal))*", to.read_list_aloud),
    (
        rf"(?:steht|stehen|ist|sind|habe ich)(?: (?:schon|noch))? (?P<text>.+?)(?: (?:schon|noch|bereits))? (?:auf|in) {_LIST}(?: drauf)?",
        to.ask_list,
    ),
)
_DELETING: Table = (
    (
        rf"{_DEL}(?: bitte)? (?:alles|alle|all(?:e)? meine|alle meine|alle diese|meine|die)(?: {_NOTES})?(?: weg)?(?<!alle)(?<!meine)(?<!die)",
        always(DeleteNotes()),
    ),
    (rf"(?:alle|meine|alle meine) {_NOTES} (?:loschen|entfernen)", always(DeleteNotes())),
    (
        r"(?:mach(?:e)?|machen sie) (?:das|es|die letzte anderung|die anderung|alles)?(?: (?:bitte|wieder|noch ?mal))* ?(?:ruckgangig|ungeschehen)|ruckgangig(?: machen)?(?: bitte)?|(?:das|die anderung) ruckgangig machen|nimm das(?: wieder)? zuruck|(?:das )?zurucknehmen|stell (?:das|sie|es|die notiz)(?: wieder)? (?:wieder )?her|hol (?:das|sie|es|die notiz)(?: wieder)? zuruck",
        always(Undo()),
    ),
    (
        rf"{_DEL}(?: bitte)? (?:das|dies|sie|es|ihn|diese(?: {_NOTE})?|die {_NOTE}|jene {_NOTE})(?: (?:wieder|bitte|weg))*",
        always(DeleteNote(THAT)),
    ),
    (rf"(?:die|diese) {_NOTE}(?: bitte)? (?:loschen|entfernen)", always(DeleteNote(THAT))),
    (rf"{_DEL}(?: bitte)? (?:(?:die|meine) )?{NTH_NOTE}", to.delete_nth),
    (
        rf"{_DEL}(?: bitte)? (?:(?:die|meine) )?(?P<end>letzten|neuesten|ersten|altesten) (?P<count>zwei|drei|vier|funf|sechs|\d{{1,2}}) {_NOTES}",
        to.delete_some,
    ),
    (
        rf"{_DEL}(?: bitte)? (?:(?:die|meine) )?(?P<count>zwei|drei|vier|funf|sechs|\d{{1,2}}) (?P<end>letzten|neuesten|ersten|altesten) {_NOTES}",
        to.delete_some,
    ),
    (rf"{_DEL}(?: bitte)? (?:die |meine )?(?:letzte|neueste|jungste) (?:{_NOTE}|sache)", always(DeleteNote(LAST))),
    (rf"{_DEL}(?: bitte)? alle(?: meine)? {_NOTES} {_ABOUT} (?P<note>.+)", to.delete_about),
    (rf"{_DEL}(?: bitte)? (?:(?:die|meine|diese|eine) )?{_NOTE},? {_ABOUT} (?P<note>.+)", to.delete),
    (rf"(?:die |meine )?{_NOTE} {_ABOUT} (?P<note>.+?) (?:loschen|entfernen)(?: bitte)?", to.delete),
    (rf"{_DEL}(?: bitte)? (?:die|meine) (?P<note>[\w-]+?)-?notiz", to.delete),
    (
        r"(?:losch(?:e)?|entfern(?:e)?|wirf)(?: bitte)? (?:die |meine )?(?P<list>[\w-]*liste|einkaufszettel)(?: weg)?",
        to.delete_list,
    ),
    (rf"{_DEL}(?: bitte)?(?: eine)? {_NOTE}(?P<note>)", to.delete),
)
_CHANGING: Table = (
    (
        rf"(?:ersetz(?:e|en sie)?|tausch(?:e)?|ander(?:e)?) in (?:der|meiner|dieser) (?:letzten )?{_NOTE}(?: {_ABOUT} (?P<note>{_TOPIC}))?,? (?P<old>[^ ]+(?: [^ ]+){{0,3}}?) (?:durch|gegen|in|zu|mit) (?P<new>.+?)(?: aus)?",
        to.replace,
    ),
    (
        rf"(?:in|bei) (?:der|meiner|dieser) (?:letzten )?{_NOTE}(?: {_ABOUT} (?P<note>[^,]+?))?,? (?:ersetz(?:e)?|ander(?:e)?|tausch(?:e)?) (?P<old>.+?) (?:durch|gegen|in|zu) (?P<new>.+)",
        to.replace,
    ),
    (
        rf"(?:ersetz(?:e)?|ander(?:e)?) (?P<old>.+?) (?:durch|gegen|in|zu) (?P<new>.+?) in (?:der|meiner|dieser) {_NOTE}(?: {_ABOUT} (?P<note>.+))?",
        to.replace,
    ),
    (
        r"ersetz(?:e|en sie)? (?P<old>[^.:;]{1,60}?) (?:durch|gegen|mit) (?P<new>[^.:;]{1,60}?)(?: (?:darin|dort))?",
        to.replace_there,
    ),
    (
        rf"(?:benenn(?:e)?|nenn(?:e)?) (?:(?:die|meine|diese) )?(?:{_NOTE}(?: {_ABOUT} (?P<note>.+?))?|(?P<list>[\w-]*liste)) (?:in|zu) (?P<title>.+?)(?: um)?",
        to.rename,
    ),
    (rf"{_CHANGE} (?:(?:die|meine) )?{NTH_NOTE},? (?:in|zu|auf|um in):? (?P<text>.+)", to.change_nth),
    (
        rf"{_CHANGE} (?:(?:die|meine|diese) )?(?:letzte |neueste )?{_NOTE},? (?:in|zu|auf|um in):? (?P<text>.+)",
        to.change_last,
    ),
    (
        rf"{_CHANGE} (?:(?:die|meine|diese) )?{_NOTE},? {_ABOUT} (?P<note>.+?),? (?:in|auf|um in|zu):? (?P<text>.+)",
        to.change,
    ),
    (rf"(?:die|meine) {_NOTE} {_ABOUT} (?P<note>.+?) soll (?:lauten|heißen|sein|sagen):? (?P<text>.+)", to.change),
    (
        rf"(?:(?:nein|doch|halt|sorry|entschuldigung)[,.!]? )*{_CHANGE} (?:das|es|sie) (?:in|auf|zu) (?P<text>.+)",
        to.correct,
    ),
    (
        r"(?:(?:nein|nee|halt|warte|sorry|entschuldigung|doch|moment|ach)[,.!]? )+(?:ich (?:meine|meinte)|es (?:ist|war|muss heißen)|das (?:ist|heißt|muss heißen)):? (?P<text>.+)|ich (?:meinte|habe) (?:doch )?(?P<other>.+?)(?: gemeint)?(?<!habe)",
        to.correct,
    ),
    (
        rf"(?:fug(?:e|en sie)?|schreib(?:e)?|setz(?:e)?|erganz(?:e)?)(?: bitte)? (?P<text>.+?) (?:zu|zur|in|an|bei)(?: (?:der|meiner|dieser|die|meine|diese))? (?:letzten )?{_NOTE}(?: {_ABOUT} (?P<note>.+?))?(?: (?:hinzu|dazu|an|ein))?",
        to.append,
    ),
    (
        rf"(?:erganz(?:e)?|erweiter(?:e)?) (?:die|meine|diese) (?:letzte )?{_NOTE}(?: {_ABOUT} (?P<note>[^:,]+?))? (?:um|mit|durch):? (?P<text>.+)",
        to.append,
    ),
)
_FINDING: Table = (
    (
        rf"(?:was (?:habe ich|hab ich|steht|liegt|ist|gibt es)(?: (?:denn|noch|alles|so))*|habe ich(?: (?:etwas|irgendwas|was|termine|einen termin|irgendwelche termine))?|(?:gibt es|ist) (?:etwas|irgendwas|termine)?)(?: (?:etwas|was))? ?{_WHEN}(?: (?:etwas|was|vor|an|zu tun|geplant|notiert|los|vorgemerkt|fur termine))*",
        to.dated,
    ),
    (rf"(?:(?:was sind |zeig mir |lies )?meine termine|welche termine habe ich)(?: (?:fur))? {_WHEN}", to.dated),
    (
        rf"(?:{_READ} )?(?:die |meine )?(?:alteste|erste|fruheste) {_NOTE}(?: (?:vor|an|noch ?mal))*|(?:was ist|wie lautet|was war) (?:die|meine) (?:alteste|erste) {_NOTE}",
        to.oldest,
    ),
    (
        rf"{_READ}(?: (?:die|meine))? (?:altesten|ersten) (?P<count>zwei|drei|vier|funf|\d{{1,2}}) {_NOTES}(?: vor)?",
        to.oldest,
    ),
    (
        rf"(?:{_READ}|was steht in|was ist|wie lautet)(?: (?:die|der|meine|meiner))? {NTH_NOTE}(?: (?:vor|an|noch ?mal))*",
        to.read_nth,
    ),
    (
        rf"{_READ} (?:diese|die) {_NOTE}(?: (?:vor|an|noch ?mal|noch einmal))+|was steht in (?:dieser|der) {_NOTE}|was sagt (?:diese|die) {_NOTE}",
        always(ReadNote(THAT)),
    ),
    (
        rf"wie ?viele {_NOTES}(?: (?:habe ich|hab ich|gibt es|sind es|sind da))?(?: (?:gemacht|geschrieben|notiert))?\b(?P<topic>.*)",
        to.count,
    ),
    (
        rf"(?:{_READ}|was ist|wie lautet|was war|welches ist)(?: (?:die|meine))? (?:letzte|neueste|jungste|aktuellste) {_NOTE}(?: (?:vor|an))*|(?:die|meine) letzte {_NOTE}|was habe ich (?:zuletzt|gerade|eben) (?:notiert|aufgeschrieben|gesagt)",
        always(ListNotes(limit=1)),
    ),
    (
        rf"(?:{_READ})(?: (?:die|meine))? (?:letzten|neuesten) (?P<count>zwei|drei|vier|funf|sechs|\d{{1,2}}) {_NOTES}(?: (?:vor|an))*",
        to.newest,
    ),
    (
        r"(?:was|wann|wo|wer|welche[nrs]?|wie viel|wieviel) (?:habe ich|hab ich|hatte ich)(?: (?:mir|denn|dir|alles|schon))*(?P<topic>(?: .*?)?) (?:notiert|aufgeschrieben|vermerkt|gemerkt|notieren lassen)(?P<more> .+)?",
        to.find("topic", "more"),
    ),
    (
        rf"(?:was|wann|wo|wer) steht(?: (?:denn|alles|noch))* in (?:meinen|den) {_NOTES}(?P<topic>.*)|was sagen meine {_NOTES}(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (
        r"habe ich(?: (?:mir|dir|schon|irgendwas|etwas|was))*(?P<topic> .+?)(?: (?:etwas|was))? (?:notiert|aufgeschrieben|vermerkt)",
        to.find("topic"),
    ),
    (
        rf"(?:habe ich|hab ich|gibt es)(?: (?:noch|irgendwelche|schon))? (?:eine |die |keine )?(?:{_NOTE}|{_NOTES})(?P<topic>(?: {_ABOUT} .+)?)",
        to.find("topic"),
    ),
    (
        rf"(?:welche|was fur) {_NOTES} (?:habe ich|hab ich|gibt es|sind da)(?: (?:gemacht|geschrieben))?\b(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        rf"(?:such(?:e|en sie)?|find(?:e)?|schau(?:e)?|sieh|durchsuch(?:e)?)(?: (?:mir|mal|bitte|nach|in))*(?: (?:die|meine|meinen|den|der|eine))? (?:{_NOTE}|{_NOTES})(?: (?:nach|uber|zu|zum|zur|von|wegen|mit))?(?P<topic> .+)",
        to.find("topic"),
    ),
    (
        rf"(?:such(?:e)?|find(?:e)?|schau(?:e)?)(?: bitte)? (?:nach )?(?P<topic>.+?) in (?:meinen|den) {_NOTES}(?: nach)?",
        to.find("topic"),
    ),
    (
        rf"(?:{_READ})(?: (?:bitte|mal))*(?: (?:alle|die|meine|all))*(?: {_NOTES})(?P<topic>(?: (?:uber|zu|zum|zur|von|vom|aus|seit|wegen) .+?)?)(?: (?:vor|an|auf))*",
        to.find("topic"),
    ),
    (
        rf"(?:(?:alle|all) )?(?:meine )?{_NOTES}(?P<topic>(?: (?:von|vom|seit|aus|uber|zu|zum) .*)?)(?: (?:vorlesen|zeigen|anzeigen))?",
        to.find("topic"),
    ),
    (rf"(?:{_READ} )?(?:die |meine )?{_NOTE} {_ABOUT} (?P<topic>.+?)(?: (?:vor|an))?", to.find("topic")),
    (rf"(?:laut|nach|gemass) meinen {_NOTES},? (?P<topic>.+)", to.find("topic")),
    (r"(?:weißt du noch|erinnerst du dich(?: noch)?(?: daran)?),? (?P<topic>.+?)", to.find("topic")),
)
_TAKING: Table = (
    (
        rf"(?:{_WRITE}|notier|speicher(?:e)?|halt(?:e)?)(?: (?:dir|mir|bitte)){{0,4}} (?:das|dies|es)(?: (?:auf|bitte|als notiz|fest|fur mich)){{0,4}}",
        always(TakeNote("", refers_back=True)),
    ),
    (
        rf"(?:mach(?:e|en sie)?|schreib(?:e|en sie)?|nimm|nehmen sie|erstell(?:e|en sie)?|leg(?:e)?|anlegen)(?: (?:mir|dir|bitte|mal)){{0,4}}(?: (?:eine|noch eine|die|folgende|neue|kurze|schnelle)){{1,4}} {_NOTE}(?: (?:auf|an))?(?: ?[:,–-]? ?(?:dass\b)? ?)(?P<text>.*)",
        to.take,
    ),
    (rf"(?:neue )?{_NOTE}(?: an mich)?(?: ?[:,–-]+(?=\s)| dass\b) ?(?P<text>.*)", to.take_that),
    (rf"(?:eine |neue |eine neue ){_NOTE}(?: bitte)?(?P<text>)", to.take),
    (
        r"(?:notier(?:e|en sie)?|vermerk(?:e|en sie)?)(?: (?:dir|mir|bitte|mal)){0,4}(?: ?[:,–-]? ?(?:dass\b|folgendes\b)? ?:? ?)(?P<text>.*)",
        to.take_that,
    ),
    (
        r"(?:schreib(?:e|en sie)?)(?: (?:mir|dir|bitte|mal)){0,4} auf\b(?: ?[:,–-]? ?(?:dass\b|folgendes\b)? ?)(?P<text>.*)",
        to.take_that,
    ),
    (r"(?:schreib(?:e|en sie)?)(?: (?:mir|dir|bitte|mal)){0,4} (?P<text>.+?) (?:auf|in meine notizen)", to.take),
    (
        r"(?:merk(?:e|en sie)?)(?: (?:dir|sich|mir|bitte|mal)){1,4}(?: ?[:,–-]? ?(?:dass\b|folgendes\b)? ?)(?P<text>.*)",
        to.take_that,
    ),
    (
        r"(?:denk(?:e)?|erinner(?:e|en sie)? (?:mich|uns))(?: (?:bitte|daran|dran|mal)){0,4}(?: ?[:,–-]? ?(?:dass\b|an\b)? ?)(?P<text>.+)",
        to.remind,
    ),
    (r"(?:vergiss nicht)(?: ?[:,–-]? ?(?:dass\b)? ?)(?P<text>.+)", to.take_that),
    (r"(?:notieren|aufschreiben|merken|vermerken)(?:,? dass|:) (?P<text>.+)", to.take_that),
    (r"(?P<text>.+?) (?:notieren|aufschreiben)(?: bitte)?", to.take),
)
_SHORT: Table = (
    (
        r"(?!.*\bnotiz)(?:setz(?:e)?|fug(?:e)?|schreib(?:e)?|pack(?:e)?|tu(?:e)?)(?: (?:auch|bitte|noch))* (?P<text>.+?)(?: (?:noch|auch|bitte))* (?:dazu|drauf|hinzu|darauf)",
        to.add_there,
    ),
    (r"(?:und )?(?:auch|noch|dazu) (?P<text>[^.:;?]{1,60})", to.add_there),
    (
        r"(?!.*\bnotiz)(?:streich(?:e)?|nimm|losch(?:e)?|entfern(?:e)?) (?P<text>[^.:;]{1,60}?)(?: (?:wieder|bitte))*(?: (?:weg|runter|raus|heraus|davon))*",
        to.remove_there,
    ),
)
_HELPING: Table = (
    (
        rf"(?!.*\b(?:seite|dokument|datei|kapitel|handbuch|vertrag|pdf)\b)(?!(?:was|wer|wann|wo|warum|wie)\b.*\?)(?:sortier|verschieb|kopier|teil|schick|send|druck|archivier|exportier|markier|ordne|gruppier|fasse?|ubersetz|loesch|verbind|mach|stell)\w*\b.*\b(?:{_NOTE}|{_NOTES})\b.*",
        always(NotesHelp()),
    ),
    (
        rf"(?!.*\b(?:seite|dokument|datei|kapitel|handbuch|vertrag|pdf)\b)(?:.*\bmeine[rnms]?(?: \w+)? (?:{_NOTE}|{_NOTES})\b.*)",
        always(NotesHelp()),
    ),
)
_COMMANDS = r"(?:mach|schreib|notier|merk|nimm|setz|pack|fug|streich|losch|entfern|lies|zeig|sag|ander|korrigier|hak|leer|benenn|ersetz|erganz|erinner|stell|wiederhol|such|find|gib)"
LOCALE = Locale(
    "de",
    Grammar(
        words=WORDS,
        dictating=compiled(_DICTATING, after=""),
        phrases=commands_of(_TALKING, _LISTS, _DELETING, _CHANGING, _FINDING, _TAKING),
        taking=compiled(_TAKING),
        last=commands_of(_SHORT, _HELPING),
        wrapping=whole(
            rf"(?:{_HELLO}(?:,? (?:vasi|assistent|computer))?|vasi|ok(?:ay)?|ahm*|also|so|nun|jetzt|gut|bitte|danke|ja|ach|oh|entschuldigung|sorry|und|auch|mal|schnell)[\s,.!?:;-]+"
            r"|(?P<polite>(?:kannst|konntest|wurdest|konnten|konnen) (?:du|sie) (?:bitte |mal |mir |kurz |bitte mal )*)(?=\w)"
            rf"|(?:nein|halt|warte)[\s,.!]+(?={_COMMANDS})"
            rf"|(?:ich (?:mochte|will|hatte gern),? dass du|ich (?:mochte|will|muss) )(?={_COMMANDS})"
        ),
        after=somewhere(r"(?:(?<![\s,])[\s,]++(?:bitte|danke|fur mich|vasi|ja)){1,4}[\s.!?]*$"),
        tell_me=whole(
            r"(?:sag(?:e)? (?:mir|mal)|weißt du|kannst du mir sagen|ich (?:mochte|will|wollte|wurde gern) wissen|erklar(?:e)? mir|erzahl(?:e)? mir(?: etwas| was)? (?:uber|von)|such(?:e)? nach)(?: (?:bitte|mal))*,? "
        ),
        between=somewhere(
            rf"(?:[,.;!]? (?:und dann|und auch|und|dann|danach),? |[,.;!] )(?=(?:bitte |auch )?(?:{_COMMANDS}|was |wie |hol |mach |tu ))"
        ),
        joining=somewhere(r",? (?:und|dann|sowie) (?:dann )?|[,;] "),
        names_notes=somewhere(r"notiz|liste|ruckgangig"),
        completed={"add": "setze {}", "remove": "streiche {}", "tick": "hake {} ab"},
    ),
    NOTES,
    TALK,
    whole(
        r"(?:fass(?:e)?|fassen sie)\b.+\bzusammen|(?:(?:was ist|gib mir|mach|mache|schreib) )?(?:eine |die )?(?:kurze )?(?:zusammenfassung|ubersicht) (?:von|uber|der|des|zu) .+|worum geht es in (?:dem|der|den|diesem|diesen|meinem|meinen) (?:dokumente?n?|dateien?|texte?n?)"
    ),
)
