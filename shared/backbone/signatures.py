"""Who a page of a log comes from: its owner signs it, and whoever follows verifies. Owns the keys for that.

Each owner has a key of its own, whose private half it alone reads (ADR 101); a follower knows the public half.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# What is signed says what it is, so that no signature of one kind is good for another kind.
PURPOSE: Final = "page of the log of"


class Signer:
    """Signs the pages of one owner's log."""

    def __init__(self, key: Ed25519PrivateKey, owner: str) -> None:
        self._key = key
        self._owner = owner

    @property
    def verifier(self) -> "Verifier":
        """Give what verifies its signatures."""
        return Verifier(self._key.public_key(), self._owner)

    @property
    def fingerprint(self) -> bytes:
        """Give 32 bytes that tell its key from others."""
        return hashlib.sha256(self._key.public_key().public_bytes_raw()).digest()

    def sign(self, page: bytes) -> bytes:
        """Give the 64 bytes that only the owner could have made for this page."""
        return self._key.sign(_statement(self._owner, page))


class Verifier:
    """Tells the pages of one owner's log from what others made; it can sign nothing."""

    def __init__(self, key: Ed25519PublicKey, owner: str) -> None:
        self._key = key
        self._owner = owner

    def is_signed(self, page: bytes, signature: bytes) -> bool:
        """Tell whether the owner signed exactly this page."""
        try:
            self._key.verify(signature, _statement(self._owner, page))
        except InvalidSignature:
            return False
        return True


def _statement(owner: str, page: bytes) -> bytes:
    """Give what is signed. Ed25519 reads a message twice with a slower hash, so it is given this one's digest."""
    return f"{PURPOSE} {owner}\n".encode() + hashlib.sha256(page).digest()
