// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The connection to the backend's event stream, kept for as long as the console is open. The
// browser's own EventSource hides heartbeat comments and status codes: with it a dead connection
// looks like a quiet one, and an ended session like a broken network.

import { EventParser, type ServerEvent } from "../api/sse";

/** The server sends a comment every 4 s; a connection silent for longer than two is dead. */
export const silenceMs = 10_000;
export const firstDelayMs = 500;
export const longestDelayMs = 10_000;

export interface StreamPorts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  setTimeout: (run: () => void, ms: number) => unknown;
  clearTimeout: (timer: unknown) => void;
  /** 0 to 1: spreads the consoles of a site that all lost the server at once. */
  random: () => number;
}

export interface StreamListener {
  /** Loads what the stream goes on from, and gives the id of the newest event in it. Called
   *  before the first connection and whenever the server cannot resume. */
  load: () => Promise<string>;
  event: (event: ServerEvent) => void;
  /** Connected or not has changed. */
  changed: () => void;
  sessionLost: () => void;
}

class SessionLost extends Error {}
class ReloadAsked extends Error {}

export class EventStream {
  isOpen = false;
  /** When anything at all last came from the server; null: never. */
  heardAt: number | null = null;
  #after: string | null = null;
  #failures = 0;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;
  #isStopped = false;

  readonly #url: string;
  readonly #listener: StreamListener;
  readonly #ports: StreamPorts;

  constructor(url: string, listener: StreamListener, ports: StreamPorts) {
    this.#url = url;
    this.#listener = listener;
    this.#ports = ports;
  }

  /** Ends only after stop() or when the session is lost. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        this.#after ??= await this.#load();
        if (this.#isStopped) break;
        await this.#listen(this.#after);
      } catch (fault) {
        if (fault instanceof SessionLost) {
          this.#setOpen(false);
          this.#listener.sessionLost();
          return;
        }
        if (fault instanceof ReloadAsked) this.#after = null;
      }
      this.#setOpen(false);
      if (!this.#isStopped) await this.#pause();
    }
    this.#setOpen(false);
  }

  stop(): void {
    this.#isStopped = true;
    this.#abort?.abort();
    this.#wake?.();
  }

  /** Tries again at once: the network came back, or the computer woke. */
  hurry(): void {
    this.#failures = 0;
    if (this.#isSilent()) this.#abort?.abort();
    this.#wake?.();
  }

  async #load(): Promise<string> {
    const cursor = await this.#listener.load();
    this.heardAt = this.#ports.now();
    return cursor;
  }

  async #listen(after: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    let watchdog = this.#ports.setTimeout(() => abort.abort(), silenceMs);
    try {
      const response = await this.#ports.fetch(`${this.#url}?after=${encodeURIComponent(after)}`, {
        headers: { Accept: "text/event-stream", "Last-Event-ID": after },
        credentials: "same-origin",
        cache: "no-store",
        signal: abort.signal,
      });
      if (response.status === 401) throw new SessionLost();
      const type = response.headers.get("content-type") ?? "";
      if (!response.ok || !response.body || !type.startsWith("text/event-stream")) return;
      this.heardAt = this.#ports.now();
      this.#failures = 0;
      this.#setOpen(true);
      const parser = new EventParser();
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      abort.signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
      for (;;) {
        const { done, value } = await reader.read();
        if (done || abort.signal.aborted) return;
        this.heardAt = this.#ports.now();
        this.#ports.clearTimeout(watchdog);
        watchdog = this.#ports.setTimeout(() => abort.abort(), silenceMs);
        for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
          if (event.name === "reload") throw new ReloadAsked();
          if (event.id !== "") this.#after = event.id;
          this.#listener.event(event);
        }
      }
    } finally {
      this.#ports.clearTimeout(watchdog);
      abort.abort();
      this.#abort = null;
    }
  }

  #isSilent(): boolean {
    return this.heardAt === null || this.#ports.now() - this.heardAt > silenceMs;
  }

  #pause(): Promise<void> {
    const longest = Math.min(firstDelayMs * 2 ** this.#failures, longestDelayMs);
    this.#failures += 1;
    const delay = longest * (0.5 + this.#ports.random() / 2);
    return new Promise((resolve) => {
      const timer = this.#ports.setTimeout(resolve, delay);
      this.#wake = () => {
        this.#ports.clearTimeout(timer);
        resolve();
      };
    });
  }

  #setOpen(isOpen: boolean): void {
    if (this.isOpen === isOpen) return;
    this.isOpen = isOpen;
    this.#listener.changed();
  }
}
