import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes/hex.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { COMMAND_NAMES } from './args.ts';
import { EXIT } from './exit.ts';
import { FakeIo } from './fake-io.ts';
import { ioWith } from './kept-card-io.ts';
import type { OpenReaders } from './readers.ts';

/** What `--json` promises: one value on standard output whatever happens, and the documented end. */

const sample = () => samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
const OLD = toHex(sample().codes[0]?.code ?? new Uint8Array());

/** An io with a card that stays, and the files that the lines below name. */
async function prepared(): Promise<FakeIo> {
  const io = ioWith(sample());
  const saved = async (name: string, line: string): Promise<void> => {
    io.saved.set(name, (await io.run(line)).out);
  };
  await saved('a', 'dump --simulate SLE4442:1 --json');
  io.saved.set('b', (await new FakeIo().run('dump --simulate CPU:1 --json')).out);
  await io.run('record card.json --simulate SLE4442:1');
  const card = io.saved.get('card.json') ?? '';
  io.saved.set('bent.json', card.replace('"FFB00000FF", "A2', '"FFB00000FF", "A3'));
  io.saved.set('deviates.json', card.replace('"FFB1000004"', '"FFB1000003"'));
  io.saved.set('plan.json', JSON.stringify(sample().plan));
  io.saved.set('other.json', JSON.stringify({ ...sample().plan, serial: '0011223344556677' }));
  io.saved.set('codes.json', JSON.stringify({ old: OLD, new: 'A1B2C3' }));
  io.saved.set('wrong.json', JSON.stringify({ old: 'A1B2C3', new: OLD }));
  return io;
}

const CARD = '--simulate SLE4442:1';
const SURE = '--yes --i-know-it-can-brick';
/** A command line for each way in which each command ends. */
const LINES: readonly (readonly [line: string, end: number])[] = [
  ['help', 0],
  ['frobnicate', 2],
  [`readers ${CARD}`, 0],
  ['readers --via bluetooth', 2],
  ['readers --via usb', 3],
  [`identify ${CARD}`, 0],
  ['identify --simulate SLE9999', 2],
  ['identify --via usb', 3],
  ['identify --via hid', 4],
  [`dump ${CARD}`, 0],
  ['dump file', 2],
  ['dump --via usb', 3],
  ['dump --via hid', 4],
  ['diff a a', 0],
  ['diff a b', 1],
  ['diff a nowhere', 2],
  [`record new.json ${CARD}`, 0],
  ['record', 2],
  ['record new.json --via usb', 3],
  ['record new.json --via hid', 4],
  ['replay card.json', 0],
  ['replay bent.json', 1],
  ['replay nowhere.json', 2],
  ['replay deviates.json', 4],
  [`write --plan plan.json ${CARD}`, 0],
  [`write --plan plan.json --yes ${CARD}`, 0],
  [`write ${CARD}`, 2],
  ['write --plan plan.json --via usb', 3],
  [`write --plan other.json --yes ${CARD}`, 4],
  [`change-code --codes codes.json ${CARD}`, 0],
  [`change-code --codes codes.json ${SURE} ${CARD}`, 0],
  [`change-code ${CARD}`, 2],
  ['change-code --codes codes.json --via usb', 3],
  [`change-code --codes wrong.json ${SURE} ${CARD}`, 4],
  ['doctor', 1],
  ['doctor --frob', 2],
  ['models', 0],
  ['watch file', 2],
  [`accept new.json ${CARD}`, 0],
  ['accept new.json --via hid', 1],
  ['accept', 2],
  ['accept new.json --via usb', 3],
];

/** Over USB there is no reader; over HID there is one with a card of no known kind. */
function withOtherWays(io: FakeIo): void {
  const open = io.openReaders;
  const { card, ...others } = sample();
  const powerOn = card.powerOn.bind(card);
  card.powerOn = () => powerOn() && Uint8Array.of(0x3b, 0x04, 1, 2, 3, 4);
  const odd = ioWith({ card, ...others });
  const nothing = { faults: [], slots: () => [], onChange: () => () => undefined };
  io.openReaders = async (choice) => {
    if (choice.via === 'usb') return { ...nothing, close: () => Promise.resolve() };
    return choice.via === 'hid' ? odd.openReaders({ simulate: { chip: 'SLE4442', seed: 1 } }) : open(choice);
  };
}

describe('with --json', () => {
  it.each(LINES)('`%s` prints one value and ends with %i', async (line, end) => {
    const io = await prepared();
    withOtherWays(io);
    const { code, out, err } = await io.run(`${line} --json`);
    // A person is led beside what the program reads.
    const led = line.startsWith('accept new') && end < EXIT.usage;
    expect({ code, err }).toEqual({ code: end, err: led ? err : '' });
    const value = JSON.parse(out) as { error?: { code: string; message: string } };
    if (end === EXIT.usage || end === EXIT.refused) {
      expect(value.error?.code).toMatch(/^[a-z-]+\.[a-z-]+$/);
      expect(value.error?.message).toMatch(/[.!]$/);
    }
  });

  it.each(COMMAND_NAMES.filter((name) => !['diff', 'replay', 'doctor', 'models', 'watch'].includes(name)))(
    '%s keeps its value where the reader cannot be closed, and says on the side that it could not',
    async (command) => {
      const io = await prepared();
      const open = io.openReaders;
      io.openReaders = async (choice) => {
        const readers = await open(choice);
        const close: OpenReaders['close'] = () => Promise.reject(new Error('already borrowed'));
        return { ...readers, close };
      };
      const [line = ''] = LINES.find(([each, end]) => end === 0 && each.startsWith(`${command} `)) ?? [];
      const { code, out, err } = await io.run(`${line} --json`);
      expect(code).toBe(0);
      expect(JSON.parse(out)).not.toHaveProperty('error');
      expect(err).toContain('already borrowed');
    },
  );

  it('tells why a command failed, not why its reader could not be closed after it', async () => {
    const io = await prepared();
    const open = io.openReaders;
    io.openReaders = async (choice) => ({
      ...(await open(choice)),
      close: () => Promise.reject(new Error('already borrowed')),
    });
    const { code, out } = await io.run(`write --plan other.json --yes ${CARD} --json`);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'meter-card.other-card' } });
  });

  it.each(COMMAND_NAMES.filter((name) => !['diff', 'replay', 'doctor', 'models'].includes(name)))(
    '%s ends with 70 and one value where the tool itself is at fault',
    async (command) => {
      const io = await prepared();
      io.openReaders = () => Promise.reject(new Error('no such thing\n    at somewhere'));
      const file = ['record', 'accept'].includes(command) ? ' new.json' : '';
      const { code, out, err } = await io.run(`${command}${file} --json`);
      expect({ code, err }).toEqual({ code: 70, err: '' });
      expect(JSON.parse(out)).toEqual({ error: { code: 'fault', message: 'no such thing' } });
    },
  );
});

describe('the table of ends in docs/card-tool.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/card-tool.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) +\| [^|]+ \| ([^|]+) \|$/gmu)].map(
    ([, end, commands = '']) => [Number(end), commands.trim()] as const,
  );

  it('has each end once', () => {
    expect(rows.map(([end]) => end)).toEqual([...Object.values(EXIT), 130]);
  });

  it('names the commands that end so', () => {
    for (const [end, commands] of rows) {
      if (end >= 70 || commands === 'every command') continue;
      const tried = LINES.filter(([, each]) => each === end).map(([line]) => line.split(' ')[0]);
      expect({ end, commands: [...new Set(tried)].join(', ') }).toEqual({ end, commands });
    }
  });
});
