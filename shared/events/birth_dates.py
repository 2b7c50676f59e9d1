"""Finds dates of birth: by a word of birth near a date, by a person near one, or where nothing else is said. Pure.

A day of long ago alone is none: houses, clubs and laws have days too. Every pattern has bounds.
"""

import re
from typing import Final

from shared.events.given_names import GIVEN_NAMES
from shared.events.plain_text import holds_any
from shared.events.spelt_days import MONTH, with_days_in_digits
from shared.events.spelt_numbers import NUMERAL
from shared.events.years_of_birth import (
    NEAR_BEFORE,
    OLDEST_YEARS,
    PERSON,
    YEAR,
    YOUNGEST_YEARS,
    full_year,
    holds_year_of_birth,
)

# Letters beside a date that stands by itself; with more it is the day of something.
FEW_LETTERS: Final = 0

_PART: Final = r"[ \n]?[ .,/·_-][ \n]?"
_DAY_AND_YEAR: Final = (
    rf"(?:[0-9]{{1,2}}{_PART}[0-9]{{1,2}}{_PART}(?:{YEAR}|[0-9]{{2}})"
    rf"|[0-9]{{1,2}}[.-]?[ -]?{MONTH}[ -][0-9]{{2}}|[0-9]{{6}}|[0-9]{{8}}|[0-9](?: [0-9]){{7}})(?![0-9])"
)
_DAY: Final = (
    rf"(?:[0-9]{{1,2}}[.-]?[ -]?{MONTH}|[0-9]{{1,2}} ?[./-] ?[0-9]{{1,2}}|[0-9]{{1,2}}\. i [0-9]{{1,2}}"
    rf"|{MONTH} (?:den |d\. ?)[0-9]{{1,2}})(?![0-9]|[a-zæøå])"
)
_PARTY: Final = r"(?!s?(?:fest|kage|sang|gave|fejring|arrangement|kaffe|hilsen|kalender(?!:)))"
_BIRTHDAY: Final = (
    rf"(?:f(?:ø|oe|o)d(?:s|sels|e)?[-. ]{{0,2}}(?:dag{_PARTY}|dato|tidspunkt|d\.)\w{{0,4}}|\bdato for f(?:ø|oe|o)dsel"
    r"|\bf\.?-?da(?:to|g)|date of birth|b(?:irth)?-? ?da(?:y|te)|\bdob\b|\bd\.o\.b\.?|\bgeburtsdatum|\bmyndig\b|🎂"
    r"|\bf(?:ø|oe)dsel(?:ar\w{0,3}|sattest)|\bgeb\.|\bföd\w{0,12}|\bdoğum|\bdhalasha|\bfor dem der fylder"
    r"|[0-9]{1,2}[- ]?års[- ]?(?:fødsels)?dag(?:en)?\b)"
)
# The letter alone stands right before a date; it is a point's of a list, and of what follows a comma, too.
_LETTER: Final = (
    r"(?<!pkt\. )(?<!pkt )(?<!punkt )(?<!litra )(?<!bilag )(?<![\w.-])"
    rf"(?:f\. ?d\.?|fd?[.:]|f(?= [0-9]))(?= ?[(0-9]| ?d| ?i | {MONTH} [0-9])"
)
_BORN: Final = (
    r"(?:\bf(?:ø|oe|o)d(?:t(?![a-zæøå])|\.)|\bnyf(?:ø|oe)dt\b|\btil verden\b|\bdagens lys\b|\bfdt\.?|\bborn\b"
    r"|\bf(?:ø|oe)(?:st|dst|ft|tdt)\b"
    rf"|{_LETTER})"
)
_TO: Final = r"[^0-9!?]{0,30}"
_BORN_ON: Final = re.compile(rf"(?:{_BIRTHDAY}|{_BORN}){_TO}{_DAY_AND_YEAR}")
_SOON: Final = (
    r"(?: (?:nu|her|til|på|næste|i|år|om|lidt|kort|tid|går|morgen|\w{0,6}dags?|uge|måned)){1,4},?(?: den| d\.)? "
)
_GAVE_BIRTH: Final = r"\b(?:fødte|har født|fik (?:barn|en (?:dreng|pige|søn|datter))|baby(?:en)? (?:kom|blev født))\b"
_HAS_BIRTHDAY_ON: Final = re.compile(
    rf"(?:{_BIRTHDAY}{_TO}|{_GAVE_BIRTH}{_TO}|\bfylder [0-9]{{1,2}}(?= år| og| i | på| den| d\."
    rf"|,)[^0-9.!?\n]{{0,30}}|\bturns [0-9]{{1,2}} on "
    rf"|\btillykke[^0-9!?\n]{{0,30}}[0-9]{{1,2}} år[^0-9.!?\n]{{0,20}}|\bførst [0-9]{{1,2}} år "
    rf"|\b(?:(?:fyld(?:er|te)|run(?:der|dede))\b(?: de| rundt)?(?: [0-9]{{1,2}})?"
    rf"|bl(?:ev|iver) [0-9]{{1,2}})(?: år)?(?: d\. ?|[^0-9.!?]{{0,8}}|{_SOON})){_DAY}"
    rf"|{_DAY} \([0-9]{{1,2}} år\)|\bfødselar\w{{0,3}} i {MONTH}[^0-9!?]{{0,30}}[0-9]"
    rf"|{_BORN}[ :]{{1,2}}(?:(?:i )?\w{{2,6}}dags?,? )?(?:den |d\. ?)?[0-9]{{1,2}}(?:\.? ?{MONTH}"
    rf"|[/.][0-9]{{1,2}})(?![0-9]|[a-zæøå])"
)
_YEAR_OF_BIRTH: Final = r"f(?:ø|oe)d(?:sels|e)år"
_ABOUT: Final = r"(?:i|år|året|ca|in|den|er|anno|omkring|cirka|sommeren|vinteren|foråret|efteråret)"
_BORN_IN: Final = re.compile(
    rf"{_YEAR_OF_BIRTH}[ :.=(]{{1,3}}[0-9]{{2}}(?![0-9])"
    rf"|(?:{_BORN}|{_YEAR_OF_BIRTH})[ :.=(]{{0,3}}(?:{_ABOUT}\.?:? ){{0,2}}"
    rf"(?:{MONTH} |[0-9]{{1,2}}[./-])?{YEAR}(?![0-9]|[ ]?[-/][ ]?[0-9]| (?:eller|og|til) [0-9])"
    rf"|{_BORN} samme år[^0-9!?]{{0,30}}{YEAR}"
    rf"|{_BORN} (?:på |i )?(?:selve )?\w{{2,12}}(?:dag|aften|nat|år)\w{{0,4}} {YEAR}"
    rf"|{_BORN} (?:i )?{MONTH} '?[0-9]{{2}}(?![0-9])|{_YEAR_OF_BIRTH}[^0-9!?]{{0,16}}(?:[0-9]{{1,2}}[/-])?{YEAR}"
    rf"|\balder\b[ :]{{1,2}}[0-9]{{1,2}}[^0-9,]{{1,6}}[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{2}}"
    rf"|{_BORN} (?:i |år |in )?(?:'[0-9]{{2}}(?![0-9])|[0-9]{{2}}(?=[.,;)!]|\s*\Z))"
    rf"|{_BORN} i (?:\w{{3,7}}tierne|\w{{3,12}}erne|0'?erne)\b[^0-9.!?\n]{{0,30}}{YEAR}(?![0-9])"
    rf"|{_BORN}[ :]{{1,2}}(?:i |år )?(?:den )?(?:nitten ?(?:hundrede|{NUMERAL}\b)|totusind|to ?tusind|tyve ?hundrede)"
)
_ON_BORN: Final = re.compile(
    rf"(?<![0-9])(?:(?:{_DAY_AND_YEAR}|{_DAY})[^0-9.!?]{{0,30}}{_BIRTHDAY}"
    rf"|{_DAY_AND_YEAR}[^0-9.!?]{{0,30}}(?:{_BORN}|\btil verden\b)"
    rf"|[-'][0-9]{{2}}[^0-9!?]{{0,20}}f(?:ø|oe|o)dselsår|{YEAR} (?:er|var) [^0-9.!?]{{0,20}}f(?:ø|oe|o)dselsår)"
)
# What is born without being a person, unless somebody is from there.
_A_THING: Final = re.compile(
    r"(?<!\bfra )(?<!\bi )(?<!\bpå )(?<!\bved )(?<!\bhos )\b(?:lam|hvalpe?|killinge?r?|kyllinge?r?|føl"
    r"|kalve?|profeten\w?|id[eé]\w{0,3}|projekt\w{0,4}|forening\w{0,3}|tanke\w{0,2}|plan\w{0,5}|klub\w{0,4}|tradition\w{0,3}"
    r"|initiativ\w{0,3}|aktivitet\w{0,3}|afdeling\w{0,3}|bibliotek\w{0,3}|hele|bazar\w{0,3}|caf[eé]\w{0,3}|kvarter\w{0,3}"
    r"|bydel\w{0,3}|område\w{0,3}|museum|museet|kirke\w{0,3}|butik\w{0,3}|værksted\w{0,3}|center|netværk\w{0,3}"
    # What ends so is a thing whatever it begins with: `fritidscentret`, `Urbanplanen`, `beboerhuset`.
    r"|[a-zæøå]{0,20}(?:hus|huset|center|centret|centeret|skole|skolen|planen|parken|haven|klubben|torvet|gården|pladsen|caf[eé]e?n|lokalet|biblioteket|museet|rådet)s?)\b"
)
# A thing that does it itself, right before: `huset havde`, `idéen blev`.
_A_THING_DID: Final = re.compile(
    rf"{_A_THING.pattern} (?:havde|har|holdt|holder|fejrede|fejrer|blev|er|var)(?: (?:sin|deres|officielt))? \Z"
)
_OF_SOMEBODY: Final = re.compile(r"\b(?:hun|han|hendes|hans|min|mit|søn|datter|dreng|pige|barn)")
# What many are who did not turn so old: `vi blev 12 den 14/5`.
_BECAME: Final = ("blev", "bliver")
_OF_MANY: Final = re.compile(r"\b(?:vi|de|der|i alt|antallet|hold\w{0,3}|bestyrelsen|gruppen|udvalget) \Z")
# Whoever is born in a year is nobody in particular.
_BORN_OF_MANY: Final = re.compile(
    r"\b(?:børn(?:ene)?|unge|drenge(?:ne)?|piger(?:ne)?|alle|dem|personer|borgere|beboere|voksne|deltagere),?"
    r" (?:(?:der|som) )?(?:er )?\Z"
)
_FOUNDED: Final = re.compile(
    r"\b(?:grundlag|stifte|indvi|opfør|bygge|åbne|åbnin|opret|godkend|vedta|underskr|lov|bekendtg|aftale|siden|lukke"
    r"|flytte|færdig|trådte|beslut|brev|rapport|jubil|uddelt|dateret|film)"
)
# What somebody did or had done on a day of long ago.
_DID: Final = re.compile(
    r"\b(?:fik|tog|blev|startede|begyndte|flyttede|bestod|vandt|ankom|kom|deltog|holdt|rejste|stoppede|sluttede|mødte"
    r"|talte|skrev|besøgte|ringede|gik|afsluttede|har|prisen)\b|ansat|valgt|meldt|indskrev|udskrev|eksamen"
)
_FULL_DATE: Final = re.compile(
    rf"(?<![0-9.,/-])(?:[0-9]{{1,2}} ?[./ -] ?[0-9]{{1,2}} ?[./ -] ?({YEAR})|[0-3][0-9][01][0-9]({YEAR})"
    r"|[0-3]?[0-9][./][01]?[0-9][./ -]([0-9]{2})(?![./][0-9]))(?![0-9-])"
)
_LETTERS: Final = re.compile(r"[a-zæøå]")
_WORD: Final = re.compile(r"\w+")
_NAME: Final = re.compile(r"[A-ZÆØÅ][\w]{1,20}")
_SENTENCE_ENDS: Final = re.compile(r"[.!?]\s|\n")
# Without one of these nothing is said of a birth: to look for them costs a tenth of any pattern.
_WORDS_OF_BIRTH: Final = (
    *("fød", "foed", "fod", "fyld", "blev ", "bliver ", "rund", "verden", "dagens lys", "f.", "f:", "f ", "fd.", "fd:"),
    *("fdt", "dob", "d.o.b", "born", "birth", "geburt", "myndig", "års", " år)", "fdag", "fdat", "f-dag"),
    *(
        "bday",
        "b-day",
        "föd",
        "geb.",
        "doğum",
        "dhala",
        "🎂",
        "tillykke",
        "turns",
        "føst",
        "først",
        "fik ",
        "baby",
        "alder",
    ),
)
NEAR_AFTER: Final = 14


