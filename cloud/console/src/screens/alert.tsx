// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One alert: what was measured, why it was raised, why it came here, what was done, what to do.

import { useCallback, useEffect, useRef, useState } from "react";

import { Problem, api } from "../api/client";
import type { EpisodeDetail, EpisodeSummary, ReadingMessage, User } from "../api/types";
import { clockTimeWithSeconds, fullTime, shortDate } from "../format/time";
import {
  codeName,
  conditionName,
  eventName,
  kindName,
  quantityWithDevice,
  stateName,
} from "../format/value";
import { useLive, useNow } from "../live/hooks";
import type { Live } from "../live/live";
import { withPoint, withReading } from "../live/worklist";
import { Actions } from "../parts/actions";
import { Badges } from "../parts/episode_row";
import { Inputs } from "../parts/inputs";
import { Moment } from "../parts/moment";
import { NextActionLine } from "../parts/next_action";
import { PriorityChip } from "../parts/priority";
import { RouteExplained } from "../parts/route";
import { TrendChart } from "../parts/trend_chart";
import { follow, patientPath } from "../router";
import { type TextKey, useTexts } from "../texts";

type Fault = "gone" | "left" | "unreachable";

/** A new reading drawn into the alert that is open; the alert itself changes by its own events. */
export function withDrawn(detail: EpisodeDetail, { observation }: ReadingMessage): EpisodeDetail {
  const [latest] = withReading([detail], observation) as [EpisodeDetail];
  const { trend } = latest;
  const isSame = detail.patient.id === observation.person && trend?.code === observation.code;
  if (!trend || !isSame) return latest;
  const points = withPoint(trend.points, trend.unit, observation);
  return points === trend.points ? latest : { ...latest, trend: { ...trend, points } };
}

const hasChanged = (detail: EpisodeDetail, summary: EpisodeSummary) =>
  summary.version > detail.version || summary.state !== detail.state;

function useEpisode(id: string, live: Live) {
  const [detail, setDetail] = useState<EpisodeDetail | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const newest = useRef<EpisodeDetail | null>(null);
  const put = useCallback((next: EpisodeDetail) => {
    newest.current = next;
    setDetail(next);
  }, []);
  const take = useCallback(
    (next: EpisodeDetail) => {
      setFault(null);
      if (!newest.current || newest.current.version <= next.version) put(next);
    },
    [put],
  );
  const load = useCallback(async () => {
    try {
      take(await api.episode(id));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setFault(problem.status === 404 ? "gone" : "unreachable");
    }
  }, [id, take]);
  useEffect(() => void load(), [load]);
  useEffect(
    () =>
      live.onHappening((happening) => {
        const shown = newest.current;
        if (happening.kind === "reload") void load();
        else if (happening.kind === "reading") {
          if (shown) put(withDrawn(shown, happening.message));
        } else if (happening.message.id === id) {
          const { message } = happening;
          if ("gone" in message) setFault("left");
          else if (!shown || hasChanged(shown, message)) void load();
        }
      }),
    [id, live, load, put],
  );
  return { detail, fault, take, load };
}

export function AlertScreen({ id, user }: { id: string; user: User }) {
  const { t } = useTexts();
  const live = useLive();
  const now = useNow(10_000);
  const { detail, fault, take, load } = useEpisode(id, live);
  useEffect(() => {
    if (detail) live.dismiss(detail.id);
  }, [detail, live]);
  const back = (
    <p className="back">
      <a href="/" onClick={follow}>
        ← {t("alert.back")}
      </a>
    </p>
  );
  const faultKey: TextKey | null =
    fault === "gone"
      ? "alert.gone"
      : fault === "left"
        ? "alert.left"
        : fault
          ? "app.unreachable"
          : null;
  return (
    <>
      {back}
      {faultKey && (
        <p className="fault" role="alert">
          {t(faultKey)}{" "}
          {fault === "unreachable" && (
            <button type="button" onClick={() => void load()}>
              {t("app.retry")}
            </button>
          )}
        </p>
      )}
      {!detail && !fault && <p className="empty">{t("app.loading")}</p>}
      {detail && fault !== "gone" && fault !== "left" && (
        <Detail
          detail={detail}
          user={user}
          now={now}
          onChange={(next) => {
            take(next);
            live.accept(next);
          }}
        />
      )}
    </>
  );
}

interface DetailProps {
  detail: EpisodeDetail;
  user: User;
  now: number;
  onChange: (next: EpisodeDetail) => void;
}

