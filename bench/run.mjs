// npm run bench: how fast executions are, beside the same executor in native C, beside fast-check, and within a campaign.
// What each figure means: docs/benchmarks.md.
import { cpus, loadavg } from 'node:os';
import { aimsOf } from './lib/aims.mjs';
import { measureCampaign } from './lib/campaign.mjs';
import { measureDepths, measureModel, perPointAndSwitch } from './lib/executions.mjs';
import { measureFastCheck } from './lib/fast-check.mjs';
import { flagsOf } from './lib/flags.mjs';
import { gccVersion, nativeObstacle } from './lib/native.mjs';
import { canPin, onOneProcessor } from './lib/one-processor.mjs';
import { measureProfile } from './lib/profile.mjs';
import { render } from './lib/report.mjs';
import { round } from './lib/stats.mjs';

const HELP = `node bench/run.mjs [--quick] [--profile] [--json | --markdown]
  --quick     a smoke test of a few seconds; the figures are rough
  --profile   the share of points, switches, reset, hash, coverage and mutation
  --json      one JSON document on stdout (docs/benchmarks.md)
  --markdown  the tables of docs/benchmarks.md`;
const FULL = {
  rounds: 11,
  sliceMs: 100,
  depths: [1, 4, 16, 64],
  campaign: { rounds: 3, warmMs: 1_000, ms: 6_000 },
  fastCheckMs: 4_000,
};
const QUICK = {
  rounds: 3,
  sliceMs: 8,
  depths: [1, 16],
  campaign: { rounds: 1, warmMs: 500, ms: 1_250 },
  fastCheckMs: 500,
};

const say = (text) => process.stderr.write(`${text}\n`);

async function measure(settings, withProfile) {
  const obstacle = nativeObstacle();
  if (obstacle) say(`no comparison with native C: ${obstacle}`);
  const options = { ...settings, native: obstacle === '' };
  const pinned = canPin();
  if (!pinned) say('no taskset: what is compared may run on different processors');
  const before = loadavg()[0];
  const measured = {};
  for (const name of ['toy', 'probe']) {
    say(`executions of ${name} …`);
    measured[name] = await onOneProcessor(() => measureModel(name, options));
  }
  say('switches by call depth …');
  const byDepth = await onOneProcessor(() => measureDepths(settings.depths, options));
  say('campaigns …');
  const { campaignRatio, workersRatio, ...campaign } = await measureCampaign(settings.campaign);
  say('fast-check …');
  const fastCheck = await measureFastCheck(settings.fastCheckMs);
  if (withProfile) say('profile …');
  const profile = withProfile ? await onOneProcessor(() => measureProfile(settings)) : null;
  const models = { toy: measured.toy.rows, probe: measured.probe.rows };
  const byModel = (field) =>
    Object.fromEntries(
      Object.entries(models).map(([name, rows]) => [
        name,
        Object.fromEntries(rows.map((row) => [row.switches, row[field]])),
      ]),
    );
  const costs = perPointAndSwitch(models.probe);
  const executorExecsPerSecond = models.toy.find((row) => row.switches === 'every point').execsPerSecond;
  return {
    schema: 'heddle.bench/1',
    quick: settings === QUICK,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      pinned,
      node: process.versions.node,
      gcc: obstacle ? null : gccVersion(),
      load: { before: round(before), after: round(loadavg()[0]) },
    },
    native: {
      obstacle: obstacle || null,
      equalHashes: obstacle ? null : { toy: measured.toy.equalHashes, probe: measured.probe.equalHashes },
    },
    nativeRatio: byModel('nativeRatio'),
    linkedRatio: byModel('linkedRatio'),
    execsPerSecond: byModel('execsPerSecond'),
    nsPerPoint: { executor: costs.executor.point, native: costs.native.point },
    nsPerSwitch: { executor: costs.executor.switched, native: costs.native.switched, byDepth },
    campaignRatio,
    workersRatio,
    campaign,
    fastCheckRatio: round(executorExecsPerSecond / fastCheck, 1),
    fastCheck: { execsPerSecond: fastCheck, executorExecsPerSecond },
    profile,
    models,
    aims: aimsOf({ models, campaign, campaignRatio, workersRatio }),
  };
}

const flag = { type: 'boolean', default: false };
const values = flagsOf({ quick: flag, profile: flag, json: flag, markdown: flag, help: flag });
if (values.help) {
  console.log(HELP);
} else {
  const result = await measure(values.quick ? QUICK : FULL, values.profile);
  console.log(values.json ? JSON.stringify(result, null, 2) : render(result, values.markdown));
}
