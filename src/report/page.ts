/** A page that needs nothing else: nothing is loaded, and without its script it says the same; light and dark. Pure. */
import { createHash } from 'node:crypto';

/** Shared by all pages; a page adds its own rules. */
const STYLE = `
:root { color-scheme: light dark; --line: #ccc; --dim: #555; --found: #fbe3e1; --absent: #e0f3e4; --code: #f4f4f4; }
@media (prefers-color-scheme: dark) {
  :root { --line: #444; --dim: #aaa; --found: #4a2020; --absent: #17391f; --code: #1c1c1c; }
}
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; }
.found { background: var(--found); } .absent { background: var(--absent); }
.detail, .foot { color: var(--dim); font-size: .87rem; }
.warn { border: 2px solid #c60; padding: .5rem .8rem; }
pre { background: var(--code); overflow-x: auto; padding: .7rem; font-size: .8rem; line-height: 1.3; }
details { margin: .5rem 0; } summary { cursor: pointer; }
`;

/** What a page inlines besides its text: one script and one style sheet. */
export interface Inlined {
  readonly script: string;
  readonly style: string;
}

/** The whole document around a body of safe HTML. Its policy admits what is inlined by its hash, and nothing else. */
export function htmlPage(title: string, body: readonly string[], inlined: Inlined | null = null): string {
  // What both name is the theme's.
  const style = inlined === null ? STYLE : `${STYLE}\n${inlined.style}`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(inlined === null ? [] : [`script-src ${hashOf(inlined.script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style></head>`,
    '<body>',
    ...body,
    ...(inlined === null ? [] : [`<script>${inlined.script}</script>`]),
    '</body></html>',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and attributes of HTML and XML: names, titles and messages come from the model. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
