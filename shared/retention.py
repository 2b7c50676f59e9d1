"""How long each kind of data is kept, from when, and why: one table, which the work and the documents are made from.

Source: GDPR, article 5(1)(e), and the Danish act on bookkeeping (bogføringsloven), section 12.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

Meaning: TypeAlias = tuple[str, str]
Kind: TypeAlias = Literal[
    "people", "stories", "lookups", "ledger", "releases", "sign_ins", "subscriptions", "server_logs", "backups"
]
# From when the months count; where there are none, until when.
From: TypeAlias = Literal[
    "plan_over",
    "person_removed",
    "withdrawn",
    "year_end",
    "session_end",
    "unsubscribed",
    "files_full",
    "written",
    "never",
]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: what it is, how many months it is kept after what, on which basis, and who removes it.

    `months` is None where it is kept for good. All words are Danish and English.
    """

    kind: Kind
    what: Meaning
    months: int | None
    after: From
    basis: Meaning
    removed_by: Meaning


# The announcement stands this long on the list of what needs attention.
ANNOUNCED_DAYS: Final = 60
PEOPLE_MONTHS: Final = 12
TABLE: Final = (
    Kept(
        "people",
        ("Deltagere og frivillige under pseudonym", "Participants and volunteers under pseudonyms"),
        PEOPLE_MONTHS,
        "plan_over",
        (
            "Formålet er slut, når planens sidste opgørelse er afgivet; artikel 5, stk. 1, litra e",
            "The purpose ends with the plan's last statement; article 5(1)(e)",
        ),
        ("`helhedsnet retention remove`", "`helhedsnet retention remove`"),
    ),
    Kept(
        "lookups",
        ("Hvem der har slået en person op", "Who looked a person up"),
        0,
        "person_removed",
        (
            "Personens ret til indsigt og dataansvarliges dokumentation; artikel 5, stk. 2, og artikel 15",
            "The person's right of access and the controller's accountability; articles 5(2) and 15",
        ),
        (
            "Personen tages ud, når personen slettes; linjen bliver",
            "The person is taken out when erased; the line stays",
        ),
    ),
    Kept(
        "stories",
        ("Gode historier, fortalt med samtykke", "Stories, told with consent"),
        0,
        "withdrawn",
        ("Samtykke; artikel 6, stk. 1, litra a, og artikel 7, stk. 3", "Consent; articles 6(1)(a) and 7(3)"),
        ("`story.withdrawn`", "`story.withdrawn`"),
    ),
    Kept(
        "ledger",
        ("Regnskab og bilag", "Accounts and vouchers"),
        60,
        "year_end",
        ("Bogføringsloven § 12", "Danish act on bookkeeping, section 12"),
        ("Slettes aldrig af systemet; rummer ingen deltagere", "Never deleted by the system; holds no participants"),
    ),
    Kept(
        "releases",
        ("Offentliggjorte tal", "Released figures"),
        None,
        "never",
        ("Antal af mindst fem; ingen personoplysninger", "Counts of five or more; no personal data"),
        ("Slettes ikke", "Not deleted"),
    ),
    Kept(
        "sign_ins",
        ("Brugere, sessioner og nøgler", "Users, sessions and keys"),
        0,
        "session_end",
        ("Sikkerhed i behandlingen; artikel 32", "Security of processing; article 32"),
        ("Afsluttes på siden Adgang", "Ended on the page of access"),
    ),
    Kept(
        "subscriptions",
        ("Medarbejderes mailadresser, hvor de har bedt om mail", "Mail addresses of staff who asked for mail"),
        0,
        "unsubscribed",
        ("Samtykke; artikel 6, stk. 1, litra a", "Consent; article 6(1)(a)"),
        ("Slettes straks; ubekræftede efter en uge", "Deleted at once; unconfirmed ones after a week"),
    ),
    Kept(
        "server_logs",
        ("Serverlogge, uden personer", "Server logs, without people"),
        0,
        "files_full",
        ("Sikkerhed i behandlingen; artikel 32", "Security of processing; article 32"),
        ("Højst tre filer på 10 MB for hver container", "At most three files of 10 MB of each container"),
    ),
    Kept(
        "backups",
        ("Sikkerhedskopier", "Backups"),
        1,
        "written",
        ("Sikkerhed i behandlingen; artikel 32", "Security of processing; article 32"),
        ("Den, der driver systemet", "Whoever runs the system"),
    ),
)


def months_after(day: date, months: int) -> date:
    """Give the day so many months later; in a shorter month, its last day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise ValueError("every month has 28 days")


def people_removed_on(plan_over: date) -> date:
    """Give the day from which a plan's people are removed, when its closing, or else its end, was on a day."""
    return months_after(plan_over, PEOPLE_MONTHS)
