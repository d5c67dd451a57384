// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The switch to the other language, written in that language.

import { useTexts } from "../texts";

export function LanguageButton({ onLanguage }: { onLanguage: () => void }) {
  const { t } = useTexts();
  return (
    <button
      type="button"
      className="quiet-button"
      lang={t("app.languageCode")}
      onClick={onLanguage}
    >
      {t("app.language")}
    </button>
  );
}
