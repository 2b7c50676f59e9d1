"""Reporting's tables: what it knows of things, the facts, and the rollups folded from them.

They declare; every statement that reads or writes them stands in a subject's `store` or in its `sql/`. The log of each
owner is the record: all of this can be thrown away and folded again, but for `own`, `releases` and `subscriptions`.
"""

from typing import Final

from services.reporting.models import activities, feed, money, network, own, plans, releases, subscriptions
from services.reporting.models.table import Table

__all__: Final = ["activities", "feed", "metadata", "money", "network", "own", "plans", "releases", "subscriptions"]

metadata = Table.metadata
