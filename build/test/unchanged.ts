import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** What checks keep to be faster the next time; a developer who doubts it deletes it. */
export const CHECK_CACHE = join(ROOT, 'node_modules/.cache/bianmin');
/** Changes whatever is found. */
const ALWAYS = ['package-lock.json', 'package.json', 'tsconfig.base.json'];

/** What a check reads: folders and files from the root, and which of them by the end of their names. */
export interface Inputs {
  readonly under: readonly string[];
  readonly ends?: RegExp;
}

/** A digest of all that a check reads, of how it is called, and of the Node that runs it. */
export function digestOf(inputs: Inputs, args: readonly string[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.version, ...args]));
  for (const path of filesOf(inputs)) {
    hash.update(`\0${path}\0`);
    hash.update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

/** Whether a check has passed on just this. */
export function passedOn(name: string, digest: string): boolean {
  const path = stampOf(name);
  return existsSync(path) && readFileSync(path, 'utf8') === digest;
}

export function keepPassed(name: string, digest: string): void {
  const path = stampOf(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, digest);
}

const stampOf = (name: string): string => join(CHECK_CACHE, 'passed', name.replace(/\W+/g, '-'));

/** Git's files and those that it may be told of, in one order everywhere. */
function filesOf({ under, ends }: Inputs): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard', '--', ...under, ...ALWAYS], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && (ALWAYS.includes(path) || (ends?.test(path) ?? true)))
    .filter((path) => lstatSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}
