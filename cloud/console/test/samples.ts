// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Invented things of the shapes that the API gives, to be varied by tests.

import type { EpisodeDetail, EpisodeSummary, Observation } from "../src/api/types";

export function observation(change: Partial<Observation> = {}): Observation {
  return {
    reading: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    revision: 1,
    code: "glucose",
    value: "52",
    unit: "mg/dL",
    shown: { value: "2.9", unit: "mmol/L" },
    person: "p-7f3a",
    device: "C0:FF:EE:00:00:01",
    record_number: 213,
    device_time: { timeline: "local", at: "2019-08-21T09:31:13" },
    at: "2026-11-24T10:02:58.000Z",
    time_method: "anchored",
    uncertainty_ms: 1250,
    received_at: "2026-11-24T10:03:05.871Z",
    flags: [],
    ...change,
  };
}

export function episode(change: Partial<EpisodeSummary> = {}): EpisodeSummary {
  return {
    id: "e-1",
    version: 2,
    state: "raised",
    escalated: false,
    cleared: false,
    priority: "P1",
    condition: "diabetes",
    rule: "glucose-low",
    title: { sv: "Lågt blodsocker", en: "Low glucose" },
    patient: { id: "p-7f3a", name: "Test Testsson", birth_year: 1948 },
    raised_at: "2026-11-24T10:02:58.000Z",
    measured_at: "2026-11-24T10:02:58.000Z",
    told_at: "2026-11-24T10:03:05.871Z",
    received_at: "2026-11-24T10:03:06.498Z",
    late: false,
    team: {
      id: "team-home",
      name: "Hemsjukvården",
      care_giver: "Uppsala kommun",
      kind: "municipality",
    },
    owner: null,
    next_action: { what: "escalate", at: "2026-11-24T10:13:06.498Z", to: "Jouren" },
    latest: observation(),
    ...change,
  };
}

export function detail(change: Partial<EpisodeDetail> = {}): EpisodeDetail {
  return {
    ...episode(),
    why: { sv: "Blodsocker 52 mg/dL är under 54.", en: "Glucose 52 mg/dL is below 54." },
    rule_hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    hub: "hub-demo-1",
    inputs: [observation()],
    events: [],
    route: {
      decided_at: "2026-11-24T10:03:06.498Z",
      explanation: { sv: "", en: "" },
      enrolment: null,
      steps: [],
    },
    trend: { code: "glucose", unit: "mmol/L", points: [] },
    ...change,
  };
}
