/** Which words of boot memory lead to an object that tasks allocated. */
import { expect, it } from 'vitest';
import { Executor } from '../../src/executor/executor.js';
import { modelOf } from '../support/models.js';

/** The text "ID", two units of UTF-16 in one word, would point into the first object of the first task, if it were a pointer. */
const MODEL = `
import { check, event, scene } from 'heddle';
class Big {
  a: i64 = 0; b: i64 = 0; c: i64 = 0; d: i64 = 0; e: i64 = 0; f: i64 = 0; g: i64 = 0; h: i64 = 0;
  i: i64 = 0; j: i64 = 0; k: i64 = 0; l: i64 = 0; m: i64 = 0; n: i64 = 0; o: i64 = 0; p: i64 = 0;
}
class Holder {
  big: Big | null = null;
}
const holder = new Holder();
function idle(): void {
  check(holder.big == null || holder.big!.a == 0, 'IDIDID');
}
function lose(): void {
  holder.big = new Big();
  holder.big = null;
}
function keep(): void {
  holder.big = new Big();
}
export function register(): void {
  event('idle', idle);
  event('lose', lose);
  event('keep', keep);
  scene('lose').with('lose').with('idle');
  scene('keep').with('keep').with('idle');
}
`;

it.each(['release', 'debug', 'oracles'] as const)(
  'text is no pointer, what a task stored is one (%s)',
  async (build) => {
    const artefact = await modelOf(MODEL, 'leak-roots');
    const findings = (scene: string): string[] => {
      const executor = Executor.create({ artefact, configuration: { scene }, build });
      return executor
        .run(executor.sceneSchedule())
        .findings.map(({ kind }) => kind)
        .filter((kind) => kind === 'leak');
    };
    expect(findings('lose')).toEqual(['leak']);
    expect(findings('keep')).toEqual([]);
  },
);
