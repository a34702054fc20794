import { describe, expect, it } from 'vitest';
import type { Manifest, Site } from '../../src/build/manifest.js';
import { Executor } from '../../src/executor/executor.js';
import type { TraceStep } from '../../src/executor/types.js';
import { renderDiagram } from '../../src/explain/diagram.js';
import { analyseFinding } from '../../src/findings/analyse.js';
import type { HotDeviation } from '../../src/schedule/schedule.js';
import { executorOf, modelOf } from '../support/models.js';

function diagramOf(executor: Executor, ...deviations: HotDeviation[]): string {
  return analyseFinding(executor, { ...executor.sceneSchedule(), deviations }, null).diagram;
}

const UNPLUG = `
import { event, free, Mutex, scene } from 'heddle';
class Buffer { bytes: i32 = 0; }
class Device { buffer: Buffer | null = null; readonly lock: Mutex = new Mutex(); }
const device = new Device();
device.buffer = new Buffer();
function transfer(): void {
  const buffer = device.buffer;
  if (buffer) buffer.bytes += 8;
}
function unplug(): void {
  device.lock.lock();
  const buffer = device.buffer!;
  device.buffer = null;
  free(buffer);
  device.lock.unlock();
}
export function register(): void {
  event('transfer', transfer);
  event('unplug', unplug);
  scene('both').with('transfer').with('unplug');
  scene('three').with('transfer').with('unplug').with('transfer');
}`;

describe('renderDiagram', () => {
  it('shows the lost update of the bank', async () => {
    const executor = await executorOf('examples/bank.ts');
    expect(diagramOf(executor, { task: 0, step: 1, target: 1 })).toMatchInlineSnapshot(`
      "transfer(10)                           transfer(20)
      -------------------------------------  -------------------------------------
      transfer: Account#1.balance read 100
                                             transfer: Account#1.balance read 100
                                             transfer: Account#1.balance write 80
                                             transfer: Account#2.balance read 100
                                             transfer: Account#2.balance write 120
                                             (ends)
      transfer: Account#1.balance write 90
      transfer: Account#2.balance read 120
      transfer: Account#2.balance write 130

      => invariant “no money is lost” is broken at the end"
    `);
  });

  it('shows the opposite locks of abba', async () => {
    const executor = await executorOf('examples/abba.ts');
    expect(diagramOf(executor, { task: 0, step: 1, target: 1 })).toMatchInlineSnapshot(`
      "forward                                     backward
      ------------------------------------------  -------------------------------------------
      forward: Mutex#1 lock
                                                  backward: Mutex#2 lock
                                                  backward: Mutex#1 lock, waits  <== deadlock
      forward: Mutex#2 lock, waits  <== deadlock"
    `);
  });

  it('shows a use after free between two tasks', async () => {
    const executor = Executor.create({ artefact: await modelOf(UNPLUG, 'unplug') });
    expect(diagramOf(executor, { task: 0, step: 1, target: 1 })).toMatchInlineSnapshot(`
      "transfer                                          unplug
      ------------------------------------------------  -----------------------------------
      transfer: Device.buffer read → Buffer
                                                        unplug: Device.lock read → Mutex
                                                        unplug: Mutex lock
                                                        unplug: Device.buffer read → Buffer
                                                        unplug: Device.buffer write NULL
                                                        unplug: free Buffer
                                                        unplug: Device.lock read → Mutex
                                                        unplug: Mutex unlock
                                                        (ends)
      transfer: Buffer.bytes read  <== use-after-free
      transfer: Buffer.bytes write  <== use-after-free"
    `);
  });

  it('has a column for each task', async () => {
    const executor = Executor.create({ artefact: await modelOf(UNPLUG, 'unplug'), configuration: { scene: 'three' } });
    expect(
      diagramOf(executor, { task: 0, step: 1, target: 2 }, { task: 2, step: 1, target: 1 }),
    ).toMatchInlineSnapshot(`
      "transfer [task 0]                 unplug                            transfer [task 2]
      --------------------------------  --------------------------------  --------------------------------
      transfer: Device.buffer read →
          Buffer
                                                                          transfer: Device.buffer read →
                                                                              Buffer
                                        unplug: Device.lock read → Mutex
                                        unplug: Mutex lock
                                        unplug: Device.buffer read →
                                            Buffer
                                        unplug: Device.buffer write NULL
                                        unplug: free Buffer
                                        unplug: Device.lock read → Mutex
                                        unplug: Mutex unlock
                                        (ends)
      transfer: Buffer.bytes read
          <== use-after-free
      transfer: Buffer.bytes write
          <== use-after-free"
    `);
  });

  it('is plain text, as wide as a page', async () => {
    const executor = await executorOf('assembly/models/iommu/index.ts');
    const { trace, tasks } = executor.trace(executor.sceneSchedule());
    const diagram = renderDiagram({ manifest: executor.manifest, tasks, trace, finding: null, deviations: [] });
    const lines = diagram.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.length).toBeLessThan(250);
    for (const line of lines) expect(line).toBe(line.trimEnd());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none.
    expect(diagram).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  }, 120_000);

  it('is empty for a run without steps', () => {
    expect(renderDiagram({ manifest: manifestOf([]), tasks: [], trace: [], finding: null, deviations: [] })).toBe('');
  });

  it('leaves out long stretches of one task, and shows both ends of the others', () => {
    const manifest = manifestOf([site('load', 'C.shared'), site('store', 'C.own')]);
    const trace: TraceStep[] = [
      access(0, 0, 1, 0x400010),
      ...Array.from({ length: 9 }, (_, i) => access(0, i + 1, 2, 0x400020)),
      access(1, 0, 2, 0x400010),
    ];
    const tasks = [0, 1].map((slot) => ({
      slot,
      path: String(slot),
      name: `t${slot}`,
      steps: 1,
      state: 'done' as const,
    }));
    expect(
      renderDiagram({ manifest, tasks, trace, finding: null, deviations: [] })
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      't0                  t1',
      '------------------  ----------------',
      'f: C.shared read 0',
      '… (8 steps)',
      'f: C.own write 0',
      'f: C.own write 0',
    ]);
  });
});

function site(operation: string, field: string): Site {
  return { operation, field, function: 'f', ordinal: 0, file: 'f.ts', line: 1, column: 1, marked: false };
}

function manifestOf(sites: Site[]): Manifest {
  return {
    format: 1,
    name: 'm',
    hash: '',
    flavour: 'fast',
    staticEnd: 0,
    cells: [],
    classes: [],
    sites: [null, ...sites],
    marks: [],
    overrides: [],
    functions: {},
    sources: [],
  };
}

function access(task: number, step: number, siteIndex: number, address: number): TraceStep {
  return { kind: 'access', task, step, site: siteIndex, address, classId: 0, offset: 0, value: 0, text: '', hash: 0n };
}
