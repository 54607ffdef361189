"""区划设置的请求字段."""

from app.api.schemas.fields import AREA_CODE, Strict, Text, Word
from app.domain.areas import LEVELS


class ZoneBody(Strict):
    """本地管理区（没有国家代码的开发区、新区）."""

    name = Text(2, 60, required=True, metadata={"description": "名称；登记表按它指认园区"})
    parent_code = Text(
        12, 12, pattern=AREA_CODE, required=True, metadata={"description": "所在的上级区划代码"}
    )
    level = Word(LEVELS, load_default=None, metadata={"description": "层级；不带则为上级的下一级"})
