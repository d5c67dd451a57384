// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Does in a real browser what an operator does, against a running backend:
//   node operator.mjs --url http://127.0.0.1:8080 [--user operator] [--password demo]
//     [--screenshots DIR] [--ready FILE] [--chromium /usr/bin/chromium]
// FILE is written when the worklist is on the screen and watched: what feeds the backend may start
// then, so that the first alert is seen to come. Until then the hub has reported a dead radio.
// `kommun`, `region` and `tekniker` log in besides, with the same password. Exit status 0, or 1 with one line that says what did not happen.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Browser, markPage, mustBeAccessible, mustFitWidth } from "./browser.mjs";
import { Failure, must, see, seeGone, step, until } from "./check.mjs";

const { values: options } = parseArgs({
  options: {
    url: { type: "string" },
    user: { type: "string", default: "operator" },
    password: { type: "string", default: "demo" },
    screenshots: { type: "string" },
    ready: { type: "string" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    patience: { type: "string", default: "90" }, // seconds for the first alerts to come
  },
});
const patienceMs = Number(options.patience) * 1000;

const row = (page, id) => page.locator(`li[data-episode="${id}"]`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name });

async function login(page, user, password = options.password) {
  await page.getByLabel("Användarnamn").fill(user);
  await page.getByLabel("Lösenord").fill(password);
  await page.getByRole("button", { name: "Logga in" }).click();
}

async function openWorklist(page, user) {
  await page.goto("/");
  await see(heading(page, "Logga in"), "the login page");
  await login(page, user);
  await see(heading(page, "Arbetslista"), `the worklist of ${user}`);
  await see(page.locator('[data-connection="connected"]'), "a connected event stream");
}

/** What the page shows of each row. */
const rowsOf = (page) =>
  page.$$eval("li[data-episode]", (items) =>
    items.map((item) => ({
      id: item.dataset.episode,
      priority: item.querySelector(".priority strong").textContent,
      isMunicipal: item.querySelector(".row-team").textContent.includes("(kommun)"),
      isRegional: item.querySelector(".row-team").textContent.includes("(region)"),
      isOpen: item.dataset.state !== "acknowledged",
      text: item.textContent,
    })),
  );

async function screenshot(page, name) {
  if (!options.screenshots) return;
  await mkdir(options.screenshots, { recursive: true });
  await page.mouse.move(0, 0); // nothing looks pointed at
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: join(options.screenshots, `${name}.png`), animations: "disabled" });
}

