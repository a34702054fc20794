import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/errors.js';
import { expectModel, ModelExpectationError } from '../../src/testing/expect-model.js';
import { heddle, inFolder } from '../cli/run.js';

describe('expectModel', () => {
  it('toSurvive holds for the locked bank and not for the racy one, with a command that shows it again', async () => {
    await expectModel('bank', { design: 'locked' }).toSurvive({ scene: 'two-transfers', executions: 5_000 });
    await inFolder(async (folder) => {
      const outDir = join(folder, 'kept');
      const racy = expectModel('bank', { design: 'racy', outDir }).toSurvive({ scene: 'two-transfers' });
      const error = await racy.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ModelExpectationError);
      const { message, findings } = error as ModelExpectationError;
      expect(findings).toHaveLength(1);
      expect(message).toMatch(/no money is lost/);
      expect(message).toMatch(/transfer\(10\) +transfer\(20\)/);
      const words = /npx heddle (replay .*)$/m.exec(message)?.[1]?.split(' ') ?? [];
      expect(existsSync(words[1] ?? '')).toBe(true);
      expect((await heddle(words)).code).toBe(3);
    });
  }, 60_000);

  it('toFail answers the finding, and throws where there is none of that symptom or kind', async () => {
    const racy = expectModel('bank', { design: 'racy' });
    const record = await racy.toFail({ scene: 'two-transfers', executions: 5_000, kind: 'invariant' });
    expect(record.message).toBe('no money is lost');
    await expect(racy.toFail({ executions: 5_000, symptom: 'S1' })).rejects.toThrow(
      /shows no S1 in .* but:\n {2}other/,
    );
    await expect(expectModel('bank', { design: 'locked' }).toFail({ executions: 2_000 })).rejects.toThrow(
      /shows no finding in 2000 executions$/,
    );
  });

  it('toBeVerified proves the ordered abba, and names the violation of the other or what cut the search', async () => {
    const result = await expectModel('bank', { design: 'locked' }).toBeVerified({ scene: 'two-transfers' });
    expect(result.verdict).toBe('verified');
    await inFolder(async (outDir) => {
      const racy = expectModel('bank', { design: 'racy', outDir });
      await expect(racy.toBeVerified({ scene: 'two-transfers' })).rejects.toThrow(/is violated\n\nother: invariant/);
    });
    const cut = expectModel('iommu-like', {}).toBeVerified({ scene: 'x' });
    await expect(cut).rejects.toThrow(/no model is called/);
  });

  it('is the same each time: the first finding of a seed has the same schedule', async () => {
    const wanted = { scene: 'two-transfers', executions: 3_000 };
    const [a, b] = [
      await expectModel('bank', { seed: 7n }).toFail(wanted),
      await expectModel('bank', { seed: 7n }).toFail(wanted),
    ];
    expect(a).toEqual(b);
  });

  it('refuses names that the model does not have, and budgets that are none', async () => {
    await expect(expectModel('bank', { design: 'open' }).toSurvive({ executions: 10 })).rejects.toThrow(HeddleError);
    await expect(expectModel('bank').toSurvive({ scene: 'three', executions: 10 })).rejects.toThrow(HeddleError);
    await expect(expectModel('bank').toSurvive({ executions: 0 })).rejects.toThrow(/whole number from 1/);
  });

  it('refuses what plain JavaScript lets through: no kind, no scene, no seed', async () => {
    const racy = (settings: object): ReturnType<typeof expectModel> =>
      expectModel('bank', { design: 'racy', ...settings });
    const proof = { scene: 'two-transfers' };
    await expect(racy({ oracles: ['invarient'] }).toSurvive()).rejects.toThrow('“invarient” is no kind');
    await expect(racy({ oracles: ['invarient'] }).toBeVerified(proof)).rejects.toThrow('“invarient” is no kind');
    await expect(racy({ oracles: [] }).toSurvive()).rejects.toThrow('nothing could fail');
    for (const seed of [-1n, 1n << 64n, 1]) await expect(racy({ seed }).toSurvive()).rejects.toThrow(/64 bits/);
    await expect(racy({}).toBeVerified(undefined as never)).rejects.toThrow('needs a scene');
    await expect(racy({}).toBeVerified({ ...proof, memoryBytes: Number.NaN })).rejects.toThrow('memoryBytes');
  });

  it('quotes what a shell would take apart', async () => {
    await inFolder(async (folder) => {
      const outDir = join(folder, 'out dir');
      const error = await expectModel('bank', { design: 'racy', outDir })
        .toSurvive()
        .catch((thrown: Error) => thrown);
      expect(error?.message).toContain(`npx heddle replay '${outDir}/findings/`);
    });
  });
});
