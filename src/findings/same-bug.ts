/** Whether a run shows the very bug that is being minimized, not another one of its bucket. */
import type { Executor } from '../executor/executor.js';
import type { ExecutionResult, RawFinding } from '../executor/types.js';
import type { HotSchedule } from '../schedule/schedule.js';
import { isCalledInVain, symptomBefore, symptomOfRun } from './facts.js';
import { bucketOf } from './place.js';
import { identityOf } from './signature.js';

/** What a bug is told by besides, where it was asked for by somebody who has seen it. */
export interface Story {
  /** A sleeper is not woken although somebody could have done it, who ran: without him it is no lost wake-up, but nothing to wait for. */
  readonly wakers?: boolean;
  /** The symptom that the run itself shows, with where it is interrupted. */
  readonly symptom?: boolean;
}

/**
 * Knows a bug by its bucket and by that part of its identity which does not depend on where the schedule switches: who freed the object,
 * who stored the NULL, which tasks wait for what; and by its symptom, as far as that can be told of a run that is not minimized.
 */
export class SameBug {
  private core = '';

  constructor(
    private readonly executor: Executor,
    private readonly bucket: string,
    private readonly story: Story = {},
  ) {}

  /** Takes the bug of that schedule as the one that is meant. Answers the run's result, or `null` if it has not the bucket. */
  learn(hot: HotSchedule): ExecutionResult | null {
    const result = this.executor.run(hot);
    const raw = this.ofBucket(result.findings)[0];
    if (raw === undefined) return null;
    this.core = this.coreOf(raw, hot);
    return result;
  }

  /** Whether the finding is of the bucket, whichever bug it is. */
  isOfBucket(raw: RawFinding): boolean {
    return bucketOf(raw, this.executor.manifest) === this.bucket;
  }

  /** The run's result if it shows the bug, else `null`. */
  shownBy(hot: HotSchedule): ExecutionResult | null {
    const result = this.executor.run(hot);
    return this.isAmong(result.findings, hot) ? result : null;
  }

  /** Whether the findings of the schedule's run, the executor's last one, have the bug. */
  isAmong(findings: readonly RawFinding[], hot: HotSchedule): boolean {
    return this.ofBucket(findings).some((raw) => this.coreOf(raw, hot) === this.core);
  }

  private ofBucket(findings: readonly RawFinding[]): RawFinding[] {
    return findings.filter((raw) => this.isOfBucket(raw));
  }

  /** Only a trace tells who stored a NULL. */
  private coreOf(raw: RawFinding, hot: HotSchedule): string {
    const { tasks } = this.executor.result();
    const trace = raw.kind === 'null-dereference' ? this.executor.trace(hot).trace : [];
    const symptom = symptomBefore(this.executor, raw, tasks, trace);
    const identity = identityOf({ raw, manifest: this.executor.manifest, trace, deviations: [] });
    return [...identity, symptom, ...this.storyOf(raw, hot)].join('\n');
  }

  private storyOf(raw: RawFinding, hot: HotSchedule): string[] {
    const { executor, story } = this;
    const isDeadlock = raw.kind === 'deadlock';
    return [
      ...(story.wakers && isDeadlock && isCalledInVain(raw, executor.trace(hot).trace, executor.manifest)
        ? ['called in vain']
        : []),
      ...(story.symptom ? [symptomOfRun(executor, hot, raw)] : []),
    ];
  }
}
