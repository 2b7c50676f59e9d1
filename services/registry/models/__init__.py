"""The registry's tables. They declare; every statement that reads or writes them stands in `store`."""

from services.registry.models import activities, network, people, plans
from services.registry.models.table import Table
from shared.backbone.tables import (
    DeadLetterTable,
    EventLogHeadTable,
    EventLogTable,
    ForgeryTable,
    LogEpochTable,
    PartingTable,
    PositionTable,
    RejectionTable,
)

__all__ = ["activities", "metadata", "network", "people", "plans"]


class EventLog(EventLogTable, Table, table=True):
    """What the registry accepted."""


class EventLogHead(EventLogHeadTable, Table, table=True):
    """The last sequence of the registry's log."""


class Position(PositionTable, Table, table=True):
    """How far the registry's relay has come, and its consumer of funding's events."""


class DeadLetter(DeadLetterTable, Table, table=True):
    """What the registry could not apply."""


class Rejection(RejectionTable, Table, table=True):
    """What the registry refused."""


class Forgery(ForgeryTable, Table, table=True):
    """What the registry found on a stream that its owner did not sign."""


class LogEpoch(LogEpochTable, Table, table=True):
    """The identities that the registry's log has had."""


class Parting(PartingTable, Table, table=True):
    """With whom the registry has parted."""


metadata = Table.metadata
