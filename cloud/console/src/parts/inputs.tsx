// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The readings that an alert rests on, with how sure their time is and what speaks against them.

import type { Observation } from "../api/types";
import { fullTime, uncertainty } from "../format/time";
import { codeName, flagName, methodName, quantityWithDevice } from "../format/value";
import { type Texts, useTexts } from "../texts";

function deviceClock(observation: Observation): string | null {
  const { device_time: stamp } = observation;
  if (!stamp) return null;
  return `${stamp.at.replace("T", " ")}${stamp.timeline === "utc" ? " UTC" : ""}`;
}

/** Name and text of each thing known about a reading; what is not known is not there. */
export function factsOf({ t, language }: Texts, observation: Observation): [string, string][] {
  const { flags, record_number: record, slot } = observation;
  const device = [observation.device];
  if (slot !== undefined) device.push(`#${slot}`);
  if (record !== undefined) device.push(t("input.record", { n: record }));
  if (observation.revision > 1) device.push(t("input.revision", { n: observation.revision - 1 }));
  const own = deviceClock(observation);
  const isPlaced = observation.time_method !== "unanchored";
  const words = flags.map((flag) => flagName(language, flag)).join("; ");
  return [
    [t("input.at"), fullTime(Date.parse(observation.at))],
    [t("input.method"), methodName(language, observation.time_method)],
    ...(isPlaced
      ? [
          [t("input.uncertainty"), uncertainty(language, observation.uncertainty_ms)] as [
            string,
            string,
          ],
        ]
      : []),
    ...(own ? [[t("input.deviceTime"), own] as [string, string]] : []),
    [t("input.received"), fullTime(Date.parse(observation.received_at))],
    [t("input.device"), device.join(", ")],
    [t("input.flags"), words || t("input.noFlags")],
  ];
}

export function Inputs({ inputs }: { inputs: Observation[] }) {
  const texts = useTexts();
  const { language } = texts;
  return (
    <ul className="inputs">
      {inputs.map((input, index) => (
        <li key={`${input.reading} ${input.code}`}>
          {/* The newest one decided; the others are the run it is judged against. */}
          <details open={index === 0}>
            <summary>
              <strong>
                {codeName(language, input.code)} {quantityWithDevice(language, input)}
              </strong>
              <span className="muted small"> {fullTime(Date.parse(input.at))}</span>
              {input.flags.length > 0 && <span className="warning-text"> ⚠</span>}
            </summary>
            <dl className="facts">
              {factsOf(texts, input).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}
