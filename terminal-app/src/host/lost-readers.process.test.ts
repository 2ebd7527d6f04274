import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';
import type { Readers } from '@bianmin/card/reader/readers';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { lendReader, type LentReader } from '@bianmin/card/testing/node/lent-reader';
import { atApdu } from '@bianmin/card/testing/node/sim-slots-rig';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import { samplePurchase, type SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { writePurchase } from '@bianmin/card/testing/write-purchase';
import { openChildSlots } from '@bianmin/card/node/child-slots';
import { forkProgram } from '@bianmin/card/node/reader-fork';
import { systemClock } from '@bianmin/card/node/system-clock';

const PROGRAM = join(import.meta.dirname, '../../../shared/card/src/testing/node/sandbox-reader-child.ts');
/** More visits to one card than one loss and one false alarm of a busy machine need. */
const MOST_TRIES = 8;

/** SIGUSR2 lets the program spin. */
interface Loss {
  readonly signal: 'SIGSEGV' | 'SIGSTOP' | 'SIGUSR2';
  readonly when: 'before' | 'after';
}

/** A reader that goes on when the program that has it is killed; the program reaches it through a socket. */
const reader = new SimulatedReader({ clock: systemClock, level: 'tpdu' });
const pids: (number | undefined)[] = [];
let lent: LentReader;
let readers: Readers;
let folder: string;

/** The program in one file: it is started so often that compiling it would be most of the work. */
async function bundled(): Promise<string> {
  // Where packages are found.
  const dist = join(import.meta.dirname, '../../dist');
  await mkdir(dist, { recursive: true });
  folder = await mkdtemp(join(dist, 'lost-readers-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ...{ ssr: PROGRAM, outDir: folder, target: 'node20', minify: false },
      rollupOptions: { output: { entryFileNames: 'child.mjs', inlineDynamicImports: true } },
    },
    ssr: { noExternal: true, external: ['ws'] },
  });
  return join(folder, 'child.mjs');
}

beforeAll(async () => {
  const program = await bundled();
  reader.attach();
  lent = await lendReader({ attach: () => reader.reopen() });
  const { url } = lent;
  readers = await openChildSlots({
    clock: systemClock,
    start: () => {
      const child = forkProgram(program, [url]);
      pids.push(child.pid);
      return child;
    },
    onFault: () => undefined,
    pauseMs: () => 20,
    pulse: { everyMs: 100, misses: 10 },
  });
});

afterAll(async () => {
  await readers.close();
  lent.close();
  await rm(folder, { recursive: true });
});

/** The slot, once a process drives it. */
async function slot(): Promise<CardSlot> {
  for (;;) {
    const [found] = readers.slots();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      const off = readers.onChange(() => {
        off();
        resolve();
      });
    });
  }
}

/**
 * Writes a purchase, in as many visits as it takes, while the process gets a signal in APDU `n`; false where there were no so many
 * APDUs. The meter judges.
 */
async function survives(chip: MeterChip, n: number, { signal, when }: Loss): Promise<boolean> {
  const { card, meter, amountFen, ...purchase } = samplePurchase(chip, { cipher: tripleDes, seed: n });
  const what = `${signal} ${when} APDU ${n}`;
  const journal = new MemoryJournal();
  const before = pids.length;
  const counted = atApdu(card, { n, when, act: () => void process.kill(pids.at(-1) ?? 0, signal) });
  await slot();
  reader.insert(card);
  for (let tries = 1; !(await isWritten(purchase, journal)); tries++) {
    expect(tries, what).toBeLessThan(MOST_TRIES);
  }
  expect((await journal.list()).map(({ phase }) => phase)).toEqual(['written']);
  reader.eject();
  expect(meter.insert(card).creditedFen, what).toBe(amountFen);
  expect(meter.insert(card).creditedFen, what).toBe(0);
  const isLost = n < counted.apdus;
  if (isLost) expect(pids.length, what).toBeGreaterThan(before);
  return isLost;
}

async function isWritten(
  purchase: Pick<SamplePurchase, 'plan' | 'authorise' | 'layout'>,
  journal: MemoryJournal,
): Promise<boolean> {
  try {
    await writePurchase(await slot(), purchase, { journal, clock: systemClock });
    return true;
  } catch {
    return false;
  }
}

describe('the process that drives readers', () => {
  // Each APDU is of one test: what is started so often takes long on a busy machine.
  it.each([
    ['CPU', 0, { signal: 'SIGSEGV', when: 'before' }],
    ['CPU', 1, { signal: 'SIGSEGV', when: 'after' }],
    ['CPU', 0, { signal: 'SIGSTOP', when: 'after' }],
    ['CPU', 1, { signal: 'SIGUSR2', when: 'before' }],
    ['SLE4442', 0, { signal: 'SIGSEGV', when: 'after' }],
    ['SLE4442', 1, { signal: 'SIGSEGV', when: 'before' }],
  ] as const)(
    'is lost at every second APDU of a write to a %s card, from %i on, by %o: it is credited once',
    async (chip, first, loss) => {
      let n = first;
      while (await survives(chip, n, loss)) n += 2;
      expect(n).toBeGreaterThan(5);
    },
  );
});
