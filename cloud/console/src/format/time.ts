// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Moments as an operator reads them: always Europe/Stockholm, whatever the computer is set to.

import { type Language, type TextKey, fill, text } from "../texts";

const zone = "Europe/Stockholm";
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const numeric = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export interface Local {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Days since 1970-01-01 of the local date. */
  dayNumber: number;
  /** 60 in winter, 120 in summer. */
  offsetMinutes: number;
}

export function localOf(moment: number): Local {
  const part: Record<string, number> = {};
  for (const { type, value } of numeric.formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour: h = 0, minute: m = 0, second: s = 0 } = part;
  const asUtc = Date.UTC(year, month - 1, date, h, m, s);
  return {
    year,
    month,
    day: date,
    hour: h,
    minute: m,
    second: s,
    dayNumber: Math.floor(asUtc / day),
    offsetMinutes: Math.round((asUtc - moment) / minute),
  };
}

/** The moment at which a local date begins. */
export function startOfLocalDay(dayNumber: number): number {
  const midnight = dayNumber * day;
  for (const offset of [60, 120]) {
    const candidate = midnight - offset * minute;
    const local = localOf(candidate);
    if (local.dayNumber === dayNumber && local.hour === 0 && local.minute === 0) return candidate;
  }
  return midnight;
}

const two = (value: number) => String(value).padStart(2, "0");
const weekday = (dayNumber: number) => (dayNumber + 4) % 7; // 1970-01-01 was a Thursday

function named(language: Language, kind: "weekday" | "month", index: number): string {
  return text(language, `${kind}.${index}` as TextKey);
}

export function clockTime(moment: number): string {
  const local = localOf(moment);
  return `${two(local.hour)}:${two(local.minute)}`;
}

export function clockTimeWithSeconds(moment: number): string {
  return `${clockTime(moment)}:${two(localOf(moment).second)}`;
}

/** "24 nov", with the year where it is not the present one. */
export function shortDate(language: Language, moment: number, now: number): string {
  const local = localOf(moment);
  const date = `${local.day} ${named(language, "month", local.month)}`;
  return local.year === localOf(now).year ? date : `${date} ${local.year}`;
}

/** "14:32" today, "igår 14:32", "tis 24 nov 14:32". */
export function when(language: Language, moment: number, now: number): string {
  const at = localOf(moment);
  const days = at.dayNumber - localOf(now).dayNumber;
  const time = clockTime(moment);
  if (days === 0) return time;
  if (days === -1) return `${text(language, "time.yesterday")} ${time}`;
  if (days === 1) return `${text(language, "time.tomorrow")} ${time}`;
  return `${named(language, "weekday", weekday(at.dayNumber))} ${shortDate(language, moment, now)} ${time}`;
}

/** "2026-11-24 14:32:05 CET": nothing left to guess. */
export function fullTime(moment: number): string {
  const local = localOf(moment);
  const date = `${local.year}-${two(local.month)}-${two(local.day)}`;
  const name = local.offsetMinutes === 120 ? "CEST" : "CET";
  return `${date} ${clockTimeWithSeconds(moment)} ${name}`;
}

/** "3 h 5 min"; the two largest units that are not nothing. */
export function duration(language: Language, milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const say = (key: TextKey, n: number) => fill(text(language, key), { n });
  if (length < minute) return say("time.seconds", Math.floor(length / second));
  const pairs: [TextKey, number, TextKey, number, number][] = [
    ["time.minutes", minute, "time.seconds", second, hour],
    ["time.hours", hour, "time.minutes", minute, 2 * day],
    ["time.days", day, "time.hours", hour, Infinity],
  ];
  for (const [key, unit, restKey, restUnit, below] of pairs) {
    if (length >= below) continue;
    const rest = Math.floor((length % unit) / restUnit);
    const whole = say(key, Math.floor(length / unit));
    return rest === 0 ? whole : `${whole} ${say(restKey, rest)}`;
  }
  return "";
}

/** "för 2 min sedan": only the largest unit, so that a list does not flicker every second. */
export function ago(language: Language, moment: number, now: number): string {
  const length = now - moment;
  if (length < -minute)
    return fill(text(language, "time.in"), { duration: duration(language, -length) });
  if (length < minute) return text(language, "time.justNow");
  const units: [TextKey, number, number][] = [
    ["time.minutes", minute, hour],
    ["time.hours", hour, 2 * day],
    ["time.days", day, Infinity],
  ];
  for (const [key, unit, below] of units) {
    if (length >= below) continue;
    const largest = fill(text(language, key), { n: Math.floor(length / unit) });
    return fill(text(language, "time.ago"), { duration: largest });
  }
  return "";
}

export interface Countdown {
  isOverdue: boolean;
  /** "om 6 min 12 s" or "3 min försenad". */
  text: string;
}

export function countdown(language: Language, due: number, now: number): Countdown {
  const left = due - now;
  const isOverdue = left < 0;
  const key = isOverdue ? "time.overdue" : "time.in";
  return {
    isOverdue,
    text: fill(text(language, key), { duration: duration(language, Math.abs(left)) }),
  };
}

/** "± 1,3 s": how sure a time is. */
export function uncertainty(language: Language, milliseconds: number): string {
  if (milliseconds < minute) {
    const tenths = (milliseconds / second).toFixed(1);
    return `± ${language === "sv" ? tenths.replace(".", ",") : tenths} s`;
  }
  return `± ${duration(language, milliseconds)}`;
}
