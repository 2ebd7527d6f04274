import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/**
 * What the bootstrap asks of a machine; tests give their own.
 *
 * @typedef {object} Machine
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {(command: string) => boolean} hasCommand whether a program is on the PATH or in a sbin folder
 * @property {(path: string) => boolean} hasFile whether a file is there; the last part may end with `*`
 * @property {string} home
 */

// Daemons live in sbin, which is not on everybody's PATH.
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Where a program is, or nothing.
 *
 * @param {string} command
 * @returns {string | undefined}
 */
export function findCommand(command) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SBIN];
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/**
 * Where the first of these lies that is there.
 *
 * @param {readonly string[]} commands
 */
export function findFirstCommand(commands) {
  return commands.map(findCommand).find((found) => found !== undefined);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} path */
function hasFile(path) {
  if (!path.endsWith('*')) return existsSync(path);
  const cut = path.lastIndexOf('/');
  const [folder, start] = [path.slice(0, cut), path.slice(cut + 1, -1)];
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(start));
}

/** @type {Machine} */
export const onMachine = {
  env: process.env,
  hasCommand: (command) => findCommand(command) !== undefined,
  hasFile,
  home: homedir(),
};
