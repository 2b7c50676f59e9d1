// The vault: which pseudonym is whose, sealed in this browser. Nothing here asks any address.
// The form of the file is that of `services/command/vault_files.py`; both are held to the same vectors.
"use strict";

const VAULT_FORMAT = "helhedsnet-vault-1";
const VAULT_PLACE = "helhedsnet-vault:";
const ROUNDS = 600000;
const MOST_ROUNDS = 5000000;
const SHORTEST_PASSPHRASE = 12;
const MOST_PEOPLE = 20000;
const MOST_FILE_BYTES = 8 * 1024 * 1024;
const SEALED_KEY_BYTES = KEY_BYTES + 16;

const inBase64 = (bytes) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const beside = (area, part) => new TextEncoder().encode([VAULT_FORMAT, area, part].join("\0"));

async function lock(raw, part, area, plain) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const how = { name: "AES-GCM", iv: nonce, additionalData: beside(area, part) };
  return { nonce: inBase64(nonce), sealed: inBase64(new Uint8Array(await crypto.subtle.encrypt(how, key, plain))) };
}

async function unlock(raw, part, area, box, code) {
  const key = raw instanceof CryptoKey ? raw : await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: fromBase64(box.nonce), additionalData: beside(area, part) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, fromBase64(box.sealed)));
  } catch {
    throw new NoPerson(code);
  }
}

