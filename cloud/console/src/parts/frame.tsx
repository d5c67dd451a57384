// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What stands around every screen: pages, who is logged in, how fresh everything is, new alerts.

import { type ReactNode, useEffect, useRef, useState } from "react";

import type { User } from "../api/types";
import { useSnapshot } from "../live/hooks";
import { isUnaccepted } from "../live/worklist";
import { type Place, follow } from "../router";
import { type TextKey, type Texts, useTexts } from "../texts";
import { Calls } from "./calls";
import { Freshness } from "./freshness";
import { LanguageButton } from "./language_button";

interface Props {
  user: User;
  place: Place;
  onLogout: () => Promise<void>;
  onLanguage: () => void;
  children: ReactNode;
}

const keyOf = (place: Place) => ("id" in place ? `${place.screen} ${place.id}` : place.screen);

const titles: Partial<Record<Place["screen"], TextKey>> = {
  closed: "closed.title",
  patients: "patients.title",
  patient: "patient.title",
  technical: "technical.title",
};

/** Technicians' desks and the service owner's belong to no care giver. */
export const isTechnician = (user: User) => user.teams.some((team) => team.kind === "service");

/** The page's title counts what waits, so that a tab in the background shows it. */
function useTitle(place: Place, { t }: Texts): void {
  const { episodes } = useSnapshot();
  const urgent = episodes.filter((e) => e.priority === "P1" && isUnaccepted(e)).length;
  const page = t(titles[place.screen] ?? "worklist.title");
  useEffect(() => {
    const count = urgent > 0 ? `${t("live.newP1Title", { n: urgent })} ` : "";
    document.title = `${count}${page} – ${t("app.name")}`;
  }, [urgent, page, t]);
}

/** A new page begins at its heading, also for who cannot see it. */
function useHeadingFocus(place: Place) {
  const content = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const key = keyOf(place);
  useEffect(() => {
    if (!isFirst.current) content.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [key]);
  return content;
}

export function Frame({ user, place, onLogout, onLanguage, children }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const [fault, setFault] = useState(false);
  const content = useHeadingFocus(place);
  useTitle(place, texts);
  const current = (screen: Place["screen"]) => (place.screen === screen ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <header className="top">
        <div className="top-row">
          <p className="brand">{t("app.name")}</p>
          <nav aria-label={t("app.menu")}>
            <a href="/" onClick={follow} aria-current={current("worklist")}>
              {t("nav.worklist")}
            </a>
            <a href="/closed" onClick={follow} aria-current={current("closed")}>
              {t("nav.closed")}
            </a>
            <a href="/patients" onClick={follow} aria-current={current("patients")}>
              {t("nav.patients")}
            </a>
            {isTechnician(user) && (
              <a href="/technical" onClick={follow} aria-current={current("technical")}>
                {t("nav.technical")}
              </a>
            )}
          </nav>
          <div className="top-user">
            <span className="who">
              <span className="hidden">{t("app.user")}: </span>
              {user.name}
            </span>
            <LanguageButton onLanguage={onLanguage} />
            <button
              type="button"
              className="quiet-button"
              onClick={() => void onLogout().catch(() => setFault(true))}
            >
              {t("logout")}
            </button>
          </div>
        </div>
        <Freshness />
      </header>
      <Calls place={place} />
      <main id="content" ref={content} tabIndex={-1}>
        {fault && (
          <p className="fault" role="alert">
            {t("app.unreachable")}
          </p>
        )}
        {children}
      </main>
      <footer className="small muted">
        <p>{t("app.zone")}</p>
        <p>{t("app.notEmergency")}</p>
      </footer>
    </>
  );
}
