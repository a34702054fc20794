// The symptoms of designs.md section 7 as conditions on findings. Conditions with the same key are alternatives; the first symptom that fits
// names the finding. What fits none is “other”.
import { symptom } from 'heddle';

/** Memory that goes under a task's feet. Who frees it tells S5, S11 and S13 from S1. */
function register_memory(): void {
  symptom('S5', 'the fwspec, or its IDs, move under a reader')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('freed', 'iommu_fwspec_add_id')
    .on('freed', 'iommu_fwspec_append_id');
  symptom('S11', 'a walk visits the members of a group without its mutex')
    .on('kind', 'use-after-free')
    .on('kind', 'null-dereference')
    .on('function', 'walk_and_finalize')
    .on('function', 'dev_iommu_ops')
    .on('task', 'register*')
    .on('task', 'load-iommu*')
    .on('task', 'work')
    .on('by', 'remove*')
    .on('by', 'unregister*')
    .on('by', 'unbind*');
  symptom('S13', 'a device that nobody has claimed is released as if someone had')
    .on('kind', 'null-dereference')
    .on('function', '*iommu_release_device');
  symptom('release-race', 'a release uses dev->iommu, or the group, without the probe mutex')
    .on('kind', 'null-dereference')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('object', 'iommu_group')
    .on('object', 'iommu_device')
    .on('task', 'remove*')
    .on('task', 'unregister*');
  symptom('S1', 'dev->iommu or the fwspec is used after a failing probe has freed it')
    .on('kind', 'null-dereference')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('freed', 'dev_iommu_free')
    .on('freed', 'iommu_fwspec_dealloc')
    .on('freed', 'iommu_fwspec_free')
    .on('freed', 'dev_iommu_fwspec_set')
    .on('by', 'bind*')
    .on('by', 'rebind*')
    .on('by', 'register*')
    .on('by', 'load-iommu*')
    .on('by', 'add*')
    .on('by', 'claim*')
    .on('by', 'work')
    .on('by', '*attach_async*');
  symptom('late-record', 'dev->iommu is made for a device that is being removed, and nobody frees it')
    .on('kind', 'leak')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('interrupted', 'device_del');
  symptom('S4', 'two tasks create dev->iommu and one record is lost')
    .on('kind', 'leak')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('interrupted', '*');
}

function register_probing(): void {
  symptom('S2', 'a device is probed twice, or is in two groups')
    .on('invariant', '2: a device is probed once between two releases')
    .on('invariant', '6: no device is in two groups');
  symptom('S9', 'a driver accepts a device for its priv, before all of its streams are known')
    .on('invariant', '4: a device that was accepted for its priv had all its IDs')
    .on('invariant', '4: a grouped device that was accepted for its priv had all its IDs');
  symptom('S3', 'a device is probed with half of its fwspec')
    .on('invariant', '4: what probe_device read of the IDs is final')
    .on('invariant', '4: a device whose driver is probed has the IDs that firmware gives')
    .on('invariant', '4: a grouped device has the IDs that firmware gives')
    .on('interrupted', '*');
  symptom('S8', 'a bind does not wait for an instance that is missing: no translation, or half of the IDs')
    .on('invariant', '4: a bind waits for the instances that firmware names')
    .on('invariant', '4: a device whose driver is probed has the IDs that firmware gives')
    .on('invariant', '4: a grouped device has the IDs that firmware gives');
  symptom('S6', 'a device is in no group or in the wrong one, or isolation is missing')
    .on('invariant', '6: a device whose instances are registered is in a group')
    .on('invariant', '6: groups are those of probing in the order of device_add')
    .on('invariant', '6: ACS is on where firmware describes an IOMMU for PCI, and only there');
  symptom('S7', 'what of_xlate took is never given back')
    .on('invariant', '1: references to the devices of instances return to what is in use')
    .on('invariant', '8: a failed configuration leaves no priv')
    .on('invariant', '4: a device whose driver is probed has each ID once')
    .on('invariant', '4: a grouped device has each ID once');
  symptom('S12', 'a device is claimed by the wrong driver')
    .on('invariant', '6: a device is claimed by an instance that firmware names or that serves its bus')
    .on('invariant', '4: a device whose driver is probed is claimed by an instance that firmware names');
}

/** Section 7: the symptoms' names. */
export function register_symptoms(): void {
  register_memory();
  register_probing();
  symptom('S7-leak', 'the driver data that of_xlate made is lost')
    .on('kind', 'leak')
    .on('object', 'apple_dart_master_cfg');
  symptom('S10', 'what a lock is said to protect is used without it').on('kind', 'lockset');
  symptom('late-domain', 'a client is bound for one way of DMA and then gets the other')
    .on('invariant', '3: the domain of a bound client changes only at its request')
    .on('invariant', '3: the DMA mode of a bound client stays')
    .on('invariant', '3: map and unmap use the same mode')
    .on('invariant', '4: a device whose driver is probed is in a group')
    .on('invariant', '4: a device whose driver is probed is claimed')
    .on('invariant', '4: a device whose driver is probed has a default domain')
    .on('invariant', '4: owner_cnt counts the driver that is probed')
    .on('invariant', '5: owner_cnt counts the bound drivers or the claims')
    .on('invariant', '12: owner_cnt is 0 already');
}
