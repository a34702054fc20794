/** `heddle fuzz`: a campaign with its screen, its findings and its summary. */
import type { Command } from 'commander';
import { buildInBackground, buildModel } from '../build/index.js';
import { findModel } from './model-path.js';
import type { BuiltModel } from '../build/index.js';
import { runCampaign } from '../campaign/campaign.js';
import type { CampaignOptions, CampaignStatus, CampaignSummary } from '../campaign/types.js';
import type { JournalEvent } from '../campaign/journal.js';
import { EXIT } from '../errors.js';
import type { Declarations } from '../executor/declarations.js';
import { Executor } from '../executor/executor.js';
import { executorBytes } from '../executor/instance.js';
import type { FindingRecord } from '../findings/finding.js';
import { findingDir } from '../findings/store.js';
import { linkInBackground } from '../link/background.js';
import type { HubCounts } from '../sync/hub/client.js';
import type { HubPeer, PeerOf } from '../sync/hub/peer.js';
import { createReporter, type Reporter } from '../ui/reporter.js';
import { renderFinding, renderSummary } from '../ui/results.js';
import { invocation, packageVersion } from './about.js';
import { shellWord } from '../ui/shell-word.js';
import { campaignOptions, type FuzzFlags } from './fuzz-options.js';
import { type HubFlags, hubAddress } from './hub-address.js';
import { interruptible } from './signals.js';
import { type Terminal, uiMode } from './terminal.js';

/** Between two status lines of `--json`. */
const JSON_EVERY_MS = 1_000;
/** For what is left to tell a hub, at the end. */
const GOODBYE_MS = 5_000;

/** Answers the exit code. */
export async function fuzz(
  model: string,
  flags: FuzzFlags & HubFlags,
  command: Command,
  terminal: Terminal,
): Promise<number> {
  const entry = await findModel(model);
  const { wasm, manifest } = await buildModel(entry.path);
  const artefact = { wasm, manifest };
  const declarations = Executor.describe(artefact);
  const exact = (signal: AbortSignal): Promise<BuiltModel> =>
    buildInBackground(entry.path, { flavour: 'exact' }, signal);
  const wanted = campaignOptions(model, artefact, declarations, flags, command);
  const scenes = wanted.scene === null ? declarations.scenes.map(({ name }) => name) : [wanted.scene];
  const run = scenes.map((scene) => ({ design: wanted.design, scene, options: wanted.options }));
  const link = (signal: AbortSignal): Promise<Uint8Array> => linkInBackground(executorBytes(), artefact, run, signal);
  const options = { ...wanted, exact, link };
  // A built-in model is found by the name in the schedule; a file has to be named.
  const modelWord = entry.origin === 'path' ? ` ${shellWord(model)}` : '';
  const reporter = await createReporter({
    mode: flags.quiet ? 'none' : uiMode(flags.ui, process.stderr, process.env),
    stream: process.stderr,
    colors: terminal.err,
  });
  const output = new FuzzOutput(options, declarations, flags.json ?? false, terminal, reporter, modelWord);
  const of = { campaign: options, declarations };
  const peer = flags.hub === undefined ? null : await openPeer(flags.hub, flags, of, output.hooks.warning);
  const summary = await interruptible(
    async (signal) => {
      if (!flags.quiet) terminal.log(headline(options, manifest.hash));
      try {
        return await runCampaign(options, peer ? peer.around(output.hooks) : output.hooks, signal);
      } finally {
        reporter.close();
        await peer?.close(GOODBYE_MS);
      }
    },
    () => reporter.interrupt(() => terminal.log('stopping; once more to quit at once')),
  );
  output.summary(summary);
  if (peer && !flags.quiet) terminal.log(hubLine(peer.counts()));
  if (summary.records.length > 0) return flags.exitZero ? EXIT.ok : EXIT.finding;
  return summary.unsteady > 0 ? EXIT.internal : EXIT.ok;
}

