// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from "vitest";

import { closeReasons } from "../src/api/types";
import { type TextKey, dictionaries, fill, text } from "../src/texts";

const { sv, en } = dictionaries;
const keys = Object.keys(sv) as TextKey[];
const places = (template: string) => (template.match(/\{\w+\}/g) ?? []).sort();

describe("the dictionaries", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(sv).sort());
  });

  it("leave no text empty", () => {
    expect(keys.filter((key) => sv[key].trim() === "" || en[key].trim() === "")).toEqual([]);
  });

  it("fill the same places in both languages", () => {
    for (const key of keys) expect(places(en[key]), key).toEqual(places(sv[key]));
  });

  it("never say that all is well", () => {
    const reassuring = /(?<!\p{L})(ok|okej|allt (är )?bra|all (is )?(well|good|fine))(?!\p{L})/iu;
    for (const key of keys) expect(`${sv[key]} ${en[key]}`, key).not.toMatch(reassuring);
  });

  // Each list is the contract's own (observation.json, cloud/alerts, cloud/routing).
  it.each([
    ["reason", [...closeReasons]],
    ["state", ["raised", "notified", "acknowledged", "in_progress", "closed"]],
    ["priority", ["P1", "P2", "P3"]],
    ["method", ["device-synchronised", "anchored", "hub-receive", "unanchored"]],
    [
      "flag",
      [
        "control-solution",
        "bad-blow",
        "person-other",
        "person-unconfirmed",
        "clock-fault",
        "suspected-repeat",
        "manual",
        "questionable",
      ],
    ],
    [
      "code",
      [
        "glucose", "weight", "fev1", "fev6", "fvc", "fev1_fvc", "pef", "ketone", "spo2", "systolic",
        "diastolic", "map", "pulse", "temperature", "body_fat", "breathless", "sputum", "swelling",
      ],
    ],
    ["condition", ["diabetes", "copd", "heart-failure"]],
    ["level", ["team", "backup", "duty", "partner", "service_owner"]],
    ["outcome", ["chosen", "next", "not_named", "not_applicable"]],
    ["gap", ["no-rules", "rules-idle", "no-floor", "no-hub", "no-device", "hub-never-heard", "hub-away"]],
    [
      "pauseRefusal",
      ["unknown", "other-team", "floor", "paused", "ended", "expiry", "reason"],
    ],
    [
      "technicalKind",
      [
        "hub-silent", "configuration-not-applied", "divergence", "set-aside", "rules-unreadable",
        "radio-dead", "adapter-missing", "radio-spare", "clock-untrusted", "storage",
        "storage-pressure", "quarantine", "config-refused", "unknown-device",
        "bond-lost", "services-changed", "alert-undelivered", "home-signal",
        "journal-restored", "journal-changed",
      ],
    ],
    ["kind", ["region", "municipality", "private", "service"]],
    [
      "event",
      [
        "raised",
        "worsened",
        "repeated",
        "routed",
        "notified",
        "acknowledged",
        "begun",
        "reminded",
        "escalated",
        "cleared",
        "closed",
      ],
    ],
  ])("have a word for every %s", (prefix, words) => {
    for (const word of words) expect(text("sv", `${prefix}.${word}` as TextKey), word).not.toBe("");
  });
});

describe("fill", () => {
  it("puts values in and leaves what has none", () => {
    expect(fill("{n} av {all}", { n: 1 })).toBe("1 av {all}");
  });
});
