// What the promises of designs.md section 11 need to know of the past of a device: bookkeeping that the modelled code does not look at.
import { GhostTable, self } from 'heddle';

/** Numbers of what is known of a device. */
export const enum Past {
  /** `presence` of the instances that firmware names, when the bind began: two of them. */
  attendance = 0,
  /** How many injected errors have concerned the device, one more than the task that met the last one, and how many there were when the bind began. */
  excuses = 2,
  excused_task = 3,
  excuses_at_bind = 4,
  /** 1 while owner_cnt of the device's group counts its driver. */
  counted = 5,
  /** 1 if the last bind failed because the driver did not get what it wants: the group's DMA or any group, or the place of a child, or that child. */
  turned_away = 6,
  /** Digest of the IDs that the last successful probe_device has read; 0: it reads none. */
  ids_read = 7,
  /** The last error that a driver's callback returned for the device, and the last that a registration met there. */
  callback_error = 9,
  registration_error = 10,
  /** While attach_dev runs: the group. */
  attaching = 11,
  /** The domain through which the hardware translates for the device; 0 if none was attached since its last probe_device. */
  attached_to = 12,
  /** 1 while the device's own driver asks for a change of its domain. */
  own_request = 13,
  /** 1 while the domain is one that lets no DMA pass. */
  blocked = 14,
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
  /** The mode in which the driver has mapped its memory. */
  mapped_in = 25,
}

/** An address as a number that the leak oracle does not take for a pointer; 0 for null. */
export function hidden<T>(pointer: T): i32 {
  const address = changetype<usize>(pointer);
  return address ? ~(address as i32) : 0;
}

/** An injected error concerns the device. */
export function excuse(history: GhostTable): void {
  history.add(Past.excuses, 1);
  history.set(Past.excused_task, self() + 1);
}

/** Was it during this bind, in the task that binds? Asked by that task. */
export function bind_is_excused(history: GhostTable): bool {
  return history.get(Past.excuses) != history.get(Past.excuses_at_bind) && history.get(Past.excused_task) == self() + 1;
}
