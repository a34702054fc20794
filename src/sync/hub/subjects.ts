/** How a fleet's streams, subjects and keys are called. Pure. */
import { createHash } from 'node:crypto';

/** Corpus entries: one message an entry, kept until it is old. */
export const CORPUS_STREAM = 'HEDDLE_CORPUS';
/** Findings: one message for a signature of a configuration and scene. */
export const FINDINGS_STREAM = 'HEDDLE_FINDINGS';
/** Who is there, with its statistics. A key expires when its peer falls silent. */
export const PRESENCE_BUCKET = 'HEDDLE_PRESENCE';

/** Plans, partitions and violations of searches that several processes share. */
export const VERIFY_BUCKET = 'HEDDLE_VERIFY';

export type HubKind = 'corpus' | 'finding';
export const STREAM_OF: Readonly<Record<HubKind, string>> = { corpus: CORPUS_STREAM, finding: FINDINGS_STREAM };

/** What peers must have in common to use each other's entries. */
export interface Group {
  /** Build hash of the model, hex. */
  readonly modelHash: string;
  readonly design: string;
  /** `configurationOf`. */
  readonly configuration: string;
}

/** Of schedules whose events are not just those of their scene: who fuzzes one scene has no use for them. No name gives this token. */
const NO_SCENE = '~';

/**
 * `heddle.corpus.<model>.<design>.<configuration>.<scene>.<id>`: what a receiver would refuse has another subject. The id is the content's
 * hash, or a finding's signature, so that a stream can hold it once only. `scene`: null if the schedule is of none.
 */
export function subjectOf(kind: HubKind, group: Group, scene: string | null, id: string): string {
  return `${prefix(kind, group)}.${token(group.configuration)}.${tailOf(scene, id)}`;
}

/** The end of a subject, which tells one message of a group and kind from the others. */
export function tailOf(scene: string | null, id: string): string {
  return `${scene === null ? NO_SCENE : sceneToken(scene)}.${token(id)}`;
}

/** All subjects of a kind in a group: of one scene, or, with null, of all. */
export function subjectsOf(kind: HubKind, group: Group, scene: string | null): string {
  return `${prefix(kind, group)}.${token(group.configuration)}.${scene === null ? '*' : sceneToken(scene)}.*`;
}

/** Where versions before 0.1.0 told what they had: `heddle.<kind>.<model>.<design>.<id>`. */
export function formerSubjectsOf(kind: HubKind, group: Group): string {
  return `${prefix(kind, group)}.*`;
}

/** Key of a peer in the bucket. */
export function presenceKey(group: Group, peer: string): string {
  return `${token(group.modelHash.slice(0, 16))}.${token(group.design)}.${token(peer)}`;
}

/** Of `subjectOf`'s subjects: the last two tokens, and the last one. */
export const tailOfSubject = (subject: string): string => subject.split('.').slice(-2).join('.');
export const idOfSubject = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);

function prefix(kind: HubKind, { modelHash, design }: Group): string {
  return `heddle.${kind}.${token(modelHash.slice(0, 16))}.${token(design)}`;
}

/** A subject's token must not be empty nor contain dots, blanks or wildcards. Two names may share one: receivers check what a schedule says. */
function token(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_') || '_';
}

/** No two scenes share one: a finding of the first would keep that of the second out. */
function sceneToken(scene: string): string {
  const plain = token(scene);
  return plain === scene ? plain : `${plain}-${createHash('sha256').update(scene).digest('hex').slice(0, 8)}`;
}
