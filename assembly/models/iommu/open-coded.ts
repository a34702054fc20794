// E6: a driver whose probe makes a child device and calls of_dma_configure for it, outside any bus method and without the child's lock
// (designs.md section 1).
import { fault, fixed } from 'heddle';
import { dma_map, dma_unmap } from './client-driver';
import { device_add, device_del, put_device } from './device';
import { firmware_dma_configure } from './dma-configure';
import { EBUSY, ENOMEM } from './errno';
import { Device, device_driver } from './objects';
import { faults } from './options';
import { place } from './place';
import { Past, was_ever_excused } from './promises/history';

/** When of_dma_configure is called. */
export const enum ChildOrder {
  /** Before the child is added, as for the devices of host1x. */
  before_add = 0,
  /** In the same thread, after it, as for the contexts of host1x. */
  after_add = 1,
  /** It is never added. */
  without_add = 2,
}

@final
export class open_coded_driver extends device_driver {
  constructor(
    private _order: ChildOrder,
    private _child: place,
  ) {
    super(false);
  }

  get order(): ChildOrder {
    return fixed<ChildOrder>(changetype<usize>(this), offsetof<open_coded_driver>('_order'));
  }
  get child(): place {
    return fixed<place>(changetype<usize>(this), offsetof<open_coded_driver>('_child'));
  }

  probe(dev: Device): i32 {
    if (!this.child.claim()) {
      dev.history.set(Past.turned_away, 1);
      return -EBUSY;
    }
    if (faults() && fault('no memory for the child') && dev.excuse()) {
      this.child.clear();
      return -ENOMEM;
    }
    const child = this.child.create();
    child.history.set(Past.open_coded, 1);
    const ret = this.add_and_configure(child);
    if (ret != 0) {
      if (was_ever_excused(child.history)) dev.history.set(Past.turned_away, 1);
      put_device(child);
      this.child.clear();
      return ret;
    }
    dma_map(child);
    this.child.occupy(child); // from here on others may remove it
    return 0;
  }

  override remove(dev: Device): void {
    const child = this.child.vacate();
    if (!child) return;
    dma_unmap(child);
    if (this.order != ChildOrder.without_add) device_del(child);
    put_device(child);
    this.child.clear();
  }

  /** Before it is added nobody asks whether the child could be configured; afterwards an error, deferral among them, ends the bind. */
  private add_and_configure(child: Device): i32 {
    if (this.order != ChildOrder.after_add) {
      firmware_dma_configure(child, child.of_node);
      return this.order == ChildOrder.before_add ? device_add(child) : 0;
    }
    let ret = device_add(child);
    if (ret != 0) return ret;
    ret = firmware_dma_configure(child, child.of_node);
    if (ret != 0) device_del(child);
    return ret;
  }
}
