// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The console's addresses. The backend serves the same page for all of them.

import { type MouseEvent, useSyncExternalStore } from "react";

export type Place =
  | { screen: "worklist" }
  | { screen: "closed" }
  | { screen: "alert"; id: string }
  | { screen: "patients" }
  | { screen: "patient"; id: string }
  | { screen: "technical" }
  | { screen: "unknown" };

export function placeOf(path: string): Place {
  if (path === "/" || path === "") return { screen: "worklist" };
  if (path === "/closed") return { screen: "closed" };
  if (path === "/patients") return { screen: "patients" };
  if (path === "/technical") return { screen: "technical" };
  const [, list, given] = /^\/(alerts|patients)\/([^/]+)$/.exec(path) ?? [];
  if (!list || !given) return { screen: "unknown" };
  try {
    return { screen: list === "alerts" ? "alert" : "patient", id: decodeURIComponent(given) };
  } catch {
    return { screen: "unknown" };
  }
}

export const alertPath = (id: string) => `/alerts/${encodeURIComponent(id)}`;
export const patientPath = (id: string) => `/patients/${encodeURIComponent(id)}`;

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export const usePath = () => useSyncExternalStore(subscribe, () => window.location.pathname);

export function navigate(path: string): void {
  if (path === window.location.pathname) return;
  window.history.pushState(null, "", path);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** For a link's onClick: stays in the page, unless the operator wants another tab. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  navigate(event.currentTarget.pathname);
}
