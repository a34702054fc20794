/** Collects the places where the executor sees the model, and gives each its identity. */
import type { Mark } from './classify.js';
import type { Site } from './manifest.js';
import { displayName, ownerOf } from './names.js';
import { isModelFile, locate } from './source-map.js';
import type { Place } from './source-map.js';

export interface SiteRequest {
  readonly operation: string;
  readonly field: string;
  /** The compiler's name of the function. */
  readonly owner: string;
  /** Byte offset in the compiler's output, and the function's body there. */
  readonly offset: number;
  readonly body: { readonly start: number; readonly end: number };
  readonly mark?: Mark | undefined;
  /** What a kit object's method is called on; empty if the code does not say. */
  readonly object?: string;
}

export class SiteTable {
  readonly sites: (Site | null)[] = [null];
  private readonly ordinals = new Map<string, number>();

  constructor(private readonly places: readonly Place[]) {}

  /** The ordinal that `add` would give. */
  nextOrdinal(owner: string, operation: string, field: string): number {
    return this.ordinals.get(`${displayName(owner)} ${operation} ${field}`) ?? 0;
  }

  /**
   * Numbers a place. Its identity is (function, operation, field, ordinal): nothing of it changes when a local is renamed, a line
   * is added, or the function moves.
   */
  add(request: SiteRequest): number {
    const name = displayName(request.owner);
    const key = `${name} ${request.operation} ${request.field}`;
    const ordinal = this.ordinals.get(key) ?? 0;
    this.ordinals.set(key, ordinal + 1);
    const accept = ownerOf(request.owner) === 'model' ? isModelFile : undefined;
    const place = locate(this.places, request.offset, request.body, accept);
    this.sites.push({
      operation: request.operation,
      field: request.field,
      function: name,
      ordinal,
      file: place?.file ?? '',
      line: place?.line ?? 0,
      column: place?.column ?? 0,
      marked: request.mark !== undefined,
      ...(request.mark === 'acquire' || request.mark === 'release' ? { order: request.mark } : {}),
      ...(request.object ? { object: request.object } : {}),
    });
    return this.sites.length - 1;
  }
}
