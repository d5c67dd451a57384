// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A priority by word, shape and colour: any one of them is enough.

import type { Priority } from "../api/types";
import { type TextKey, useTexts } from "../texts";

export function PriorityMark({ priority }: { priority: Priority }) {
  return (
    <svg className={`shape shape-${priority}`} viewBox="0 0 24 24" aria-hidden="true">
      {priority === "P1" && <path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="currentColor" />}
      {priority === "P1" && (
        <path
          className="shape-sign"
          d="M12 6.5v6.5M12 16.8v.4"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
      )}
      {priority === "P2" && <path d="M12 2.5L22.5 21H1.5z" fill="currentColor" />}
      {priority === "P3" && (
        <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="3.5" />
      )}
    </svg>
  );
}

export function PriorityChip({ priority }: { priority: Priority }) {
  const { t } = useTexts();
  return (
    <span className={`priority priority-${priority}`}>
      <PriorityMark priority={priority} />
      <span>
        <strong>{priority}</strong>{" "}
        <span className="priority-word">{t(`priority.${priority}` as TextKey)}</span>
      </span>
    </span>
  );
}
