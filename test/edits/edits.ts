/** Edits that leave a model's bugs as they are, by model. */
import { size } from '../support/size.js';
import { all, append, type Edit, moveFunction, prepend, replace } from './copies.js';

/** Name of the edit, and the edit. */
export type EditTable = Readonly<Record<string, Edit>>;

/** Part of the edit that declares a new scene. */
const REPEATED = ['new objects, variables and a new function', 'a new event, declared first'];

/** What may be added to any model of one file without touching what it does. */
function additions(file: string): EditTable {
  const imported = (names: string): Edit => replace(file, /import \{/, `import { ${names},`);
  const declare = (text: string): Edit => replace(file, /register\(\): void \{\n/, `$&  ${text}\n`);
  const lastly = (text: string): Edit => replace(file, /\n\}\n$/, `\n  ${text}\n}\n`);
  const unrelated = all(
    imported('Atomic'),
    replace(
      file,
      /\nclass /,
      '\nclass Idle {\n  ticks: i32 = 0;\n}\nconst idle = new Idle();\nconst atomic = new Atomic();\nlet level: i32 = 3;\n$&',
    ),
    append(
      file,
      '\nexport function idling(n: i32): void {\n  atomic.inc();\n  idle.ticks += n + level;\n  level = idle.ticks;\n}\n',
    ),
  );
  return {
    'lines above and between': all(
      prepend(file, '// One more.\n\n\n'),
      replace(file, /\nfunction /, '\n\n// Two more.\n$&'),
    ),
    'new objects, variables and a new function': unrelated,
    'a new event, declared first': all(unrelated, declare("event('idling', idling).arg('n', 1, 9);")),
    'a new scene, declared first': all(
      unrelated,
      declare("event('idling', idling).arg('n', 1, 9); scene('calm').with('idling', 2);"),
    ),
    'a new design and a new option': all(
      imported('option'),
      lastly("design('another', 'a third way');\n  option('depth', 3, 0, 9);"),
    ),
  };
}

const ACCOUNT = /class Account \{[^}]*\}\n/;
const BANK_SINGLE: EditTable = {
  ...additions('bank.ts'),
  'a renamed local': replace('bank.ts', /\bamount\b(?!')/g, 'sum'),
  'accesses to another field in the same function': all(
    replace('bank.ts', '  balance: i32', '  notes: i32 = 0;\n  balance: i32'),
    replace('bank.ts', '  alice.balance -=', '  bob.notes += 1;\n  alice.balance -='),
    replace('bank.ts', /( {2}bob\.balance \+=.*\n)/, '$1  alice.notes = bob.notes;\n'),
  ),
  'a function moved to the end': moveFunction('bank.ts', 'transfer'),
  'a class moved to another file': all(
    (sources) => {
      const text = sources.get('bank.ts')?.match(ACCOUNT)?.[0] ?? '';
      return new Map(sources).set('account.ts', `export ${text}`);
    },
    replace('bank.ts', ACCOUNT, ''),
    prepend('bank.ts', "import { Account } from './account';\n"),
  ),
};

const ABBA_SINGLE: EditTable = {
  ...additions('abba.ts'),
  'renamed locals': all(replace('abba.ts', /\bfirst\b/g, 'outer'), replace('abba.ts', /\bsecond\b/g, 'inner')),
  'accesses to fields in the same functions': all(
    replace('abba.ts', '  value: i32', '  calls: i32 = 0;\n  value: i32'),
    replace('abba.ts', /void \{\n/g, '$&  counter.calls += 1;\n'),
    replace('abba.ts', /(counter\.value \+= 1;\n)/g, '$1  counter.value -= counter.calls;\n'),
  ),
  'both functions moved to the end, in the other order': all(
    moveFunction('abba.ts', 'backward'),
    moveFunction('abba.ts', 'forward'),
  ),
};

const DOUBLE_CHECKED_SINGLE: EditTable = {
  ...additions('double-checked.ts'),
  'a renamed local': replace('double-checked.ts', /\bconfig\b(?= =|\.limit|;|\))(?<!slot\.config)/g, 'fresh'),
  'accesses to another field in the same function': all(
    replace('double-checked.ts', '  config: Config', '  users: i32 = 0;\n  config: Config'),
    replace('double-checked.ts', '    mutex.unlock();', '    slot.users += 1;\n    mutex.unlock();'),
    replace('double-checked.ts', '  check(', '  slot.users += 1;\n  check('),
  ),
  'a function moved to the end': moveFunction('double-checked.ts', 'use'),
};

/** A field that no code uses yet; two edits need it. */
const NOTES: Edit = (sources) =>
  sources.get('objects.ts')?.includes('  notes: i32')
    ? sources
    : replace('objects.ts', '  iommu: dev_iommu | null = null;', '  notes: i32 = 0;\n$&')(sources);

/** `dev.notes += 1` as the first statement of a function that has a device `dev`. */
function note(file: string, name: string): Edit {
  return replace(file, new RegExp(`function ${name}\\(.*\\n`), '$&  dev.notes += 1;\n');
}

const IDLE = append(
  'events.ts',
  '\nlet idle_level: i32 = 1;\nfunction idle_devices(i: i32): void {\n  idle_level += i;\n  client_place(i).driver;\n}\n',
);

const IOMMU_SINGLE: EditTable = {
  'renamed locals': all(
    replace('of-iommu.ts', /\bfwspec\b(?!')/g, 'spec'),
    replace('fwspec.ts', /\bparam\b/g, 'record'),
  ),
  'lines above': all(
    prepend('of-iommu.ts', '// 1\n\n\n'),
    prepend('fwspec.ts', '// 1\n\n\n'),
    prepend('objects.ts', '\n\n'),
  ),
  'accesses to another field in other functions': all(
    NOTES,
    note('iommu-core.ts', 'iommu_device_link'),
    note('dd.ts', '__driver_attach'),
  ),
  'accesses to another field in the same functions': all(
    NOTES,
    note('of-iommu.ts', 'of_iommu_configure'),
    note('fwspec.ts', 'dev_iommu_free'),
    note('fwspec.ts', 'dev_iommu_fwspec_set'),
    note('fwspec.ts', 'iommu_fwspec_add_id'),
    replace('of-iommu.ts', '  if (ret == 0 && chosen.wants_replay(dev))', '  dev.notes -= 1;\n$&'),
  ),
  'functions moved within their files': all(
    moveFunction('fwspec.ts', 'dev_iommu_free'),
    moveFunction('fwspec.ts', 'dev_iommu_fwspec_get'),
    moveFunction('of-iommu.ts', 'of_iommu_xlate'),
  ),
  'a function moved to another file': all(
    (sources) =>
      new Map(sources).set(
        'release.ts',
        "import { count, free } from 'heddle';\nimport { iommu_fwspec_dealloc } from './fwspec';\nimport { Device } from './objects';\nimport { record_is_cleared } from './promises/memory';\n",
      ),
    moveFunction('fwspec.ts', 'dev_iommu_free', 'release.ts'),
    append('fwspec.ts', "\nexport { dev_iommu_free } from './release';\n"),
  ),
  'a new event, declared first': all(
    IDLE,
    replace(
      'events.ts',
      /register_events\(\): void \{\n/,
      "$&  event('idle', idle_devices).arg('client', 0, CLIENTS - 1);\n",
    ),
  ),
  'a new scene, declared first': all(
    replace(
      'scenes.ts',
      /register_scenes\(\): void \{\n/,
      "$&  scene('alone', one_client_one_instance).with('bind', 0);\n",
    ),
  ),
  'a new design and a new option, declared last': all(
    replace('options.ts', /( {2}option\('bus-probe'.*\n)/, "$1  option('depth', 3, 0, 9);\n"),
    replace('index.ts', /( {2}design\('v6\.15'.*\n)/, "$1  design('another', 'as v6.15');\n"),
  ),
  'new classes and objects': all(
    prepend('objects.ts', 'class early {\n  a: i32 = 1;\n  b: i32 = 2;\n}\nexport const first_of_all = new early();\n'),
    prepend(
      'errno.ts',
      'let last_error: i32 = 0;\nexport function remember(error: i32): void {\n  last_error = error;\n}\n',
    ),
  ),
};

/** Each edit takes a build, so all of a model's edits are made at once; `npm run soak` makes them also one by one. */
function sized(single: EditTable, left: readonly string[] = []): EditTable {
  const names = Object.keys(single).filter((name) => !left.includes(name));
  const together = { [`${names.length} edits at once`]: all(...names.flatMap((name) => single[name] ?? [])) };
  return size().name === 'soak' ? { ...together, ...single } : together;
}

export const BANK: EditTable = sized(BANK_SINGLE, REPEATED);
export const ABBA: EditTable = sized(ABBA_SINGLE, REPEATED);
export const DOUBLE_CHECKED: EditTable = sized(DOUBLE_CHECKED_SINGLE, REPEATED);
// A function moves within its file or to another.
export const IOMMU: EditTable = sized(IOMMU_SINGLE, ['functions moved within their files']);
