// The machine of the scenes: what firmware describes. Everything here exists from the start and for good.
import { client_driver } from './client-driver';
import { bus_type, Device, device_node } from './objects';
import { platform_bus } from './platform-bus';
import { arm_smmu_driver } from './profiles/smmu';

export const platform_bus_type = new platform_bus();

/** The i-th of the buses that the IOMMU core watches and that has devices; null behind the last. */
export function watched_bus(i: i32): bus_type | null {
  return i == 0 ? platform_bus_type : null;
}

const smmu_driver = new arm_smmu_driver(false);
const client_drv = new client_driver(false);

/** Hardware devices of the instances. */
export const smmu0 = new Device(platform_bus_type, new device_node(false), smmu_driver);
/** Devices that an instance translates for. */
export const client0 = new Device(platform_bus_type, new device_node(false), client_drv);

/** The hardware device of instance `i`. */
export function instance(i: i32): Device {
  return smmu0;
}

/** Client device `i`. */
export function client(i: i32): Device {
  return client0;
}

export const INSTANCES: i32 = 1;
export const CLIENTS: i32 = 1;
