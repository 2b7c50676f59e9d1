"""What a number is, when it is nobody's: of companies, vouchers, accounts, cases, goods. Pure.

Numbers of people and of things have the same shapes, so what a number is called right before it decides; and where it
stands in an amount, a time or a row of counts, that does.
"""

import itertools
import re
from collections.abc import Sequence
from typing import Final

# What stands right before a number, as far as anybody looks.
AROUND: Final = 40
PAIR: Final = 2
_HOURS: Final = 24
_MINUTES: Final = 60
# Counts of a small group, and days; rows of them are no number.
_SMALL: Final = 31
_CLOSE: Final = 20

_NR: Final = r"(?:[-. ]{0,2}(?:nr|nummer(?:et)?|numre|no|id))?"
# Letters of a code may stand before the digits: `SN 1205`, `XG-0102`.
_OPENS: Final = r"(?: (?:er|var|lyder))?[.:#=( ]{0,3}(?:(?:sn|xg|id|no)[- ])?"
_THINGS: Final = (
    r"cvr|vat|pnr|[pj][-. ]{0,2}(?=nr|num)|fakt|invoice|serial|art(?=[. ]{0,2}nr)|basis|server|tilladelse"
    r"|produktionsenhed\w{0,10}|\w{0,10}bilag\w{0,8}|\w{0,8}faktura\w{0,8}"
    r"|kreditnota\w{0,8}|kvittering\w{0,8}|\w{0,8}(?<!nem)konto\w{0,8}|ordre\w{0,8}|bestilling\w{0,8}|rekv\w{0,12}"
    r"|lb|lbnr|løbe\w{0,8}|isbn|issn|ean\w{0,8}|gln|iban|matr|matrikel\w{0,8}|\w{0,8}postering\w{0,8}"
    r"|vare\w{0,8}|serie|stregkode\w{0,2}|følgeseddel\w{0,2}|tilsagn\w{0,8}|bevilling\w{0,8}|isbn-1[03]|p-enhed"
    r"|bon|nøgle|skab|giro|(?:\w{0,12}-)?police\w{0,2}|forsikring\w{0,8}|abonnement\w{0,8}|kreditor|debitor"
    r"|omkostningssted\w{0,2}|omk\.? ?sted|profitcenter|indkøbsordre\w{0,2}|po|betalings-?id|betalingsreference"
    r"|lejemål\w{0,2}|leverance|fragtbrev|tilbud|udbud|kode|ejendom|institution|matrikle\w{0,4}|bfe|rid|psp[-\w]{0,10}"
    r"|cvr ?/ ?se|forsendelse|kolli|model|type|ticket|tællerstand|måler|installation|anlæg"
)
# What has people in it as often as a number of its own, so that only `nr.` says which is meant.
_AFFAIRS: Final = (
    r"sags?|journal\w{0,4}|leverandør|aftale|projekt|dok|dokument|licens|pakke|rykker|kunde|kontrakt"
    r"|medlem\w{0,4}|ref|reference\w{0,3}"
)
# A word for a number of its own, unless it is somebody's.
_NOT_OF_PEOPLE: Final = (
    r"(?!c[a-z]{1,3}-?n|hjemme|privat|arbejds|fastnet|kontakt|tele|mobil|tlf|cpr|pers|erstat|barn|deltager|elev|borger|beboer|bruger|patient|klient|sygesikring|sundhed|id-?n"
    r"|pige|dreng|mor|far|frivillig|ung)"
)
_ANY_NUMBER: Final = rf"(?<!\w){_NOT_OF_PEOPLE}[a-zæøå][a-zæøå0-9]{{1,20}}-?(?:nr|nummer|numre)"
_CALLED: Final = rf"(?:\b(?:{_THINGS}){_NR}|\b(?:{_AFFAIRS})[-. ]{{0,2}}(?:nr|nummer(?:et)?|numre|id)|{_ANY_NUMBER})"
# Two numbers of a kind, and the parts of an account.
_FIRST_OF_TWO: Final = r"(?:[0-9][0-9 .-]{0,16}(?: og |, | & |/))?"
_PARTS: Final = r"(?:[0-9]{1,6}[ .-]{1,2}){0,4}"
_OF_A_THING: Final = re.compile(rf"{_CALLED}{_OPENS}{_FIRST_OF_TWO}\Z")
_OF_AN_ACCOUNT: Final = re.compile(rf"(?:\w{{0,8}}(?<!nem)konto\w{{0,8}}|reg|iban|dk|ean|gln){_NR}{_OPENS}{_PARTS}\Z")
# A payment slip's numbers: its kind, what it pays for, and whom. Where something is. A bill told of by its day.
_OF_A_SLIP: Final = re.compile(
    r"[0-9]{12,16}[ +<]{1,3}\Z|\b(?:lat|lng|lon|gps|utm|bredde|længde|koordinat)\w{0,6}[ .:]{1,3}\Z"
    r"|\b(?:faktura|bilag|kvittering|følgeseddel)\w{0,4} (?:af|fra) [^!?\n]{0,25}, ?nr[. ]{1,2}\Z"
)
# Short words that come before somebody's number just as well, where its shape says that it is one.
_OF_LITTLE: Final = re.compile(
    rf"\b(?:{_AFFAIRS}|se[-. ]{{0,2}}(?=nr|num)|dk|reg|id|kr|dkk|beløb\w{{0,4}}|budget\w{{0,6}}|saldo){_NR}{_OPENS}\Z"
)
_COUNTED: Final = re.compile(
    r"\b(?:uger?|kl|klokken|hold\w{0,4}|fremmøde\w{0,2}|deltagere|antal|rum|lokaler?|side|skab|opgang|lejligheder?"
    r"|lejlighed|score|point|kom|svar|tabel|storrum|bus|blok|afd|koordinater|klasser?|timeplan|resultat\w{0,4}"
    r"|\w{0,8}fordeling\w{0,2}|stemmer|karakter\w{0,2}|alder|aldersgruppe\w{0,2}|måling\w{0,3}|trin|tal|stop"
    r"|fremmødte|skala\w{0,2}|spørgsmål|plader?|bankoplader?|bygning|etage|afdeling\w{0,4}|årene|sæson|indeks"
    r"|[a-zæøå]{0,20}(?:vej|gade|allé|torv|plads|parken))[ :]{1,3}"
    r"(?:[0-9]{1,2}[^0-9a-zæøå]{1,3}){0,6}\Z"
)
_UNIT: Final = re.compile(
    r"[ \n]{0,2}(?:(?:kr|dkk|eur|usd|øre|kroner|mio|stk|m2|procent|minutter|min\.|timer|deltagere|deltog|børn|beboere"
    r"|personer|boliger|gange|husstande|drenge|piger|frivillige|år|mm|cm|km"
    r"|lejemål|besøg\w{0,4}|svar|unge|kvinder|mænd|medlemmer|point|grader|kvm|kg|gram|pct"
    r"|sager|flyers|foldere|plakater|besøgende|gæster|familier)(?![a-zæøå])|,-|%| ?= ?[0-9]"
    r"|\((?:i )?(?:tusinde?|mio|1\.?000|kr|t\.?kr|procent|pct|min|timer|stk))"
)
_OF_MONEY: Final = re.compile(r"[.,][0-9]")
# Groups of three, and hundredths where they are told.
_AMOUNTS: Final = frozenset(
    {(1, 3, 3), (2, 3, 3), (3, 3, 3), (1, 3, 3, 3), (2, 3, 3, 2), (3, 3, 3, 3), (1, 3, 3, 3, 2)}
)


