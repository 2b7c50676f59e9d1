"""Finds the forms of a page and every way in which a visitor may submit them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

# Of a form with no more controls than this, every subset is submitted.
SMALL: Final = 4

Fields = tuple[tuple[str, str], ...]


@dataclass
class Form:
    """A form as it stands in a page: where it goes, and what each of its controls sends.

    `sent` is what goes out when nothing is touched, control by control; `others` are values that may be chosen, and
    `written` the names of fields into which anything may be written.
    """

    method: str
    action: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the name of each field."""
        return tuple(dict.fromkeys(name for name, _ in (*self.sent, *self.others)))

    def variants(self) -> Iterator[Fields]:
        """Give what may be submitted: untouched, all emptied, all left out, each field emptied or left out alone."""
        yield tuple(self.sent)
        yield tuple((name, "") for name in self.names)
        yield ()
        # Of many choices the last stands for all.
        for chosen in dict(self.others).items():
            yield (*(each for each in self.sent if each[0] != chosen[0]), chosen)
        for name in self.names:
            yield tuple((key, "" if key == name else value) for key, value in self.sent)
            yield tuple(each for each in self.sent if each[0] != name)
            yield (*self.sent, *(each for each in self.sent if each[0] == name))
        if len(self.names) <= SMALL:
            for size in range(1, len(self.names)):
                for kept in itertools.combinations(self.names, size):
                    yield tuple(each for each in self.sent if each[0] in kept)
                    yield tuple((key, value if key in kept else "") for key, value in self.sent)


def forms(page: str) -> list[Form]:
    """Give the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    """Reads forms as a browser would fill them in: what is checked, selected or written goes out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._text: str | None = None
        self._has_chosen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("method", "get").lower(), said.get("action", ""))
            self.found.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            # A browser leaves the first line break out.
            self._form.sent[-1] = (self._text, self._form.sent[-1][1] + data.removeprefix("\n"))

    def _control(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name = said.get("name")
        if tag == "select":
            self._select, self._has_chosen = name, False
        elif tag == "option" and self._select:
            # The first stands there until another is selected.
            option = (self._select, said.get("value", ""))
            if "selected" in said:
                form.sent = [each for each in form.sent if each[0] != self._select]
            if "selected" in said or not self._has_chosen:
                form.sent.append(option)
            else:
                form.others.append(option)
            self._has_chosen = True
        elif tag == "input" and name:
            is_ticked = said.get("type") not in {"checkbox", "radio"} or "checked" in said
            (form.sent if is_ticked else form.others).append((name, said.get("value", "")))
            if said.get("type", "text") == "text":
                form.written.add(name)
        elif tag == "button" and name:
            form.sent.append((name, said.get("value", "")))
        elif tag == "textarea" and name:
            self._text = name
            form.sent.append((name, ""))
            form.written.add(name)
