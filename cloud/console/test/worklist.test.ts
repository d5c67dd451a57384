// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import {
  merge,
  newCalls,
  noNews,
  ordered,
  withNews,
  withPoint,
  withReading,
} from "../src/live/worklist";
import { episode, observation } from "./samples";

const ids = (list: { id: string }[]) => list.map(({ id }) => id).join(" ");

describe("the order of the worklist", () => {
  it("is priority, then what nobody has accepted, then age", () => {
    const list = ordered([
      episode({ id: "p3", priority: "P3", raised_at: "2026-11-01T00:00:00Z" }),
      episode({ id: "p1-mine", state: "acknowledged", raised_at: "2026-11-02T00:00:00Z" }),
      episode({ id: "p1-new", raised_at: "2026-11-24T10:00:00Z" }),
      episode({ id: "p1-old", state: "notified", raised_at: "2026-11-24T09:00:00Z" }),
      episode({ id: "p2", priority: "P2" }),
    ]);
    expect(ids(list)).toBe("p1-old p1-new p1-mine p2 p3");
  });

  it("is the same whatever came first", () => {
    const [a, b] = [episode({ id: "a" }), episode({ id: "b" })];
    expect(ids(ordered([a, b]))).toBe(ids(ordered([b, a])));
  });

  it("leaves closed ones out", () => {
    expect(ordered([episode({ state: "closed" })])).toEqual([]);
  });
});

describe("a message merged into the worklist", () => {
  const known = episode({ version: 3, state: "acknowledged" });

  it("adds what is new in its place", () => {
    const list = merge([episode({ id: "p2", priority: "P2" })], episode({ id: "p1" }));
    expect(ids(list)).toBe("p1 p2");
  });

  it("replaces an older version", () => {
    expect(merge([known], episode({ version: 4, state: "raised" }))[0]?.state).toBe("raised");
  });

  it("never goes back to an older version", () => {
    const list = [known];
    expect(merge(list, episode({ version: 2, state: "raised" }))).toBe(list);
  });

  it("takes what changed without a new version: that it was seen", () => {
    const list = merge([episode({ state: "raised" })], episode({ state: "notified" }));
    expect(list[0]?.state).toBe("notified");
  });

  it("removes what was closed and what left the teams, once", () => {
    expect(merge([known], episode({ version: 4, state: "closed" }))).toEqual([]);
    expect(merge([known], { id: known.id, gone: true })).toEqual([]);
    const list = [known];
    expect(merge(list, { id: "another", gone: true })).toBe(list);
    expect(merge(list, episode({ id: "another", state: "closed" }))).toBe(list);
  });
});

describe("a reading", () => {
  const later = observation({ reading: "later", at: "2026-11-24T11:00:00Z", value: "99" });

  it("becomes the latest value of its patient's alerts on that signal", () => {
    expect(withReading([episode()], later)[0]?.latest).toBe(later);
  });

  it("changes no other patient's and no other signal's alert", () => {
    const list = [episode()];
    expect(withReading(list, { ...later, person: "p-other" })).toBe(list);
    expect(withReading(list, { ...later, code: "weight" })).toBe(list);
  });

  it("that is older than the latest changes nothing", () => {
    const list = [episode()];
    expect(withReading(list, { ...later, at: "2026-11-24T09:00:00Z" })).toBe(list);
  });

  it("replaces its own earlier revision, also where its time moved back", () => {
    const corrected = observation({ revision: 2, at: "2026-11-24T09:00:00Z" });
    expect(withReading([episode()], corrected)[0]?.latest).toBe(corrected);
  });

  it("enters the trend in the trend's unit, in its place, once", () => {
    const first = withPoint([], "mmol/L", later);
    const both = withPoint(first, "mmol/L", observation());
    expect(both.map(({ value }) => value)).toEqual(["2.9", "2.9"]);
    expect(both.map(({ reading }) => reading)).toEqual([observation().reading, "later"]);
    expect(withPoint(both, "mmol/L", observation({ revision: 2 }))).toHaveLength(2);
  });

  it("without a number enters the trend as what the meter said", () => {
    const { shown: _, ...bare } = observation({ value: "LO" });
    expect(withPoint([], "mmol/L", bare)[0]?.value).toBe("LO");
  });

  it("in a unit the trend does not speak is not drawn wrong", () => {
    const { shown: _, ...bare } = observation();
    expect(withPoint([], "mmol/L", bare)).toEqual([]);
  });
});

describe("what calls anew", () => {
  const quiet = episode({ state: "acknowledged", version: 3 });

  it.each([
    ["an alert that was not there", [], episode()],
    ["one that fires again after somebody accepted it", [quiet], episode({ version: 4 })],
    ["one that became more urgent", [episode({ priority: "P2" })], episode({ version: 2 })],
    ["one that escalated to this team", [episode()], episode({ version: 3, escalated: true })],
  ])("is %s", (_, before, after) => {
    expect(newCalls(before, [after])).toEqual([after]);
  });

  it.each([
    ["being seen", [episode()], episode({ state: "notified" })],
    ["being accepted", [episode()], episode({ state: "acknowledged", version: 3 })],
    ["clearing", [episode()], episode({ cleared: true, version: 3 })],
    ["a new latest value", [episode()], episode({ latest: null })],
    ["what was accepted before it came here", [], quiet],
  ])("is not %s", (_, before, after) => {
    expect(newCalls(before, [after])).toEqual([]);
  });
});

describe("news", () => {
  const [a, b] = [episode({ id: "a" }), episode({ id: "b" })];

  it("of one burst cover none of each other", () => {
    const both = withNews(withNews(noNews, [a], 1_000), [b], 1_100);
    expect(ids(both.episodes)).toBe("b a");
    expect(both.count).toBe(2);
  });

  it("are only the newest after a while", () => {
    expect(ids(withNews(withNews(noNews, [a], 1_000), [b], 60_000).episodes)).toBe("b");
  });

  it("say an alert that calls twice once", () => {
    expect(ids(withNews(withNews(noNews, [a], 1_000), [a], 1_100).episodes)).toBe("a");
    expect(withNews(noNews, [], 1_000)).toBe(noNews);
  });
});