def is_of_a_thing(text: str, start: int) -> bool:
    """Tell whether the number that starts there is called a thing's, or is a part of an account's number."""
    before = text[max(0, start - AROUND) : start]
    return bool(_OF_A_THING.search(before) or _OF_AN_ACCOUNT.search(before))


def is_perhaps_of_a_thing(text: str, start: int) -> bool:
    """Tell whether a short word before a number says what it is, where its shape alone says little."""
    before = text[max(0, start - AROUND) : start]
    return is_of_a_thing(text, start) or bool(_OF_LITTLE.search(before) or _OF_A_SLIP.search(before))


def is_counted(text: str, start: int) -> bool:
    """Tell whether the numbers that start there are counts, hours, weeks or rooms."""
    return bool(_COUNTED.search(text[max(0, start - AROUND) : start]))


def has_unit(text: str, end: int) -> bool:
    """Tell whether a number that ends there is a number of something."""
    return bool(_UNIT.match(text, end))


def is_amount(lengths: tuple[int, ...], gaps: Sequence[str]) -> bool:
    """Tell whether groups of digits are written as an amount is: in threes."""
    return lengths in _AMOUNTS and all(gap in {".", ","} for gap in gaps)


def has_decimals(text: str, end: int) -> bool:
    """Tell whether a number goes on behind a comma."""
    return bool(_OF_MONEY.match(text, end))


def is_hour(groups: Sequence[str], gap: str) -> bool:
    """Tell whether two groups of digits are an hour of the day: `16:30`."""
    hour, minute = groups
    return gap in {":", "."} and int(hour) < _HOURS and int(minute) < _MINUTES


def is_row_of_counts(groups: Sequence[str], gaps: Sequence[str]) -> bool:
    """Tell whether pairs of digits are small counts, or steps from one to the next."""
    if any(len(group) > PAIR for group in groups):
        return False
    values = [int(group) for group in groups]
    steps = [after - before for before, after in itertools.pairwise(values)]
    is_steady = all(step > 0 for step in steps)
    is_listed = any("," in gap or ";" in gap for gap in gaps)
    return is_listed or (is_steady and values[-1] - values[0] <= _CLOSE)


def is_small(groups: Sequence[str]) -> bool:
    """Tell whether groups are pairs of digits none of which is larger than a day of a month."""
    return all(len(group) == PAIR and int(group) <= _SMALL for group in groups)


def lie_apart(text: str, start: int, end: int, gaps: Sequence[str], others: str = ".-/:") -> bool:
    """Tell whether no more digits go before or follow in the way in which these ones hang together, or by others."""
    joints = {gap.strip() or gap[:1] for gap in gaps if gap} | set(others)
    return not (_is_joined(text[max(0, start - 2) : start][::-1], joints) or _is_joined(text[end : end + 2], joints))


def _is_joined(beside: str, joints: set[str]) -> bool:
    return len(beside) == PAIR and beside[1].isdecimal() and beside[0] in joints
