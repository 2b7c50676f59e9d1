"""What a rule answers, and how a service's rules are found. Pure: domains import it."""

from typing import Any, NamedTuple


class Decision(NamedTuple):
    """What a rule decided beyond the rows it put into the working set.

    `warnings` are shown to the sender, `outcome` is logged with the event for other services to read, and `entries`
    are insert-only rows that carry the event's sequence.
    """

    warnings: tuple[str, ...] = ()
    outcome: dict[str, Any] | None = None
    entries: tuple[Any, ...] = ()