def holds_birth_date(text: str, plain_text: str, year: int) -> bool:
    """Tell whether a text that is written in some year holds a date of birth.

    `text` is as it was typed, since a name is known by its capital; `plain_text` is what `plain` makes of it.
    """
    plain_text = with_days_in_digits(plain_text)
    if holds_any(plain_text, _WORDS_OF_BIRTH) and _says_birth(plain_text):
        return True
    if holds_year_of_birth(plain_text, year):
        return True
    if not _FULL_DATE.search(plain_text):
        return False
    # Once for all dates of a text, so that many take no longer than their number says.
    letters = len(_LETTERS.findall(plain_text))
    names = {name.lower() for name in _NAME.findall(text)} & GIVEN_NAMES
    return any(_is_somebodys(found, year, letters, names) for found in _FULL_DATE.finditer(plain_text))


def _says_birth(plain_text: str) -> bool:
    """Tell whether a word of birth stands near a day or a year, and means a person."""
    if _ON_BORN.search(plain_text) or any(not _did_it_itself(found) for found in _BORN_ON.finditer(plain_text)):
        return True
    if any(not _is_of_a_thing(plain_text, found) for found in _HAS_BIRTHDAY_ON.finditer(plain_text)):
        return True
    for found in _BORN_IN.finditer(plain_text):
        is_of_many = _BORN_OF_MANY.search(plain_text, max(0, found.start() - NEAR_BEFORE), found.start())
        if not (is_of_many or _is_of_a_thing(plain_text, found)):
            return True
    return False


