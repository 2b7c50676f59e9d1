// The vault that is open: its key lies in the memory of the service worker alone, and is gone when the last page of ours
// has been closed for half a minute, or somebody signs out. It is never written down, and no page is handed its bytes.
"use strict";

const AWAKE_EVERY_MS = 15000;

async function toWorker(message) {
  const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration("/"));
  if (!registration?.active) return null;
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => resolve(data);
    // A worker that does not answer has nothing to say.
    setTimeout(() => resolve(null), 2000);
    registration.active.postMessage(message, [channel.port2]);
  });
}

// The vaults that lie in this browser, by area.
function keptVaults() {
  const places = Object.keys(localStorage).filter((place) => place.startsWith(VAULT_PLACE)).sort();
  return new Map(places.map((place) => [place.slice(VAULT_PLACE.length), localStorage.getItem(place)]));
}

// Open a vault with its passphrase; a file that is opened for the first time is kept here, sealed as it is.
async function openKept(text, passphrase) {
  const vault = vaultIn(text);
  const own = await ownKeyOf(vault, passphrase);
  const { people } = await namesIn(vault, own);
  const key = await crypto.subtle.importKey("raw", own, "AES-GCM", false, ["encrypt", "decrypt"]);
  if (!keptVaults().has(vault.area)) localStorage.setItem(VAULT_PLACE + vault.area, text);
  await toWorker({ kind: "open", area: vault.area, key });
  return openWith(vault.area, key, people);
}

// The vault that a page before this one has opened, or nothing.
async function stillOpen() {
  const kept = await toWorker({ kind: "opened" });
  const text = kept && keptVaults().get(kept.area);
  if (!text) return null;
  try {
    const { people } = await namesIn(vaultIn(text), kept.key);
    return openWith(kept.area, kept.key, people);
  } catch (error) {
    if (!(error instanceof NoPerson)) throw error;
    return null;
  }
}

function openWith(area, key, people) {
  setInterval(() => toWorker({ kind: "opened" }), AWAKE_EVERY_MS);
  return { area, key, people };
}

let database;

// One connection for all that a page does.
function queueDatabase() {
  database ??= openQueueDatabase();
  return database;
}

async function queueOf({ area, key }) {
  const store = new SealedStore(await queueDatabase(), area, key);
  const locked = (name, work) => navigator.locks.request(`helhedsnet-${name}`, work);
  return new SessionQueue({ store, network: sendSession, locked, now: () => new Date().toISOString(), newKey });
}

function newKey() {
  return crypto.randomUUID();
}

const SEND_MS = 20000;
const prefix = document.documentElement.lang === "en" ? "/en" : "";
// English days are written as on the other pages: 3 March 2026.
const spoken = prefix ? "en-GB" : "da";

// Send one entry to the intake, and give what came of it.
async function sendSession({ activity, session, date, said, time, seen }) {
  let answer, told;
  try {
    answer = await fetch(`${prefix}/offline/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ activity, session, date, said, time, seen }),
      signal: AbortSignal.timeout(SEND_MS),
    });
    told = await answer.json();
  } catch {
    return { outcome: "away", isReached: Boolean(answer) };
  }
  if (answer.ok) return told;
  if (answer.status === 401) return { outcome: "signed_out", isReached: false };
  if (answer.status === 403) return { outcome: "forbidden", isReached: false };
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) return { outcome: "away", isReached: true };
  const text = { da: `${told.detail} (${told.code})`, en: `${told.detail} (${told.code})` };
  return { outcome: "refused", refusals: [{ code: told.code, path: "", text }] };
}

// Read what rosters are made from, and keep what is of the open vault's area; gives whether they were there to be read.
async function refreshRosters(queue, area) {
  let answer;
  try {
    // What was sent just now is in them.
    const asked = new URLSearchParams(queue.cursor ? { at_least: queue.cursor } : {});
    answer = await fetch(`${prefix}/offline/rosters?${asked}`, { headers: { accept: "application/json" } });
    if (!answer.ok) return answer.status === 401 ? "signed_out" : answer.status === 403 ? "forbidden" : "away";
    const told = await answer.json();
    if (!(area in told.areas)) return "forbidden";
    const activities = told.activities.filter((each) => each.area === area);
    await queue.keepRosters({ at: new Date().toISOString(), activities });
    return "sent";
  } catch {
    return "away";
  }
}

// The mark on pages: how many wait, since when. It needs no key.
async function showWaiting() {
  const { count, tasks, since } = await countWaiting(await queueDatabase());
  for (const mark of document.querySelectorAll("[data-waiting]")) {
    const words = tasks ? mark.dataset.tasks : count === 1 ? mark.dataset.one : mark.dataset.many;
    mark.hidden = !count;
    mark.textContent = count ? words.replace("{count}", tasks || count).replace("{since}", momentOf(since)) : "";
  }
  if (count) navigator.setAppBadge?.(count)?.catch(() => {});
  else navigator.clearAppBadge?.()?.catch(() => {});
  return { count, tasks, since };
}

function momentOf(iso) {
  const how = { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(spoken, how).format(new Date(iso));
}
