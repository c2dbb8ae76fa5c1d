"""Function words by language: what carries no meaning in a search, what asks, and what denies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "de", "es", "fr", "it", "nl", "pt", "ar", "ja", "ko", "zh"]
"""ISO 639-1 code of a language that has stop words, question words and a stemmer."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words("""
a about above after again all also am an and any are aren't as at be because been before being below
between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
each few for from further had hadn't has hasn't have haven't having he he'd he'll her here hers herself
him himself his how i i'd i'll i'm i've if in into is isn't it its itself just let me more most mustn't my
myself no nor not of off on once only or other our ours ourselves out over own same shan't she she'd
she'll should shouldn't so some such than that the their theirs them themselves then there these they
they'd they'll they're they've this those through to too under until up us very was wasn't we we'd we'll
we're we've were weren't what when where which while who whom whose why will with won't would wouldn't you
you'd you'll you're you've your yours yourself yourselves
""")

_GERMAN = _words("""
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim
bin bis bist da dabei dafür damit dann das dass daß dazu dein deine deinem deinen deiner deines dem den denn der
deren derer des dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
einer eines einig einige einigen einmal er es etwas euch euer eure eurem euren eurer für gegen gibt ggf hab habe haben
hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden
jeder jedes jene jetzt kann kannst können könnte könnten kein keine keinem keinen keiner man manche mehr mein meine
meinem meinen meiner mich mir mit muss muß müssen nach nicht nichts noch nun nur ob oder ohne sehr sein seine
seinem seinen seiner selbst sich sie sind so solche soll sollen sollte sollten sondern sonst sowie über um und uns
unser unsere unserem unseren unserer unter viel vom von vor war waren warum was weil welche welchem welchen welcher
welches wem wen wenn wer werde werden wessen wie wieder wieviel wieviele wieso will wir wird wo wofür wohin woher wann
womit wollen worden wurde wurden während würde würden zu zum zur zwar zwischen viele ihres bitte
""")

_SPANISH = _words("""
a al algo algunas algunos alguna algún ante antes aquel aquella así aun aunque aún cada como con contra cual cuando
cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo de del desde donde dónde durante e el ella ellas ellos en entre
era eran eres es esa esas ese eso esos esta estaba estado estamos estar estas este esto estos está están estoy fue
fueron ha había haber habrá hace hacia han has hasta hay he la las le les lo los me mi mis mucho muchos muy más mí nada
ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque puede pueden
puedo qué que quien quienes quién quiénes se sea ser si sido sin sobre solo sólo son soy su sus suya suyo también tan
tanto te tengo tiene tienen tenía todo todos toda todas tras tu tus tú un una unas uno unos usted ustedes ya y yo él
cuyo cuya hemos será serán pues según vosotros
""")

_FRENCH = _words("""
a afin ai ainsi alors après as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons ayant c car ce
ceci cela celle celles celui ces cet cette ceux chaque chez ci combien comme comment d dans de depuis des donc dont du
elle elles en encore entre es est et etc eu eux fait fut il ils j je jusqu jusque l la laquelle le lequel les lesquelles
lesquels leur leurs lors lorsque lui m ma mais me mes moi moins mon même mêmes n ne ni nos notre nous on ont ou où par
parce pas pendant peut peuvent plus pour pourquoi pourrait puis qu quand que quel quelle quelles quels qui quoi s sa
sans se sera seront ses si soit son sont sous sur ses t ta te tes toi ton tous tout toute toutes tu très un une vers
via voici vos votre vous y à ça été étaient était étant être est-ce dès doit doivent selon quelque quelques lieu
""") - {"lieu", "est-ce"}

_ITALIAN = _words("""
a abbiamo ad agli ai al alla alle allo anche ancora avere aveva avevano c che chi ci ciò come con contro cosa così cui
da dagli dai dal dalla dalle dallo degli dei del dell della delle dello deve devono di dopo dove due durante e ed era
erano essere fa fino fra fu furono gli ha hai hanno ho i il in io l la le lei li lo loro lui ma me mi mia mie miei mio
molto ne negli nei nel nell nella nelle nello no noi non nostra nostre nostri nostro o ogni oppure per perché però più
poi possono può prima qual quale quali quando quanta quante quanti quanto quella quelle quelli quello questa queste
questi questo qui se senza si sia siamo siete sono sotto sta stata stati stato su sua sue sugli sui sul sulla sulle
suo suoi te ti tra tu tua tue tuo tuoi tutta tutte tutti tutto un una uno vi voi vostra vostre vostro è dov dell all
dall sull un' nonché
""") - {"un'"}

_DUTCH = _words("""
aan al alle alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge geen
geweest haar had heb hebben heeft hem het hier hij hoe hoeveel hoelang hun iemand iets ik in is ja je jij jou jouw kan
kon kunnen kunt maar me meer men met mij mijn moet moeten na naar niet niets nog nu of om omdat onder ons onze ook op
over reeds te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want waren was wat welk welke werd worden
wordt wie wil wij zal ze zich zij zijn zo zonder zou zullen deze zoals worden dient waarvoor waarmee
""")

_PORTUGUESE = _words("""
a ao aos aquela aquelas aquele aqueles aquilo as até cada com como da das de dela delas dele deles depois do dos e ela
elas ele eles em entre era eram essa essas esse esses esta estamos estas estava estavam este estes estou está estão eu
foi fomos for foram há isso isto já lhe lhes mais mas me mesmo meu meus minha minhas muito muitos na nas nem no nos
nossa nossas nosso nossos num numa não nós o onde os ou para pela pelas pelo pelos por porque porquê pode podem posso
qual quais quando quanta quantas quanto quantos que quem quê se seja sem ser será serão seu seus sob sobre sou sua suas
são só também te tem tenho ter teu teus teve tinha tua tuas tudo têm um uma umas uns você vocês vos à às é deve devem
desde foi havia
""")

_ARABIC = _words("""
في من إلى على عن مع هذا هذه ذلك تلك الذي التي الذين اللذين هو هي هم هن أنا أنت نحن كان كانت يكون تكون ما ماذا متى أين
كيف كم لماذا هل أي أية التى أن إن لا لم لن قد و أو ثم بين بعد قبل حتى عند كل بعض غير إذا لو لكن منذ حول خلال دون كما
ليس ليست به بها له لها لهم فيه فيها منه منها عليه عليها ذا يا إنه أنه وهو وهي والتي الي الى او ان لأن بأن
""")

_JAPANESE = _words("""
の に は を た が で て と し れ さ い も な か ら り よ ね や へ です でし まし ます した する ある いる いた って
ての には とは から まで より など これ それ あれ この その あの ここ そこ どこ なに いつ だれ どの どれ どう なぜ
ため こと もの よう ない とい いう われ れる られ され せん ませ てい でき きる では しょ ょう うか のか のは のが
のに をし して にな なる なり なっ った んで くだ ださ さい いく くつ くら かか かる 何 誰
""")

_KOREAN = _words("""
이 그 저 것 수 등 및 또는 그리고 하지만 그러나 있다 있는 있습니다 있나요 없다 없는 없습니다 하다 하는 합니다 하나요
된다 되는 됩니다 되나요 이다 입니다 인가요 무엇 무엇을 무엇이 무엇인가요 누구 누가 언제 어디 어디에 어디서 왜 어떻게
몇 얼마 얼마나 얼마의 얼마인가요 어떤 어느 대한 대해 위한 위해 에서 으로 은 는 가 을 를 의 에 와 과 도 로 내 우리
저는 나는
""")

_CHINESE = _words("""
的 了 是 在 和 与 或 有 也 就 都 不 这 那 我 你 他 她 它 们 谁 哪 几 吗 呢 吧 啊 誰 我们 你们 他们 什么 甚么 什麼
哪里 哪儿 何时 怎么 怎样 如何 为什 為什 多少 一个 这个 那个 是什 是谁 在哪 有多 么时 时候 么是 少钱
""")

STOP_WORDS_OF: Mapping[Language, frozenset[str]] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "it": _ITALIAN,
    "nl": _DUTCH,
    "pt": _PORTUGUESE,
    "ar": _ARABIC,
    "ja": _JAPANESE,
    "ko": _KOREAN,
    "zh": _CHINESE,
}
"""Function words, question words among them, in the form that ``vasi.language.terms.words`` gives them."""

QUESTION_WORDS: Mapping[Language, frozenset[str]] = {
    "en": _words("what when where which who whom whose why how"),
    "de": _words("""
        was wann wo wohin woher welche welchem welchen welcher welches wer wem wen wessen warum wieso weshalb wie
        wieviel wieviele womit wofür wodurch
    """),
    "es": _words("qué cuándo dónde cuál cuáles quién quiénes cómo cuánto cuánta cuántos cuántas"),
    "fr": _words("qui que quoi quand où quel quelle quels quelles lequel laquelle pourquoi comment combien"),
    "it": _words("che chi cosa quando dove dov quale quali qual perché come quanto quanta quanti quante"),
    "nl": _words("wat wanneer waar welk welke wie waarom hoe hoeveel hoelang waarmee waarvoor"),
    "pt": _words("que quê quando onde qual quais quem porque porquê como quanto quanta quantos quantas"),
    "ar": _words("ما ماذا متى أين من كيف كم لماذا هل أي أية"),
    "ja": _words("何 誰 なに いつ どこ だれ どの どれ どう なぜ いく くつ くら"),
    "ko": _words("무엇 누구 누가 언제 어디 왜 어떻게 몇 얼마 얼마나 어떤 어느"),
    "zh": _words("什么 什麼 谁 誰 哪 哪里 哪儿 何时 怎么 怎样 如何 为什 為什 多少 几 吗"),
}
"""Words that ask, as written: "où" asks, "ou" is "or"."""

NEGATIONS: Mapping[Language, frozenset[str]] = {
    "en": _words("""
        no not nor never none nobody nothing without except excluding cannot aren't can't couldn't didn't doesn't don't
        hadn't hasn't haven't isn't mustn't shan't shouldn't wasn't weren't won't wouldn't
    """),
    "de": _words(
        "nicht nichts nie niemals niemand kein keine keinem keinen keiner keines ohne außer ausgenommen weder"
    ),
    "es": _words("no ni nunca jamás nadie nada ningún ninguna ninguno sin excepto salvo tampoco"),
    "fr": _words("ne n pas non ni jamais aucun aucune personne rien sans sauf hormis"),
    "it": _words("non no né mai nessun nessuno nessuna niente nulla senza eccetto tranne salvo"),
    "nl": _words("niet niets nooit geen niemand zonder behalve noch"),
    "pt": _words("não nem nunca jamais ninguém nada nenhum nenhuma sem exceto salvo"),
    "ar": _words("لا لم لن ليس ليست غير دون بدون سوى إلا"),
    "ja": _words("ない ません なし なく ず 除く 以外"),
    "ko": _words("안 못 없다 없는 없습니다 아니다 아닌 아닙니다 제외"),
    "zh": _words("不 没 没有 無 无 非 未 除了 除外 不是"),
}
"""Words that deny or except."""
