// Marks of an access. They answer their argument; the build marks the load or store beside the call and drops the call:
// `x = READ_ONCE(dev.state)`, `dev.state = WRITE_ONCE(1)`.

/** The load is meant to race: no data-race report. */
export function READ_ONCE<T>(value: T): T {
  return value;
}

/** The store of the result is meant to race: no data-race report. */
export function WRITE_ONCE<T>(value: T): T {
  return value;
}

/** The load is an acquire: what the releasing task did before is ordered before what follows. */
export function ACQUIRE<T>(value: T): T {
  return value;
}

/** The store of the result is a release. */
export function RELEASE<T>(value: T): T {
  return value;
}
