import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { Program } from '../../kit/process/program.ts';

/** What a real machine has in /etc/nginx/bianmin. */
export const NGINX_FOLDER = join(import.meta.dirname, '../../ship/deploy/nginx');
/** Longer than HAProxy takes to see that a process is ending (haproxy/bianmin.cfg). */
const DRAIN_MS = 6_000;

/** What web and worker need beside their usual variables where there are two of each behind a proxy. */
export function nodeEnvironment(queueUrl: string): Readonly<Record<string, string>> {
  return { TRUSTED_PROXIES: '1', DRAIN_MS: String(DRAIN_MS), REDIS_QUEUE_URL: queueUrl };
}

export interface ProxyInit {
  /** The stack's folder; nginx has `nginx/` in it. */
  readonly dir: string;
  readonly port: number;
  /** HAProxy's port, on the loopback. */
  readonly balancer: number;
  /** Addresses of what stands before nginx, whose word about a client's address it takes; absent: none's. */
  readonly beforeProxy?: readonly string[];
  /** More lines for `http {}`. */
  readonly more?: string;
  /** In place of the shipped files: a folder of the same names. */
  readonly folder?: string;
}

const proxyFolder = (dir: string): string => join(dir, 'nginx');

/**
 * Writes a main file for nginx that differs from the real one (nginx.conf) in paths, ports and TLS alone: everything else is
 * included from the same files.
 */
export async function configureProxy({
  dir,
  port,
  balancer,
  beforeProxy = [],
  more = '',
  folder: files = NGINX_FOLDER,
}: ProxyInit): Promise<void> {
  const folder = proxyFolder(dir);
  await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  // Includes are looked for beside the main file.
  await rm(join(folder, 'bianmin'), { recursive: true, force: true });
  await symlink(files, join(folder, 'bianmin'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const lines = [
    // Root may read the folder, which is its alone; for anybody else nginx has no say in it.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 2;',
    `pid ${quoted(join(folder, 'nginx.pid'))};`,
    'error_log stderr notice;',
    'worker_shutdown_timeout 11m;',
    'events { worker_connections 4096; }',
    'http {',
    'include bianmin/http.conf;',
    `access_log ${quoted(join(folder, 'access.log'))} bianmin;`,
    ...temporary.map((name) => `${name}_temp_path ${quoted(join(folder, 'tmp', name))};`),
    'upstream bianmin_web {',
    `server 127.0.0.1:${balancer};`,
    'include bianmin/upstream.conf;',
    '}',
    ...beforeProxy.map((address) => `set_real_ip_from ${address};`),
    ...(beforeProxy.length === 0 ? [] : ['include bianmin/realip.conf;']),
    `server { listen 127.0.0.1:${port}; include bianmin/site.conf; }`,
    more,
    '}',
  ];
  await writeFile(join(folder, 'nginx.conf'), `${lines.join('\n')}\n`);
}

/** Starts nginx on what `configureProxy` wrote there. A SIGHUP makes it read that again. */
export async function startProxy(init: {
  dir: string;
  signal?: AbortSignal;
  /** Told of a start that takes long. */
  progress?: (line: string) => void;
}): Promise<{ program: Program; match: RegExpExecArray }> {
  const command = findCommand('nginx');
  if (command === undefined) throw new Error('There is no nginx. Install it (Debian: nginx).');
  const folder = proxyFolder(init.dir);
  return Program.start({
    name: 'nginx',
    command,
    args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
    ready: /start worker process \d+/,
    log: join(init.dir, 'nginx.log'),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
    ...(init.progress === undefined ? {} : { progress: init.progress }),
  });
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/gu, '\\$&')}"`;
}
