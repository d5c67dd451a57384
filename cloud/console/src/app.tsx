// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who is logged in, in which language, on which screen.

import { useCallback, useEffect, useMemo, useState } from "react";

import { Problem, api, onSessionLost } from "./api/client";
import type { User } from "./api/types";
import { LiveContext } from "./live/hooks";
import { Live } from "./live/live";
import { Frame } from "./parts/frame";
import { type Place, placeOf, usePath } from "./router";
import { AlertScreen } from "./screens/alert";
import { ClosedScreen } from "./screens/closed";
import { LoginScreen } from "./screens/login";
import { PatientScreen } from "./screens/patient";
import { PatientsScreen } from "./screens/patients";
import { TechnicalScreen } from "./screens/technical";
import { WorklistScreen } from "./screens/worklist";
import {
  type Language,
  TextsContext,
  storeLanguage,
  storedLanguage,
  textsIn,
  useTexts,
} from "./texts";

type Session =
  | { kind: "unknown"; isUnreachable: boolean }
  | { kind: "none"; why: "start" | "lost" | "out" }
  | { kind: "user"; user: User };

const retryMs = 3_000;

function useSession() {
  const [session, setSession] = useState<Session>({ kind: "unknown", isUnreachable: false });
  useEffect(() => {
    onSessionLost(() =>
      setSession((old) => (old.kind === "user" ? { kind: "none", why: "lost" } : old)),
    );
    return () => onSessionLost(() => {});
  }, []);
  useEffect(() => {
    if (session.kind !== "unknown") return;
    let isCurrent = true;
    let timer: number | undefined;
    const ask = async () => {
      try {
        const user = await api.session();
        if (isCurrent) setSession(user ? { kind: "user", user } : { kind: "none", why: "start" });
      } catch {
        if (!isCurrent) return;
        setSession({ kind: "unknown", isUnreachable: true });
        timer = window.setTimeout(() => void ask(), retryMs);
      }
    };
    void ask();
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [session.kind]);
  return [session, setSession] as const;
}

export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const [session, setSession] = useSession();
  const texts = useMemo(() => textsIn(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
    storeLanguage(language);
  }, [language]);
  const switchLanguage = useCallback(() => setLanguage((old) => (old === "sv" ? "en" : "sv")), []);
  const logout = useCallback(async () => {
    try {
      await api.logout();
    } catch (fault) {
      // Without a session there is nothing left to end; anything else must not look like a logout.
      if (!(fault instanceof Problem && fault.status === 401)) throw fault;
    }
    setSession({ kind: "none", why: "out" });
  }, [setSession]);

  return (
    <TextsContext.Provider value={texts}>
      {session.kind === "user" ? (
        <Inside
          key={session.user.username}
          user={session.user}
          onLogout={logout}
          onLanguage={switchLanguage}
        />
      ) : session.kind === "none" ? (
        <LoginScreen
          why={session.why}
          onUser={(user) => setSession({ kind: "user", user })}
          onLanguage={switchLanguage}
        />
      ) : (
        <main className="lonely" aria-live="polite">
          <p>{session.isUnreachable ? texts.t("app.unreachable") : texts.t("app.loading")}</p>
        </main>
      )}
    </TextsContext.Provider>
  );
}

interface InsideProps {
  user: User;
  onLogout: () => Promise<void>;
  onLanguage: () => void;
}

function Inside({ user, onLogout, onLanguage }: InsideProps) {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const begun = new Live();
    begun.start();
    setLive(begun);
    return () => begun.stop();
  }, []);
  const place = placeOf(usePath());
  if (!live) return null;
  return (
    <LiveContext.Provider value={live}>
      <Frame user={user} place={place} onLogout={onLogout} onLanguage={onLanguage}>
        <Screen place={place} user={user} />
      </Frame>
    </LiveContext.Provider>
  );
}

function Screen({ place, user }: { place: Place; user: User }) {
  switch (place.screen) {
    case "worklist":
      return <WorklistScreen />;
    case "closed":
      return <ClosedScreen />;
    case "alert":
      return <AlertScreen key={place.id} id={place.id} user={user} />;
    case "patients":
      return <PatientsScreen />;
    case "patient":
      return <PatientScreen key={place.id} id={place.id} />;
    case "technical":
      return <TechnicalScreen />;
    case "unknown":
      return <UnknownScreen />;
  }
}

function UnknownScreen() {
  const { t } = useTexts();
  return <h1 tabIndex={-1}>{t("app.notFound")}</h1>;
}
