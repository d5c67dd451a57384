// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The worklist: every open alert of the operator's teams, the most urgent first, always current.

import { LastHeard } from "../parts/freshness";
import { EpisodeRow } from "../parts/episode_row";
import { useNow, useSnapshot } from "../live/hooks";
import { isUnaccepted } from "../live/worklist";
import { Unwatched } from "../parts/unwatched";
import { useTexts } from "../texts";

export function WorklistScreen() {
  const { t } = useTexts();
  const { isLoaded, episodes, calls, isOpen } = useSnapshot();
  const now = useNow(10_000);
  const waiting = episodes.filter(isUnaccepted).length;
  const called = new Set(calls.map((call) => call.id));
  return (
    <>
      <div className="page-head">
        <h1>{t("worklist.title")}</h1>
        {episodes.length > 0 && (
          <p>
            {episodes.length === 1
              ? t("worklist.countOne")
              : t("worklist.count", { n: episodes.length })}
            {waiting > 0 && <strong> · {t("worklist.unaccepted", { n: waiting })}</strong>}
          </p>
        )}
      </div>
      <Unwatched />
      {episodes.length > 0 && (
        <ol className="rows" aria-label={t("worklist.label")}>
          {episodes.map((episode) => (
            <EpisodeRow
              key={episode.id}
              episode={episode}
              now={now}
              isCall={called.has(episode.id)}
            />
          ))}
        </ol>
      )}
      {isLoaded && episodes.length === 0 && (
        <div className="empty" data-empty>
          <p className="empty-main">{t("worklist.empty")}</p>
          <p>
            <LastHeard />.
          </p>
          <p className="muted">{t("worklist.emptyNote")}</p>
        </div>
      )}
      {!isLoaded && <p className="empty">{t(isOpen ? "app.loading" : "worklist.emptyUnknown")}</p>}
    </>
  );
}
