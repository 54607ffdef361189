"""法定节假日: the days off that the law itself names, for years whose list is not out yet.

Source: 《全国年节及纪念日放假办法》 (2024), article 2: New Year's Day; Spring Festival from its eve
for four days; Qingming; 1 and 2 May; Dragon Boat; Mid-Autumn; 1 to 3 October. Which days are made
up for, and when, only the yearly notice of the State Council says.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

PROVISIONAL_SOURCE = (
    "《全国年节及纪念日放假办法》（2024年修订）第二条的法定日期；通知公布前的推算，不含补假与调休"
)
SPRING_FESTIVAL_DAYS = 4

LUNAR_DAYS: Mapping[int, tuple[str, str, str]] = {
    2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"),
    2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
    2031: ("01-23", "06-24", "10-01"),
    2032: ("02-11", "06-12", "09-19"),
    2033: ("01-31", "06-01", "09-08"),
    2034: ("02-19", "06-20", "09-27"),
    2035: ("02-08", "06-10", "09-16"),
    2036: ("01-28", "05-30", "10-04"),
}
"""By year: the first day of Spring Festival, Dragon Boat (端午), Mid-Autumn (中秋)."""


def provisional_year(number: int) -> dict[str, Any]:
    """The year as a calendar document has it, provisional.

    Beyond the table the festivals of the lunar calendar are missing; such a year is far away, and
    provisional like the others.
    """
    days = {date(number, 1, 1), _qingming(number), date(number, 5, 1), date(number, 5, 2)}
    days |= {date(number, 10, day) for day in (1, 2, 3)} | _lunar(number)
    holidays = [day.isoformat() for day in sorted(days)]
    source = PROVISIONAL_SOURCE
    return {"status": "provisional", "source": source, "holidays": holidays, "workdays": []}


def _qingming(year: int) -> date:
    """The solar term 清明, by the usual formula for the years 2000 to 2099."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + 4.81) - of_century // 4)


def _lunar(year: int) -> set[date]:
    if year not in LUNAR_DAYS:
        return set()
    spring, *others = (date.fromisoformat(f"{year}-{day}") for day in LUNAR_DAYS[year])
    eve = spring - timedelta(days=1)
    return {eve + timedelta(days=number) for number in range(SPRING_FESTIVAL_DAYS)} | {*others}
