// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An invented patient who is half watched, his pauses, and a technical alert.

const rule = (name, sv, en, floor) => ({
  rule: name,
  version: 1,
  hash: "8f5584e1005418c51d39d68d8156aaa7c0ce37fcb0301fd10aef2e707e12f2b2",
  from: "2026-01-01T00:00:00Z",
  floor,
  may_pause: !floor,
  title: { sv, en },
  sentence: { sv: `P2 om … (${sv}).`, en: `P2 if … (${en}).` },
  lack: null,
});

const enrolment = (id, condition, care_giver, team, gaps, rules) => ({
  id,
  condition,
  care_giver,
  team,
  monitored: gaps.length === 0,
  gaps,
  rules,
});

const enrolments = [
  enrolment("e-1", "copd", "Region Uppsala", "KOL-mottagningen", ["no-rules"], []),
  enrolment("e-2", "diabetes", "Uppsala kommun", "Hemsjukvården Luthagen", [], [
    rule("glucose-low", "Lågt blodsocker", "Low glucose", true),
    rule("glucose-high", "Högt blodsocker", "High glucose", false),
  ]),
];

const pauses = [];
const patient = { id: "p-7f3a", name: "Test Testsson", birth_year: 1948 };

export function detail() {
  for (const pause of pauses) {
    pause.active = Date.parse(pause.ended_at ?? pause.until) > Date.now();
  }
  const hub = { hub: "hub-demo-1", devices: 3, last_heard_at: new Date().toISOString() };
  return {
    patient,
    monitored: false,
    paused_rules: pauses.filter(({ active }) => active).length,
    enrolments,
    hubs: [{ ...hub, unmonitored_since: null }],
    pauses: [...pauses],
  };
}

export function summary() {
  const { hubs, pauses: ignored, ...rest } = detail();
  return { ...rest, enrolments: enrolments.map(({ rules, ...one }) => one) };
}

const aMinuteAhead = () => new Date(Date.now() + 60_000).toISOString();
const actor = ({ username, name }) => ({ username, name });

/** A word for the refusal, or null. */
export function pause(user, { rule: name, until, reason }) {
  const wanted = enrolments.flatMap(({ rules }) => rules).find((each) => each.rule === name);
  if (!wanted) return "unknown";
  if (wanted.floor) return "floor";
  if (detail().pauses.some((each) => each.rule === name && each.active)) return "paused";
  const id = String(pauses.length + 1);
  const set = { id, rule: name, from: aMinuteAhead(), until, reason, by: actor(user) };
  pauses.unshift({ ...set, ended_at: null, ended_by: null, active: true });
  return null;
}

export function endPause(user, id) {
  const found = pauses.find((each) => each.id === id);
  if (!found) return "unknown";
  if (found.ended_at) return "ended";
  Object.assign(found, { ended_at: aMinuteAhead(), ended_by: actor(user) });
  return null;
}

export const technical = [
  {
    id: "t-1",
    kind: "hub-silent",
    hub: "hub-demo-2",
    person: null,
    subject: "",
    detail: "nothing heard: check power and network",
    since: new Date().toISOString(),
    opened_at: new Date().toISOString(),
    cleared_at: null,
    acknowledged_at: null,
    by: null,
    unmonitored_since: new Date().toISOString(),
    exposed_persons: 1,
  },
];
