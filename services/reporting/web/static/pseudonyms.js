// Pseudonyms in the browser: the key and the people stay on this machine. Nothing here asks any address.
"use strict";

const LETTERS = "bcdfghjkmnpqrstv";
const TAG_BYTES = 10;
const KEY_BYTES = 32;
const PURPOSE = "helhedsnet pseudonym 1";
const LONGEST_NAME = 200;

class NoPerson extends Error {}

// As `shared/pseudonyms.py`; both are held to the same vectors.
async function ofPersonalNumber(key, written) {
  let digits = written.normalize("NFKC").replace(/[^\p{L}\p{Nd}]/gu, "");
  if (!/^[0-9]*$/.test(digits)) throw new NoPerson("no_personal_number");
  if (digits.length === 12 && /^(18|19|20)$/.test(digits.slice(4, 6))) digits = digits.slice(0, 4) + digits.slice(6);
  const day = Number(digits.slice(0, 2));
  const isDay = /^[0-9]{10}$/.test(digits) && isDate(2000, Number(digits.slice(2, 4)), day > 60 ? day - 60 : day);
  if (!isDay) throw new NoPerson("no_personal_number");
  return pseudonym(key, ["cpr", digits]);
}

async function ofName(key, name, born) {
  const plain = name.normalize("NFKC").toLowerCase().normalize("NFKC").replace(/[^\p{L}\p{M}]+/gu, " ").trim();
  if (!plain || [...plain].length > LONGEST_NAME) throw new NoPerson("no_name");
  return pseudonym(key, ["name", plain, dayOf(born)]);
}

function dayOf(text) {
  const iso = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/.exec(text.trim());
  const usual = /^([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})$/.exec(text.trim());
  if (!iso && !usual) throw new NoPerson("no_birth_date");
  const [year, month, day] = (iso ? [iso[1], iso[2], iso[3]] : [usual[4], usual[3], usual[1]]).map(Number);
  if (!isDate(year, month, day)) throw new NoPerson("no_birth_date");
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function isDate(year, month, day) {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

async function pseudonym(key, parts) {
  const message = new TextEncoder().encode([PURPOSE, ...parts].join("\0"));
  const signing = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const tag = new Uint8Array(await crypto.subtle.sign("HMAC", signing, message)).slice(0, TAG_BYTES);
  return "p-" + [...tag, check(tag)].map((byte) => LETTERS[byte >> 4] + LETTERS[byte & 15]).join("");
}

function check(bytes) {
  let left = 0;
  for (const byte of bytes) {
    left ^= byte;
    for (let bit = 0; bit < 8; bit += 1) left = left & 0x80 ? ((left << 1) ^ 0x07) & 0xff : left << 1;
  }
  return left;
}

// The file of `helhedsnet pseudonym key`; its check is a CRC-32 of the area, NUL and the key.
function keyOf(text) {
  let file = null;
  try {
    file = JSON.parse(text);
  } catch {
    // What is no JSON is no key either.
  }
  if (file?.format !== "helhedsnet-key-1") throw new NoPerson("key_damaged");
  let key, wanted;
  try {
    [key, wanted] = [file.key, file.check].map((part) => Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0)));
  } catch {
    throw new NoPerson("key_damaged");
  }
  const whole = new Uint8Array([...new TextEncoder().encode(`${file.area}\0`), ...key]);
  const found = crc32(whole);
  const isWhole = key.length === KEY_BYTES && wanted.length === 4 && new DataView(wanted.buffer).getUint32(0) === found;
  if (!isWhole) throw new NoPerson("key_damaged");
  return { area: file.area, key };
}

function crc32(bytes) {
  let left = 0xffffffff;
  for (const byte of bytes) {
    left ^= byte;
    for (let bit = 0; bit < 8; bit += 1) left = left & 1 ? (left >>> 1) ^ 0xedb88320 : left >>> 1;
  }
  return (left ^ 0xffffffff) >>> 0;
}

for (const form of document.querySelectorAll("form[data-pseudonyms]")) {
  const field = (name) => form.querySelector(`[data-${name}]`);
  const said = document.querySelector("[data-made]");
  form.addEventListener("submit", async (event) => {
    // The fields have no names either, so that nothing could be sent where this fails.
    event.preventDefault();
    try {
      const file = field("key").files[0];
      if (!file) throw new NoPerson("no_key");
      const { area, key } = keyOf(await file.slice(0, 4096).text());
      const number = field("number").value;
      const made = number ? ofPersonalNumber(key, number) : ofName(key, field("name").value, field("born").value);
      said.textContent = `${area}: ${await made}`;
    } catch (error) {
      if (!(error instanceof NoPerson)) throw error;
      const words = error.message.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      said.textContent = form.dataset[words];
    }
  });
}
