/** A copy of the IOMMU model with mistakes that no design makes. One copy for all tests that need one: building it takes 20 seconds. */
import { all, replace, sourcesOf, writeCopy } from '../edits/copies.js';
import { modelAt } from '../support/models.js';

const MODEL = 'assembly/models/iommu/index.ts';

/** In v6.15, where the locks are looked at, the types stay right: without DMA domains there would be no mode to write. */
const IS_V6_15 = 'chosen.type_for_conflict() == DomainType.identity';

/** References that are not given back, a deferral that nobody takes up, and a default domain of the wrong type. */
const PROMISES = all(
  replace('deferred-probe.ts', '    put_device(dev);\n', ''),
  replace('dd.ts', /(driver_deferred_probe_del\(dev\);\n) {2}driver_deferred_probe_trigger\(\);\n/, '$1'),
  replace(
    'group.ts',
    'DomainType.none ? DomainType.dma : type',
    `DomainType.none ? DomainType.dma : ${IS_V6_15} ? type : DomainType.identity`,
  ),
  replace(
    'group.ts',
    /driver_is_counted\(dev, ret\);\n {2}iommu_group_put\(group\);\n/,
    'driver_is_counted(dev, ret);\n',
  ),
);

/** A driver is attached without the lock of its device, a group's type is changed without that of the group. */
const LOCKS = all(
  replace(
    'dd.ts',
    /(function __driver_attach[^}]*?) {2}dev\.mutex\.lock\(\);\n([^}]*?) {2}dev\.mutex\.unlock\(\);\n/,
    '$1$2',
  ),
  replace(
    'sysfs-type.ts',
    /group\.mutex\.lock\(\);\n( {2}const ret = change_type[^\n]*\n) {2}group\.mutex\.unlock\(\);\n/,
    '$1',
  ),
);

/** Path of the copy, which is built when this answers. */
export async function modelWithMistakes(): Promise<string> {
  const path = writeCopy(MODEL, all(PROMISES, LOCKS)(sourcesOf(MODEL)));
  await modelAt(path);
  return path;
}
