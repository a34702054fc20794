/** Shows a campaign's progress on a stream: a repainted screen, or a line now and then. The only place that writes cursor codes. */
import type { Colors } from 'picocolors/types.js';
import { renderLine } from './line.js';
import { renderScreen } from './screen.js';
import type { CampaignView } from './view.js';

export type UiMode = 'screen' | 'line' | 'none';

/** Between two lines, in time of the campaign. */
export const LINE_EVERY_MS = 10_000;

export interface Reporter {
  status(view: CampaignView): void;
  /** Runs `write` with the screen out of the way. */
  interrupt(write: () => void): void;
  /** Leaves the last screen where it stands, or removes it. */
  close(): void;
}

export interface ReporterOptions {
  readonly mode: UiMode;
  readonly stream: NodeJS.WriteStream;
  readonly colors: Colors;
}

const silent: Reporter = { status: () => {}, interrupt: (write) => write(), close: () => {} };

export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  if (options.mode === 'none') return silent;
  return options.mode === 'screen' ? screenReporter(options) : lineReporter(options);
}

function lineReporter({ stream }: ReporterOptions): Reporter {
  let next = LINE_EVERY_MS;
  return {
    status: (view) => {
      if (view.status.elapsedMs < next) return;
      next = (Math.floor(view.status.elapsedMs / LINE_EVERY_MS) + 1) * LINE_EVERY_MS;
      stream.write(`${renderLine(view)}\n`);
    },
    interrupt: (write) => write(),
    close: () => {},
  };
}

const COLUMNS = 80;
const ROWS = 24;

/** Some terminals say that they have 0 rows or columns; log-update would show nothing on them. */
function sized(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const target = {
    write: (text: string): boolean => stream.write(text),
    isTTY: true,
    get columns(): number {
      return stream.columns || COLUMNS;
    },
    get rows(): number {
      return stream.rows || ROWS;
    },
  };
  return target as unknown as NodeJS.WriteStream;
}

async function screenReporter({ stream, colors }: ReporterOptions): Promise<Reporter> {
  const { createLogUpdate } = await import('log-update');
  const paint = createLogUpdate(sized(stream), { showCursor: true });
  let last: CampaignView | null = null;
  const draw = (): void => {
    if (last) paint(renderScreen(last, stream.columns || COLUMNS, colors));
  };
  return {
    status: (view) => {
      last = view;
      draw();
    },
    interrupt: (write) => {
      paint.clear();
      write();
      draw();
    },
    close: () => paint.clear(),
  };
}
