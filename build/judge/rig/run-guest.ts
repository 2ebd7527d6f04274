import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Stop } from '@bianmin/card/stop';
import { systemClock } from '@bianmin/card/node/system-clock';
import { build } from 'vite';
import { guestImage } from './guest-image.ts';
import type { HostAnswer, HostRequests } from './line.ts';
import { startQemu, type Qemu } from './qemu.ts';
import { Seats } from './seats.ts';

const GUEST = join(import.meta.dirname, 'guest/main.ts');
/** What is native, or starts processes of its own, stays where npm put it. */
const EXTERNAL = ['usb', 'node-hid', '@pokusew/pcsclite'];
const ROOT = join(import.meta.dirname, '../../..');

export interface GuestRun {
  /** For the program in the guest. */
  readonly args: readonly string[];
  readonly minutes: number;
  readonly report: (line: string) => void;
  readonly onRow: (row: Readonly<Record<string, unknown>>) => void;
}

/** Boots the guest, runs its program to the end, and hands on its rows. Fails where it does not come to its end. */
export async function runGuest({ args, minutes, report, onRow }: GuestRun): Promise<void> {
  const image = await guestImage(report);
  const home = await mkdtemp(join(tmpdir(), 'bianmin-rig-'));
  let qemu: Qemu | undefined;
  let isOver = false;
  const limit = new Stop();
  try {
    const script = await program(home, args);
    qemu = await startQemu(image, { script, home });
    const machine = qemu;
    systemClock.sleep(minutes * 60_000, limit.signal).then(
      () => machine.kill(),
      () => undefined,
    );
    const seats = await Seats.open(qemu);
    const onEnd = (): void => {
      isOver = true;
    };
    serve(qemu, { ...seats.answering, row: ({ row }) => void onRow(row), end: onEnd });
    const code = await machine.ended;
    if (isOver) return;
    const log = await readFile(join(home, 'console.log'), 'utf8').catch(() => '');
    throw new Error(`The guest ended (${code}) before its program:\n${log.slice(-4_000)}`);
  } finally {
    limit.stop();
    qemu?.kill();
    if (isOver) await rm(home, { recursive: true, force: true });
  }
}

/** The guest's program in one file: an emulated processor would compile for a minute what it is made of. */
async function program(home: string, args: readonly string[]): Promise<string> {
  const bundle = join(home, 'guest.mjs');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      ...{
        ssr: true,
        outDir: home,
        emptyOutDir: false,
        target: 'node20',
        sourcemap: 'inline',
        minify: false,
      },
      rollupOptions: {
        input: { guest: GUEST, 'reader-child': join(ROOT, 'shared/card/src/node/reader-child.ts') },
        // Beside each other: one starts the other by its name.
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-part.mjs' },
      },
    },
    ssr: { noExternal: true, external: EXTERNAL },
  });
  const script = join(home, 'job.sh');
  // What stays where npm put it is found from here.
  await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  const words = [process.execPath, '--enable-source-maps', bundle, ...args].map(quoted).join(' ');
  writeFileSync(script, `cd ${quoted(home)}\nHOME=/tmp exec ${words}\n`);
  return script;
}

type Serving = { [K in keyof HostRequests]: (request: HostRequests[K]) => unknown };

function serve({ line }: Qemu, serving: Serving): void {
  let work = Promise.resolve();
  createInterface(line).on('line', (text) => {
    const { id, ask, ...request } = JSON.parse(text) as { id: number; ask: keyof HostRequests };
    work = work.then(async () => {
      const answer = await answerOf(() => serving[ask](request as never));
      line.write(`${JSON.stringify({ id, ...answer })}\n`);
    });
  });
}

async function answerOf(work: () => unknown): Promise<Omit<HostAnswer, 'id'>> {
  try {
    return { ok: (await work()) ?? null };
  } catch (error) {
    return { error: String(error) };
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
