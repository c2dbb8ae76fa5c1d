"""Japanese: how people speak to vasi, and how it answers."""

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
from vasi.language.locales.japanese_replies import NOTES, TALK
from vasi.language.locales.japanese_words import JAPANESE_NOTES as WORDS
from vasi.language.locales.japanese_words import NTH_NOTE
from vasi.language.locales.locale import Grammar, Locale
from vasi.language.phrase import Table, always, commands_of, compiled, somewhere, whole

_P = r"(?:おいて)?(?:ください|下さい|くださいね|くれますか|くれませんか|くれる|くれ|もらえますか|もらえる|いただけますか|ちょうだい|ほしい|欲しい|ね|よ|お願いします|お願い){0,4}"
_DEL = r"(?:削除して|消して|けして|捨てて|削除|消去して)"
_CHANGE = r"(?:変えて|変更して|直して|書き換えて|修正して|書き直して|訂正して|変更)"
_READ = r"(?:読んで|読み上げて|見せて|教えて|聞かせて|言って|表示して|読み直して)"
_ABOUT = r"(?:についての|に関する|のことの|の)"
_LIST = r"(?P<list>[^をにはがから、。]{0,14}リスト)"
_PUT = r"(?:追加して|入れて|書いて|足して|加えて|載せて|のせて|追加)"
_END = r"(?:です|ます|でした|ました)?(?:か|の|かな|っけ|でしょうか|んですか)?"

