/** The lanes: a column a task, a row a step, and the pairs of orders as arrows between them. */
import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ViewedPair, ViewerData } from '../../src/explain/viewer-data.js';
import './lanes.css';
import { type Arrow, arrowOf, GUTTER, laneLeft, laneWidth, ROW, type RowBox, rowBoxes } from './layout.js';
import { memo } from './memo.js';
import { stepText } from './state.js';

interface LanesProps {
  readonly data: ViewerData;
  readonly at: number;
  readonly showsAll: boolean;
  readonly go: (step: number) => void;
}

export function Lanes({ data, at, showsAll, go }: LanesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => setRoom(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const boxes = useMemo(() => rowBoxes(data), [data]);
  const width = laneWidth(room, data.tasks.length);
  const total = laneLeft(data.tasks.length - 1, width) + width;
  const box = boxes.steps[at];
  const left = laneLeft(data.steps[at]?.task ?? 0, width);
  useEffect(() => {
    if (scroller.current && box) reveal(scroller.current, box, left, width);
  }, [box, left, width]);
  return (
    <div class="hv-lanes" ref={scroller} tabIndex={-1}>
      <div class="hv-heads" style={{ width: `${total}px` }}>
        {data.tasks.map(({ name }, lane) => (
          <div
            key={lane}
            class="hv-head"
            title={name}
            style={{ left: `${laneLeft(lane, width)}px`, width: `${width}px`, '--lane': laneColour(lane) }}
          >
            {name}
          </div>
        ))}
      </div>
      <div class="hv-rows" style={{ width: `${total}px`, height: `${boxes.height}px` }}>
        {box && <div class="hv-cursor" style={{ top: `${box.top}px`, height: `${box.height}px` }} />}
        <Arrows data={data} at={at} boxes={boxes} width={width} total={total} showsAll={showsAll} />
        <Rows data={data} boxes={boxes} width={width} go={go} />
        {box && <Shade top={box.top + box.height} until={boxes.height} />}
        <Current data={data} at={at} />
      </div>
      {data.finding && data.steps.every(({ mark }) => mark === '') && (
        <p class="hv-legend hv-verdict">⟹ {data.finding.title}</p>
      )}
      {data.pairs.length > 0 && (
        <p class="hv-legend">
          Arrows: <b>━ ①</b> an order that it needs; <b>─</b> needed as well; <b>╌</b> one of a set; <b>┈</b> another
          conflicting pair. Dim: left out in the text diagram.
        </p>
      )}
    </div>
  );
}

export const laneColour = (lane: number): string => `var(--task-${lane % 8})`;

/** Scrolls the lanes, and nothing else, until the step is in view with something around it. */
function reveal(element: HTMLElement, { top, height }: RowBox, left: number, width: number): void {
  if (left < element.scrollLeft + GUTTER) element.scrollLeft = left - GUTTER;
  else if (left + width > element.scrollLeft + element.clientWidth)
    element.scrollLeft = left + width - element.clientWidth;
  const margin = 3 * ROW;
  const heads = 30;
  if (top < element.scrollTop + margin) element.scrollTop = Math.max(0, top - margin);
  else if (top + height > element.scrollTop + element.clientHeight - heads - margin)
    element.scrollTop = top + height + heads + margin - element.clientHeight;
}

/** What has not happened yet. */
function Shade({ top, until }: { readonly top: number; readonly until: number }) {
  return <div class="hv-shade" style={{ top: `${top}px`, height: `${Math.max(0, until - top)}px` }} />;
}

/** Marks the current row's button for assistive technology, without drawing all rows anew. */
function Current({ data, at }: { readonly data: ViewerData; readonly at: number }) {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const row = here.current?.parentElement?.querySelector(`[data-step="${at}"]`);
    row?.setAttribute('aria-current', 'step');
    return () => row?.removeAttribute('aria-current');
  }, [data, at]);
  return <span ref={here} hidden />;
}

interface RowsProps {
  readonly data: ViewerData;
  readonly boxes: ReturnType<typeof rowBoxes>;
  readonly width: number;
  readonly go: (step: number) => void;
}

