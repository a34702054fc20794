/** `heddle verify` on one scene, as a user runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Largest resident size of the process, in KiB, told as it ends. */
const TELL = "process.on('exit', () => process.stderr.write('\\nmaxrss=' + process.resourceUsage().maxRSS + '\\n'))";

export const HEDDLE_WAYS = [
  { label: 'heddle verify', reduced: true, flags: [] },
  { label: 'heddle verify --no-reduction', reduced: false, flags: ['--no-reduction'] },
];

/** One search that goes on after findings. @throws Error if it was cut: a figure of it would say nothing */
export function runHeddle(scene, way) {
  const outDir = mkdtempSync(join(tmpdir(), 'heddle-peers-'));
  const design = scene.design ? ['--design', scene.design] : [];
  const settings = [
    '--scene',
    scene.scene,
    ...design,
    '--memory',
    scene.memory,
    '--all',
    '--jobs',
    '1', // SPIN has one thread as well, and counts must repeat
    '--out',
    outDir,
    '--json',
    '--quiet',
  ];
  const command = ['dist/cli/main.js', 'verify', scene.model, ...settings, ...way.flags];
  try {
    const begin = performance.now();
    const { stdout, stderr, error } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`, ...command],
      { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    const wallMs = performance.now() - begin;
    if (error) throw error;
    if (!stdout.trim()) throw new Error(`${scene.name}, ${way.label}: no result\n${stderr}`);
    const result = JSON.parse(stdout);
    if (!result.exhausted) throw new Error(`${scene.name}, ${way.label}: not exhausted: ${result.cut}`);
    return {
      searchMs: result.exhaustMs,
      reportMs: result.elapsedMs - result.exhaustMs,
      prepareMs: wallMs - result.elapsedMs,
      states: result.states,
      transitions: result.transitions,
      depth: result.depthMax,
      memoryMB: Number(/maxrss=(\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024,
      verdict: result.verdict,
      kinds: [...new Set(result.findings.map((finding) => finding.kind))].sort(),
    };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
