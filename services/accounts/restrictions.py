"""What a session is told that has to do something else first."""

from collections.abc import Mapping

from app.domain.errors import Forbidden
from services.accounts.principals import Restriction


class PasswordChangeRequired(Forbidden):
    """密码是他人代设的，请先修改密码。"""

    code = "password-change-required"


class EnrolmentRequired(Forbidden):
    """请先设置第二因素（手机验证码器）。"""

    code = "second-factor-enrolment-required"


class ReauthenticationRequired(Forbidden):
    """这一操作须在十分钟内验证过身份，请再次验证密码或验证码。"""

    code = "reauthentication-required"


REFUSALS: Mapping[Restriction, type[Forbidden]] = {
    Restriction.CHANGE_PASSWORD: PasswordChangeRequired,
    Restriction.ENROL: EnrolmentRequired,
}
