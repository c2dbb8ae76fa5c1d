"""Arabic words for notes and days; vowel signs and the variants of alif, yaa and taa marbuta don't count."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.date_words import DateWords, SpokenDates, any_of, date_pattern, indexed, units_of
from vasi.language.phrase import NoteWords, somewhere, whole

_DAYS = indexed("الاثنين|الإثنين|اثنين الثلاثاء|ثلاثاء الأربعاء|أربعاء الخميس|خميس الجمعة|جمعة السبت|سبت الأحد")
_MONTHS = indexed(
    "يناير|كانون_الثاني فبراير|شباط مارس|آذار أبريل|نيسان|إبريل مايو|أيار يونيو|حزيران يوليو|تموز أغسطس|آب سبتمبر|أيلول أكتوبر|تشرين_الأول نوفمبر|تشرين_الثاني ديسمبر|كانون_الأول",
    1,
)
_NUMBERS = indexed(
    "واحد|واحدة اثنان|اثنين|اثنتين|ملاحظتين|يومين|أسبوعين|شهرين ثلاثة|ثلاث أربعة|أربع خمسة|خمس ستة|ست سبعة|سبع ثمانية|ثماني تسعة|تسع عشرة|عشر",
    1,
)
_ORDINALS = indexed(
    "الأول|الأولى|أول الثاني|الثانية الثالث|الثالثة الرابع|الرابعة الخامس|الخامسة السادس|السادسة السابع|السابعة الثامن|الثامنة التاسع|التاسعة العاشر|العاشرة",
    1,
)
_UNITS = units_of(
    minute="دقيقة دقائق",
    hour="ساعة ساعات",
    day="يوم أيام يومين",
    week="أسبوع أسابيع أسبوعين الأسبوع",
    month="شهر أشهر شهور شهرين الشهر",
    year="سنة سنوات السنة عام العام",
)
_DAY, _MONTH, _UNIT = any_of(_DAYS), any_of(_MONTHS), any_of(_UNITS)
_COUNT = r"\d{1,3}|" + any_of(_NUMBERS)
_NTH = r"\d{1,2}|" + any_of(_ORDINALS)
_PART = r"(?: (?P<part>صباحا|مساء|ليلا|ظهرا|الصباح|المساء))?"
_YEAR = r"(?: (?P<year>(?:19|20)\d\d))?"
_DATE = rf"(?:(?:في|يوم) )?(?P<nth>{_NTH})(?: من)? (?P<month>{_MONTH}){_YEAR}"
_ISO = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<nth>\d{1,2})"

ARABIC_DATES = DateWords(
    days=_DAYS,
    months=_MONTHS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    near={
        "اول امس": (-2, None),
        "امس": (-1, None),
        "البارحه": (-1, None),
        "اليوم": (0, None),
        "الليله": (0, "night"),
        "غدا": (1, None),
        "الغد": (1, None),
        "بكره": (1, None),
        "بعد غد": (2, None),
        "بعد الغد": (2, None),
    },
    units=_UNITS,
    parts={
        "صباحا": "morning",
        "الصباح": "morning",
        "ظهرا": "afternoon",
        "مساء": "evening",
        "المساء": "evening",
        "ليلا": "night",
    },
    past=(
        ("near", date_pattern(rf"(?P<near>أول أمس|أمس|البارحة|اليوم|الليلة){_PART}")),
        ("ago", date_pattern(rf"قبل (?P<count>{_COUNT}) (?P<unit>{_UNIT})")),
        ("calendar", date_pattern(r"(?:في )?(?P<this>هذا|هذه) (?P<unit>الأسبوع|الشهر|السنة|العام)")),
        ("calendar", date_pattern(r"(?:في )?(?P<unit>الأسبوع|الشهر|السنة|العام) (?:الماضي|الماضية|الفائت)")),
        ("weekday", date_pattern(rf"(?:(?:في|من) )?(?:يوم )?(?P<day>{_DAY})(?: (?P<last>الماضي))?{_PART}")),
        ("date", date_pattern(_DATE)),
        ("date", date_pattern(_ISO)),
        ("month", date_pattern(rf"في (?:شهر )?(?P<month>{_MONTH}){_YEAR}")),
    ),
    ahead=(
        ("near", date_pattern(rf"(?:يوم )?(?P<near>بعد الغد|بعد غد|غدا|الغد|بكرة|اليوم|الليلة){_PART}")),
        (
            "weekday",
            date_pattern(rf"(?:في )?(?:(?P<every>كل) )?(?:يوم )?(?P<day>{_DAY})(?: (?:القادم|المقبل))?{_PART}"),
        ),
        ("date", date_pattern(_DATE)),
        ("date", date_pattern(_ISO)),
        ("month", date_pattern(rf"في (?:شهر )?(?P<month>{_MONTH}){_YEAR}")),
        ("calendar", date_pattern(r"(?:في )?(?:هذا|هذه) (?P<unit>الأسبوع|الشهر|السنة|العام)")),
        (
            "calendar",
            date_pattern(r"(?:في )?(?P<unit>الأسبوع|الشهر|السنة|العام) (?P<next>القادم|القادمة|المقبل|المقبلة)"),
        ),
        ("in", date_pattern(rf"(?:بعد|خلال) (?P<count>{_COUNT}) (?P<unit>يوم|أيام|أسبوع|أسابيع|شهر|أشهر)")),
    ),
    to=frozenset(("الي", "حتي", "-", "–")),
    said=SpokenDates(
        today="اليوم",
        yesterday="أمس",
        weekday="يوم {weekday}",
        date="في {day} {month}",
        date_of_year="في {day} {month} {year}",
        full="{weekday} {day} {month} {year}",
        time="{hour}:{minute}",
        weekdays=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
        months=(
            "يناير",
            "فبراير",
            "مارس",
            "أبريل",
            "مايو",
            "يونيو",
            "يوليو",
            "أغسطس",
            "سبتمبر",
            "أكتوبر",
            "نوفمبر",
            "ديسمبر",
        ),
    ),
    before=somewhere(r"(?<!\w)(?:(?P<since>منذ)|(?P<after>بعد)|(?P<until>قبل|حتى))\s*$"),
    telling=frozenset(
        (
            *_DAYS,
            *(word for month in _MONTHS for word in month.split()),
            "غدا",
            "الغد",
            "بكره",
            "غد",
            "امس",
            "اليوم",
            "البارحه",
            "الليله",
        )
    ),
)
_NOTE = r"(?:ملاحظة|الملاحظة|المذكرة|مذكرة)"
NTH_NOTE = (
    rf"(?:{_NOTE} (?P<nth>الأولى|الثانية|الثالثة|الرابعة|الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة|الأقدم)"
    r"|(?P<nth2>أول|ثاني|ثالث|رابع|خامس|أقدم) ملاحظة"
    rf"|{_NOTE} رقم (?P<number>\d{{1,2}}|واحد|اثنين|ثلاثة|أربعة|خمسة))"
)
ARABIC_NOTES = NoteWords(
    dates=ARABIC_DATES,
    that=whole(rf"(?:هذه|تلك|هذا|ذلك)?(?: ?{_NOTE})?"),
    last=whole(rf"(?:{_NOTE} )?(?:الأخيرة|الاخيرة)|آخر ملاحظة|آخر واحدة"),
    newest=whole(rf"أحدث ملاحظة|{_NOTE} الأحدث"),
    oldest=frozenset(("الاولي", "اول", "اقدم", "الاقدم")),
    lead=whole(r"(?:(?:عن|حول|بخصوص|بشأن|على|مع|في|من|أن|إن|هل|التي|الخاصة|المتعلقة|أين|متى)\s+|ب(?=ال))+"),
    nothing=whole(
        r"(?:(?:أنا|لي|لدي|عندي|من|في|كل|جميع|حتى الآن|مؤخرا|شيء|شيئا|من فضلك|مرة أخرى|بصوت عال|عن|و|التي|به|كتبتها|دونتها)(?!\w)[\s،]*)*"
    ),
    preposition=whole(r"(?:في|يوم) "),
    topical=whole(r"(?:في|يوم) |ال(?:اثنين|إثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)"),
    past=whole(r"(?:أمس|أول أمس|اليوم|البارحة)"),
    please=somewhere(r"(?<![\s،,])[\s،,]+(?:من فضلك|لو سمحت|رجاء)[\s.!]*\Z"),
    the_list=whole(r"(?:ال)?قائمة"),
    own=None,
    kept=frozenset(("قائمه التسوق", "قائمه المشتريات", "قائمه المهام", "قائمه البقاله")),
    list_name="قائمة",
    between=somewhere(r" ?[,،;؛] ?(?:و(?=\w))?| و (?=\w)| و(?!رق|رد|ساد|قود|جبة|لاع|عاء|ثيق|صفة)(?=\w{3})"),
)
