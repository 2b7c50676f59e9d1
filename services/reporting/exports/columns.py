"""The columns that tables of several reports have."""

from typing import Final

from services.reporting.exports.parts import Column, figure, key, value
from services.reporting.terms import AMOUNTS as MONEY
from services.reporting.terms import COUNTS, NUMBERS
from services.reporting.words import DIMENSIONS, FUNDER_KINDS, HEADINGS

AREA: Final = key("area", DIMENSIONS["area"])
PLAN: Final = key("plan", DIMENSIONS["plan"])
NAME: Final = value("name", ("Navn", "Name"))
COMMITMENT: Final = key("commitment", HEADINGS["commitment"])
FUNDER_KIND: Final = key("funder_kind", HEADINGS["funder"], words=FUNDER_KINDS)
FIGURES: Final[tuple[Column, ...]] = tuple(figure(name) for name in (*NUMBERS, *COUNTS))
AMOUNTS: Final[tuple[Column, ...]] = tuple(figure(name) for name in MONEY)
FUNDING: Final[tuple[Column, ...]] = tuple(figure(f"funding.{name}") for name in (*MONEY, "local_share_pct"))
BALANCE: Final = value("balance_ore", HEADINGS["balance"], "kroner")
