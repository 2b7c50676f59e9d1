// Where the queue lies: the browser's own database, sealed with the key of the area's vault. In the clear stand only how
// many entries there are, in what state, since when, and of which area.
"use strict";

const QUEUE_DATABASE = "helhedsnet";
const QUEUE_FORMAT = "helhedsnet-queue-1";

async function openQueueDatabase(name = QUEUE_DATABASE) {
  const asked = indexedDB.open(name, 1);
  asked.addEventListener("upgradeneeded", () => {
    asked.result.createObjectStore("entries", { keyPath: "key" });
    asked.result.createObjectStore("rosters", { keyPath: "area" });
  });
  const database = await answered(asked);
  // A later form of the database is made by a different tab: this one lets go.
  database.addEventListener("versionchange", () => database.close());
  return database;
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

class SealedStore {
  constructor(database, area, key) {
    Object.assign(this, { database, area, key });
  }

  // What cannot be opened with this key stays where it is; `foreign` gives how many there are.
  async entries() {
    const found = await answered(this.database.transaction("entries").objectStore("entries").getAll());
    const own = found.filter((row) => row.area === this.area);
    const opened = await Promise.all(own.map((row) => this.opened(row.key, row)));
    this.foreign = opened.filter((entry) => !entry).length;
    return opened.filter(Boolean);
  }

  async rosters() {
    const row = await answered(this.database.transaction("rosters").objectStore("rosters").get(this.area));
    return row ? this.opened("rosters", row) : null;
  }

  // Write all of it, or nothing.
  async write({ put = [], remove = [], rosters = undefined }) {
    const rows = await Promise.all(
      put.map(async (entry) => {
        const { key, state, since } = entry;
        return { key, state, since, area: this.area, ...(await this.sealed(key, entry)) };
      }),
    );
    const kept = rosters && { area: this.area, at: rosters.at, ...(await this.sealed("rosters", rosters)) };
    const writing = this.database.transaction(["entries", "rosters"], "readwrite", { durability: "strict" });
    for (const row of rows) writing.objectStore("entries").put(row);
    for (const key of remove) writing.objectStore("entries").delete(key);
    if (kept) writing.objectStore("rosters").put(kept);
    await new Promise((resolve, reject) => {
      writing.addEventListener("complete", resolve);
      for (const end of ["abort", "error"]) writing.addEventListener(end, () => reject(writing.error));
    });
  }

  how(part, iv) {
    const beside = new TextEncoder().encode([QUEUE_FORMAT, this.area, part].join("\0"));
    return { name: "AES-GCM", iv, additionalData: beside };
  }

  async sealed(part, value) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { nonce, sealed: new Uint8Array(await crypto.subtle.encrypt(this.how(part, nonce), this.key, plain)) };
  }

  async opened(part, { nonce, sealed }) {
    try {
      const plain = await crypto.subtle.decrypt(this.how(part, nonce), this.key, sealed);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }
}

// What can be said while the vault is closed: how many wait, how many are for people to see to, and since when.
async function countWaiting(database) {
  const rows = await answered(database.transaction("entries").objectStore("entries").getAll());
  const since = rows.map((row) => row.since).sort()[0];
  return { count: rows.length, tasks: rows.filter((row) => ["refused", "choice"].includes(row.state)).length, since };
}
