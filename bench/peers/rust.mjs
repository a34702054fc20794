/** Shuttle and Loom: a Rust program (rust/), built once and run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('rust', import.meta.url));
const TARGET = join(tmpdir(), 'heddle-peers-rust');

/** cargo of the path, or where rustup puts it; null if there is none. */
function cargo() {
  const candidates = ['cargo', join(homedir(), '.cargo/bin/cargo')];
  return candidates.find((file) => !spawnSync(file, ['--version'], { stdio: 'ignore' }).error) ?? null;
}

/** Builds the program. Answers its path, or why there is none. */
export function buildRust() {
  const tool = cargo();
  if (!tool) return { obstacle: 'cargo is missing: install Rust (https://rustup.rs)', program: null };
  const args = ['build', '--release', '--locked', '--quiet'];
  const { status, stderr } = spawnSync(tool, args, {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: TARGET },
  });
  const program = join(TARGET, 'release/heddle-peers');
  if (status !== 0 || !existsSync(program)) {
    const lines = (stderr ?? '').trim().split('\n');
    return { obstacle: `cargo cannot build bench/peers/rust: ${lines.slice(0, 3).join(' ')}`, program: null };
  }
  return { obstacle: '', program };
}

/** One measurement for each tool and program: { tool, program, results, execsPerSecond }. @throws Error if the program fails */
export function runRust(program, trials, executions, rateMs) {
  const args = [trials, executions, rateMs].map(String);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench/peers/rust ended with ${status}: ${(stderr ?? '').slice(-2000)}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
