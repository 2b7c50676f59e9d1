"""What a browser may do with an answer of ours: headers for pages, for files, and for everything. Owns no answer."""

from collections.abc import Mapping
from typing import Final

# Everything comes from this address, nothing is written into a page as script or style, and nobody frames it.
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " worker-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The same for a page on which people type what must not leave their machine: its scripts ask no address.
SILENT_POLICY: Final = PAGE_POLICY.replace("connect-src 'self'", "connect-src 'none'")
# For the script that answers pages where there is no net: it asks this address alone, and runs nothing else.
WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
# For files: no page of a different site frames them, and a drawing runs no script.
FILE_POLICY: Final = "script-src 'none'; base-uri 'none'; frame-ancestors 'none'"
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What an address with the hash of its content answers never changes.
FOR_GOOD: Final = "public, max-age=31536000, immutable"
NEVER_KEPT: Final = "no-store"
