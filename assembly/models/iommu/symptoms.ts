// The symptoms of designs.md section 7 that this part of the subsystem can show. Conditions with the same key are alternatives; the
// first symptom that fits names the finding. S5 is missing: with one ID the firmware spec does not move, and to tell S5 from S1 a condition
// would have to say where the object was freed.
import { symptom } from 'heddle';

export function register_symptoms(): void {
  symptom('S11', 'members of a group are visited without its mutex')
    .on('kind', 'use-after-free')
    .on('kind', 'null-dereference')
    .on('function', 'walk_and_finalize');
  symptom('S1', 'the firmware path uses a dev->iommu or fwspec that a failing probe has freed')
    .on('kind', 'null-dereference')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('function', 'of_iommu_configure')
    .on('function', 'dev_iommu_get')
    .on('function', 'dev_iommu_free')
    .on('function', 'dev_iommu_fwspec_get')
    .on('function', 'dev_iommu_fwspec_set')
    .on('function', 'iommu_fwspec_init')
    .on('function', 'iommu_fwspec_free')
    .on('function', 'iommu_fwspec_add_id')
    .on('function', 'iommu_fwspec.set_id')
    .on('function', 'iommu_fwspec.get_id')
    .on('function', 'iommu_init_device')
    .on('function', 'arm_smmu_probe_device')
    .on('function', 'arm_smmu_attach_dev');
  symptom('S2', 'a device is probed twice').on('invariant', '2: a device is probed once between two releases');
  symptom('S3', 'a device is probed with half of its firmware spec')
    .on('invariant', '4: what probe_device reads is final')
    .on('invariant', '4: a bound client has the IDs that firmware gives');
  symptom('S4', 'two tasks create dev->iommu and one record is lost')
    .on('kind', 'leak')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec');
  symptom('S6', 'a device is in no group, or in the wrong one').on(
    'invariant',
    '6: a device whose instances are registered is in a group',
  );
  symptom('late-domain', 'a client is bound for one way of DMA and then gets the other').on(
    'invariant',
    '3: a bound client is translated as its driver has mapped',
  );
}
