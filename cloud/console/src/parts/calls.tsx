// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// New alerts make themselves known: a P1 with sound and a banner that stays, all of them in words
// for a screen reader.

import { useEffect, useRef, useState } from "react";

import type { EpisodeSummary } from "../api/types";
import { quantity, shownQuantity } from "../format/value";
import { useLive, useSnapshot } from "../live/hooks";
import { playCall } from "../live/sound";
import type { News } from "../live/worklist";
import { type Place, alertPath, follow } from "../router";
import { type Texts, useTexts } from "../texts";
import { PriorityMark } from "./priority";

const mostShown = 3;

function inWords({ of, language }: Texts, episode: EpisodeSummary): string {
  const words = [episode.priority, of(episode.title), episode.patient.name];
  if (episode.latest) words.push(quantity(language, shownQuantity(episode.latest)));
  return words.join(", ");
}

export function Calls({ place }: { place: Place }) {
  const texts = useTexts();
  const { t } = texts;
  const live = useLive();
  const { calls, urgentNews, otherNews } = useSnapshot();
  const [isBlocked, setBlocked] = useState(false);
  const heard = useRef(0);
  useEffect(() => {
    if (urgentNews.count === heard.current) return;
    heard.current = urgentNews.count;
    void playCall().then((played) => setBlocked(!played));
  }, [urgentNews.count]);

  const openId = place.screen === "alert" ? place.id : null;
  const urgent = calls.filter((call) => call.priority === "P1" && call.id !== openId);
  const said = ({ episodes }: News) =>
    episodes.map((episode) => inWords(texts, episode)).join(". ");
  return (
    <>
      <p className="hidden" role="alert">
        {urgentNews.count > 0 && `${t("live.newP1")}: ${said(urgentNews)}`}
      </p>
      <p className="hidden" role="status">
        {otherNews.count > 0 && `${t("live.newAlert")}: ${said(otherNews)}`}
      </p>
      {urgent.length > 0 && (
        <section className="calls" aria-label={t("live.newP1")}>
          <ul>
            {urgent.slice(0, mostShown).map((call) => (
              <li key={call.id} className="call">
                <PriorityMark priority="P1" />
                <span className="call-words">
                  <strong>{t("live.newP1")}</strong> {texts.of(call.title)}, {call.patient.name}
                </span>
                <a className="call-button" href={alertPath(call.id)} onClick={follow}>
                  {t("live.show")}
                  <span className="hidden">
                    {" "}
                    {texts.of(call.title)}, {call.patient.name}
                  </span>
                </a>
                <button type="button" className="call-button" onClick={() => live.dismiss(call.id)}>
                  {t("live.dismiss")}
                </button>
              </li>
            ))}
          </ul>
          {isBlocked && <p className="call-words">{t("sound.blocked")}</p>}
        </section>
      )}
    </>
  );
}
