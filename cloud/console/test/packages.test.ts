// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it.each(["../package-lock.json", "../../../tests/e2e/browser/package-lock.json"])(
  "%s names no registry, so that any mirror serves",
  (path) => {
    const { packages } = JSON.parse(read(path)) as {
      packages: Record<string, { resolved?: string; integrity?: string }>;
    };
    const installed = Object.entries(packages).filter(([name]) => name !== "");
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  },
);

it("index.html has nothing inline that the content security policy would refuse", () => {
  const html = read("../index.html");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//);
});
