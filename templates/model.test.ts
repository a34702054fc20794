import { expectModel } from 'heddle/testing';
import { test } from 'vitest';

const MODEL = new URL('./{{name}}.ts', import.meta.url).pathname;

test('the locked design survives', async () => {
  await expectModel(MODEL, { design: 'locked' }).toSurvive({ scene: 'all', executions: 20_000 });
}, 60_000);

test('no schedule of two producers fails', async () => {
  await expectModel(MODEL, { design: 'locked' }).toBeVerified({ scene: 'two-producers' });
}, 60_000);

// A test that cannot fail proves nothing: the bug that the lock is there for must be found without it.
test('without the lock around the check an item is lost', async () => {
  await expectModel(MODEL, { design: 'unlocked' }).toFail({ scene: 'two-producers', symptom: 'lost-item' });
}, 60_000);
