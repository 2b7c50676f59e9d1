// Random schedules of two devices that save, send, lose the net and are killed, with the queue and its sealed database
// as they are; only the intake and the net are played. Owns what is true of every schedule, and no assertion of a test.
"use strict";

const SESSIONS = ["2026-09-01", "2026-09-08"];
const PEOPLE = ["p-kanariefugl", "p-kanarieost", "p-kanariegul"];
const NAME = "Kanarieklubben";
const ACTIONS = 40;
const QUIET_ROUNDS = 12;

function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (number) => Math.floor(next() * number);
  return { chance: (share) => next() < share, below, of: (list) => list[below(list.length)] };
}

// The intake behind the pages: the registry's log, and what reporting knows of it, which comes later.
class PlayedIntake {
  constructor(random) {
    Object.assign(this, { random, log: [], ids: new Map(), known: 0, isSignedIn: true });
  }

  recorded(session) {
    return this.log.slice(0, this.known).filter((line) => line.session === session).at(-1);
  }

  learn(isAll) {
    this.known = isAll ? this.log.length : this.known + this.random.below(this.log.length - this.known + 1);
  }

  post({ session, said, time, seen }) {
    if (!this.isSignedIn) return { outcome: "signed_out", isReached: false };
    if ((this.recorded(session)?.sequence ?? 0) < seen) this.learn(true);
    const before = this.recorded(session);
    if (before && before.sequence !== seen) return this.since(before, said);
    if (said.headcount === "mange") return { outcome: "refused", refusals: [{ code: "wrong_type", text: { da: "Nej." } }] };
    const id = `${session}:${seen}`;
    const content = JSON.stringify([said, time]);
    const held = this.ids.get(id);
    if (held?.content === content) return { outcome: "stored", sequence: held.sequence };
    if (held) {
      if (this.random.chance(0.2)) return { outcome: "away", isReached: true };
      this.learn(true);
      return this.since(this.recorded(session), said);
    }
    const sequence = this.log.length + 1;
    this.log.push({ sequence, session, date: session, seen, ...said });
    this.ids.set(id, { content, sequence });
    return { outcome: "stored", sequence };
  }

  since(recorded, said) {
    if (isSameContent(recorded, said)) return { outcome: "stored", sequence: recorded.sequence };
    return { outcome: "taken", recorded };
  }
}

// A transaction of a page that may be killed in the midst of it. What was not committed by then is undone; and where the
// browser was told to commit, it may have done so without the page hearing of it.
class MortalTransaction {
  constructor(device, generation, transaction) {
    Object.assign(this, { device, generation, transaction });
  }

  get error() {
    return this.transaction.error;
  }

  // What is asked of a store is one step; a page that is gone asks for nothing.
  objectStore(name) {
    const asked = (method) => (...given) => {
      if (this.device.dies(this.generation)) this.undo();
      return this.device.isGone(this.generation) ? null : this.transaction.objectStore(name)[method](...given);
    };
    return { put: asked("put"), delete: asked("delete") };
  }

  undo() {
    this.device.insideKills += 1;
    this.transaction.abort();
  }

  addEventListener(name, heard) {
    if (name === "complete" && this.device.dies(this.generation)) {
      if (this.device.random.chance(0.5)) this.undo();
      else this.device.insideKills += 1;
    }
    this.transaction.addEventListener(name, (event) => this.device.isGone(this.generation) || heard(event));
  }
}

// One browser. What runs in it when it is killed is never heard of again.
class Device {
  constructor(name, database, key, intake, random) {
    Object.assign(this, { name, database, key, intake, random, isOnline: true, generation: 0, clock: 0, keys: 0 });
    this.insideKills = 0;
    this.start();
  }

  start() {
    this.generation += 1;
    this.death = new Promise((resolve) => (this.kill = resolve));
    const mine = this.generation;
    const store = new SealedStore(this.mortal(mine), "area", this.key);
    const step = (work) => this.step(mine, work);
    const stepped = {
      entries: () => step(() => store.entries()),
      rosters: () => step(() => store.rosters()),
      write: (changes) => step(() => store.write(changes)),
    };
    this.queue = new SessionQueue({
      store: stepped,
      network: (entry) => step(() => this.net(entry)),
      locked: (name, work) => navigator.locks.request(`${this.name}-${mine}-${name}`, work),
      now: () => `${String((this.clock += 1)).padStart(4, "0")}`,
      newKey: () => `${this.name}-${(this.keys += 1)}`,
    });
  }

