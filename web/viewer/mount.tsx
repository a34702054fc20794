/** For pages without a build of their own: the HTML reports. */
import { render } from 'preact';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { Viewer } from './viewer.jsx';

export interface MountOptions {
  /** The only viewer of its page: its keys work everywhere, and the address keeps the step. */
  readonly isAlone?: boolean;
}

const HASH = /^#step=(\d+)$/;

/** Shows a run in the element. @throws Error for data of another version. */
export function mount(element: Element, data: ViewerData, { isAlone = false }: MountOptions = {}): void {
  if (data.schema !== 'heddle.viewer/1') throw new Error(`no data of this viewer: ${data.schema}`);
  const [, step] = HASH.exec(location.hash) ?? [];
  const keep = (at: number): void => history.replaceState(null, '', `#step=${at + 1}`);
  render(
    <Viewer
      data={data}
      ownsKeys={isAlone}
      initialStep={isAlone && step !== undefined ? Number(step) - 1 : undefined}
      onStep={isAlone ? keep : undefined}
    />,
    element,
  );
}

/** Shows each run whose data stands in the page, `<script type="application/json" data-heddle-viewer>`, behind its script. */
export function mountAll(): void {
  const sources = document.querySelectorAll('script[data-heddle-viewer]');
  for (const source of sources) {
    const element = document.createElement('div');
    source.after(element);
    mount(element, JSON.parse(source.textContent ?? '') as ViewerData, { isAlone: sources.length === 1 });
  }
}
