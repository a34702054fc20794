// What firmware says about a device, and which of the instances that it names are there: for promises, without a scheduling point.
import { Device, device_node } from '../objects';
import { nr_specifiers, specifier_id, specifier_iommu } from '../of-iommu';
import { add_to_digest } from './ids';

/** The node whose description holds for the device. */
function description(dev: Device): device_node {
  return dev.has_bus ? dev.bus.firmware_node(dev) : dev.of_node;
}

/** How many IDs firmware gives the device; none: it has no IOMMU that firmware knows of. */
export function nr_named(dev: Device): i32 {
  return nr_specifiers(dev, description(dev));
}

/** The instance of the k-th of them. */
export function named_instance(dev: Device, k: i32): device_node {
  return specifier_iommu(dev, description(dev), k);
}

/** The k-th of them. */
export function named_id(dev: Device, k: i32): i32 {
  return specifier_id(dev, description(dev), k);
}

/** Is the instance with this node on iommu_device_list? Its presence goes up by one when it is put there and when it is taken off. */
export function is_listed(np: device_node): bool {
  return (np.presence.get() & 1) != 0;
}

/** Does firmware name an instance for the device, and are all that it names registered? A node that is switched off is no instance. */
export function is_served(dev: Device): bool {
  const n = nr_named(dev);
  for (let k = 0; k < n; k++) if (!is_listed(named_instance(dev, k))) return false;
  return n != 0;
}

/** Does firmware name more than one instance for the device? */
export function names_several(dev: Device): bool {
  const n = nr_named(dev);
  for (let k = 1; k < n; k++) if (named_instance(dev, k) != named_instance(dev, 0)) return true;
  return false;
}

/** Is the node that of an instance which firmware names for the device? */
export function names(dev: Device, np: device_node): bool {
  const n = nr_named(dev);
  for (let k = 0; k < n; k++) if (named_instance(dev, k) == np) return true;
  return false;
}

/** Of the first IDs that firmware gives the device, in their order; never 0. */
export function digest_of_named(dev: Device, n: i32): i32 {
  let digest = 1;
  for (let k = 0; k < n; k++) digest = add_to_digest(digest, named_id(dev, k));
  return digest;
}
