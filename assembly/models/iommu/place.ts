// A place of the machine where a device can be: what firmware and the wiring say about it. It lives for good, the device comes and goes.
import { fixed, Ghost } from 'heddle';
import { bus_type, Device, device_driver, device_node } from './objects';
import { pci_dev, pci_position } from './pci-device';
import { device_is_created } from './promises/locks';

@final
export class place {
  /** Whoever plugs and unplugs devices (hotplug, enumeration, a parent's driver) knows what it has done: no shared memory of the model. */
  private _device: Ghost = new Ghost();
  private _claimed: Ghost = new Ghost();

  constructor(
    private _bus: bus_type | null,
    private _np: device_node,
    private _driver: device_driver | null,
    private _position: pci_position | null = null,
  ) {}

  get bus(): bus_type | null {
    return fixed<bus_type | null>(changetype<usize>(this), offsetof<place>('_bus'));
  }
  get np(): device_node {
    return fixed<device_node>(changetype<usize>(this), offsetof<place>('_np'));
  }
  get driver(): device_driver | null {
    return fixed<device_driver | null>(changetype<usize>(this), offsetof<place>('_driver'));
  }
  get position(): pci_position | null {
    return fixed<pci_position | null>(changetype<usize>(this), offsetof<place>('_position'));
  }
  private get device(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<place>('_device'));
  }
  private get claimed(): Ghost {
    return fixed<Ghost>(changetype<usize>(this), offsetof<place>('_claimed'));
  }
  /** For the set-up of a scene: another driver, or none. */
  driven_by(driver: device_driver | null): void {
    this._driver = driver;
  }
  /** For the set-up of a scene: another bus, or none. */
  on_bus(bus: bus_type | null): void {
    this._bus = bus;
  }
  /** For the set-up of a scene: somewhere on the PCI bus. */
  at_position(bus: bus_type, position: pci_position): void {
    this._bus = bus;
    this._position = position;
  }

  /** A record for the device that is to be here; the caller has the first reference. */
  create(): Device {
    const position = this.position;
    const dev = new Device(this.bus, this.np, this.driver, position ? new pci_dev(position) : null);
    device_is_created(dev);
    return dev;
  }

  /** The caller is to fill the place; false if it is taken. */
  claim(): bool {
    if (this.claimed.get() != 0) return false;
    this.claimed.set(1);
    return true;
  }

  /** The device is here, with the reference of whoever will remove it. */
  occupy(dev: Device): void {
    this.claimed.set(1);
    this.device.set(changetype<i32>(dev));
  }

  /** The caller is to remove the device that is here; null if there is none. */
  vacate(): Device | null {
    const dev = this.dev;
    this.device.set(0);
    return dev;
  }

  /** The device is gone. */
  clear(): void {
    this.claimed.set(0);
  }

  /** The device that is here; null if there is none, or if it is being added or removed. */
  get dev(): Device | null {
    return changetype<Device | null>(this.device.get());
  }
}
