// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The REST API as functions. Every refusal is a Problem; a session that has ended is told once to
// whoever listens, besides.

import { noteServerDate } from "../format/clock";
import type {
  CloseReason,
  EpisodeDetail,
  EpisodeSummary,
  PatientDetail,
  PatientSummary,
  Status,
  TechnicalAlert,
  User,
  Worklist,
} from "./types";

export const base = "/api/v1";
const deadlineMs = 15_000;

export class Problem extends Error {
  /** 0: the server could not be reached. */
  readonly status: number;
  readonly detail: string;
  /** The episode as it stands, where the server refused an older version of it. */
  readonly current: EpisodeDetail | null;
  /** A word for why a pause is refused; empty where there is none. */
  readonly why: string;

  constructor(
    status: number,
    detail: string,
    current: EpisodeDetail | null = null,
    why: string = "",
  ) {
    super(`${status} ${detail}`);
    this.status = status;
    this.detail = detail;
    this.current = current;
    this.why = why;
  }
}

type Listener = () => void;
let sessionLost: Listener = () => {};

/** `listener` is called at every answer that says there is no session. */
export function onSessionLost(listener: Listener): void {
  sessionLost = listener;
}

export function tellSessionLost(): void {
  sessionLost();
}

async function problemOf(response: Response): Promise<Problem> {
  let detail = response.statusText;
  let current: EpisodeDetail | null = null;
  let why = "";
  try {
    const body = await response.json();
    detail = body.detail ?? body.title ?? detail;
    current = body.current ?? null;
    why = body.why ?? "";
  } catch {
    // Not JSON: a proxy in between. The status says enough.
  }
  return new Problem(response.status, detail, current, why);
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-Vardnav-Request"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(deadlineMs),
    });
  } catch {
    throw new Problem(0, "unreachable");
  }
  noteServerDate(response.headers.get("date"));
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== "/session") sessionLost();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

const episodePath = (id: string) => `/episodes/${encodeURIComponent(id)}`;
const personPath = (id: string) => `/patients/${encodeURIComponent(id)}`;

export const api = {
  async login(username: string, password: string): Promise<User> {
    return (await ask<{ user: User }>("POST", "/session", { username, password })).user;
  },
  /** null: nobody is logged in. */
  async session(): Promise<User | null> {
    try {
      return (await ask<{ user: User }>("GET", "/session")).user;
    } catch (fault) {
      if (fault instanceof Problem && fault.status === 401) return null;
      throw fault;
    }
  },
  logout: () => ask<void>("DELETE", "/session"),
  worklist: () => ask<Worklist>("GET", "/worklist"),
  async closed(): Promise<EpisodeSummary[]> {
    return (await ask<Worklist>("GET", "/worklist?state=closed&limit=50")).episodes;
  },
  episode: (id: string) => ask<EpisodeDetail>("GET", episodePath(id)),
  acknowledge: (id: string, version: number) =>
    ask<EpisodeDetail>("POST", `${episodePath(id)}/acknowledge`, { version }),
  close: (id: string, version: number, reason: CloseReason, note: string) =>
    ask<EpisodeDetail>("POST", `${episodePath(id)}/close`, { version, reason, note }),
  status: () => ask<Status>("GET", "/status"),
  async unmonitored(): Promise<number> {
    return (await ask<{ unmonitored: number }>("GET", "/monitoring")).unmonitored;
  },
  async patients(): Promise<PatientSummary[]> {
    return (await ask<{ patients: PatientSummary[] }>("GET", "/patients")).patients;
  },
  patient: (id: string) => ask<PatientDetail>("GET", personPath(id)),
  pause: (id: string, rule: string, until: string, reason: string) =>
    ask<PatientDetail>("POST", `${personPath(id)}/pauses`, { rule, until, reason }),
  endPause: (id: string, pause: string) =>
    ask<PatientDetail>("POST", `${personPath(id)}/pauses/${encodeURIComponent(pause)}/end`, {}),
  async technicalAlerts(state: "open" | "cleared"): Promise<TechnicalAlert[]> {
    const path = `/technical-alerts?state=${state}`;
    return (await ask<{ alerts: TechnicalAlert[] }>("GET", path)).alerts;
  },
  acknowledgeTechnical: (id: string) =>
    ask<void>("POST", `/technical-alerts/${encodeURIComponent(id)}/acknowledge`, {}),
};