async function ofPassphrase(passphrase, salt, rounds) {
  const said = new TextEncoder().encode(passphrase.normalize("NFC"));
  const key = await crypto.subtle.importKey("raw", said, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

async function ofAreaKey(key) {
  const signing = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", signing, new TextEncoder().encode(VAULT_FORMAT)));
}

// Opens with the passphrase, and with the area's key, which is kept on paper: that is the recovery.
// What else lies sealed with the vault's own key is readable still when that key stays: `own` gives it.
async function sealVault(area, people, passphrase, areaKey, own = crypto.getRandomValues(new Uint8Array(KEY_BYTES))) {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) throw new NoPerson("passphrase_too_short");
  if (Object.keys(people).length > MOST_PEOPLE) throw new NoPerson("list_too_long");
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const names = new TextEncoder().encode(JSON.stringify(people));
  return JSON.stringify({
    format: VAULT_FORMAT,
    area,
    rounds: ROUNDS,
    salt: inBase64(salt),
    passphrase: await lock(await ofPassphrase(passphrase, salt, ROUNDS), "passphrase", area, own),
    key: await lock(await ofAreaKey(areaKey), "key", area, own),
    content: await lock(own, "content", area, names),
  });
}

function vaultIn(text) {
  let vault = null;
  try {
    vault = JSON.parse(text);
    for (const box of [vault.passphrase, vault.key]) {
      if (fromBase64(box.sealed).length !== SEALED_KEY_BYTES) throw new NoPerson("vault_damaged");
    }
    for (const box of [vault.passphrase, vault.key, vault.content]) {
      if (fromBase64(box.nonce).length !== 12 || !box.sealed) throw new NoPerson("vault_damaged");
    }
    if (fromBase64(vault.salt).length !== 16) throw new NoPerson("vault_damaged");
  } catch {
    throw new NoPerson("vault_damaged");
  }
  const isOurs = vault.format === VAULT_FORMAT && typeof vault.area === "string" && Number.isInteger(vault.rounds);
  if (!isOurs || vault.rounds < 1 || vault.rounds > MOST_ROUNDS) throw new NoPerson("vault_damaged");
  return vault;
}

async function openVault(text, passphrase, areaKey) {
  const vault = vaultIn(text);
  return namesIn(vault, await ownKeyOf(vault, passphrase, areaKey));
}

async function ownKeyOf(vault, passphrase, areaKey) {
  if (!passphrase) return unlock(await ofAreaKey(areaKey), "key", vault.area, vault.key, "other_area");
  const said = await ofPassphrase(passphrase, fromBase64(vault.salt), vault.rounds);
  return unlock(said, "passphrase", vault.area, vault.passphrase, "wrong_passphrase");
}

async function namesIn(vault, own) {
  const names = await unlock(own, "content", vault.area, vault.content, "vault_damaged");
  return { area: vault.area, people: JSON.parse(new TextDecoder().decode(names)) };
}

// The own key of the vault that lies here, where it can be opened; else a vault has a new one.
async function keptKey(area, passphrase, areaKey) {
  const kept = localStorage.getItem(VAULT_PLACE + area);
  for (const said of kept ? ["", passphrase] : []) {
    try {
      return await ownKeyOf(vaultIn(kept), said, areaKey);
    } catch (error) {
      if (!(error instanceof NoPerson)) throw error;
    }
  }
  return undefined;
}

// Lists: pasted from a spreadsheet, or a file of CSV or .xlsx. A row is a person.
const HEADS = { number: /cpr|personn/i, name: /navn|name/i, born: /født|foedt|fødsel|born|birth/i };
const MOST_ROWS = 5000;

function tableIn(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).filter((line) => line.trim());
  const sign = ["\t", ";", ","].find((each) => lines[0]?.includes(each)) ?? "\t";
  return lines.map((line) => line.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1").replaceAll('""', '"')));
}

function columnsOf(rows) {
  const found = {};
  for (const [what, words] of Object.entries(HEADS)) {
    const place = (rows[0] ?? []).findIndex((cell) => words.test(cell));
    if (place >= 0) found[what] = place;
  }
  if (Object.keys(found).length) return { columns: found, people: rows.slice(1) };
  // Without headings: a column of numbers, or names and days of birth.
  return { columns: rows[0]?.length > 1 ? { name: 0, born: 1 } : { number: 0 }, people: rows };
}

async function listOf(key, rows) {
  const { columns, people } = columnsOf(rows);
  if (!("number" in columns) && !("name" in columns && "born" in columns)) throw new NoPerson("column_missing");
  if (people.length > MOST_ROWS) throw new NoPerson("list_too_long");
  const made = [];
  for (const [place, row] of people.entries()) {
    const cell = (what) => (what in columns ? row[columns[what]] ?? "" : "");
    try {
      const pseudonym = "number" in columns
        ? await ofPersonalNumber(key, cell("number"))
        : await ofName(key, cell("name"), cell("born"));
      made.push({ pseudonym, name: cell("name") });
    } catch (error) {
      if (!(error instanceof NoPerson)) throw error;
      made.push({ row: place + 1 + rows.length - people.length, code: error.message });
    }
  }
  return made;
}

// A workbook is a zip of XML; the first sheet is read, and nothing of it is run.
async function workbookIn(bytes) {
  const parts = await zipIn(bytes);
  const xml = (name) => parts[name] && new DOMParser().parseFromString(new TextDecoder().decode(parts[name]), "text/xml");
  const text = (node) => [...node.getElementsByTagName("t")].map((each) => each.textContent).join("");
  const shared = [...(xml("xl/sharedStrings.xml")?.getElementsByTagName("si") ?? [])].map(text);
  const sheet = xml("xl/worksheets/sheet1.xml");
  if (!sheet) throw new NoPerson("list_unreadable");
  return [...sheet.getElementsByTagName("row")].map((row) => {
    const cells = [];
    for (const cell of row.getElementsByTagName("c")) {
      const value = cell.getElementsByTagName("v")[0]?.textContent ?? "";
      const kind = cell.getAttribute("t");
      cells[placeOf(cell.getAttribute("r"), cells.length)] =
        kind === "s" ? shared[Number(value)] ?? "" : kind === "inlineStr" ? text(cell) : value;
    }
    return Array.from(cells, (cell) => (cell ?? "").trim());
  });
}

function placeOf(reference, next) {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : next;
}

async function zipIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    let end = bytes.length - 22;
    while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
    const parts = {};
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
      const [how, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
      const [named, more, remark] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + named));
      const local = view.getUint32(at + 42, true);
      const begins = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const wanted = name === "xl/sharedStrings.xml" || name === "xl/worksheets/sheet1.xml";
      if (wanted) parts[name] = await inflated(bytes.subarray(begins, begins + size), how);
      at += 46 + named + more + remark;
    }
    return parts;
  } catch (error) {
    if (error instanceof NoPerson) throw error;
    throw new NoPerson("list_unreadable");
  }
}

