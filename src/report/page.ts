/** A page that needs nothing else: no script, nothing loaded, light and dark. Pure. */
import { createHash } from 'node:crypto';

/** Shared by all pages; a page adds its own rules. */
const STYLE = `
:root { color-scheme: light dark; --line: #ccc; --dim: #555; --bad: #fbe3e1; --good: #e0f3e4; --code: #f4f4f4; }
@media (prefers-color-scheme: dark) {
  :root { --line: #444; --dim: #aaa; --bad: #4a2020; --good: #17391f; --code: #1c1c1c; }
}
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; }
.found { background: var(--bad); } .absent { background: var(--good); }
.detail, .foot { color: var(--dim); font-size: .87rem; }
.warn { border: 2px solid #c60; padding: .5rem .8rem; }
pre { background: var(--code); overflow-x: auto; padding: .7rem; font-size: .8rem; line-height: 1.3; }
details { margin: .5rem 0; } summary { cursor: pointer; }
`;

/** The whole document around a body of safe HTML. Its policy admits no script and no other style. */
export function htmlPage(title: string, body: readonly string[]): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head>`,
    '<body>',
    ...body,
    '</body></html>',
    '',
  ].join('\n');
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
