// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { EpisodeEvent, Status } from "../src/api/types";
import { conflictText } from "../src/parts/actions";
import { EpisodeRow } from "../src/parts/episode_row";
import { lastHeard, silentHubs } from "../src/parts/freshness";
import { factsOf } from "../src/parts/inputs";
import { nextActionText } from "../src/parts/next_action";
import { PriorityChip } from "../src/parts/priority";
import { placeOf } from "../src/router";
import { withDrawn } from "../src/screens/alert";
import { textsIn } from "../src/texts";
import { detail, episode, observation } from "./samples";

const sv = textsIn("sv");
const now = Date.parse("2026-11-24T10:05:00Z");
const row = (change: Parameters<typeof episode>[0] = {}) =>
  renderToStaticMarkup(<EpisodeRow episode={episode(change)} now={now} />);

describe("a row of the worklist", () => {
  it("says priority, patient, what, value with unit and age, and team", () => {
    const html = row();
    for (const words of [
      "P1",
      "Agera nu",
      "Test Testsson",
      "f. 1948",
      "Lågt blodsocker",
      "2,9 mmol/L",
    ]) {
      expect(html).toContain(words);
    }
    expect(html).toContain("11:02 (för 2 min sedan)");
    expect(html).toContain('dateTime="2026-11-24T10:02:58.000Z"');
    expect(html).toContain("Uppsala kommun (kommun)");
  });

  it("marks what came late, with both times", () => {
    const late = row({ late: true, measured_at: "2026-11-24T06:00:00Z" });
    expect(late).toContain("Sent: mätt 07:00, känt 11:03");
    expect(row()).not.toContain("Sent:");
  });

  it("names the owner of what was accepted", () => {
    const html = row({ state: "acknowledged", owner: { username: "k", name: "Karin Kommun" } });
    expect(html).toContain("Kvitterat av Karin Kommun");
  });

  it("says where a value does not count, or where there is none", () => {
    expect(row({ latest: observation({ flags: ["control-solution"] }) })).toContain("Räknas inte");
    expect(row({ latest: null })).toContain("Inget mätvärde");
  });
});

