/** A real campaign's folder, made once a test file, and copies of it to be damaged. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { runCampaign } from '../../src/campaign/campaign.js';
import { inspectEntry } from '../../src/cli/inspect.js';
import { createApp } from '../../src/server/app.js';
import type { CampaignView } from '../../src/server/api.js';
import type { Assets } from '../../src/server/assets.js';
import { Inspections } from '../../src/server/inspections.js';
import type { Access } from '../../src/server/security.js';
import { FolderSource } from '../../src/server/source.js';
import { Watcher } from '../../src/server/stream.js';
import { campaignOptions } from '../support/campaign-options.js';

export const OPEN: Access = { loopbackOnly: true, token: null };

export class Folders {
  readonly root = mkdtempSync(join(tmpdir(), 'heddle-serve-'));

  /** Two transfers without a lock: one finding, of symptom `other`. */
  async campaign(name = 'bank'): Promise<string> {
    const dir = join(this.root, name);
    const options = await campaignOptions('examples/bank.ts', dir, { design: 'racy', maxExecutions: 2_000 });
    await runCampaign(options, {}, new AbortController().signal);
    return dir;
  }

  /** A copy that a test may damage. */
  copy(dir: string, name: string): string {
    const target = join(this.root, 'copies', name, 'bank');
    cpSync(dir, target, { recursive: true });
    return target;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface Served {
  readonly app: Hono;
  readonly watcher: Watcher;
  readonly inspections: Inspections;
  /** What the server has complained about. */
  readonly log: string[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  json<T>(path: string): Promise<T>;
  /** The only campaign that is there. */
  campaign(): Promise<CampaignView>;
}

const ASSETS: Assets = new Map([
  ['/', { type: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') }],
]);

export function served(folders: readonly string[], access: Access = OPEN, heartbeatMs?: number): Served {
  const inspections = new Inspections(inspectEntry());
  const commandOf = (path: string): string => `heddle replay ${path}`;
  const source = new FolderSource({ folders, inspections, commandOf, askHub: null });
  const watcher = new Watcher(source, '0.0.0', heartbeatMs);
  const log: string[] = [];
  const app = createApp({
    ...{ source, access, assets: ASSETS, watcher, version: '0.0.0' },
    log: (message) => void log.push(message),
  });
  const get: Served['get'] = async (path, headers = {}) => app.request(path, { headers });
  const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
  return {
    ...{ app, watcher, inspections, log, get, json },
    campaign: async () => {
      const { campaigns } = await json<{ campaigns: CampaignView[] }>('/api/campaigns');
      const [one] = campaigns;
      if (one === undefined || campaigns.length !== 1) throw new Error(`${campaigns.length} campaigns, not one`);
      return one;
    },
  };
}
