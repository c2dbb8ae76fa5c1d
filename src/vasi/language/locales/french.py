"""French: how people speak to vasi, and how it answers."""

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
from vasi.language.locales.french_replies import NOTES, TALK
from vasi.language.locales.french_words import FRENCH_NOTES as WORDS
from vasi.language.locales.french_words import NTH_NOTE
from vasi.language.locales.locale import Grammar, Locale
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

_HELLO = r"(?:bonjour|bonsoir|salut|coucou|hello)"
_PLEASE = r"(?:s'il (?:te|vous) plait)"
_ABOUT = r"(?:sur|a propos (?:de|du|des|d')|concernant|au sujet (?:de|du|des|d')|du|de|des|d'|avec|qui parle (?:de|du)|qui dit|intitulee|appelee)"
_DEL = r"(?:supprime[zr]?|efface[zr]?|enleve[zr]?|enlever|retire[zr]?|ote[zr]?|jette)"
_CHANGE = r"(?:change[zr]?|modifie[zr]?|corrige[zr]?|remplace[zr]?|mets? a jour|mettez a jour)"
_READ = r"(?:lis|lisez|lire|montre[zr]?|dis|dites|donne[zr]?|relis|ouvre)(?:-(?:moi|nous)| moi)?"
_LIST = r"(?:(?:la|ma|une|une nouvelle|notre|cette) )?(?P<list>liste(?: (?:de|des|du|pour)(?: la| le| les)? [\w-]+(?: [\w-]+)?| d'[\w-]+)?)"
_PUT = r"(?:ajoute[zr]?|mets?|mettez|mettre|note[zr]?|inscris|ecris|rajoute[zr]?)"
_THE = r"(?:(?:la|ma|cette) )?"
_NUM = r"(?P<count>deux|trois|quatre|cinq|six|\d{1,2})"
_WHEN = r"(?P<when>.{3,60}?)"
_THAT = r"(?: ?[:,–-]? ?(?:que\b|qu')? ?)"

