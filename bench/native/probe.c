// bench/models/probe.ts, field by field. Class layouts: the offsets below are those of the manifest.
#include "executor.h"

enum { EPROBE_DEFER = -517, ENODEV = -19, EINVAL = -22 };
enum { DEVICE_IOMMU = 0, DEVICE_GROUP = 4, DEVICE_DRIVER = 8, PARAM_FWSPEC = 0, PARAM_PRIV = 4, FWSPEC_OPS = 0, FWSPEC_IDS = 4 };
#define SMMU_OPS O_IommuOps_0
#define PROBE_LOCK O_Mutex_0
#define DEVICE_LOCK O_Mutex_1
#define CLIENT O_Device_0
#define SMMU O_IommuDevice_0

static int smmuOfXlate(u32 dev, u32 fwspec) {
  (void)dev;
  u32 n = ld32(fwspec, FWSPEC_IDS, S_smmuOfXlate_load_IommuFwspec_numIds_0);
  st32(fwspec, n + 1, FWSPEC_IDS, S_smmuOfXlate_store_IommuFwspec_numIds_0);
  return 0;
}

static u32 devIommuGet(u32 dev) {
  u32 param = ld32(dev, DEVICE_IOMMU, S_devIommuGet_load_Device_iommu_0);
  if (param) return param;
  param = new_object(8, C_DevIommu, S_devIommuGet_new_DevIommu_0);
  st32(param, 0, PARAM_FWSPEC, S_DevIommu_constructor_store_DevIommu_fwspec_0);
  st32(param, 0, PARAM_PRIV, S_DevIommu_constructor_store_DevIommu_priv_0);
  st32(dev, param, DEVICE_IOMMU, S_devIommuGet_store_Device_iommu_0);
  return param;
}

static void devIommuFree(u32 dev) {
  u32 param = ld32(dev, DEVICE_IOMMU, S_devIommuFree_load_Device_iommu_0);
  st32(dev, 0, DEVICE_IOMMU, S_devIommuFree_store_Device_iommu_0);
  u32 fwspec = ld32(param, PARAM_FWSPEC, S_devIommuFree_load_DevIommu_fwspec_0);
  if (fwspec) release(fwspec, S_devIommuFree_free_0);
  release(param, S_devIommuFree_free_1);
}

static int fwspecInit(u32 dev) {
  u32 param = devIommuGet(dev);
  if (ld32(param, PARAM_FWSPEC, S_fwspecInit_load_DevIommu_fwspec_0)) return 0;
  u32 fwspec = new_object(8, C_IommuFwspec, S_fwspecInit_new_IommuFwspec_0);
  st32(fwspec, 0, FWSPEC_OPS, S_IommuFwspec_constructor_store_IommuFwspec_ops_0);
  st32(fwspec, 0, FWSPEC_IDS, S_IommuFwspec_constructor_store_IommuFwspec_numIds_0);
  st32(fwspec, SMMU_OPS, FWSPEC_OPS, S_fwspecInit_store_IommuFwspec_ops_0);
  st32(param, fwspec, PARAM_FWSPEC, S_fwspecInit_store_DevIommu_fwspec_0);
  return 0;
}

static int ofXlate(u32 dev) {
  u32 param = ld32(dev, DEVICE_IOMMU, S_ofXlate_load_Device_iommu_0);
  u32 fwspec = ld32(param, PARAM_FWSPEC, S_ofXlate_load_DevIommu_fwspec_0);
  u32 function = ld32(SMMU_OPS, 0, S_ofXlate_load_IommuOps_ofXlate_0);
  return ((int (*)(u32, u32))functions[fn(function, 0, S_ofXlate_function_0)])(dev, fwspec);
}

static int probeDevice(u32 dev) {
  lock(PROBE_LOCK, S_probeDevice_lock_Mutex_0);
  if (ld32(dev, DEVICE_GROUP, S_probeDevice_load_Device_iommuGroup_0)) {
    unlock(PROBE_LOCK, S_probeDevice_unlock_Mutex_0);
    return 0;
  }
  u32 param = devIommuGet(dev);
  u32 fwspec = ld32(param, PARAM_FWSPEC, S_probeDevice_load_DevIommu_fwspec_0);
  if (!fwspec) {
    devIommuFree(dev);
    unlock(PROBE_LOCK, S_probeDevice_unlock_Mutex_1);
    return ENODEV;
  }
  if (!ld32(fwspec, FWSPEC_IDS, S_probeDevice_load_IommuFwspec_numIds_0)) {
    devIommuFree(dev);
    unlock(PROBE_LOCK, S_probeDevice_unlock_Mutex_2);
    return EINVAL;
  }
  st32(param, 77, PARAM_PRIV, S_probeDevice_store_DevIommu_priv_0);
  u32 group = new_object(4, C_IommuGroup, S_probeDevice_new_IommuGroup_0);
  st32(group, 1, 0, S_IommuGroup_constructor_store_IommuGroup_refs_0);
  st32(dev, group, DEVICE_GROUP, S_probeDevice_store_Device_iommuGroup_0);
  unlock(PROBE_LOCK, S_probeDevice_unlock_Mutex_3);
  return 0;
}

static int configure(u32 dev) {
  u32 param = ld32(dev, DEVICE_IOMMU, S_configure_load_Device_iommu_0);
  if (param) {
    u32 fwspec = ld32(param, PARAM_FWSPEC, S_configure_load_DevIommu_fwspec_0);
    if (fwspec && ld32(fwspec, FWSPEC_OPS, S_configure_load_IommuFwspec_ops_0)) return 0;
  }
  if (!ld32(SMMU, 0, S_configure_load_IommuDevice_ready_0)) return EPROBE_DEFER;
  fwspecInit(dev);
  ofXlate(dev);
  return probeDevice(dev);
}

static void driverBind(void) {
  for (int attempt = 0;; attempt++) {
    fuel(S_driverBind_loop_0);
    if (attempt >= 2 || configure(CLIENT) != EPROBE_DEFER) break;
  }
  lock(DEVICE_LOCK, S_driverBind_lock_Mutex_0);
  st32(CLIENT, 1, DEVICE_DRIVER, S_driverBind_store_Device_driver_0);
  unlock(DEVICE_LOCK, S_driverBind_unlock_Mutex_0);
}

static void busWalk(void) {
  st32(SMMU, 1, 0, S_busWalk_store_IommuDevice_ready_0);
  for (int i = 0;; i++) {
    fuel(S_busWalk_loop_0);
    if (i >= 2) break;
    probeDevice(CLIENT);
  }
}

static void noise(void) {
  for (int i = 0;; i++) {
    fuel(S_noise_loop_0);
    if (i >= 3) break;
    lock(DEVICE_LOCK, S_noise_lock_Mutex_0);
    if (ld32(CLIENT, DEVICE_GROUP, S_noise_load_Device_iommuGroup_0)) st32(SMMU, i, 0, S_noise_store_IommuDevice_ready_0);
    else st32(SMMU, i, 0, S_noise_store_IommuDevice_ready_1);
    unlock(DEVICE_LOCK, S_noise_unlock_Mutex_0);
  }
}

const Entry functions[] = {
  [T_smmuOfXlate] = (Entry)smmuOfXlate, [T_driverBind] = (Entry)driverBind, [T_busWalk] = (Entry)busWalk, [T_noise] = (Entry)noise,
};
