// What a roster is made from where there is no net, and how its fields are read and written. Owns no page and no storage.
"use strict";

const NUMBERS = ["guests", "headcount", "hours"];

function titleOf({ name, date }) {
  const how = { day: "numeric", month: "long", year: "numeric" };
  return `${name}, ${new Intl.DateTimeFormat(spoken, how).format(new Date(`${date}T12:00`))}`;
}

// What a roster is made from, of what is kept: the same as the page with a net shows.
function rosterOf(activity, date, asked) {
  const planned = activity.planned.find((each) => each.date === date);
  const session = asked || (planned?.session ?? date);
  const recorded = activity.sessions.find((each) => each.session === session) ?? null;
  const isIn = ([, from, until]) => from <= date && (!until || until >= date);
  const people = activity.people.filter(isIn).map(([who]) => who);
  const before = activity.sessions.filter((each) => each.date < date && !each.is_cancelled && each.headcount == null);
  const last = before.sort((one, other) => (one.date + one.session < other.date + other.session ? 1 : -1))[0] ?? null;
  const hours = recorded?.hours ?? planned?.hours ?? last?.hours ?? null;
  const { name } = activity;
  const seen = recorded?.sequence ?? 0;
  return { activity: activity.activity, name, date, session, recorded, people: [...new Set(people)], last, hours, seen };
}

// What the fields of the roster's page with a net say.
function rosterTyped({ address, fields }) {
  const asked = new URL(address).searchParams;
  const values = (name) => fields.filter(([each]) => each === name).map(([, value]) => value);
  const absent = fields
    .filter(([name, value]) => name.startsWith("away.") && value)
    .map(([name, value]) => ({ participant: name.slice(5), ...(value === "-" ? {} : { reason: value }) }));
  const said = { absent };
  if (values("came").length || absent.length || values("nobody").length) said.participants = values("came");
  for (const name of NUMBERS) {
    const number = numberIn(values(name)[0] ?? "");
    if (number !== null) said[name] = number;
  }
  return { activity: asked.get("activity"), date: asked.get("date"), session: asked.get("session"), said };
}

// As people write a number; what is none is sent as it was typed, and refused by the intake.
function numberIn(text) {
  const plain = text.trim().replace(",", ".");
  if (!plain) return null;
  return /^[0-9]{1,9}(\.[0-9]{1,4})?$/.test(plain) ? Number(plain) : text;
}

function written(value) {
  if (value == null) return "";
  return document.documentElement.lang === "da" ? String(value).replace(".", ",") : String(value);
}

function dayHere(moment) {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" }).format(moment);
}
