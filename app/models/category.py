"""诉求类别: the editable list of what requests are about."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class Category(Model):
    """诉求类别."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    sort: Mapped[int]
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