  // The browser's database, as a page has it that may be killed.
  mortal(generation) {
    const transaction = (names, mode, how) => {
      const begun = this.database.transaction(names, mode, how);
      return mode === "readwrite" ? new MortalTransaction(this, generation, begun) : begun;
    };
    return { transaction };
  }

  dies(generation) {
    if (this.isGone(generation) || !this.isMortal || !this.random.chance(0.03)) return false;
    this.isDead = true;
    this.kill();
    return true;
  }

  isGone(generation) {
    return generation !== this.generation || this.isDead;
  }

  // Whatever is awaited may be the last that this page did, before its effect or after it.
  async step(generation, work) {
    this.dies(generation);
    if (this.isGone(generation)) return new Promise(() => {});
    const found = await work();
    this.dies(generation);
    if (this.isGone(generation)) return new Promise(() => {});
    return found;
  }

  async net(entry) {
    if (!this.isOnline) return { outcome: "away", isReached: false };
    if (this.isMortal && this.random.chance(0.1)) return { outcome: "away", isReached: this.random.chance(0.5) };
    const answer = this.intake.post(entry);
    await null;
    return this.isMortal && this.random.chance(0.15) ? { outcome: "away", isReached: false } : answer;
  }

  // Do something; true where it came to its end, false where the page was killed before.
  async run(work) {
    const { generation } = this;
    const done = await Promise.race([work(this.queue).then(() => true), this.death.then(() => false)]);
    // Whatever else ran there ended with it, and the page is opened again once.
    if (!done && generation === this.generation) this.restart();
    return done;
  }

  restart() {
    this.isDead = false;
    this.start();
  }

  async entries() {
    return new SealedStore(this.database, "area", this.key).entries();
  }

  // The place of what is shown of a session as it is opened.
  async screen(session) {
    const rosters = await new SealedStore(this.database, "area", this.key).rosters();
    return recordedOf(rosters, { activity: "klub", session })?.sequence ?? 0;
  }
}

class Schedule {
  constructor(seed, devices, intake, random) {
    Object.assign(this, { seed, devices, intake, random, saves: [], shown: new Set(), dropped: new Set(), again: new Map(), tags: 0 });
  }

  async act() {
    const device = this.random.of(this.devices);
    const actions = ["save", "save", "save", "send", "send", "send", "net", "learn", "refresh", "choose", "twice", "sign"];
    await this[this.random.of(actions)](device);
  }

  async save(device) {
    const session = this.random.of(SESSIONS);
    const seen = await device.screen(session);
    this.shown.add(`${device.name}:${seen}`);
    const guests = (this.tags += 1);
    const said = { guests, participants: PEOPLE.filter(() => this.random.chance(0.5)) };
    if (this.random.chance(0.15)) said.headcount = "mange";
    const told = { activity: "klub", name: NAME, session, date: session, said, seen };
    const save = { device: device.name, tag: guests, session, told, isDone: false };
    this.saves.push(save);
    save.isDone = await device.run((queue) => queue.save(told));
  }

  // Pressed again, by somebody who saw no answer.
  async twice(device) {
    const last = this.saves.filter((save) => save.device === device.name && save.told).at(-1);
    if (last) await device.run((queue) => queue.save(last.told));
  }

  async send(device) {
    const sending = device.run((queue) => queue.send());
    // Often something else is done while it is on its way.
    if (this.random.chance(0.5)) await sending;
    else this.under = [...(this.under ?? []), sending];
  }

  async net(device) {
    device.isOnline = !device.isOnline;
  }

  async sign() {
    this.intake.isSignedIn = this.random.chance(0.7);
  }

  async learn() {
    this.intake.learn(false);
  }

  async refresh(device) {
    if (!device.isOnline || !this.intake.isSignedIn) return;
    const sessions = SESSIONS.map((session) => this.intake.recorded(session)).filter(Boolean);
    await device.run((queue) => queue.keepRosters({ at: "now", activities: [{ activity: "klub", sessions }] }));
  }

  async choose(device) {
    const open = (await device.entries()).find((entry) => ["choice", "refused"].includes(entry.state));
    if (!open) return;
    const tag = open.said.guests;
    if (open.state === "refused") {
      this.dropped.add(tag);
      await device.run((queue) => queue.discard(open.key));
      return;
    }
    const isMine = this.random.chance(0.5);
    if (isMine) this.shown.add(`${device.name}:${open.theirs.sequence}`);
    if (isMine) this.chosen(tag);
    else this.dropped.add(tag);
    await device.run((queue) => queue.settle(open.key, isMine));
  }

