// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { EventParser, type ServerEvent } from "../src/api/sse";
import { EventStream, longestDelayMs, silenceMs } from "../src/live/event_stream";

const parse = (...pieces: string[]) => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.feed(piece));
};

// The examples of the HTML Living Standard, section 9.2.6 "Interpreting an event stream".
describe("the parser of server-sent events", () => {
  it("joins lines of data", () => {
    const [event] = parse("data: YHOO\ndata: +2\ndata: 10\n\n");
    expect(event).toEqual({ id: "", name: "message", data: "YHOO\n+2\n10" });
  });

  it("reads comments, ids and one leading space as the standard does", () => {
    const stream =
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    expect(parse(stream).map(({ id, data }) => [id, data])).toEqual([
      ["1", "first event"],
      ["", "second event"],
      ["", " third event"],
    ]);
  });

  it("gives empty data, and discards a block without an end", () => {
    expect(parse("data\n\ndata\ndata\n\ndata:").map(({ data }) => data)).toEqual(["", "\n"]);
  });

  it("finds the same events wherever the network cuts, with any line end", () => {
    for (const end of ["\n", "\r", "\r\n"]) {
      const lines = [
        "id: 7",
        "event: episode",
        "data: {}",
        "",
        "id: 8",
        "data: x",
        "",
        ": beat",
        "",
        "",
      ];
      const stream = lines.join(end);
      const whole = parse(stream);
      expect(whole).toHaveLength(2);
      expect(whole[0]).toEqual({ id: "7", name: "episode", data: "{}" });
      for (let cut = 0; cut <= stream.length; cut += 1) {
        expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(whole);
      }
      expect(parse(...stream)).toEqual(whole);
    }
  });
});

class Server {
  requests: { url: string; lastEventId: string }[] = [];
  answers: (() => Response | Promise<Response>)[] = [];
  loads = 0;
  #open: ReadableStreamDefaultController<Uint8Array> | null = null;

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = init.headers as Record<string, string>;
    this.requests.push({ url, lastEventId: headers["Last-Event-ID"] ?? "" });
    const answer = this.answers.shift();
    return answer ? answer() : this.stream();
  };

  stream(): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#open = controller;
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  send(text: string) {
    this.#open?.enqueue(new TextEncoder().encode(text));
  }

  cut() {
    this.#open?.error(new TypeError("network error"));
  }
}

describe("the event stream", () => {
  let server: Server;
  let stream: EventStream;
  let events: ServerEvent[];
  let open: boolean[];
  let isLost: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    events = [];
    open = [];
    isLost = false;
    stream = new EventStream(
      "/events",
      {
        load: async () => {
          server.loads += 1;
          return "40";
        },
        event: (event) => events.push(event),
        changed: () => open.push(stream.isOpen),
        sessionLost: () => {
          isLost = true;
        },
      },
      {
        fetch: server.fetch,
        now: () => Date.now(),
        setTimeout: (run, ms) => setTimeout(run, ms),
        clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
        random: () => 1,
      },
    );
  });

  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
  });

  const settle = () => vi.advanceTimersByTimeAsync(0);
  const start = async () => {
    void stream.run();
    await settle();
  };

  it("loads first and goes on from there", async () => {
    await start();
    expect(server.loads).toBe(1);
    expect(server.requests).toEqual([{ url: "/events?after=40", lastEventId: "40" }]);
    expect(open).toEqual([true]);
    server.send('id: 41\nevent: episode\ndata: {"a":1}\n\n');
    await settle();
    expect(events).toEqual([{ id: "41", name: "episode", data: '{"a":1}' }]);
  });

  it("resumes after the newest event when the connection breaks", async () => {
    await start();
    server.send("id: 41\ndata: x\n\n");
    await settle();
    server.cut();
    await settle();
    expect(stream.isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests[1]).toEqual({ url: "/events?after=41", lastEventId: "41" });
    expect(server.loads).toBe(1);
    expect(open).toEqual([true, false, true]);
  });

  it("waits longer from failure to failure, but never long", async () => {
    const moments: number[] = [];
    const failing = () => {
      moments.push(Date.now());
      throw new TypeError("refused");
    };
    server.answers = Array.from({ length: 9 }, () => failing);
    await start();
    await vi.advanceTimersByTimeAsync(60_000);
    const pauses = moments.slice(1).map((moment, i) => moment - (moments[i] ?? 0));
    expect(pauses).toEqual([
      500,
      1000,
      2000,
      4000,
      8000,
      longestDelayMs,
      longestDelayMs,
      longestDelayMs,
    ]);
  });

  it("takes a connection for dead that has lost its heartbeat", async () => {
    await start();
    await vi.advanceTimersByTimeAsync(4_000);
    server.send(": beat\n\n");
    await vi.advanceTimersByTimeAsync(silenceMs - 1);
    expect(stream.isOpen).toBe(true);
    expect(stream.heardAt).toBe(Date.now() - silenceMs + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(open.slice(0, 2)).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.requests).toHaveLength(2);
  });

  it("loads anew where the server cannot resume", async () => {
    await start();
    server.send("event: reload\ndata: {}\n\n");
    await vi.advanceTimersByTimeAsync(500);
    expect(server.loads).toBe(2);
    expect(server.requests[1]?.url).toBe("/events?after=40");
    expect(events).toEqual([]);
  });

  it("tells that the session is over and asks no more", async () => {
    server.answers = [() => new Response("{}", { status: 401 })];
    await start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isLost).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it("does not take a proxy's page for a stream", async () => {
    server.answers = [() => new Response("<html>", { headers: { "content-type": "text/html" } })];
    await start();
    expect(open).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests).toHaveLength(2);
  });

  it("goes past an event it cannot understand", async () => {
    const bad = vi.spyOn(events, "push").mockImplementationOnce(() => {
      throw new SyntaxError("not JSON");
    });
    await start();
    server.send("id: 41\ndata: ?\n\n");
    await vi.advanceTimersByTimeAsync(500);
    expect(bad).toHaveBeenCalledOnce();
    expect(server.requests[1]?.lastEventId).toBe("41");
  });

  it("tries at once when the computer wakes", async () => {
    server.answers = Array.from({ length: 6 }, () => () => {
      throw new TypeError("asleep");
    });
    await start();
    await vi.advanceTimersByTimeAsync(8_000);
    const asked = server.requests.length;
    stream.hurry();
    await settle();
    expect(server.requests).toHaveLength(asked + 1);
  });

  it("asks nothing more once stopped", async () => {
    await start();
    stream.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toHaveLength(1);
    expect(stream.isOpen).toBe(false);
  });
});
