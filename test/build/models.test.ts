import { describe, expect, it } from 'vitest';
import { parseModule } from '../../src/build/parse-module.js';
import { buildModel, listModels } from '../../src/build/index.js';
import { maySuspend } from '../../src/build/abi.js';
import { modelAt } from '../support/models.js';
import { writeModel } from './toolchain.js';
import { temporaryFolder } from '../support/temporary.js';

const cacheDir = temporaryFolder('build');
const models = await listModels();

/** docs/abi.md, section 1. */
const ABI = new Set(
  `ld8 ld16 ld32 ld64 st8 st16 st32 st64 set32 set64 qld8 qld16 qld32 qld64 qst8 qst16 qst32 qst64 qset32 qset64 fn cls new renew copy fill
   trap abort fuel deep at lock unlock trylock spin_lock spin_unlock spin_trylock point block wake acquired released holds atomic_enter
   atomic_exit irq_off irq_on interrupt interrupt_end call_site might_sleep report release start self join yield_now choose fault fail count
   note annotate examine block_timed wake_task spin_lock_irq spin_unlock_irq design is_design scene option declare idx`.split(
    /\s+/,
  ),
);

describe('the models of the package', () => {
  it.each(models.filter((m) => m.name !== 'iommu'))('$name builds', async ({ path }) => {
    const { wasm, manifest } = await modelAt(path);
    expect(WebAssembly.validate(wasm as Uint8Array<ArrayBuffer>)).toBe(true);
    expect(manifest.sites.filter((s) => s && (s.line === 0 || s.function === ''))).toEqual([]);
  });
});

describe('the IOMMU model', async () => {
  const model = await modelAt('assembly/models/iommu/index.ts');

  it('imports what docs/abi.md lists and nothing else', () => {
    const imports = parseModule(model.wasm).functionImports.map((f) => f.name);
    expect(imports.filter((name) => !ABI.has(name))).toEqual([]);
    expect(imports.filter((name) => !maySuspend(name)).length).toBeGreaterThan(0);
  });

  it('has distinct sites: an identity names one place', () => {
    const keys = model.manifest.sites.flatMap((s) =>
      s ? [`${s.function} ${s.operation} ${s.field} #${s.ordinal}`] : [],
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
}, 60_000);

describe('golden point counts', () => {
  it('dev.iommu.fwspec.ops is three loads, in the code of the model', async () => {
    const path = writeModel(`
      import { event } from "heddle";
      class Ops { id: i32 = 1; }
      class Fwspec { ops: Ops | null = null; }
      class Iommu { fwspec: Fwspec | null = null; }
      class Device { iommu: Iommu | null = null; }
      const dev = new Device();
      let seen: i32 = 0;
      function read(): void { if (dev.iommu!.fwspec!.ops) seen = 1; }
      export function register(): void { event("read", read); }
    `);
    const { manifest } = await buildModel(path, { cacheDir });
    const sites = manifest.sites.filter((s) => s?.function === 'read');
    expect(sites.map((s) => `${s?.operation} ${s?.field}`)).toEqual([
      'load Device.iommu',
      'load Iommu.fwspec',
      'load Fwspec.ops',
      'store seen',
    ]);
    expect(sites.every((s) => s?.file === 'm.ts' && s.line === 9)).toBe(true);
  });
});
