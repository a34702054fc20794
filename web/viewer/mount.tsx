/** The interleaving viewer: one run, step by step. */
import { render } from 'preact';

export interface ViewerData {
  readonly title: string;
}

export function Viewer({ data }: { readonly data: ViewerData }) {
  return <section class="viewer">{data.title}</section>;
}

/** For pages without a build of their own: the HTML report. */
export function mount(element: Element, data: ViewerData): void {
  render(<Viewer data={data} />, element);
}
