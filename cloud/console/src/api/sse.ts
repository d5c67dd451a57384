// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Server-sent events out of text that arrives in pieces (HTML Living Standard, section 9.2.6).

export interface ServerEvent {
  /** Of the latest `id:` so far; empty before the first. */
  id: string;
  name: string;
  data: string;
}

export class EventParser {
  #rest = "";
  #id = "";
  #name = "";
  #data: string[] = [];
  #endedWithReturn = false;

  /** Events that `piece` completes. */
  feed(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    // A CR that ended the piece before this one was a whole line end; its LF may follow here.
    let incoming = piece;
    if (this.#endedWithReturn && incoming.startsWith("\n")) incoming = incoming.slice(1);
    if (piece !== "") this.#endedWithReturn = piece.endsWith("\r");
    const lines = (this.#rest + incoming).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = this.#take(line);
      if (event) events.push(event);
    }
    return events;
  }

  #take(line: string): ServerEvent | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }

  #dispatch(): ServerEvent | null {
    const name = this.#name || "message";
    const data = this.#data;
    this.#name = "";
    this.#data = [];
    return data.length === 0 ? null : { id: this.#id, name, data: data.join("\n") };
  }
}
