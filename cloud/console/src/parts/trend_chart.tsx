// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The course of the alert's signal: drawn, in one sentence, and as a table.

import { useEffect, useRef, useState } from "react";

import type { Trend, TrendPoint } from "../api/types";
import { clockTime, duration, fullTime, localOf, shortDate, when } from "../format/time";
import { codeName, decimal, flagName, quantity, unitName } from "../format/value";
import { type Texts, useTexts } from "../texts";
import {
  type Geometry,
  type Range,
  geometryOf,
  inSpan,
  isCounted,
  margin,
  ranges,
} from "./trend_geometry";

interface Props {
  trend: Trend;
  /** Keys of the readings that the alert rests on. */
  inputs: ReadonlySet<string>;
  now: number;
}

const height = 276;

/** Glucose moves within hours, the others over weeks. What the alert rests on is in the picture,
 *  and it is never nearly empty beside a fuller one. */
export function firstRange(
  { code, points }: Trend,
  inputs: ReadonlySet<string>,
  now: number,
): Range {
  if (code !== "glucose") return "30d";
  const week = inSpan(points, now - ranges["7d"], now);
  const inputsIn = (plotted: { point: TrendPoint }[]) =>
    plotted.filter(({ point }) => inputs.has(point.reading)).length;
  const isWhole = inputsIn(week) === inputsIn(inSpan(points, now - ranges["30d"], now));
  return isWhole && week.length >= 3 ? "7d" : "30d";
}

/** `now` is renewed only now and then: a reading that has just come is drawn all the same. One
 *  from further ahead has a wrong time and must not stretch the axis. */
