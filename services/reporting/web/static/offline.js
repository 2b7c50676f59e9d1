// The page without a net: opens the vault, shows what waits and what is to be seen to, and the roster of a session, all
// of it made in this browser. Names are shown from the vault, and are written down nowhere.
"use strict";

const SEND_EVERY_MS = 30000;

for (const root of document.querySelectorAll("[data-offline]")) {
  start(root).catch((error) => {
    part(root, "net").textContent = root.dataset.noCrypto;
    throw error;
  });
}

function part(within, name) {
  return within.querySelector(`[data-${name}]`);
}

async function start(root) {
  const said = root.dataset;
  if (!window.isSecureContext || !navigator.locks || !crypto.subtle) {
    part(root, "net").textContent = said.noCrypto;
    return;
  }
  await navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  const typed = await toWorker({ kind: "typed" });
  const page = new OfflinePage(root, typed);
  page.watch();
  const vault = await stillOpen();
  if (vault) await page.open(vault);
  else page.askForBook();
  await page.count();
}

class OfflinePage {
  constructor(root, typed) {
    Object.assign(this, { root, typed, said: root.dataset, vault: null, queue: null, rosters: null, mending: null });
  }

  part(name) {
    return part(this.root, name);
  }

  watch() {
    for (const name of ["online", "offline"]) addEventListener(name, () => this.net());
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
    setInterval(() => this.send(), SEND_EVERY_MS);
    this.part("send").addEventListener("click", () => this.send());
    this.part("open-book").addEventListener("submit", (event) => this.openBook(event));
    this.part("activity").addEventListener("change", () => this.showRoster());
    this.part("date").addEventListener("change", () => this.showRoster());
    this.part("roster").addEventListener("submit", (event) => this.save(event));
    this.part("all").addEventListener("click", () => this.tick(this.roster.people));
    this.part("last").addEventListener("click", () => this.tick(this.roster.last?.participants ?? []));
    if (this.typed) this.showTyped();
    this.net();
  }

  // What could not be sent by the page of the roster: as a form that sends it again, and once the vault is open, saved.
  showTyped() {
    const form = this.part("send-typed");
    form.action = this.typed.address;
    for (const [name, value] of this.typed.fields) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    this.part("typed").hidden = false;
  }

  net() {
    const isElsewhere = !/\/(offline|roster|own-area)$/.test(location.pathname);
    const words = [navigator.onLine ? this.said.thereIsNet : this.said.thereIsNone];
    if (isElsewhere) words.unshift(this.said.elsewhere);
    if (this.words) words.push(this.words);
    this.part("net").textContent = words.join(" ");
  }

  askForBook() {
    const vaults = [...keptVaults().keys()];
    this.part("closed").hidden = false;
    this.part("book").replaceChildren(...vaults.map((area) => new Option(area, area)));
    this.part("choose-book").hidden = vaults.length < 2;
    this.part("book-file").hidden = vaults.length > 0;
  }

  async openBook(event) {
    event.preventDefault();
    const failed = this.part("open-failed");
    failed.hidden = true;
    try {
      const file = this.part("file").files[0];
      const text = file ? await file.text() : keptVaults().get(this.part("book").value);
      if (!text) throw new NoPerson("vault_missing");
      const vault = await openKept(text, this.part("passphrase").value || " ");
      this.part("passphrase").value = "";
      await navigator.storage?.persist?.();
      await this.open(vault);
    } catch (error) {
      if (!(error instanceof NoPerson)) throw error;
      const name = error.message.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      failed.textContent = `${this.said[name] ?? ""} (${error.message})`;
      failed.hidden = false;
    }
  }

  async open(vault) {
    this.vault = vault;
    this.queue = await queueOf(vault);
    this.part("closed").hidden = true;
    this.part("registering").hidden = false;
    await this.takeRosters();
    if (this.typed) await this.saveTyped();
    await this.send();
  }

  nameOf(pseudonym) {
    return this.vault.people[pseudonym] ?? pseudonym;
  }

  async takeRosters() {
    this.rosters = await this.queue.store.rosters();
    const choose = this.part("activity");
    const chosen = choose.value || new URLSearchParams(location.search).get("activity");
    const found = this.rosters?.activities ?? [];
    const shown = [...choose.options].map((option) => option.value).join();
    // What somebody is choosing from is left alone.
    if (shown !== found.map((each) => each.activity).join()) {
      choose.replaceChildren(...found.map(({ activity, name }) => new Option(name, activity, false, activity === chosen)));
    }
    if (!this.part("date").value) {
      this.part("date").value = new URLSearchParams(location.search).get("date") ?? dayHere(new Date());
    }
    this.part("age").textContent = this.rosters
      ? this.said.rostersOf.replace("{since}", momentOf(this.rosters.at))
      : this.said.noRosters;
    if (this.part("roster").hidden) await this.showRoster();
  }

  async saveTyped() {
    const found = rosterTyped(this.typed);
    if (!this.rosters?.activities.some((each) => each.activity === found.activity)) return;
    this.part("activity").value = found.activity;
    this.part("date").value = found.date;
    await this.showRoster();
    this.fill(found.said);
    await this.save(new Event("submit"));
    this.part("typed").hidden = true;
    this.typed = null;
  }

