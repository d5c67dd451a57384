// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What an operator can do with an alert: take it upon himself, and close it with a reason. Each
// act names the version it was decided upon; whoever comes second is told who was first.

import { type FormEvent, useEffect, useRef, useState } from "react";

import { Problem, api } from "../api/client";
import { type CloseReason, type EpisodeDetail, type User, closeReasons } from "../api/types";
import { isUnaccepted } from "../live/worklist";
import { type Texts, useTexts } from "../texts";

interface Props {
  episode: EpisodeDetail;
  user: User;
  onChange: (episode: EpisodeDetail) => void;
}

export interface Notice {
  isFault: boolean;
  text: string;
}

/** Who did last what makes `act` impossible now. */
export function conflictText({ t }: Texts, current: EpisodeDetail | null, user: User): string {
  if (!current) return t("act.changed");
  const kind =
    current.state === "closed" ? "closed" : isUnaccepted(current) ? null : "acknowledged";
  const by = current.events.findLast((event) => event.kind === kind)?.by ?? null;
  if (kind === null || !by || by.username === user.username) return t("act.changed");
  return t(kind === "closed" ? "act.firstClosed" : "act.first", { name: by.name });
}

export function faultText(texts: Texts, problem: Problem): string {
  if (problem.status === 0) return texts.t("app.unreachable");
  return texts.t("app.failed", { detail: problem.detail });
}

function useAct({ user, onChange }: Props) {
  const texts = useTexts();
  const [isBusy, setBusy] = useState(false);
  const [notice, setNotice] = useState<Notice | null>(null);
  async function act(ask: () => Promise<EpisodeDetail>, done: string) {
    if (isBusy) return;
    setBusy(true);
    setNotice(null);
    try {
      onChange(await ask());
      setNotice({ isFault: false, text: done });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.current) onChange(problem.current);
      const isConflict = problem.status === 409;
      const text = isConflict
        ? conflictText(texts, problem.current, user)
        : faultText(texts, problem);
      setNotice({ isFault: true, text });
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, notice, act, say: setNotice };
}

/** Takes the focus when it appears: the button that led here may be gone. */
export function NoticeLine({ notice }: { notice: Notice | null }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (notice) line.current?.focus();
  }, [notice]);
  return (
    <p
      ref={line}
      tabIndex={-1}
      role={notice?.isFault ? "alert" : "status"}
      className={notice ? (notice.isFault ? "fault" : "notice") : "hidden"}
      data-notice={notice ? (notice.isFault ? "fault" : "done") : undefined}
    >
      {notice?.text}
    </p>
  );
}

export function Actions(props: Props) {
  const { episode } = props;
  const { t } = useTexts();
  const { isBusy, notice, act, say } = useAct(props);
  const acknowledge = () =>
    act(() => api.acknowledge(episode.id, episode.version), t("act.acknowledged"));
  return (
    <>
      <NoticeLine notice={notice} />
      {isUnaccepted(episode) && (
        <div className="act">
          <button
            type="button"
            className="main-button"
            aria-disabled={isBusy}
            onClick={() => void acknowledge()}
          >
            {t(isBusy ? "act.busy" : "act.acknowledge")}
          </button>
          <p className="small muted">
            {t("act.acknowledgeNote")} {t("act.closeAfter")}
          </p>
        </div>
      )}
      {!isUnaccepted(episode) && episode.state !== "closed" && (
        <CloseForm
          isBusy={isBusy}
          onMissing={() => say({ isFault: true, text: t("act.chooseReason") })}
          onClose={(reason, note) =>
            void act(() => api.close(episode.id, episode.version, reason, note), t("act.closed"))
          }
        />
      )}
    </>
  );
}

interface CloseFormProps {
  isBusy: boolean;
  onMissing: () => void;
  onClose: (reason: CloseReason, note: string) => void;
}

function CloseForm({ isBusy, onMissing, onClose }: CloseFormProps) {
  const { t } = useTexts();
  const [reason, setReason] = useState<CloseReason | "">("");
  const [note, setNote] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    if (reason === "") onMissing();
    else onClose(reason, note.trim());
  }
  return (
    <form className="act" onSubmit={submit} noValidate>
      <fieldset>
        <legend>{t("act.reason")}</legend>
        {closeReasons.map((each) => (
          <label key={each} className="choice">
            <input
              type="radio"
              name="reason"
              value={each}
              checked={reason === each}
              onChange={() => setReason(each)}
            />
            {t(`reason.${each}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor="note">{t("act.note")}</label>
      <textarea
        id="note"
        rows={2}
        maxLength={1000}
        value={note}
        aria-describedby="note-hint"
        onChange={(event) => setNote(event.target.value)}
      />
      <p id="note-hint" className="small muted">
        {t("act.noteHint")}
      </p>
      <button type="submit" className="main-button" aria-disabled={isBusy}>
        {t(isBusy ? "act.busy" : "act.close")}
      </button>
    </form>
  );
}
