// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What technicians see to: hubs, radios, devices; no names and no values.

import { useCallback, useState } from "react";

import { Problem, api } from "../api/client";
import type { TechnicalAlert } from "../api/types";
import { when } from "../format/time";
import { technicalKindName } from "../format/value";
import { useNow } from "../live/hooks";
import { usePolled } from "../live/polled";
import { type Notice, NoticeLine, faultText } from "../parts/actions";
import { Moment } from "../parts/moment";
import { useTexts } from "../texts";

type State = "open" | "cleared";

/** Nothing tells of them as they happen. */
const everyMs = 15_000;

export function TechnicalScreen() {
  const texts = useTexts();
  const { t } = texts;
  const now = useNow(10_000);
  const [state, setState] = useState<State>("open");
  const [notice, setNotice] = useState<Notice | null>(null);
  const read = useCallback(() => api.technicalAlerts(state), [state]);
  const { value: alerts, fault, load } = usePolled(read, everyMs);

  async function acknowledge(alert: TechnicalAlert) {
    try {
      await api.acknowledgeTechnical(alert.id);
      setNotice({ isFault: false, text: t("technical.taken") });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const text = problem.status === 404 ? t("technical.gone") : faultText(texts, problem);
      setNotice({ isFault: true, text });
    }
    await load();
  }

  if (fault?.status === 403) {
    return (
      <>
        <h1>{t("technical.title")}</h1>
        <p className="empty">{t("technical.onlyTechnicians")}</p>
      </>
    );
  }
  return (
    <>
      <div className="page-head">
        <h1>{t("technical.title")}</h1>
        <p>{t("technical.intro")}</p>
      </div>
      <div className="range" role="group" aria-label={t("technical.title")}>
        {(["open", "cleared"] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={state === each}
            onClick={() => setState(each)}
          >
            {t(`technical.${each}`)}
          </button>
        ))}
      </div>
      <NoticeLine notice={notice} />
      {fault && (
        <p className="fault" role="alert">
          {faultText(texts, fault)}{" "}
          <button type="button" onClick={() => void load()}>
            {t("app.retry")}
          </button>
        </p>
      )}
      {!alerts && !fault && <p className="empty">{t("app.loading")}</p>}
      {alerts?.length === 0 && (
        <p className="empty">{t(state === "open" ? "technical.empty" : "technical.emptyCleared")}</p>
      )}
      {alerts && alerts.length > 0 && (
        <ol className="rows" aria-label={t("technical.label")}>
          {alerts.map((alert) => (
            <TechnicalRow key={alert.id} alert={alert} now={now} onTake={acknowledge} />
          ))}
        </ol>
      )}
    </>
  );
}

interface RowProps {
  alert: TechnicalAlert;
  now: number;
  onTake: (alert: TechnicalAlert) => Promise<void>;
}

export function TechnicalRow({ alert, now, onTake }: RowProps) {
  const { t, language } = useTexts();
  const kind = technicalKindName(language, alert.kind);
  const isExposed = alert.unmonitored_since !== null && alert.cleared_at === null;
  return (
    <li
      className={`row row-plain${isExposed ? " row-P1" : ""}`}
      data-technical={alert.id}
      data-kind={alert.kind}
    >
      <div className="row-what">
        <strong>{kind}</strong>
        <span>{alert.detail}</span>
        {isExposed && (
          <span className="badges">
            <span className="badge badge-late">
              {t("technical.exposed", {
                n: alert.exposed_persons,
                at: when(language, Date.parse(alert.unmonitored_since ?? ""), now),
              })}
            </span>
          </span>
        )}
      </div>
      <dl className="facts small">
        <Fact name={t("technical.hub")} value={alert.hub} />
        {alert.subject !== "" && <Fact name={t("technical.subject")} value={alert.subject} />}
        {alert.person !== null && <Fact name={t("technical.person")} value={alert.person} />}
        <div>
          <dt>{t("technical.since")}</dt>
          <dd>
            <Moment at={alert.since} now={now} withAge />
          </dd>
        </div>
        {alert.cleared_at !== null && (
          <div>
            <dt>{t("technical.clearedAt")}</dt>
            <dd>
              <Moment at={alert.cleared_at} now={now} />
            </dd>
          </div>
        )}
      </dl>
      <div className="row-state">
        {alert.by && <span>{t("technical.by", { name: alert.by.name })}</span>}
        {!alert.by && alert.cleared_at === null && (
          <button
            type="button"
            aria-label={t("technical.acknowledgeNamed", { kind, hub: alert.hub })}
            onClick={() => void onTake(alert)}
          >
            {t("technical.acknowledge")}
          </button>
        )}
      </div>
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
