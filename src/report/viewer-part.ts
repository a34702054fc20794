/** The interleaving viewer within a page that is one file: the data stands in the page, script and style are inlined once. */
import { existsSync, readFileSync } from 'node:fs';
import { HeddleError } from '../errors.js';
import type { ViewerData } from '../explain/viewer-data.js';
import type { Inlined } from './page.js';

const BUILT = new URL('../../dist/web/', import.meta.url);

/** Script and style sheet, for `htmlPage`. @throws HeddleError HDL_IO if they were not built. */
export function viewerInlined(): Inlined {
  const [script, style] = [read('viewer.js'), read('viewer.css')];
  return { script: `${closed(script, 'script')}\nheddleViewer.mountAll();`, style: closed(style, 'style') };
}

/** Shows a run where it stands; nothing without the script. Names of the model cannot end the element. */
export function viewerPart(data: ViewerData): string {
  return `<script type="application/json" data-heddle-viewer>${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

function read(name: string): string {
  const file = new URL(name, BUILT);
  if (!existsSync(file))
    throw new HeddleError('HDL_IO', `the viewer is not there: ${file.pathname}`, { hint: 'npm run build makes it' });
  return readFileSync(file, 'utf8');
}

/** An inlined text must not contain the end of its element: in a script and in a style sheet `\/` is `/`. */
function closed(text: string, element: string): string {
  return text.replaceAll(`</${element}`, `<\\/${element}`);
}