/** Also at phone width and in the dark, each without overflow and legible. */
async function look(page, name) {
  await screenshot(page, name);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await mustBeAccessible(page, `${name}, ${colorScheme}`);
    await page.setViewportSize({ width: 400, height: 800 });
    await screenshot(page, `${name}-phone-${colorScheme}`);
    await page.setViewportSize({ width: 1280, height: 800 });
    if (colorScheme === "dark") await screenshot(page, `${name}-dark`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await mustFitWidth(page, 400, name);
  await mustFitWidth(page, 320, name); // WCAG 1.4.10
}

async function refuseWrongPassword(page) {
  await page.goto("/");
  await see(heading(page, "Logga in"), "the login page");
  await mustBeAccessible(page, "login");
  await login(page, options.user, "not the password");
  await see(page.getByText("Användarnamn eller lösenord stämmer inte."), "the refusal");
}

async function watchAlertsArrive(page) {
  const known = new Set((await rowsOf(page)).map(({ id }) => id));
  if (known.size === 0) {
    await see(page.getByText("Inga öppna larm för dina team."), "the empty list's words");
  }
  const mustNotReload = await markPage(page);
  if (options.ready) await writeFile(options.ready, "");
  await until(
    page,
    (ids) =>
      [...document.querySelectorAll("li[data-episode]")].some(
        (item) => !ids.includes(item.dataset.episode),
      ),
    [...known],
    "a new alert in the list",
    patienceMs,
  );
  await until(
    page,
    () => {
      const teams = [...document.querySelectorAll(".row-team")].map((team) => team.textContent);
      return ["(kommun)", "(region)"].every((kind) => teams.some((team) => team.includes(kind)));
    },
    null,
    "alerts of a municipal and of a regional team",
    patienceMs,
  );
  await mustNotReload();
  const rows = await rowsOf(page);
  if (rows.some(({ id, priority }) => priority === "P1" && !known.has(id))) {
    await see(page.getByRole("region", { name: "Nytt P1-larm" }), "the banner of a new P1");
    const announced = page.getByRole("alert").filter({ hasText: "Nytt P1-larm: P1" });
    must((await announced.count()) > 0, "a new P1 is not announced to a screen reader");
    must(
      /^\(\d+ P1\) /.test(await page.title()),
      `the title does not count P1: ${await page.title()}`,
    );
  }
  const order = rows.map(({ priority }) => priority);
  must(String(order) === String([...order].sort()), `the most urgent is not first: ${order}`);
  for (const { text } of rows) {
    must(/\d (mmol\/L|mg\/dL|kg|L|L\/min)|HI|LO/.test(text), `no value with a unit in "${text}"`);
    must(/Eskaleras|Påminnelse/.test(text), `no next action in "${text}"`);
    must(!/\bOK\b/.test(text), `"OK" in "${text}"`);
  }
  return { rows, mustNotReload };
}

/** Without a mouse. */
async function openAlert(page, id) {
  await row(page, id).getByRole("link").focus();
  await page.keyboard.press("Enter");
}

async function readAlert(page, id) {
  await openAlert(page, id);
  const article = page.locator(`article[data-episode="${id}"]`);
  await see(article, "the alert");
  const section = (name) => article.getByRole("region", { name });
  const value = await section("Senaste mätvärde och trend").locator(".latest .value").textContent();
  must(/^\d+(,\d+)? \S+|^HI|^LO/.test(value), `no value with a unit: "${value}"`);
  const chart = section("Senaste mätvärde och trend").locator("svg[role=img]");
  await see(chart, "the trend");
  must((await chart.locator(".chart-point").count()) > 0, "the trend has no point");
  await section("Senaste mätvärde och trend").getByText("Visa som tabell").click();
  must(
    (await section("Senaste mätvärde och trend").locator("tbody tr").count()) > 0,
    "the trend's table is empty",
  );
  await section("Senaste mätvärde och trend").getByText("Visa som tabell").click();
  const why = await section("Varför larmet kom").textContent();
  must(/\d/.test(why), `why it was raised names no number: "${why}"`);
  const inputs = await section("Mätvärden som larmet vilar på").textContent();
  must(
    /Hur tiden bestämdes/.test(inputs),
    "the readings it rests on do not say how their time was found",
  );
  const route = section("Varför det kom till detta team");
  must((await route.locator(".step").count()) >= 2, "the route has no steps");
  const chosen = await route.locator(".step-chosen .step-words").first().textContent();
  const team = await route.locator(".facts dd").nth(2).textContent();
  must(chosen.includes(team), `chosen is "${chosen}", enrolled is "${team}"`);
  await until(page, () => document.querySelectorAll(".events li").length >= 2, null, "the events");
  return article;
}

/** As an operator does: if the alert moved meanwhile, reads again and tries again. */
async function acknowledge(page, id) {
  const done = page.locator(`article[data-episode="${id}"] .events [data-kind="acknowledged"]`);
  const mine = page.getByText("Du har kvitterat larmet.");
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await page.getByRole("button", { name: "Kvittera" }).click();
    await until(page, () => document.querySelector("[data-notice]"), null, "an answer to Kvittera");
    if (await mine.isVisible()) return see(done, "the acknowledgement among the events");
  }
  throw new Failure("the alert could not be acknowledged in five attempts");
}

