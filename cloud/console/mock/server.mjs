// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A stand-in for vardnav-care with invented alerts, for work on the console. Never shipped.
//   node mock/server.mjs [--port 8090] [--empty] [--start FILE]
// Password of operator, kommun, region and tekniker: demo. With --empty the list is empty until FILE exists
// (without --start: until POST /mock/raise?code=glucose|weight|fev1). POST /mock/… works always:
// raise, reading?code=…&value=…, silence?ms=… (cuts the streams), expire (ends all sessions).

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { history, observation, raise, summaryOf, users, withTrend } from "./data.mjs";
import { detail, endPause, pause, summary, technical } from "./patients.mjs";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    empty: { type: "boolean", default: false },
    start: { type: "string" },
  },
});
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const sessions = new Map();
const streams = new Set();
const log = [];
const readings = history(Date.now());
const episodes = new Map();
let mutedUntil = 0;

const maySee = (user, episode) => user.teams.some((team) => team.id === episode.team.id);

function publish(name, visible, data) {
  const entry = { id: String(log.length + 1), name, visible, data };
  log.push(entry);
  for (const stream of streams) send(stream, entry);
}

function send({ response, user }, { id, name, visible, data }) {
  if (!visible(user)) return;
  response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data())}\n\n`);
}

function publishEpisode(episode) {
  publish(
    "episode",
    (user) => maySee(user, episode),
    () => summaryOf(episode),
  );
}

function publishReading(reading) {
  const stored_at = new Date().toISOString();
  publish(
    "reading",
    () => true,
    () => ({ observation: reading, stored_at }),
  );
}

function newEpisode(code, late = false) {
  const episode = raise(code, Date.now(), readings, late);
  episodes.set(episode.id, episode);
  publishReading(episode.latest);
  publishEpisode(episode);
}

function problem(response, status, detail, extra = {}) {
  const body = { type: "about:blank", title: detail, status, detail, ...extra };
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify(body));
}

function json(response, body, headers = {}) {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

const sessionOf = (request) =>
  /vardnav_session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";

async function session(request, response) {
  if (request.method === "POST") {
    const { username, password } = await bodyOf(request);
    const user = users[username];
    if (!user || password !== "demo") return problem(response, 401, "Wrong user name or password.");
    const id = randomUUID();
    sessions.set(id, user);
    const cookie = `vardnav_session=${id}; HttpOnly; SameSite=Strict; Path=/`;
    return json(response, { user }, { "set-cookie": cookie });
  }
  if (request.method === "DELETE") {
    sessions.delete(sessionOf(request));
    response.writeHead(204);
    return response.end();
  }
  const user = sessions.get(sessionOf(request));
  return user ? json(response, { user }) : problem(response, 401, "Not logged in.");
}

function worklist(user, query, response) {
  const isClosed = query.get("state") === "closed";
  const seen = [...episodes.values()].filter(
    (e) => maySee(user, e) && (e.state === "closed") === isClosed,
  );
  json(response, { episodes: seen.map(summaryOf), cursor: String(log.length) });
}

function events(user, query, request, response) {
  if (Date.now() < mutedUntil) return response.destroy();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const stream = { response, user };
  const after = Number(query.get("after") ?? request.headers["last-event-id"] ?? log.length);
  response.write(": hello\n\n");
  for (const entry of log.slice(after)) send(stream, entry);
  streams.add(stream);
  const beat = setInterval(() => response.write(": beat\n\n"), 15_000);
  response.on("close", () => {
    clearInterval(beat);
    streams.delete(stream);
  });
}

function event(kind, user, sv, en) {
  const by = { username: user.username, name: user.name };
  return { at: new Date().toISOString(), kind, by, text: { sv, en } };
}

async function act(user, episode, verb, request, response) {
  const { version, reason } = await bodyOf(request);
  const current = withTrend(episode, readings);
  if (version !== episode.version)
    return problem(response, 409, "The alert has changed.", { current });
  if (verb === "acknowledge") {
    episode.state = "acknowledged";
    episode.owner = { username: user.username, name: user.name };
    episode.next_action = {
      what: "remind",
      at: new Date(Date.now() + 900_000).toISOString(),
      to: episode.team.name,
    };
    episode.events.push(
      event("acknowledged", user, `Kvitterat av ${user.name}.`, `Acknowledged by ${user.name}.`),
    );
  } else {
    if (episode.state !== "acknowledged")
      return problem(response, 409, "Acknowledge first.", { current });
    episode.state = "closed";
    episode.next_action = null;
    episode.events.push(
      event(
        "closed",
        user,
        `Stängt av ${user.name}: ${reason}.`,
        `Closed by ${user.name}: ${reason}.`,
      ),
    );
  }
  episode.version += 1;
  publishEpisode(episode);
  return json(response, withTrend(episode, readings));
}

function status(response) {
  const now = new Date().toISOString();
  const hub = {
    hub: "hub-demo-1",
    last_heard_at: now,
    reading_backlog: 0,
    alert_backlog: 0,
    silent: false,
  };
  json(response, { readings_stored: readings.length, hubs: [hub] });
}

async function patients(user, path, request, response) {
  const [, id, verb, pauseId] = /^\/([^/]+)(?:\/(pauses)(?:\/([^/]+)\/end)?)?$/.exec(path) ?? [];
  if (id !== detail().patient.id) return problem(response, 404, "No such patient.");
  const why = !verb
    ? null
    : pauseId
      ? endPause(user, pauseId)
      : pause(user, await bodyOf(request));
  return why ? problem(response, 409, "Refused.", { why }) : json(response, detail());
}

function technicalAlerts(user, path, query, response) {
  if (!user.teams.some(({ kind }) => kind === "service"))
    return problem(response, 403, "For technicians.");
  const [, id] = /^\/([^/]+)\/acknowledge$/.exec(path) ?? [];
  if (!id) return json(response, { alerts: query.get("state") === "cleared" ? [] : technical });
  technical[0].by = { username: user.username, name: user.name };
  response.writeHead(204);
  return response.end();
}

async function api(path, query, request, response) {
  if (path === "/session") return session(request, response);
  const user = sessions.get(sessionOf(request));
  if (!user) return problem(response, 401, "Not logged in.");
  if (request.method !== "GET" && request.headers["x-vardnav-request"] !== "1") {
    return problem(response, 403, "The header X-Vardnav-Request is missing.");
  }
  if (path === "/worklist") return worklist(user, query, response);
  if (path === "/events") return events(user, query, request, response);
  if (path === "/status") return status(response);
  if (path === "/monitoring") return json(response, { patients: 1, unmonitored: 1 });
  if (path === "/patients") return json(response, { patients: [summary()] });
  if (path.startsWith("/patients/")) return patients(user, path.slice(9), request, response);
  if (path.startsWith("/technical-alerts"))
    return technicalAlerts(user, path.slice(17), query, response);
  const [, id, verb] = /^\/episodes\/([^/]+)(?:\/(acknowledge|close))?$/.exec(path) ?? [];
  const episode = id && episodes.get(decodeURIComponent(id));
  if (!episode || !maySee(user, episode)) return problem(response, 404, "No such alert.");
  if (verb) return act(user, episode, verb, request, response);
  return json(response, withTrend(episode, readings));
}

function mock(verb, query, response) {
  if (verb === "raise") newEpisode(query.get("code") ?? "glucose", query.has("late"));
  else if (verb === "reading") {
    const reading = observation(
      query.get("code") ?? "glucose",
      query.get("value") ?? "99",
      Date.now(),
    );
    readings.push(reading);
    for (const episode of episodes.values()) {
      if (episode.trend.code === reading.code) episode.latest = reading;
    }
    publishReading(reading);
  } else if (verb === "silence") {
    mutedUntil = Date.now() + Number(query.get("ms") ?? 20_000);
    for (const { response: stream } of streams) stream.destroy();
  } else if (verb === "expire") {
    sessions.clear();
    for (const { response: stream } of streams) stream.destroy();
  } else return problem(response, 404, "raise, reading, silence or expire");
  return json(response, {});
}

async function file(path, response) {
  const wanted = path.includes(".") ? normalize(path) : "/index.html";
  try {
    const content = await readFile(join(dist, wanted));
    response.writeHead(200, {
      "content-type": types[extname(wanted)] ?? "application/octet-stream",
      "content-security-policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
    });
    response.end(content);
  } catch {
    problem(response, 404, "No such file; has the console been built?");
  }
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://mock");
  const [, first, ...rest] = pathname.split("/");
  const answer =
    first === "api"
      ? api(pathname.replace(/^\/api\/v1/, ""), searchParams, request, response)
      : first === "mock"
        ? mock(rest[0], searchParams, response)
        : file(pathname, response);
  Promise.resolve(answer).catch((fault) => problem(response, 500, String(fault)));
});
server.listen(Number(options.port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

if (!options.empty) {
  for (const [code, late] of [
    ["glucose", false],
    ["weight", true],
    ["fev1", false],
  ])
    newEpisode(code, late);
} else if (options.start) {
  const timer = setInterval(() => {
    if (!existsSync(options.start)) return;
    clearInterval(timer);
    for (const code of ["glucose", "weight", "fev1"]) newEpisode(code);
  }, 100);
}
