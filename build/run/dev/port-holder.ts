import { readdir, readFile, readlink } from 'node:fs/promises';
import { runToEnd } from '../../kit/process/run-to-end.ts';

/** A program that listens somewhere. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

const LISTENS = '0A';

/** Which process listens at a port, where that can be known: another user's is shown to root alone. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  return process.platform === 'linux' ? holderInProc(port) : holderByLsof(port);
}

async function holderInProc(port: number): Promise<PortHolder | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of fds) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (!inodes.has(target)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return { pid: Number(pid), name: name.trim() };
    }
  }
  return undefined;
}

/** As the links of /proc/PID/fd name them. */
async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  );
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = tables.flatMap((text) => text.split('\n').map((line) => line.trim().split(/\s+/)));
  return new Set(
    rows
      .filter(([, local, , state]) => local?.endsWith(end) === true && state === LISTENS)
      .map((row) => `socket:[${row[9] ?? ''}]`),
  );
}

async function holderByLsof(port: number): Promise<PortHolder | undefined> {
  const { code, output } = await runToEnd('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const [, pid, name] = /^p(\d+)\nc(.+)$/m.exec(output) ?? [];
  return code !== 0 || pid === undefined || name === undefined ? undefined : { pid: Number(pid), name };
}
