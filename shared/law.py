"""What law and the funder demand of a helhedsplan, each once, with its source. What computes by it stands elsewhere.

The shares and the day are Landsbyggefonden's terms for the funding periods (puljer) that the network knows.
"""

from typing import Final

LANDSBYGGEFONDEN: Final = "landsbyggefonden"
# Whose money is local co-funding. What foundations and others give lies on top (ADR 72).
LOCAL_KINDS: Final = frozenset({"municipality", "housing_organisation"})
# What Landsbyggefonden may carry of a plan's agreed financing, and what local funders carry at least of what they and
# Landsbyggefonden carry together, in per cent: the money of foundations counts on neither side of the floor.
CEILING_PERCENT: Final = 75
FLOOR_PERCENT: Final = 100 - CEILING_PERCENT
# Month and day on which the annual statement of the year before is due.
STATEMENT_DUE: Final = (6, 30)
# Counts of people below this are told to nobody outside the area; nor is a mean of fewer. The usual rule of official
# statistics: three of them could be the reader's own family.
SMALLEST_TOLD: Final = 5
