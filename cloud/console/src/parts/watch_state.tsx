// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whether an enrolment is watched, and why not: told by words and a sign, not by colour alone.

import type { PatientEnrolment } from "../api/types";
import { conditionName, gapName } from "../format/value";
import { useTexts } from "../texts";

export function WatchState({ enrolment }: { enrolment: PatientEnrolment }) {
  const { t, language } = useTexts();
  const { monitored, gaps } = enrolment;
  return (
    <p data-monitored={monitored}>
      <strong>{conditionName(language, enrolment.condition)}</strong>{" "}
      <span className={monitored ? "muted" : "warning-text"}>
        {monitored ? t("patients.monitored") : `⚠ ${t("patients.notMonitored")}`}
        {gaps.length > 0 && `: ${gaps.map((gap) => gapName(language, gap)).join(", ")}`}
      </span>
      <br />
      <span className="small muted">
        {enrolment.team}, {enrolment.care_giver}
      </span>
    </p>
  );
}
