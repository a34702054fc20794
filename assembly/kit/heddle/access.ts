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

/**
 * The field at `offset` of an object, without a scheduling point: for what is set before the tasks start and never changes, such as
 * the parts that a structure embeds. `get mutex(): Mutex { return fixed<Mutex>(changetype<usize>(this), offsetof<Group>('_mutex')); }`
 */
export function fixed<T>(object: usize, offset: usize): T {
  return load<T>(object + offset);
}
