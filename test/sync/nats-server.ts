/** A real nats-server on a free port, with a folder of its own; killed and started again as tests please. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOUND = !spawnSync('nats-server', ['--version']).error;

/** Tests that need it are skipped where it is missing, and say so. */
export const HAS_NATS = FOUND;
if (!FOUND)
  console.warn(
    '\nSKIPPED: everything that needs a hub. nats-server is missing (Debian: apt-get install nats-server).\n',
  );

export class NatsServer {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly flags: readonly string[],
  ) {}

  /** Not started yet. */
  static async create(...flags: string[]): Promise<NatsServer> {
    return new NatsServer(await freePort(), mkdtempSync(join(tmpdir(), 'heddle-nats-')), flags);
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<this> {
    const args = ['-js', '-sd', this.folder, '-a', '127.0.0.1', '-p', String(this.port), ...this.flags];
    const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('Server is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(`nats-server ended:\n${log}`)));
    });
    return this;
  }

  /** kill -9. What it has stored stays. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Its disk is lost: it must not run. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** It keeps its connections and answers nothing, until it goes on. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }
  goOn(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
