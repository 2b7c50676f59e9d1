"""The registry's tables. They declare; every statement that reads or writes them stands in `store`."""

from services.registry.models import activities, network, people, plans
from services.registry.models.table import Table
from shared.backbone.tables import (
    DeadLetterTable,
    DeedTable,
    EventLogHeadTable,
    EventLogTable,
    ForgeryTable,
    LogEpochTable,
    LookupHeadTable,
    LookupPersonTable,
    LookupTable,
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


class Deed(DeedTable, Table, table=True):
    """What operators of the registry did that no event says."""


class Rejection(RejectionTable, Table, table=True):
    """What the registry refused."""


class Forgery(ForgeryTable, Table, table=True):
    """What the registry found on a stream that its owner did not sign."""


class LogEpoch(LogEpochTable, Table, table=True):
    """The identities that the registry's log has had."""


class Lookup(LookupTable, Table, table=True):
    """Who looked at data of single persons in the registry."""


class LookupHead(LookupHeadTable, Table, table=True):
    """The last of them."""


class LookupPerson(LookupPersonTable, Table, table=True):
    """Who was shown by them."""


class Parting(PartingTable, Table, table=True):
    """With whom the registry has parted."""


metadata = Table.metadata
