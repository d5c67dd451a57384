// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One alert in a list. The whole row leads to it; its one link carries the name.

import type { EpisodeSummary } from "../api/types";
import { when } from "../format/time";
import { flagName, kindName, quantity, shownQuantity, stateName } from "../format/value";
import { alertPath, follow } from "../router";
import { useTexts } from "../texts";
import { Moment } from "./moment";
import { NextActionLine } from "./next_action";
import { PriorityChip } from "./priority";
import { uncounted } from "./trend_geometry";

interface Props {
  episode: EpisodeSummary;
  now: number;
  isCall?: boolean;
}

function Latest({ episode, now }: Props) {
  const { t, language } = useTexts();
  const { latest } = episode;
  if (!latest) return <div className="row-value muted">{t("row.noValue")}</div>;
  const ignored = latest.flags.filter((flag) => uncounted.has(flag));
  return (
    <div className="row-value">
      <span className="value">{quantity(language, shownQuantity(latest))}</span>
      <span className="small muted">
        {t("row.latest")} <Moment at={latest.at} now={now} withAge />
      </span>
      {ignored.length > 0 && (
        <span className="small warning-text">
          {t("row.notCounted", {
            flags: ignored.map((flag) => flagName(language, flag)).join(", "),
          })}
        </span>
      )}
    </div>
  );
}

export function Badges({ episode, now }: { episode: EpisodeSummary; now: number }) {
  const { t, language } = useTexts();
  const late = {
    at: when(language, Date.parse(episode.measured_at), now),
    told: when(language, Date.parse(episode.told_at), now),
  };
  return (
    <>
      {episode.late && <span className="badge badge-late">{t("row.late", late)}</span>}
      {episode.escalated && <span className="badge badge-escalated">▲ {t("row.escalated")}</span>}
      {episode.cleared && episode.state !== "closed" && (
        <span className="badge">{t("row.cleared")}</span>
      )}
    </>
  );
}

export function EpisodeRow({ episode, now, isCall = false }: Props) {
  const { t, of, language } = useTexts();
  const { patient, team, owner, state } = episode;
  const kind = kindName(language, team.kind);
  const isOwned = owner !== null && (state === "acknowledged" || state === "in_progress");
  return (
    <li
      className={`row row-${episode.priority} row-state-${state}${isCall ? " row-call" : ""}`}
      data-episode={episode.id}
      data-state={state}
      data-team={team.id}
    >
      <div className="row-priority">
        <PriorityChip priority={episode.priority} />
      </div>
      <div className="row-what">
        <a className="row-link" href={alertPath(episode.id)} onClick={follow}>
          {of(episode.title)}
        </a>
        <span>
          {patient.name}
          {patient.birth_year !== null && (
            <span className="muted"> {t("row.born", { year: patient.birth_year })}</span>
          )}
        </span>
        <span className="small muted">
          {t("row.came", { at: when(language, Date.parse(episode.received_at), now) })}
        </span>
        <span className="badges">
          <Badges episode={episode} now={now} />
        </span>
      </div>
      <Latest episode={episode} now={now} />
      <div className="row-team">
        <span>{team.name}</span>
        <span className="small muted">
          {team.care_giver ? `${team.care_giver} (${kind})` : kind}
        </span>
      </div>
      <div className="row-state">
        <span className={`state state-${state}`}>
          {isOwned ? t("row.owner", { name: owner.name }) : stateName(language, state)}
        </span>
        {state !== "closed" && (
          <span className="small">
            <NextActionLine action={episode.next_action} />
          </span>
        )}
        {state === "closed" && owner && (
          <span className="small muted">{t("closed.by", { name: owner.name })}</span>
        )}
      </div>
    </li>
  );
}
