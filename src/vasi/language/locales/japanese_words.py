"""Japanese words for notes and days; it has no spaces, and its particles stand behind."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed("月曜日|月曜 火曜日|火曜 水曜日|水曜 木曜日|木曜 金曜日|金曜 土曜日|土曜 日曜日|日曜")
_KANJI = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二 二十三 二十四 二十五 二十六 二十七 二十八 二十九 三十 三十一"
_NUMBERS = indexed(_KANJI, 1) | {
    "ひとつ": 1,
    "一つ": 1,
    "ふたつ": 2,
    "二つ": 2,
    "みっつ": 3,
    "三つ": 3,
    "四つ": 4,
    "五つ": 5,
    "最初": 1,
}
_MONTHS = indexed(" ".join(_KANJI.split()[:12]), 1)
_UNITS = units_of(
    minute="分", hour="時間", day="日", week="週間 週", weekend="週末", month="か月 ヶ月 カ月 月", year="年"
)
_DAY = any_of(_DAYS)
_COUNT = r"\d{1,3}|" + any_of(indexed(_KANJI))
_MONTH = r"(?P<month>\d{1,2}|" + any_of(_MONTHS) + r")月"
_NTH = rf"(?P<nth>{_COUNT})日"
_PART = r"(?:の?(?P<part>朝|午前|午後|昼|夕方|晩|夜))?"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)年)?"
_DATE = rf"{_YEAR}{_MONTH}{_NTH}"

JAPANESE_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals={},
    near={
        "一昨日": (-2, None),
        "おととい": (-2, None),
        "昨日": (-1, None),
        "きのう": (-1, None),
        "昨夜": (-1, "night"),
        "昨晩": (-1, "night"),
        "今日": (0, None),
        "きょう": (0, None),
        "今朝": (0, "morning"),
        "今夜": (0, "night"),
        "今晩": (0, "night"),
        "明日": (1, None),
        "あした": (1, None),
        "あす": (1, None),
        "明後日": (2, None),
        "あさって": (2, None),
    },
    units=_UNITS,
    parts={
        "朝": "morning",
        "午前": "morning",
        "昼": "afternoon",
        "午後": "afternoon",
        "夕方": "evening",
        "晩": "evening",
        "夜": "night",
    },
    past=(
        (
            "near",
            date_pattern(rf"(?P<near>一昨日|おととい|昨日|きのう|昨夜|昨晩|今日|きょう|今朝|今夜|今晩){_PART}", "", ""),
        ),
        ("recent", date_pattern(rf"(?:この|過去)(?P<count>{_COUNT})(?P<unit>日|週間|か月|ヶ月|年)", "", "")),
        ("ago", date_pattern(rf"(?P<count>{_COUNT})(?P<unit>日|週間|か月|ヶ月|年|時間|分)前", "", "")),
        ("calendar", date_pattern(r"(?:(?P<this>今)|先|去|昨)(?P<unit>週|月|年)(?![曜間末])", "", "")),
        ("weekday", date_pattern(rf"(?:(?P<last>先週の|前の))?(?P<day>{_DAY}){_PART}", "", "")),
        ("date", date_pattern(_DATE, "", "")),
        ("date", date_pattern(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})", "", "")),
        ("month", date_pattern(rf"{_YEAR}{_MONTH}(?!曜|\d)", "", "")),
    ),
    ahead=(
        ("near", date_pattern(rf"(?P<near>明後日|あさって|明日|あした|あす|今日|きょう|今夜|今晩){_PART}", "", "")),
        ("weekday", date_pattern(rf"(?:今週の|来週の|次の|今度の|(?P<every>毎週))?(?P<day>{_DAY}){_PART}", "", "")),
        ("date", date_pattern(_DATE, "", "")),
        ("date", date_pattern(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})", "", "")),
        ("month", date_pattern(rf"{_YEAR}{_MONTH}(?!曜|\d)", "", "")),
        ("calendar", date_pattern(r"(?:今|(?P<next>来))(?P<unit>週|月|年)(?![曜間])", "", "")),
        ("in", date_pattern(rf"(?P<count>{_COUNT})(?P<unit>日|週間|か月|ヶ月)後", "", "")),
        ("nth", date_pattern(rf"(?<!月)(?<![\d一二三四五六七八九十]){_NTH}(?![間前後])", "", "")),
    ),
    to=frozenset(("から", "〜", "~", "-", "–")),
    said=SpokenDates(
        today="今日",
        yesterday="昨日",
        weekday="{weekday}",
        date="{month}{day}日",
        date_of_year="{year}年{month}{day}日",
        full="{year}年{month}{day}日{weekday}",
        time="{hour}時{minute}分",
        weekdays=("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
        months=tuple(f"{month}月" for month in range(1, 13)),
    ),
    behind=somewhere(r"(?:(?P<since>以降|から)|(?P<after>より後|の後)|(?P<until>以前|より前|の前|まで))"),
    telling=frozenset(
        (
            *(day for day in _DAYS if len(day) == len("月曜")),
            "今日",
            "明日",
            "昨日",
            "明後日",
            "あさって",
            "あした",
            "きのう",
            "今週",
            "来週",
            "先週",
            "月",
            "日",
        )
    ),
)
NTH_NOTE = (
    r"(?:(?:上から)?(?P<number>\d{1,2}|一|二|三|四|五|六)(?:番目|つ目|個目|件目|番)の(?:メモ|もの)?|メモの?(?P<number2>\d{1,2}|一|二|三|四|五)番?"
    r"|(?P<nth>最初|一番古い|最も古い|一番新しい)の?(?:メモ))"
)
JAPANESE_NOTES = NoteWords(
    dates=JAPANESE_DATES,
    that=whole(r"(?:その|この|今の|さっきの|それ|これ)?(?:メモ)?"),
    last=whole(r"(?:最後|最近|直前|前)の?(?:メモ)?"),
    newest=whole(r"(?:最新|一番新しい)の?(?:メモ)?"),
    oldest=frozenset(("最初", "一番古い", "最も古い", "古い")),
    lead=whole(r"(?:(?:私の|僕の|わたしの|あの)|その(?=.))+"),
    tail=somewhere(r"(?:について|に関する|に関して|のこと)?(?:の|は|を|って|に|で|が){0,3}\Z"),
    nothing=whole(
        r"(?:私|僕|わたし|は|が|の|を|に|で|何|なに|どんな|こと|もの|全部|すべて|全て|みんな|これまで|今まで|まで|最近|書いた|取った|とった|した|から|へ|、|。|\s)*"
    ),
    please=somewhere(r"(?<![、,\s])[、,\s]*+(?:お願いします|お願い|ください)[。!\s]*\Z"),
    the_list=whole(r"(?:その|この|私の)?リスト"),
    own=somewhere(r"(?:私の|僕の|わたしの|うちの)\Z"),
    kept=frozenset(
        ("買い物リスト", "やることリスト", "todoリスト", "持ち物リスト", "欲しいものリスト", "お買い物リスト")
    ),
    list_name="リスト",
    between=somewhere(r"[、,・]|(?<![ひこおも])と(?![うもりつきん])|および|それから|や(?=[一-龠ァ-ヴ])"),
)
