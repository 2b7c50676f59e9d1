"""The digest by which two reports are known to say the same, and the number of the rules that they were made by."""

import hashlib
from pathlib import Path
from typing import Final

import orjson

from services.reporting.terms import Json

# What the digest leaves out: where and when the report was made and by which rules, what depends on today, what codes
# are called, and the digest itself.
OUTSIDE_DIGEST: Final = frozenset({"as_of", "attention", "digest", "names", "rules"})
# The rules of all numbers, each with the digests that it gives the demo; `make docs` writes them.
HISTORY: Final = Path(__file__).with_name("rules.json")
# The number of the rules by which the same facts give the same digest.
RULES: Final[int] = len(orjson.loads(HISTORY.read_bytes()))


def sealed(report: Json) -> Json:
    """Give a report with the number of the rules that it was made by, and its digest."""
    return {**report, "rules": RULES, "digest": digest(report)}


def digest(report: Json) -> str:
    """Give the SHA-256 of a report's canonical JSON, in hexadecimal.

    Canonical is: keys sorted, no white space, UTF-8, and whole numbers without a fraction.
    Source: RFC 8785, JSON Canonicalization Scheme.
    """
    kept = {key: value for key, value in report.items() if key not in OUTSIDE_DIGEST}
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)).hexdigest()