/** The client is loaded only where a hub is named. */
async function openPeer(
  url: string,
  flags: HubFlags,
  of: Pick<PeerOf, 'campaign' | 'declarations'>,
  warning: (message: string) => void,
): Promise<HubPeer> {
  const [{ HubPeer: Peer }, { checkAddress }] = await Promise.all([
    import('../sync/hub/peer.js'),
    import('../sync/hub/connect.js'),
  ]);
  const address = hubAddress(url, flags);
  await checkAddress(address);
  return new Peer(address, { ...of, version: packageVersion() }, warning);
}

function hubLine({ stored, duplicates, bytes, waiting, received }: HubCounts): string {
  const untold = waiting > 0 ? `, ${waiting} not told yet: they are in the folder, and are told the next time` : '';
  return `hub: ${stored} told (${bytes} bytes), ${duplicates} that it had already, ${received} heard${untold}`;
}

function headline({ artefact, design, scene, seed, jobs, strategy, outDir }: CampaignOptions, hash: string): string {
  const workers = `${jobs} worker${jobs === 1 ? '' : 's'}`;
  return `fuzzing ${artefact.manifest.name} ${hash.slice(0, 8)}, design ${design}, ${scene ?? 'all scenes'}: ${strategy}, ${workers}, seed ${seed}, in ${outDir}`;
}

/** Writes what a campaign tells: text or NDJSON on stdout, progress and warnings on stderr. */
class FuzzOutput {
  private count = 0;
  private nextJson = 0;

  constructor(
    private readonly options: CampaignOptions,
    private readonly declarations: Declarations,
    private readonly isJson: boolean,
    private readonly terminal: Terminal,
    private readonly reporter: Reporter,
    private readonly modelWord: string,
  ) {}

  readonly hooks = {
    status: (status: CampaignStatus): void => this.status(status),
    finding: (record: FindingRecord, seenMs: number): void => this.finding(record, seenMs),
    event: (event: JournalEvent): void => {
      if (this.isJson) this.line('event', { event });
    },
    warning: (message: string): void =>
      this.reporter.interrupt(() => this.terminal.log(`${this.terminal.err.yellow('warning:')} ${message}`)),
  };

  private status(status: CampaignStatus): void {
    const { artefact, design, scene, seed, maxTimeMs, maxExecutions } = this.options;
    this.reporter.status({
      model: artefact.manifest.name,
      design,
      scene,
      seed: String(seed),
      budgetMs: maxTimeMs,
      budgetExecutions: maxExecutions,
      status,
    });
    if (!this.isJson || status.elapsedMs < this.nextJson) return;
    this.nextJson = status.elapsedMs + JSON_EVERY_MS;
    this.line('status', { ...status });
  }

  private finding(record: FindingRecord, seenMs: number): void {
    this.count += 1;
    const folder = findingDir(this.options.outDir, record);
    const command = this.command(folder);
    if (this.isJson) {
      this.line('finding', { ...record, seenMs: Math.round(seenMs), folder, command });
      return;
    }
    // Batches that were under way bring more; the summary lists them.
    if (this.options.stopOnFirst && this.count > 1) return;
    const symptom = this.declarations.symptoms.find((s) => s.name === record.symptom)?.title ?? '';
    const text = renderFinding({ number: this.count, record, symptomTitle: symptom, command }, this.terminal.out);
    this.reporter.interrupt(() => this.terminal.print(text));
  }

  summary(summary: CampaignSummary): void {
    const { design, scene, outDir } = this.options;
    const model = this.options.artefact.manifest.name;
    const rows = summary.records.map((record) => {
      const { symptom, signature, kind, title } = record;
      const folder = findingDir(outDir, record);
      return { kind, symptom, signature, title, folder, command: this.command(folder) };
    });
    if (this.isJson) this.line('summary', { ...summary, model, design, scene, outDir, records: rows });
    else this.terminal.print(renderSummary({ model, design, outDir, summary, rows }, this.terminal.out));
  }

  private command(folder: string): string {
    return `${invocation()} replay ${shellWord(folder)}${this.modelWord}`;
  }

  private line(type: string, value: object): void {
    process.stdout.write(`${JSON.stringify({ schema: 'heddle.fuzz/1', type, ...value })}\n`);
  }
}
