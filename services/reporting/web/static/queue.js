// Sessions that were saved without a net, until each was told to the intake (ADR 141). Owns when one is sent, and what
// becomes of it; it knows no page, and is handed where entries lie, the network, the locks and the clock.
//
// An entry is `waiting` until it is sent for the first time, `asked` until an answer has come, and then gone; or it is
// `refused`, or a `choice` between what was typed here and what somebody else said of the session. What was `asked`
// never changes, so that sent again it is the same event; what is typed after it stands in an entry of its own, which
// `seen: null` marks: it replaces what is on its way, and is sent once the place of that is known.
"use strict";

class SessionQueue {
  constructor({ store, network, locked, now, newKey }) {
    // `stored` says what was taken since this queue was made, and `cursor` up to where a report then has to reach.
    Object.assign(this, { store, network, locked, now, newKey, stored: [], cursor: "" });
  }

  // Keep what was typed; when this returns, it is on the disk. `told` is {activity, name, session, said, seen}.
  async save(told) {
    return this.locked("queue", async () => {
      const own = (await this.store.entries()).filter((entry) => isSameSession(entry, told));
      const inState = (state) => own.find((entry) => entry.state === state);
      const open = inState("waiting") ?? inState("choice") ?? inState("refused");
      const asked = own.find((entry) => entry.state === "asked");
      const time = this.now();
      if (open) {
        const state = open.state === "choice" ? "choice" : "waiting";
        await this.store.write({ put: [{ ...open, ...contentOf(told), time, state, refusals: [] }] });
        return;
      }
      if (asked && isSameContent(asked.said, told.said)) return;
      if (!own.length && isSameContent(recordedOf(await this.store.rosters(), told), told.said)) return;
      const seen = asked ? null : told.seen;
      const entry = { key: this.newKey(), since: time, state: "waiting", ...contentOf(told), time, seen, refusals: [] };
      await this.store.write({ put: [entry] });
    });
  }

  // Send all that waits, the oldest first. Gives "sent", or why some of it waits still: "away", "signed_out",
  // "forbidden".
  async send() {
    return this.locked("sending", async () => {
      const tried = new Set();
      let became = "sent";
      for (let key = await this.next(tried); key; key = await this.next(tried)) {
        tried.add(key);
        const asked = await this.locked("queue", () => this.ask(key));
        if (!asked) continue;
        const answer = await this.network(asked);
        if (["stored", "refused", "taken"].includes(answer.outcome)) {
          await this.locked("queue", () => this.hear(key, answer));
          continue;
        }
        became = answer.outcome;
        // One that a service cannot take now keeps no other back; without a net or a session none can be sent.
        if (!answer.isReached) break;
      }
      return became;
    });
  }

  async next(tried) {
    const isDue = ({ state, seen }) => state === "asked" || (state === "waiting" && seen !== null);
    const due = (await this.store.entries()).filter((entry) => isDue(entry) && !tried.has(entry.key));
    return due.sort((one, other) => (one.since < other.since ? -1 : 1))[0]?.key;
  }

  // From here on the entry is what it is, whatever ends this page before the answer comes.
  async ask(key) {
    const entry = await this.find(key);
    if (!entry || !["waiting", "asked"].includes(entry.state)) return null;
    if (entry.state === "waiting") await this.store.write({ put: [{ ...entry, state: "asked" }] });
    return { ...entry, state: "asked" };
  }

  async hear(key, answer) {
    const entries = await this.store.entries();
    const entry = entries.find((each) => each.key === key && each.state === "asked");
    if (!entry) return;
    const after = entries.find((each) => each.seen === null && each.state === "waiting" && isSameSession(each, entry));
    if (answer.outcome === "stored") {
      const recorded = { ...entry.said, session: entry.session, date: entry.date, sequence: answer.sequence };
      await this.store.write({
        put: after ? [{ ...after, seen: answer.sequence }] : [],
        remove: [key],
        rosters: withRecorded(await this.store.rosters(), entry, recorded),
      });
      this.stored.push({ ...entry, sequence: answer.sequence });
      this.cursor = answer.cursor || this.cursor;
    } else if (answer.outcome === "refused") {
      const refused = { ...entry, state: "refused", refusals: answer.refusals };
      await this.store.write({ put: [refused, ...(after ? [{ ...after, seen: entry.seen }] : [])] });
    } else {
      // What was typed last is what stands against the word of somebody else.
      const mine = { ...(after ?? entry), state: "choice", seen: entry.seen, theirs: answer.recorded };
      const rosters = withRecorded(await this.store.rosters(), entry, answer.recorded);
      await this.store.write({ put: [mine], remove: after ? [key] : [], rosters });
    }
  }

  // Somebody chose: `isMine` sends what was typed here in the place of what they saw of the other; else it goes.
  async settle(key, isMine) {
    return this.locked("queue", async () => {
      const entry = await this.find(key);
      if (entry?.state !== "choice") return;
      const mine = { ...entry, state: "waiting", seen: entry.theirs.sequence, theirs: null };
      await this.store.write(isMine ? { put: [mine] } : { remove: [key] });
    });
  }

  // Somebody has read why it was refused, and throws it away.
  async discard(key) {
    return this.locked("queue", async () => {
      if ((await this.find(key))?.state === "refused") await this.store.write({ remove: [key] });
    });
  }

  // Keep what rosters are made from, as it was read just now.
  async keepRosters(rosters) {
    return this.locked("queue", () => this.store.write({ rosters }));
  }

  async find(key) {
    return (await this.store.entries()).find((entry) => entry.key === key);
  }
}

function contentOf({ activity, name, session, date, said }) {
  return { activity, name, session, date, said };
}

function isSameSession(one, other) {
  return one.activity === other.activity && one.session === other.session;
}

// Whether two say the same of a session, whatever the order and however nothing is said.
function isSameContent(one, other) {
  return Boolean(one && other) && !one.is_cancelled && plainly(one) === plainly(other);
}

function plainly(said) {
  const absent = (said.absent ?? []).map(({ participant, reason }) => [participant, reason ?? ""]).sort();
  return JSON.stringify([
    [...(said.participants ?? [])].sort(),
    absent,
    said.guests || 0,
    said.headcount ?? null,
    Number(said.hours || 0),
  ]);
}

function recordedOf(rosters, { activity, session }) {
  const found = rosters?.activities.find((each) => each.activity === activity);
  return found?.sessions.find((each) => each.session === session);
}

function withRecorded(rosters, { activity, session }, recorded) {
  if (!rosters) return undefined;
  const activities = rosters.activities.map((each) =>
    each.activity === activity
      ? { ...each, sessions: [...each.sessions.filter((one) => one.session !== session), recorded] }
      : each,
  );
  return { ...rosters, activities };
}
