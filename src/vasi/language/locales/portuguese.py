"""Portuguese: how people speak to vasi, and how it answers."""

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
from vasi.language.locales.portuguese_replies import NOTES, TALK
from vasi.language.locales.portuguese_words import NTH_NOTE
from vasi.language.locales.portuguese_words import PORTUGUESE_NOTES as WORDS
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

_HELLO = r"(?:olá|oi|e aí|bom dia|boa tarde|boa noite|alô)"
_ABOUT = r"(?:sobre|acerca (?:de|do|da)|a respeito (?:de|do|da)|de|do|da|dos|das|com|que diz|que fala (?:de|do|da)|chamada|intitulada)"
_DEL = r"(?:apaga|apague|apagar|exclui|exclua|excluir|remove|remova|remover|elimina|elimine|eliminar|deleta|delete|deletar|tira|tire|tirar)"
_CHANGE = (
    r"(?:muda|mude|mudar|altera|altere|alterar|corrige|corrija|corrigir|atualiza|atualize|edita|edite|troca|troque)"
)
_READ = r"(?:lê|leia|ler|mostra|mostre|mostrar|diz|diga|repete|repita|abre|abra)(?:-me|me| me)?"
_LIST = r"(?:(?:a|à|minha|a minha|à minha|uma|uma nova|nossa|essa|esta) )?(?P<list>lista(?: (?:de|do|da|das|dos|para)(?: o| a)? [\w-]+(?: [\w-]+)?)?)"
_IN = r"(?:a|na|à|da|em|numa|para a|para|pra)"
_PUT = r"(?:adiciona|adicione|adicionar|acrescenta|acrescente|acrescentar|põe|ponha|pôr|coloca|coloque|colocar|inclui|inclua|bota|bote|anota|anote|escreve|escreva|mete)"
_THE = r"(?:(?:a|minha|a minha|essa|esta) )?"
_NUM = r"(?P<count>duas|tres|quatro|cinco|seis|\d{1,2})"
_WHEN = r"(?P<when>.{3,60}?)"
_TEXT = r"(?: ?[:,–-]? ?(?:(?:de )?que\b)? ?)(?P<text>.*)"

