// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What happens by itself if nobody acts, and when. The count-down is a component of its own so
// that a second's tick renders one line, not a list.

import type { NextAction } from "../api/types";
import { countdown, when } from "../format/time";
import { useNow } from "../live/hooks";
import { type Texts, useTexts } from "../texts";

export function nextActionText({ t, language }: Texts, action: NextAction | null, now: number) {
  if (!action || action.what === "none")
    return { isOverdue: false, said: t("next.none"), left: "" };
  const due = Date.parse(action.at);
  const { isOverdue, text } = countdown(language, due, now);
  const key = action.what === "escalate" ? "next.escalate" : "next.remind";
  const said = t(key, { at: when(language, due, now), to: action.to });
  return { isOverdue, said, left: text };
}

export function NextActionLine({ action }: { action: NextAction | null }) {
  const texts = useTexts();
  const { isOverdue, said, left } = nextActionText(texts, action, useNow());
  return (
    <span className={isOverdue ? "next overdue" : "next"}>
      {said}
      {left && <span className="next-left"> · {left}</span>}
    </span>
  );
}
