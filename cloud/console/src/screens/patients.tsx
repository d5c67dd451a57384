// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The patients of the operator's teams, those first whom nobody watches.

import { api } from "../api/client";
import type { PatientSummary } from "../api/types";
import { usePolled } from "../live/polled";
import { faultText } from "../parts/actions";
import { WatchState } from "../parts/watch_state";
import { follow, patientPath } from "../router";
import { useTexts } from "../texts";

/** Each reading stands in the access log: not more often than is of use. */
const everyMs = 300_000;

/** The backend's order by name is kept within each half. */
export const unwatchedFirst = (patients: PatientSummary[]): PatientSummary[] => [
  ...patients.filter(({ monitored }) => !monitored),
  ...patients.filter(({ monitored }) => monitored),
];

const read = async () => unwatchedFirst(await api.patients());

export function PatientsScreen() {
  const texts = useTexts();
  const { t } = texts;
  const { value: patients, fault, load } = usePolled(read, everyMs);
  const unwatched = patients?.filter(({ monitored }) => !monitored).length ?? 0;
  return (
    <>
      <div className="page-head">
        <h1>{t("patients.title")}</h1>
        <p>
          {t("patients.intro")}
          {unwatched > 0 && (
            <strong>
              {" "}
              {unwatched === 1
                ? t("patients.unwatchedOne")
                : t("patients.unwatched", { n: unwatched })}
              .
            </strong>
          )}
        </p>
      </div>
      {fault && (
        <p className="fault" role="alert">
          {faultText(texts, fault)}{" "}
          <button type="button" onClick={() => void load()}>
            {t("app.retry")}
          </button>
        </p>
      )}
      {!patients && !fault && <p className="empty">{t("app.loading")}</p>}
      {patients?.length === 0 && <p className="empty">{t("patients.empty")}</p>}
      {patients && patients.length > 0 && (
        <ol className="rows" aria-label={t("patients.label")}>
          {patients.map((each) => (
            <PatientRow key={each.patient.id} summary={each} />
          ))}
        </ol>
      )}
    </>
  );
}

export function PatientRow({ summary }: { summary: PatientSummary }) {
  const { t } = useTexts();
  const { patient, monitored, paused_rules } = summary;
  return (
    <li
      className={`row row-plain row-patient${monitored ? "" : " row-P1"}`}
      data-patient={patient.id}
      data-monitored={monitored}
    >
      <div className="row-what">
        <a className="row-link" href={patientPath(patient.id)} onClick={follow}>
          {patient.name}
        </a>
        {patient.birth_year !== null && (
          <span className="muted">{t("row.born", { year: patient.birth_year })}</span>
        )}
        {paused_rules > 0 && (
          <span className="badges">
            <span className="badge badge-late">
              {paused_rules === 1
                ? t("patients.pausedOne")
                : t("patients.paused", { n: paused_rules })}
            </span>
          </span>
        )}
      </div>
      <div className="row-watch">
        {summary.enrolments.map((enrolment) => (
          <WatchState key={enrolment.id} enrolment={enrolment} />
        ))}
      </div>
    </li>
  );
}
