// Where a PCI device sits, and the state that decides which devices can be told apart (designs.md 2.5, section 9).
import { fixed, free, Ghost } from 'heddle';
import { Device } from './objects';
import { acs } from './options';

/** What never changes about the place of a PCI device. */
@final
export class pci_position {
  private _upstream: pci_position | null = null;
  private _alias: i32 = -1;
  private _dev: Ghost = new Ghost();

  constructor(
    private _slot: i32,
    private _requester_id: i32,
    private _is_bridge: bool,
    private _isolates: bool,
  ) {}

  /** It sits below this bridge, not at the root; for the set-up of a scene. */
  behind(bridge: pci_position): pci_position {
    this._upstream = bridge;
    return this;
  }
  /** Its DMA also comes with this requester ID: a quirk, or a bridge above it that puts its own; for the set-up of a scene. */
  aliased_as(requester_id: i32): pci_position {
    this._alias = requester_id;
    return this;
  }

  /** Devices of one slot of one bus are functions of one device. */
  get slot(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<pci_position>('_slot'));
  }
  get requester_id(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<pci_position>('_requester_id'));
  }
  get is_bridge(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<pci_position>('_is_bridge'));
  }
  /** Can it keep what is below it, or beside it in its slot, apart? */
  get isolates(): bool {
    return fixed<bool>(changetype<usize>(this), offsetof<pci_position>('_isolates'));
  }
  get upstream(): pci_position | null {
    return fixed<pci_position | null>(changetype<usize>(this), offsetof<pci_position>('_upstream'));
  }
  /** -1: none. */
  get alias(): i32 {
    return fixed<i32>(changetype<usize>(this), offsetof<pci_position>('_alias'));
  }
  /** The device that sits here; a bridge stays as long as anything is below it, so this is no access of its own. */
  get dev(): Device | null {
    return changetype<Device | null>(fixed<Ghost>(changetype<usize>(this), offsetof<pci_position>('_dev')).get());
  }
  set_dev(dev: Device | null): void {
    fixed<Ghost>(changetype<usize>(this), offsetof<pci_position>('_dev')).set(changetype<i32>(dev));
  }
}

/** The part of a device that only PCI devices have. */
@final
export class pci_dev {
  /** Section 9, option `acs`: set while the device is created. */
  acs_enabled: bool = false;
  /** Section 9, option `late-quirk`: a property that the IOMMU driver's probe_device reads. */
  quirk: bool = false;
  /** The driver core looks for a driver only when the device has been created in full. */
  match_driver: bool = false;

  private _quirk_read: Ghost = new Ghost();

  constructor(private _position: pci_position) {}

  get position(): pci_position {
    return fixed<pci_position>(changetype<usize>(this), offsetof<pci_dev>('_position'));
  }
  /** What the last probe_device has read of the quirk. */
  get quirk_read(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<pci_dev>('_quirk_read'));
  }

  free_record(): void {
    free(this.quirk_read);
    free(this);
  }
}

/** 2.5: does the bridge, or the function in its slot, keep others apart at this moment? */
export function pci_acs_enabled(pci: pci_dev): bool {
  return pci.position.isolates && (!acs() || pci.acs_enabled);
}
