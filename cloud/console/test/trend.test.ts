// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import type { TrendPoint } from "../src/api/types";
import { firstRange, spanEnd, summaryOf } from "../src/parts/trend_chart";
import { gapOf, geometryOf, niceStep } from "../src/parts/trend_geometry";
import { textsIn } from "../src/texts";

const hour = 3_600_000;
const day = 24 * hour;
const until = Date.parse("2026-11-24T11:00:00Z");
const from = until - 7 * day;

let serial = 0;
const point = (hoursAgo: number, value: string, flags: string[] = []): TrendPoint => ({
  reading: `r${(serial += 1)}`,
  at: new Date(until - hoursAgo * hour).toISOString(),
  value,
  flags,
});
const draw = (points: TrendPoint[]) => geometryOf(points, from, until, 640, 260);

describe("the trend's drawing", () => {
  it("joins points and breaks the line where there is a gap", () => {
    const points = [100, 95, 90, 40, 36, 32].map((h) => point(h, "5"));
    expect(draw(points).lines).toHaveLength(2);
    expect(draw(points.slice(0, 3)).lines).toHaveLength(1);
  });

  it("takes three times the usual pause for a gap, and at least half a day", () => {
    expect(gapOf([0, day, 2 * day, 9 * day])).toBe(3 * day);
    expect(gapOf([0, hour, 2 * hour])).toBe(12 * hour);
    expect(gapOf([0])).toBeNull();
  });

  it("puts higher values higher and later ones further right, inside the axes", () => {
    const [low, high] = draw([point(50, "3.1"), point(10, "12.4")]).plotted;
    expect(high!.x).toBeGreaterThan(low!.x);
    expect(high!.y).toBeLessThan(low!.y);
    for (const { x, y } of [low!, high!]) {
      expect(x).toBeGreaterThanOrEqual(46);
      expect(x).toBeLessThanOrEqual(626);
      expect(y).toBeGreaterThanOrEqual(30);
      expect(y).toBeLessThanOrEqual(234);
    }
  });

  it("draws HI and LO at the edges and lets them set no scale", () => {
    const drawn = draw([point(50, "5.0"), point(40, "HI"), point(30, "LO"), point(20, "6.0")]);
    const [, high, low] = drawn.plotted;
    expect(high!.y).toBe(30);
    expect(low!.y).toBe(234);
    expect(drawn.lines).toHaveLength(0); // one number on each side of what is none
    expect(drawn.yTicks.at(-1)!.at).toBeLessThan(10);
  });

  it("counts failed measurements instead of drawing them", () => {
    const drawn = draw([point(5, "NaN"), point(4, "5")]);
    expect(drawn.plotted).toHaveLength(1);
    expect(drawn.failed).toBe(1);
  });

  it("keeps what does not count out of the line", () => {
    const drawn = draw([point(9, "5"), point(8, "20", ["control-solution"]), point(7, "5")]);
    expect(drawn.plotted.map((p) => p.isCounted)).toEqual([true, false, true]);
    expect(drawn.lines[0]!.split(" ")).toHaveLength(2);
  });

  it("leaves out what is outside the span", () => {
    expect(draw([point(24 * 8, "5"), point(-1, "5")]).plotted).toEqual([]);
  });

  it("stands a single value and equal values within a scale of their own", () => {
    for (const points of [[point(5, "81.4")], [point(5, "81.4"), point(4, "81.4")]]) {
      const drawn = draw(points);
      expect(drawn.yTicks.length).toBeGreaterThanOrEqual(2);
      expect(drawn.plotted[0]!.y).toBeGreaterThan(30);
      expect(drawn.plotted[0]!.y).toBeLessThan(234);
    }
  });

  it("has round ticks", () => {
    expect(niceStep(9, 4)).toBe(5);
    expect(niceStep(0.9, 4)).toBeCloseTo(0.5);
    expect(niceStep(4, 4)).toBe(1);
  });

  it("sets day ticks at Swedish midnights, also over a change of the clocks", () => {
    const end = Date.parse("2026-10-27T12:00:00Z");
    const { xTicks } = geometryOf([], end - 4 * day, end, 640, 260);
    expect(xTicks.map(({ at }) => new Date(at).toISOString())).toEqual([
      "2026-10-23T22:00:00.000Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
      "2026-10-26T23:00:00.000Z",
    ]);
  });
});

describe("the trend in one sentence", () => {
  it("gives number, span, lowest, highest and latest of what counts", () => {
    const points = [
      point(60, "12.4"),
      point(50, "30", ["control-solution"]),
      point(40, "LO"),
      point(20, "5.1"),
    ];
    const trend = { code: "glucose", unit: "mmol/L", points };
    expect(summaryOf(textsIn("en"), trend, from, until)).toBe(
      "Glucose: 3 readings from Sun 22 Nov 00:00 to yesterday 16:00. " +
        "Lowest LO (below the meter's range), highest 12.4 mmol/L, latest 5.1 mmol/L.",
    );
  });

  it("says that there is nothing", () => {
    const trend = { code: "weight", unit: "kg", points: [] };
    expect(summaryOf(textsIn("sv"), trend, from, until)).toBe(
      "Vikt: inga mätvärden i tidsspannet.",
    );
  });
});

describe("the span's end", () => {
  const endWith = (...points: TrendPoint[]) =>
    spanEnd({ code: "glucose", unit: "mmol/L", points }, until) - until;

  it("takes in a reading newer than the page's last look at the clock", () => {
    expect(endWith(point(1, "5"), point(-5 / 3600, "5"))).toBe(5_000);
    expect(endWith(point(1, "5"))).toBe(0);
    expect(endWith()).toBe(0);
  });

  it("is not stretched by a reading from the future", () => {
    expect(endWith(point(-48, "5"))).toBe(60_000);
  });
});

describe("the first span", () => {
  const points = [point(24 * 9, "2.8"), point(30, "5"), point(20, "5"), point(10, "5")];
  const glucose = { code: "glucose", unit: "mmol/L", points };
  const [old, recent] = [new Set([points[0]!.reading]), new Set([points[3]!.reading])];

  it("is a week for glucose with something in it, else a month", () => {
    expect(firstRange(glucose, recent, until)).toBe("7d");
    expect(firstRange({ ...glucose, points: [] }, new Set(), until)).toBe("30d");
    expect(firstRange({ ...glucose, code: "weight" }, recent, until)).toBe("30d");
  });

  it("shows what the alert rests on, also where that came late", () => {
    expect(firstRange(glucose, old, until)).toBe("30d");
  });
});
