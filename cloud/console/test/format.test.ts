// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { afterEach, describe, expect, it } from "vitest";

import { noteServerDate, now } from "../src/format/clock";
import {
  ago,
  clockTime,
  countdown,
  duration,
  fullTime,
  localOf,
  startOfLocalDay,
  uncertainty,
  when,
} from "../src/format/time";
import { decimal, flagName, quantity, quantityWithDevice, unitName } from "../src/format/value";
import { observation } from "./samples";

const at = (text: string) => Date.parse(text);

// Directive 2000/84/EC: summer time begins and ends at 01:00 UTC on the last Sunday of March and
// of October, in 2026 the 29th and the 25th.
describe("Swedish time", () => {
  it("is an hour ahead of UTC in winter and two in summer", () => {
    expect(fullTime(at("2026-11-24T10:03:06Z"))).toBe("2026-11-24 11:03:06 CET");
    expect(fullTime(at("2026-06-24T10:03:06Z"))).toBe("2026-06-24 12:03:06 CEST");
  });

  it("tells the doubled hour of October apart", () => {
    expect(fullTime(at("2026-10-25T00:30:00Z"))).toBe("2026-10-25 02:30:00 CEST");
    expect(fullTime(at("2026-10-25T01:30:00Z"))).toBe("2026-10-25 02:30:00 CET");
  });

  it("skips the hour that March does not have", () => {
    expect(clockTime(at("2026-03-29T00:59:00Z"))).toBe("01:59");
    expect(clockTime(at("2026-03-29T01:00:00Z"))).toBe("03:00");
  });

  it("begins days of 23 and 25 hours at midnight", () => {
    const length = (text: string) => {
      const day = localOf(at(text)).dayNumber;
      return (startOfLocalDay(day + 1) - startOfLocalDay(day)) / 3_600_000;
    };
    expect(length("2026-03-29T12:00:00Z")).toBe(23);
    expect(length("2026-10-25T12:00:00Z")).toBe(25);
    expect(length("2026-11-24T12:00:00Z")).toBe(24);
  });
});

describe("a moment in words", () => {
  const present = at("2026-11-24T13:00:00Z"); // Tuesday 14:00

  it("names the day only where it is another", () => {
    expect(when("sv", at("2026-11-24T12:30:00Z"), present)).toBe("13:30");
    expect(when("sv", at("2026-11-23T12:30:00Z"), present)).toBe("igår 13:30");
    expect(when("sv", at("2026-11-25T07:00:00Z"), present)).toBe("imorgon 08:00");
    expect(when("sv", at("2026-11-20T07:00:00Z"), present)).toBe("fre 20 nov 08:00");
    expect(when("en", at("2025-11-20T07:00:00Z"), present)).toBe("Thu 20 Nov 2025 08:00");
  });

  it("counts days by the calendar, not by 24 hours", () => {
    const justAfterMidnight = at("2026-11-23T23:05:00Z");
    expect(when("sv", at("2026-11-23T22:55:00Z"), justAfterMidnight)).toBe("igår 23:55");
  });

  it("says how long ago, in one unit", () => {
    const before = (ms: number) => ago("sv", present - ms, present);
    expect(before(20_000)).toBe("nyss");
    expect(before(119_000)).toBe("för 1 min sedan");
    expect(before(3 * 3_600_000 + 59 * 60_000)).toBe("för 3 h sedan");
    expect(before(50 * 3_600_000)).toBe("för 2 dygn sedan");
  });

  it("does not call a time that is still to come past", () => {
    expect(ago("en", present + 5 * 60_000, present)).toBe("in 5 min");
  });
});

