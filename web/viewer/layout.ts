/** Where rows, lanes and arrows lie, in pixels: fixed heights, so that nothing has to be measured but the width. */
import type { Place, ViewedPair, ViewerData } from '../../src/explain/viewer-data.js';

export const ROW = 22;
/** Line of a function's name, where it is another one than in the row of the task before. */
const HEAD = 15;
/** Line that says that a task was preempted, or what failed. */
const NOTE = 18;
export const GUTTER = 40;
/** Between lanes, for the arrows. */
export const CHANNEL = 44;
const LANE_MIN = 150;
const LANE_MAX = 460;

export interface RowBox {
  readonly top: number;
  readonly height: number;
  /** Middle of the line that says what is done. */
  readonly middle: number;
  readonly hasHead: boolean;
  readonly hasNote: boolean;
  readonly hasMark: boolean;
}

/** The boxes of the steps, and behind them those of what would come later. */
export function rowBoxes({ steps, later }: ViewerData): { steps: RowBox[]; later: RowBox[]; height: number } {
  let top = 0;
  const last = new Map<number, string>();
  const box = (hasHead: boolean, hasNote: boolean, hasMark: boolean): RowBox => {
    const above = (hasHead ? HEAD : 0) + (hasNote ? NOTE : 0);
    const height = above + ROW + (hasMark ? NOTE : 0);
    const made = { top, height, middle: top + above + ROW / 2, hasHead, hasNote, hasMark };
    top += height;
    return made;
  };
  const boxes = steps.map(({ task, function: name, arrival, mark }) => {
    const hasHead = name !== '' && (last.get(task) !== name || arrival !== '');
    if (name !== '') last.set(task, name);
    return box(hasHead, arrival === 'preemption', mark !== '');
  });
  if (later.length > 0) top += NOTE + 6;
  const after = later.map(() => box(true, false, false));
  return { steps: boxes, later: after, height: top };
}

/** Width of one lane where so much is there for all. */
export function laneWidth(width: number, lanes: number): number {
  const each = Math.floor((width - GUTTER - CHANNEL * Math.max(0, lanes - 1)) / Math.max(1, lanes));
  return Math.max(LANE_MIN, Math.min(LANE_MAX, each));
}

export const laneLeft = (lane: number, width: number): number => GUTTER + lane * (width + CHANNEL);

export interface Arrow {
  readonly path: string;
  /** Where its number stands. */
  readonly x: number;
  readonly y: number;
  readonly pair: ViewedPair;
}

/** An arrow from the first step to the second, through the channels between the lanes; null if one of them is not shown. */
export function arrowOf(
  pair: ViewedPair,
  data: ViewerData,
  boxes: ReturnType<typeof rowBoxes>,
  width: number,
): Arrow | null {
  const spot = (place: Place): { lane: number; y: number } | null => {
    if (place === null) return null;
    const isStep = 'step' in place;
    const lane = isStep ? data.steps[place.step]?.task : data.later[place.later]?.task;
    const box = isStep ? boxes.steps[place.step] : boxes.later[place.later];
    return lane === undefined || box === undefined ? null : { lane, y: box.middle };
  };
  const [from, to] = [spot(pair.first), spot(pair.second)];
  if (from === null || to === null || from.lane === to.lane) return null;
  const isRight = to.lane > from.lane;
  const x1 = laneLeft(from.lane, width) + (isRight ? width : 0) + (isRight ? 2 : -2);
  const x2 = laneLeft(to.lane, width) + (isRight ? -4 : width + 4);
  const bend = (isRight ? 1 : -1) * Math.max(18, Math.abs(x2 - x1) * 0.4);
  const path = `M${x1} ${from.y} C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}`;
  return { path, x: (x1 + x2) / 2, y: (from.y + to.y) / 2, pair };
}
