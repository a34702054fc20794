// The model's options. Their numbers are the order in which register_options declares them; docs/iommu-model.md has a line for each.
import { fixed, Ghost, option, optionValue } from 'heddle';

export const enum Option {
  give_up = 0,
  kdump = 1,
  faults = 2,
  agreed_deferral = 3,
  profile = 4,
  firmware = 5,
  legacy_xlate = 6,
  fw_devlink = 7,
  late_quirk = 8,
  acs = 9,
  async_probe = 10,
  bus = 11,
  instances = 12,
  dma_ranges = 13,
  direct_regions = 14,
  wanted_domain = 15,
  probe_mutex = 16,
  pinf_cache = 17,
  ids = 18,
  attempts = 19,
  rebinds = 20,
  drivers = 21,
  bus_probe = 22,
}

/** Declares the options in the order of `Option`. */
export function register_options(): void {
  option('give-up', 0, 0, 1);
  option('kdump', 0, 0, 1);
  option('faults', 0, 0, 1);
  option('agreed-deferral', 0, 0, 1);
  option('profile', 0, 0, 6);
  option('firmware', 0, 0, 1);
  option('legacy-xlate', 0, 0, 1);
  option('fw-devlink', 0, 0, 1);
  option('late-quirk', 0, 0, 1);
  option('acs', 0, 0, 1);
  option('async-probe', 0, 0, 1);
  option('bus', 0, 0, 6);
  option('instances', 1, 1, 2);
  option('dma-ranges', 0, 0, 1);
  option('direct-regions', 0, 0, 2);
  option('wanted-domain', 2, 0, 2);
  option('probe-mutex', 2, 0, 2);
  option('pinf-cache', 0, 0, 1);
  option('ids', 1, 1, 4);
  option('attempts', 1, 1, 4);
  option('rebinds', 0, 0, 3);
  option('drivers', 1, 1, 3);
  option('bus-probe', 0, 0, 1);
}

/** After the initcalls or a timeout, a missing instance is an ordinary error (2.2 step 4). */
export function give_up(): bool {
  return optionValue(Option.give_up) != 0;
}

/** In a kdump kernel devices keep their old translation until their driver maps (2.4 step 4 g). */
export function kdump(): bool {
  return optionValue(Option.kdump) != 0;
}

@final
class injection {
  once: bool = false;
}
const injecting = new injection();
const injected = new Ghost();

/** Errors are injected at allocations and callbacks: any number with the option, one a run in the scenes named `faults-…`. */
export function faults(): bool {
  if (optionValue(Option.faults) != 0) return true;
  return injected.get() == 0 && fixed<bool>(changetype<usize>(injecting), offsetof<injection>('once'));
}

/** For the set-up of a scene. */
export function inject_one_fault(): void {
  injecting.once = true;
}

/** An injected error, on the device's side: Device.excuse. */
export function note_injected(): void {
  injected.add(1);
}

/** An injected error concerns no device that is there: it excuses nobody. For conditions: answers true. */
export function excuse_nobody(): bool {
  note_injected();
  return true;
}

/** Design `decoupled`: a later instance that is missing defers, as agreed after the series was posted (4.1 step 2). */
export function agreed_deferral(): bool {
  return optionValue(Option.agreed_deferral) != 0;
}

/** Do firmware's descriptions come from ACPI, not from a device tree? */
export function acpi(): bool {
  return optionValue(Option.firmware) != 0;
}

/** Section 4: do drivers keep of_xlate where the design offers of_xlate_fwspec? */
export function legacy_xlate(): bool {
  return optionValue(Option.legacy_xlate) != 0;
}

/** Section 1: device links order client and IOMMU. */
export function fw_devlink(): bool {
  return optionValue(Option.fw_devlink) != 0;
}

/** Section 9: a quirk that sets what the IOMMU driver reads runs after device_add. */
export function late_quirk(): bool {
  return optionValue(Option.late_quirk) != 0;
}

/** Section 9: does a bridge isolate only if ACS was requested before it was created? */
export function acs(): bool {
  return optionValue(Option.acs) != 0;
}

/** Section 12: of the grid, one or two. */
export function instances(): i32 {
  return optionValue(Option.instances);
}

/** How many IDs firmware gives client 0 of the instance that it names. */
export function ids(): i32 {
  return optionValue(Option.ids);
}

/** Section 7.2, A: how often client 0 is tried until its instance is there. */
export function attempts(): i32 {
  return optionValue(Option.attempts);
}

/** Section 7.2, R: how often client 0 is then unbound and bound again. */
export function rebinds(): i32 {
  return optionValue(Option.rebinds);
}

/** Section 7.2, U: how many makes of IOMMU the machine has. */
export function drivers(): i32 {
  return optionValue(Option.drivers);
}

/** Section 5 step 2: have the drivers opted in to probes by walk and notifier? */
export function bus_probe(): bool {
  return optionValue(Option.bus_probe) != 0;
}

/** Section 1: binds run in workers of their own. */
export function async_probe(): bool {
  return optionValue(Option.async_probe) != 0;
}

/** Section 7.2: does the probe of a device take the probe mutex? Without it one sees what the design's data do by themselves. */
export function mutex_in_probe(): bool {
  return optionValue(Option.probe_mutex) != 0;
}

/** Section 7.2: does the firmware path take it, too, where the design says so? */
export function mutex_in_firmware(): bool {
  return optionValue(Option.probe_mutex) == 2;
}

/** Section 5 step 3, the posted series: the search for the first instance keeps what it has read for iommu_of_xlate. */
export function pinf_cache(): bool {
  return optionValue(Option.pinf_cache) != 0;
}
