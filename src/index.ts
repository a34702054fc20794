/**
 * The public API: build a model, fuzz it, replay and minimize schedules, read findings. Everything else may change without notice.
 */
export {
  type BuildOptions,
  type BuiltModel,
  buildModel,
  listModels,
  type Manifest,
  type ModelEntry,
  resolveModel,
  type Site,
  watchModel,
} from './build/index.js';
export { runCampaign } from './campaign/campaign.js';
export { type ForeignEntry, foreignEntry, type Intake, type Verdict } from './campaign/foreign.js';
export {
  type CampaignHooks,
  type CampaignOptions,
  type CampaignStatus,
  type CampaignStrategy,
  type CampaignSummary,
  MEMORY_KINDS,
} from './campaign/types.js';
export { CorpusStore, type StoredEntry, scheduleId } from './corpus/store.js';
export { type Diagnostic, type ErrorCode, EXIT, HeddleError } from './errors.js';
export type { Declarations } from './executor/declarations.js';
export {
  type Configuration,
  DEFAULT_LIMITS,
  Executor,
  type ExecutorOptions,
  type Limits,
} from './executor/executor.js';
export type { ModelArtefact } from './executor/instance.js';
export { fromPortable, type Resolved, toPortable } from './executor/portable.js';
export {
  type ExecutionResult,
  FINDING_KINDS,
  type FindingKind,
  type RawFinding,
  type TracedExecution,
  type TraceStep,
} from './executor/types.js';
export { type AnalyseOptions, analyseFinding } from './findings/analyse.js';
export type { FindingRecord, PlaceRecord } from './findings/finding.js';
export { type MinimizedFinding, type MinimizeOptions, minimizeFinding } from './findings/minimize.js';
export { findingDir, loadFinding, loadFindingSchedule, loadFindings, saveFinding } from './findings/store.js';
export { decodeSchedule, encodeSchedule } from './schedule/binary.js';
export {
  type Choice,
  type Deviation,
  type EventCall,
  type HotSchedule,
  LIMITS,
  type Schedule,
  type SiteRef,
  type TaskPath,
} from './schedule/schedule.js';
export { formatSchedule, parseSchedule } from './schedule/text.js';
