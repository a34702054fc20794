// What the promises of designs.md section 11 need to know of the past of a device: bookkeeping that the modelled code does not look at.
import { GhostTable, self } from 'heddle';

/** Numbers of what is known of a device. */
export const enum Past {
  /** `presence` of the instances that firmware names, when the bind began: two of them. */
  attendance = 0,
  /** The tasks that have met an injected error of the device, as bits; one more than the task that binds it, and 1 if its bind has met one. */
  excused_tasks = 2,
  binding_task = 3,
  bind_excused = 4,
  /** 1 while owner_cnt of the device's group counts its driver. */
  counted = 5,
  /** 1 if the last bind failed because the driver did not get what it wants: the group's DMA or any group, or the place of a child, or that child. */
  turned_away = 6,
  /** Digest of the IDs that the last successful probe_device has read; 0: it reads none. */
  ids_read = 7,
  /** The last error that a driver's callback returned for the device. */
  callback_error = 9,
  /** 1 while dev->iommu is not NULL. */
  record = 10,
  /** While attach_dev runs: the group. */
  attaching = 11,
  /** The domain through which the hardware translates for the device; 0 if none was attached since its last probe_device. */
  attached_to = 12,
  /** 1 while the device's own driver asks for a change of its domain. */
  own_request = 13,
  /** 1 while a claim of its group's DMA, or the end of one, changes its domain. */
  ownership_changes = 14,
  /** What the driver found when its probe began. */
  domain_at_probe = 15,
  mode_at_probe = 16,
  /** What the last configuration from firmware found, as bits, and its error. */
  found = 17,
  failed = 18,
  /** 1 if the device was on its bus when an instance that firmware names for it registered. */
  met_registration = 19,
  /** 1 once a user has chosen the type of its group's default domain. */
  type_written = 20,
  /** Its number in the order of device_add. */
  added = 21,
  /** 1 if a driver configures its DMA outside a bus method (E6). */
  open_coded = 22,
  /** Successful probe_device calls that no release_device has ended. */
  probes = 23,
  /** Callbacks of the driver that has claimed it last. */
  probed_by = 26,
  /** The domain that holds the regions which firmware wants mapped one to one for the device. */
  direct_mapped_in = 24,
  /** 1 while the last attach_dev was one that an injected error stood for. */
  attach_excused = 8,
  /** The mode in which the driver has mapped its memory. */
  mapped_in = 25,
}

/** An address as a number that the leak oracle does not take for a pointer; 0 for null. */
export function hidden<T>(pointer: T): i32 {
  const address = changetype<usize>(pointer);
  return address ? ~(address as i32) : 0;
}

/** The bit of the current task; so many tasks have one of their own. */
export function bit_of_task(): i32 {
  return 1 << (self() & 31);
}

/** An injected error concerns the device: the running task, which is the entry point, is excused, and so is its bind. */
export function excuse(history: GhostTable): void {
  history.set(Past.excused_tasks, history.get(Past.excused_tasks) | bit_of_task());
  if (history.get(Past.binding_task) == self() + 1) history.set(Past.bind_excused, 1);
}

/** A bind begins: what earlier errors excuse does not excuse it. */
export function bind_has_no_excuse(history: GhostTable): void {
  history.set(Past.binding_task, self() + 1);
  history.set(Past.bind_excused, 0);
}

/** Has the task with this bit met an injected error of the device? */
export function is_excused_in(history: GhostTable, bit: i32): bool {
  return (history.get(Past.excused_tasks) & bit) != 0;
}

/** Has any task? Then what was made meanwhile may differ for good. */
export function was_ever_excused(history: GhostTable): bool {
  return history.get(Past.excused_tasks) != 0;
}
