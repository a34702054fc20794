/** How a fleet's streams, subjects and keys are called. Pure. */

/** Corpus entries: one message an entry, kept until it is old. */
export const CORPUS_STREAM = 'HEDDLE_CORPUS';
/** Findings: one message a signature. */
export const FINDINGS_STREAM = 'HEDDLE_FINDINGS';
/** Who is there, with its statistics. A key expires when its peer falls silent. */
export const PRESENCE_BUCKET = 'HEDDLE_PRESENCE';

/** Plans, partitions and violations of searches that several processes share. */
export const VERIFY_BUCKET = 'HEDDLE_VERIFY';

export type HubKind = 'corpus' | 'finding';

/** What peers must have in common to use each other's entries. */
export interface Group {
  /** Build hash of the model, hex. */
  readonly modelHash: string;
  readonly design: string;
}

/** `heddle.corpus.<model>.<design>.<id>`. The id is the content's hash, so that a stream can hold it once only. */
export function subjectOf(kind: HubKind, group: Group, id: string): string {
  return `${prefix(kind, group)}.${token(id)}`;
}

/** All subjects of a kind in a group. */
export function subjectsOf(kind: HubKind, group: Group): string {
  return `${prefix(kind, group)}.*`;
}

/** Key of a peer in the bucket. */
export function presenceKey(group: Group, peer: string): string {
  return `${token(group.modelHash.slice(0, 16))}.${token(group.design)}.${token(peer)}`;
}

/** The last token of a subject. */
export const idOfSubject = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);

function prefix(kind: HubKind, { modelHash, design }: Group): string {
  return `heddle.${kind}.${token(modelHash.slice(0, 16))}.${token(design)}`;
}

/** A subject's token must not be empty nor contain dots, blanks or wildcards. Two names may share one: receivers check what a schedule says. */
function token(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_') || '_';
}
