// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Invented alerts of the shape that the API gives, for work on the console without a backend.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const iso = (ms) => new Date(ms).toISOString();
let serial = 0;
const key = () => (++serial).toString(16).padStart(32, "0");

export const teams = {
  copd: {
    id: "team-copd",
    name: "KOL-mottagningen",
    care_giver: "Region Stockholm",
    kind: "region",
  },
  home: {
    id: "team-home",
    name: "Hemsjukvården Luthagen",
    care_giver: "Uppsala kommun",
    kind: "municipality",
  },
  desk: { id: "desk-service", name: "Vardnavs servicecentral", care_giver: null, kind: "service" },
};

const person = (username, name, ids) => ({ username, name, teams: ids.map((id) => teams[id]) });
export const users = {
  operator: person("operator", "Olle Operatör", ["copd", "home"]),
  kommun: person("kommun", "Karin Kommun", ["home"]),
  region: person("region", "Rut Region", ["copd"]),
  tekniker: person("tekniker", "Tove Teknik", ["desk"]),
};

const patient = { id: "p-7f3a", name: "Test Testsson", birth_year: 1948 };
const devices = {
  glucose: "C0:FF:EE:00:00:01",
  weight: "C0:FF:EE:00:00:02",
  fev1: "C0:FF:EE:00:00:03",
};

/** mg/dL as a meter shows it in mmol/L. */
const mmol = (mg) => (Number(mg) / 18.0156).toFixed(1);

export function observation(code, value, at, extra = {}) {
  const unit = { glucose: "mg/dL", weight: "kg", fev1: "L" }[code];
  const isNumber = !Number.isNaN(Number(value));
  const shown = isNumber
    ? code === "glucose"
      ? { value: mmol(value), unit: "mmol/L" }
      : { value, unit }
    : undefined;
  return {
    reading: key(),
    revision: 1,
    code,
    mdc: 160364,
    loinc: "14743-9",
    value,
    unit,
    shown,
    person: patient.id,
    device: devices[code],
    record_number: serial,
    device_time: { timeline: "local", at: "2019-08-21T09:31:13" },
    at: iso(at),
    time_method: "anchored",
    uncertainty_ms: 1250,
    received_at: iso(at + 7_000),
    flags: [],
    ...extra,
  };
}

