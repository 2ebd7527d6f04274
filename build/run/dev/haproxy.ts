import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { Program } from '../../kit/process/program.ts';

/** What a real machine has in /etc/haproxy/bianmin. */
const HAPROXY_FOLDER = join(import.meta.dirname, '../../ship/deploy/haproxy');

export interface BalancerInit {
  /** Its log is there. */
  readonly dir: string;
  /** Its own port, on the loopback. */
  readonly port: number;
  /** Of one or two web processes. */
  readonly webs: readonly number[];
  readonly signal?: AbortSignal;
  /** Told of a start that takes long. */
  readonly progress?: (line: string) => void;
}

/** The variables of the shipped file (haproxy.env). */
export function balancerEnvironment(port: number, webs: readonly number[]): Record<string, string> {
  const address = (at: number): string => `127.0.0.1:${at}`;
  const numbered = webs.map((web, index) => [`BIANMIN_WEB_${index + 1}`, address(web)] as const);
  return { BIANMIN_BALANCER: address(port), ...Object.fromEntries(numbered) };
}

/** Starts HAProxy on the shipped file, between nginx and these web processes. */
export async function startBalancer(
  init: BalancerInit,
): Promise<{ program: Program; match: RegExpExecArray }> {
  const { dir, port, webs, signal, progress } = init;
  return startHaproxy({ dir, env: balancerEnvironment(port, webs), ...optional(signal, progress) });
}

/** The same by its variables. */
export async function startHaproxy(init: {
  dir: string;
  env: Readonly<Record<string, string>>;
  /** Of its file; the shipped one where absent. */
  folder?: string;
  signal?: AbortSignal;
  progress?: (line: string) => void;
}): Promise<{ program: Program; match: RegExpExecArray }> {
  const command = findCommand('haproxy');
  if (command === undefined) throw new Error('There is no HAProxy. Install it (Debian: haproxy).');
  return Program.start({
    name: 'haproxy',
    command,
    // A master that says when its worker runs.
    args: ['-W', '-db', '-f', join(init.folder ?? HAPROXY_FOLDER, 'bianmin.cfg')],
    env: { PATH: process.env['PATH'], ...init.env },
    ready: /Loading success/,
    log: join(init.dir, 'haproxy.log'),
    ...optional(init.signal, init.progress),
  });
}

function optional(
  signal: AbortSignal | undefined,
  progress: ((line: string) => void) | undefined,
): { signal?: AbortSignal; progress?: (line: string) => void } {
  return { ...(signal === undefined ? {} : { signal }), ...(progress === undefined ? {} : { progress }) };
}