_DICTATING: Table = (
    (
        r"(?:(?:toma|tome|faz|faça|cria|crie|escreve|escreva|adiciona|guarda|anota|anote)(?: (?:uma|esta|a|nova|outra|seguinte)){0,4} )?nota(?P<this>) ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:anota|anote|escreve|escreva|aponta|aponte)(?P<this> (?:isso|isto))?(?: (?:aí|o seguinte|por favor|que)){0,4} ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:lembra|lembre|lembra-me|lembre-me|me lembra|me lembre)(?: (?:que|de))? ?: ?(?P<text>.+)",
        to.dictated_reminder,
    ),
    (rf"{_CHANGE} {_THE}(?:ultima )?nota(?: (?:para|por))? ?: ?(?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}nota {_ABOUT} (?P<note>[^:]{{1,200}}?)(?: (?:para|por))? ?: (?P<text>.+)", to.change),
)
_TALKING: Table = (
    (
        r"(?:para|pare|chega|cala|cala-te|cale-se|silencio|quieto|deixa pra la|deixa para la|esquece|esqueça|não importa|tanto faz|cancela|cancelar|basta|já chega)(?:,? (?:por favor|já|agora|isso))*",
        to.say("stop"),
    ),
    (
        r"(?:(?:repete|repita|diz|diga|fala|fale)(?: (?:isso|o que (?:disse|disseste)))?(?: (?:de novo|outra vez|mais uma vez|por favor|mais devagar|mais alto))+|(?:repete|repita)(?: (?:isso|por favor))*|de novo|outra vez|mais uma vez|como(?: é)?|perdão|desculpa|o que (?:você )?disse|o que disseste|não (?:entendi|ouvi|percebi))(?: por favor)?",
        always(Repeat()),
    ),
    (
        r"(?:de onde (?:vem|veio|tirou|tiraste|é) isso|onde (?:está|diz) isso|onde está escrito(?: isso)?|em que pagina(?: (?:está|é|fica)(?: isso)?)?|em que documento(?: (?:está|é|fica)(?: isso)?)?|qual (?:é )?a (?:tua |sua )?fonte|quem (?:o )?diz(?: isso)?|como (?:você )?sabe(?: disso)?)",
        always(Repeat(source=True)),
    ),
    (
        rf"(?:{_HELLO},? )?(?:como (?:você )?(?:está|estás|vai)|tudo bem|tudo bom|como vai você)(?: (?:hoje|contigo|com você))?",
        to.say("wellbeing"),
    ),
    (
        rf"{_HELLO}(?: (?:vasi|pessoal|a todos|de novo|bom dia|boa tarde))*|estás aí|você está aí|está me ouvindo",
        to.say("hello"),
    ),
    (
        r"(?:muito |ok |tá |perfeito |ótimo )*(?:obrigad[oa]|valeu)(?: (?:por tudo|pela ajuda|vasi|mesmo|demais))*|é tudo|é só isso|isso é tudo",
        to.say("thanks"),
    ),
    (
        r"(?:quem|o que|que) (?:é você|és tu|és|você é|é vasi)|como (?:você se chama|te chamas|se chama)|qual (?:é )?(?:o )?(?:seu|teu) nome|apresenta-te|apresente-se|se apresente|você é (?:humano|um robô|uma maquina|uma pessoa|real|uma ia)",
        to.say("identity"),
    ),
    (
        r"(?:o que (?:mais )?(?:você )?(?:pode|podes|sabe|sabes|consegue) fazer(?: por mim)?|ajuda|me ajuda|ajuda-me|ajude-me|como (?:você )?(?:pode|podes) (?:me )?ajudar(?:-me)?|o que (?:eu )?posso (?:te |lhe )?(?:perguntar|dizer|pedir|fazer)(?: aqui)?|como (?:você|isto|isso) funciona)(?: por favor)?",
        to.say("abilities"),
    ),
    (r"(?:adeus|tchau|até (?:logo|mais|breve|amanhã|já)|boa noite)(?: vasi)?", to.say("goodbye")),
    (
        r"(?:sim|não|ok(?:ay)?|tá(?: bom| bem)?|está bem|bem|certo|claro|de acordo|combinado|entendi|entendido|percebi|ah|eh|hum+|perfeito|ótimo|legal|exato|isso|por favor)(?:[ ,.!]+(?:sim|não|ok|bem|obrigado|obrigada|então))*",
        to.say("acknowledge"),
    ),
    (
        r"(?:que horas são|que hora é|me diz as horas|diz-me as horas|qual (?:é )?a hora|tem horas)(?: (?:agora|por favor))*",
        always(AskClock("time")),
    ),
    (
        r"(?:que|qual) (?:dia|data)(?: da semana)?(?: (?:é|foi|será|era|estamos|temos))?(?: (?P<near>hoje|amanhã|ontem|depois de amanhã|anteontem))?|qual (?:é )?a data(?: de (?P<near2>hoje))?|que dia (?P<near3>hoje|amanhã) é",
        to.ask_date,
    ),
)
_LISTS: Table = (
    (rf"(?:esvazia|esvazie|limpa|limpe) {_LIST}", to.clear),
    (rf"{_DEL} tudo {_IN} {_LIST}", to.clear),
    (rf"(?:faz|faça|cria|crie|começa|escreve) {_LIST}(?: com|:|,) (?P<text>.+)", to.add),
    (
        rf"{_PUT}(?: (?:também|por favor))* (?P<text>.+?)(?: (?:também|por favor))* {_IN} {_LIST}(?: (?:também|por favor))*",
        to.add,
    ),
    (rf"{_PUT} {_IN} {_LIST}[:,]? (?P<text>.+)", to.add),
    (rf"(?:{_DEL}|risca|risque) (?P<text>.+?) {_IN} {_LIST}(?: por favor)?", to.remove),
    (
        rf"(?:risca|risque|riscar|marca|marque|marcar|assinala) (?P<text>.+?)(?: como (?:feit[oa]s?|comprad[oa]s?|pront[oa]s?))?(?: {_IN} {_LIST})?(?: como (?:feit[oa]s?|comprad[oa]s?|pront[oa]s?))?",
        to.tick,
    ),
    (rf"o que (?:há|tem|tenho|está|falta|resta)(?: (?:ainda))? {_IN} {_LIST}", to.read_list_aloud),
    (rf"{_READ} {_LIST}(?: (?:de novo|em voz alta|por favor))*", to.read_list_aloud),
    (rf"(?:há|tem|está|estão|tenho)(?: já)? (?P<text>.+?)(?: já)? (?:na|numa) {_LIST}", to.ask_list),
    (rf"(?:o |a |os |as )?(?P<text>[\w' -]{{1,40}}?) (?:está|estão) na {_LIST}", to.ask_list),
)
_DELETING: Table = (
    (
        rf"{_DEL} (?:tudo|todas|todas as (?:minhas )?notas|todas minhas notas|(?:as )?minhas notas|as notas)",
        always(DeleteNotes()),
    ),
    (
        r"(?:desfaz|desfaça|desfazer|desfaz-lo|reverte|reverta|restaura|restaure|recupera|recupere)(?: (?:isso|isto|a nota|a ultima nota|o ultimo|a ultima (?:alteração|mudança|ação)|a (?:alteração|mudança)))?(?: (?:de novo|outra vez|por favor))*|volta atrás|traz(?: (?:isso|a nota))? de volta|traga(?: (?:isso|a nota))? de volta",
        always(Undo()),
    ),
    (rf"{_DEL}(?:-a|-o| (?:isso|isto|essa|esta|essa nota|esta nota|a nota))(?: por favor)?", always(DeleteNote(THAT))),
    (rf"{_DEL} {_THE}{NTH_NOTE}", to.delete_nth),
    (rf"{_DEL} (?:as |as minhas |minhas )?(?P<end>ultimas|primeiras) {_NUM} notas", to.delete_some),
    (rf"{_DEL} (?:as |as minhas |minhas )?{_NUM} (?P<end>ultimas|primeiras) notas", to.delete_some),
    (rf"{_DEL} (?:as )?{_NUM} notas (?P<end>mais antigas|mais recentes)", to.delete_some),
    (rf"{_DEL} {_THE}(?:ultima nota|nota anterior)", always(DeleteNote(LAST))),
    (rf"{_DEL} todas as (?:minhas )?notas {_ABOUT} (?P<note>.+)", to.delete_about),
    (rf"{_DEL} (?:(?:a|minha|a minha|essa|uma) )?nota,? {_ABOUT} (?P<note>.+)", to.delete),
    (
        r"(?:apaga|apague|apagar|exclui|exclua|remove|remova|elimina) (?:a |minha |a minha )?(?P<list>lista(?: (?:de|do|da|das|para) [\w-]+(?: [\w-]+)?)?)",
        to.delete_list,
    ),
    (rf"{_DEL}(?: uma)? nota(?P<note>)", to.delete),
)
_CHANGING: Table = (
    (
        rf"(?:na|em|na minha|nessa|nesta) (?:ultima )?nota(?: {_ABOUT} (?P<note>[^,]+?))?,? (?:substitui|substitua|troca|troque|muda|mude) (?P<old>.+?) (?:por|para) (?P<new>.+)",
        to.replace,
    ),
    (
        rf"(?:substitui|substitua|troca|troque|muda|mude) (?P<old>.+?) por (?P<new>.+?) (?:na|em|na minha|nessa|nesta) (?:ultima )?nota(?: {_ABOUT} (?P<note>.+))?",
        to.replace,
    ),
    (
        r"(?:substitui|substitua|troca|troque) (?P<old>(?!a nota|minha nota|o nome)[^.:;]{1,60}?) por (?P<new>[^.:;]{1,60})",
        to.replace_there,
    ),
    (
        rf"(?:renomeia|renomeie|muda o nome da|mude o nome da|chama|chame) (?:(?:a|minha|essa|à) )?(?:nota(?: {_ABOUT} (?P<note>.+?))?|(?P<list>lista(?: (?:de|do|da|das) \w+)?)) (?:para|como|de) (?P<title>.+)",
        to.rename,
    ),
    (rf"{_CHANGE} {_THE}{NTH_NOTE} (?:para|por):? (?P<text>.+)", to.change_nth),
    (rf"{_CHANGE} {_THE}(?:ultima )?nota (?:para|por)(?: dizer(?: que)?)?:? (?P<text>.+)", to.change_last),
    (rf"{_CHANGE} {_THE}nota,? {_ABOUT} (?P<note>.+?) (?:para|por)(?: dizer(?: que)?)?:? (?P<text>.+)", to.change),
    (rf"{_THE}nota {_ABOUT} (?P<note>.+?) (?:deve|tem de|tem que) dizer(?: que)?:? (?P<text>.+)", to.change),
    (r"(?:não,? )?(?:muda|mude|põe|troca|corrige)(?:-o|-a| isso)? (?:para|por) (?P<text>.+)", to.correct),
    (
        r"(?:(?:não|desculpa|desculpe|espera|perdão|aliás)[,.!]? )+(?:eu )?(?:quis dizer|queria dizer|é|era|na verdade é)(?: que| o| a)? (?P<text>.+)|(?:eu )?(?:quis dizer|queria dizer) (?P<other>.+)",
        to.correct,
    ),
    (
        rf"{_PUT} (?P<text>.+?) (?:à|a|na|em|a minha|à minha) (?:essa |esta |minha )?(?:ultima )?nota(?: {_ABOUT} (?P<note>.+))?",
        to.append,
    ),
    (rf"{_PUT} (?:à|na) (?:minha )?nota(?: {_ABOUT} (?P<note>[^:,]+?))?(?: que|:|,) (?P<text>.+)", to.append),
)
_FINDING: Table = (
    (
        rf"(?:o que (?:eu )?(?:tenho|há|tem)(?: (?:que fazer|para fazer|marcado|planejado|planeado|anotado|combinado))?|(?:eu )?tenho(?: (?:alguma coisa|algo|algum compromisso|compromissos|planos))?|(?:há|tem) (?:algo|alguma coisa|algum compromisso))(?: (?:marcado|planejado|planeado|anotado))?(?: para| de)? {_WHEN}",
        to.dated,
    ),
    (rf"(?:quais são |diz |leia )?(?:os )?meus compromissos(?: (?:de|para))? {_WHEN}", to.dated),
    (
        rf"(?:{_READ} )?(?:a |a minha |minha )?(?:nota mais (?:antiga|velha)|primeira nota)(?: de novo)?|qual é a minha (?:nota mais antiga|primeira nota)",
        to.oldest,
    ),
    (rf"(?:{_READ}|o que diz|qual é)(?: (?:a|a minha|minha))? {NTH_NOTE}(?: de novo)?", to.read_nth),
    (rf"(?:{_READ}|o que diz) (?:essa|esta) nota(?: (?:de novo|outra vez|em voz alta))?", always(ReadNote(THAT))),
    (r"quantas notas (?:(?:eu )?tenho|há|existem|(?:eu )?fiz)?\b(?P<topic>.*)", to.count),
    (
        rf"(?:(?:{_READ}|qual é|o que diz|qual foi)(?: (?:a|minha|a minha))? ultima nota|(?:a )?minha ultima nota|o que (?:eu )?acabei de anotar|o que (?:eu )?anotei por último)",
        always(ListNotes(limit=1)),
    ),
    (rf"{_READ}(?: (?:as|minhas|as minhas))? ultimas {_NUM} notas", to.newest),
    (rf"{_READ}(?: (?:as|minhas|as minhas))? {_NUM} ultimas notas", to.newest),
    (
        r"(?:o que|que|quando|onde|quem|quanto)(?: é que)?(?: eu)? (?:anotei|escrevi|apontei|guardei|tinha anotado)\b(?P<topic>.*)",
        to.find("topic"),
    ),
    (r"(?:o que|onde|quando) (?:eu )?(?:te disse|disse|falei|pedi para anotar)(?P<topic> .+)", to.find("topic")),
    (
        r"(?:o que|quando|onde|quem) (?:dizem|diz|há|tem)(?: nas)?(?: as)? (?:minhas )?notas(?P<topic>.*)|o que (?:há|tem|está) nas minhas notas(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (r"(?:eu )?(?:já )?(?:anotei|escrevi) (?:algo|alguma coisa)(?P<topic> .+)", to.find("topic")),
    (rf"(?:(?:eu )?tenho|há|tem|existe)(?: (?:alguma|uma|nenhuma))? notas?(?P<topic> {_ABOUT} .+)", to.find("topic")),
    (
        r"(?:que|quais) notas (?:(?:eu )?tenho|há|existem|(?:eu )?fiz)\b(?P<topic>.*)|quais são (?:as )?minhas notas(?P<other>.*)",
        to.find("topic", "other"),
    ),
    (
        r"(?:busca|busque|buscar|procura|procure|procurar|encontra|encontre|acha|ache|consulta|olha)(?: (?:a|nas|na|as|minha|minhas|uma))* notas?(?P<topic> .+)",
        to.find("topic"),
    ),
    (r"(?:busca|busque|procura|procure) (?:por )?(?P<topic>.+?) nas (?:minhas )?notas", to.find("topic")),
    (rf"{_READ}(?: (?:todas|as|minhas))* notas(?P<topic>.*)", to.find("topic")),
    (r"(?:todas )?(?:as )?minhas notas(?P<topic>(?: (?:de|do|da|desde|sobre) .*)?)", to.find("topic")),
    (rf"(?:{_READ} )?(?:a|minha|a minha) nota {_ABOUT} (?P<topic>.+)", to.find("topic")),
    (r"(?:segundo|de acordo com) (?:as )?minhas notas,? (?P<topic>.+)", to.find("topic")),
    (r"(?:você (?:se )?lembra|lembras-te|te lembras)(?: (?:de|do|da|onde|que|o que))? (?P<topic>.+)", to.find("topic")),
)
_TAKING: Table = (
    (
        r"(?:anota|anote|escreve|escreva|guarda|guarde|aponta)(?: (?:isso|isto))(?: (?:aí|por favor)){0,4}|(?:anota|escreve)-o",
        always(TakeNote("", refers_back=True)),
    ),
    (
        rf"(?:toma|tome|tomar|faz|faça|fazer|cria|crie|criar|escreve|escreva|guarda|adiciona)(?: (?:uma|outra|nova|a seguinte)){{0,4}} nota{_TEXT}",
        to.take,
    ),
    (r"(?:nova )?nota(?: ?[:,–-]+(?=\s)| (?:de )?que\b) ?(?P<text>.*)", to.take_that),
    (r"(?:uma |nova |uma nova )nota(?P<text>)", to.take),
    (
        rf"(?:anota|anote|anotar|aponta|aponte|apontar)\b(?: (?:aí|por favor|nas minhas notas)){{0,4}}{_TEXT}",
        to.take_that,
    ),
    (r"(?:escreve|escreva|guarda|põe|coloca) (?P<text>.+?) nas (?:minhas )?notas", to.take),
    (
        r"(?:me lembra|me lembre|lembra-me|lembre-me|lembrar-me|me lembrar)(?! (?:onde|quando|quem|qual|como|quanto)\b)(?: ?[:,]? ?(?:(?:de )?que\b|de\b)? ?)(?P<text>.+)",
        to.remind,
    ),
    (
        r"(?:lembra|lembre|não (?:te )?esqueças?|não se esqueça|não esquece|tem em conta)(?: ?[:,]? ?(?:de )?(?:que)\b ?)(?P<text>.+)",
        to.take_that,
    ),
)
_SHORT: Table = (
    (
        r"(?!.*\bnota)(?:adiciona|adicione|acrescenta|acrescente|põe|coloca|bota)(?: também)? (?P<text>[^.:;]{1,80}?)(?: (?:também|lá))*",
        to.add_there,
    ),
    (r"(?:e )?também (?P<text>[^.:;?]{1,60})", to.add_there),
    (r"(?!.*\bnota)(?:tira|tire|remove|remova|apaga|apague) (?P<text>[^.:;]{1,60})", to.remove_there),
)
_HELPING: Table = (
    (
        r"(?!.*\b(?:pagina|documento|arquivo|ficheiro|capitulo|manual|contrato|pdf)\b)(?:ordena|ordene|move|mova|copia|copie|compartilha|partilha|envia|envie|manda|imprime|imprima|arquiva|exporta|exporte|marca|agrupa|resume|resuma|traduz|junta|organiza|organize|faz)\w*\b.*\bnotas?\b.*",
        always(NotesHelp()),
    ),
    (
        r"(?!.*\b(?:pagina|documento|arquivo|ficheiro|capitulo|manual|contrato|pdf)\b)(?:.*\bminhas?(?: \w+)? notas?\b.*)",
        always(NotesHelp()),
    ),
)
_COMMANDS = r"(?:toma|tome|faz|faça|anot|apont|põe|ponha|coloc|adicion|acrescent|tir|remov|apag|exclu|elimin|lê|leia|ler|mostr|diz|diga|mud|alter|corrig|corrij|troc|risc|marc|esvazi|renome|substitu|desfa|lembr|busc|procur|cri|escrev|repet|repit|recuper|restaur)"
LOCALE = Locale(
    "pt",
    Grammar(
        words=WORDS,
        dictating=compiled(_DICTATING, after=""),
        phrases=commands_of(_TALKING, _LISTS, _DELETING, _CHANGING, _FINDING, _TAKING),
        taking=compiled(_TAKING),
        last=commands_of(_SHORT, _HELPING),
        wrapping=whole(
            rf"(?:{_HELLO}(?:,? (?:vasi|assistente))?|vasi|ok(?:ay)?|eh+|bom|bem|então|olha|por favor|obrigado|obrigada|sim|ah|oh|desculpa|desculpe|e|agora|também|depois)[\s,.!?:;]+"
            r"|(?P<polite>(?:você )?(?:pode|podes|poderia|podia|consegue) (?:por favor |me )*)(?=\w)"
            rf"|(?:não|espera)[\s,.!]+(?={_COMMANDS})"
            rf"|(?:(?:eu )?quero que (?:você )?|(?:eu )?gostaria que (?:você )?|preciso que (?:você )?|(?:eu )?quero |preciso |gostaria de )(?={_COMMANDS})"
        ),
        after=somewhere(r"(?:(?<![\s,])[\s,]++(?:por favor|obrigado|obrigada|para mim|vasi)){1,4}[\s.!?]*$"),
        tell_me=whole(
            r"(?:diz-me|diga-me|me diz|me diga|dizer|você sabe|sabes|sabe|(?:eu )?quero saber|(?:eu )?queria saber|gostaria de saber|explica-me|me explica|fala-me (?:de|do|da|sobre)|me fala (?:de|do|da|sobre)|busca|procura)(?: se)?,? "
        ),
        between=somewhere(
            rf"(?:[,.;!]? (?:e depois|e então|e também|e|depois|então),? |[,.;!] )(?=(?:por favor |também )?(?:{_COMMANDS}|o que ))"
        ),
        joining=somewhere(r",? e |[,;] "),
        names_notes=somewhere(r"\bnotas?\b|\blistas?\b|desfa"),
        completed={"add": "adiciona {}", "remove": "tira {}", "tick": "risca {}"},
    ),
    NOTES,
    TALK,
    whole(
        r"(?:resume|resuma|resumir)\b.+|(?:(?:dá-me|me dá|faz|faça|quero|qual é) )?(?:um |o )?(?:breve )?resumo (?:de|do|da|dos|sobre) .+|(?:sobre|de) o? ?que (?:trata|tratam|fala|falam) (?:o|este|esse|meu|os|meus) (?:documentos?|arquivos?|textos?)"
    ),
)