/** Repeatable: the same course at every start. */
function wave(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

export function history(now) {
  const random = wave(7);
  const readings = [];
  for (let d = 29; d >= 0; d -= 1) {
    for (const h of [7, 12, 18, 22]) {
      if (random() < 0.15 || (d > 15 && d < 19)) continue;
      const at = now - d * day - (24 - h) * hour + Math.floor(random() * 50) * minute;
      if (at > now - 30 * minute) continue;
      const value = String(Math.round(80 + random() * 130));
      const flags = random() < 0.03 ? ["control-solution"] : [];
      readings.push(observation("glucose", d === 9 && h === 18 ? "HI" : value, at, { flags }));
    }
    const weight = (81.2 + random() * 0.5 + (d < 4 ? (4 - d) * 0.75 : 0)).toFixed(2);
    readings.push(observation("weight", weight, now - d * day - 6 * hour));
    if (d % 2 === 0) {
      const fev1 = (3.4 + random() * 0.25 - (d < 4 ? 0.55 : 0)).toFixed(2);
      readings.push(observation("fev1", fev1, now - d * day - 5 * hour));
    }
  }
  return readings;
}

const why = {
  glucose: {
    sv: "Blodsocker 52 mg/dL (2,9 mmol/L) är under gränsen 54 mg/dL.",
    en: "Glucose 52 mg/dL (2.9 mmol/L) is below the limit of 54 mg/dL.",
  },
  weight: {
    sv: "Vikten har ökat 2,4 kg på 72 timmar; gränsen är 2 kg.",
    en: "Weight has risen by 2.4 kg in 72 hours; the limit is 2 kg.",
  },
  fev1: {
    sv: "FEV1 2,88 L är 80 % av patientens bästa 3,60 L; gränsen är 85 %.",
    en: "FEV1 2.88 L is 80 % of the patient's best 3.60 L; the limit is 85 %.",
  },
};

const kinds = {
  glucose: {
    priority: "P1",
    condition: "diabetes",
    rule: "glucose-low",
    team: teams.home,
    title: { sv: "Lågt blodsocker", en: "Low glucose" },
    value: "52",
    unit: "mmol/L",
  },
  weight: {
    priority: "P2",
    condition: "heart-failure",
    rule: "weight-gain",
    team: teams.copd,
    title: { sv: "Viktökning", en: "Weight gain" },
    value: "84.15",
    unit: "kg",
  },
  fev1: {
    priority: "P2",
    condition: "copd",
    rule: "fev1-fall",
    team: teams.copd,
    title: { sv: "FEV1 under personligt bästa", en: "FEV1 below personal best" },
    value: "2.88",
    unit: "L",
  },
};

function route(kind, at) {
  const { team, condition } = kind;
  return {
    decided_at: iso(at),
    explanation: {
      sv: `Larmet går till ${team.name} enligt inskrivning e-1 för ${condition}. Teamet i den gällande inskrivningen hos ${team.care_giver}.`,
      en: `The alert goes to ${team.name} by enrolment e-1 for ${condition}. The team of the valid enrolment with ${team.care_giver}.`,
    },
    enrolment: {
      id: "e-1",
      condition,
      care_giver: team.care_giver,
      team: team.name,
      from: "2026-01-01T00:00:00Z",
      until: null,
      consent_basis: "Uttryckligt samtycke 2026-01-01",
      prescriber: "Leg. läk. Eva Exempel",
    },
    steps: [
      {
        level: "team",
        name: team.name,
        outcome: "chosen",
        reason: {
          sv: "Teamet i den gällande inskrivningen.",
          en: "The team of the valid enrolment.",
        },
      },
      {
        level: "backup",
        name: "",
        outcome: "not_named",
        reason: {
          sv: "Inskrivningen anger ingen ersättare.",
          en: "The enrolment names no backup.",
        },
      },
      {
        level: "duty",
        name: `${team.care_giver}, jour`,
        outcome: "next",
        reason: {
          sv: `Journivån hos ${team.care_giver}.`,
          en: `The duty level of ${team.care_giver}.`,
        },
      },
      {
        level: "partner",
        name: "",
        outcome: "not_applicable",
        reason: {
          sv: `${team.care_giver} har inget avtal med en annan utförare i registret.`,
          en: `${team.care_giver} has no contract with a partner in the registry.`,
        },
      },
      {
        level: "service_owner",
        name: "Vardnav service desk",
        outcome: "next",
        reason: {
          sv: "Tjänsteägarens desk tar emot det som ingen annan nivå tar.",
          en: "The service owner's desk takes what no other level takes.",
        },
      },
    ],
  };
}

/** A new episode on `code` at `now`, with the reading that raised it. */
export function raise(code, now, readings, late = false) {
  const kind = kinds[code];
  const at = late ? now - 3 * hour : now - 12_000;
  const input = observation(code, kind.value, at);
  readings.push(input);
  const before = readings.filter((r) => r.code === code && r !== input).slice(-2);
  return {
    id: `ep-${serial.toString(16)}`,
    version: 2,
    state: "raised",
    escalated: false,
    cleared: false,
    priority: kind.priority,
    condition: kind.condition,
    rule: kind.rule,
    title: kind.title,
    patient,
    raised_at: iso(at),
    measured_at: iso(at),
    told_at: iso(now - 2_000),
    received_at: iso(now),
    late,
    team: kind.team,
    owner: null,
    next_action: {
      what: "escalate",
      at: iso(now + (kind.priority === "P1" ? 10 : 60) * minute),
      to: `${kind.team.care_giver}, jour`,
    },
    latest: input,
    why: why[code],
    rule_hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    hub: "hub-demo-1",
    inputs: [input, ...(code === "weight" ? before.reverse() : [])],
    events: [
      {
        at: iso(now),
        kind: "raised",
        by: null,
        text: {
          sv: `Larm: ${kind.title.sv} (${kind.priority}). ${why[code].sv}`,
          en: `Raised: ${kind.title.en} (${kind.priority}). ${why[code].en}`,
        },
      },
      {
        at: iso(now),
        kind: "routed",
        by: null,
        text: { sv: `Till ${kind.team.name}.`, en: `To ${kind.team.name}.` },
      },
    ],
    route: route(kind, now),
    trend: { code, unit: kind.unit, points: [] },
  };
}

/** The trend is read anew each time, as the backend does. */
export function withTrend(episode, readings) {
  const { code, unit } = episode.trend;
  const points = readings
    .filter((r) => r.code === code)
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map((r) => ({
      reading: r.reading,
      at: r.at,
      value: (r.shown ?? r).value,
      flags: r.flags,
    }));
  return { ...episode, trend: { code, unit, points } };
}

export function summaryOf(episode) {
  const {
    why: _w,
    rule_hash: _h,
    hub: _u,
    inputs: _i,
    events: _e,
    route: _r,
    trend: _t,
    ...summary
  } = episode;
  return summary;
}
