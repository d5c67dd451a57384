// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the backend's REST API gives (cloud/api/openapi.yaml). Times are RFC 3339 in UTC, values
// exact decimals as text. Words that the console does not know yet are to be shown as they come.

export interface Bilingual {
  sv: string;
  en: string;
}

export type Priority = "P1" | "P2" | "P3";
export type EpisodeState = "raised" | "notified" | "acknowledged" | "in_progress" | "closed";

export interface Team {
  id: string;
  name: string;
  care_giver: string | null;
  kind: string;
}

export interface User {
  username: string;
  name: string;
  teams: Team[];
}

export interface Person {
  username: string;
  name: string;
}

export interface Patient {
  id: string;
  name: string;
  birth_year: number | null;
}

export interface NextAction {
  what: string;
  at: string;
  to: string;
}

export interface Quantity {
  value: string;
  unit: string;
}

export interface Observation extends Quantity {
  reading: string;
  revision: number;
  code: string;
  /** In the product's unit; absent unless the value is a number. */
  shown?: Quantity;
  person: string;
  device: string;
  slot?: number;
  record_number?: number;
  device_time?: { timeline: "local" | "utc"; at: string };
  at: string;
  time_method: string;
  uncertainty_ms: number;
  received_at: string;
  flags: string[];
}

export interface EpisodeSummary {
  id: string;
  version: number;
  state: EpisodeState;
  escalated: boolean;
  cleared: boolean;
  priority: Priority;
  condition: string;
  rule: string;
  title: Bilingual;
  patient: Patient;
  raised_at: string;
  measured_at: string;
  told_at: string;
  received_at: string;
  late: boolean;
  team: Team;
  owner: Person | null;
  next_action: NextAction | null;
  latest: Observation | null;
}

export interface EpisodeEvent {
  at: string;
  kind: string;
  by: Person | null;
  text: Bilingual;
}

export interface Enrolment {
  id: string;
  condition: string;
  care_giver: string;
  team: string;
  from: string;
  until: string | null;
  consent_basis: string;
  prescriber: string;
}

export interface RouteStep {
  level: string;
  name: string;
  outcome: string;
  reason: Bilingual;
}

export interface Route {
  decided_at: string;
  explanation: Bilingual;
  enrolment: Enrolment | null;
  steps: RouteStep[];
}

export interface TrendPoint {
  reading: string;
  at: string;
  value: string;
  flags: string[];
}

export interface Trend {
  code: string;
  unit: string;
  points: TrendPoint[];
}

export interface EpisodeDetail extends EpisodeSummary {
  why: Bilingual;
  rule_hash: string;
  hub: string;
  inputs: Observation[];
  events: EpisodeEvent[];
  route: Route;
  trend: Trend | null;
}

export interface Worklist {
  episodes: EpisodeSummary[];
  cursor: string;
}

export interface HubStatus {
  hub: string;
  last_heard_at: string | null;
  reading_backlog: number;
  alert_backlog: number;
  silent: boolean;
}

export interface Status {
  hubs: HubStatus[];
}

export interface PatientEnrolment {
  id: string;
  condition: string;
  care_giver: string;
  team: string;
  monitored: boolean;
  /** Why nobody watches. */
  gaps: string[];
}

export interface PatientSummary {
  patient: Patient;
  monitored: boolean;
  paused_rules: number;
  enrolments: PatientEnrolment[];
}

export interface WatchingRule {
  rule: string;
  version: number;
  hash: string;
  from: string;
  floor: boolean;
  may_pause: boolean;
  title: Bilingual | null;
  sentence: Bilingual | null;
  /** Why it never runs for this patient. */
  lack: string | null;
}

export interface Pause {
  id: string;
  rule: string;
  from: string;
  until: string;
  reason: string;
  by: Person;
  ended_at: string | null;
  ended_by: Person | null;
  active: boolean;
}

export interface PatientHub {
  hub: string;
  devices: number;
  last_heard_at: string | null;
  unmonitored_since: string | null;
}

export interface PatientDetail extends PatientSummary {
  enrolments: (PatientEnrolment & { rules: WatchingRule[] })[];
  hubs: PatientHub[];
  pauses: Pause[];
}

export interface TechnicalAlert {
  id: string;
  kind: string;
  hub: string;
  person: string | null;
  subject: string;
  detail: string;
  since: string;
  opened_at: string;
  cleared_at: string | null;
  acknowledged_at: string | null;
  by: Person | null;
  unmonitored_since: string | null;
  exposed_persons: number;
}

export const closeReasons = [
  "contacted-advice",
  "plan-changed",
  "visit-booked",
  "emergency",
  "technique-error",
  "wrong-person",
  "expected",
  "rule-unsuitable",
  "duplicate",
] as const;
export type CloseReason = (typeof closeReasons)[number];

/** What arrives on the event stream. */
export type EpisodeMessage = EpisodeSummary | { id: string; gone: true };
export interface ReadingMessage {
  observation: Observation;
  stored_at: string;
}
