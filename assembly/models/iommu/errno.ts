// Error numbers, and pointers that carry them.

export const ENOENT: i32 = 2;
export const ENOMEM: i32 = 12;
export const EBUSY: i32 = 16;
export const EEXIST: i32 = 17;
export const ENODEV: i32 = 19;
export const EINVAL: i32 = 22;
export const EPROBE_DEFER: i32 = 517;

const MAX_ERRNO: usize = 4095;

/** An error number in place of a pointer. */
export function ERR_PTR<T>(error: i32): T {
  return changetype<T>(error as usize);
}

/** Is it an error number in place of a pointer? */
export function IS_ERR<T>(pointer: T): bool {
  return changetype<usize>(pointer) >= 0 - MAX_ERRNO;
}

/** The error number in place of a pointer. */
export function PTR_ERR<T>(pointer: T): i32 {
  return changetype<usize>(pointer) as i32;
}
