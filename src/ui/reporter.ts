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

async function screenReporter({ stream, colors }: ReporterOptions): Promise<Reporter> {
  const { createLogUpdate } = await import('log-update');
  const paint = createLogUpdate(stream, { showCursor: true });
  let last: CampaignView | null = null;
  const draw = (): void => {
    // `columns` is 0 or undefined on some terminals.
    if (last) paint(renderScreen(last, stream.columns || 80, colors));
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
