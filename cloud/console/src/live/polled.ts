// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An answer of the server of which no event tells when it changes.

import { useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../api/client";
import { useLive } from "./hooks";
import { Latest } from "./latest";

export interface Polled<T> {
  /** The last good answer; null before the first, and after `read` has changed. */
  value: T | null;
  /** Why the latest question failed; the value then stays. */
  fault: Problem | null;
  /** Asks again now. */
  load: () => Promise<void>;
  /** For an act whose answer is the new value. */
  setValue: (value: T) => void;
}

/** Asks at once, every `everyMs`, and when events may have been missed; `read` is to be stable. */
export function usePolled<T>(read: () => Promise<T>, everyMs: number): Polled<T> {
  const live = useLive();
  const [value, setAnswer] = useState<T | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const latest = useRef(new Latest()).current;

  const load = useCallback(
    () =>
      latest.ask(read, (answer) => {
        try {
          setAnswer(answer());
          setFault(null);
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
          setFault(problem);
        }
      }),
    [read, latest],
  );
  const setValue = useCallback(
    (newest: T) => {
      latest.supersede();
      setAnswer(newest);
      setFault(null);
    },
    [latest],
  );

  useEffect(() => {
    setAnswer(null);
    setFault(null);
    void load();
    const timer = window.setInterval(() => void load(), everyMs);
    const end = live.onHappening(({ kind }) => {
      if (kind === "reload") void load();
    });
    return () => {
      latest.supersede();
      window.clearInterval(timer);
      end();
    };
  }, [load, live, latest, everyMs]);
  return { value, fault, load, setValue };
}