async function close(page, id) {
  const state = page.locator(`article[data-episode="${id}"][data-state="closed"]`);
  for (let attempt = 0; attempt < 5 && (await state.count()) === 0; attempt += 1) {
    // A further reading calls anew, also after the acknowledgement.
    if (await page.getByRole("button", { name: "Kvittera" }).isVisible())
      await acknowledge(page, id);
    await page.getByLabel("Kontakt tagen, råd givet").check();
    await page.getByLabel("Anteckning (frivillig)").fill("Rådgivning per telefon.");
    await page.getByRole("button", { name: "Stäng larmet" }).click();
    await until(
      page,
      () => document.querySelector("article[data-state=closed], [data-notice=fault]"),
      null,
      "an answer to Stäng larmet",
    );
  }
  await see(state, "the closed state");
}

/** A page that has the alert open, and then hears nothing more. */
async function openAndGoDeaf(browser, user, id) {
  const page = await browser.page(options.url);
  await openWorklist(page, user);
  await page.route("**/api/v1/events*", (route) => route.abort());
  await page.goto(`/alerts/${encodeURIComponent(id)}`);
  await see(page.getByRole("button", { name: "Kvittera" }), "the alert of the second operator");
  return page;
}

/** The second of two operators is told who was first, and that the list may be old. */
async function comesSecond(page) {
  await page.getByRole("button", { name: "Kvittera" }).click();
  await see(page.getByText(/hann före/), "who was first");
  await see(page.locator(`article[data-state="acknowledged"]`), "the alert as it stands now");
  const banner = page.locator(".old-banner", { hasText: "Listan kan vara gammal" });
  await see(banner, "that the list may be old");
  await page.unroute("**/api/v1/events*");
  await see(page.locator('[data-connection="connected"]'), "the connection again", 30_000);
  must(!(await banner.isVisible()), "the list is still called old after reconnecting");
}

/** From opening an alert to closing it, with a colleague who watches on another computer. */
async function dealWith(browser, page, [colleague, user], id, name) {
  const mustNotReload = await markPage(page);
  const colleagueMustNotReload = await markPage(colleague);
  await step(`${name}: value, trend, why it was raised, why this team`, () => readAlert(page, id));
  await step(`${name}: the page at other widths and in the dark`, () =>
    look(page, `alert-${name}`),
  );
  const deaf = await step(`${name}: a second operator opens it`, () =>
    openAndGoDeaf(browser, user, id),
  );
  await step(`${name}: acknowledge; the colleague sees it`, async () => {
    await see(row(colleague, id), "the alert in the colleague's list");
    await acknowledge(page, id);
    await see(
      colleague.locator(`li[data-episode="${id}"][data-state="acknowledged"]`),
      "the colleague's row changing",
    );
  });
  await step(`${name}: the second operator is told who was first`, () => comesSecond(deaf));
  await deaf.context().close();
  await step(`${name}: close; it leaves both lists`, async () => {
    await close(page, id);
    await seeGone(row(colleague, id), "the row in the colleague's list");
    await page.getByRole("link", { name: "Till arbetslistan" }).click();
    await see(heading(page, "Arbetslista"), "the worklist");
    must((await row(page, id).count()) === 0, "the closed alert is still in the list");
    await page.getByRole("link", { name: "Stängda larm" }).click();
    await see(row(page, id), "the alert among the closed ones");
    await page.getByRole("link", { name: "Arbetslista" }).click();
    await see(heading(page, "Arbetslista"), "the worklist");
  });
  await mustNotReload();
  await colleagueMustNotReload();
}

async function switchLanguage(page) {
  await page.getByRole("button", { name: "In English" }).click();
  await see(heading(page, "Worklist"), "the worklist in English");
  must((await page.getAttribute("html", "lang")) === "en", "the page does not say it is English");
  await page.reload();
  await see(heading(page, "Worklist"), "English after loading again");
  await page.getByRole("button", { name: "På svenska" }).click();
  await see(heading(page, "Arbetslista"), "the worklist in Swedish");
}