/** Drawn once: of a run of two thousand steps only the cursor moves. */
const Rows = memo(({ data, boxes, width, go }: RowsProps) => {
  const { steps, tasks, later, window } = data;
  const place = (lane: number, { top, height }: RowBox) => ({
    top: `${top}px`,
    height: `${height}px`,
    left: `${laneLeft(lane, width)}px`,
    width: `${width}px`,
    '--lane': laneColour(lane),
  });
  const first = boxes.later[0];
  return (
    <>
      {steps.map((step, i) => {
        const box = boxes.steps[i];
        if (!box) return null;
        const kind = `hv-step${step.row < 0 ? ' hv-minor' : ''}${step.mark === '' ? '' : ' hv-failed'}`;
        return (
          <Fragment key={i}>
            <span class="hv-number" style={{ top: `${box.middle - ROW / 2}px`, width: `${GUTTER - 10}px` }}>
              {window.before + i + 1}
            </span>
            <button
              type="button"
              class={kind}
              data-step={i}
              tabIndex={-1}
              title={`${tasks[step.task]?.name}, ${stepText(step)}`}
              style={place(step.task, box)}
              onClick={() => go(i)}
            >
              {box.hasNote && <span class="hv-note">⚡ {preempted(data, i)}</span>}
              {box.hasHead && <span class="hv-function">{step.function}</span>}
              <span class="hv-text">{step.text}</span>
              {box.hasMark && <strong class="hv-mark">⟸ {step.mark}</strong>}
            </button>
          </Fragment>
        );
      })}
      {first && (
        <p class="hv-later" style={{ top: `${first.top - 22}px`, left: `${GUTTER}px` }}>
          The run ends too early for:
        </p>
      )}
      {later.map(({ task, function: name, text }, i) => {
        const box = boxes.later[i];
        return (
          box && (
            <div key={i} class="hv-step hv-ghost" title={`${name}: ${text}`} style={place(task, box)}>
              <span class="hv-function">{name}</span>
              <span class="hv-text">{text}</span>
            </div>
          )
        );
      })}
    </>
  );
});

function preempted({ steps, tasks }: ViewerData, at: number): string {
  const before = steps[at - 1];
  return before ? `preempts ${tasks[before.task]?.name ?? ''}` : 'preempts';
}

interface ArrowsProps {
  readonly data: ViewerData;
  readonly at: number;
  readonly boxes: ReturnType<typeof rowBoxes>;
  readonly width: number;
  readonly total: number;
  readonly showsAll: boolean;
}

function Arrows({ data, at, boxes, width, total, showsAll }: ArrowsProps) {
  const touches = ({ first, second }: ViewedPair): boolean =>
    [first, second].some((place) => place !== null && 'step' in place && place.step === at);
  const shown = data.pairs.filter((pair) => pair.order > 0 || showsAll || touches(pair));
  const arrows = shown.flatMap((pair) => arrowOf(pair, data, boxes, width) ?? []);
  return (
    <svg class="hv-arrows" width={total} height={boxes.height} aria-hidden="true">
      <defs>
        <marker
          id="hv-tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0 L8 4 L0 8 Z" fill="context-stroke" />
        </marker>
      </defs>
      <Turns data={data} boxes={boxes} width={width} />
      {[...arrows].reverse().map((arrow, i) => (
        <ArrowLine key={i} arrow={arrow} isHere={touches(arrow.pair)} />
      ))}
    </svg>
  );
}

function ArrowLine({ arrow: { path, x, y, pair }, isHere }: { readonly arrow: Arrow; readonly isHere: boolean }) {
  return (
    <g class={`hv-arrow hv-${pair.relation}${isHere ? ' hv-here' : ''}`}>
      <path d={path} marker-end="url(#hv-tip)" />
      {pair.order > 0 && pair.relation !== 'alike' && (
        <>
          <circle cx={x} cy={y} r="8" />
          <text x={x} y={y + 3.5} text-anchor="middle">
            {pair.order}
          </text>
        </>
      )}
    </g>
  );
}

/** A thick line beside each task while it has the processor, and a dashed one while it waits. */
const Turns = memo(({ data, boxes, width }: Pick<ArrowsProps, 'data' | 'boxes' | 'width'>) => {
  const lines = data.steps.flatMap((step, i) => {
    const box = boxes.steps[i];
    if (!box) return [];
    const x = laneLeft(step.task, width) + 1.5;
    const run = { key: `r${i}`, x, from: box.top, to: box.top + box.height, kind: 'hv-run', lane: step.task };
    if (step.kind !== 'wait') return [run];
    const next = data.steps.findIndex(({ task }, k) => k > i && task === step.task);
    const to = next < 0 ? boxes.height : (boxes.steps[next]?.top ?? 0);
    return [run, { key: `w${i}`, x, from: box.top + box.height, to, kind: 'hv-waiting', lane: step.task }];
  });
  return (
    <>
      {lines.map(({ key, x, from, to, kind, lane }) => (
        <line key={key} class={kind} x1={x} x2={x} y1={from} y2={to} style={{ stroke: laneColour(lane) }} />
      ))}
    </>
  );
});
