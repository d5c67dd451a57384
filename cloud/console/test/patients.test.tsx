// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { PatientSummary, Pause, TechnicalAlert, WatchingRule } from "../src/api/types";
import { isTechnician } from "../src/parts/frame";
import { pauseStateText } from "../src/parts/pauses";
import { placeOf } from "../src/router";
import { RuleItem } from "../src/screens/patient";
import { PatientRow, unwatchedFirst } from "../src/screens/patients";
import { TechnicalRow } from "../src/screens/technical";
import { textsIn } from "../src/texts";

const sv = textsIn("sv");
const now = Date.parse("2026-11-24T10:05:00Z");

const patient = (name: string, gaps: string[] = []): PatientSummary => ({
  patient: { id: `p-${name}`, name, birth_year: 1948 },
  monitored: gaps.length === 0,
  paused_rules: 0,
  enrolments: [
    {
      id: "e",
      condition: "diabetes",
      care_giver: "Uppsala kommun",
      team: "Hemsjukvården",
      monitored: gaps.length === 0,
      gaps,
    },
  ],
});

describe("the patients", () => {
  it("stand with those first whom nobody watches", () => {
    const all = [patient("Ada"), patient("Bo", ["no-hub"]), patient("Cia"), patient("Du", ["x"])];
    expect(unwatchedFirst(all).map((each) => each.patient.name)).toEqual(["Bo", "Du", "Ada", "Cia"]);
  });

  it("say by words that nobody watches, and why", () => {
    const html = renderToStaticMarkup(<PatientRow summary={patient("Bo", ["no-rules", "no-hub"])} />);
    expect(html).toContain("Bevakas inte");
    expect(html).toContain("inga regler är i kraft, ingen hubb i hemmet");
    const watched = renderToStaticMarkup(<PatientRow summary={patient("Ada")} />);
    expect(watched).not.toContain("Bevakas inte");
    expect(watched).toContain("Bevakas");
  });

  it("show a gap that the console does not know yet as it comes", () => {
    expect(renderToStaticMarkup(<PatientRow summary={patient("Bo", ["moon"])} />)).toContain("moon");
  });
});

const pause = (change: Partial<Pause> = {}): Pause => ({
  id: "1",
  rule: "glucose-high",
  from: "2026-11-24T10:00:00Z",
  until: "2026-11-25T10:00:00Z",
  reason: "Inlagd",
  by: { username: "k", name: "Karin" },
  ended_at: null,
  ended_by: null,
  active: true,
  ...change,
});

describe("a pause", () => {
  it("says whether it is to come, until when, or over", () => {
    const text = (change: Partial<Pause>) => pauseStateText(sv, pause(change), now);
    expect(text({})).toBe("Pausad till imorgon 11:00");
    expect(text({ from: "2026-11-24T10:06:00Z" })).toContain("Pausas från 11:06 till");
    expect(text({ ended_at: "2026-11-24T10:06:00Z" })).toBe("Pausad till 11:06");
    expect(text({ active: false, ended_at: "2026-11-24T10:04:00Z" })).toBe("Slut 11:04");
  });
});

describe("a rule that watches", () => {
  const rule: WatchingRule = {
    rule: "spo2-ordinary",
    version: 3,
    hash: "a".repeat(64),
    from: "2026-11-01T00:00:00Z",
    floor: true,
    may_pause: false,
    title: { sv: "Låg syresättning", en: "Low oxygen" },
    sentence: { sv: "P1 om …", en: "P1 if …" },
    lack: "no spo2-target",
  };
  it("says its sentence, that it is a floor, and why it never fires", () => {
    const html = renderToStaticMarkup(<RuleItem rule={rule} now={now} />);
    for (const words of ["Låg syresättning", "P1 om …", "Skyddsgolv", "no spo2-target"]) {
      expect(html).toContain(words);
    }
    const runs = renderToStaticMarkup(<RuleItem rule={{ ...rule, lack: null }} now={now} />);
    expect(runs).not.toContain("Löser aldrig ut");
  });
});

describe("a technical alert", () => {
  const alert: TechnicalAlert = {
    id: "1",
    kind: "hub-silent",
    hub: "hub-1",
    person: null,
    subject: "",
    detail: "check power and network",
    since: "2026-11-24T09:00:00Z",
    opened_at: "2026-11-24T09:15:00Z",
    cleared_at: null,
    acknowledged_at: null,
    by: null,
    unmonitored_since: "2026-11-24T09:15:00Z",
    exposed_persons: 2,
  };
  const row = (change: Partial<TechnicalAlert> = {}) =>
    renderToStaticMarkup(
      <TechnicalRow alert={{ ...alert, ...change }} now={now} onTake={async () => {}} />,
    );

  it("says what it is, where, since when and who is exposed", () => {
    for (const words of ["Hubben är tyst", "hub-1", "2 obevakade sedan 10:15", "check power"]) {
      expect(row()).toContain(words);
    }
    expect(row({ kind: "from-the-moon" })).toContain("from-the-moon");
  });

  it("can be taken once, and not when it is over", () => {
    expect(row()).toContain("<button");
    const taken = row({ by: { username: "t", name: "Tove Teknik" } });
    expect(taken).toContain("Tove Teknik tar hand om det");
    expect(taken).not.toContain("<button");
    expect(row({ cleared_at: "2026-11-24T10:00:00Z" })).not.toContain("<button");
  });
});

describe("technicians", () => {
  it("are known by a team of no care giver", () => {
    const team = { id: "t", name: "T", care_giver: null, kind: "service" };
    expect(isTechnician({ username: "t", name: "T", teams: [team] })).toBe(true);
    const other = { ...team, care_giver: "Region", kind: "region" };
    expect(isTechnician({ username: "t", name: "T", teams: [other] })).toBe(false);
  });
});

describe("the new addresses", () => {
  it("name their screens", () => {
    expect(placeOf("/patients")).toEqual({ screen: "patients" });
    expect(placeOf("/patients/p%2F1")).toEqual({ screen: "patient", id: "p/1" });
    expect(placeOf("/technical")).toEqual({ screen: "technical" });
    expect(placeOf("/patients/")).toEqual({ screen: "unknown" });
  });
});
