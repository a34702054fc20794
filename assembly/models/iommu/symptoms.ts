// The symptoms of designs.md section 7 as conditions on findings. Conditions with the same key are alternatives; the first symptom that fits
// names the finding. What fits none is “other”.
import { symptom } from 'heddle';

/** S1 is told by where it fails, whoever freed the memory: these functions run in the firmware path only (2.1 to 2.3, 4.1, section 6). */
function register_firmware_path(): void {
  symptom('S1', 'dev->iommu or the fwspec is NULL or freed where the firmware path uses it')
    .on('kind', 'null-dereference')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('function', '*of_iommu_configure*')
    .on('function', '*acpi_iommu_configure_id')
    .on('function', '*of_xlate*')
    .on('function', '*of_iommu_xlate')
    .on('function', 'acpi_iommu_fwspec_*')
    .on('function', 'iommu_fwspec_init')
    .on('function', 'iommu_fwspec_assign*')
    .on('function', 'iommu_fwspec_add_id')
    .on('function', 'iommu_fwspec_append_id')
    .on('function', 'iommu_fwspec_free')
    .on('function', 'dev_iommu_fwspec_get')
    .on('function', 'dev_iommu_fwspec_set')
    .on('function', 'iommu_fwspec.set_id')
    .on('function', 'fwspec_ids.set_id');
}

/** Memory that goes under a task's feet. Who frees it tells S5 and S11 from others. */
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
  register_firmware_path();
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
    .on('task', 'unregister*')
    .on('interrupted', '*');
  symptom('S13', 'a device that nobody has claimed is removed as if someone had')
    .on('kind', 'null-dereference')
    .on('function', '*iommu_release_device')
    .on('task', 'remove*')
    .on('task', 'bind-parent*') // E6: it takes its child away again
    .on('task', 'unbind-parent*');
  symptom('record-race', 'dev->iommu or the fwspec goes under a probe, an attach or a walk that uses it')
    .on('kind', 'null-dereference')
    .on('kind', 'use-after-free')
    .on('kind', 'double-free')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('interrupted', '*');
  symptom('late-record', 'dev->iommu is made for a device that is being removed, and nobody frees it')
    .on('kind', 'leak')
    .on('object', 'dev_iommu')
    .on('object', 'iommu_fwspec')
    .on('object', 'fwspec_ids')
    .on('interrupted', 'device_del');
  symptom('S4', 'two tasks create dev->iommu, and the second store overwrites the first')
    .on('kind', 'invariant')
    .on('invariant', '1: a store to dev->iommu overwrites no other record');
  symptom('lost-record', 'dev->iommu, or the fwspec in it, is reached no more and never freed')
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
    .on('invariant', '4: a device*whose driver is probed has the IDs that firmware gives')
    .on('invariant', '4: a grouped device*has the IDs that firmware gives')
    .on('interrupted', '*');
  symptom(
    'S8',
    'a bind of a device of two instances does not wait for the missing one: no translation, or half of the IDs',
  )
    .on('invariant', '4: a bind waits for the instances that firmware names')
    .on('invariant', '4: a device whose driver is probed has the IDs that firmware gives')
    .on('invariant', '4: a grouped device has the IDs that firmware gives');
  symptom('no-wait', 'a bind does not wait for the only instance that firmware names').on(
    'invariant',
    '4: a bind waits for the only instance that firmware names',
  );
  symptom('S6', 'a device is in no group or in the wrong one, or isolation is missing')
    .on('invariant', '6: a device whose instances are registered is in a group')
    .on('invariant', '6: groups are those of probing in the order of device_add')
    .on('invariant', '6: ACS is on where firmware describes an IOMMU for PCI, and only there');
  symptom('S7', 'what of_xlate took is not given back by an error path')
    .on('invariant', '1: references to the devices of instances return to what is in use')
    .on('invariant', '8: a failed configuration leaves no priv')
    .on('invariant', '4: a device whose driver is probed has each ID once')
    .on('invariant', '4: a grouped device has each ID once');
  symptom('kept-reference', 'of_xlate keeps its reference to an instance’s device although all goes well').on(
    'invariant',
    '1: a configuration that succeeds keeps no reference to the device of an instance',
  );
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
  symptom('S10', 'dev->iommu is accessed without device_lock, so that this cannot be its lock')
    .on('kind', 'lockset')
    .on('field', 'Device.iommu');
  symptom('unlocked', 'what a lock is said to protect is written without it').on('kind', 'lockset');
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
