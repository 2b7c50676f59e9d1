"""The keys of an installation under test: the one place where tests get tokens, credentials and signatures from."""

from pathlib import Path
from typing import Any, Final

import jwt

from services.access.signing import PUBLIC_FILE, Issuer
from shared import keys
from shared.backbone.signatures import Signer, Verifier
from shared.tokens import TOKEN_TYPE, Credential, TrustedKeys

ISSUER_FILE: Final = "issuer.json"


class Keyring:
    """A folder with the keys of all services and of the issuer, as the embedded system has it."""

    def __init__(self, folder: Path) -> None:
        keys.make(folder)
        self.folder = folder
        self.issuer = Issuer.load_or_create(self.issuer_file)
        self.issue = self.issuer.issue

    @property
    def issuer_file(self) -> Path:
        """Give the file of the keys that sign tokens."""
        return self.folder / ISSUER_FILE

    @property
    def settings(self) -> dict[str, Any]:
        """Give the settings of a service that these keys are for."""
        public = str(self.folder / PUBLIC_FILE)
        return {"keys_folder": self.folder, "issuer_keys": public, "issuer_file": self.issuer_file}

    @property
    def environment(self) -> dict[str, str]:
        """Give the same as the environment of a process."""
        return {f"HELHEDSNET_{name.upper()}": str(value) for name, value in self.settings.items()}

    def sign(self, claims: dict[str, Any], **head: Any) -> str:
        """Sign claims that the issuer would never make."""
        (name,) = self.issuer.public
        key = self.issuer._keys[0].private  # noqa: SLF001  no other way to a bad token
        return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": name, "typ": TOKEN_TYPE, **head})

    def signer(self, owner: str) -> Signer:
        """Give what signs the pages of an owner's log."""
        return Signer(keys.load(self.folder / f"{owner}.pem"), owner)

    def verifier(self, owner: str) -> Verifier:
        """Give what verifies them."""
        return Verifier(keys.load_public(self.folder / keys.SERVICES_FILE)[owner], owner)

    def credential(self, service: str = "reporting") -> Credential:
        """Give what proves a service to others."""
        return Credential(service, keys.load(self.folder / f"{service}.pem"))

    def trusted(self, service: str = "registry") -> TrustedKeys:
        """Give the keys that a service believes."""
        trusted = TrustedKeys(service, keys.load_public(self.folder / keys.SERVICES_FILE))
        trusted.trust(self.issuer.public)
        return trusted
