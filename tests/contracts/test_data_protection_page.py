"""The record of processing is that of the code: no event that names people is left out, and no field of it."""

import pytest

from docs import data_protection_page
from services.reporting.entry.field_words import FIELDS
from shared.events.text_fields import PSEUDONYMS
from shared.retention import PEOPLE_MONTHS, TABLE

LANGUAGES = pytest.mark.parametrize("language", list(data_protection_page.PAGES))


@LANGUAGES
def test_the_page_is_current(language: str) -> None:
    """`make docs` was run after the last change of an event, a field or a deadline."""
    written = data_protection_page.PAGES[language].read_text(encoding="utf-8")
    assert written == data_protection_page.page(language), "it is out of date: `make docs`"
    assert "{{" not in written


@LANGUAGES
def test_every_event_that_names_people_stands_there_with_every_field_and_its_purpose(language: str) -> None:
    """By its name, in a row of its own."""
    lines = data_protection_page.page(language).splitlines()
    place = 0 if language == "da" else 1
    for event in data_protection_page.of_people():
        (row,) = (line for line in lines if f"(`{event.event_name}`) | " in line and line.count("|") == 5)
        assert data_protection_page.PURPOSES[event.event_name][place] in row
        for name, field in event.model_fields.items():
            assert FIELDS[field.alias or name][0][place].lower() in row


@LANGUAGES
def test_every_deadline_stands_there(language: str) -> None:
    """With its basis; the months are those by which the registry removes people."""
    page = data_protection_page.page(language)
    place = 0 if language == "da" else 1
    for kept in TABLE:
        assert f"| {kept.what[place]} | " in page
        assert kept.basis[place] in page
    assert f"{PEOPLE_MONTHS} " in page
    assert PSEUDONYMS
