// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How far what is on the screen can be trusted: the connection, the last reading, silent hubs.

import { useState } from "react";

import type { Status } from "../api/types";
import { ago, clockTime, duration, when } from "../format/time";
import { useLive, useNow, useSnapshot } from "../live/hooks";
import { playCall } from "../live/sound";
import { type Texts, useTexts } from "../texts";

function Connection() {
  const { t, language } = useTexts();
  const live = useLive();
  const { isOpen } = useSnapshot();
  const moment = useNow();
  const oldSince = live.oldSince(moment);
  const state = isOpen ? "connected" : oldSince === null ? "connecting" : "away";
  const banner =
    oldSince === null
      ? null
      : oldSince === 0
        ? t("live.oldNever")
        : t("live.oldSince", { at: when(language, oldSince, moment) });
  return (
    <>
      <span className={`connection connection-${state}`} data-connection={state}>
        <ConnectionMark state={state} />
        {t(`live.${state}`)}
      </span>
      <div className={banner ? "old-banner" : "hidden"}>
        <span role="alert">{banner}</span>
        {oldSince !== null && oldSince > 0 && (
          <span> ({duration(language, moment - oldSince)})</span>
        )}
      </div>
    </>
  );
}

function ConnectionMark({ state }: { state: "connected" | "connecting" | "away" }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      {state === "connected" && <circle cx="8" cy="8" r="6" fill="currentColor" />}
      {state === "connecting" && (
        <circle
          cx="8"
          cy="8"
          r="5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeDasharray="4 3"
        />
      )}
      {state === "away" && (
        <path
          d="M3 3l10 10M13 3L3 13"
          stroke="currentColor"
          strokeWidth="3"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}

function newestHeard(status: Status | null): string | null {
  const heard = (status?.hubs ?? []).flatMap((hub) => hub.last_heard_at ?? []);
  return heard.sort().at(-1) ?? null;
}

/** When the last reading, or failing that the last sign of life, came; never that all is well. */
export function lastHeard(
  { t, language }: Texts,
  lastReadingAt: string | null,
  status: Status | null,
  startedAt: number,
  moment: number,
): string {
  if (lastReadingAt !== null) {
    const at = Date.parse(lastReadingAt);
    return t("live.lastReading", {
      at: when(language, at, moment),
      ago: ago(language, at, moment),
    });
  }
  const none = t("live.noReading", { at: clockTime(startedAt) });
  const heard = newestHeard(status);
  if (heard === null) return status ? `${none}. ${t("live.hubNever")}` : none;
  const at = Date.parse(heard);
  return `${none}. ${t("live.hubHeard", { at: when(language, at, moment), ago: ago(language, at, moment) })}`;
}

export function LastHeard() {
  const texts = useTexts();
  const live = useLive();
  const { lastReadingAt, status } = useSnapshot();
  const moment = useNow(10_000);
  return (
    <>{lastHeard(texts, lastReadingAt, status, live.startedAt, Math.max(moment, live.startedAt))}</>
  );
}

export function silentHubs({ t }: Texts, status: Status | null): string | null {
  const all = status?.hubs.length ?? 0;
  const n = status?.hubs.filter((hub) => hub.silent).length ?? 0;
  if (n === 0) return null;
  return t(n === 1 ? "live.silentOne" : "live.silent", { n, all });
}

function SoundTest() {
  const { t } = useTexts();
  const [state, setState] = useState<"off" | "on" | "blocked">("off");
  return (
    <span className="sound">
      <button
        type="button"
        className="quiet-button"
        onClick={() => void playCall().then((played) => setState(played ? "on" : "blocked"))}
      >
        {t("sound.test")}
      </button>{" "}
      <span role="status">{t(`sound.${state}`)}</span>
    </span>
  );
}

export function Freshness() {
  const texts = useTexts();
  const { status } = useSnapshot();
  const silent = silentHubs(texts, status);
  return (
    <div className="freshness">
      <Connection />
      <span>
        <LastHeard />
      </span>
      {silent && (
        <span className="warning-text">
          <span aria-hidden="true">⚠ </span>
          {silent}
        </span>
      )}
      <SoundTest />
    </div>
  );
}
