"""Japanese words that tie an utterance to what is around it."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re

from vasi.language.locales.turns import EMPTY, EndingWords, FollowUpWords, TurnWords, any_word

TURNS = TurnWords(
    FollowUpWords(
        opening=re.compile(
            r"\A\s*(?:(?:はい|ええ|うん|なるほど|わかりました|ありがとう(?:ございます)?|ok|オーケー)[\s、。,]*){0,3}"
            r"(?:それでは|それじゃあ?|じゃあ?|では(?=[、\s]|[^\u3041-\u3096])|そして|それで|でも|または|あと|ちなみに)[\s、,]*",
            re.IGNORECASE,
        ),
        # what asks, refers and is polite; what remains of a question is what it's about
        asking=any_word("""
            いくら いくつ どのくらい どれくらい どれぐらい どこ いつ だれ 誰 なに なん どう どうやって どうして なぜ どれ どの 何時 何分 何日 何年 何人 何回
            何 時間 お金 かかり かかる 必要 でき できる あり ある ありません ない なり なる ましょう でしょう です でした ます ました ません ますか ですか ください
            教えて 開き 開く 閉まり 閉まる 始まり 始まる 終わり 終わる 使え 使える 知って 意味 から まで より
        """),
        questions=EMPTY,
        prepositions=EMPTY,
        pronouns=any_word("それ これ あれ そこ ここ あそこ その この あの そちら こちら 彼 彼女"),
        longest=26,
    ),
    EndingWords(
        open=re.compile(
            r"(?:を|が|に|へ|と|で|も|や|ので|けど|けれど|けれども|ですが|ますが|のに|ながら|たら|なら|れば|たり|とか|という|について|に関して|および|または|そして|それから"
            r"|でも|しかし|なぜなら|だから|えっと|えーと|ええと|あの|あのう|その|うーん|んー|まあ)[\s、。.…]*\Z"
        ),
        # "日曜日は", "何時から", "どこにあるの"
        half_open=re.compile(r"(?:は|の|から|まで|より|て|し|か月|何|この|ちょっと|もう|すごく|とても)[\s、。.…]*\Z"),
        questions=EMPTY,
        whole=any_word("はい いいえ うん ええ いや ストップ どうも こんにちは おはよう さようなら キャンセル ヘルプ"),
        digits=any_word("ゼロ 零 一 二 三 四 五 六 七 八 九"),
        closed=re.compile(
            r"(?:です|ます|ました|でした|ません|ませんか|ですか|ますか|でしたか|ましたか|ましょう|でしょう|でしょうか|のか|かな|かしら|ですね|ますね|ですよ|ますよ|だよ|だね|よね|ください|下さい|お願い"
            r"|てくれ|ちょうだい|読んで|見せて|教えて|止めて|やめて|して|消して|言って|ないの|あるの|るの|なの|ない|たい|だ|した|った|いた|いくら|いつ|どこ|何時|誰)[\s。.!?]*\Z"
        ),
        shortest_question=5,
        shortest_statement=5,
    ),
)