function Detail({ detail, user, now, onChange }: DetailProps) {
  const { t, of, language } = useTexts();
  const inputs = new Set(detail.inputs.map((input) => input.reading));
  return (
    <article
      className="alert"
      data-episode={detail.id}
      data-state={detail.state}
      data-version={detail.version}
    >
      <header className="alert-head">
        <PriorityChip priority={detail.priority} />
        <h1 tabIndex={-1}>{of(detail.title)}</h1>
        <p className="alert-patient">
          <a href={patientPath(detail.patient.id)} onClick={follow}>
            <strong>{detail.patient.name}</strong>
          </a>
          {detail.patient.birth_year !== null && (
            <span className="muted"> {t("row.born", { year: detail.patient.birth_year })}</span>
          )}
          <span className="muted"> · {conditionName(language, detail.condition)}</span>
        </p>
        <p className="badges">
          <Badges episode={detail} now={now} />
        </p>
      </header>
      <aside className="alert-side">
        <section className="card" aria-labelledby="h-act">
          <h2 id="h-act">{t("alert.actions")}</h2>
          <Standing detail={detail} />
          <Actions episode={detail} user={user} onChange={onChange} />
        </section>
        <Events detail={detail} now={now} />
      </aside>
      <div className="alert-main">
        <section className="card" aria-labelledby="h-why">
          <h2 id="h-why">{t("alert.why")}</h2>
          <p className="why">{of(detail.why)}</p>
          {detail.cleared && detail.state !== "closed" && <p>{t("alert.cleared")}</p>}
        </section>
        <section className="card" aria-labelledby="h-value">
          <h2 id="h-value">{t("alert.value")}</h2>
          {detail.latest ? (
            <p className="latest">
              <span className="muted">{codeName(language, detail.latest.code)}</span>{" "}
              <span className="value">{quantityWithDevice(language, detail.latest)}</span>{" "}
              <span className="muted">
                <Moment at={detail.latest.at} now={now} withAge />
              </span>
            </p>
          ) : (
            <p>{t("alert.noValue")}</p>
          )}
          {detail.trend && detail.trend.points.length > 0 ? (
            <TrendChart trend={detail.trend} inputs={inputs} now={now} />
          ) : (
            <p>{t("trend.none")}</p>
          )}
        </section>
        <section className="card" aria-labelledby="h-inputs">
          <h2 id="h-inputs">{t("alert.inputs")}</h2>
          <Inputs inputs={detail.inputs} />
          <p className="small muted origin">
            {t("alert.rule")} {detail.rule}{" "}
            <code title={detail.rule_hash}>{detail.rule_hash.slice(0, 12)}</code>
            {" · "}
            {t("alert.hub")} {detail.hub}
          </p>
        </section>
        <section className="card" aria-labelledby="h-route">
          <h2 id="h-route">{t("alert.route")}</h2>
          <RouteExplained route={detail.route} now={now} />
        </section>
      </div>
    </article>
  );
}

function Standing({ detail }: { detail: EpisodeDetail }) {
  const { t, language } = useTexts();
  const { team, owner, state } = detail;
  const kind = kindName(language, team.kind);
  const isOwned = owner !== null && (state === "acknowledged" || state === "in_progress");
  return (
    <div className="standing">
      <p>
        <span className={`state state-${state}`}>{stateName(language, state)}</span>
        {isOwned && <span> {t("alert.by", { name: owner.name })}</span>}
      </p>
      <p>
        {team.name}
        <span className="small muted">
          {" "}
          {team.care_giver ? `${team.care_giver} (${kind})` : kind}
        </span>
      </p>
      {state !== "closed" && (
        <p>
          <NextActionLine action={detail.next_action} />
        </p>
      )}
      <dl className="facts small">
        <div>
          <dt>{t("alert.raisedAt")}</dt>
          <dd>{fullTime(Date.parse(detail.measured_at))}</dd>
        </div>
        <div>
          <dt>{t("alert.toldAt")}</dt>
          <dd>{fullTime(Date.parse(detail.told_at))}</dd>
        </div>
        <div>
          <dt>{t("alert.receivedAt")}</dt>
          <dd>{fullTime(Date.parse(detail.received_at))}</dd>
        </div>
      </dl>
    </div>
  );
}

function Events({ detail, now }: { detail: EpisodeDetail; now: number }) {
  const { t, of, language } = useTexts();
  return (
    <section className="card" aria-labelledby="h-events">
      <h2 id="h-events">{t("alert.events")}</h2>
      <ol className="events">
        {detail.events.map((event, index) => {
          const at = Date.parse(event.at);
          return (
            <li key={`${index} ${event.kind}`} data-kind={event.kind}>
              <span className="small muted">
                <time dateTime={event.at} title={fullTime(at)}>
                  {shortDate(language, at, now)} {clockTimeWithSeconds(at)}
                </time>{" "}
                · {eventName(language, event.kind)}
              </span>
              <span>{of(event.text)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
