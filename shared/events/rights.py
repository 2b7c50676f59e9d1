"""Who may say what: the words of the table whose lines stand with the events themselves. Owns no check.

Each event names its line in its class statement. The network may say whatever an area may. A service's domain looks
the area or the plan up that an event concerns, and refuses whoever is not entitled (ADR 24).
"""

from typing import Final, Literal, TypeAlias, get_args

SaidBy: TypeAlias = Literal["network", "area", "plan", "registrant", "owner"]

# Each word in full, as the documentation says it.
MEANINGS: Final[dict[SaidBy, str]] = {
    "network": "the network alone",
    "area": "the area that it concerns; the network",
    "plan": "every area that belongs to the plan; the network",
    "registrant": "the network; any area as long as nobody else has registered it",
    "owner": "the service itself, which takes it from nobody",
}

if MEANINGS.keys() != set(get_args(SaidBy)):
    raise AssertionError("a word of the table of rights has no meaning")
