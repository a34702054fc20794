/**
 * Every setting that has more than one source. Precedence: flag, environment (`HEDDLE_…`), `heddle.config.json`, default. The commands
 * take their flags from here, so that help, environment, configuration and `heddle doctor` cannot disagree.
 */
import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import * as v from 'valibot';
import { CAMPAIGN_STRATEGIES, SEARCH_MEMORY_BYTES } from '../campaign/types.js';
import {
  JOBS_MAX,
  parseBytes,
  parseCount,
  parseDuration,
  parseOptionPair,
  parseOracles,
  parsePath,
  parseSeed,
  WORD_MAX,
} from './parsers.js';

export interface Setting {
  /** As commander and the configuration file name it. */
  readonly key: string;
  readonly flags: string;
  readonly env?: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly parse?: (text: string, previous?: Readonly<Record<string, number>>) => unknown;
  readonly default?: () => unknown;
  /** What help and doctor say instead of the default's value. */
  readonly defaultText?: string;
  /** In the configuration file. */
  readonly schema: v.GenericSchema<unknown, string | number | boolean | Readonly<Record<string, number>>>;
}

const text = v.string('write a string');
const count = v.pipe(v.number('write a number'), v.integer('write a whole number'));
const flag = v.boolean('write true or false');
const oneOf = (choices: readonly string[]): Setting['schema'] =>
  v.picklist(choices, `write one of: ${choices.join(', ')}`);

const UI = ['auto', 'screen', 'line', 'none'];
const COLOR = ['auto', 'always', 'never'];

export const SETTINGS: readonly Setting[] = [
  {
    key: 'design',
    flags: '--design <name>',
    env: 'HEDDLE_DESIGN',
    description: 'design to run',
    defaultText: 'the first of the model',
    schema: text,
  },
  {
    key: 'scene',
    flags: '--scene <name>',
    env: 'HEDDLE_SCENE',
    description: 'scene to run',
    defaultText: 'all in turn',
    schema: text,
  },
  {
    key: 'option',
    flags: '--option <name=value>',
    description: 'option of the model; may be repeated',
    parse: parseOptionPair,
    schema: v.record(v.string(), v.pipe(v.number('write a number'), v.integer('write a whole number'))),
  },
  {
    key: 'jobs',
    flags: '-j, --jobs <n>',
    env: 'HEDDLE_JOBS',
    description: 'workers',
    parse: parseCount(1, JOBS_MAX),
    default: () => Math.min(availableParallelism(), JOBS_MAX),
    defaultText: 'one a core',
    schema: count,
  },
  {
    key: 'seed',
    flags: '--seed <n>',
    env: 'HEDDLE_SEED',
    description: 'seed of all randomness',
    parse: parseSeed,
    defaultText: 'random; 1 with --deterministic',
    schema: v.union(
      [v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0))],
      'write a whole number, as a string if it is large',
    ),
  },
  {
    key: 'maxTime',
    flags: '--max-time <duration>',
    env: 'HEDDLE_MAX_TIME',
    description: 'stop after 30s, 10m, 2h…',
    parse: parseDuration,
    defaultText: 'no limit',
    schema: v.union([v.string(), v.number()], 'write a duration such as "30s"'),
  },
  {
    key: 'maxExecs',
    flags: '--max-execs <n>',
    env: 'HEDDLE_MAX_EXECS',
    description: 'stop after n executions',
    parse: parseCount(1),
    defaultText: 'no limit',
    schema: count,
  },
  {
    key: 'maxSteps',
    flags: '--max-steps <n>',
    env: 'HEDDLE_MAX_STEPS',
    description: 'decisions of one execution',
    parse: parseCount(1, WORD_MAX),
    default: () => 20_000,
    schema: count,
  },
  {
    key: 'searchMemory',
    flags: '--search-memory <size>',
    env: 'HEDDLE_SEARCH_MEMORY',
    description: 'for the states of the exhaustive search of a scene; one that needs more ends',
    parse: parseBytes,
    default: () => SEARCH_MEMORY_BYTES,
    defaultText: '128M',
    schema: v.string('write a size such as "512M"'),
  },
  { key: 'stopOnFirst', flags: '--stop-on-first', description: 'stop at the first finding', schema: flag },
  {
    key: 'stopOnSymptom',
    flags: '--stop-on-symptom <names>',
    description: 'stop when a finding of each of these symptoms is there: S1,S3',
    schema: text,
  },
  {
    key: 'share',
    flags: '--share <dir>',
    env: 'HEDDLE_SHARE',
    description: 'folder through which campaigns exchange corpora',
    parse: parsePath,
    schema: text,
  },
  {
    key: 'hub',
    flags: '--hub <url>',
    env: 'HEDDLE_HUB',
    description: 'NATS server with JetStream through which campaigns share what they find: nats://host:4222',
    schema: text,
  },
  {
    key: 'hubCredentials',
    flags: '--hub-credentials <file>',
    env: 'HEDDLE_HUB_CREDENTIALS',
    description: 'JWT and seed of the hub’s user',
    schema: text,
  },
  {
    key: 'hubCa',
    flags: '--hub-ca <file>',
    env: 'HEDDLE_HUB_CA',
    description: 'authority that signed the hub’s certificate',
    schema: text,
  },
  {
    key: 'hubCertificate',
    flags: '--hub-certificate <file>',
    env: 'HEDDLE_HUB_CERTIFICATE',
    description: 'own certificate, for hubs that ask for one',
    schema: text,
  },
  {
    key: 'hubKey',
    flags: '--hub-key <file>',
    env: 'HEDDLE_HUB_KEY',
    description: 'key of the own certificate',
    schema: text,
  },
  {
    key: 'strategy',
    flags: '--strategy <name>',
    env: 'HEDDLE_STRATEGY',
    description: 'how schedules are chosen',
    choices: CAMPAIGN_STRATEGIES,
    default: () => 'portfolio',
    schema: oneOf(CAMPAIGN_STRATEGIES),
  },
  {
    key: 'oracles',
    flags: '--oracles <kinds>',
    env: 'HEDDLE_ORACLES',
    description:
      'what to report: cheap (all that costs nothing), all, memory, or kinds of findings with commas between them',
    parse: parseOracles,
    default: () => 'cheap',
    schema: text,
  },
  {
    key: 'deterministic',
    flags: '--deterministic',
    description: 'one worker, budget in executions: equal bytes each time',
    schema: flag,
  },
  { key: 'minimize', flags: '--no-minimize', description: 'keep findings as they were found', schema: flag },
  {
    key: 'known',
    flags: '--known <dir>',
    env: 'HEDDLE_KNOWN',
    description: 'folder with findings that are no news: they are passed over',
    defaultText: 'none',
    schema: text,
  },
  {
    key: 'out',
    flags: '-o, --out <dir>',
    env: 'HEDDLE_OUT',
    description: 'folder of the campaign; it goes on where it ended',
    parse: parsePath,
    defaultText: 'heddle-out/<model>-<design>',
    schema: text,
  },
  {
    key: 'ui',
    flags: '--ui <mode>',
    env: 'HEDDLE_UI',
    description: 'how progress is shown on stderr',
    choices: UI,
    default: () => 'auto',
    schema: oneOf(UI),
  },
  {
    key: 'color',
    flags: '--color <when>',
    env: 'HEDDLE_COLOR',
    description: 'colours in text',
    choices: COLOR,
    default: () => 'auto',
    schema: oneOf(COLOR),
  },
];

