"""How Japanese says what is written. Its numbers are read with their counters by whoever synthesises it."""

from __future__ import annotations

from typing import Final

from vasi.language.spoken.table import Currency, SpokenLanguage


def _date(day: int, month: str, year: int, before: str) -> str:
    del before
    return (f"{year}年" if year else "") + f"{month}{day}日"


def _clock(hour: int, minute: int, half: str) -> str:
    said = f"{hour}時" + (f"{minute}分" if minute else "")
    return {"am": "午前", "pm": "午後"}.get(half, "") + said


JAPANESE: Final = SpokenLanguage(
    code="ja",
    decimal=".",
    months=tuple(f"{number}月" for number in range(1, 13)),
    date=_date,
    clock=_clock,
    currencies={
        "¥": Currency("円", "円"), "JPY": Currency("円", "円"), "$": Currency("ドル", "ドル", "セント", "セント"),
        "USD": Currency("ドル", "ドル", "セント", "セント"),
        "€": Currency("ユーロ", "ユーロ", "セント", "セント"),
        "EUR": Currency("ユーロ", "ユーロ", "セント", "セント"),
        "£": Currency("ポンド", "ポンド"), "GBP": Currency("ポンド", "ポンド"),
    },
    cents="",
    units={
        "km": ("キロメートル", "キロメートル"), "m": ("メートル", "メートル"),
        "cm": ("センチメートル", "センチメートル"), "mm": ("ミリメートル", "ミリメートル"),
        "kg": ("キログラム", "キログラム"),
        "g": ("グラム", "グラム"), "mg": ("ミリグラム", "ミリグラム"), "l": ("リットル", "リットル"),
        "L": ("リットル", "リットル"),
        "ml": ("ミリリットル", "ミリリットル"), "m²": ("平方メートル", "平方メートル"),
        "km/h": ("キロメートル毎時", "キロメートル毎時"), "°C": ("度", "度"), "°": ("度", "度"),
        "%": ("パーセント", "パーセント"),
        "min": ("分", "分"), "h": ("時間", "時間"), "s": ("秒", "秒"),
        "W": ("ワット", "ワット"), "kW": ("キロワット", "キロワット"), "kWh": ("キロワット時", "キロワット時"),
        "V": ("ボルト", "ボルト"),
        "MB": ("メガバイト", "メガバイト"), "GB": ("ギガバイト", "ギガバイト"),
    },
    signs={
        "&": "と", "+": "たす", "=": "は", "<": "小なり", ">": "大なり", "≈": "約", "≤": "以下", "≥": "以上",
        "×": "かける", "÷": "わる",
        "±": "プラスマイナス", "→": "から", "@": "アット",
        "°": "度", "%": "パーセント", "~": "から", "^": "", "#": "番号", "•": "", "†": "", "€": "ユーロ",
        "$": "ドル", "£": "ポンド",
        "¥": "円",
    },
    words={
        "dot": "ドット", "at": "アットマーク", "slash": "スラッシュ", "backslash": "バックスラッシュ",
        "dash": "ハイフン",
        "underscore": "アンダーバー", "tilde": "チルダ", "colon": "コロン",
        "version": "バージョン", "point": "点", "to": "から", "minus": "マイナス", "plus": "プラス",
        "number": "番号", "times": "かける",
        "and": "と", "power": "乗", "power 2": "の二乗", "power 3": "の三乗",
    },
    numbered={"no.": "ナンバー", "p.": "ページ", "fig.": "図"},
    day_first=None,
    fractions={"1/2": "二分の一", "½": "二分の一", "1/3": "三分の一", "1/4": "四分の一", "¼": "四分の一",
    "3/4": "四分の三", "¾": "四分の三"},
)  # fmt: skip
