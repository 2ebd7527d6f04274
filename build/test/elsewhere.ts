import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../kit/process/run-to-end.ts';
import { closingLine, sum, table, tallyVitest, type Tally } from '../kit/tally.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Longer than a name of a Unix socket may be, and with what a shell takes apart. */
const LONG = `a home with spaces & an apostrophe's worth of ${'very '.repeat(35)}long names`;

/** A machine that is set up unlike the one on which the tests were written. */
interface Machine {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly umask: string;
  /** No font is installed, and the checkout lies in a folder with a space. */
  readonly bare: boolean;
}

const MACHINES: readonly Machine[] = [
  {
    name: 'Turkish, 14 hours ahead, nobody else may read',
    env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    umask: '077',
    bare: false,
  },
  {
    name: 'no language, 3½ hours behind, everybody may write, no font',
    env: { TZ: 'America/St_Johns', LANG: '', LC_ALL: 'C' },
    umask: '000',
    bare: true,
  },
];

/**
 * Runs its arguments with no font and the checkout bound to another place, in mounts of its own: `$FOLDER` is an empty folder.
 * Only root may mount.
 */
const BARE = `set -e
for fonts in /usr/share/fonts /usr/local/share/fonts; do
  if [ -d "$fonts" ]; then mount -t tmpfs none "$fonts"; fi
done
mkdir "$FOLDER/the check out"
mount --bind "$PWD" "$FOLDER/the check out"
cd "$FOLDER/the check out"
exec "$0" "$@"`;

/** The sensitive tests on each machine, and a closing line. */
async function main(): Promise<void> {
  const tallies: Tally[] = [];
  for (const machine of MACHINES) {
    process.stdout.write(`\n== ${machine.name}\n`);
    tallies.push(await runOn(machine));
  }
  const total = sum('all', tallies);
  process.stdout.write(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function runOn({ name, env, umask, bare }: Machine): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-elsewhere-'));
  try {
    const home = join(folder, LONG);
    const places = { HOME: home, TMPDIR: join(home, 'tmp'), XDG_CACHE_HOME: join(home, 'cache') };
    for (const place of Object.values(places)) await mkdir(place, { recursive: true });
    const noFonts = join(folder, 'no-fonts.conf');
    await writeFile(noFonts, '<?xml version="1.0"?>\n<fontconfig></fontconfig>\n');
    const report = join(folder, 'vitest.json');
    const vitest = [
      ...[process.execPath, 'node_modules/vitest/vitest.mjs', 'run'],
      ...['--config', 'build/test/elsewhere.config.ts'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ];
    const command = ['sh', '-c', `umask ${umask}; exec "$0" "$@"`, ...vitest];
    const mounts = bare && (await mayMount());
    if (bare && !mounts) process.stdout.write('Only root may mount: fonts are hidden by fontconfig alone.\n');
    const [program = '', ...args] = mounts ? ['unshare', '-m', 'sh', '-c', BARE, ...command] : command;
    const { code, ms } = await runToEnd(program, args, {
      cwd: ROOT,
      env: {
        ...{ ...process.env, ...env, ...places, FOLDER: folder },
        ...(bare ? { FONTCONFIG_FILE: noFonts } : {}),
      },
      onOutput: (text) => process.stdout.write(text),
    });
    return tallyVitest({ name, report: await readFile(report, 'utf8').catch(() => null), code, ms });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function mayMount(): Promise<boolean> {
  const { code } = await runToEnd('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt']);
  return code === 0;
}

await main();
