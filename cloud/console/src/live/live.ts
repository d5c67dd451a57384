// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the console knows at this moment, kept true by the event stream: one for each login.

import { api, base, tellSessionLost } from "../api/client";
import type { ServerEvent } from "../api/sse";
import type { EpisodeMessage, EpisodeSummary, ReadingMessage, Status } from "../api/types";
import { now } from "../format/clock";
import { EventStream, type StreamPorts } from "./event_stream";
import {
  type News,
  isUnaccepted,
  merge,
  newCalls,
  noNews,
  ordered,
  withNews,
  withReading,
} from "./worklist";

/** The list is called old when the stream has been away for longer. */
export const oldAfterMs = 10_000;
const statusEveryMs = 30_000;

export interface Snapshot {
  /** False: not loaded yet, and nothing may be concluded from an empty list. */
  isLoaded: boolean;
  episodes: EpisodeSummary[];
  isOpen: boolean;
  /** When the newest reading was stored that came while the console was open. */
  lastReadingAt: string | null;
  status: Status | null;
  /** Alerts that called for attention and were not looked at or hidden, the newest first. */
  calls: EpisodeSummary[];
  /** The newest calls alone, for sound and announcement: P1, and the others. */
  urgentNews: News;
  otherNews: News;
}

const isUrgent = (episode: EpisodeSummary) => episode.priority === "P1";

/** What a single screen wants to know besides the snapshot. */
export type Happening =
  | { kind: "episode"; message: EpisodeMessage }
  | { kind: "reading"; message: ReadingMessage }
  | { kind: "reload" };

const realPorts: StreamPorts = {
  fetch: (url, init) => fetch(url, init),
  now,
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (timer) => window.clearTimeout(timer as number),
  random: Math.random,
};

export class Live {
  readonly startedAt = now();
  #snapshot: Snapshot = {
    isLoaded: false,
    episodes: [],
    isOpen: false,
    lastReadingAt: null,
    status: null,
    calls: [],
    urgentNews: noNews,
    otherNews: noNews,
  };
  readonly #listeners = new Set<() => void>();
  readonly #screens = new Set<(happening: Happening) => void>();
  readonly #stream: EventStream;
  #statusTimer: number | undefined;

  constructor(ports: StreamPorts = realPorts) {
    const listener = {
      load: () => this.#load(),
      event: (event: ServerEvent) => this.#take(event),
      changed: () => this.#set({ isOpen: this.#stream.isOpen }),
      sessionLost: tellSessionLost,
    };
    this.#stream = new EventStream(`${base}/events`, listener, ports);
  }

  start(): void {
    void this.#stream.run();
    void this.#askStatus();
    this.#statusTimer = window.setInterval(() => void this.#askStatus(), statusEveryMs);
    window.addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
  }

  stop(): void {
    this.#stream.stop();
    window.clearInterval(this.#statusTimer);
    window.removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Snapshot => this.#snapshot;

  onHappening(screen: (happening: Happening) => void): () => void {
    this.#screens.add(screen);
    return () => this.#screens.delete(screen);
  }

  /** Since when the list may be old; null: it is not. 0: nothing was ever heard. */
  oldSince(moment: number): number | null {
    if (this.#stream.isOpen) return null;
    const since = this.#stream.heardAt ?? this.startedAt;
    if (moment - since <= oldAfterMs) return null;
    return this.#stream.heardAt ?? 0;
  }

  /** An answer to what the operator did: shown at once, not only when its event comes. */
  accept(episode: EpisodeSummary): void {
    this.#change(merge(this.#snapshot.episodes, episode));
  }

  dismiss(id: string): void {
    const calls = this.#snapshot.calls.filter((episode) => episode.id !== id);
    if (calls.length !== this.#snapshot.calls.length) this.#set({ calls });
  }

  readonly #hurry = () => {
    if (document.visibilityState !== "hidden") this.#stream.hurry();
  };

  async #load(): Promise<string> {
    const { episodes, cursor } = await api.worklist();
    const isFirst = !this.#snapshot.isLoaded;
    const list = ordered(episodes);
    // What is there at login is on the screen already; what came during an outage is news.
    if (isFirst) this.#set({ isLoaded: true, episodes: list });
    else this.#change(list);
    if (!isFirst) this.#tell({ kind: "reload" });
    return cursor;
  }

  async #askStatus(): Promise<void> {
    try {
      this.#set({ status: await api.status() });
    } catch {
      // The connection's own state tells it; what was known stays, with its time.
    }
  }

  #take(event: ServerEvent): void {
    if (event.name === "episode") {
      const message = JSON.parse(event.data) as EpisodeMessage;
      this.#change(merge(this.#snapshot.episodes, message));
      this.#tell({ kind: "episode", message });
    } else if (event.name === "reading") {
      const message = JSON.parse(event.data) as ReadingMessage;
      const { lastReadingAt, episodes } = this.#snapshot;
      const isLater = lastReadingAt === null || message.stored_at > lastReadingAt;
      this.#set({
        lastReadingAt: isLater ? message.stored_at : lastReadingAt,
        episodes: withReading(episodes, message.observation),
      });
      this.#tell({ kind: "reading", message });
    }
  }

  #change(episodes: EpisodeSummary[]): void {
    const { episodes: before, calls, urgentNews, otherNews } = this.#snapshot;
    if (episodes === before) return;
    const fresh = newCalls(before, episodes);
    const freshIds = new Set(fresh.map((episode) => episode.id));
    const current = new Map(episodes.map((episode) => [episode.id, episode]));
    const kept = calls
      .filter((call) => !freshIds.has(call.id))
      .flatMap((call) => current.get(call.id) ?? [])
      .filter(isUnaccepted);
    this.#set({
      episodes,
      calls: [...fresh, ...kept],
      urgentNews: withNews(urgentNews, fresh.filter(isUrgent), now()),
      otherNews: withNews(
        otherNews,
        fresh.filter((episode) => !isUrgent(episode)),
        now(),
      ),
    });
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  #tell(happening: Happening): void {
    for (const screen of this.#screens) screen(happening);
  }
}
