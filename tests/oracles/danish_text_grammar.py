"""A corpus of days, what joins a serial to them, how digits are spelt and what stands around, drawn by a seed.

It is drawn from a grammar, so that a shape of one part is tried with every shape of the others; ordinary texts get the
same surroundings. Days of birth are as long ago as those of people in the activities, days of events are of now.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from tests.oracles.danish_texts.reading import MONTHS, NUMERALS, ORDINARY, STYLES, Labelled

EACH: Final = 150
ORDINALS: Final = (
    *("første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende", "ellevte"),
    *("tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende", "attende", "nittende", "tyvende"),
    *(f"{one}ogtyvende" for one in ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")),
    *("tredivte", "enogtredivte"),
)
TENS: Final = ("tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems")
TEENS: Final = ("ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten")
AROUND: Final = (
    "{}", "{}.", "({})", "**{}**", "«{}»", "“{}”", "<b>{}</b>", "- {}", "• {}", "{} 🙂", "NB! {}", "…{}…", "1) {}",
    "Hej\n{}\nMvh", "{}, tak", "| {} |", "_{}_", "Obs: {}!", "Re: {}", "{} (rettet)", "[{}]", "{};", "\t{}", "»{}«",
)  # fmt: skip
CALLED: Final = ("cpr {}", "Cpr-nr.: {}", "CPR={}", "hendes personnummer er {}", "{} er hans cpr", "pers.nr. {}")
SPOKEN: Final = ("Hun hedder {}", "Drengen har {}", "{} kom ikke", "Vi skrev {} på listen", "Amina {}", "{}", "Ny: {}")
SIGNS: Final = ("-", " - ", " ", "–", "—", "/", ".", ":", " : ", "_", "  ", "·", "~", "\u00a0", "\n", "=", "#", "→")
JOINED: Final = (
    " og ", " streg ", " bindestreg ", ", sidste fire ", ", de fire sidste er ", " (sidste fire: ", " slutter på ",
    " med endelsen ", " løbenr. ", " efterfulgt af ", " og så ", " derefter ",
    ", kontroltal ", " minus ", "-xxxx, xxxx er ",
)  # fmt: skip
BORN: Final = (
    "født {}",
    "Født den {}",
    "f. {}",
    "fødselsdato: {}",
    "fødselsdag {}",
    "{} er hendes fødselsdag",
    "Født d. {}",
)
TOLD: Final = (
    "Mødet {} blev flyttet", "Aflyst {}", "Frist {}", "Beboermøde {} kl. 17.00", "{}: 14 kom", "Turen {} gik godt",
    "Næste gang er {}", "Vi målte {}", "Udlæg fra {}", "Kontrakt af {}", "Referat af {}", "Uge 12, {}", "{} kl. 1630",
)  # fmt: skip
FOUNDED: Final = ("Stiftet {}", "Lov af {}", "Huset er indviet {}", "Bebyggelsen stod færdig {}", "Vedtaget {}")
NUMBERED: Final = (
    "CVR {8}", "P-nr. 10{8}", "bilag {6}-{4}", "Faktura nr. {8}", "EAN {13}", "Konto {4} {10}", "Sagsnr. {6}-{4}",
    "{2}.{3}.{3} kr.", "{5} kr. og {4} kr.", "{4} boliger, {4} lejemål", "Fremmøde 12, 14, 9 og {2}", "Varenr. {4}-{4}",
    "Postnr. {4}, {4}", "Rum {1}.{2}", "kl. 16.30-18.00", "uge 12-15", "{2} unge på 13-17 år", "IBAN DK{16}",
    "Blok {2}-{2}",
)  # fmt: skip


def grammar_texts(seed: int) -> list[Labelled]:
    """Give a corpus of some seed: `EACH` texts of every kind that identifies people, three times that of others."""
    drawn = random.Random(seed)  # noqa: S311  a corpus that is the same each time
    makers: tuple[tuple[str, Callable[[random.Random], tuple[str, str]]], ...] = (
        ("personal_number", _personal_number), ("phone_number", _phone_number), ("email_address", _email_address),
        ("birth_date", _birth_date), *((ORDINARY, _ordinary),) * 3,
    )  # fmt: skip
    texts = []
    for kind, make in makers:
        for _ in range(EACH):
            shape, said = make(drawn)
            texts.append(Labelled(kind, shape, ("free",), drawn.choice(AROUND).format(said)))
    return texts


def _born(drawn: random.Random) -> date:
    return date(1940, 1, 1) + timedelta(days=drawn.randrange(27_700))


def _in_words(number: int) -> str:
    """Say a number below a hundred."""
    if number < len(NUMERALS):
        return NUMERALS[number]
    if number < 20:
        return TEENS[number - 10]
    ten, one = TENS[number // 10 - 2], number % 10
    return f"{NUMERALS[one]}og{ten}" if one else ten


def _pair_in_words(pair: str) -> str:
    return f"nul {_in_words(int(pair))}" if pair.startswith("0") else _in_words(int(pair))


def _year_in_words(year: int) -> str:
    rest = _in_words(year % 100)
    return f"nitten {rest}" if year < 2000 else f"to tusind og {rest}" if year > 2000 else "to tusind"


def _days(day: date) -> dict[str, str]:
    """Write a day in every way, by its name."""
    month, first, second = MONTHS[day.month - 1], ORDINALS[day.day - 1], ORDINALS[day.month - 1]
    short = f"{day.year % 100:02}"
    return {
        "six": f"{day:%d%m%y}", "eight": f"{day:%d%m%Y}", "dots": f"{day:%d.%m.%Y}",
        "few": f"{day.day}.{day.month}.{day.year}",
        "slash": f"{day.day}/{day.month}-{short}", "blank": f"{day.day}/{day.month} {day.year}",
        "iso": f"{day:%Y-%m-%d}",
        "dashes": f"{day:%d-%m-%y}", "month": f"{day.day}. {month} {day.year}",
        "cut": f"{day.day}. {month[:3]} {day.year}",
        "short": f"{day.day}. {month} '{short}", "ordinal": f"den {first} {month} {day.year}",
        "apart": f"{day:%d. %m. %Y}",
        "both": f"den {first} i {second} {day.year}", "first": f"{month} den {day.day}. {day.year}",
        "words": f"den {first} {month} {_year_in_words(day.year)}", "i": f"den {day.day}. i {day.month}. {day.year}",
    }  # fmt: skip


def _styled(drawn: random.Random, said: str) -> str:
    """Give a text with its digits in other signs, once in four times."""
    if drawn.random() > 0.25:
        return said
    style = STYLES[drawn.choice(("wide", "arabic", "bold", "super", "circled"))]
    return said.translate({48 + digit: sign for digit, sign in enumerate(style)})


def _personal_number(drawn: random.Random) -> tuple[str, str]:
    name, day = drawn.choice(list(_days(_born(drawn)).items()))
    # No serial that reads as a year: after a day, nobody tells the two apart.
    serial = drawn.choice((f"{drawn.randrange(1_000, 1_800)}", f"{drawn.randrange(2_100, 10_000)}"))
    if drawn.random() < 0.5:
        join = drawn.choice(SIGNS)
        said = day + join + serial
    else:
        join = drawn.choice(JOINED)
        spelt = f"{_pair_in_words(serial[:2])} {_pair_in_words(serial[2:])}"
        said = day + join + drawn.choice((serial, serial, serial, spelt)) + (")" if "(" in join else "")
    carrier = drawn.choice(CALLED if drawn.random() < 0.4 else SPOKEN)
    return f"{name}{join}", carrier.format(_styled(drawn, said))


def _phone_number(drawn: random.Random) -> tuple[str, str]:
    digits = f"{drawn.choice((2, 3, 4, 5, 6, 7, 8, 9))}{drawn.randrange(10**7):07}"
    pairs = [digits[place : place + 2] for place in range(0, 8, 2)]
    sign = drawn.choice((" ", " ", "-", ".", "–", "\u00a0", "/", " - ", "·"))
    said = drawn.choice((digits, sign.join(pairs), f"{digits[:4]} {digits[4:]}", " ".join(map(_pair_in_words, pairs))))
    before = drawn.choice(("tlf. ", "Mobil: ", "ring ", "+45 ", "0045 ", "mors nummer er ", "45 ", "", "Sms til "))
    return f"{before}{sign}", before + _styled(drawn, said)


def _email_address(drawn: random.Random) -> tuple[str, str]:
    box = drawn.choice(("amina.h", "yusuf92", "sara_k", "m-hansen", "ali"))
    at = drawn.choice(("@", " @ ", "(at)", " [at] ", " snabel-a ", "＠", " (snabel-a) ", "{at}", " krølle-a ", "@ "))
    dot = drawn.choice((".", ".", " punktum ", "(dot)", "[.]", " . "))
    return (
        f"{at}{dot}",
        f"{box}{at}{drawn.choice(('gmail', 'skolen', 'mail-1'))}{dot}{drawn.choice(('dk', 'com', 'net'))}",
    )


def _birth_date(drawn: random.Random) -> tuple[str, str]:
    name, day = drawn.choice(list(_days(_born(drawn)).items()))
    return name, drawn.choice(BORN).format(_styled(drawn, day.removeprefix("den ")))


def _ordinary(drawn: random.Random) -> tuple[str, str]:
    if drawn.random() < 0.5:
        form = drawn.choice(NUMBERED)
        while "{" in form:
            before, _, rest = form.partition("{")
            length, _, after = rest.partition("}")
            form = before + "".join(drawn.choices("0123456789", k=int(length))) + after
        return "number", _styled(drawn, form)
    past = drawn.random() < 0.3
    day = _born(drawn) if past else date(2024, 1, 1) + timedelta(days=drawn.randrange(1_500))
    name, said = drawn.choice([pair for pair in _days(day).items() if pair[0] not in {"six", "eight"}])
    return f"day {name}", drawn.choice(FOUNDED if past else TOLD).format(_styled(drawn, said))
