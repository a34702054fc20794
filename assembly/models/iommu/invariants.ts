// What the subsystem promises (designs.md section 11, whose numbers the names bear) and can be seen when nothing runs any more. What is tested
// at named moments is in promises/, too; memory, deadlocks and the order of locks are the executor's business.
import { invariant } from 'heddle';
import {
  accepted_device_has_its_ids,
  grouped_device_has_its_ids,
  grouped_device_of_one_has_its_ids,
  has_its_fwspec,
  has_no_id_twice,
} from './promises/bind';
import { for_all } from './promises/devices';
import { failed_configuration_leaves_no_fwspec, failed_configuration_leaves_no_priv } from './promises/firmware-path';
import {
  acs_is_on_where_it_must,
  claims_are_lawful,
  default_domains_are_of_the_right_type,
  everyone_is_grouped,
  groups_are_as_in_order_of_adding,
  nobody_is_in_two_groups,
  owner_cnt_counts,
} from './promises/groups';
import { clients_are_bound } from './promises/liveness';
import {
  device_references_return,
  group_references_return,
  instance_references_return,
  links_are_live,
  module_references_return,
  node_references_return,
  success_keeps_no_reference,
} from './promises/memory';
import { mode_fits, translates_through_its_group } from './promises/translation';

function register_memory(): void {
  invariant('1: references to nodes return to what is in use', node_references_return);
  invariant('1: references to modules return to what is in use', module_references_return);
  invariant('1: references to devices return to what is in use', device_references_return);
  invariant('1: references to the devices of instances return to what is in use', instance_references_return);
  invariant(
    '1: a configuration that succeeds keeps no reference to the device of an instance',
    success_keeps_no_reference,
  );
  invariant('1: references to groups return to what is in use', group_references_return);
  invariant('1: nothing links to dead memory', links_are_live);
  invariant('8: a failed configuration leaves no dev->iommu and no fwspec', () =>
    for_all(failed_configuration_leaves_no_fwspec),
  );
  invariant('8: a failed configuration leaves no priv', () => for_all(failed_configuration_leaves_no_priv));
}

function register_groups(): void {
  invariant('3: the DMA mode is still that of a domain', () => for_all(mode_fits));
  invariant('3: every member translates through its group’s domain', () => for_all(translates_through_its_group));
  invariant('4: a grouped device has its fwspec', () => for_all(has_its_fwspec));
  invariant('4: a grouped device has each ID once', () => for_all(has_no_id_twice));
  invariant('4: a grouped device has the IDs that firmware gives', () => for_all(grouped_device_has_its_ids));
  invariant('4: a grouped device of one instance has the IDs that firmware gives', () =>
    for_all(grouped_device_of_one_has_its_ids),
  );
  invariant('4: a grouped device that was accepted for its priv had all its IDs', () =>
    for_all(accepted_device_has_its_ids),
  );
  invariant('5: owner_cnt counts the bound drivers or the claims', owner_cnt_counts);
  invariant('6: a device whose instances are registered is in a group', everyone_is_grouped);
  invariant('6: no device is in two groups', nobody_is_in_two_groups);
  invariant('6: groups are those of probing in the order of device_add', groups_are_as_in_order_of_adding);
  invariant('6: a device is claimed by an instance that firmware names or that serves its bus', claims_are_lawful);
  invariant('6: ACS is on where firmware describes an IOMMU for PCI, and only there', acs_is_on_where_it_must);
  invariant('11: a default domain has the type that its first members want', default_domains_are_of_the_right_type);
}

/** Section 11: what is tested when nothing runs any more. */
export function register_invariants(): void {
  register_memory();
  register_groups();
  invariant('9: a device with a driver is bound, or has a reason not to be', clients_are_bound);
}
