/** Classes of the compiled program: names and fields behind the class ids in object headers. */
import type { ClassInfo } from './manifest.js';
import { displayName } from './names.js';

/** The part of asc's program that is read; its own types are not public. */
interface AscClass {
  readonly id: number;
  readonly internalName: string;
  readonly members: ReadonlyMap<string, unknown> | null;
}

interface AscProgram {
  readonly managedClasses: ReadonlyMap<number, AscClass>;
}

interface AscField {
  readonly name: string;
  readonly memoryOffset: number;
  readonly type: { readonly byteSize: number };
}

/** By id; a class's inherited fields are among its members. */
export function readClasses(program: AscProgram): ClassInfo[] {
  return [...program.managedClasses.values()]
    .map(({ id, internalName, members }) => ({ id, name: displayName(internalName), fields: fieldsOf(members) }))
    .sort((a, b) => a.id - b.id);
}

function fieldsOf(members: ReadonlyMap<string, unknown> | null): { name: string; offset: number; size: number }[] {
  return [...(members?.values() ?? [])]
    .flatMap(fieldOf)
    .map((f) => ({ name: f.name, offset: f.memoryOffset, size: f.type.byteSize }))
    .sort((a, b) => a.offset - b.offset);
}

/** A member is a prototype; that of a field has the resolved field as its instance. */
function fieldOf(member: unknown): AscField[] {
  if (typeof member !== 'object' || member === null || !('instance' in member)) return [];
  const field = member.instance as Partial<AscField> | null;
  if (!field || typeof field.memoryOffset !== 'number' || field.memoryOffset < 0) return [];
  return typeof field.type?.byteSize === 'number' ? [field as AscField] : [];
}
