/** From flags and settings to the address of a hub. */
import type { HubAddress } from '../sync/hub/address.js';

export interface HubFlags {
  readonly hubCredentials?: string;
  readonly hubCa?: string;
  readonly hubCertificate?: string;
  readonly hubKey?: string;
}

/** The address of flags and settings of the same names. */
export function hubAddress(url: string, flags: HubFlags): HubAddress {
  const { hubCredentials, hubCa, hubCertificate, hubKey } = flags;
  return {
    url,
    ...(hubCredentials === undefined ? {} : { credentials: hubCredentials }),
    ...(hubCa === undefined ? {} : { ca: hubCa }),
    ...(hubCertificate === undefined ? {} : { certificate: hubCertificate }),
    ...(hubKey === undefined ? {} : { key: hubKey }),
  };
}
