/** An explanation as text and as Markdown: the report that findings have, with the causes, the curve and a summary. */
import type { Explanation, LikelihoodText, OrderText, PairText } from './explanation.js';
import { renderMermaid } from './mermaid.js';
import { minimalityText } from './report.js';
import { percent, stepText } from './summary.js';

export const EXPLAIN_FORMATS = ['text', 'markdown', 'mermaid', 'json', 'html'] as const;
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

const BAR = 40;
const FLIPPED: Readonly<Record<OrderText['flipped'], string>> = {
  pair: 'turned round alone, the failure is gone',
  'critical-section': 'whole critical sections turned round, the failure is gone',
  set: 'turned round together, the failure is gone; none of them matters alone',
};

/** Plain text; ends with a line break. */
export function renderText(explanation: Explanation): string {
  const { record, summary } = explanation;
  const sections = [
    record.report.trimEnd(),
    ['In words:', '', ...wrapped(summary).map((line) => `  ${line}`)].join('\n'),
    ['Orders that it needs:', '', ...causeLines(explanation).map((line) => `  ${line}`)].join('\n'),
    ['How likely it is after each step:', '', ...curveLines(explanation.likelihood).map((line) => `  ${line}`)].join(
      '\n',
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** For an issue or a pull request. */
export function renderMarkdown(explanation: Explanation): string {
  const { record, summary } = explanation;
  const fence = (text: string, language = ''): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
  const head = [
    ['symptom', record.symptom],
    ['signature', `\`${record.kind}-${record.signature}\``],
    ['design', record.design],
    ['scene', record.scene],
    ['minimal', minimalityText(record)],
  ];
  const sections = [
    `# ${record.title}`,
    summary,
    ['| | |', '|---|---|', ...head.map(([key, value]) => `| ${key} | ${value} |`)].join('\n'),
    `## What happens\n\n${fence(record.diagram)}`,
    `## Orders that it needs\n\n${causeLines(explanation).join('\n')}`,
    `## How likely it is after each step\n\n${fence(curveLines(explanation.likelihood).join('\n'))}`,
    `## As a sequence diagram\n\n${fence(renderMermaid(explanation), 'mermaid')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const pairText = ({ first, second }: PairText): string => `${stepText(first)} → ${stepText(second)}`;

/** Numbered, in the order of time. */
export function causeLines({ causality: { causes, tried, benign, forced, leftOut, complete } }: Explanation): string[] {
  const lines = causes.flatMap((cause, i) => {
    const follows = cause.leadsTo.map((k) => k + 1);
    const [first = '', ...others] = [cause, ...cause.members].map(pairText);
    const notes = [
      FLIPPED[cause.flipped],
      ...(follows.length > 0 ? [`from it ${follows.length > 1 ? 'follow' : 'follows'} ${follows.join(', ')}`] : []),
    ];
    const [alike] = cause.alike;
    return [
      `${i + 1}. ${first}`,
      ...others.map((pair) => `   and ${pair}`),
      `   ${notes.join('; ')}`,
      ...(alike ? [`   with ${cause.alike.length} more between the same turns, the first: ${pairText(alike)}`] : []),
    ];
  });
  const none = causes.length === 0 && complete ? ['none: turned round one by one, every order still lets it fail'] : [];
  const rest = complete ? '' : ', then the budget was used up: earlier orders may be needed as well';
  const tally = `${tried} orders tried: ${benign} do not matter, ${forced} cannot be another one${rest}.`;
  const more = leftOut > 0 ? [`${leftOut} more were left out: of two turns only some pairs are tried.`] : [];
  return [...none, ...lines, tally, ...more];
}

/** A bar for each step that was looked at; steps whose share is the one before are left out. */
export function curveLines(likelihood: LikelihoodText | null): string[] {
  if (likelihood === null) return ['not for this kind: its oracle remembers what a saved execution does not hold'];
  const { continuations, points, turningPoint } = likelihood;
  const width = String(points.at(-1)?.steps ?? 0).length;
  const isFlat = (i: number): boolean =>
    points[i - 1]?.share === points[i]?.share && points[i + 1]?.share === points[i]?.share;
  const shown = points.filter((_, i) => !isFlat(i));
  const lines = shown.map(
    ({ steps, share }) =>
      `${String(steps).padStart(width)}  ${'#'.repeat(Math.round(share * BAR)).padEnd(BAR, '.')}  ${percent(share).padStart(5)}`,
  );
  const turn = turningPoint
    ? `It becomes likely with ${stepText(turningPoint)}: ${percent(turningPoint.before)} → ${percent(turningPoint.after)}.`
    : 'No single step makes it much more likely.';
  return [...lines, `${continuations} random continuations each. ${turn}`];
}

function wrapped(text: string, width = 100): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
