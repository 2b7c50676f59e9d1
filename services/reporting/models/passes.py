"""What signing in to the pages leaves behind: reporting's own, and no log could bring it back."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Text
from sqlmodel import Field

from services.reporting.models.table import Table
from shared.backbone.tables import Moment


class SpentPass(Table, table=True):
    """An invitation that was taken or a session that was ended: good no more, and kept until it would have expired."""

    __tablename__: ClassVar[str] = "spent_pass"

    identifier: str = Field(sa_type=Text, primary_key=True)
    expires: datetime = Field(sa_type=Moment)
