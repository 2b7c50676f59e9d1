"""The mails that are sent: on Mondays what needs attention, and once the question whether an address is right.

Each is text and HTML, in its reader's language. Owns no rule: what a reader is told of was decided before.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from services.reporting.subscriptions.postman import Letters
from services.reporting.subscriptions.store import Mailing
from services.reporting.terms import Json
from services.reporting.web.language import PageLanguage, languages
from services.reporting.web.rendering import environment
from services.reporting.web.steps import is_own
from services.reporting.web.wording import Wording
from shared import clock
from shared.presentable import presentable
from shared.tokens import Identity

# So many are told in full; the page has all.
MOST_TOLD: Final = 40
ID_LENGTH: Final = 24
STOP: Final = "/subscriptions/stop"
CONFIRM: Final = "/subscriptions/confirm"


def letters(public_url: str, sender: str) -> Letters:
    """Give who writes mail whose links lead to the pages at an address."""
    writer = _Writer(public_url.rstrip("/"), sender)
    return Letters(writer.monday, writer.question)


class _Writer:
    """Writes mail."""

    def __init__(self, address: str, sender: str) -> None:
        self._address = address
        self._sender = sender
        self._host = urlsplit(address).hostname or "localhost"

    def monday(  # noqa: PLR0913, PLR0917  whom a mail is for, and what it is made of
        self, mailing: Mailing, reader: Identity, monday: date, report: Json, new: Sequence[Json], items: Sequence[Json]
    ) -> EmailMessage:
        """Write the mail of a Monday: what is new in full, and how much is left of before."""
        language = languages()[mailing.language]
        told = [self._told(item, reader, report, language) for item in new[:MOST_TOLD]]
        older = len(items) - len(new)
        values = {
            "title": language.gettext("Ugens overblik, %(week)s") % {"week": language.week(monday)},
            "items": told,
            "more": len(new) - len(told),
            "older": language.ngettext(
                "%(num)s ting fra tidligere uger står stadig på listen.",
                "%(num)s ting fra tidligere uger står stadig på listen.",
                older,
            )
            % {"num": older}
            if older
            else "",
            "page": self._link(language, "/monday"),
            "stop": self._stop(language, mailing),
        }
        subject = language.ngettext(
            "%(title)s: %(num)s ny ting at følge op på", "%(title)s: %(num)s nye ting at følge op på", len(new)
        )
        message = self._message(mailing, subject % {"title": values["title"], "num": len(new)}, f"monday {monday}")
        message["List-Unsubscribe"] = f"<{values['stop']}>"
        # Source: RFC 8058.
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return _filled(message, language, "letter_monday", values)

    def question(self, mailing: Mailing) -> EmailMessage:
        """Ask whoever reads the mail at an address whether it shall come there."""
        language = languages()[mailing.language]
        title = language.gettext("Vil du have ugens overblik på mail?")
        values = {
            "title": title,
            "confirm": f"{self._link(language, CONFIRM)}?link={mailing.link}",
            "stop": self._stop(language, mailing),
        }
        return _filled(self._message(mailing, title, f"question {mailing.link}"), language, "letter_question", values)

    def _told(self, item: Json, reader: Identity, report: Json, language: PageLanguage) -> dict[str, Any]:
        words = Wording(language)
        places = [
            (rows[item[kind]], self._link(language, f"/{kind}s/{item[kind]}"))
            for kind in ("plan", "area")
            if item[kind] in (rows := {row[kind]: row["name"] for row in report[f"{kind}s"]})
        ]
        return {
            "concern": words.concern(item),
            "severity": words.severity(item["severity"]),
            "is_urgent": item["severity"] == "high",
            "detail": words.detail(item, report["names"]),
            "step": words.step(item, is_own=is_own(item, reader, report["plans"])),
            "places": places,
            "since": language.day(item["since"]) if item["since"] else "",
        }

    def _message(self, mailing: Mailing, subject: str, about: str) -> EmailMessage:
        """Begin a message; the same one has the same identifier, so that one that comes twice is known for it."""
        message = EmailMessage(policy.SMTP)
        message["From"] = self._sender
        message["To"] = mailing.address
        message["Subject"] = presentable(subject)
        message["Date"] = format_datetime(clock.now())
        name = hashlib.sha256(f"{mailing.link} {about}".encode()).hexdigest()[:ID_LENGTH]
        message["Message-ID"] = f"<{name}@{self._host}>"
        message["Content-Language"] = mailing.language
        # Source: RFC 3834, so that nobody's absence is answered to us.
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _stop(self, language: PageLanguage, mailing: Mailing) -> str:
        return f"{self._link(language, STOP)}?link={mailing.link}"

    def _link(self, language: PageLanguage, path: str) -> str:
        return f"{self._address}{language.prefix}{path}"


def _filled(message: EmailMessage, language: PageLanguage, template: str, values: dict[str, Any]) -> EmailMessage:
    """Give a message its text, and the same as HTML."""
    made = environment(language.code)
    # Nothing is markup in a text: what the page's templates would escape stays as it is written.
    plain = made.overlay(autoescape=False)
    message.set_content(plain.get_template(f"{template}.txt").render(values))
    message.add_alternative(made.get_template(f"{template}.html").render(values), subtype="html")
    return message
