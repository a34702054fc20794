/** Files that may be anything, imported: refused with a reason, or run. And what the corpus commands do to good ones. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPack, writePack } from '../../src/corpus/pack.js';
import { readEntryFile } from '../../src/corpus/read-entry.js';
import { cover, union } from '../../src/corpus/select.js';
import { CorpusStore } from '../../src/corpus/store.js';
import { createRandom, type Random } from '../../src/schedule/prng.js';
import { LIMITS } from '../../src/schedule/schedule.js';
import { formatSchedule } from '../../src/schedule/text.js';
import { heddle, inFolder } from '../cli/run.js';
import { size } from '../support/size.js';

const MUTANTS = { default: 300, ci: 2_000, soak: 10_000 }[size().name];
const FUZZ = ['examples/bank.ts', '--design', 'racy', '-j', '1', '--ui', 'none', '-q', '--exit-zero', '--seed', '5'];

async function campaign(out: string): Promise<CorpusStore> {
  expect((await heddle(['fuzz', ...FUZZ, '--max-execs', '4000', '-o', out])).code).toBe(0);
  return new CorpusStore(join(out, 'corpus'));
}

/** Bit flips, cuts, doubled and swapped lines, numbers out of range. */
function mutate(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length);
  switch (random.below(6)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    case 3:
      return Buffer.from(text.split('\n').reverse().join('\n'));
    case 4:
      return Buffer.from(text.replace(/\d+(?=\n)/, String(random.u32())));
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.below(256)]), bytes.subarray(at)]);
  }
}

describe('heddle corpus import', () => {
  it(`refuses or runs ${MUTANTS} mutated files: none crashes it, and all that is admitted runs as it says`, async () => {
    await inFolder(async (folder) => {
      const store = await campaign(join(folder, 'a'));
      const texts = store.load(() => {}).map(({ schedule }) => formatSchedule(schedule));
      const random = createRandom(99);
      const from = join(folder, 'mutants');
      mkdirSync(from);
      for (let i = 0; i < MUTANTS; i++) {
        const text = texts[random.below(texts.length)] ?? '';
        writeFileSync(join(from, `${i}.sched`), mutate(text, random));
      }
      writeFileSync(join(from, 'oversized.sched'), Buffer.alloc(LIMITS.textBytes + 1, 0x23));
      writeFileSync(join(from, 'other.sched'), (texts[0] ?? '').replace('model bank', 'model other'));
      writeFileSync(join(from, 'binary.sched'), Buffer.from([0xff, 0xfe, 0x00]));
      symlinkSync('/dev/zero', join(from, 'endless.sched'));
      const into = join(folder, 'into');
      mkdirSync(into);
      const model = ['--model', 'examples/bank.ts', '--design', 'racy', '-j', '1', '--json'];
      const { code, stdout, stderr } = await heddle(['corpus', 'import', into, from, ...model]);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const result = JSON.parse(stdout) as { added: number; refused: { file: string; reason: string }[] };
      const reasonOf = (name: string): string => result.refused.find(({ file }) => file.endsWith(name))?.reason ?? '';
      expect(reasonOf('/oversized.sched')).toMatch(/at most/);
      expect(reasonOf('/other.sched')).toMatch(/belongs to the model other/);
      expect(reasonOf('/binary.sched')).toBe('not UTF-8 text');
      expect(reasonOf('/endless.sched')).toBe('not a regular file');
      expect(result.refused.every(({ reason }) => reason !== '')).toBe(true);
      expect(result.added).toBeGreaterThan(0);
      const checked = await heddle(['corpus', 'check', into, ...model]);
      expect(checked.code).toBe(0);
      expect(JSON.parse(checked.stdout)).toMatchObject({ entries: result.added, refused: [] });
      console.log(`${MUTANTS} mutants: ${result.refused.length} files refused, ${result.added} admitted`);
    });
  }, 600_000);

  it('is the same union whatever the order of the sources', async () => {
    await inFolder(async (folder) => {
      const store = await campaign(join(folder, 'a'));
      const pack = join(folder, 'a.ndjson');
      expect((await heddle(['corpus', 'export', join(folder, 'a'), pack])).code).toBe(0);
      const files: string[][] = [];
      for (const [name, sources] of [
        ['x', [pack, store.dir]],
        ['y', [store.dir, pack]],
      ] as const) {
        const into = join(folder, name);
        mkdirSync(into);
        const model = ['--model', 'examples/bank.ts', '--design', 'racy', '-j', '1'];
        expect((await heddle(['corpus', 'merge', into, ...sources, ...model])).code).toBe(0);
        files.push(readdirSync(into, { recursive: true }).map(String).sort());
      }
      expect(files[0]).toEqual(files[1]);
      expect(files[0]?.length).toBeGreaterThan(0);
    });
  }, 120_000);
});

