"""An area's book of names in a browser: kept as the page of pseudonyms keeps it, and looked for as a thief would."""

from collections.abc import Mapping
from typing import Final

from tests.support.browsing import Visit

PASSPHRASE: Final = "kanariegul sommerdag"  # noqa: S105  of a test
# Put a vault of the area into the browser, sealed as the page of pseudonyms seals it.
KEEP_VAULT: Final = """
async ({area, people, passphrase}) => {
  localStorage.setItem(`helhedsnet-vault:${area}`, await sealVault(area, people, passphrase, new Uint8Array(32)));
}
"""
# All that lies in the browser, byte by byte.
DUMP: Final = """
async () => {
  const database = await openQueueDatabase();
  const rows = [];
  for (const name of database.objectStoreNames) {
    rows.push(...(await answered(database.transaction(name).objectStore(name).getAll())));
  }
  const kept = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      kept.push(await (await caches.match(request)).clone().text());
    }
  }
  const text = (value) => (value instanceof Uint8Array ? String.fromCharCode(...value) : String(value));
  const lines = rows.map((row) => Object.values(row).map(text).join(" "));
  return [...lines, ...kept, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join("\\n");
}
"""


async def keep_book(visit: Visit, area: str, people: Mapping[str, str]) -> str:
    """Keep an area's book of names in the browser, wait for the worker, and give the passphrase."""
    await visit.open("/offline")
    await visit.page.evaluate(KEEP_VAULT, {"area": area, "people": dict(people), "passphrase": PASSPHRASE})
    await visit.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    return PASSPHRASE
