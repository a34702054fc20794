// The scenes that bench/peers.mjs exhausts; their twins for SPIN are in bench/peers/. `bind` is the probe of probe.ts without its noise: in the
// design racy a driver's bind and the walk of the bus meet in the middle, in the design locked one lock covers both. `locks`: nested locks in
// one order; `abba`: in two orders.
import { design, designIs, event, free, Mutex, scene } from 'heddle';

const EPROBE_DEFER: i32 = -517;
const ENODEV: i32 = -19;
const EINVAL: i32 = -22;

enum Variant {
  racy,
  locked,
}

class IommuOps {
  constructor(public ofXlate: (dev: Device, fwspec: IommuFwspec) => i32) {}
}
class IommuFwspec {
  ops: IommuOps | null = null;
  numIds: i32 = 0;
}
class DevIommu {
  fwspec: IommuFwspec | null = null;
  priv: i32 = 0;
}
class IommuGroup {
  refs: i32 = 1;
}
class Device {
  iommu: DevIommu | null = null;
  iommuGroup: IommuGroup | null = null;
  driver: i32 = 0;
}
class IommuDevice {
  ready: i32 = 0;
}

const smmuOps = new IommuOps(smmuOfXlate);
const probeLock = new Mutex();
const deviceLock = new Mutex();
const client = new Device();
const smmu = new IommuDevice();

function smmuOfXlate(_dev: Device, fwspec: IommuFwspec): i32 {
  fwspec.numIds += 1;
  return 0;
}

function devIommuGet(dev: Device): DevIommu {
  let param = dev.iommu;
  if (param) return param;
  param = new DevIommu();
  dev.iommu = param;
  return param;
}

function devIommuFree(dev: Device): void {
  const param = dev.iommu!;
  dev.iommu = null;
  const fwspec = param.fwspec;
  if (fwspec) free(fwspec);
  free(param);
}

function fwspecInit(dev: Device): i32 {
  const param = devIommuGet(dev);
  if (param.fwspec) return 0;
  const fwspec = new IommuFwspec();
  fwspec.ops = smmuOps;
  param.fwspec = fwspec;
  return 0;
}

function ofXlate(dev: Device): i32 {
  const fwspec = dev.iommu!.fwspec!;
  return smmuOps.ofXlate(dev, fwspec);
}

/** The caller holds probeLock. */
function probeHeld(dev: Device): i32 {
  if (dev.iommuGroup) return 0;
  const param = devIommuGet(dev);
  const fwspec = param.fwspec;
  if (!fwspec) {
    devIommuFree(dev);
    return ENODEV;
  }
  if (!fwspec.numIds) {
    devIommuFree(dev);
    return EINVAL;
  }
  param.priv = 77;
  dev.iommuGroup = new IommuGroup();
  return 0;
}

function probeDevice(dev: Device): i32 {
  probeLock.lock();
  const result = probeHeld(dev);
  probeLock.unlock();
  return result;
}

function configure(dev: Device): i32 {
  const param = dev.iommu;
  if (param) {
    const fwspec = param.fwspec;
    if (fwspec && fwspec.ops) return 0;
  }
  if (!smmu.ready) return EPROBE_DEFER;
  fwspecInit(dev);
  ofXlate(dev);
  return designIs(Variant.locked) ? probeHeld(dev) : probeDevice(dev);
}

function configureLocked(dev: Device): i32 {
  probeLock.lock();
  const result = configure(dev);
  probeLock.unlock();
  return result;
}

function driverBind(): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    const result = designIs(Variant.locked) ? configureLocked(client) : configure(client);
    if (result != EPROBE_DEFER) break;
  }
  deviceLock.lock();
  client.driver = 1;
  deviceLock.unlock();
}

function busWalk(): void {
  smmu.ready = 1;
  for (let i = 0; i < 2; i++) probeDevice(client);
}

function inOrder(): void {
  for (let i = 0; i < 3; i++) {
    probeLock.lock();
    deviceLock.lock();
    client.driver += 1;
    deviceLock.unlock();
    smmu.ready += 1;
    probeLock.unlock();
  }
}

function backwards(): void {
  deviceLock.lock();
  probeLock.lock();
  client.driver += 1;
  probeLock.unlock();
  deviceLock.unlock();
}

let value: i32 = 0;

function bump(): void {
  for (let i = 0; i < 4; i++) value++;
}

/** A scene of so many events of each kind, in that order. */
function crowd(name: string, a: string, n: i32, b: string = '', m: i32 = 0, c: string = '', k: i32 = 0): void {
  const all = scene(name);
  for (let i = 0; i < n; i++) all.with(a);
  for (let i = 0; i < m; i++) all.with(b);
  for (let i = 0; i < k; i++) all.with(c);
}

export function register(): void {
  design('racy', 'a bind configures without the lock of the probe');
  design('locked', 'a bind holds the lock of the probe throughout');
  event('driverBind', driverBind);
  event('busWalk', busWalk);
  event('inOrder', inOrder);
  event('backwards', backwards);
  event('bump', bump);
  scene('bind').with('driverBind').with('busWalk').with('driverBind');
  scene('locks').with('inOrder').with('inOrder').with('inOrder').with('inOrder');
  scene('abba').with('inOrder').with('inOrder').with('backwards');
  scene('toy').with('bump').with('bump').with('bump');
  // The same with more tasks: what is compared is the search, not its start.
  crowd('bind-5', 'driverBind', 1, 'busWalk', 1, 'driverBind', 4);
  crowd('locks-8', 'inOrder', 8);
  crowd('abba-8', 'inOrder', 6, 'backwards', 2);
  scene('toy-4').with('bump').with('bump').with('bump').with('bump');
}