describe("a count-down", () => {
  const present = at("2026-11-24T13:00:00Z");

  it("runs to its moment", () => {
    expect(countdown("sv", present + 372_000, present)).toEqual({
      isOverdue: false,
      text: "om 6 min 12 s",
    });
    expect(countdown("en", present + 59_400, present)).toEqual({
      isOverdue: false,
      text: "in 59 s",
    });
    expect(countdown("sv", present, present)).toEqual({ isOverdue: false, text: "om 0 s" });
  });

  it("says what is overdue, and for how long", () => {
    expect(countdown("sv", present - 185_000, present)).toEqual({
      isOverdue: true,
      text: "3 min 5 s försenat",
    });
    expect(countdown("en", present - 1, present)).toEqual({ isOverdue: true, text: "0 s overdue" });
  });

  it("uses two units at most", () => {
    expect(duration("sv", 26 * 3_600_000 + 59_000)).toBe("26 h");
    expect(duration("sv", 75 * 3_600_000)).toBe("3 dygn 3 h");
  });
});

describe("the server's clock", () => {
  afterEach(() => noteServerDate(new Date().toUTCString()));

  it("stands before the computer's own", () => {
    noteServerDate("Tue, 24 Nov 2026 13:10:00 GMT", at("2026-11-24T13:00:00Z"));
    expect(Math.abs(now() - (Date.now() + 600_000))).toBeLessThan(1_000);
  });

  it("changes nothing where it differs by what a header cannot tell, or is not sent", () => {
    noteServerDate("Tue, 24 Nov 2026 13:00:02 GMT", at("2026-11-24T13:00:00Z"));
    expect(Math.abs(now() - Date.now())).toBeLessThan(1_000);
    noteServerDate(null);
    expect(Math.abs(now() - Date.now())).toBeLessThan(1_000);
  });
});

describe("a value", () => {
  it("keeps every digit and takes the language's mark", () => {
    expect(decimal("sv", "81.40")).toBe("81,40");
    expect(decimal("en", "81.40")).toBe("81.40");
    expect(decimal("sv", "-0.5")).toBe("−0,5");
  });

  it("comes with its unit as people write it", () => {
    expect(quantity("sv", { value: "2.9", unit: "mmol/L" })).toBe("2,9 mmol/L");
    expect(quantity("sv", { value: "80", unit: "1" })).toBe("80");
    expect(unitName("[lb_av]")).toBe("lb");
    expect(unitName("mm[Hg]")).toBe("mmHg");
  });

  it("is not a number where the meter gave none", () => {
    expect(quantity("sv", { value: "LO", unit: "mg/dL" })).toBe("LO (under mätområdet)");
    expect(quantity("en", { value: "HI", unit: "mg/dL" })).toBe("HI (above the meter's range)");
    expect(quantity("en", { value: "NaN", unit: "kg" })).toBe("the measurement failed");
  });

  it("drops the zeros that a scale's counting adds, and no other digit", () => {
    expect(quantity("sv", { value: "70.000", unit: "kg" })).toBe("70,0 kg");
    expect(quantity("sv", { value: "70.050", unit: "kg" })).toBe("70,05 kg");
    expect(quantity("en", { value: "120", unit: "kg" })).toBe("120 kg");
    expect(quantity("sv", { value: "8.0", unit: "mmol/L" })).toBe("8,0 mmol/L");
  });

  it("shows the device's own figure beside the converted one", () => {
    expect(quantityWithDevice("sv", observation())).toBe("2,9 mmol/L (52 mg/dL på apparaten)");
    const weight = observation({
      code: "weight",
      value: "81.4",
      unit: "kg",
      shown: { value: "81.4", unit: "kg" },
    });
    expect(quantityWithDevice("sv", weight)).toBe("81,4 kg");
  });

  it("shows a word it does not know as it came", () => {
    expect(flagName("sv", "bad-blow")).toBe("blåset blev inte godkänt");
    expect(flagName("sv", "from-the-future")).toBe("from-the-future");
  });

  it("says how sure its time is", () => {
    expect(uncertainty("sv", 1_250)).toBe("± 1,3 s");
    expect(uncertainty("en", 90_000)).toBe("± 1 min 30 s");
  });
});
