// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// That somebody enrolled is not watched: an empty worklist must not be read as calm.

import { api } from "../api/client";
import { usePolled } from "../live/polled";
import { follow } from "../router";
import { useTexts } from "../texts";

const everyMs = 60_000;

const read = () => api.unmonitored();

export function Unwatched() {
  const { t } = useTexts();
  // That the server is away is told elsewhere; what was known stays.
  const count = usePolled(read, everyMs).value ?? 0;
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
