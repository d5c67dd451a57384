// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What is paused, until when, by whom and why; and the form for a pause.

import { type FormEvent, type ReactNode, useState } from "react";

import { Problem, api } from "../api/client";
import type { PatientDetail, Pause, WatchingRule } from "../api/types";
import { now as present } from "../format/clock";
import { when } from "../format/time";
import { pauseRefusalText } from "../format/value";
import { type Texts, useTexts } from "../texts";
import { type Notice, NoticeLine, faultText } from "./actions";

interface Props {
  detail: PatientDetail;
  now: number;
  onChange: (detail: PatientDetail) => void;
}

const hourMs = 3_600_000;
/** The longest is a little less than what the backend takes. */
const lengths = [8, 24, 3 * 24, 7 * 24, 14 * 24, 30 * 24 - 1];

const rulesOf = (detail: PatientDetail): WatchingRule[] =>
  detail.enrolments.flatMap(({ rules }) => rules);

export function ruleTitle({ of }: Texts, detail: PatientDetail, rule: string): string {
  const title = rulesOf(detail).find((each) => each.rule === rule)?.title;
  return title ? of(title) : rule;
}

function refusalText(texts: Texts, problem: Problem): string {
  return pauseRefusalText(texts.language, problem.why) || faultText(texts, problem);
}

export function Pauses({ detail, now, onChange }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const [isBusy, setBusy] = useState(false);
  const [notice, setNotice] = useState<Notice | null>(null);

  async function change(ask: () => Promise<PatientDetail>, done: string): Promise<boolean> {
    if (isBusy) return false;
    setBusy(true);
    setNotice(null);
    try {
      onChange(await ask());
      setNotice({ isFault: false, text: done });
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setNotice({ isFault: true, text: refusalText(texts, problem) });
      return false;
    } finally {
      setBusy(false);
    }
  }

  const person = detail.patient.id;
  const mayPause = new Set(rulesOf(detail).filter((one) => one.may_pause).map((one) => one.rule));
  const active = detail.pauses.filter((pause) => pause.active);
  const over = detail.pauses.filter((pause) => !pause.active);
  const pausable = [...mayPause].filter((rule) => !active.some((pause) => pause.rule === rule));
  return (
    <>
      <NoticeLine notice={notice} />
      {active.length === 0 && <p>{t("pause.none")}</p>}
      {active.length > 0 && (
        <ul className="pauses">
          {active.map((pause) => (
            <PauseItem key={pause.id} pause={pause} detail={detail} now={now}>
              {mayPause.has(pause.rule) && pause.ended_at === null && (
                <button
                  type="button"
                  aria-disabled={isBusy}
                  aria-label={t("pause.endNamed", { rule: ruleTitle(texts, detail, pause.rule) })}
                  onClick={() =>
                    void change(() => api.endPause(person, pause.id), t("pause.endDone"))
                  }
                >
                  {t("pause.end")}
                </button>
              )}
            </PauseItem>
          ))}
        </ul>
      )}
      {pausable.length > 0 && (
        <PauseForm
          rules={pausable.map((rule) => ({ rule, title: ruleTitle(texts, detail, rule) }))}
          isBusy={isBusy}
          onPause={(rule, hours, reason) => {
            const until = new Date(present() + hours * hourMs).toISOString();
            return change(() => api.pause(person, rule, until, reason), t("pause.done"));
          }}
        />
      )}
      {over.length > 0 && (
        <details>
          <summary>{t("pause.history")}</summary>
          <ul className="pauses">
            {over.map((pause) => (
              <PauseItem key={pause.id} pause={pause} detail={detail} now={now} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

export function pauseStateText({ t, language }: Texts, pause: Pause, now: number): string {
  const at = (time: string) => when(language, Date.parse(time), now);
  const until = at(pause.ended_at ?? pause.until);
  if (!pause.active) return t("pause.over", { at: until });
  if (Date.parse(pause.from) > now) return t("pause.coming", { from: at(pause.from), until });
  return t("pause.active", { until });
}

interface ItemProps {
  pause: Pause;
  detail: PatientDetail;
  now: number;
  children?: ReactNode;
}

function PauseItem({ pause, detail, now, children }: ItemProps) {
  const texts = useTexts();
  const { t } = texts;
  return (
    <li data-pause={pause.id} data-active={pause.active}>
      <p>
        <strong>{ruleTitle(texts, detail, pause.rule)}</strong>{" "}
        <span className={pause.active ? "warning-text" : "muted"}>
          {pauseStateText(texts, pause, now)}
        </span>{" "}
        <span>
          {t("pause.by", { name: pause.by.name || pause.by.username })}
          {pause.ended_by && `, ${t("pause.endedBy", { name: pause.ended_by.name })}`}
        </span>
      </p>
      <p className="small">{pause.reason}</p>
      {children}
    </li>
  );
}

interface FormProps {
  rules: { rule: string; title: string }[];
  isBusy: boolean;
  onPause: (rule: string, hours: number, reason: string) => Promise<boolean>;
}

function PauseForm({ rules, isBusy, onPause }: FormProps) {
  const { t } = useTexts();
  const [rule, setRule] = useState("");
  const [hours, setHours] = useState(24);
  const [reason, setReason] = useState("");
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await onPause(rule, hours, reason.trim())) {
      setRule("");
      setReason("");
    }
  }
  const lengthName = (length: number) =>
    length <= 24
      ? t("pause.hours", { n: length })
      : t("pause.days", { n: Math.ceil(length / 24) });
  return (
    <form className="act" onSubmit={(event) => void submit(event)} aria-labelledby="h-pause-form">
      <h3 id="h-pause-form">{t("pause.start")}</h3>
      <label htmlFor="pause-rule">{t("pause.rule")}</label>
      <select
        id="pause-rule"
        required
        value={rule}
        onChange={(event) => setRule(event.target.value)}
      >
        <option value="">{t("pause.chooseRule")}</option>
        {rules.map((each) => (
          <option key={each.rule} value={each.rule}>
            {each.title}
          </option>
        ))}
      </select>
      <label htmlFor="pause-length">{t("pause.length")}</label>
      <select
        id="pause-length"
        value={hours}
        onChange={(event) => setHours(Number(event.target.value))}
      >
        {lengths.map((each) => (
          <option key={each} value={each}>
            {lengthName(each)}
          </option>
        ))}
      </select>
      <label htmlFor="pause-reason">{t("pause.reason")}</label>
      <input
        id="pause-reason"
        required
        maxLength={250}
        value={reason}
        aria-describedby="pause-hint"
        onChange={(event) => setReason(event.target.value)}
      />
      <p id="pause-hint" className="small muted">
        {t("pause.reasonHint")} {t("pause.note")}
      </p>
      <button type="submit" className="main-button" aria-disabled={isBusy}>
        {t(isBusy ? "act.busy" : "pause.submit")}
      </button>
    </form>
  );
}
