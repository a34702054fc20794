/** What screen and status line show: a campaign's status, and the few facts about the campaign that do not change. */
import type { CampaignStatus } from '../campaign/types.js';

export interface CampaignView {
  readonly model: string;
  readonly design: string;
  /** null: every scene in turn. */
  readonly scene: string | null;
  readonly seed: string;
  readonly budgetMs: number | null;
  readonly budgetExecutions: number | null;
  readonly status: CampaignStatus;
}

/** How much of the budget is left, in words. */
export function budgetOf(view: CampaignView, duration: (ms: number) => string, count: (n: number) => string): string {
  const parts = [
    ...(view.budgetMs === null ? [] : [duration(view.budgetMs)]),
    ...(view.budgetExecutions === null ? [] : [`${count(view.budgetExecutions)} executions`]),
  ];
  return parts.length ? parts.join(' or ') : 'until Ctrl-C';
}
