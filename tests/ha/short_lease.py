"""Runs Patroni with a lease as short as its configuration says, in the environment of `make ha`.

Patroni takes no lease below 20 s, since a leader that is merely slow would be parted from; with it a machine that is
lost is missed for as long. This lifts that bound and changes nothing else (ADR 164).
"""

import sys

from patroni.__main__ import main
from patroni.config import Config


def _as_it_is(*_: object) -> None:
    """Let the times of a configuration be what they are."""


if __name__ == "__main__":
    Config._validate_and_adjust_timeouts = _as_it_is
    sys.exit(main())
