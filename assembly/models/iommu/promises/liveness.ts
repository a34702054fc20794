// Promise 9 of designs.md section 11: at quiescence every device with a driver is bound, or there is a reason. That no task waits is the
// executor's oracle.
import { Device } from '../objects';
import { for_all, is_instance } from './devices';
import { open_coded_driver } from '../open-coded';
import { is_listed, is_served, nr_named } from './firmware';
import { Past } from './history';

/** Its driver is loaded, and nobody has unbound it since. */
function wants_its_driver(dev: Device): bool {
  const drv = dev.matching_driver;
  return drv != null && dev.loaded.get() != 0 && dev.registered && !dev.dead;
}

/** Does the driver wait for the instance of a child that it configures itself (E6)? */
function child_waits(dev: Device): bool {
  const drv = dev.matching_driver;
  if (!(drv instanceof open_coded_driver)) return false;
  const np = (drv as open_coded_driver).child.np;
  for (let k = 0; k < np.nr_iommus; k++) if (!is_listed(np.iommu(k))) return true;
  return false;
}

/** It waits for an instance, its last bind has met an injected error, or its group's DMA has an owner. */
function has_a_reason(dev: Device): bool {
  if ((nr_named(dev) != 0 && !is_served(dev)) || child_waits(dev)) return true;
  return dev.history.get(Past.bind_excused) != 0 || dev.history.get(Past.turned_away) != 0;
}

/** Promise 9, at quiescence. */
export function clients_are_bound(): bool {
  return for_all((dev) => is_instance(dev) || !wants_its_driver(dev) || dev.bound.get() != 0 || has_a_reason(dev));
}
