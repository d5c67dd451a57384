// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The alerts closed most recently.

import { useCallback, useEffect, useState } from "react";

import { Problem, api } from "../api/client";
import type { EpisodeSummary } from "../api/types";
import { useLive, useNow } from "../live/hooks";
import { EpisodeRow } from "../parts/episode_row";
import { useTexts } from "../texts";

export function ClosedScreen() {
  const { t } = useTexts();
  const live = useLive();
  const now = useNow(10_000);
  const [episodes, setEpisodes] = useState<EpisodeSummary[] | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const load = useCallback(async () => {
    try {
      setEpisodes(await api.closed());
      setFault(null);
    } catch (problem) {
      if (problem instanceof Problem) setFault(problem);
      else throw problem;
    }
  }, []);
  useEffect(() => {
    void load();
    return live.onHappening((happening) => {
      const isClosing =
        happening.kind === "episode" &&
        !("gone" in happening.message) &&
        happening.message.state === "closed";
      if (isClosing || happening.kind === "reload") void load();
    });
  }, [load, live]);
  return (
    <>
      <div className="page-head">
        <h1>{t("closed.title")}</h1>
        <p>{t("closed.intro")}</p>
      </div>
      {fault && (
        <p className="fault" role="alert">
          {fault.status === 0 ? t("app.unreachable") : t("app.failed", { detail: fault.detail })}{" "}
          <button type="button" onClick={() => void load()}>
            {t("app.retry")}
          </button>
        </p>
      )}
      {!episodes && !fault && <p className="empty">{t("app.loading")}</p>}
      {episodes?.length === 0 && <p className="empty">{t("closed.empty")}</p>}
      {episodes && episodes.length > 0 && (
        <ol className="rows" aria-label={t("closed.label")}>
          {episodes.map((episode) => (
            <EpisodeRow key={episode.id} episode={episode} now={now} />
          ))}
        </ol>
      )}
    </>
  );
}
