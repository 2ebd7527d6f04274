import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { System } from './doctor/system.ts';

const RUN_MS = 2_000;

/** The machine itself. */
export function nodeSystem(): System {
  const names = { user: namesIn('/etc/passwd'), group: namesIn('/etc/group') };
  return {
    platform: platformOf(process.platform),
    node: process.versions.node,
    list: (path) => attempt(() => readdirSync(path)) ?? [],
    text: (path) => attempt(() => readFileSync(path, 'utf8')),
    link: (path) => attempt(() => readlinkSync(path)),
    stat: (path) =>
      attempt(() => {
        const { mode, uid, gid } = statSync(path);
        return { mode: mode & 0o7777, uid, gid };
      }),
    writable: (path) =>
      attempt(() => {
        accessSync(path, constants.R_OK | constants.W_OK);
        return true;
      }) ?? false,
    run: (program, args) =>
      new Promise((resolve) => {
        execFile(program, [...args], { timeout: RUN_MS }, (error, stdout) => {
          resolve(error !== null && error.code === 'ENOENT' ? undefined : stdout);
        });
      }),
    loads: async (name) => {
      try {
        await import(name);
        return true;
      } catch (error) {
        return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/gu, ' ');
      }
    },
    user: () => {
      const { username, uid } = userInfo();
      const groups = (process.getgroups?.() ?? []).map((gid) => names.group.get(gid) ?? String(gid));
      return { name: username, uid, groups };
    },
    nameOf: (kind, id) => names[kind].get(id),
  };
}

function platformOf(platform: NodeJS.Platform): System['platform'] {
  return platform === 'linux' || platform === 'win32' || platform === 'darwin' ? platform : 'other';
}

/** Name and number are the first and third field of both files. */
function namesIn(path: string): Map<number, string> {
  const text = attempt(() => readFileSync(path, 'utf8')) ?? '';
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [name, , id] = line.split(':');
      return name === undefined || id === undefined ? [] : [[Number(id), name]];
    }),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
