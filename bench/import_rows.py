"""Rows of a city's two register sheets, drawn by the dice: every one in order, no two alike."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain import uscc
from app.domain.register import GRADES, OPERATING_STATES

ENTERPRISES, HOUSEKEEPERS = 194_000, 7_283
"""As many as one city reports (domain, section 3)."""

CITY = "鞍山"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅建国志远晓东海燕文博佳怡子轩"
WORDS = "鑫盛宏达瑞泰恒丰嘉禾锦程天诚信和隆昌永兴德润金桥祥云博远海纳百川同创佳美"
TRADES = ("机械制造", "新材料科技", "商贸", "餐饮管理", "建筑工程", "物流", "矿业", "食品加工")
INDUSTRIES = ("黑色金属冶炼", "通用设备制造", "批发业", "餐饮业", "房屋建筑", "道路运输")
ENDINGS = ("有限公司", "有限责任公司", "股份有限公司", "合作社")
ROADS = ("千山中路", "胜利路", "人民路", "园林路", "建国大道", "湖南街", "自由街", "深沟寺路")
POSTS = ("经理", "办公室主任", "财务负责人", "总经理助理", "厂长")
CATEGORIES = ("其他",) * 16 + ("限上商贸", "规上工业", "规上工业、限上商贸", "重点项目、规上工业")
AUTHORITIES = ("市发展和改革委员会", "市工业和信息化局", "市商务局", "市营商环境建设局")
SCALES = ("大型", "中型", "小型", "微型")
BODY = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headings, and as many rows; the same seed gives the same rows."""

    headings: tuple[str, ...]
    rows: Iterator[Sequence[str]]


def housekeeper_sheet(count: int, areas: Sequence[str], seed: int = 1) -> Sheet:
    """The roster: `count` people with numbers of their own, in the areas of these codes."""
    return Sheet(
        ("姓名*", "手机*", "工作单位*", "科室", "职务", "区划*", "层级", "办公电话", "在岗状态"),
        (_housekeeper(number, areas, random.Random(f"{seed}:{number}")) for number in range(count)),
    )


def enterprise_sheet(count: int, housekeepers: int, areas: Sequence[str], seed: int = 1) -> Sheet:
    """The register: `count` enterprises, looked after by the first `housekeepers` of the roster."""
    rows = (
        _enterprise(number, housekeepers, areas, random.Random(f"{seed}:{number}"))
        for number in range(count)
    )
    named = (
        {"name": "企业名称*", "code": "统一社会信用代码*", "category": "类别*"}
        | {"project": "项目名称", "investment": "总投资（万元）", "stage": "项目阶段"}
        | {"industry": "行业", "scale": "规模", "state": "经营状态", "area": "属地区划*"}
        | {"town": "街道乡镇", "zone": "园区", "registered": "注册地址", "operating": "经营地址"}
        | {"legal": "法定代表人", "contact": "联系人*", "post": "职务", "phone": "手机*"}
        | {"authority": "报送单位*", "lead": "管家手机*", "deputy": "副管家手机", "remark": "备注"}
    )
    return Sheet(tuple(named.values()), ([row[key] for key in named] for row in rows))


def phone_of(number: int) -> str:
    """The mobile number of a housekeeper."""
    return f"139{number:08d}"


def _housekeeper(number: int, areas: Sequence[str], dice: random.Random) -> Sequence[str]:
    unit = f"{CITY}市第{number % 200 + 1}管理局"
    office = f"0412-{dice.randrange(2_000_000, 9_000_000)}"
    post = dice.choice(POSTS)
    place = dice.choice(areas)
    name, grade = _person(dice), dice.choice(GRADES)
    return name, phone_of(number), unit, "企业服务科", post, place, grade, office, "在岗"


def _enterprise(
    number: int, housekeepers: int, areas: Sequence[str], dice: random.Random
) -> Mapping[str, str]:
    is_project = number % 40 == 0
    address = f"{CITY}市{dice.choice(ROADS)}{dice.randrange(1, 900)}号"
    lead = dice.randrange(housekeepers)
    return {
        "name": _name(number, dice),
        "code": _code(number, dice),
        "category": dice.choice(CATEGORIES),
        "project": f"{dice.choice(TRADES)}扩建项目{number}" if is_project else "",
        "investment": str(dice.randrange(500, 90_000)) if is_project else "",
        "stage": "在建" if is_project else "",
        "industry": dice.choice(INDUSTRIES),
        "scale": dice.choice(SCALES),
        "state": OPERATING_STATES[0],
        "area": dice.choice(areas),
        **dict.fromkeys(("town", "zone", "remark"), ""),
        "registered": address,
        "operating": address if dice.random() < 0.8 else f"{address}东侧厂房",
        "legal": _person(dice),
        "contact": _person(dice),
        "post": dice.choice(POSTS),
        "phone": f"138{dice.randrange(100_000_000):08d}",
        "authority": f"{CITY}{dice.choice(AUTHORITIES)}",
        "lead": phone_of(lead),
        "deputy": phone_of((lead + 1) % housekeepers) if number % 10 == 0 else "",
    }


def _name(number: int, dice: random.Random) -> str:
    """The number, written in the words of names, keeps it apart from all others."""
    words, rest = "", number
    for _ in range(4):
        rest, word = divmod(rest, len(WORDS))
        words += WORDS[word]
    return f"{CITY}{words}{dice.choice(TRADES)}{dice.choice(ENDINGS)}"


def _code(number: int, dice: random.Random) -> str:
    body = f"91210300MA{number:06d}" + dice.choice(BODY)
    return body + uscc.check_character(body)


def _person(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))