describe('a corpus in one file', () => {
  it('refuses lines that are too long, torn or no entries, and a newer format', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'p.ndjson');
      const text = 'heddle-schedule 1\nmodel m\nevent e\n';
      writePack(path, [text], 'm');
      const good = readFileSync(path, 'utf8');
      const bomb = JSON.stringify({ schedule: ' '.repeat(7 * LIMITS.textBytes) });
      writeFileSync(path, `${good}${bomb}\n{"schedule":3}\n{"sched`);
      const files = [...readPack(path)].map(({ file }) => file);
      expect(files.map(({ reason }) => reason)).toEqual([
        null,
        expect.stringMatching(/^longer than/),
        expect.stringMatching(/^no entry/),
        expect.stringMatching(/^no entry/),
      ]);
      writeFileSync(path, good.replace('heddle.corpus/1', 'heddle.corpus/2'));
      expect(() => [...readPack(path)]).toThrow(/newer format/);
      writeFileSync(path, '');
      expect(() => [...readPack(path)]).toThrow(/no corpus in one file/);
    });
  });

  it('tells entries that are missing at its end, and reads what an editor has put in', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'p.ndjson');
      const texts = ['e', 'f', 'g'].map((event) => `heddle-schedule 1\nmodel m\nevent ${event}\n`);
      writePack(path, texts, 'm');
      const whole = readFileSync(path, 'utf8');
      const reasons = (): (string | null)[] => [...readPack(path)].map(({ file }) => file.reason);
      writeFileSync(path, `\uFEFF${whole.replaceAll('\n', '\r\n')}\r\n`);
      expect(reasons()).toEqual([null, null, null]);
      writeFileSync(path, `${whole.split('\n').slice(0, 3).join('\n')}\n`);
      expect(reasons()).toEqual([null, null, 'cut off: it says that it has 3 entries, and has 2']);
    });
  });

  it('knows an entry whose name is not that of its content', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, '0123456789abcdef.sched');
      writeFileSync(path, 'heddle-schedule 1\nmodel m\nevent e\n');
      expect(readEntryFile(path, true).reason).toMatch(/its content has the id [0-9a-f]{16}/);
      expect(readEntryFile(path, false).reason).toBe(null);
    });
  });
});

describe('the choice of entries', () => {
  const random = createRandom(4);
  const entries = Array.from({ length: 60 }, (_, i) => ({
    id: String(i).padStart(3, '0'),
    size: random.below(9),
    features: Array.from({ length: 1 + random.below(8) }, () => random.below(50)),
  }));
  const featuresOf = (list: readonly { features: readonly number[] }[]): number[] =>
    [...new Set(list.flatMap(({ features }) => features))].sort((a, b) => a - b);

  it('keeps every feature, nothing superfluous, and does not depend on the order', () => {
    const kept = cover(entries);
    expect(featuresOf(kept)).toEqual(featuresOf(entries));
    for (const one of kept) expect(featuresOf(kept.filter((e) => e !== one))).not.toEqual(featuresOf(entries));
    expect(cover([...entries].reverse()).map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
    expect(kept.length).toBeLessThan(entries.length);
  });

  it('takes into a union what adds a feature, in the order of ids', () => {
    const seen = new Set<number>();
    const taken = union(entries, seen);
    expect([...seen].sort((a, b) => a - b)).toEqual(featuresOf(entries));
    expect(union([...entries].reverse(), new Set())).toEqual(taken);
    expect(union(entries, seen)).toEqual([]);
  });
});
