// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Measured values as an operator reads them. Values are exact decimals as text and stay text: a
// digit that the meter showed is never rounded away here.

import { type Language, type TextKey, text } from "../texts";
import type { Observation, Quantity } from "../api/types";

const unitNames: Record<string, string> = {
  "1": "",
  "[lb_av]": "lb",
  "mm[Hg]": "mmHg",
  Cel: "°C",
};

/** UCUM as people write it. */
export function unitName(ucum: string): string {
  return unitNames[ucum] ?? ucum;
}

export function decimal(language: Language, value: string): string {
  if (value === "HI" || value === "LO") return value;
  if (value === "NaN") return text(language, "value.failed");
  const signed = value.startsWith("-") ? `−${value.slice(1)}` : value;
  return language === "sv" ? signed.replace(".", ",") : signed;
}

function isNumber(value: string): boolean {
  return value !== "HI" && value !== "LO" && value !== "NaN";
}

// The Weight Scale Service counts in 0.005 kg, whatever the scale resolves: its zeros say nothing.
function withoutEmptyDigits(value: string, unit: string): string {
  return unit === "kg" ? value.replace(/(\.\d+?)0+$/, "$1") : value;
}

/** "2,9 mmol/L"; "HI" comes with what it means, since a bare word says too little. */
export function quantity(language: Language, { value, unit }: Quantity): string {
  if (value === "HI") return `HI (${text(language, "value.high")})`;
  if (value === "LO") return `LO (${text(language, "value.low")})`;
  const name = isNumber(value) ? unitName(unit) : "";
  const digits = decimal(language, withoutEmptyDigits(value, unit));
  return name === "" ? digits : `${digits} ${name}`;
}

/** In the product's unit where there is one. */
export function shownQuantity(observation: Observation): Quantity {
  return observation.shown ?? observation;
}

/** "2,9 mmol/L (52 mg/dL på apparaten)". */
export function quantityWithDevice(language: Language, observation: Observation): string {
  const shown = shownQuantity(observation);
  const main = quantity(language, shown);
  if (shown.unit === observation.unit) return main;
  return `${main} (${quantity(language, observation)} ${text(language, "value.onDevice")})`;
}

/** The text under `prefix.word`, or the word itself where the dictionary has none. */
function worded(language: Language, prefix: string, word: string): string {
  return text(language, `${prefix}.${word}` as TextKey) || word;
}

export const codeName = (language: Language, code: string) => worded(language, "code", code);
export const flagName = (language: Language, flag: string) => worded(language, "flag", flag);
export const methodName = (language: Language, method: string) =>
  worded(language, "method", method);
export const conditionName = (language: Language, condition: string) =>
  worded(language, "condition", condition);
export const stateName = (language: Language, state: string) => worded(language, "state", state);
export const levelName = (language: Language, level: string) => worded(language, "level", level);
export const outcomeName = (language: Language, outcome: string) =>
  worded(language, "outcome", outcome);
export const eventName = (language: Language, kind: string) => worded(language, "event", kind);
export const gapName = (language: Language, gap: string) => worded(language, "gap", gap);
export const technicalKindName = (language: Language, kind: string) =>
  worded(language, "technicalKind", kind);
/** Empty for a word that the dictionary has not. */
export const pauseRefusalText = (language: Language, why: string) =>
  text(language, `pauseRefusal.${why}` as TextKey);
export const kindName = (language: Language, kind: string) => worded(language, "kind", kind);
