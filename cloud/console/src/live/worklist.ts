// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The worklist as values: its order, what an event makes of it, and what calls for attention.

import type { EpisodeMessage, EpisodeSummary, Observation, TrendPoint } from "../api/types";

const accepted = new Set(["acknowledged", "in_progress", "closed"]);

/** Nobody has taken it upon himself yet. */
export function isUnaccepted(episode: EpisodeSummary): boolean {
  return !accepted.has(episode.state);
}

/** P1 first, then what nobody has accepted, then the oldest. */
export function compareEpisodes(a: EpisodeSummary, b: EpisodeSummary): number {
  if (a.priority !== b.priority) return a.priority < b.priority ? -1 : 1;
  if (isUnaccepted(a) !== isUnaccepted(b)) return isUnaccepted(a) ? -1 : 1;
  const age = Date.parse(a.raised_at) - Date.parse(b.raised_at);
  if (age !== 0) return age;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export function ordered(episodes: Iterable<EpisodeSummary>): EpisodeSummary[] {
  return [...episodes].filter((episode) => episode.state !== "closed").sort(compareEpisodes);
}

/** The list after a message; the same array where nothing changes. An older version never
 *  replaces a newer one: an answer to a click may overtake the event that tells of it. */
export function merge(list: EpisodeSummary[], message: EpisodeMessage): EpisodeSummary[] {
  const known = list.find((episode) => episode.id === message.id);
  const others = list.filter((episode) => episode.id !== message.id);
  if ("gone" in message) return known ? others : list;
  if (known && message.version < known.version) return list;
  if (message.state === "closed") return known ? others : list;
  return ordered([...others, message]);
}

/** A new reading becomes the latest value of its patient's alerts on that signal. */
export function withReading(list: EpisodeSummary[], reading: Observation): EpisodeSummary[] {
  if (!list.some((episode) => isNewer(episode, reading))) return list;
  return list.map((episode) =>
    isNewer(episode, reading) ? { ...episode, latest: reading } : episode,
  );
}

function isNewer(episode: EpisodeSummary, reading: Observation): boolean {
  const { latest, patient } = episode;
  if (!latest || patient.id !== reading.person || latest.code !== reading.code) return false;
  if (latest.reading === reading.reading) return reading.revision > latest.revision;
  return Date.parse(reading.at) >= Date.parse(latest.at);
}

/** The trend after a reading of its signal; the same array where it cannot be drawn among them. */
export function withPoint(points: TrendPoint[], unit: string, reading: Observation): TrendPoint[] {
  const inUnit = [reading.shown, reading].find((quantity) => quantity?.unit === unit);
  const value = inUnit?.value ?? (Number.isNaN(Number(reading.value)) ? reading.value : undefined);
  if (value === undefined) return points;
  const { at, flags } = reading;
  const others = points.filter((point) => point.reading !== reading.reading);
  return [...others, { reading: reading.reading, at, value, flags }].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

/** Alerts in `after` that call anew for somebody: unaccepted, and not so, or less, in `before`. */
export function newCalls(before: EpisodeSummary[], after: EpisodeSummary[]): EpisodeSummary[] {
  const known = new Map(before.map((episode) => [episode.id, episode]));
  return after.filter((episode) => {
    if (!isUnaccepted(episode)) return false;
    const old = known.get(episode.id);
    if (!old) return true;
    if (!isUnaccepted(old) || episode.priority < old.priority) return true;
    const isOnlyClearing = episode.cleared && !old.cleared;
    return episode.version > old.version && !isOnlyClearing;
  });
}

/** Calls as they are announced. */
export interface News {
  /** Rises at each. */
  count: number;
  at: number;
  episodes: EpisodeSummary[];
}

export const noNews: News = { count: 0, at: 0, episodes: [] };

/** Alerts that come in one burst are one piece of news: none of them covers another. */
const burstMs = 2_000;

export function withNews(news: News, fresh: EpisodeSummary[], now: number): News {
  if (fresh.length === 0) return news;
  const ids = new Set(fresh.map((episode) => episode.id));
  const isBurst = news.count > 0 && now - news.at < burstMs;
  const still = isBurst ? news.episodes.filter((episode) => !ids.has(episode.id)) : [];
  return { count: news.count + 1, at: now, episodes: [...fresh, ...still] };
}