_DICTATING: Table = (
    (
        r"(?:(?:prends|prenez|fais|faites|cree|ecris|ajoute|enregistre)(?: (?:une|cette|la|nouvelle|en|autre)){0,4} )?note(?P<this>) ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:note|notez|ecris|ecrivez|inscris)(?P<this> (?:ca|cela|ceci))?(?: (?:ce qui suit|s'il te plait|que)){0,4} ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (r"(?:rappelle|rappelez)-?(?: )?moi(?: (?:que|de))? ?: ?(?P<text>.+)", to.dictated_reminder),
    (rf"{_CHANGE} {_THE}(?:derniere )?note(?: (?:en|par|pour))? ?: ?(?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}note {_ABOUT} ?(?P<note>[^:]{{1,200}}?)(?: (?:en|par|pour))? ?: (?P<text>.+)", to.change),
)
_TALKING: Table = (
    (
        rf"(?:stop|arrete|arretez|tais-toi|silence|ca suffit|assez|laisse tomber|peu importe|annule tout|tant pis|chut)(?:,? (?:{_PLEASE}|maintenant))*",
        to.say("stop"),
    ),
    (
        rf"(?:(?:repete|repetez|redis|redites|relis)(?:-le|-la)?(?: (?:ca|cela|encore|plus lentement|plus fort|encore une fois|{_PLEASE}))*|encore(?: une fois)?|pardon|comment|qu'est-ce que tu (?:as dit|viens de dire)|qu'as-tu dit|(?:je n'ai|j'ai) pas (?:compris|entendu))(?: {_PLEASE})?",
        always(Repeat()),
    ),
    (
        r"(?:d'ou (?:ca|cela|est-ce que ca) vient|d'ou tiens-tu (?:ca|cela)|ou (?:est-ce que )?(?:c'est|est-ce) ecrit|a quelle page(?: (?:est-ce|c'est|est-ce ecrit))?|dans quel document(?: (?:est-ce|c'est))?|quelle est (?:la|ta) source|qui dit ca|comment le sais-tu)",
        always(Repeat(source=True)),
    ),
    (
        rf"(?:{_HELLO},? )?(?:comment (?:ca va|vas-tu|allez-vous|tu vas)|ca va(?: bien)?|tu vas bien)(?: aujourd'hui)?",
        to.say("wellbeing"),
    ),
    (rf"{_HELLO}(?: (?:vasi|a tous|a toi))*|tu es la|tu m'entends", to.say("hello")),
    (
        r"(?:ok |super |parfait |tres bien |non )*(?:merci)(?: (?:beaucoup|bien|infiniment|vasi|pour tout|pour ton aide|mille fois))*|c'est tout",
        to.say("thanks"),
    ),
    (
        r"(?:qui|que|qu')(?: )?(?:es-tu|etes-vous|tu es|est-ce que tu es)|t'es qui|tu es qui|comment (?:tu t'appelles|t'appelles-tu|vous appelez-vous)|quel est ton nom|presente-toi|es-tu (?:un humain|un robot|une machine|une personne|reel|une ia)",
        to.say("identity"),
    ),
    (
        rf"(?:(?:que|qu'est-ce que) (?:peux-tu|tu peux|tu sais|sais-tu|pouvez-vous) faire(?: (?:pour moi|d'autre))?|tu peux faire quoi|aide(?:-moi| moi)?|a l'aide|comment peux-tu m'aider|que puis-je (?:te )?(?:demander|dire|faire)(?: ici)?|comment (?:tu marches|ca marche|fonctionnes-tu))(?: {_PLEASE})?",
        to.say("abilities"),
    ),
    (
        r"(?:au revoir|a bientot|a plus(?: tard)?|a demain|bonne nuit|salut a plus|ciao|adieu|bonne journee)(?: vasi)?",
        to.say("goodbye"),
    ),
    (
        rf"(?:oui|non|ok(?:ay)?|d'accord|bien|tres bien|bon|entendu|compris|je vois|ah|euh+|hm+|parfait|super|exact|voila|ca marche|{_PLEASE})(?:[ ,.!]+(?:oui|non|ok|bien|merci|alors))*",
        to.say("acknowledge"),
    ),
    (
        rf"(?:quelle heure (?:est-il|il est|est il)|il est quelle heure|(?:tu as|as-tu) l'heure|dis-moi l'heure)(?: (?:maintenant|{_PLEASE}))*",
        always(AskClock("time")),
    ),
    (
        r"(?:quel jour|quelle date)(?: (?:est-ce|est-on|sommes-nous|on est|etait-ce|sera-t-on|on sera))?(?: (?P<near>aujourd'hui|demain|hier|apres-demain|avant-hier))?|on est quel jour(?: (?P<near2>aujourd'hui))?|quelle est la date(?: (?:d'|de )?(?P<near3>aujourd'hui|demain))?",
        to.ask_date,
    ),
)
_LISTS: Table = (
    (rf"(?:vide[zr]?) {_LIST}", to.clear),
    (rf"{_DEL} tout (?:de|sur) {_LIST}", to.clear),
    (rf"(?:fais|faites|cree|creer|commence|ecris)(?:-moi)? {_LIST}(?: avec| :|:|,) ?(?P<text>.+)", to.add),
    (rf"{_PUT} (?P<text>.+?) (?:sur|a|dans) {_LIST}(?: (?:aussi|{_PLEASE}))*", to.add),
    (rf"{_PUT} (?:sur|a|dans) {_LIST} ?[:,]? ?(?P<text>.+)", to.add),
    (rf"{_DEL} (?P<text>.+?) (?:de|sur) {_LIST}(?: {_PLEASE})?", to.remove),
    (rf"(?:coche[zr]?|raye[zr]?|barre[zr]?) (?P<text>.+?)(?: (?:sur|de|dans) {_LIST})?", to.tick),
    (
        rf"(?:qu'est-ce qu'il y a|qu'y a-t-il|il y a quoi|qu'est-ce qui (?:reste|est|se trouve)|que reste-t-il|qu'ai-je|qu'est-ce que j'ai)(?: encore)? sur {_LIST}",
        to.read_list_aloud,
    ),
    (rf"{_READ} {_LIST}(?: (?:encore|{_PLEASE}))*", to.read_list_aloud),
    (
        rf"(?:y a-t-il|est-ce qu'il y a|il y a|est-ce que|j'ai)(?: deja)? (?:du |de la |des |de l'|le |la |les |l')?(?P<text>.+?)(?: (?:est|sont))?(?: deja)? sur {_LIST}",
        to.ask_list,
    ),
    (
        rf"(?:le |la |les |l')?(?P<text>[\w' -]{{1,40}}?) (?:est|sont)-(?:il|elle|ils|elles)(?: deja)? sur {_LIST}",
        to.ask_list,
    ),
)
_DELETING: Table = (
    (rf"{_DEL} (?:tout|toutes (?:mes|les) notes|mes notes|les notes)", always(DeleteNotes())),
    (
        rf"(?:annule[zr]?|defais|defaites|retablis|retablissez|restaure[zr]?|recupere[zr]?)(?:-(?:la|le))?(?: (?:ca|cela|la note|la derniere note|la derniere (?:action|modification)|le dernier changement|le changement))?(?: (?:encore|{_PLEASE}))*|reviens en arriere|retour en arriere|remets-(?:la|le)",
        always(Undo()),
    ),
    (rf"{_DEL}(?:-(?:la|le)| (?:ca|cela|cette note|la note))(?: {_PLEASE})?", always(DeleteNote(THAT))),
    (rf"{_DEL} {_THE}{NTH_NOTE}", to.delete_nth),
    (rf"{_DEL} (?:les |mes )?{_NUM} (?P<end>dernieres|premieres) notes", to.delete_some),
    (rf"{_DEL} (?:les |mes )?{_NUM} notes les (?P<end>plus anciennes|plus recentes)", to.delete_some),
    (rf"{_DEL} {_THE}(?:derniere note|note precedente)", always(DeleteNote(LAST))),
    (rf"{_DEL} toutes (?:les|mes) notes {_ABOUT} ?(?P<note>.+)", to.delete_about),
    (rf"{_DEL} (?:(?:la|ma|cette|une) )?note,? {_ABOUT} ?(?P<note>.+)", to.delete),
    (
        r"(?:supprime[rz]?|efface[rz]?) (?:la |ma )?(?P<list>liste(?: (?:de|des|du|pour) [\w-]+(?: [\w-]+)?| d'[\w-]+)?)",
        to.delete_list,
    ),
    (rf"{_DEL}(?: une)? note(?P<note>)", to.delete),
)
_CHANGING: Table = (
    (
        rf"dans {_THE}(?:derniere )?note(?: {_ABOUT} ?(?P<note>[^,]+?))?,? (?:remplace[rz]?|change[rz]?) (?P<old>.+?) (?:par|en) (?P<new>.+)",
        to.replace,
    ),
    (
        rf"(?:remplace[rz]?|change[rz]?) (?P<old>.+?) (?:par|en) (?P<new>.+?) dans {_THE}(?:derniere )?note(?: {_ABOUT} ?(?P<note>.+))?",
        to.replace,
    ),
    (r"remplace[rz]? (?P<old>(?!la note|ma note)[^.:;]{1,60}?) par (?P<new>[^.:;]{1,60})", to.replace_there),
    (
        rf"(?:renomme[rz]?|appelle|intitule) (?:(?:la|ma|cette) )?(?:note(?: {_ABOUT} ?(?P<note>.+?))?|(?P<list>liste(?: (?:de|des|du) \w+)?)) (?:en|par) (?P<title>.+)",
        to.rename,
    ),
    (rf"{_CHANGE} {_THE}{NTH_NOTE} (?:en|par|pour):? (?P<text>.+)", to.change_nth),
    (rf"{_CHANGE} {_THE}(?:derniere )?note (?:en|par|pour):? (?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}note,? {_ABOUT} ?(?P<note>.+?) (?:en|par|pour|pour dire que?):? (?P<text>.+)", to.change),
    (rf"{_THE}note {_ABOUT} ?(?P<note>.+?) (?:doit|devrait) dire(?: que)?:? (?P<text>.+)", to.change),
    (
        r"(?:non,? )?(?:change-(?:le|la)|mets-(?:le|la)|corrige-(?:le|la))(?: (?:en|pour|a|au))? (?P<text>.+)",
        to.correct,
    ),
    (
        r"(?:(?:non|pardon|attends|oups|plutot)[,.!]? )+(?:je voulais dire|c'est|c'etait|je pensais a|disons)(?: que| le)? (?P<text>.+)|je voulais dire (?P<other>.+)",
        to.correct,
    ),
    (rf"{_PUT} (?P<text>.+?) (?:a|dans|sur) (?:la|ma|cette) (?:derniere )?note(?: {_ABOUT} ?(?P<note>.+))?", to.append),
    (
        rf"{_PUT} (?:a|dans) (?:la|ma|cette) note(?: {_ABOUT} ?(?P<note>[^:,]+?))?(?: que| :|:|,) ?(?P<text>.+)",
        to.append,
    ),
)
_FINDING: Table = (
    (
        rf"(?:qu'est-ce que j'ai(?: (?:de )?(?:prevu|note|a faire))?|qu'ai-je(?: (?:de prevu|prevu|note|a faire))?|j'ai quoi(?: de prevu)?|(?:ai-je|j'ai|est-ce que j'ai|y a-t-il|il y a)(?: (?:quelque chose|un rendez-vous|des rendez-vous))?)(?: (?:de prevu|prevu|note))?(?: pour)? {_WHEN}",
        to.dated,
    ),
    (rf"(?:quels sont |dis-moi |lis )?mes rendez-vous(?: (?:de|du|pour))? {_WHEN}", to.dated),
    (
        rf"(?:{_READ} )?(?:la |ma )?(?:note la plus ancienne|plus ancienne note|premiere note)(?: encore)?|quelle est ma (?:premiere note|plus ancienne note)",
        to.oldest,
    ),
    (rf"(?:{_READ}|que dit|quelle est)(?: (?:la|ma))? {NTH_NOTE}(?: encore)?", to.read_nth),
    (rf"(?:{_READ}|que dit) cette note(?: (?:encore|a voix haute))?", always(ReadNote(THAT))),
    (
        r"combien (?:de notes (?:ai-je|j'ai|est-ce que j'ai|y a-t-il)|ai-je de notes|j'ai de notes|est-ce que j'ai de notes)\b(?P<topic>.*)",
        to.count,
    ),
    (
        rf"(?:(?:{_READ}|quelle est|que dit|quelle etait)(?: (?:la|ma))? derniere note|(?:la|ma) derniere note|qu'est-ce que (?:je viens de noter|j'ai note en dernier))",
        always(ListNotes(limit=1)),
    ),
    (rf"{_READ}(?: (?:les|mes))? {_NUM} dernieres notes", to.newest),
    (
        r"(?:qu'est-ce que|quand est-ce que|ou est-ce que|que|quand|ou|qu'|qui)(?: )?(?:j'ai|ai-je|je t'ai)(?: (?:deja))? (?:note|ecrit|inscrit|enregistre)\b(?P<topic>.*)",
        to.find("topic"),
    ),
    (r"j'ai (?:note|ecrit|inscrit) quoi(?P<topic>.*)", to.find("topic")),
    (
        r"(?:que|qu'est-ce que|quand|ou|qui)(?: )?(?:disent|dit|y a-t-il dans|il y a dans) (?:mes|les) notes(?P<topic>.*)|qu'y a-t-il dans mes notes(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (r"(?:ai-je|est-ce que j'ai|j'ai) (?:deja )?note (?:quelque chose)(?P<topic> .+)", to.find("topic")),
    (rf"(?:ai-je|est-ce que j'ai|j'ai|y a-t-il)(?: (?:une|des|de))? notes?(?P<topic> {_ABOUT} ?.+)", to.find("topic")),
    (
        r"(?:quelles notes|quelles sont (?:toutes )?mes notes)(?: (?:ai-je|j'ai|y a-t-il)(?: (?:prises|faites))?)?\b(?P<topic>.*)",
        to.find("topic"),
    ),
    (
        r"(?:cherche[rz]?|trouve[rz]?|regarde|consulte|retrouve)(?:-moi)?(?: (?:dans|la|ma|mes|les|une))* notes?(?P<topic> .+)",
        to.find("topic"),
    ),
    (r"(?:cherche[rz]?|trouve[rz]?) (?P<topic>.+?) dans (?:mes|les) notes", to.find("topic")),
    (rf"{_READ}(?: (?:toutes|les|mes))* notes(?P<topic>.*)", to.find("topic")),
    (r"(?:toutes )?mes notes(?P<topic>(?: (?:de|du|d'|depuis|sur) ?.*)?)", to.find("topic")),
    (rf"(?:{_READ} )?(?:la|ma) note {_ABOUT} ?(?P<topic>.+)", to.find("topic")),
    (r"(?:d'apres|selon) mes notes,? (?P<topic>.+)", to.find("topic")),
    (r"(?:tu te souviens|te souviens-tu|tu te rappelles)(?: (?:de|du|ou|que|ce que))? (?P<topic>.+)", to.find("topic")),
)
_TAKING: Table = (
    (
        r"(?:note|notez|ecris|ecrivez|enregistre)(?:-le)?(?: (?:ca|cela|ceci))(?: s'il te plait)?|(?:note-le|ecris-le)",
        always(TakeNote("", refers_back=True)),
    ),
    (
        rf"(?:prends|prenez|prendre|fais|faites|faire|cree[rz]?|ecris|ajoute|enregistre)(?: (?:en|une|nouvelle|autre|la)){{0,4}} note{_THAT}(?P<text>.*)",
        to.take,
    ),
    (r"(?:nouvelle )?note(?: ?[:,–-]+(?=\s)| (?:que\b|qu')) ?(?P<text>.*)", to.take_that),
    (r"(?:une |nouvelle |une nouvelle )note(?P<text>)", to.take),
    (
        r"(?:notez?|noter|inscris|inscrivez|ecris|ecrire)(?: (?:dans mes notes|s'il te plait))?(?: ?[:,–-] ?| (?:que\s|qu'))(?P<text>.*)",
        to.take_that,
    ),
    (r"(?:note|notez|noter) (?P<text>\S+ \S.*)|(?:note|notez)(?P<text2>)", to.take_that),
    (r"(?:ecris|inscris|mets) (?P<text>.+?) dans mes notes", to.take),
    (
        r"(?:rappelle|rappelez)-?(?: )?moi(?! (?:ou|quand|qui|comment|combien|ce que)\b)(?: ?[:,]? ?(?:que\b|qu'|de\b|d')? ?)(?P<text>.+)",
        to.remind,
    ),
    (
        r"(?:souviens-toi|rappelle-toi|retiens|n'oublie pas|n'oubliez pas)(?: ?[:,]? ?(?:que\b|qu'|de\b|d') ?)(?P<text>.+)",
        to.take_that,
    ),
)
_SHORT: Table = (
    (
        r"(?!.*\bnotes?\b)(?:ajoute[rz]?|rajoute[rz]?|mets)(?: aussi)? (?P<text>[^.:;]{1,80}?)(?: (?:aussi|dessus))*",
        to.add_there,
    ),
    (r"(?:et )?aussi (?P<text>[^.:;?]{1,60})", to.add_there),
    (r"(?!.*\bnotes?\b)(?:enleve[rz]?|retire[rz]?|supprime[rz]?|efface[rz]?) (?P<text>[^.:;]{1,60})", to.remove_there),
)
_HELPING: Table = (
    (
        r"(?!.*\b(?:page|document|fichier|chapitre|manuel|contrat|pdf)\b)(?:trie|deplace|copie|partage|envoie|imprime|archive|exporte|marque|regroupe|resume|traduis|fusionne|range|classe|fais)\w*\b.*\bnotes?\b.*",
        always(NotesHelp()),
    ),
    (
        r"(?!.*\b(?:page|document|fichier|chapitre|manuel|contrat|pdf)\b)(?:.*\b(?:mes|ma)(?: \w+)? notes?\b.*)",
        always(NotesHelp()),
    ),
)
_COMMANDS = r"(?:prends|prenez|note|fais|ajout|mets|enlev|retir|supprim|effac|lis\b|montre|dis\b|chang|modifi|corrig|coch|ray|barr|vid|renomm|remplac|annul|defais|rappel|cherch|cre|ecri|inscri|repet|retabli|restaur)"
LOCALE = Locale(
    "fr",
    Grammar(
        words=WORDS,
        dictating=compiled(_DICTATING, after=""),
        phrases=commands_of(_TALKING, _LISTS, _DELETING, _CHANGING, _FINDING, _TAKING),
        taking=compiled(_TAKING),
        last=commands_of(_SHORT, _HELPING),
        wrapping=whole(
            rf"(?:{_HELLO}(?:,? (?:vasi|assistant))?|vasi|ok(?:ay)?|euh+|alors|bon|eh bien|{_PLEASE}|merci|oui|ah|oh|pardon|et|maintenant|dis|aussi|ensuite)[\s,.!?:;]+"
            r"|(?P<polite>(?:peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|tu peux|tu pourrais|est-ce que tu peux|veux-tu) (?:s'il te plait |me |m'|s'il vous plait )*)(?=\w)"
            rf"|(?:non|attends)[\s,.!]+(?={_COMMANDS})"
            rf"|(?:je veux que tu|je voudrais que tu|j'aimerais que tu|je veux|je voudrais|j'aimerais|il faut) (?={_COMMANDS})"
        ),
        after=somewhere(rf"(?:(?<![\s,])[\s,]++(?:{_PLEASE}|merci|vasi)){{1,4}}[\s.!?]*$"),
        tell_me=whole(
            r"(?:dis-moi|dites-moi|sais-tu|savez-vous|peux-tu me dire|tu peux me dire|me dire|dire|je veux savoir|je voudrais savoir|j'aimerais savoir|explique-moi|parle-moi (?:de|du|des)|cherche)(?: si)?,? "
        ),
        between=somewhere(
            rf"(?:[,.;!]? (?:et puis|et ensuite|et aussi|et|puis|ensuite),? |[,.;!] )(?=(?:aussi )?(?:{_COMMANDS}|qu'))"
        ),
        joining=somewhere(r",? (?:et|puis) |[,;] "),
        names_notes=somewhere(r"\bnotes?\b|\blistes?\b|annule"),
        completed={"add": "ajoute {}", "remove": "enlève {}", "tick": "coche {}"},
    ),
    NOTES,
    TALK,
    whole(
        r"(?:resume[rz]?|resumez)\b.+|(?:(?:donne-moi|fais|fais-moi|je veux|quel est) )?(?:un |le )?(?:bref |court )?resume (?:de|du|des|sur) .+|de quoi parle(?:nt)? (?:le|ce|mon|les|mes) (?:documents?|fichiers?|textes?)"
    ),
)