async function seesOnlyOwn(page, foreignId) {
  const rows = await rowsOf(page);
  must(
    rows.every((each) => each.isMunicipal),
    "kommun sees alerts of another care giver",
  );
  await page.goto(`/alerts/${encodeURIComponent(foreignId)}`);
  await see(
    page.getByText("Larmet finns inte, eller hör inte till något av dina team."),
    "the refusal",
  );
  await page.goto("/");
}

/** The session ends behind the operator's back: login, and on where he was going. */
async function loseSession(page) {
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Stängda larm" }).click();
  await see(heading(page, "Logga in"), "the login page");
  await see(page.getByText("Din inloggning har upphört."), "why there is a login");
  await login(page, options.user);
  await see(heading(page, "Stängda larm"), "the page that was asked for");
}

async function logoutAndBack(page, path) {
  await page.goto(path);
  await see(page.getByRole("link", { name: "Till arbetslistan" }), "the alert's page");
  await page.getByRole("button", { name: "Logga ut" }).click();
  await see(heading(page, "Logga in"), "the login page");
  await page.reload();
  await see(heading(page, "Logga in"), "the login page after loading again");
  must(
    (await page.locator("article").count()) === 0,
    "patient data is on the screen without login",
  );
  await login(page, options.user);
  await see(page.locator("article[data-episode]"), "the same page after login");
  await page.getByRole("button", { name: "Logga ut" }).click();
  await see(heading(page, "Logga in"), "the login page");
}

/** Nobody watches the patient yet, and the operator is told so before anything else. */
async function seeUnwatched(page) {
  await page.locator("[data-unwatched]").getByRole("link", { name: "1 patient bevakas inte" }).click();
  await see(heading(page, "Patienter"), "the patients");
  const patient = page.locator('li[data-patient][data-monitored="false"]');
  await see(patient, "the patient whom nobody watches");
  const words = await patient.textContent();
  must(/⚠ Bevakas inte: hubben är tyst eller kan inte samla in/.test(words), `no reason: "${words}"`);
  await look(page, "patients");
  await page.getByRole("link", { name: "Arbetslista" }).click();
  await see(heading(page, "Arbetslista"), "the worklist");
}

async function technicianTakesIt(page) {
  await page.goto("/");
  await see(heading(page, "Logga in"), "the login page");
  await login(page, "tekniker");
  await page.getByRole("link", { name: "Tekniska larm" }).click();
  const alert = page.locator('li[data-kind="radio-dead"]');
  await see(alert, "the alert of the dead radio");
  const words = await alert.textContent();
  for (const expected of ["Radion fungerar inte", "check that it is plugged in", "1 obevakade"]) {
    must(words.includes(expected), `no "${expected}" in "${words}"`);
  }
  must(!/Testsson/.test(await page.locator("main").textContent()), "a technician sees a name");
  await look(page, "technical");
  await page.getByRole("button", { name: "In English" }).click();
  await see(heading(page, "Technical alerts"), "the page in English");
  await see(alert.getByText("The radio does not work"), "the kind in English");
  await page.getByRole("button", { name: "På svenska" }).click();
  await alert.getByRole("button", { name: /^Jag tar hand om det/ }).click();
  await see(alert.getByText("Tove Teknik tar hand om det"), "who sees to it");
  must((await alert.getByRole("button").count()) === 0, "it can be taken twice");
}

/** The hub has started meanwhile and says that its radio works. */
async function technicianSeesItGone(page) {
  const alert = page.locator('li[data-kind="radio-dead"]');
  await seeGone(alert, "the alert of the dead radio among the open ones", 60_000);
  await page.getByRole("button", { name: "Avslutade" }).click();
  await see(alert.getByText("Tove Teknik tar hand om det"), "the alert among the cleared ones");
  await page.goto("/patients/p-7f3a");
  await see(page.getByText(/inte inskriven hos något av dina team/), "that it is not his patient");
}