describe("a priority", () => {
  it("differs by word and by shape, not by colour alone", () => {
    const chips = (["P1", "P2", "P3"] as const).map((priority) =>
      renderToStaticMarkup(<PriorityChip priority={priority} />),
    );
    const shapes = chips.map((html) => /<(path d="[^"]+"|circle)/.exec(html)?.[1]);
    expect(new Set(shapes).size).toBe(3);
    expect(chips.map((html) => html.replace(/<[^>]+>/g, ""))).toEqual([
      "P1 Agera nu",
      "P2 Detta pass",
      "P3 Nästa vardag",
    ]);
  });
});

describe("the next action", () => {
  const action = { what: "escalate", at: "2026-11-24T10:11:12Z", to: "Jouren" };

  it("is said with its clock time, its recipient and a count-down", () => {
    expect(nextActionText(sv, action, now)).toEqual({
      isOverdue: false,
      said: "Eskaleras 11:11 till Jouren",
      left: "om 6 min 12 s",
    });
  });

  it("is overdue after its time, not silent", () => {
    const { isOverdue, left } = nextActionText(sv, action, now + 400_000);
    expect(isOverdue).toBe(true);
    expect(left).toBe("28 s försenat");
  });
});

describe("what the page says of its own freshness", () => {
  const status = (silent: boolean, at: string | null): Status => ({
    hubs: [{ hub: "h", last_heard_at: at, reading_backlog: 0, alert_backlog: 0, silent }],
  });

  it("is when the last reading came", () => {
    const said = lastHeard(sv, "2026-11-24T10:03:00Z", null, now - 60_000, now);
    expect(said).toBe("Senaste mätvärde hördes 11:03 (för 2 min sedan)");
  });

  it("is that none came, and when a hub was last heard", () => {
    const said = lastHeard(sv, null, status(false, "2026-11-24T10:04:00Z"), now - 60_000, now);
    expect(said).toBe(
      "Inget nytt mätvärde sedan sidan öppnades 11:04. Hemmens hubbar hördes senast 11:04 (för 1 min sedan)",
    );
    expect(lastHeard(sv, null, status(true, null), now, now)).toContain("Ingen hubb har hörts");
  });

  it("counts silent hubs", () => {
    expect(silentHubs(sv, status(true, null))).toContain("1 av 1 hubbar är tyst");
    expect(silentHubs(sv, status(false, null))).toBeNull();
    expect(silentHubs(sv, null)).toBeNull();
  });
});

describe("the facts of a reading", () => {
  const facts = (change: Parameters<typeof observation>[0] = {}) =>
    Object.fromEntries(factsOf(sv, observation(change)));

  it("tell how its time was found and how sure it is", () => {
    expect(facts()["Hur tiden bestämdes"]).toMatch(/lästes i samma anslutning/);
    expect(facts()["Osäkerhet"]).toBe("± 1,3 s");
    expect(facts()["Apparatens egen klocka"]).toBe("2019-08-21 09:31:13");
  });

  it("claim no certainty of a time that could not be placed", () => {
    const unplaced = facts({ time_method: "unanchored", flags: ["clock-fault"] });
    expect(unplaced["Hur tiden bestämdes"]).toMatch(/^Tidsfel/);
    expect(unplaced["Osäkerhet"]).toBeUndefined();
    expect(unplaced["Anmärkning"]).toBe("apparatens klocka kan inte litas på");
  });
});

describe("a refused act", () => {
  const user = { username: "olle", name: "Olle", teams: [] };
  const acknowledged = (username: string): EpisodeEvent => ({
    at: "2026-11-24T10:04:00Z",
    kind: "acknowledged",
    by: { username, name: "Karin Kommun" },
    text: { sv: "", en: "" },
  });

  it("says who was first", () => {
    const current = detail({ state: "acknowledged", events: [acknowledged("karin")] });
    expect(conflictText(sv, current, user)).toMatch(
      /^Karin Kommun hann före: larmet är redan kvitterat/,
    );
    const closing = { ...acknowledged("karin"), kind: "closed" };
    expect(conflictText(sv, detail({ state: "closed", events: [closing] }), user)).toMatch(
      /redan stängt/,
    );
  });

  it("says that the alert moved where nobody took it", () => {
    expect(
      conflictText(sv, detail({ state: "raised", events: [acknowledged("karin")] }), user),
    ).toMatch(/^Larmet har ändrats/);
    expect(conflictText(sv, null, user)).toMatch(/^Larmet har ändrats/);
  });
});

describe("an open alert", () => {
  it("draws the patient's new reading of its signal and no other", () => {
    const message = (change: Parameters<typeof observation>[0]) => ({
      observation: observation({ reading: "new", at: "2026-11-24T10:04:00Z", ...change }),
      stored_at: "2026-11-24T10:04:01Z",
    });
    const drawn = withDrawn(detail(), message({}));
    expect(drawn.trend?.points).toHaveLength(1);
    expect(drawn.latest?.reading).toBe("new");
    expect(withDrawn(detail(), message({ person: "p-other" })).trend?.points).toHaveLength(0);
    expect(withDrawn(detail(), message({ code: "weight" })).trend?.points).toHaveLength(0);
  });
});

describe("an address", () => {
  it("names its screen", () => {
    expect(placeOf("/")).toEqual({ screen: "worklist" });
    expect(placeOf("/alerts/e%2F1")).toEqual({ screen: "alert", id: "e/1" });
    expect(placeOf("/alerts/%E0%A4%A")).toEqual({ screen: "unknown" });
    expect(placeOf("/elsewhere")).toEqual({ screen: "unknown" });
  });
});
