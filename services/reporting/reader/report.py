"""An answer as it goes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it goes out: JSON and its entity tag."""

    body: bytes
    etag: str