async function inflated(packed, how) {
  if (how === 0) return packed;
  const chunks = [];
  let size = 0;
  for await (const chunk of new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))) {
    size += chunk.length;
    // A small file may unpack to more than there is memory for.
    if (size > 8 * MOST_FILE_BYTES) throw new NoPerson("list_too_long");
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

for (const panel of document.querySelectorAll("[data-vault]")) {
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const said = part("told");
  // The names that are open; they leave this variable only sealed.
  let open = { area: "", people: {} };

  const areaKey = async () => {
    const file = document.querySelector("[data-pseudonyms] [data-key]").files[0];
    if (!file) throw new NoPerson("no_key");
    return keyOf(await file.slice(0, 4096).text());
  };
  const whole = async (file) => {
    if (file.size > MOST_FILE_BYTES) throw new NoPerson("list_too_long");
    return new Uint8Array(await file.arrayBuffer());
  };
  const show = () => {
    const rows = Object.entries(open.people).sort((one, other) => one[1].localeCompare(other[1], "da"));
    part("names").replaceChildren(
      ...rows.map(([pseudonym, name]) => {
        const row = document.createElement("tr");
        for (const text of [name, pseudonym]) row.appendChild(document.createElement("td")).textContent = text;
        return row;
      }),
    );
    part("opened").hidden = false;
  };
  const doing = {
    async list() {
      const { area, key } = await areaKey();
      const file = part("list-file").files[0];
      const isWorkbook = file?.name.toLowerCase().endsWith(".xlsx");
      const bytes = file ? await whole(file) : null;
      const rows = isWorkbook ? await workbookIn(bytes) : tableIn(bytes ? new TextDecoder().decode(bytes) : part("list").value);
      const made = await listOf(key, rows);
      part("made-list").value = made.map((each) => each.pseudonym ?? "").join("\n");
      part("faults").replaceChildren(
        ...made.filter((each) => each.code).map((each) => {
          const line = document.createElement("li");
          line.textContent = `${panel.dataset.row} ${each.row}: ${worded(each.code)}`;
          return line;
        }),
      );
      if (open.area !== area) open = { area, people: {} };
      for (const each of made) if (each.pseudonym && each.name) open.people[each.pseudonym] = each.name;
      show();
      return `${made.filter((each) => each.pseudonym).length} / ${made.length}`;
    },
    async keep() {
      const { area, key } = await areaKey();
      if (open.area && open.area !== area) throw new NoPerson("other_area");
      const passphrase = part("passphrase").value;
      const own = await keptKey(area, passphrase, key);
      const sealed = await sealVault(area, open.people, passphrase, key, own);
      localStorage.setItem(VAULT_PLACE + area, sealed);
      const handed = part("handed");
      handed.href = URL.createObjectURL(new Blob([sealed], { type: "application/json" }));
      handed.download = `${area}.vault.json`;
      handed.hidden = false;
      return panel.dataset.kept;
    },
    async open() {
      const file = part("vault-file").files[0];
      const passphrase = part("passphrase").value;
      const found = document.querySelector("[data-pseudonyms] [data-key]").files[0] ? await areaKey() : null;
      const kept = found ? localStorage.getItem(VAULT_PLACE + found.area) : onlyVault();
      const text = file ? new TextDecoder().decode(await whole(file)) : kept;
      if (!text) throw new NoPerson("vault_missing");
      if (!passphrase && !found) throw new NoPerson("no_key");
      const opened = await openVault(text, passphrase, found?.key);
      if (found && found.area !== opened.area) throw new NoPerson("other_area");
      open = opened;
      show();
      return opened.area;
    },
  };
  const worded = (code) => {
    const name = code.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const words = panel.dataset[name] ?? document.querySelector("form[data-pseudonyms]").dataset[name] ?? "";
    return `${words} (${code})`;
  };
  for (const button of panel.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", async () => {
      try {
        said.textContent = await doing[button.dataset.do]();
      } catch (error) {
        if (!(error instanceof NoPerson)) throw error;
        said.textContent = worded(error.message);
      }
    });
  }
}

function onlyVault() {
  const places = Object.keys(localStorage).filter((place) => place.startsWith(VAULT_PLACE));
  return places.length === 1 ? localStorage.getItem(places[0]) : null;
}
