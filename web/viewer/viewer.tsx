/** The interleaving viewer: one run, step by step. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { Curve } from './curve.jsx';
import { Lanes } from './lanes.jsx';
import { Objects, Orders, StepCard, Syncs } from './panels.jsx';
import './viewer.css';
import { conflictSteps, failingStep, neighbour, preemptionSteps, stepSentence } from './state.js';

export interface ViewerProps {
  readonly data: ViewerData;
  /** Where it begins, from 0; by default where the run fails. */
  readonly initialStep?: number | undefined;
  /** Told of each step that is gone to. */
  readonly onStep?: ((step: number) => void) | undefined;
  /** Whether its keys work wherever the focus is: for a page with one viewer. */
  readonly ownsKeys?: boolean | undefined;
}

const KEYS: readonly (readonly [string, string])[] = [
  ['← →', 'one step back, forward'],
  ['Home End', 'first, last step'],
  ['n N', 'next, previous step of a conflicting pair'],
  ['p P', 'next, previous preemption'],
  ['f', 'to where it fails'],
  ['a', 'all conflicting pairs, or those of orders only'],
  ['?', 'this help'],
];

export function Viewer({ data, initialStep, onStep, ownsKeys }: ViewerProps) {
  const last = Math.max(0, data.steps.length - 1);
  const [at, setAt] = useState(() => Math.min(last, Math.max(0, initialStep ?? failingStep(data))));
  const [showsAll, setShowsAll] = useState(() => data.pairs.every(({ order }) => order === 0));
  const [helps, setHelps] = useState(false);
  const root = useRef<HTMLElement>(null);
  const conflicts = useMemo(() => conflictSteps(data), [data]);
  const preemptions = useMemo(() => preemptionSteps(data), [data]);
  const go = useCallback((step: number) => setAt(Math.min(last, Math.max(0, step))), [last]);
  useEffect(() => onStep?.(at), [at, onStep]);

  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    Home: () => go(0),
    End: () => go(last),
    n: () => go(neighbour(conflicts, at, 1)),
    N: () => go(neighbour(conflicts, at, -1)),
    p: () => go(neighbour(preemptions, at, 1)),
    P: () => go(neighbour(preemptions, at, -1)),
    f: () => go(failingStep(data)),
    a: () => setShowsAll(!showsAll),
    '?': () => setHelps(!helps),
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    if (event.key === 'Escape') setHelps(false);
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  // Before the first paint: a key pressed as soon as the run is seen counts.
  useLayoutEffect(() => {
    const target: EventTarget | null = ownsKeys ? window : root.current;
    const listen = (event: Event): void => latest.current(event as KeyboardEvent);
    target?.addEventListener('keydown', listen);
    return () => target?.removeEventListener('keydown', listen);
  }, [ownsKeys]);

  if (data.steps.length === 0) return <p class="hv-dim">The run has no step to show.</p>;
  const { before, total } = data.window;
  const button = (label: string, sign: string, key: string, isOff: boolean) => (
    <button type="button" title={`${label} (${key})`} aria-label={label} disabled={isOff} onClick={moves[key]}>
      {sign}
    </button>
  );
  return (
    <section class="hv viewer" ref={root} tabIndex={ownsKeys ? undefined : 0} aria-label="Interleaving viewer">
      <Curve data={data} at={at} go={go} />
      <div class="hv-controls" role="toolbar" aria-label="Steps">
        {button('First step', '|◀', 'Home', at === 0)}
        {button('Back', '◀', 'ArrowLeft', at === 0)}
        {button('Forward', '▶', 'ArrowRight', at === last)}
        {button('Last step', '▶|', 'End', at === last)}
        {button('Next conflict', 'conflict ▸', 'n', neighbour(conflicts, at, 1) === at)}
        {button('Next preemption', 'preemption ▸', 'p', neighbour(preemptions, at, 1) === at)}
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-label="Step"
          aria-valuetext={stepSentence(data, at)}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
        <output class="hv-count">
          {before + at + 1} / {total}
        </output>
        <button type="button" aria-pressed={showsAll} title="All conflicting pairs (a)" onClick={moves.a}>
          all pairs
        </button>
        <button type="button" aria-expanded={helps} aria-label="Keys" title="Keys (?)" onClick={moves['?']}>
          ?
        </button>
      </div>
      {helps && (
        <dl class="hv-help">
          {KEYS.map(([key, text]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="hv-spoken" aria-live="polite">
        {stepSentence(data, at)}
      </p>
      {data.steps.length < total && (
        <p class="hv-dim">
          Steps {before + 1} to {before + data.steps.length} of {total}: the others are left out.
        </p>
      )}
      <Syncs data={data} at={at} />
      <div class="hv-main">
        <Lanes data={data} at={at} showsAll={showsAll} go={go} />
        <aside class="hv-side">
          <StepCard data={data} at={at} />
          <Objects data={data} at={at} />
        </aside>
      </div>
      <Orders data={data} go={go} />
    </section>
  );
}

/** Text fields have their own use for all keys, a slider for those that move it. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement && target.type === 'range') return /^(Arrow|Home|End|Page)/.test(key);
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}
