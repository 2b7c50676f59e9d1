"""What documents tell beside the figures of a report: stories, milestones, and who carries activities on.

They are in no report's JSON: a published report is kept as it was, and a story that is withdrawn is kept nowhere. Pure.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from services.reporting.terms import Row


@dataclass(frozen=True, slots=True)
class BesideFigures:
    """The stories told in a report's days and whether there are more, the milestones of its plans, and who carries on.

    Of a plan there are stories alone: its report tells the rest.
    """

    stories: Sequence[Row] = ()
    has_more_stories: bool = False
    milestones: Sequence[Row] = ()
    anchoring: Sequence[Row] = ()

    @property
    def digest(self) -> str:
        """Give the SHA-256 of all of it, in hexadecimal: a document with different stories is a different one."""
        told = self.stories, self.has_more_stories, self.milestones, self.anchoring
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


NOTHING: Final = BesideFigures()
