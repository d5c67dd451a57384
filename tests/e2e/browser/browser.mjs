// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Debian's Chromium with a profile of its own for each run, and what is watched in every page.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { must } from "./check.mjs";

const flags = [
  "--headless",
  "--no-sandbox", // Chromium's own sandbox does not run as root
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const axeSource = await readFile(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

export class Browser {
  /** Faults that the pages themselves met, in one line each. */
  faults = [];

  static async launch(executablePath) {
    const self = new Browser();
    // Chromium leaves lock files and crash folders in its home; they go with it.
    self.home = await mkdtemp(join(tmpdir(), "vardnav-browser-"));
    const env = {
      ...process.env,
      HOME: self.home,
      XDG_CONFIG_HOME: self.home,
      XDG_CACHE_HOME: self.home,
    };
    try {
      self.chromium = await chromium.launch({ executablePath, args: flags, env });
    } catch (fault) {
      await self.close();
      throw fault;
    }
    return self;
  }

  async close() {
    await this.chromium?.close();
    await rm(this.home, { recursive: true, force: true });
  }

  /** A page in a profile of its own: another person at another computer, in another time zone. */
  async page(url) {
    const context = await this.chromium.newContext({
      baseURL: url,
      viewport: { width: 1280, height: 800 },
      timezoneId: "America/New_York",
      locale: "sv-SE",
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on("pageerror", (fault) => this.faults.push(`page error: ${fault.message}`));
    page.on("console", (message) => {
      // What the server refuses on purpose (401, 404, 409) is logged as an error too.
      if (message.type() !== "error" || /Failed to load resource/.test(message.text())) return;
      this.faults.push(`console: ${message.text().split("\n")[0]}`);
    });
    return page;
  }

  mustBeClean() {
    must(this.faults.length === 0, this.faults[0]);
  }
}

/** Counts documents loaded from now on: 0 as long as the page only changed itself. */
export async function markPage(page) {
  let loads = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) loads += 1;
  });
  await page.evaluate(() => {
    window.vardnavTestMark = true;
  });
  return async () => {
    must(loads === 0, `the page was loaded again ${loads} times`);
    must(await page.evaluate(() => window.vardnavTestMark === true), "the page was loaded again");
  };
}

/** WCAG 2.1 A and AA, as far as a program can judge them. */
export async function mustBeAccessible(page, what) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const runOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
    const result = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id} at ${v.nodes[0].target.join(" ")}: ${v.help}`);
  });
  must(
    violations.length === 0,
    `${what}: ${violations.length} faults of accessibility, ${violations[0]}`,
  );
}

export async function mustFitWidth(page, width, what) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  must(over <= 0, `${what} at ${width} px: ${over} px too wide`);
  await page.setViewportSize(before);
}
