// The machine of the scenes: buses, and places for instances, clients and a parent of open-coded children. Firmware's description is made by
// the set-up of a scene.
import { fixed, optionValue } from 'heddle';
import { amba_bus } from './buses/amba';
import { cdx_bus } from './buses/cdx';
import { fsl_mc_bus } from './buses/fsl-mc';
import { host1x_bus, host1x_context_bus } from './buses/host1x';
import { iommufd_mock_bus } from './buses/mock';
import { pci_bus } from './buses/pci';
import { platform_bus } from './buses/platform';
import { client_driver } from './client-driver';
import { bus_type, Device, device_driver, device_node, DomainType, Firmware } from './objects';
import { acpi, Option } from './options';
import { pci_position } from './pci-device';
import { place } from './place';
import { driver_of_profile, Profile } from './profiles/chosen';

export const INSTANCES: i32 = 3;
export const CLIENTS: i32 = 4;

/** Values of the option `bus`: where clients sit unless their scene says otherwise. */
export const enum Bus {
  platform = 0,
  pci = 1,
  amba = 2,
  fsl_mc = 3,
  cdx = 4,
  host1x = 5,
  host1x_context = 6,
}

function firmware(): Firmware {
  if (!acpi()) return Firmware.device_tree;
  return optionValue(Option.profile) == Profile.virtio ? Firmware.viot : Firmware.iort; // paravirtual instances are in VIOT
}

function node(has_dma_ranges: bool): device_node {
  return new device_node(has_dma_ranges, firmware());
}

export const host_bridge = node(false);
const mc_root = node(false);

export const platform_bus_type = new platform_bus();
export const pci_bus_type = new pci_bus(host_bridge);
export const amba_bustype = new amba_bus();
export const fsl_mc_bus_type = new fsl_mc_bus(mc_root);
export const cdx_bus_type = new cdx_bus();
export const host1x_bus_type = new host1x_bus();
export const host1x_context_device_bus_type = new host1x_context_bus();
export const iommufd_mock_bus_type = new iommufd_mock_bus();

/** The bus that the option of that name means. */
export function bus_of_kind(kind: Bus): bus_type {
  switch (kind) {
    case Bus.pci:
      return pci_bus_type;
    case Bus.amba:
      return amba_bustype;
    case Bus.fsl_mc:
      return fsl_mc_bus_type;
    case Bus.cdx:
      return cdx_bus_type;
    case Bus.host1x:
      return host1x_bus_type;
    case Bus.host1x_context:
      return host1x_context_device_bus_type;
    default:
      return platform_bus_type;
  }
}

/** The buses that the IOMMU core watches and that the scene uses: the others have no device, so that their walks show nothing. */
@final
class iommu_buses_table {
  private nr: i32 = 0;
  private bus0: bus_type | null = null;
  private bus1: bus_type | null = null;
  private bus2: bus_type | null = null;
  private bus3: bus_type | null = null;
  private bus4: bus_type | null = null;
  private bus5: bus_type | null = null;

  get length(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<iommu_buses_table>('nr'));
  }
  bus(i: i32): bus_type {
    return fixed<bus_type>(changetype<usize>(this) + ((<usize>i) << 2), offsetof<iommu_buses_table>('bus0'));
  }
  add(bus: bus_type): void {
    store<bus_type>(changetype<usize>(this) + ((<usize>this.nr) << 2), bus, offsetof<iommu_buses_table>('bus0'));
    this.nr += 1;
  }
}
const iommu_buses = new iommu_buses_table();

/** The i-th of the buses that the IOMMU core watches and that has devices; null behind the last. */
export function watched_bus(i: i32): bus_type | null {
  return i < iommu_buses.length ? iommu_buses.bus(i) : null;
}

/** For the set-up of a scene. The bus of host1x is not watched. */
export function is_watched(bus: bus_type): bool {
  for (let i = 0; i < iommu_buses.length; i++) if (iommu_buses.bus(i) == bus) return true;
  return bus == host1x_bus_type;
}

/** For the set-up of a scene. */
export function watch(bus: bus_type): void {
  iommu_buses.add(bus);
}

const client_bus = bus_of_kind(optionValue(Option.bus) as Bus);

function new_client_place(i: i32): place {
  const np = node(i == 0 ? optionValue(Option.dma_ranges) != 0 : i == 1);
  if (i == 0) np.wants(optionValue(Option.wanted_domain) as DomainType, optionValue(Option.direct_regions));
  const position = client_bus == pci_bus_type ? new pci_position(i, i + 1, false, false) : null;
  return new place(client_bus, np, new client_driver(false), position);
}

const profile = optionValue(Option.profile) as Profile;
const iommu_driver: device_driver = driver_of_profile(profile);

/** For the set-up of a scene: the driver of another make of IOMMU, of two that differ from the option's (S12, section 7.2). */
export function iommu_driver_of_make(i: i32): device_driver {
  if (profile == Profile.smmu) return driver_of_profile(i == 1 ? Profile.dart : Profile.virtio);
  if (profile == Profile.dart) return driver_of_profile(i == 1 ? Profile.smmu : Profile.virtio);
  return driver_of_profile(i == 1 ? Profile.smmu : Profile.dart);
}

function new_instance_place(): place {
  return new place(platform_bus_type, node(false), iommu_driver);
}

const instance0 = new_instance_place();
const instance1 = new_instance_place();
const instance2 = new_instance_place();
const client0 = new_client_place(0);
const client1 = new_client_place(1);
const client2 = new_client_place(2);
const client3 = new_client_place(3);

/** Where the hardware device of instance `i` is. */
export function instance_place(i: i32): place {
  return i == 0 ? instance0 : i == 1 ? instance1 : instance2;
}

/** Where client device `i` is. */
export function client_place(i: i32): place {
  return i == 0 ? client0 : i == 1 ? client1 : i == 2 ? client2 : client3;
}

/** The parent of an open-coded child (E6). */
export const parent = new place(platform_bus_type, node(false), null);
/** The device of the IOMMU selftest (E11). */
export const mock_place = new place(iommufd_mock_bus_type, node(false), null);
/** A bridge with PCI functions behind it. */
export const bridge = new place(pci_bus_type, node(false), null);
/** A container of fsl-mc, with devices in it. */
export const container = new place(fsl_mc_bus_type, node(false), null);

/**
 * For the set-up of a scene: firmware names the instance, with this ID, for the client. PCI and fsl-mc: for all that is on the bus. A driver
 * without firmware has it in its own tables.
 */
export function firmware_names(i: i32, j: i32, id: i32): void {
  const place = client_place(i);
  if (profile == Profile.legacy_no_fwspec) {
    place.np.put_in_tables();
    return;
  }
  const bus = place.bus;
  let np = place.np;
  if (bus == pci_bus_type) np = host_bridge;
  else if (bus == fsl_mc_bus_type) np = mc_root;
  if (np == place.np || np.nr_iommus == 0) np.names(instance_place(j).np, id);
}

/** The hardware device of instance `i` of this moment. */
export function instance(i: i32): Device | null {
  return instance_place(i).dev;
}

/** Client device `i` of this moment. */
export function client(i: i32): Device | null {
  return client_place(i).dev;
}

/** Firmware's node of client `i`. */
export function client_node(i: i32): device_node {
  return client_place(i).np;
}
