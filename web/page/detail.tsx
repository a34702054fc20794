/** What the pages of a finding and of an entry share. */
import { useState } from 'preact/hooks';
import type { ViewerData } from '../../src/explain/viewer-data.js';
import { Viewer } from '../viewer/viewer.jsx';
import { useFetched } from './data.js';
import { keepStep, stepOf } from './route.js';

/** The run step by step; the server runs the model for it, which takes a moment. */
export function RunView({ url }: { readonly url: string }) {
  const { data, problem } = useFetched<{ readonly run: ViewerData }>(url);
  return (
    <section class="panel" aria-label="Interleaving" data-run={data ? 'shown' : 'waiting'}>
      <header>
        <h2>Step by step</h2>
      </header>
      {data ? (
        <Viewer data={data.run} initialStep={stepOf(location.hash)} onStep={keepStep} ownsKeys />
      ) : (
        <Waiting problem={problem} what="running the schedule; a model that is not built yet is built first" />
      )}
    </section>
  );
}

export function Waiting({ problem, what }: { readonly problem: string; readonly what: string }) {
  return problem === '' ? (
    <p class="quiet" role="status">
      {what} …
    </p>
  ) : (
    <p class="bad" role="alert">
      {problem}
    </p>
  );
}

/** A command with a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    // Not there on plain HTTP from another machine.
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        {isCopied ? 'copied' : 'copy'}
      </button>
    </div>
  );
}

export function Badge({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <li class="badge">
      <span class="quiet">{name}</span> {children}
    </li>
  );
}
