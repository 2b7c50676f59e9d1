"""Which providers of identities people may sign in through, and what their claims mean. Owns the file's form.

The file is TOML and holds no secret: it names the files that do. Whatever is wrong with it is said at the start.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from shared.errors import CannotServe
from shared.tokens import MAX_AREAS

PROVIDERS_UNUSABLE: Final = "providers_unusable"
MAX_PROVIDERS: Final = 20
MAX_RULES: Final = 200
FILE_BYTES: Final = 262_144
# What stands in a value of a rule where the area is in the value of the claim.
AREA: Final = "{area}"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
AREA_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Claim = Annotated[str, StringConstraints(min_length=1, max_length=200)]
AreaName = Annotated[str, StringConstraints(pattern=f"^{AREA_NAME.pattern}$")]


class Rule(BaseModel):
    """One meaning of a claim: who has this value in it has the role.

    A coordinator's areas are one of three: in the value itself, where it holds `{area}`; those of `areas`; or those in
    the claim `areas_claim`. Without a `value` the claim need only be there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: Claim
    value: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = None
    role: Literal["coordinator", "lead", "auditor", "admin"]
    areas: Annotated[tuple[AreaName, ...], Field(max_length=MAX_AREAS)] = ()
    areas_claim: Claim | None = None

    @property
    def is_of_an_area(self) -> bool:
        """Tell whether the value says which area."""
        return self.value is not None and AREA in self.value

    @model_validator(mode="after")
    def _areas_are_a_coordinators(self) -> Self:
        ways = sum((self.is_of_an_area, bool(self.areas), self.areas_claim is not None))
        if self.role == "coordinator" and ways != 1:
            raise ValueError("a coordinator's areas are said in one way: {area} in the value, areas, or areas_claim")
        if self.role != "coordinator" and ways:
            raise ValueError(f"the role {self.role} has no areas")
        if self.value is not None and self.value.count(AREA) > 1:
            raise ValueError("{area} stands once in a value")
        return self


class Provider(BaseModel):
    """One provider: where it is, as whom we are known there, and what its claims mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    label_da: Line
    label_en: Line
    issuer: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    client_id: Line
    client_secret_file: Path | None = None
    scopes: Annotated[tuple[Line, ...], Field(max_length=20)] = ("openid", "profile")
    name_claim: Claim = "name"
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=MAX_RULES)]
    area_names: dict[Line, AreaName] = Field(default_factory=dict, max_length=1_000)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if not is_safe(self.issuer):
            raise ValueError("the issuer is an address over https (over http only on this machine)")
        if "openid" not in self.scopes:
            raise ValueError("the scopes hold openid")
        return self


@dataclass(frozen=True, slots=True)
class Known:
    """A provider, and the secret that it knows us by; None where it knows us by our name alone."""

    provider: Provider
    secret: str | None = field(repr=False)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    providers: Annotated[list[Provider], Field(max_length=MAX_PROVIDERS)] = []

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [provider.name for provider in self.providers]
        if len(set(names)) != len(names):
            raise ValueError("two providers have the same name")
        return self


def is_safe(address: str) -> bool:
    """Tell whether what is sent to an address is seen by nobody on the way."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    is_whole = bool(host) and not parts.fragment and parts.username is None
    return is_whole and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def providers_in(path: Path | None) -> dict[str, Known]:
    """Read the providers of a file, by their names and in its order; none where there is no file to read.

    Raises:
        CannotServe: the file, or one of its secrets, cannot be used (`providers_unusable`); all that is wrong is said.
    """
    if path is None:
        return {}
    try:
        content = path.read_bytes()
        if len(content) > FILE_BYTES:
            raise _unusable(path, f"it holds more than {FILE_BYTES} bytes")
        read = _File.model_validate(tomllib.loads(content.decode()))
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unusable(path, f"it is no TOML: {error}") from None
    except ValidationError as error:
        raise _unusable(path, "; ".join(_said(each) for each in error.errors())) from None
    return {provider.name: Known(provider, _secret_of(provider, path)) for provider in read.providers}


def _said(fault: object) -> str:
    """Say where something is wrong, and what."""
    where = ".".join(str(step) for step in fault["loc"])  # type: ignore[index]  # pydantic's own type is private
    return f"{where}: {str(fault['msg']).removeprefix('Value error, ')}"  # type: ignore[index]  # as above


def _secret_of(provider: Provider, path: Path) -> str | None:
    """Read the secret that we are known by; its path is relative to the file of providers."""
    if provider.client_secret_file is None:
        return None
    try:
        secret = (path.parent / provider.client_secret_file).read_text().strip()
    except (OSError, UnicodeDecodeError):
        unread = f"the secret of {provider.name} cannot be read in {provider.client_secret_file}"
        raise _unusable(path, unread) from None
    if not secret:
        raise _unusable(path, f"the secret of {provider.name} is empty")
    return secret


def _unusable(path: Path, detail: str) -> CannotServe:
    return CannotServe(PROVIDERS_UNUSABLE, f"{path}: {detail}")
