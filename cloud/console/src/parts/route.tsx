// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Why an alert came to this team: the enrolment it went by and every level that was asked.

import type { Enrolment, Route } from "../api/types";
import { localOf, when } from "../format/time";
import { conditionName, levelName, outcomeName } from "../format/value";
import { type Texts, useTexts } from "../texts";

const marks: Record<string, string> = { chosen: "✔", next: "→" };

function date(text: string): string {
  const { year, month, day } = localOf(Date.parse(text));
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function enrolmentFacts({ t, language }: Texts, enrolment: Enrolment): [string, string][] {
  const until = enrolment.until ? date(enrolment.until) : t("enrolment.openEnded");
  return [
    [t("enrolment.condition"), conditionName(language, enrolment.condition)],
    [t("enrolment.careGiver"), enrolment.care_giver],
    [t("enrolment.team"), enrolment.team],
    [t("enrolment.valid"), `${date(enrolment.from)} – ${until}`],
    [t("enrolment.prescriber"), enrolment.prescriber],
    [t("enrolment.consent"), enrolment.consent_basis],
  ];
}

export function RouteExplained({ route, now }: { route: Route; now: number }) {
  const texts = useTexts();
  const { t, of, language } = texts;
  return (
    <>
      <p>{of(route.explanation)}</p>
      <h3>{t("alert.routeSteps")}</h3>
      <ol className="steps">
        {route.steps.map((step) => (
          <li key={step.level} className={`step step-${step.outcome}`}>
            <span className="step-mark" aria-hidden="true">
              {marks[step.outcome] ?? "–"}
            </span>
            <span className="step-words">
              <strong>{levelName(language, step.level)}</strong>
              {step.name && `: ${step.name}`}{" "}
              <span className="step-outcome">{outcomeName(language, step.outcome)}</span>
              <span className="small muted">{of(step.reason)}</span>
            </span>
          </li>
        ))}
      </ol>
      <h3>
        {t("alert.enrolment")}{" "}
        {route.enrolment && <span className="muted">{route.enrolment.id}</span>}
      </h3>
      {route.enrolment ? (
        <dl className="facts">
          {enrolmentFacts(texts, route.enrolment).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>{t("alert.noEnrolment")}</p>
      )}
      <p className="small muted origin">
        {t("alert.decided", { at: when(language, Date.parse(route.decided_at), now) })}
      </p>
    </>
  );
}
