import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  closeSync,
} from 'node:fs';
import { extname, join, parse } from 'node:path';

/** Puts an installer's release in the place of the one that runs. Fails with the system's own error. */
export interface Replacement {
  replaceBy(installer: string): void;
  /** Whether the new release is started by the installer; otherwise by what starts us. */
  readonly starts: boolean;
}

/** An AppImage is its own installer: the file is replaced, in one step. */
export function appImageReplacement(appImage: string): Replacement {
  return {
    replaceBy: (installer) => {
      copyDurably(installer, appImage);
      chmodSync(appImage, 0o755);
    },
    starts: false,
  };
}

/** The arguments that electron-updater gives an NSIS installer: quiet, and the kiosk starts afterwards. */
const NSIS_ARGS = ['--updated', '/S', '--force-run'];

export function nsisReplacement(
  start: (file: string, args: readonly string[]) => void = startDetached,
): Replacement {
  return {
    replaceBy: (installer) => {
      start(installer, NSIS_ARGS);
    },
    starts: true,
  };
}

function startDetached(file: string, args: readonly string[]): void {
  spawn(file, args, { detached: true, stdio: 'ignore' }).unref();
}

/** Installers that are kept in the data folder, a file a release: what a bad release falls back to. */
export class KeptInstallers {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'installers');
  }

  /** The installer of a release, where it is kept. */
  find(version: string): string | undefined {
    const name = this.#names().find((found) => parse(found).name === version);
    return name === undefined ? undefined : join(this.#folder, name);
  }

  /** Copies an installer in, synced. Fails with `TypeError` for what is no version: it becomes a file's name. */
  keep(version: string, installer: string): void {
    if (!/^\d[\w.+-]*$/.test(version)) throw new TypeError('A release’s number cannot be a file’s name.');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    copyDurably(installer, join(this.#folder, `${version}${extname(installer)}`));
  }

  /** Removes the installers of all other releases. */
  keepOnly(versions: readonly string[]): void {
    for (const name of this.#names()) {
      if (!versions.includes(parse(name).name)) rmSync(join(this.#folder, name));
    }
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }
}

/** Copies beside the place, syncs and renames: after a power cut there is the old file or the new one. */
function copyDurably(from: string, to: string): void {
  const temporary = `${to}.tmp`;
  copyFileSync(from, temporary);
  const file = openSync(temporary, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, to);
}