_DICTATING: Table = (
    (
        r"(?:メモ|ノート)(?:を?(?:取って|とって|して|作って|書いて))?(?:おいて)?(?:ください)?(?P<this>):(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?P<this>これを|次のことを|以下を)?(?:メモして|書き留めて|記録して|覚えて)(?:おいて)?(?:ください)?:(?P<text>.*)",
        to.dictated,
    ),
)
_TALKING: Table = (
    (
        r"(?:(?:もう)?(?:止めて|やめて|ストップ|止まって|静かに(?:して)?|黙って|中止(?:して)?|キャンセル)|もういい(?:です)?|もう十分(?:です)?|気にしないで)(?:ください)?",
        to.say("stop"),
    ),
    (
        rf"(?:(?:もう一度|もう一回|もういちど)(?:言って|お願い(?:します)?|読んで|話して|ゆっくり(?:言って)?)?|(?:今の(?:を)?)?(?:繰り返して|くり返して)|(?:今)?(?:何|なん)て(?:言った|言いました){_END}|聞こえません(?:でした)?|聞こえなかった|え)(?:ください)?",
        always(Repeat()),
    ),
    (
        rf"(?:それは)?(?:どこに書いてある|どこに書いてあります|どこからの情報|どの文書|どの文書にあります|どのページ|何ページ){_END}|(?:出典|情報源)は(?:何|どこ)?{_END}|誰が言って(?:いる|いた|る){_END}",
        always(Repeat(source=True)),
    ),
    (rf"(?:こんにちは)?(?:お?元気|調子はどう){_END}", to.say("wellbeing")),
    (
        r"(?:こんにちは|こんばんは|おはよう(?:ございます)?|やあ|もしもし|ハロー|はじめまして)(?:vasi|バシ|ヴァシ)?|いますか",
        to.say("hello"),
    ),
    (
        r"(?:どうも)?(?:ありがとう(?:ございます|ございました)?|サンキュー|助かりました|助かった)|どうも",
        to.say("thanks"),
    ),
    (
        rf"(?:あなた|君|きみ|お前)?は?(?:誰|だれ|何者|何){_END}|(?:あなたの)?お?名前は(?:何|なに|なん)?{_END}|自己紹介(?:して)?(?:ください)?|あなたは(?:人間|ロボット|AI|機械){_END}",
        to.say("identity"),
    ),
    (
        rf"(?:あなたは|君は)?(?:何|なに)が(?:できる|出来る|でき|出来){_END}|(?:何|なに)を(?:聞けば|聞いたら|言えば)いい{_END}|ヘルプ|助けて(?:ください)?|手伝って(?:ください)?|使い方(?:を教えて(?:ください)?|は)?",
        to.say("abilities"),
    ),
    (
        r"(?:さようなら|さよなら|バイバイ|またね|じゃあね|おやすみ(?:なさい)?|また明日|また後で|失礼します)",
        to.say("goodbye"),
    ),
    (
        r"(?:はい|いいえ|いや|うん|ううん|ええ|わかりました|分かりました|わかった|分かった|了解(?:です|しました)?|オーケー|ok|そうですか|そう|なるほど|いいよ|いいです|いいですよ|大丈夫(?:です)?|お願いします|えっと|あの)",
        to.say("acknowledge"),
    ),
    (rf"(?:今は?)?何時{_END}|(?:今の)?時間(?:を教えて(?:ください)?|は)", always(AskClock("time"))),
    (
        rf"(?:(?P<near>今日|明日|昨日|明後日|あした|きのう)は?)?(?:何曜日|何日|何月何日){_END}|(?P<near2>今日|明日|昨日)の(?:日付|曜日)は?(?:何)?{_END}",
        to.ask_date,
    ),
)
_LISTS: Table = (
    (rf"{_LIST}(?:を(?:空に|からに|からっぽに)して|をクリアして|の(?:中身|もの)?を?全部{_DEL}){_P}", to.clear),
    (rf"(?P<text>.+?)の{_LIST}を(?:作って|作成して){_P}", to.add),
    (rf"{_LIST}に(?P<text>.+?)(?:を|も)?{_PUT}{_P}", to.add),
    (rf"(?P<text>.+?)(?:を|も){_LIST}に{_PUT}{_P}", to.add),
    (rf"{_LIST}から(?P<text>.+?)を?(?:外して|除いて|取って|{_DEL}){_P}", to.remove),
    (rf"(?P<text>.+?)を{_LIST}から(?:外して|除いて|取って|{_DEL}){_P}", to.remove),
    (
        rf"(?:{_LIST}の)?(?P<text>.+?)(?:を|に|は)?(?:チェックして|チェック入れて|完了にして|済みにして|チェックを入れて|チェック済みにして){_P}",
        to.tick,
    ),
    (
        rf"{_LIST}(?:には|に|の中には|の中に|の中身は|は)?(?:何|なに)?が?(?:あり|ある|入って|入っている|残っている|残って|入ってい|何){_END}",
        to.read_list_aloud,
    ),
    (rf"{_LIST}の中身(?:を教えて)?{_P}", to.read_list_aloud),
    (rf"{_LIST}を?(?:もう一度)?{_READ}{_P}", to.read_list_aloud),
    (
        rf"{_LIST}に(?P<text>.+?)(?:は|が)(?:あり|ある|入って|入っている|入ってい|載っている|載ってい){_END}",
        to.ask_list,
    ),
    (rf"(?P<text>.+?)は{_LIST}に(?:あり|ある|入って|入っている|入ってい|載っている|載ってい){_END}", to.ask_list),
)
_DELETING: Table = (
    (
        rf"(?:全部|すべて|全て)の?(?:メモ)?を?(?:全部)?{_DEL}{_P}|(?:私の)?メモを?(?:全部|すべて|全て){_DEL}{_P}",
        always(DeleteNotes()),
    ),
    (
        rf"(?:それを?|今のを?|さっきのを?|変更を|今の変更を)?(?:元に戻して|取り消して|もどして|戻して|やり直して|なかったことにして|復元して|元通りにして){_P}|(?:取り消し|アンドゥ|元に戻す)",
        always(Undo()),
    ),
    (
        rf"(?:その|この|今の|さっきの)メモを?{_DEL}{_P}|(?:それ|これ)を?{_DEL}{_P}|メモを{_DEL}{_P}",
        always(DeleteNote(THAT)),
    ),
    (
        rf"(?P<end>最後|最新|最近|最初|古い)の?(?P<count>\d{{1,2}}|二|三|四|五|二つ|三つ)(?:つ|個|件|枚)?のメモを?{_DEL}{_P}",
        to.delete_some,
    ),
    (rf"{NTH_NOTE}を?{_DEL}{_P}", to.delete_nth),
    (rf"(?:最後|最新|最近|直前|前)のメモを?{_DEL}{_P}", always(DeleteNote(LAST))),
    (rf"(?P<note>.+?){_ABOUT}メモを?(?:全部|すべて|全て){_DEL}{_P}", to.delete_about),
    (rf"(?P<note>.+?){_ABOUT}メモを?{_DEL}{_P}", to.delete),
    (rf"(?P<list>[^をにはがから、。]{{0,14}}リスト)を?{_DEL}{_P}", to.delete_list),
)
_CHANGING: Table = (
    (rf"(?P<note>.+?){_ABOUT}メモの(?:名前|タイトル|題名|題)を(?P<title>.+?)に(?:して|{_CHANGE}){_P}", to.rename),
    (rf"(?P<list>.+?リスト)の(?:名前|タイトル)を(?P<title>.+?)に(?:して|{_CHANGE}){_P}", to.rename),
    (rf"(?P<note>.+?){_ABOUT}メモの(?P<old>.+?)を(?P<new>.+?)に(?:置き換えて|{_CHANGE}){_P}", to.replace),
    (rf"(?:その|この)メモの(?P<old>.+?)を(?P<new>.+?)に(?:置き換えて|{_CHANGE}){_P}", to.replace_there),
    (rf"{NTH_NOTE}を(?P<text>.+?)に{_CHANGE}{_P}", to.change_nth),
    (rf"(?:(?:その|この|最後の|最新の|直前の))?メモを(?P<text>.+?)に{_CHANGE}{_P}", to.change_last),
    (rf"(?P<note>.+?){_ABOUT}メモを(?P<text>.+?)に{_CHANGE}{_P}", to.change),
    (
        rf"(?:(?:いや|いいえ|違う|違います|間違えた|間違えました|ごめん|すみません)[、,]?)+(?P<text>.+?)(?:の間違い|と言いたかった|のつもり|に{_CHANGE})?{_END}{_P}",
        to.correct,
    ),
    (r"(?P<text>.+?)の間違い(?:です|でした|だった)", to.correct),
    (
        rf"(?P<note>.+?){_ABOUT}メモに(?P<text>.+?)(?:を|と|って)?(?:追加して|書き足して|付け足して|加えて|足して){_P}",
        to.append,
    ),
    (
        rf"(?:その|この)メモに(?P<text>.+?)(?:を|と|って)?(?:追加して|書き足して|付け足して|加えて|足して){_P}",
        to.append,
    ),
)
_FINDING: Table = (
    (
        rf"(?P<when>.{{2,30}}?)(?:の|は|に|には)?(?:予定|用事|約束|何か|なにか|スケジュール)?(?:は|が|を)?(?:ある|あり|何|なに|何がある|何があり|なにがある|どうなって(?:いる|る)|{_READ}){_END}{_P}",
        to.dated,
    ),
    (r"(?P<when>.{2,30}?)の(?:予定|用事|約束)は?", to.dated),
    (rf"(?:最初|一番古い|最も古い)の?メモを?(?:{_READ}{_P}|は何{_END})?", to.oldest),
    (rf"{NTH_NOTE}を?(?:もう一度)?{_READ}{_P}", to.read_nth),
    (
        rf"(?:その|この)メモを?(?:もう一度|もう一回)?{_READ}{_P}|(?:その|この)メモには?何(?:が|と)書いて(?:ある|あり){_END}",
        always(ReadNote(THAT)),
    ),
    (rf"(?P<topic>.*?)メモは?(?:いくつ|何個|何件|何枚)(?:ある|あり)?{_END}", to.count),
    (
        rf"(?:最後|最新|一番新しい|直前)の?メモ(?:を?{_READ}{_P}|は(?:何)?{_END})?|(?:さっき|今)(?:何|なに)をメモした{_END}",
        always(ListNotes(limit=1)),
    ),
    (rf"(?:最後|最新|最近)の(?P<count>\d{{1,2}}|二|三|四|五)(?:つ|個|件)?のメモを?{_READ}{_P}", to.newest),
    (
        rf"(?P<topic>.*?)(?:について|に関して|のこと)?(?:は|を|で)?(?:何|なに|なん|どう|どこに|いつ)?(?:を|と|て)?メモ(?:した|しました|してた|していた|してある|してあり|しておいた){_END}",
        to.find("topic"),
    ),
    (
        rf"(?P<topic>.+?)(?:について|に関して|に関する|のこと)?の?メモ(?:は|が|って)?(?:ある|あり|あった|残って(?:いる|い|る)){_END}",
        to.find("topic"),
    ),
    (
        rf"(?:私の|僕の)?メモ(?:には|に|で)(?P<topic>.+?)(?:は|が|について)?(?:何|なん)?(?:と|て)?(?:書いて)?(?:ある|あり){_END}",
        to.find("topic"),
    ),
    (
        rf"(?P<topic>.+?)(?:について|に関して|に関する|のこと)?の?メモを?(?:探して|検索して|見つけて|{_READ}){_P}",
        to.find("topic"),
    ),
    (
        rf"(?:私の|僕の)?(?:全部の|すべての|全ての)?メモを?(?:全部|すべて|全て)?(?:{_READ}|探して){_P}(?P<topic>)|(?:私の)?メモ(?:一覧|は何){_END}",
        to.find("topic"),
    ),
    (rf"メモ(?:から|で)(?P<topic>.+?)を?(?:探して|検索して|調べて){_P}", to.find("topic")),
    (rf"(?P<topic>.+?)(?:の|を|って)?(?:覚えてい?ます|覚えてい?る){_END}", to.find("topic")),
)
_TAKING: Table = (
    (
        rf"(?:それ|これ|今の|今の話|そのこと)を?(?:メモして|書き留めて|記録して|メモに(?:残して|書いて)){_P}",
        always(TakeNote("", refers_back=True)),
    ),
    (
        rf"(?:メモを?(?:取って|とって|して|作って|お願い|追加して|書いて)|メモ(?:したい|取りたい|を取りたい)(?:です)?|新しいメモ){_P}(?P<text>)",
        to.take,
    ),
    (rf"(?:メモを?(?:して|取って|とって)){_P}[、,](?P<text>.+)", to.take_that),
    (r"メモ[、,](?P<text>.+)", to.take_that),
    (
        rf"(?P<text>.+?)(?:って|と|を|ことを|のを)?(?:メモして|メモを?取って|メモに(?:残して|書いて|入れて)|書き留めて|記録して|ノートに書いて|メモ){_P}",
        to.take_that,
    ),
    (rf"(?P<text>.+?)(?:って|と|ことを|のを)(?:覚えて){_P}", to.take_that),
    (
        rf"(?P<text>.+?)(?:って|と|ことを|のを|を)?(?:リマインドして|思い出させて|忘れないように(?:して|教えて)?){_P}",
        to.remind,
    ),
)
_SHORT: Table = (
    (rf"(?!.*メモ)(?P<text>[^。？?]{{1,60}}?)(?:も|を)(?:追加して|入れて|足して|加えて){_P}", to.add_there),
    (rf"(?!.*メモ)(?P<text>[^。？?]{{1,60}}?)を(?:外して|取って|{_DEL}){_P}", to.remove_there),
)
_HELPING: Table = (
    (
        r"(?!.*(?:ページ|文書|ファイル|章|マニュアル|契約))(?:.*メモ.*(?:並べ替えて|整理して|コピーして|共有して|送って|印刷して|まとめて|要約して|翻訳して|移動して|分類して|エクスポートして|ソートして).*)",
        always(NotesHelp()),
    ),
    (r"(?!.*(?:ページ|文書|ファイル|章|マニュアル|契約))(?:.*(?:私|僕|わたし)のメモ.*)", always(NotesHelp())),
)
LOCALE = Locale(
    "ja",
    Grammar(
        words=WORDS,
        dictating=compiled(_DICTATING, after=""),
        phrases=commands_of(_TALKING, _LISTS, _DELETING, _CHANGING, _FINDING, _TAKING),
        taking=compiled(_TAKING),
        last=commands_of(_SHORT, _HELPING),
        wrapping=whole(
            r"(?:(?:ねえ|ねぇ|ええと|えっと|あの|じゃあ|では|それでは|すみません|ちょっと|はい|こんにちは|おはよう|ok|オーケー|そして|それから|あと|次に|お願い)[、,\s]*(?:vasi|バシ|ヴァシ)?[、,。\s]*|(?:vasi|バシ|ヴァシ)[、,\s]*)(?P<polite>(?!))?"
        ),
        after=somewhere(r"(?<![、,\s])[、,\s]*+(?:お願いします|お願い|ありがとう)[。!\s]*$"),
        between=somewhere(r"[、。,](?:そして|それから|あと|次に)?"),
        joining=somewhere(r"[、,](?:そして|それから)?|と"),
        names_notes=somewhere(r"メモ|リスト|元に戻して|取り消して"),
        completed={"add": "{}を追加して", "remove": "{}を外して", "tick": "{}をチェックして"},
    ),
    NOTES,
    TALK,
    whole(
        r".+?(?:を)?(?:要約して|まとめて)(?:ください)?|.+?の(?:要約|概要|まとめ)(?:を(?:教えて|作って|ください)|は)?(?:ください)?"
    ),
)
