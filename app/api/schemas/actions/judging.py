"""不合理诉求与撤回核查: the fields of their actions."""

from app.api.schemas.actions.body import ActionBody, said
from app.api.schemas.fields import Choice, Flag, Text
from app.domain.facts import pressure, unreasonable
from app.domain.vocabulary import UnreasonableGround


class UnreasonableBody(ActionBody):
    """提出不合理诉求."""

    makes = unreasonable.Unreasonable

    ground = Choice(UnreasonableGround, required=True, metadata=said("依据"))
    explanation = Text(10, 1000, required=True, metadata=said("给企业的解释，认定后企业可见"))


class PressureCheckBody(ActionBody):
    """撤回核查."""

    makes = pressure.PressureCheck

    was_pressed = Flag(required=True, metadata=said("企业是否被要求撤回"))
    note = Text(2, 500, required=True, metadata=said("核查经过"))
