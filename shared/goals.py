"""What of a plan's goals is told outside its areas: registry and reporting tell it alike.

What a goal counts is written in words, and may be people. So its baseline and its values are told outside only where
its indicator says that they are in per cent. Source: ADR 95.
"""

from typing import Final

# How the text of an indicator says that it is a share.
IN_PER_CENT: Final = ("procent", "pct", "per cent", "percent", "%")


def counts_nobody(indicator: str | None) -> bool:
    """Tell whether a goal says of its values that they are in per cent."""
    return indicator is not None and any(each in indicator.lower() for each in IN_PER_CENT)
