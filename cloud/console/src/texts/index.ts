// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The console's two languages: one dictionary each, the choice kept in this browser.

import { createContext, useContext } from "react";

import type { Bilingual } from "../api/types";
import { en } from "./en";
import { sv } from "./sv";

export type Language = "sv" | "en";
export type TextKey = keyof typeof sv;
export type Values = Record<string, string | number>;

export const dictionaries: Record<Language, Record<TextKey, string>> = { sv, en };
const storageKey = "vardnav.language";

/** Empty for a key that the dictionary does not have (a word from a newer backend). */
export function text(language: Language, key: TextKey): string {
  return dictionaries[language][key] ?? "";
}

/** Puts values in place of {names}. */
export function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function storedLanguage(): Language {
  try {
    return localStorage.getItem(storageKey) === "en" ? "en" : "sv";
  } catch {
    return "sv"; // storage may be forbidden; the choice then lasts as long as the page
  }
}

export function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // As above.
  }
}

export interface Texts {
  language: Language;
  /** The text of a key, with {names} filled. */
  t: (key: TextKey, values?: Values) => string;
  /** The reader's half of a text that came in both languages. */
  of: (both: Bilingual) => string;
}

export function textsIn(language: Language): Texts {
  return {
    language,
    t: (key, values) => (values ? fill(text(language, key), values) : text(language, key)),
    of: (both) => both[language],
  };
}

export const TextsContext = createContext<Texts>(textsIn("sv"));
export const useTexts = () => useContext(TextsContext);
