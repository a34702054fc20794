/** One line over time or executions. uPlot draws it; colours come from the theme. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatShort } from '../../src/ui/format.js';

export interface ChartProps {
  readonly title: string;
  /** Said to those who do not see it. */
  readonly label: string;
  /** Seconds since 1970 if `isTime`. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly isTime: boolean;
  /** The newest value in words. */
  readonly now: string;
  readonly children?: preact.ComponentChildren;
}

const HEIGHT = 168;

export function Chart({ title, label, x, y, isTime, now, children }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [hover, setHover] = useState('');
  const isEmpty = x.length < 2;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || isEmpty) return;
    const made = new uPlot(options(element.clientWidth, isTime, setHover), [[...x], [...y]], element);
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    const repaint = (): void => made.redraw();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    resize.observe(element);
    addEventListener('heddle-theme', repaint);
    dark.addEventListener('change', repaint);
    return () => {
      resize.disconnect();
      removeEventListener('heddle-theme', repaint);
      dark.removeEventListener('change', repaint);
      made.destroy();
      plot.current = null;
    };
  }, [isTime, isEmpty]);
  useEffect(() => {
    plot.current?.setData([[...x], [...y]]);
  }, [x, y]);

  return (
    <section class="panel chart" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="now">{hover || now}</span>
        {children}
      </header>
      {isEmpty ? (
        <p class="quiet plot">{x.length === 0 ? 'no samples yet' : 'one sample so far'}</p>
      ) : (
        <div class="plot" ref={box} role="img" aria-label={`${label}: ${now}`} />
      )}
    </section>
  );
}

/** Hours and minutes, and seconds where marks are nearer than a minute. */
function clockOf(marks: readonly number[]): (at: number) => string {
  const isNear = (marks[1] ?? 0) - (marks[0] ?? 0) < 60;
  const two = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  const format = new Intl.DateTimeFormat('en', isNear ? { ...two, second: '2-digit' } : two);
  return (at) => format.format(at * 1000);
}

const text = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** As it is drawn: of a custom property itself there is only the text, which names the light and the dark one. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function options(width: number, isTime: boolean, tell: (text: string) => void): uPlot.Options {
  const font = `11px ${text('--sans')}`;
  const line = { stroke: () => colour('--line'), width: 1 };
  const axis = { stroke: () => colour('--dim'), font, grid: line, ticks: { ...line, size: 4 }, gap: 4 };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    padding: [8, 22, 0, 0],
    scales: { x: { time: isTime }, y: { range: (_, _low, high) => [0, Math.max(1, high * 1.08)] } },
    axes: [
      {
        ...axis,
        size: 28,
        space: 70,
        values: (_, marks) => marks.map(isTime ? clockOf(marks) : formatShort),
      },
      { ...axis, size: 48, space: 34, values: (_, marks) => marks.map(formatShort) },
    ],
    series: [
      {},
      {
        stroke: () => colour('--accent'),
        fill: () => `color-mix(in srgb, ${colour('--accent')} 12%, transparent)`,
        width: 1.75,
        points: { show: false },
      },
    ],
    hooks: {
      setCursor: [
        (self) => {
          const { idx } = self.cursor;
          const x = idx === null || idx === undefined ? undefined : self.data[0][idx];
          const y = idx === null || idx === undefined ? undefined : self.data[1]?.[idx];
          if (x === undefined || y === undefined || y === null) return tell('');
          const where = isTime ? new Date(x * 1000).toLocaleTimeString() : `${formatShort(x)} executions`;
          tell(`${formatShort(y)} at ${where}`);
        },
      ],
    },
  };
}