  // Show the roster of what is chosen: what is typed here already, else what was recorded, else the hours alone.
  async showRoster() {
    const turn = (this.turn = {});
    const activity = this.rosters?.activities.find((each) => each.activity === this.part("activity").value);
    const date = this.part("date").value;
    this.part("roster").hidden = !activity || !date;
    delete this.part("roster").dataset.session;
    if (!activity || !date) return;
    const asked = new URLSearchParams(location.search);
    const named = asked.get("activity") === activity.activity && asked.get("date") === date && asked.get("session");
    this.roster = rosterOf(activity, date, named || this.mending?.session);
    const own = (await this.queue.store.entries()).filter((entry) => isSameSession(entry, this.roster));
    // Something else was chosen meanwhile.
    if (turn !== this.turn) return;
    const mine = own.find((entry) => entry.state !== "asked") ?? own[0];
    const told = mine?.said ?? (this.roster.recorded?.is_cancelled ? null : this.roster.recorded);
    this.part("was-recorded").hidden = !(mine || this.roster.recorded);
    this.part("said").hidden = true;
    this.showWrong(mine?.refusals ?? []);
    const others = [...(told?.participants ?? []), ...(told?.absent ?? []).map((each) => each.participant)];
    this.list([...new Set([...this.roster.people, ...others])]);
    this.fill(told ?? { hours: this.roster.hours });
    this.part("roster").dataset.session = this.roster.session;
  }

  list(people) {
    const template = this.part("person");
    const rows = people
      .map((who) => [this.nameOf(who), who])
      .sort((one, other) => one[0].localeCompare(other[0], "da"))
      .map(([name, who]) => {
        const row = template.content.cloneNode(true);
        part(row, "who").value = who;
        part(row, "shown").textContent = name;
        part(row, "away").setAttribute("aria-label", `${this.said.absenceOf}: ${name}`);
        return row;
      });
    this.part("list").replaceChildren(...rows);
    this.part("with-people").hidden = this.part("guests-field").hidden = !people.length;
    this.part("without-people").hidden = people.length > 0;
    this.part("last").hidden = !this.roster.last;
  }

  fill(told) {
    const came = new Set(told?.participants ?? []);
    const absent = new Map((told?.absent ?? []).map((each) => [each.participant, each.reason ?? "-"]));
    for (const row of this.part("list").children) {
      const who = part(row, "who");
      who.checked = came.has(who.value);
      part(row, "away").value = absent.get(who.value) ?? "";
    }
    const isNobody = Boolean(told?.participants) && !came.size && !absent.size && told.headcount == null;
    this.part("nobody").checked = isNobody;
    for (const name of NUMBERS) this.part(name).value = written(told?.[name]);
    this.part("headcount-field").hidden = this.part("list").children.length > 0 && told?.headcount == null;
  }

  tick(people) {
    for (const row of this.part("list").children) {
      const who = part(row, "who");
      who.checked = people.includes(who.value);
      if (who.checked) part(row, "away").value = "";
    }
  }

  typedHere() {
    const rows = [...this.part("list").children].map((row) => [part(row, "who"), part(row, "away").value]);
    const participants = rows.filter(([who]) => who.checked).map(([who]) => who.value);
    const absent = rows
      .filter(([, reason]) => reason)
      .map(([who, reason]) => (reason === "-" ? { participant: who.value } : { participant: who.value, reason }));
    const numbers = NUMBERS.map((name) => [name, numberIn(this.part(name).value)]);
    const said = Object.fromEntries(numbers.filter(([, number]) => number !== null));
    if (participants.length || absent.length || this.part("nobody").checked) said.participants = participants;
    if (absent.length) said.absent = absent;
    return said;
  }

  async save(event) {
    event.preventDefault();
    const { activity, name, session, date, seen } = this.roster;
    const words = this.part("said");
    try {
      await this.queue.save({ activity, name, session, date, seen, said: this.typedHere() });
      words.textContent = this.said.savedHere;
    } catch (error) {
      words.textContent = this.said.notSaved;
      throw error;
    } finally {
      words.hidden = false;
    }
    this.mending = null;
    await this.count();
    const became = await this.send();
    const left = (await this.queue.store.entries()).find((entry) => isSameSession(entry, { activity, session }));
    if (became === "sent" && !left) words.textContent = this.said.sent;
  }

  // Each at its field, and what is about no field above them.
  showWrong(refusals) {
    const said = ({ text }) => text[document.documentElement.lang] ?? text.da;
    for (const name of NUMBERS) {
      const texts = refusals.filter(({ path }) => path === name).map(said);
      this.part(`wrong-${name}`).textContent = texts.join(" ");
      this.part(`wrong-${name}`).hidden = !texts.length;
      this.part(name).ariaInvalid = texts.length ? "true" : null;
    }
    const lines = refusals
      .filter(({ path }) => !NUMBERS.includes(path))
      .map((refusal) => Object.assign(document.createElement("p"), { textContent: said(refusal) }));
    this.part("wrong").replaceChildren(...lines);
    this.part("wrong").hidden = !lines.length;
  }