export function spanEnd({ points }: Trend, now: number): number {
  const newest = Math.max(now, ...points.slice(-1).map(({ at }) => Date.parse(at)));
  return Math.min(newest, now + 60_000);
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(240, Math.round(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}

export function summaryOf(
  { t, language }: Texts,
  trend: Trend,
  from: number,
  until: number,
): string {
  const code = codeName(language, trend.code);
  const counted = inSpan(trend.points, from, until).filter((p) => p.isCounted);
  const numbers = counted.filter((p) => p.value !== null);
  const first = counted[0];
  const last = counted.at(-1);
  if (!first || !last) return t("trend.summaryNone", { code });
  const say = (value: string) => quantity(language, { value, unit: trend.unit });
  const byValue = [...numbers].sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  const isLow = counted.find((p) => p.point.value === "LO");
  const isHigh = counted.find((p) => p.point.value === "HI");
  return t("trend.summary", {
    code,
    n: counted.length,
    from: when(language, first.at, until),
    until: when(language, last.at, until),
    low: say(isLow?.point.value ?? byValue[0]?.point.value ?? last.point.value),
    high: say(isHigh?.point.value ?? byValue.at(-1)?.point.value ?? last.point.value),
    latest: say(last.point.value),
  });
}

export function TrendChart({ trend, inputs, now }: Props) {
  const texts = useTexts();
  const { t, language } = texts;
  const [box, width] = useWidth();
  const [range, setRange] = useState<Range>(() => firstRange(trend, inputs, now));
  const until = spanEnd(trend, now);
  const from = until - ranges[range];
  const drawn = geometryOf(trend.points, from, until, width, height);
  const summary = summaryOf(texts, trend, from, until);
  return (
    <div className="trend">
      <div className="range" role="group" aria-label={t("trend.range")}>
        {(Object.keys(ranges) as Range[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === range}
            onClick={() => setRange(name)}
          >
            {t(`trend.${name}`)}
          </button>
        ))}
      </div>
      <div ref={box} className="chart-box">
        <svg
          className="chart"
          role="img"
          aria-label={summary}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          <Axes drawn={drawn} width={width} range={range} unit={trend.unit} now={now} />
          {drawn.lines.map((line) => (
            <polyline key={line} className="chart-line" points={line} />
          ))}
          {drawn.plotted.map((p) => (
            <Mark
              key={p.point.reading}
              p={p}
              isInput={inputs.has(p.point.reading)}
              unit={trend.unit}
            />
          ))}
        </svg>
      </div>
      <p className="small">{summary}</p>
      <Legend drawn={drawn} inputs={inputs} />
      <details>
        <summary>{t("trend.table")}</summary>
        <Table trend={trend} inputs={inputs} from={from} until={until} />
      </details>
      <p className="small muted">
        {drawn.gapMs !== null &&
          `${t("trend.gap", { duration: duration(language, drawn.gapMs) })} `}
        {drawn.failed > 0 && `${t("trend.failed", { n: drawn.failed })} `}
        {t("trend.limits")}
      </p>
    </div>
  );
}

interface AxesProps {
  drawn: Geometry;
  width: number;
  range: Range;
  unit: string;
  now: number;
}

function Axes({ drawn, width, range, unit, now }: AxesProps) {
  const { language } = useTexts();
  const bottom = height - margin.bottom;
  const timeLabel = (at: number) =>
    range === "24h" && localOf(at).hour !== 0 ? clockTime(at) : shortDate(language, at, now);
  return (
    <g className="chart-axes">
      {drawn.yTicks.map(({ at, position }) => (
        <g key={at}>
          <line x1={margin.left} x2={width - margin.right} y1={position} y2={position} />
          <text x={margin.left - 8} y={position + 4} textAnchor="end">
            {decimal(language, at.toFixed(drawn.yDecimals))}
          </text>
        </g>
      ))}
      {drawn.xTicks.map(({ at, position }) => (
        <g key={at}>
          <line x1={position} x2={position} y1={bottom} y2={bottom + 5} />
          <text
            x={Math.min(position, width - margin.right - 4)}
            y={bottom + 20}
            textAnchor={position > width - margin.right - 24 ? "end" : "middle"}
          >
            {timeLabel(at)}
          </text>
        </g>
      ))}
      <line
        className="chart-base"
        x1={margin.left}
        x2={width - margin.right}
        y1={bottom}
        y2={bottom}
      />
      <text className="chart-unit" x={2} y={14}>
        {unitName(unit)}
      </text>
    </g>
  );
}

interface MarkProps {
  p: Geometry["plotted"][number];
  isInput: boolean;
  unit: string;
}

/** Round: a number; triangle at the edge: HI or LO; hollow: does not count; ringed: an input. */
function Mark({ p, isInput, unit }: MarkProps) {
  const { language } = useTexts();
  const { x, y, point } = p;
  const flags = point.flags.map((flag) => flagName(language, flag));
  const words = [fullTime(p.at), quantity(language, { value: point.value, unit }), ...flags].join(
    ", ",
  );
  const turned = point.value === "HI" ? -1 : 1;
  return (
    <g className={p.isCounted ? "chart-point" : "chart-point hollow"}>
      <title>{words}</title>
      {isInput && <circle className="chart-ring" cx={x} cy={y} r={9} />}
      {p.value === null ? (
        <path d={`M${x} ${y} l-5 ${-9 * turned} h10 z`} />
      ) : (
        <circle cx={x} cy={y} r={3.5} />
      )}
    </g>
  );
}

function Legend({ drawn, inputs }: { drawn: Geometry; inputs: ReadonlySet<string> }) {
  const { t } = useTexts();
  const hasInput = drawn.plotted.some((p) => inputs.has(p.point.reading));
  const hasHollow = drawn.plotted.some((p) => !p.isCounted);
  const hasOutside = drawn.plotted.some((p) => p.value === null);
  if (!hasInput && !hasHollow && !hasOutside) return null;
  return (
    <ul className="legend small">
      {hasInput && (
        <li>
          <svg viewBox="0 0 22 22" aria-hidden="true" className="chart-point">
            <circle className="chart-ring" cx="11" cy="11" r="9" />
            <circle cx="11" cy="11" r="3.5" />
          </svg>
          {t("trend.input")}
        </li>
      )}
      {hasHollow && (
        <li>
          <svg viewBox="0 0 22 22" aria-hidden="true" className="chart-point hollow">
            <circle cx="11" cy="11" r="4" />
          </svg>
          {t("trend.flagged")}
        </li>
      )}
      {hasOutside && (
        <li>
          <svg viewBox="0 0 22 22" aria-hidden="true" className="chart-point">
            <path d="M11 16 l-5 -9 h10 z" />
          </svg>
          {t("trend.outside")}
        </li>
      )}
    </ul>
  );
}

interface TableProps {
  trend: Trend;
  inputs: ReadonlySet<string>;
  from: number;
  until: number;
}

function Table({ trend, inputs, from, until }: TableProps) {
  const { t, language } = useTexts();
  const isInside = ({ at }: TrendPoint) => Date.parse(at) >= from && Date.parse(at) <= until;
  const rows = trend.points.filter(isInside).reverse();
  const note = (point: TrendPoint) => {
    const words = point.flags.map((flag) => flagName(language, flag));
    if (!isCounted(point)) words.push(t("trend.flagged"));
    if (inputs.has(point.reading)) words.unshift(t("trend.input"));
    return words.join("; ");
  };
  const unit = unitName(trend.unit);
  return (
    <div className="table-box" tabIndex={0} role="group" aria-label={t("trend.table")}>
      <table>
        <caption>{t("trend.tableCaption", { code: codeName(language, trend.code), unit })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("trend.time")}</th>
            <th scope="col">{t("trend.valueColumn")}</th>
            <th scope="col">{t("trend.noteColumn")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.reading}>
              <td>{fullTime(Date.parse(point.at))}</td>
              <td>{quantity(language, { value: point.value, unit: trend.unit })}</td>
              <td>{note(point)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
