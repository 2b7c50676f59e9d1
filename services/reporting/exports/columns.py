"""The columns that tables of several reports have."""

from typing import Final

from services.reporting.domain import AMOUNTS as MONEY
from services.reporting.domain import COUNTS, NUMBERS
from services.reporting.exports.parts import Column, figure, key, value
from services.reporting.exports.words import FUNDER_KINDS

AREA: Final = key("area", ("Område", "Area"))
PLAN: Final = key("plan", ("Plan", "Plan"))
NAME: Final = value("name", ("Navn", "Name"))
COMMITMENT: Final = key("commitment", ("Tilsagn", "Commitment"))
FUNDER_KIND: Final = key("funder_kind", ("Finansieret af", "Funded by"), words=FUNDER_KINDS)
FIGURES: Final[tuple[Column, ...]] = tuple(figure(name) for name in (*NUMBERS, *COUNTS))
AMOUNTS: Final[tuple[Column, ...]] = tuple(figure(name) for name in MONEY)
FUNDING: Final[tuple[Column, ...]] = tuple(figure(f"funding.{name}") for name in (*MONEY, "local_share_pct"))
BALANCE: Final = value("balance_ore", ("Reguleringskonto", "Regulation account"), "kroner")