  async send() {
    if (!this.queue) return "away";
    if (!navigator.onLine) {
      // What was not sent can be changed still.
      await this.count();
      return "away";
    }
    const became = await this.queue.send();
    let read = became;
    // Lists are read again where nothing stands in the way; what is on the screen stays as it is.
    if (became === "sent") read = await refreshRosters(this.queue, this.vault.area);
    if (read === "sent") await this.takeRosters();
    const stands = ["signed_out", "forbidden"].find((each) => each === became || each === read);
    this.part("signed-out").hidden = !stands;
    if (stands) this.part("why").textContent = stands === "forbidden" ? this.said.forbidden : this.said.signedOut;
    // What was typed here is what the screen shows; what others said since it does not show, and has not been seen.
    for (const told of this.queue.stored.splice(0)) {
      if (this.roster && isSameSession(told, this.roster)) this.roster.seen = told.sequence;
    }
    await this.count();
    await this.showOwn();
    return became;
  }

  // What became of the session on the screen.
  async showOwn() {
    const entries = await this.queue.store.entries();
    const own = this.roster && entries.find((entry) => isSameSession(entry, this.roster));
    this.showWrong(own?.refusals ?? []);
    if (["refused", "choice"].includes(own?.state)) this.part("said").hidden = true;
  }

  async count() {
    const { count, tasks, since } = await showWaiting();
    const counted = (number, one, many) => (number === 1 ? one : many).replace("{count}", number);
    const told = [];
    if (count > tasks) told.push(counted(count - tasks, this.said.one, this.said.many).replace("{since}", momentOf(since)));
    if (tasks) told.push(counted(tasks, this.said.oneTask, this.said.manyTasks));
    if (!count) told.push(this.said.nothingWaits);
    if (count && !this.queue) told.push(this.said.openFirst);
    const entries = this.queue ? await this.queue.store.entries() : [];
    if (this.queue?.store.foreign) told.push(this.said.foreign.replace("{count}", this.queue.store.foreign));
    this.words = told.join(" ");
    this.net();
    this.showEntries(entries);
  }

  showEntries(entries) {
    const shown = JSON.stringify(entries);
    if (shown === this.shown) return;
    this.shown = shown;
    const tasks = entries.filter((entry) => ["refused", "choice"].includes(entry.state));
    const waiting = entries.filter((entry) => !tasks.includes(entry));
    this.part("tasks").hidden = !tasks.length;
    this.part("task-list").replaceChildren(...tasks.map((entry) => this.task(entry)));
    this.part("queue").hidden = !waiting.length;
    this.part("entry-list").replaceChildren(
      ...waiting.map((entry) => {
        const line = document.createElement("li");
        const state = entry.state === "asked" ? this.said.stateAsked : this.said.stateWaiting;
        line.textContent = `${titleOf(entry)}: ${this.summary(entry.said)} (${state})`;
        return line;
      }),
    );
  }

  task(entry) {
    const made = this.part(entry.state).content.cloneNode(true);
    part(made, "of").textContent = titleOf(entry);
    part(made, "mine").textContent = this.summary(entry.said);
    const pressed = (name, work) => part(made, name)?.addEventListener("click", async () => {
      await work();
      await this.send();
    });
    part(made, "mend").addEventListener("click", () => this.mend(entry));
    pressed("discard", () => this.queue.discard(entry.key));
    pressed("keep-theirs", () => this.queue.settle(entry.key, false));
    pressed("use-mine", () => this.queue.settle(entry.key, true));
    if (entry.state === "refused") {
      const texts = entry.refusals.map(({ text }) => text[document.documentElement.lang] ?? text.da);
      part(made, "texts").replaceChildren(
        ...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
      );
    } else {
      part(made, "theirs").textContent = this.summary(entry.theirs);
      part(made, "only-theirs").textContent = this.only(entry.theirs, entry.said);
      part(made, "only-mine").textContent = this.only(entry.said, entry.theirs);
    }
    return made;
  }

  async mend(entry) {
    this.mending = entry;
    this.part("activity").value = entry.activity;
    this.part("date").value = entry.date;
    await this.showRoster();
    this.part("roster").scrollIntoView();
    this.part("roster").querySelector("input, button").focus();
  }

  // What is said of a session, in short.
  summary(told) {
    if (told.is_cancelled) return this.said.cancelled;
    const counts = [
      ["came", told.participants && told.headcount == null ? told.participants.length : null],
      ["headcount", told.headcount],
      ["guests", told.guests || null],
      ["absent", told.absent?.length || null],
      ["hours", told.hours || null],
    ];
    const counted = counts.filter(([, count]) => count != null);
    return counted.map(([name, count]) => this.said[name].replace("{count}", written(count))).join(", ") || "–";
  }

  // Whom one names as present and the other does not.
  only(one, other) {
    const others = new Set(other.participants ?? []);
    return (one.participants ?? []).filter((who) => !others.has(who)).map((who) => this.nameOf(who)).join(", ");
  }
}