  chosen(tag) {
    this.again.set(tag, (this.again.get(tag) ?? 0) + 1);
  }

  // With a net, signed in and with nobody killed, all is sent that can be.
  async quieten() {
    for (const device of this.devices) device.isMortal = false;
    await Promise.all(this.under ?? []);
    this.intake.isSignedIn = true;
    for (const device of this.devices) {
      device.isOnline = true;
      device.restart();
    }
    for (let round = 0; round < QUIET_ROUNDS; round += 1) {
      this.intake.learn(true);
      for (const device of this.devices) await device.queue.send();
    }
  }

  async wrong() {
    const left = new Map();
    for (const device of this.devices) left.set(device.name, await device.entries());
    return [...this.lost(left), ...this.doubled(), ...this.overwritten(), ...this.unseen(left)].map(
      (fault) => `seed ${this.seed}: ${fault}`,
    );
  }

  isSomewhere({ device, tag }, left) {
    const isSaid = this.intake.log.some((line) => line.guests === tag);
    return isSaid || this.dropped.has(tag) || left.get(device).some((entry) => entry.said.guests === tag);
  }

  lost(left) {
    return this.saves
      .filter((save, place) => {
        const later = this.saves.slice(place + 1);
        const isReplaced = later.some(
          (other) =>
            other.device === save.device &&
            other.session === save.session &&
            (other.isDone || this.isSomewhere(other, left)),
        );
        return save.isDone && !isReplaced && !this.isSomewhere(save, left);
      })
      .map((save) => `${save.tag} of ${save.device} is lost`);
  }

  doubled() {
    const tags = this.intake.log.map((line) => line.guests);
    return [...new Set(tags)]
      .filter((tag) => tags.filter((each) => each === tag).length > 1 + (this.again.get(tag) ?? 0))
      .map((tag) => `${tag} is there twice`);
  }

  // Whoever said something last of a session was shown what was there before, or had said it.
  overwritten() {
    const speaker = (line) => this.saves.find((save) => save.tag === line.guests).device;
    return SESSIONS.flatMap((session) => {
      const lines = this.intake.log.filter((line) => line.session === session);
      return lines
        .filter((line, place) => {
          const before = lines[place - 1];
          const isKnown = !before || speaker(before) === speaker(line) || this.shown.has(`${speaker(line)}:${line.seen}`);
          return line.seen !== (before?.sequence ?? 0) || !isKnown;
        })
        .map((line) => `${line.guests} replaced something unseen`);
    });
  }

  // Nothing waits without a reason, and each reason can be read.
  unseen(left) {
    return [...left.values()].flat().flatMap((entry) => {
      if (entry.state === "refused" && entry.refusals.length) return [];
      if (entry.state === "choice" && entry.theirs) return [];
      return [`${entry.said.guests} is ${entry.state} still`];
    });
  }
}

// What lies in the browser, as whoever takes it away finds it.
async function dump(database) {
  const rows = [];
  for (const name of ["entries", "rosters"]) {
    rows.push(...(await answered(database.transaction(name).objectStore(name).getAll())));
  }
  const text = (value) =>
    value instanceof Uint8Array ? String.fromCharCode(...value) : typeof value === "object" ? "" : String(value);
  return rows.map((row) => Object.entries(row).map(([key, value]) => `${key}=${text(value)}`).join(" ")).join("\n");
}

// Run one schedule and give what was wrong; nothing is the answer that is wished for.
async function runSchedule(seed) {
  const random = randomFrom(seed);
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const intake = new PlayedIntake(random);
  const names = ["one", "two"].map((name) => `${name}-${seed}`);
  const devices = [];
  for (const name of names) devices.push(new Device(name, await openQueueDatabase(name), key, intake, random));
  const schedule = new Schedule(seed, devices, intake, random);
  for (const device of devices) device.isMortal = true;
  await schedule.refresh(devices[0]);
  await schedule.refresh(devices[1]);
  for (let number = 0; number < ACTIONS; number += 1) await schedule.act();
  const wrong = [];
  for (const device of devices) {
    const lying = await dump(device.database);
    wrong.push(...[NAME, ...PEOPLE].filter((word) => lying.includes(word)).map((word) => `${word} lies in the clear`));
  }
  await schedule.quieten();
  wrong.push(...(await schedule.wrong()));
  for (const device of devices) {
    device.database.close();
    indexedDB.deleteDatabase(device.name);
  }
  const [one, two] = devices;
  const kills = one.generation + two.generation;
  return { wrong, sent: intake.log.length, kills, insideKills: one.insideKills + two.insideKills };
}
