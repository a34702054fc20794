/** Which schedules an executor takes: an option that is not set has its default, in the schedule and in the executor. */
import { expect, it } from 'vitest';
import type { Schedule } from '../../src/schedule/schedule.js';
import { otherConfiguration } from '../../src/worker/inspect.js';
import { executorOf } from '../support/models.js';

it('an option at its default is the same whether it is written out or not', async () => {
  const model = 'assembly/models/iommu/index.ts';
  const plain = await executorOf(model, { design: 'v6.6', scene: 'full' });
  const kdump = await executorOf(model, { design: 'v6.6', scene: 'full', options: { kdump: 1 } });
  const written = await executorOf(model, { design: 'v6.6', scene: 'full', options: { kdump: 0 } });
  const verdict = (executor: typeof plain, options: Record<string, number>, design = 'v6.6'): string | null =>
    otherConfiguration(executor, {
      ...{ model: 'iommu', design, scene: 'full', options },
      ...{ events: [], deviations: [], choices: [] },
    } satisfies Schedule);
  for (const executor of [plain, written]) {
    expect(verdict(executor, {})).toBe(null);
    expect(verdict(executor, { kdump: 0 })).toBe(null);
    expect(verdict(executor, { kdump: 1 })).toBe('its option kdump is 1, not 0');
  }
  expect(verdict(kdump, {})).toBe('its option kdump is 0, not 1');
  expect(verdict(kdump, { kdump: 1 })).toBe(null);
  expect(verdict(plain, { speed: 1 })).toBe('the model has no option speed');
  expect(verdict(plain, {}, 'v6.1')).toBe('it belongs to the design v6.1, not v6.6');
});
