/**
 * Errors can be injected at every allocation and every callback of the model. Both are enumerated from its source, so that a new one
 * without an injection point is told of; what has none says here why not.
 */
import { describe, expect, it } from 'vitest';
import { all, append, replace, type Sources, sourcesOf } from '../edits/copies.js';
import { bodiesOf } from './bodies.js';

const MODEL = 'assembly/models/iommu/index.ts';

/** Classes whose methods are callbacks, by file. */
const CALLBACKS = { iommu_ops: 'iommu-ops.ts', bus_type: 'objects.ts', device_driver: 'objects.ts' };

/** Callbacks that cannot fail, beside those that answer nothing, or yes and no. */
const CANNOT_FAIL: Record<string, string> = {
  def_domain_type: 'answers a type',
  direct_regions: 'answers a number',
  nr_probed_ids: 'for promises',
  probed_id: 'for promises',
  groups_by: 'for promises',
  firmware_node: 'answers what firmware says',
  nr_specifiers: 'answers what firmware says',
  specifier_iommu: 'answers what firmware says',
  specifier_id: 'answers what firmware says',
};

/** The machine and its scenes are made before anything runs, by these files. */
const SET_UP = /^(?:scenes.*|machine|grid|designs\/chosen|profiles\/chosen)\.ts$/;

/** What needs no injection point of its own, and why. */
const WITHOUT: Record<string, string> = {
  'create: new Device': 'who calls it decides before: add, open_coded_driver.probe; else it is the set-up of a scene',
  'create: new pci_dev': 'is part of a Device',
  'constructor: new klist_node': 'is part of a Device',
  'iommu_bus_init: new Notifier': 'is a static record of its caller',
  'bus_iommu_probe: new List': 'is a local variable in the kernel',
  'iommu_probe_device_pinf: new iommu_probe_info': 'is a local variable in the kernel',
  '__iommu_probe_device: new iommu_probe_info': 'is a local variable in the kernel',
  'arm_smmu_device_group: dev.bus.device_group': 'is part of the driver’s device_group, and that has one',
  'device_group: dev.bus.device_group': 'is part of the driver’s device_group, and that has one',
};

/** Methods of the classes of callbacks that can answer an error. */
function callbacksOf(sources: Sources): string[] {
  return Object.entries(CALLBACKS).flatMap(([name, file]) => {
    const declaration = new RegExp(`^export abstract class ${name} \\{[\\s\\S]*?^\\}`, 'm').exec(
      sources.get(file) ?? '',
    );
    const methods = [...(declaration?.[0] ?? '').matchAll(/^ {2}(?:abstract )?(\w+)\([^;{]*?\): (\w+)/gm)];
    const fallible = methods.filter(([, , answer]) => answer !== 'void' && answer !== 'bool');
    return fallible.map(([, method]) => method ?? '');
  });
}

/** Each allocation and each call of a callback in a function that has fewer injection points than those: `function: what`. */
function withoutInjection(sources: Sources): string[] {
  const callbacks = callbacksOf(sources).filter((name) => !(name in CANNOT_FAIL));
  const pattern = new RegExp(`\\bnew \\w+|\\b[\\w.!]+\\.(?:${callbacks.join('|')})(?=\\()|(?<![\\w.])fn(?=\\()`, 'g');
  return bodiesOf(sources).flatMap(({ file, name, text }) => {
    if (SET_UP.test(file)) return [];
    const found = [...text.matchAll(pattern)].map(([what]) => `${name}: ${what}`);
    return found.length > text.split("fault('").length - 1 ? found : [];
  });
}

describe('injected errors', () => {
  const sources = sourcesOf(MODEL);

  it('are possible at every allocation and every callback', () => {
    expect(callbacksOf(sources)).toEqual(
      expect.arrayContaining([
        'of_xlate',
        'of_xlate_fwspec',
        'probe_device',
        'device_group',
        'attach_dev',
        'dma_configure',
        'probe',
      ]),
    );
    expect([...new Set(withoutInjection(sources))].sort()).toEqual(Object.keys(WITHOUT).sort());
  });

  it.each([
    ['group.ts', 'function made(): group_device {\n  return new group_device(dev);\n}\n', 'made: new group_device'],
    [
      'group.ts',
      'function asked(): i32 {\n  return domain.ops.attach_dev(domain, dev);\n}\n',
      'asked: domain.ops.attach_dev',
    ],
  ])('a new one without is told of: %s %#', (file, text, told) => {
    expect(withoutInjection(append(file, text)(sources))).toContain(told);
  });

  it('a new callback is told of, and an injection point that is gone', () => {
    const edit = all(
      replace('iommu-ops.ts', /^ {2}abstract release_device/m, '  abstract domain_get(dev: Device): iommu_domain;\n$&'),
      append('group.ts', 'function asked(): iommu_domain {\n  return ops.domain_get(dev);\n}\n'),
      replace('group.ts', /^ {2}if \(faults\(\) && fault\('no memory for a group'\).*\n/m, ''),
    );
    const told = withoutInjection(edit(sources));
    expect(told).toEqual(expect.arrayContaining(['asked: ops.domain_get', 'iommu_group_alloc: new iommu_group']));
  });
});
