// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The present, by the server's clock: a console whose own clock is wrong must not show wrong
// ages and count-downs.

/** Smaller differences are the network's and the header's whole seconds. */
const toleranceMs = 3_000;
let skewMs = 0;

/** `date`: an HTTP Date header, or null where the server sends none. */
export function noteServerDate(date: string | null, own = Date.now()): void {
  const server = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server - own;
  skewMs = Math.abs(difference) > toleranceMs ? difference : 0;
}

export function now(): number {
  return Date.now() + skewMs;
}
