// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The live state and the passing of time, for components.

import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";

import { now } from "../format/clock";
import type { Live, Snapshot } from "./live";

export const LiveContext = createContext<Live | null>(null);

/** Below a LiveContext only. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("no LiveContext above");
  return live;
}

export function useSnapshot(): Snapshot {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.snapshot, live.snapshot);
}

/** The present, renewed every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const [moment, setMoment] = useState(now);
  useEffect(() => {
    const timer = window.setInterval(() => setMoment(now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return moment;
}
