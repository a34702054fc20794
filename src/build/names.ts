/** Compiler's internal names (`sub/queue/Queue<sub/node/Node>#get:head`) → who wrote it and what its author calls it. */

/** Whose code a function is; it decides how its accesses are instrumented. */
export type Owner =
  | 'model'
  | 'kit'
  /** The language's library: no sites of its own, the caller's are passed in. */
  | 'library'
  /** The allocator and object headers: not instrumented, its entry points are redirected. */
  | 'runtime';

export function ownerOf(name: string): Owner {
  const plain = name.replace(/^start:/, '');
  if (!plain.startsWith('~lib/')) return 'model';
  if (/^~lib\/heddle(\/|$)/.test(plain)) return 'kit';
  return /^~lib\/rt\/(stub|common)\//.test(plain) ? 'runtime' : 'library';
}

/** Code that runs once, when the module starts. */
export const isStart = (name: string): boolean =>
  name === '~start' || (name.startsWith('start:') && !name.includes('~anonymous|'));

/** The library's functions that are `array[index]` and `array[index] = value`. */
export const isElementAccess = (name: string): boolean => /^~lib\/staticarray\/StaticArray<.*#__u?[gs]et$/.test(name);

/** Helpers of `instanceof` and of virtual calls: what they read is the class id in an object's header, which never changes. */
export const isClassTest = (name: string): boolean => /^~(any)?instanceof|@override$/.test(name);

/** What is tested: `Shape` of an `instanceof`, `Shape.area` of a virtual call. */
export const classTestName = (name: string): string =>
  name.startsWith('~') ? shortName(name.replace(/^[^|]*\|/, '')) : callName(name);

export const isConstructor = (name: string): boolean => name.endsWith('#constructor');

export const isAccessorName = (name: string): boolean => /#[gs]et:/.test(name);

/** `List<Node>.head`, `of_iommu_configure`, `Queue.push`, `(module)`. Free of blanks, as schedules separate by blanks. */
export function displayName(name: string): string {
  if (isStart(name)) return '(module)';
  return shortName(name.replace(/^start:.*(?=~anonymous\|)/, '(module)'))
    .replace(/@(varargs|override)$/, '')
    .replace(/#[gs]et:|#/, '.');
}

/** Without the path of any file: `List<m/b/Node>` → `List<Node>`. */
function shortName(name: string): string {
  return decodeURIComponent(name.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    .replace(/[^<>(),|=]*\//g, '')
    .replace(/\s+/g, '');
}

/** `Mutex` of `~lib/heddle/mutex/Mutex#lock`; empty for a plain function. */
export function className(name: string): string {
  const display = shortName(name);
  const hash = display.indexOf('#');
  return hash < 0 ? '' : display.slice(0, hash);
}

/** `lock` of `Mutex#lock`, `free` of `free<Node>`. */
export function operationName(name: string): string {
  const display = shortName(name).replace(/@(varargs|override)$/, '');
  const member = display.slice(display.indexOf('#') + 1).replace(/^[gs]et:/, '');
  return /^[^<]+/.exec(member)?.[0] ?? member;
}

/** What a call of a kit function is shown as: `Completion.wait`, `event`. Type arguments of the function itself say nothing. */
export const callName = (name: string): string => (className(name) ? `${className(name)}.` : '') + operationName(name);

/** Module variable or function without its file: `sub/state/count` → `count`. */
export const variableName = (name: string): string => shortName(name);
