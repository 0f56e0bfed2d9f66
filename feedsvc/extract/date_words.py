"""The words in which pages write dates: months, weekdays, distances in time, labels.

Tables alone; `dates.py` reads with them. A new wording is a word here and a row in the test. All words are in NFC
and case-folded. Sources: Unicode CLDR, and what portals print.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final


def _table(rows: str) -> MappingProxyType[str, int]:
    """Make a table from rows `Language: twelve words;`, spellings of one month parted by "|", "-" for none."""
    return MappingProxyType(
        {
            word: month
            for row in rows.strip("; \n").split(";")
            for month, words in enumerate(row.partition(":")[2].split(), start=1)
            for word in words.split("|")
            if word != "-"
        }
    )


VIETNAMESE_MONTHS: Final = _table(
    "Vietnamese: một|giêng hai ba|- tư|bốn năm sáu bảy|bẩy tám chín mười mười_một mười_hai|chạp"
)
"""Names after "tháng". Those of two words are joined by `_`."""

# A word that is one month here and another there (Czech and Polish "listopad") is left out.
MONTHS: Final = _table("""
English: jan|january feb|february mar|march apr|april may jun|june jul|july aug|august sep|sept|september
    oct|october nov|november dec|december;
German: januar|jänner februar|feber märz|mär|mrz april mai juni juli august september okt|oktober november
    dez|dezember;
French: janvier|janv février|fevrier|févr|fév mars avril|avr mai juin juillet|juil août|aout|aoû septembre octobre
    novembre décembre|decembre|déc;
Spanish: enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre|set octubre noviembre
    diciembre|dic;
Italian: gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre|set ottobre|ott
    novembre dicembre;
Portuguese: janeiro fevereiro|fev março|marco abril maio junho julho agosto setembro|set outubro|out novembro
    dezembro;
Russian: января|январь|янв февраля|февраль|фев|февр марта|март|мар апреля|апрель|апр мая|май июня|июнь|июн
    июля|июль|июл августа|август|авг сентября|сентябрь|сен|сент октября|октябрь|окт ноября|ноябрь|ноя|нояб
    декабря|декабрь|дек;
Indonesian and Malay: januari februari|peb|pebruari maret|mac april mei|mai juni julai agustus|agt|agu|ogos
    september oktober november|nop|nopember desember|des|disember;
Dutch: januari februari maart|mrt april mei juni juli augustus september oktober november december;
Polish: stycznia|styczeń lutego|luty marca|marzec kwietnia|kwiecień maja|maj czerwca|czerwiec lipca|lipiec
    sierpnia|sierpień września|wrzesień października|październik listopada grudnia|grudzień;
Turkish: ocak şubat|şub mart nisan mayıs haziran temmuz ağustos|ağu eylül|eyl ekim kasım aralık;
Swedish, Danish, Norwegian: januari|januar februari|februar mars|marts april maj|mai juni juli augusti|august
    september oktober november december|desember;
Ukrainian: січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень
    серпня|серпень вересня|вересень жовтня|жовтень листопада грудня|грудень;
Romanian: ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august septembrie octombrie noiembrie
    decembrie;
Czech: ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec srpna|srpen
    září října|říjen - prosince|prosinec;
Hungarian: január február március április május június július augusztus szeptember október november december;
Finnish: tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu toukokuuta|toukokuu
    kesäkuuta|kesäkuu heinäkuuta|heinäkuu elokuuta|elokuu syyskuuta|syyskuu lokakuuta|lokakuu marraskuuta|marraskuu
    joulukuuta|joulukuu;
Bengali: জানুয়ারি|জানুয়ারী ফেব্রুয়ারি|ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর
    ডিসেম্বর;
""")

MONTH_HEADS: Final = frozenset(("tháng", "thang", "thg", "th"))
"""Words before the number, or the Vietnamese name, of a month."""

BETWEEN: Final = frozenset("năm nam ngày mùng mồng de del di of the den st nd rd th er e º ª o г".split())  # noqa: SIM905 - words
"""Words that stand between the parts of a date and mean nothing by themselves."""

WEEKDAYS: Final = MappingProxyType(
    {
        word: day
        for day, words in enumerate(
            (
                "thứ hai|thứ 2|t2|monday|mon",
                "thứ ba|thứ 3|t3|tuesday|tue|tues",
                "thứ tư|thứ 4|t4|wednesday|wed",
                "thứ năm|thứ 5|t5|thursday|thu|thur|thurs",
                "thứ sáu|thứ 6|t6|friday|fri",
                "thứ bảy|thứ bẩy|thứ 7|t7|saturday|sat",
                "chủ nhật|chúa nhật|cn|sunday|sun",
            )
        )
        for word in words.split("|")
    }
)
"""Days of the week, Monday 0, as `datetime.weekday` counts them."""

UNITS: Final = MappingProxyType(
    {
        word: (unit, times)
        for unit, times, words in (
            ("second", 1, "giây second seconds sec secs seconde secondes sekunde sekunden segundo segundos secondi"),
            ("second", 1, "секунду секунды секунд detik 秒"),
            ("second", 60, "phút minute minutes min mins m minuten minuto minutos minuti минуту минуты минут menit"),
            ("second", 60, "分钟 分鐘 分"),
            ("second", 3600, "giờ tiếng hour hours hr hrs h heure heures stunde stunden hora horas ora ore"),
            ("second", 3600, "час часа часов jam 小时 小時"),
            ("day", 1, "ngày day days d jour jours tag tagen día días dia dias giorno giorni день дня дней hari 天"),
            ("day", 7, "tuần week weeks w wk semaine semaines woche wochen semana semanas settimana settimane"),
            ("day", 7, "неделю недели недель minggu 周"),
            (
                "month",
                1,
                "tháng month months mois monat monaten mes meses mês mese mesi месяц месяца месяцев bulan 个月",
            ),
            (
                "month",
                12,
                "năm year years yr ans an année jahr jahren año años ano anos anno anni год года лет tahun 年",
            ),
        )
        for word in words.split()
    }
)
"""Units of a distance in time: what is counted, and how many of it."""

ONE: Final = frozenset("một a an une un eine einer einem einen una um uma satu".split())  # noqa: SIM905 - words
"""Words for one before a unit."""

AGO_BEFORE: Final = ("cách đây", "il y a", "vor", "hace", "há")
AGO_AFTER: Final = ("yang lalu", "trước", "ago", "назад", "lalu", "fa", "atrás", "前")

JUST_NOW: Final = ("vừa xong", "vừa đăng", "vừa mới", "vài giây trước", "just now", "à l'instant", "только что", "刚刚")
"""Wordings for the moment itself."""

DAYS_BACK: Final = MappingProxyType(
    {
        "hôm nay": 0, "today": 0, "aujourd'hui": 0, "heute": 0, "hoy": 0, "oggi": 0, "hoje": 0, "сегодня": 0,
        "hari ini": 0, "今天": 0,
        "hôm qua": 1, "yesterday": 1, "hier": 1, "gestern": 1, "ayer": 1, "ieri": 1, "ontem": 1, "вчера": 1,
        "kemarin": 1, "昨天": 1,
        "hôm kia": 2, "vorgestern": 2, "позавчера": 2, "前天": 2,
    }
)  # fmt: skip
"""Wordings for a day, and how many days it lies back."""

LABELS: Final = frozenset(
    (  # noqa: SIM905 - words
        "ngày đăng xuất bản tải lên tin cập nhật lúc lần cuối vào hồi thời gian date time on at posted published"
        " updated gmt utc ict"
    ).split()
)
"""Words around a date in a date field: where nothing else stands beside it, a day without a year is one too."""
