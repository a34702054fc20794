/**
 * The text form of a schedule (`*.sched`): one line a decision, canonical, diff-friendly, and short enough to type by
 * hand. The grammar is in docs/schedules.md.
 */
import { HeddleError } from '../errors.js';
import { type Choice, type Deviation, type EventCall, LIMITS, type Schedule } from './schedule.js';
import { siteKey } from './site.js';
import { fail, LineReader } from './text-line.js';
import { checkSchedule, findProblem, INT_MAX, INT_MIN, sortedOptions } from './validate.js';
import { quoteName } from './words.js';

/** The version that is written, and the newest that is read. */
export const TEXT_VERSION = 1;

/**
 * The canonical text: equal schedules give equal bytes, whatever order the options were set in. Throws
 * `HDL_SCHEDULE_SYNTAX` if the schedule breaks a rule of `validate.ts` or a limit.
 */
export function formatSchedule(schedule: Schedule): string {
  checkSchedule(schedule, 'HDL_SCHEDULE_SYNTAX');
  return formatChecked(schedule);
}

/** The same of a schedule that is known to keep the rules, since it was parsed. */
export function formatChecked(schedule: Schedule): string {
  const lines = [`heddle-schedule ${TEXT_VERSION}`, `model ${quoteName(schedule.model)}`];
  if (schedule.design !== '') lines.push(`design ${quoteName(schedule.design)}`);
  if (schedule.scene !== '') lines.push(`scene ${quoteName(schedule.scene)}`);
  for (const [name, value] of sortedOptions(schedule)) lines.push(`option ${quoteName(name)} ${value}`);
  for (const { event, args } of schedule.events) lines.push(['event', quoteName(event), ...args.map(String)].join(' '));
  for (const deviation of schedule.deviations) lines.push(`switch ${decision(deviation)} -> ${deviation.target}`);
  for (const choice of schedule.choices) lines.push(`choose ${decision(choice)} = ${choice.value}`);
  const text = `${lines.join('\n')}\n`;
  if (byteLength(text) > LIMITS.textBytes) {
    throw new HeddleError('HDL_SCHEDULE_SYNTAX', `the schedule's text is longer than ${LIMITS.textBytes} bytes`);
  }
  return text;
}

/**
 * Reads a schedule's text, canonical or typed by hand. Throws `HDL_SCHEDULE_SYNTAX` with file, line, column and an
 * example line, or `HDL_FORMAT_VERSION` if a newer version wrote it.
 */
export function parseSchedule(text: string, fileName = 'schedule'): Schedule {
  if (text.length > LIMITS.textBytes || byteLength(text) > LIMITS.textBytes) {
    fail({ file: fileName, line: 1, column: 1 }, `longer than ${LIMITS.textBytes} bytes: not a schedule`);
  }
  const draft = new Draft(fileName);
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const reader = new LineReader(line, { file: fileName, line: index + 1 });
    if (!reader.isEmpty) draft.add(reader);
  }
  return draft.finish();
}

/** What the lines read so far amount to, and where each entry stood. */
class Draft {
  private readonly names = new Map<'model' | 'design' | 'scene', string>();
  private readonly options = new Map<string, number>();
  private readonly events: EventCall[] = [];
  private readonly deviations: Deviation[] = [];
  private readonly choices: Choice[] = [];
  /** By list and entry; their places are made if something is wrong. */
  private readonly places = new Map<string, LineReader>();
  private lines = 0;

  constructor(private readonly file: string) {}

  add(reader: LineReader): void {
    const keyword = reader.keyword();
    this.lines += 1;
    switch (keyword) {
      case 'heddle-schedule':
        this.addVersion(reader);
        break;
      case 'model':
      case 'design':
      case 'scene':
        if (this.names.has(keyword)) reader.fail(`a second ${keyword} line; a schedule has one`);
        this.names.set(keyword, reader.name(`the ${keyword}'s name`));
        this.mark(keyword, 0, reader);
        break;
      case 'option':
        this.addOption(reader);
        break;
      case 'event':
        this.mark('events', this.events.length, reader);
        this.events.push({ event: reader.name("the event's name"), args: reader.ints('an argument') });
        break;
      case 'switch':
        this.mark('deviations', this.deviations.length, reader);
        this.deviations.push(readDeviation(reader));
        break;
      case 'choose':
        this.mark('choices', this.choices.length, reader);
        this.choices.push(readChoice(reader));
        break;
      default:
        reader.failKeyword();
    }
    reader.end();
  }

  finish(): Schedule {
    const model = this.names.get('model');
    if (model === undefined) fail({ file: this.file, line: 1, column: 1 }, 'no model line', 'model iommu');
    const schedule: Schedule = {
      model,
      design: this.names.get('design') ?? '',
      scene: this.names.get('scene') ?? '',
      // fromEntries, because assigning to `__proto__` would lose the option of that name.
      options: Object.fromEntries([...this.options].sort(([a], [b]) => (a < b ? -1 : 1))),
      events: this.events,
      deviations: this.deviations,
      choices: this.choices,
    };
    const problem = findProblem(schedule);
    if (problem === null) return schedule;
    // Options are held by name: their order in the file is not the order of the value.
    const entry = problem.list === 'options' ? Object.keys(schedule.options)[problem.index] : problem.index;
    const place = this.places.get(`${problem.list} ${entry}`)?.start ?? { file: this.file, line: 1, column: 1 };
    return fail(place, problem.message, problem.list === 'events' ? 'event register 0' : undefined);
  }

  private addVersion(reader: LineReader): void {
    if (this.lines > 1) reader.fail('the version line must be the first');
    const version = reader.int('the version', 1, INT_MAX);
    if (version <= TEXT_VERSION) return;
    throw new HeddleError(
      'HDL_FORMAT_VERSION',
      `${this.file} is a schedule of version ${version}; this Heddle reads ${TEXT_VERSION}`,
      {
        hint: 'Use the Heddle that wrote it, or a newer one.',
        diagnostics: [{ ...reader.place, message: `version ${version} is newer than ${TEXT_VERSION}` }],
      },
    );
  }

  private addOption(reader: LineReader): void {
    const name = reader.name("the option's name");
    if (this.options.has(name)) reader.fail(`the option ${quoteName(name)} is set twice`);
    this.mark('options', name, reader);
    this.options.set(name, reader.int("the option's value", INT_MIN, INT_MAX));
  }

  private mark(list: string, entry: number | string, reader: LineReader): void {
    this.places.set(`${list} ${entry}`, reader);
  }
}

function readDeviation(reader: LineReader): Deviation {
  const head = readDecision(reader, '->');
  return { ...head, target: reader.task('the target: the task that runs instead') };
}

function readChoice(reader: LineReader): Choice {
  const head = readDecision(reader, '=');
  return { ...head, value: reader.int('the value', 0, INT_MAX) };
}

function readDecision(reader: LineReader, mark: '->' | '='): Omit<Choice, 'value'> {
  const task = reader.task('a task');
  const site = reader.siteBefore(mark);
  const occurrence = reader.occurrence();
  reader.symbol(mark);
  return { task, site, occurrence };
}

function decision({ task, site, occurrence }: Omit<Choice, 'value'>): string {
  return `${task} ${siteKey(site)}${occurrence === 1 ? '' : ` *${occurrence}`}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
