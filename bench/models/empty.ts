// The objects of probe.ts and tasks that do nothing: what an execution costs before any point is passed.
import { event, Mutex, scene } from 'heddle';

class Device {
  iommu: i32 = 0;
  iommuGroup: i32 = 0;
  driver: i32 = 0;
}
class IommuDevice {
  ready: i32 = 0;
}
const probeLock = new Mutex();
const deviceLock = new Mutex();
const client = new Device();
const smmu = new IommuDevice();

function nothing(): void {}

/** Never part of a scene: without it the objects would be left out of the build. */
function everything(): void {
  probeLock.lock();
  deviceLock.lock();
  client.driver = smmu.ready;
}

export function register(): void {
  event('nothing', nothing);
  event('everything', everything);
  scene('three').with('nothing').with('nothing').with('nothing');
  scene('four').with('nothing').with('nothing').with('nothing').with('nothing');
}
