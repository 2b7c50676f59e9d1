"""A real SMTP server on the loopback address, which keeps what it is sent, for tests of mail."""

import contextlib
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from services.embedded import free_port

HOST: Final = "127.0.0.1"
LINK: Final = re.compile(r"https?://[^\s\"<>]+")
REFUSED: Final = "550 5.1.1 no such mailbox"
TAKEN: Final = "250 OK"


@dataclass
class Mailbox:
    """What arrived, in order; mail for `unknown` addresses is refused."""

    port: int
    arrived: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Give the address of the server, as the setting has it."""
        return f"smtp://{HOST}:{self.port}"

    async def handle_RCPT(  # noqa: N802  named and called so by aiosmtpd
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take mail for an address, or refuse it."""
        if address in self.unknown:
            return REFUSED
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  as above
        """Keep a message."""
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return TAKEN

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Serve until the context ends; before and after it nobody listens."""
        server = Controller(self, hostname=HOST, port=self.port)
        server.start()
        try:
            yield
        finally:
            server.stop()


def mailbox() -> Mailbox:
    """Make a mailbox on a free port; nobody listens there yet."""
    return Mailbox(free_port())


def parts(message: EmailMessage) -> tuple[str, str]:
    """Give a message's text and its HTML."""
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    return str(text.get_content()), str(page.get_content())


def links(message: EmailMessage) -> set[str]:
    """Give every address that a message leads to, in text and HTML."""
    return {link.replace("&amp;", "&") for part in parts(message) for link in LINK.findall(part)}
