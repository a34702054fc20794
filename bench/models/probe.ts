// A device probe in miniature, the scene that the prototype was measured with: two driver binds, a bus walk and a task that makes noise,
// about 55 points. It has bugs (an object freed twice or used after its release), so some executions end early.
import { event, free, Mutex, scene } from 'heddle';

const EPROBE_DEFER: i32 = -517;
const ENODEV: i32 = -19;
const EINVAL: i32 = -22;

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

function probeDevice(dev: Device): i32 {
  probeLock.lock();
  if (dev.iommuGroup) {
    probeLock.unlock();
    return 0;
  }
  const param = devIommuGet(dev);
  const fwspec = param.fwspec;
  if (!fwspec) {
    devIommuFree(dev);
    probeLock.unlock();
    return ENODEV;
  }
  if (!fwspec.numIds) {
    devIommuFree(dev);
    probeLock.unlock();
    return EINVAL;
  }
  param.priv = 77;
  dev.iommuGroup = new IommuGroup();
  probeLock.unlock();
  return 0;
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
  return probeDevice(dev);
}

function driverBind(): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    if (configure(client) != EPROBE_DEFER) break;
  }
  deviceLock.lock();
  client.driver = 1;
  deviceLock.unlock();
}

function busWalk(): void {
  smmu.ready = 1;
  for (let i = 0; i < 2; i++) probeDevice(client);
}

function noise(): void {
  for (let i = 0; i < 3; i++) {
    deviceLock.lock();
    if (client.iommuGroup) smmu.ready = i;
    else smmu.ready = i;
    deviceLock.unlock();
  }
}

export function register(): void {
  event('driverBind', driverBind);
  event('busWalk', busWalk);
  event('noise', noise);
  scene('probe').with('driverBind').with('busWalk').with('driverBind').with('noise');
}
