// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where a trend's points, lines and ticks stand. Numbers are rounded here, for drawing only; what
// is written beside them stays exact text.

import { localOf, startOfLocalDay } from "../format/time";
import type { TrendPoint } from "../api/types";

const hour = 3_600_000;
const day = 24 * hour;

/** Flags of readings that count nowhere: drawn hollow, left out of line and summary. */
export const uncounted: ReadonlySet<string> = new Set([
  "control-solution",
  "bad-blow",
  "person-other",
  "person-unconfirmed",
]);

export const ranges = { "24h": day, "7d": 7 * day, "30d": 30 * day } as const;
export type Range = keyof typeof ranges;

export interface Plotted {
  point: TrendPoint;
  at: number;
  /** null: the meter said HI or LO. */
  value: number | null;
  isCounted: boolean;
}

export interface Tick {
  position: number;
  /** Moment or value. */
  at: number;
}

export interface Geometry {
  plotted: (Plotted & { x: number; y: number })[];
  /** Runs of counted points without a gap between them, as "x,y x,y". */
  lines: string[];
  /** A longer pause between two points breaks the line; null: fewer than two points. */
  gapMs: number | null;
  failed: number;
  xTicks: Tick[];
  yTicks: Tick[];
  /** Digits after the point that the y ticks need. */
  yDecimals: number;
}

export const margin = { left: 46, right: 14, top: 30, bottom: 26 };

export function isCounted(point: TrendPoint): boolean {
  return !point.flags.some((flag) => uncounted.has(flag));
}

/** The points in the span that carry a number or say which way they are out of range. */
export function inSpan(points: TrendPoint[], from: number, until: number): Plotted[] {
  return points.flatMap((point) => {
    const at = Date.parse(point.at);
    if (at < from || at > until || point.value === "NaN") return [];
    const isOutside = point.value === "HI" || point.value === "LO";
    return [
      { point, at, value: isOutside ? null : Number(point.value), isCounted: isCounted(point) },
    ];
  });
}

/** Three times the usual pause in whole hours, at least half a day; null for fewer than two. */
export function gapOf(moments: number[]): number | null {
  if (moments.length < 2) return null;
  const pauses = moments
    .slice(1)
    .map((at, i) => at - (moments[i] ?? at))
    .sort((a, b) => a - b);
  const median = pauses[Math.floor(pauses.length / 2)] ?? 0;
  return Math.max(Math.ceil((3 * median) / hour), 12) * hour;
}

/** Steps of 1, 2 or 5 times a power of ten: about `wanted` of them over the range. */
export function niceStep(range: number, wanted: number): number {
  const rough = range / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough) ?? 10;
  return factor * power;
}

function valueScale(values: number[]): { low: number; high: number; step: number } {
  if (values.length === 0) return { low: 0, high: 1, step: 1 };
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const size = Math.max(Math.abs(highest), 1);
  const range = Math.max(highest - lowest, size * 0.02);
  const middle = (highest + lowest) / 2;
  const step = niceStep(range, 4);
  const low = Math.floor((middle - range * 0.55) / step) * step;
  const high = Math.ceil((middle + range * 0.55) / step) * step;
  return { low, high, step };
}

function timeTicks(from: number, until: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 64));
  if (until - from <= 2 * day) {
    const step = [2, 3, 4, 6, 12, 24].find((h) => (until - from) / (h * hour) <= most) ?? 24;
    const ticks: number[] = [];
    const firstHour = Math.ceil(from / hour) * hour;
    for (let at = firstHour; at <= until; at += hour) {
      if (localOf(at).hour % step === 0) ticks.push(at);
    }
    return ticks;
  }
  const days = (until - from) / day;
  const step = [1, 2, 5, 7, 10, 15].find((d) => days / d <= most) ?? 30;
  const ticks: number[] = [];
  for (let number = localOf(until).dayNumber; ; number -= step) {
    const at = startOfLocalDay(number);
    if (at < from) return ticks.reverse();
    ticks.push(at);
  }
}

function linesOf(points: Geometry["plotted"], gapMs: number | null): string[] {
  const lines: string[] = [];
  let run: string[] = [];
  let last: number | null = null;
  for (const { at, x, y, value, isCounted: counts } of points) {
    if (!counts) continue;
    const isBroken = last !== null && gapMs !== null && at - last > gapMs;
    if ((isBroken || value === null) && run.length > 0) {
      lines.push(run.join(" "));
      run = [];
    }
    if (value !== null) run.push(`${x.toFixed(1)},${y.toFixed(1)}`);
    last = at;
  }
  if (run.length > 0) lines.push(run.join(" "));
  return lines.filter((line) => line.includes(" "));
}

export function geometryOf(
  points: TrendPoint[],
  from: number,
  until: number,
  width: number,
  height: number,
): Geometry {
  const visible = inSpan(points, from, until);
  const values = visible.flatMap(({ value }) => value ?? []);
  const { low, high, step } = valueScale(values);
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const x = (at: number) => margin.left + ((at - from) / (until - from)) * (right - margin.left);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - margin.top);
  const edge = (point: TrendPoint) => (point.value === "HI" ? margin.top : bottom);
  const plotted = visible.map((p) => ({
    ...p,
    x: x(p.at),
    y: p.value === null ? edge(p.point) : y(p.value),
  }));
  const gapMs = gapOf(visible.filter((p) => p.isCounted).map((p) => p.at));
  const failed = points.filter(
    (p) => p.value === "NaN" && Date.parse(p.at) >= from && Date.parse(p.at) <= until,
  ).length;
  const yTicks: Tick[] = [];
  if (values.length > 0) {
    for (let i = 0; low + i * step <= high + step / 2; i += 1) {
      yTicks.push({ position: y(low + i * step), at: low + i * step });
    }
  }
  return {
    plotted,
    lines: linesOf(plotted, gapMs),
    gapMs,
    failed,
    xTicks: timeTicks(from, until, right - margin.left).map((at) => ({ position: x(at), at })),
    yTicks,
    yDecimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}
