"""业务时钟的字段."""

from marshmallow import fields

from app.api.schemas.fields import Answer, Number, Strict

YEAR_OF_MINUTES = 366 * 24 * 60


class ClockAdvance(Strict):
    """拨动业务时钟."""

    advance_minutes = Number(
        0, YEAR_OF_MINUTES, required=True, metadata={"description": "向前拨动的分钟数"}
    )


class ClockReading(Answer):
    """业务时钟."""

    now = fields.AwareDateTime(metadata={"description": "业务时间"})
    offset_minutes = fields.Integer(metadata={"description": "比真实时间快的分钟数"})
