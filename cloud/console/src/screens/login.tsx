// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Login: shown in the place of whatever page was asked for, so that the page is there afterwards.

import { type FormEvent, useEffect, useRef, useState } from "react";

import { Problem, api } from "../api/client";
import type { User } from "../api/types";
import { LanguageButton } from "../parts/language_button";
import { type TextKey, useTexts } from "../texts";

interface Props {
  why: "start" | "lost" | "out";
  onUser: (user: User) => void;
  onLanguage: () => void;
}

function faultText(fault: unknown): TextKey {
  if (!(fault instanceof Problem) || fault.status === 0) return "app.unreachable";
  if (fault.status === 401) return "login.wrong";
  return fault.status === 429 ? "login.tooMany" : "app.unreachable";
}

export function LoginScreen({ why, onUser, onLanguage }: Props) {
  const { t } = useTexts();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<TextKey | null>(null);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = `${t("login.title")} – ${t("app.name")}`;
  }, [t]);
  useEffect(() => name.current?.focus(), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const username = name.current?.value.trim() ?? "";
    const secret = password.current?.value ?? "";
    if (username === "" || secret === "") {
      setFault("login.missing");
      (username === "" ? name : password).current?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      onUser(await api.login(username, secret));
    } catch (problem) {
      setBusy(false);
      setFault(faultText(problem));
      if (password.current) password.current.value = "";
      password.current?.focus();
    }
  }

  return (
    <main className="login">
      <div className="login-box">
        <div className="login-head">
          <p className="brand">{t("app.name")}</p>
          <LanguageButton onLanguage={onLanguage} />
        </div>
        <p className="muted">{t("app.tagline")}</p>
        <h1>{t("login.title")}</h1>
        {why !== "start" && !fault && (
          <p className="notice" role="status">
            {t(why === "lost" ? "login.lost" : "login.loggedOut")}
          </p>
        )}
        <form onSubmit={(event) => void submit(event)} noValidate>
          <label htmlFor="username">{t("login.username")}</label>
          <input
            id="username"
            ref={name}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
          <label htmlFor="password">{t("login.password")}</label>
          <input id="password" ref={password} type="password" autoComplete="current-password" />
          <p className="fault" role="alert">
            {fault && t(fault)}
          </p>
          <button type="submit" className="main-button" aria-disabled={isBusy}>
            {t(isBusy ? "login.busy" : "login.submit")}
          </button>
        </form>
        <p className="small muted">{t("app.notEmergency")}</p>
      </div>
    </main>
  );
}
