"""A second corpus of Danish texts, made by a seed: carriers crossed with shapes, signs and numbers.

It is made in a different way than the one that was written by hand, and no rule of the guard was made for any of its
texts: it shows whether what the guard does holds beyond what was looked at.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from tests.oracles.danish_texts.reading import ENGLISH, MONTHS, ORDINARY, STYLES, Labelled

EACH: Final = 300
FREE: Final = ("free",)
ANY_TEXT: Final = ("free", "reference")
CARRIERS: Final = (
    "{}", "{}.", "({})", "Se {}", "Vi noterede {} i går", "Husk: {}!", "Ny på holdet, {}, begynder mandag",
    "{} står på listen", "Familien bad os skrive {}", "Efter mødet: {}\nIntet nyt ellers", "Obs {} / obs",
    "Vagten ({}) låser", "Hjemmebesøg aftalt, {}", "Til orientering {} - hilsen kontoret", "«{}»", "Afsluttet for {}",
    "Udlæg vedr. {}", "Skolen oplyser {}", "Det er {}, der mangler svar", "{} har fået plads",
)  # fmt: skip
BETWEEN: Final = ("-", " ", ".", "/", ":", ",", "+", "~", "*", "|", "·", "•", "–", "—", "−", "_", "\u00a0", "\u2009")
AROUND: Final = ("", "", " ")
HIDDEN: Final = ("\u200b", "\u00ad", "\u2060", "\u200d", "\ufeff")
NAMES: Final = ("Amina", "Yusuf", "Sara", "Mikkel", "Fatima", "Oliver", "Zainab", "Mads", "Layla", "Hassan")
PERSONS: Final = ("drengen", "pigen", "barnet", "datteren", "sønnen", "eleven", "lillesøster", "storebror")
BIRTH_BEFORE: Final = ("født", "født den", "Født d.", "fødselsdato", "Fødselsdag:", "f.", "born", "fødselsdatoen er")
OTHER_NUMBERS: Final = (
    "CVR {8}", "CVR-nr. {8}", "cvr-nummer {8}", "SE-nr. {8}", "P-nr. 10{8}", "P-nummer: 100{7}", "bilag {6}-{4}",
    "Bilag nr. {8}", "faktura {8}", "Fakturanr. {10}", "ordre {8}", "Ordrenr. {6}-{4}", "kvittering {8}", "EAN {13}",
    "EAN-nr. {13}", "reg. {4} konto {8}", "Kontonr. {4} {10}", "sagsnr. {6}-{4}", "j.nr. {8}", "Journalnummer {8}",
    "løbenr. {8}", "varenr. {8}", "kundenr. {8}", "IBAN DK{16}", "Rekvisition {8}", "Bestilling {8}", "Dok.nr. {8}",
    "serienummer {8}", "tilsagn {4}-{2}-{4}", "matrikel {8}", "posteringsnr. {8}", "projektnr. {8}",
)  # fmt: skip
FOUNDED: Final = (
    "Foreningen blev stiftet {}", "Afdelingen er grundlagt {}", "Huset blev indviet {}", "Lov nr. 119 af {}",
    "Bekendtgørelse af {}", "Aftalen er underskrevet {}", "Bebyggelsen stod færdig {}", "Klubben åbnede {}",
    "Skolen lukkede {}", "Vedtaget på mødet {}", "Planen blev godkendt {}", "Rapport af {}", "Vedtægterne er fra {}",
)  # fmt: skip
MEETINGS: Final = (
    "Mødet {} blev flyttet", "Aflyst {}", "Næste gang er {}", "Frist {}", "Turen {} gik til stranden", "{}: 12 kom",
    "Drengene mødtes {}", "Holdet begyndte {}", "Vi evaluerede {}", "Beboermøde {} kl. 17.00-19.00", "Målt {}",
)  # fmt: skip
AMOUNTS: Final = (
    "{} kr.", "Beløb: {}", "I alt kr. {}", "{} kroner til aktiviteter", "DKK {}", "Budget {} kr. over fire år",
)  # fmt: skip
COUNTS: Final = ("Fremmøde {}", "{} deltagere", "Hold på {} år", "Uge {}", "kl. {}", "Rum {}", "Antal: {}", "Score {}")
REFERENCES: Final = ("{2}-{4}", "B-{4}", "LBF {4}-{2}", "20{2}-{6}", "F2 20{2}-{6}", "{8}", "TS-{4}-{5}", "{2}/{4}/{3}")


def made_texts(seed: int) -> list[Labelled]:
    """Give a corpus of some seed: `EACH` texts of every kind that identifies people, four times that of others."""
    drawn = random.Random(seed)  # noqa: S311  a corpus that is the same each time
    makers: dict[str, Callable[[random.Random], Labelled]] = {
        "personal_number": _personal_number, "phone_number": _phone_number, "email_address": _email_address,
        "birth_date": _birth_date,
    }  # fmt: skip
    told = [make(drawn) for make in makers.values() for _ in range(EACH)]
    return told + [each for _ in range(EACH) for each in _ordinary(drawn)]


def _in(drawn: random.Random, said: str) -> str:
    return drawn.choice(CARRIERS).format(said)


def _born(drawn: random.Random) -> date:
    return date(1940, 1, 1) + timedelta(days=drawn.randrange(28_000))


def _gap(drawn: random.Random) -> str:
    return drawn.choice(AROUND) + drawn.choice(BETWEEN) + drawn.choice(AROUND)


def _personal_number(drawn: random.Random) -> Labelled:
    day = _born(drawn)
    first = f"{day.day + (60 if drawn.random() < 0.15 else 0):02}"
    year = f"{day.year}" if drawn.random() < 0.2 else f"{day.year % 100:02}"
    serial = f"{drawn.randrange(10_000):04}"
    shape = drawn.choice(("whole", "halves", "halves", "halves", "parts", "signs", "glued", "wide", "hidden", "pairs"))
    within, before = _gap(drawn), _gap(drawn)
    halves = f"{first}{day:%m}{year}{before}{serial}"
    parts = (first, f"{day:%m}", year)
    said = {
        "whole": first + f"{day:%m}" + year + serial,
        "halves": halves,
        "parts": within.join(parts) + before + serial,
        "signs": drawn.choice((" ", "-", ".")).join("".join(parts) + serial),
        "glued": drawn.choice(("cpr", "CPR", "p", "nr.", "barn_")) + halves + drawn.choice(("", "x", "_a")),
        "wide": halves.translate({48 + n: sign for n, sign in enumerate(STYLES[drawn.choice(("wide", "arabic"))])}),
        "hidden": halves[:3] + drawn.choice(HIDDEN) + halves[3:8] + drawn.choice(HIDDEN) + halves[8:],
        "pairs": " ".join((*parts, serial[:2], serial[2:])),
    }[shape]
    return Labelled("personal_number", shape, ANY_TEXT, _in(drawn, said))


def _phone_number(drawn: random.Random) -> Labelled:
    digits = f"{drawn.randrange(20_000_000, 99_999_999)}"
    gap = drawn.choice((" ", " ", "-", ".", "\u00a0", "–", "/", "  "))
    lengths = drawn.choice(((2, 2, 2, 2), (2, 2, 2, 2), (4, 4), (2, 3, 3), (3, 3, 2), (8,), (8,), (2, 6)))
    ends = [sum(lengths[: number + 1]) for number in range(len(lengths))]
    said = gap.join(digits[end - length : end] for end, length in zip(ends, lengths, strict=True))
    before = drawn.choice(("", "", "tlf. ", "Tlf: ", "mobil ", "ring ", "+45 ", "0045 ", "(+45) ", "+45"))
    return Labelled("phone_number", before or "bare", ANY_TEXT if before else FREE, _in(drawn, before + said))


def _email_address(drawn: random.Random) -> Labelled:
    box = drawn.choice(NAMES).lower() + drawn.choice(("", ".h", "_09", "-k", "2010"))
    host, end = drawn.choice(("example", "post.example", "skole-1", "mail")), drawn.choice(("dk", "com", "org", "net"))
    at = drawn.choice(("@", "@", "@", "＠", " @ ", "(at)", " (at) ", "[at]", " [at] ", "{at}", " snabel-a ", " at "))
    dot = drawn.choice((" dot ", " punktum ", " prik ")) if at == " at " else drawn.choice((".", ".", ".", "(dot)"))
    return Labelled("email_address", at.strip(), FREE, _in(drawn, box + at + host + dot + end))


def _dates(day: date) -> list[str]:
    month = MONTHS[day.month - 1]
    return [
        f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}-{day.year}", f"{day:%Y-%m-%d}",
        f"{day.day}. {month} {day.year}", f"{day.day}. {month[:3]}. {day.year}", f"{day.day} {month} {day.year}",
        f"{day.day}/{day.month} {day.year}", f"{day.day}.{day.month}.{day.year}",
    ]  # fmt: skip


def _birth_date(drawn: random.Random) -> Labelled:
    day = _born(drawn)
    said = drawn.choice(_dates(day))
    if drawn.random() < 0.6:
        short = [f"{day:%d%m%y}", f"{day:%d%m%Y}", f"{day:%d.%m.%y}", f"{ENGLISH[day.month - 1]} {day.day}, {day.year}"]
        said = drawn.choice((said, said, *short))
        return Labelled("birth_date", "word", ANY_TEXT, _in(drawn, f"{drawn.choice(BIRTH_BEFORE)} {said}"))
    who = drawn.choice(NAMES + PERSONS)
    said = drawn.choice((f"{who} {said}", f"{who}, {said}", f"{who} ({said})", f"{said} {who}", f"{who}: {said}"))
    return Labelled("birth_date", "person", FREE, _in(drawn, said))


def _digits(drawn: random.Random, form: str) -> str:
    while "{" in form:
        before, _, rest = form.partition("{")
        length, _, after = rest.partition("}")
        form = before + "".join(drawn.choices("0123456789", k=int(length))) + after
    return form


def _ordinary(drawn: random.Random) -> Iterator[Labelled]:
    yield Labelled(ORDINARY, "other number", ANY_TEXT, _in(drawn, _digits(drawn, drawn.choice(OTHER_NUMBERS))))
    past = date(1950, 1, 1) + timedelta(days=drawn.randrange(24_000))
    lately = date(2024, 1, 1) + timedelta(days=drawn.randrange(1_500))
    told = drawn.choice(((FOUNDED, past), (MEETINGS, lately)))
    yield Labelled(ORDINARY, "day", FREE, drawn.choice(told[0]).format(drawn.choice(_dates(told[1]))))
    amount = f"{drawn.randrange(1_000, 90_000_000):,}".replace(",", drawn.choice(("", ".", " ")))
    gap = drawn.choice((", ", " og ", "-", ", ", "/"))
    some = gap.join(f"{drawn.randrange(8, 31)}" for _ in range(drawn.randrange(2, 7 if gap == ", " else 4)))
    yield Labelled(ORDINARY, "amount", FREE, drawn.choice(AMOUNTS).format(amount + drawn.choice(("", ",00", ",50"))))
    counted = Labelled(ORDINARY, "count", FREE, drawn.choice(COUNTS).format(some))
    reference = Labelled(ORDINARY, "reference", ("reference",), _digits(drawn, drawn.choice(REFERENCES)))
    yield drawn.choice((counted, reference))
