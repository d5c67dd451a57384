// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One patient: whether anybody watches, by which rules, and what is paused.

import { useCallback } from "react";

import { api } from "../api/client";
import type { PatientDetail, PatientHub, WatchingRule } from "../api/types";
import { when } from "../format/time";
import { useNow } from "../live/hooks";
import { usePolled } from "../live/polled";
import { faultText } from "../parts/actions";
import { Moment } from "../parts/moment";
import { Pauses } from "../parts/pauses";
import { WatchState } from "../parts/watch_state";
import { follow } from "../router";
import { useTexts } from "../texts";

/** Each reading stands in the access log: not more often than is of use. */
const everyMs = 300_000;

export function PatientScreen({ id }: { id: string }) {
  const texts = useTexts();
  const { t } = texts;
  const now = useNow(10_000);
  const read = useCallback(() => api.patient(id), [id]);
  const { value: detail, fault, load, setValue: setDetail } = usePolled(read, everyMs);
  const isGone = fault?.status === 404;
  return (
    <>
      <p className="back">
        <a href="/patients" onClick={follow}>
          ← {t("patient.back")}
        </a>
      </p>
      {fault && (
        <p className="fault" role="alert">
          {isGone ? t("patient.gone") : faultText(texts, fault)}{" "}
          {!isGone && (
            <button type="button" onClick={() => void load()}>
              {t("app.retry")}
            </button>
          )}
        </p>
      )}
      {!detail && !fault && <p className="empty">{t("app.loading")}</p>}
      {detail && !isGone && <Detail detail={detail} now={now} onChange={setDetail} />}
    </>
  );
}

interface DetailProps {
  detail: PatientDetail;
  now: number;
  onChange: (detail: PatientDetail) => void;
}

function Detail({ detail, now, onChange }: DetailProps) {
  const { t } = useTexts();
  const { patient } = detail;
  return (
    <article
      className="alert"
      data-patient={patient.id}
      data-monitored={detail.monitored}
    >
      <header className="alert-head">
        <h1 tabIndex={-1}>{patient.name}</h1>
        {patient.birth_year !== null && (
          <p className="muted">{t("row.born", { year: patient.birth_year })}</p>
        )}
      </header>
      <aside className="alert-side">
        <section className="card" aria-labelledby="h-pauses">
          <h2 id="h-pauses">{t("pause.title")}</h2>
          <Pauses detail={detail} now={now} onChange={onChange} />
        </section>
      </aside>
      <div className="alert-main">
        <section className="card" aria-labelledby="h-watch">
          <h2 id="h-watch">{t("patient.watch")}</h2>
          {detail.enrolments.map((enrolment) => (
            <WatchState key={enrolment.id} enrolment={enrolment} />
          ))}
          <h3>{t("patient.hubs")}</h3>
          {detail.hubs.map((hub) => (
            <HubLine key={hub.hub} hub={hub} now={now} />
          ))}
        </section>
        <section className="card" aria-labelledby="h-rules">
          <h2 id="h-rules">{t("patient.rules")}</h2>
          {detail.enrolments.every(({ rules }) => rules.length === 0) && (
            <p className="warning-text">{t("patient.noRules")}</p>
          )}
          <ul className="watching">
            {detail.enrolments.flatMap((enrolment) =>
              enrolment.rules.map((rule) => (
                <RuleItem key={`${enrolment.id} ${rule.rule}`} rule={rule} now={now} />
              )),
            )}
          </ul>
        </section>
      </div>
    </article>
  );
}

function HubLine({ hub, now }: { hub: PatientHub; now: number }) {
  const { t } = useTexts();
  return (
    <p>
      {hub.hub}: {t("patient.devices", { n: hub.devices })},{" "}
      {hub.last_heard_at === null ? (
        <span className="warning-text">{t("patient.hubNever")}</span>
      ) : (
        <>
          {t("patient.hubHeard")} <Moment at={hub.last_heard_at} now={now} withAge />
        </>
      )}
      {hub.unmonitored_since !== null && (
        <span className="warning-text">
          . ⚠ {t("patient.unmonitoredSince")} <Moment at={hub.unmonitored_since} now={now} />
        </span>
      )}
    </p>
  );
}

export function RuleItem({ rule, now }: { rule: WatchingRule; now: number }) {
  const { t, of, language } = useTexts();
  return (
    <li data-rule={rule.rule} data-floor={rule.floor}>
      <h3>{rule.title ? of(rule.title) : rule.rule}</h3>
      {rule.sentence && <p>{of(rule.sentence)}</p>}
      {rule.lack !== null && (
        <p className="warning-text">⚠ {t("patient.lack", { lack: rule.lack })}</p>
      )}
      <p className="small muted">
        {t("patient.since", {
          version: rule.version,
          at: when(language, Date.parse(rule.from), now),
        })}{" "}
        <code title={rule.hash}>{rule.hash.slice(0, 12)}</code>
        {rule.floor && ` · ${t("patient.floor")}`}
      </p>
    </li>
  );
}
