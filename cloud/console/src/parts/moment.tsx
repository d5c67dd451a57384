// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A moment on the screen: short to read, exact on hover, and for machines in UTC.

import { ago, fullTime, when } from "../format/time";
import { useTexts } from "../texts";

interface Props {
  at: string;
  now: number;
  /** "14:32 (för 2 min sedan)" instead of "14:32". */
  withAge?: boolean;
}

export function Moment({ at, now, withAge = false }: Props) {
  const { language } = useTexts();
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={fullTime(moment)}>
      {when(language, moment, now)}
      {withAge && ` (${ago(language, moment, now)})`}
    </time>
  );
}
