// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the test is made of: named steps, deadlines and one clear line when something fails.

const deadlineMs = 15_000;

export class Failure extends Error {}

export function must(condition, what) {
  if (!condition) throw new Failure(what);
}

/** Runs a step, says how long it took, and names it where it fails. */
export async function step(name, run) {
  const started = Date.now();
  try {
    const result = await run();
    console.error(`ok    ${name} (${Date.now() - started} ms)`);
    return result;
  } catch (fault) {
    const line = String(fault.message ?? fault).split("\n")[0];
    throw new Failure(`${name}: ${line}`);
  }
}

/** Waits until the locator is there. `what` says what was missing. */
export async function see(locator, what, timeout = deadlineMs) {
  try {
    await locator.first().waitFor({ state: "visible", timeout });
  } catch {
    throw new Failure(`not seen within ${timeout / 1000} s: ${what}`);
  }
}

export async function seeGone(locator, what, timeout = deadlineMs) {
  try {
    await locator.first().waitFor({ state: "detached", timeout });
  } catch {
    throw new Failure(`still there after ${timeout / 1000} s: ${what}`);
  }
}

/** Waits until `condition`, evaluated in the page, gives something true; returns it. */
export async function until(page, condition, argument, what, timeout = deadlineMs) {
  try {
    return await (await page.waitForFunction(condition, argument, { timeout })).jsonValue();
  } catch {
    throw new Failure(`did not happen within ${timeout / 1000} s: ${what}`);
  }
}
