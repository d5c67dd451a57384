// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// That somebody enrolled is not watched: an empty worklist must not be read as calm.

import { useEffect, useState } from "react";

import { Problem, api } from "../api/client";
import { follow } from "../router";
import { useTexts } from "../texts";

const everyMs = 60_000;

export function Unwatched() {
  const { t } = useTexts();
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const ask = async () => {
      try {
        const unmonitored = await api.unmonitored();
        if (isCurrent) setCount(unmonitored);
      } catch (problem) {
        // That the server is away is told elsewhere; what was known stays.
        if (!(problem instanceof Problem)) throw problem;
      }
    };
    void ask();
    const timer = window.setInterval(() => void ask(), everyMs);
    return () => {
      isCurrent = false;
      window.clearInterval(timer);
    };
  }, []);
  if (count === 0) return null;
  return (
    <p className="fault" data-unwatched={count}>
      <a href="/patients" onClick={follow}>
        {count === 1 ? t("patients.unwatchedOne") : t("patients.unwatched", { n: count })}
      </a>
      . {t("patients.unwatchedNote")}
    </p>
  );
}