async function pauseAndEnd(page) {
  await page.getByRole("link", { name: "Patienter" }).click();
  await see(page.locator('li[data-monitored="true"]'), "the patient, watched now");
  must((await page.locator("[data-unwatched]").count()) === 0, "still told as unwatched");
  await page.getByRole("link", { name: "Test Testsson" }).click();
  const article = page.locator("article[data-patient]");
  await see(article.locator('[data-rule="glucose-low"]').getByText("Skyddsgolv"), "a floor rule");
  const choice = page.getByLabel("Regel", { exact: true });
  const options = await choice.locator("option").allTextContents();
  must(!options.includes("Lågt blodsocker"), "a floor rule can be chosen for a pause");
  await choice.selectOption({ label: "Sänkt FEV1" });
  await page.getByLabel("Hur länge").selectOption({ label: "3 dygn" });
  await page.getByLabel("Varför").fill("Inlagd på sjukhus till torsdag.");
  await page.getByRole("button", { name: "Pausa regeln" }).click();
  const pause = article.locator("li[data-pause]");
  await see(pause.getByText(/^Pausa(s|d)/), "until when it is paused");
  const words = await pause.textContent();
  must(/av Olle Operatör/.test(words) && /torsdag/.test(words), `not who and why: "${words}"`);
  await look(page, "patient");
  await page.getByRole("button", { name: "Avsluta pausen av Sänkt FEV1" }).click();
  await see(pause.getByText(/avslutad av Olle Operatör/), "who ended it");
  must((await pause.getByRole("button").count()) === 0, "it can be ended twice");
  await page.getByRole("link", { name: "Arbetslista" }).click();
  await see(heading(page, "Arbetslista"), "the worklist");
}

async function story(browser) {
  const page = await browser.page(options.url);
  await step("a wrong password is refused", () => refuseWrongPassword(page));
  await step("login", () => openWorklist(page, options.user));
  const [kommun, region] = [await browser.page(options.url), await browser.page(options.url)];
  await step("colleagues log in", async () => {
    await openWorklist(kommun, "kommun");
    await openWorklist(region, "region");
  });
  const technician = await browser.page(options.url);
  await step("a patient whom nobody watches is told", () => seeUnwatched(page));
  await step("a technician takes the dead radio", () => technicianTakesIt(technician));
  const { rows, mustNotReload } = await step("alerts arrive in the open page", () =>
    watchAlertsArrive(page),
  );
  const municipal = rows.find((each) => each.isMunicipal && each.isOpen);
  const regional = rows.filter((each) => each.isRegional && each.isOpen);
  must(municipal && regional[0], "no unacknowledged alert of each team to deal with");
  await mustNotReload();
  await step("the worklist at other widths and in the dark", () => look(page, "worklist"));
  await dealWith(browser, page, [kommun, "kommun"], municipal.id, "municipal");
  await dealWith(browser, page, [region, "region"], regional[0].id, "regional");
  await step("the technician sees it gone", () => technicianSeesItGone(technician));
  await step("pause a rule, and end the pause", () => pauseAndEnd(page));
  await step("English and back", () => switchLanguage(page));
  await step("the municipality sees only its own", () => seesOnlyOwn(kommun, regional[0].id));
  await step("the session ends: login, and on", () => loseSession(page));
  const path = `/alerts/${encodeURIComponent(municipal.id)}`;
  await step("logout, login, the same page, logout", () => logoutAndBack(page, path));
  await step("no fault in any page", () => browser.mustBeClean());
}

async function main() {
  if (!options.url) throw new Failure("--url is missing: --url http://127.0.0.1:8080");
  const browser = await step("start Chromium", () => Browser.launch(options.chromium));
  try {
    await story(browser);
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (fault) {
  console.error(`operator: FAILED: ${fault instanceof Failure ? fault.message : fault.stack}`);
  process.exitCode = 1;
}