/** How to get into a hub. */
export const HUB_SETTINGS = ['hubCredentials', 'hubCa', 'hubCertificate', 'hubKey'] as const;

const fromSettings = new WeakSet<Option>();

/** The flag of a setting, with its environment variable and default. */
export function settingOption(key: string): Option {
  const setting = SETTINGS.find((s) => s.key === key);
  if (!setting) throw new Error(`no setting ${key}`);
  const option = plainOption(setting);
  if (setting.env) option.env(setting.env);
  if (setting.default) option.default(setting.default(), setting.defaultText);
  fromSettings.add(option);
  return option;
}

/**
 * The same flag without its other sources, for commands on a schedule: what it was found with must not be changed by a setting that is
 * meant for campaigns.
 */
export function overrideOption(key: string): Option {
  const setting = SETTINGS.find((s) => s.key === key);
  if (!setting) throw new Error(`no setting ${key}`);
  const option = plainOption(setting);
  option.description = `${setting.description}, instead of the schedule’s`;
  return option;
}

function plainOption(setting: Setting): Option {
  const note = setting.default || !setting.defaultText ? '' : ` (default: ${setting.defaultText})`;
  const option = new Option(setting.flags, `${setting.description}${note}`);
  if (setting.choices) option.choices(setting.choices);
  if (setting.parse) option.argParser(setting.parse as (value: string, previous: unknown) => unknown);
  return option;
}

/** Whether the configuration file may set it: other flags may have the same name. */
export const isSettingOption = (option: Option): boolean => fromSettings.has(option);

/** The token of `heddle serve`. No setting: doctor shows those. */
export const TOKEN_VARIABLE = 'HEDDLE_TOKEN';

/** Read by other parts of Heddle or by its tests. */
const OTHER_VARIABLES: readonly string[] = ['HEDDLE_SIZE', TOKEN_VARIABLE];

export function knownVariables(): string[] {
  return [...SETTINGS.flatMap((s) => (s.env ? [s.env] : [])), ...OTHER_VARIABLES];
}

/** Names that nothing reads are almost always typing errors. */
export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = knownVariables();
  return Object.keys(env)
    .filter((name) => name.startsWith('HEDDLE_') && !known.includes(name))
    .sort();
}