def _did_it_itself(found: re.Match[str]) -> bool:
    return _A_THING_DID.search(found.string, max(0, found.start() - NEAR_BEFORE), found.start()) is not None


def _is_of_a_thing(text: str, found: re.Match[str]) -> bool:
    start = max(0, found.start() - NEAR_BEFORE)
    if found[0].startswith(_BECAME) and _OF_MANY.search(text, start, found.start()):
        return True
    return bool(_A_THING.search(text, start, found.end())) and not _OF_SOMEBODY.search(text, start, found.end())


def _is_somebodys(found: re.Match[str], year: int, letters: int, names: set[str]) -> bool:
    """Tell whether a full date stands beside a person, or alone, in a text of so many letters that has such names."""
    born = full_year(found[1] or found[2] or found[3], year)
    if not YOUNGEST_YEARS <= year - born <= OLDEST_YEARS:
        return False
    if not found[3] and letters - len(_LETTERS.findall(found[0])) <= FEW_LETTERS:
        return True
    plain_text = found.string
    start, end = found.span()
    before = _SENTENCE_ENDS.split(plain_text[max(0, start - NEAR_BEFORE) : start])[-1]
    after = _SENTENCE_ENDS.split(plain_text[end : end + NEAR_AFTER])[0]
    if _FOUNDED.search(before) or _FOUNDED.search(after) or _DID.search(before):
        return False
    is_beside_a_person = PERSON.search(before) or PERSON.search(after)
    return bool(is_beside_a_person) or not names.isdisjoint(_WORD.findall(f"{before} {after}"))
