"""Handing mail to an SMTP server, one message at a time. Owns the connection, and no word of what is sent.

Source: RFC 5321; the standard library's `smtplib` in a thread of its own (ADR 143).
"""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

TIMEOUT_SECONDS: Final = 20.0
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# From this status on a server will not take a message, however often it is offered.
FOR_GOOD: Final = 500


class PostAway(Exception):
    """The server takes nothing just now."""


class AddressRefused(Exception):
    """The server takes this message for this address neither now nor later."""


class PostOffice:
    """One SMTP server: `smtp://` in the clear, `smtp+starttls://`, or `smtps://`, with a name and password or none."""

    def __init__(self, url: SecretStr) -> None:
        parts = urlsplit(url.get_secret_value())
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._name = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Hand over a message; whoever uses it is in no event loop.

        Raises:
            AddressRefused: it is not taken for this address, now or later.
            PostAway: the server cannot be reached, or takes nothing now.
        """
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            statuses = [status for status, _ in refused.recipients.values()]
            raise (AddressRefused if min(statuses) >= FOR_GOOD else PostAway)(str(statuses)) from None
        except smtplib.SMTPDataError as refused:
            raise (AddressRefused if refused.smtp_code >= FOR_GOOD else PostAway)(str(refused.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise PostAway(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            if self._scheme == "smtp+starttls":
                server.starttls(context=context)
            if self._name:
                server.login(self._name, self._password)
        except BaseException:
            server.close()
            raise
        return server
