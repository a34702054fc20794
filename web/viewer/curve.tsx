/** The share of random continuations that fail, over the steps: where it jumps, the bug is made. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ViewerData } from '../../src/explain/viewer-data.js';

const HEIGHT = 76;
const LEFT = 40;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 8;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

interface CurveProps {
  readonly data: ViewerData;
  readonly at: number;
  readonly go: (step: number) => void;
}

export function Curve({ data, at, go }: CurveProps) {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(600);
  const hasCurve = data.likelihood !== null;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasCurve]);
  const { likelihood, steps } = data;
  if (likelihood === null) return null;
  const { points, turn, continuations } = likelihood;
  const x = (made: number): number => LEFT + (made / Math.max(1, steps.length)) * (width - LEFT - RIGHT);
  const y = (share: number): number => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const line = points.map((point) => `${x(point.steps).toFixed(1)},${y(point.share).toFixed(1)}`).join(' ');
  const here = points.findLast((point) => point.steps <= at + 1);
  const words = turn
    ? `It becomes likely with step ${data.window.before + turn.step + 1}: ${rise(turn)}.`
    : 'No single step makes it much more likely.';
  const choose = (event: MouseEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const made = Math.round(((event.clientX - box.left - LEFT) / (width - LEFT - RIGHT)) * steps.length);
    go(Math.max(0, Math.min(steps.length - 1, made - 1)));
  };
  const first = points[0];
  const last = points.at(-1);
  return (
    <figure class="hv-curve" ref={frame}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider does the same by keyboard */}
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Likelihood of the failure by steps. ${words}`}
        onClick={choose}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="hv-grid" x1={LEFT} x2={width - RIGHT} y1={y(share)} y2={y(share)} />
            <text class="hv-axis" x={LEFT - 6} y={y(share) + 4} text-anchor="end">
              {percent(share)}
            </text>
          </g>
        ))}
        {first && last && (
          <path
            class="hv-area"
            d={`M${x(first.steps)},${y(0)} L${line.replaceAll(' ', ' L')} L${x(last.steps)},${y(0)} Z`}
          />
        )}
        <polyline class="hv-line" points={line} />
        {turn && (
          <>
            <circle class="hv-turn" cx={x(turn.step + 1)} cy={y(turn.after)} r="4.5" />
            <text
              class="hv-axis hv-turn-text"
              x={x(turn.step + 1) + (turn.step > steps.length / 2 ? -9 : 9)}
              y={y((turn.before + turn.after) / 2) + 4}
              text-anchor={turn.step > steps.length / 2 ? 'end' : 'start'}
            >
              {rise(turn)}
            </text>
          </>
        )}
        <line class="hv-now" x1={x(at + 1)} x2={x(at + 1)} y1={TOP - 6} y2={HEIGHT - BOTTOM + 4} />
        {here && <circle class="hv-now-dot" cx={x(at + 1)} cy={y(here.share)} r="3.5" />}
      </svg>
      <figcaption class="hv-dim">
        How likely the failure is after each step ({continuations} random continuations each). {words}
      </figcaption>
    </figure>
  );
}

const rise = ({ before, after }: { readonly before: number; readonly after: number }): string =>
  `${percent(before)} → ${percent(after)}`;
