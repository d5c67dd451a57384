// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { Latest } from "../src/live/latest";

/** An answer that the test gives when it likes. */
function question() {
  let resolve: (value: string) => void = () => {};
  let reject: (problem: Error) => void = () => {};
  const answer = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { read: () => answer, resolve, reject };
}

describe("the latest answer", () => {
  it("is not replaced by one that was asked for earlier", async () => {
    const latest = new Latest();
    const told: string[] = [];
    const [open, cleared] = [question(), question()];
    const first = latest.ask(open.read, (answer) => told.push(answer()));
    const second = latest.ask(cleared.read, (answer) => told.push(answer()));
    cleared.resolve("cleared");
    await second;
    open.resolve("open");
    await first;
    expect(told).toEqual(["cleared"]);
  });

  it("is told as the problem that it is", async () => {
    const latest = new Latest();
    const { read, reject } = question();
    const asked = latest.ask(read, (answer) => expect(answer).toThrow("away"));
    reject(new Error("away"));
    await asked;
    expect.assertions(1);
  });

  it("does not count once something newer is known", async () => {
    const latest = new Latest();
    const { read, resolve } = question();
    const told: string[] = [];
    const asked = latest.ask(read, (answer) => told.push(answer()));
    latest.supersede();
    resolve("old");
    await asked;
    expect(told).toEqual([]);
  });
});
