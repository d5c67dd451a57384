// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../src/style/colours.css", import.meta.url), "utf8");
const [lightPart = "", darkPart = ""] = css.split("@media");

function colours(part: string): Record<string, string> {
  const found = [...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name, value]));
}

// WCAG 2.1, "relative luminance" and "contrast ratio".
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const light = colours(lightPart);
const schemes = { light, dark: { ...light, ...colours(darkPart) } };

// Text on what it is written on: at least 4.5 (1.4.3). Shapes and edges of fields: 3 (1.4.11).
const texts = [
  ...["page", "surface"].flatMap((ground) =>
    ["text", "muted", "accent", "warning", "good", "p1"].map((ink) => [ink, ground]),
  ),
  ...["text", "muted", "accent", "p1"].map((ink) => [ink, "p1-soft"]),
  ["text", "notice-soft"],
  ["on-accent", "accent"],
  ["on-p1", "p1"],
  ["p2", "p2-soft"],
  ["p3", "p3-soft"],
];
const shapes = ["page", "surface"].flatMap((ground) =>
  ["field", "accent", "p1", "p2", "p3"].map((ink) => [ink, ground]),
);

describe.each(Object.entries(schemes))("the %s colours", (_, scheme) => {
  const of = (name: string | undefined) => {
    const value = scheme[name ?? ""];
    if (!value) throw new Error(`colours.css has no --${name}`);
    return value;
  };

  it.each(texts)("let %s be read on %s", (ink, ground) => {
    expect(ratio(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)("let a shape in %s be seen on %s", (ink, ground) => {
    expect(ratio(of(ink), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

describe("the contrast ratio", () => {
  it("is the W3C's own for its borderline grey", () => {
    // Understanding SC 1.4.3: #777777 on white is 4.47 and is not rounded up.
    expect(ratio("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
    expect(ratio("#000000", "#ffffff")).toBe(21);
  });
});
