"""What is told of one family, and the certificates and donors that prove it. Pure: it decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.reporting.releasing.certificates import Certificate, Donors
from services.reporting.releasing.network import Network
from services.reporting.releasing.pattern import Pattern
from services.reporting.releasing.steps import Stepped


@dataclass
class Decision:
    """What is told of one family, with what proves that it may be: `lost` are targets without a certificate.

    `areas` say how each area stepped from the release before.
    """

    network: Network
    patterns: Sequence[Pattern]
    areas: Sequence[Stepped]
    donors: Donors
    certificates: list[Certificate] = field(default_factory=list)
    lost: list[Certificate] = field(default_factory=list)
