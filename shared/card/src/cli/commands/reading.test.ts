import { describe, expect, it } from 'vitest';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { samplePurchase } from '../../testing/sample-purchase.ts';
import { FakeIo, holds } from '../fake-io.ts';
import { dumpSchema } from '../dump-form.ts';
import { SIMULATED } from '../simulator.ts';

const json = (text: string): unknown => JSON.parse(text);

describe.each(SIMULATED)('reading a simulated %s', (chip) => {
  const options = `--simulate ${chip}:3`;
  const { codes } = samplePurchase(chip, { cipher: tripleDes, seed: 3 });

  it('identifies it by its answer to reset, with all tries left', async () => {
    const { code, out } = await new FakeIo().run(`identify ${options} --json`);
    expect(code).toBe(0);
    const found = json(out) as { chip: string; tries: { left: number; full: number }[] };
    expect(found).toMatchObject({ chip });
    expect(found.tries.every(({ left, full }) => left === full && full > 1)).toBe(true);
    expect(found.tries.length > 0).toBe(chip !== 'CPU');
  });

  it('dumps it with the meter’s files, numbers masked', async () => {
    const { code, out } = await new FakeIo().run(`dump ${options} --json`);
    expect(code).toBe(0);
    const dump = dumpSchema.parse(json(out));
    const whole = dump.zones.every(({ data, length, unreadable }) =>
      data === undefined ? unreadable === 'chip.unreadable' : data.length === length * 2,
    );
    expect(whole).toBe(true);
    expect(dump.meter?.parameters).toMatchObject({ meterNo: expect.stringMatching(/^••••\d{4}$/) as string });
    expect(dump.meter?.returnData).toMatchObject({ count: dump.meter?.purse.count });
  });

  it.each(['en', 'zh-CN'])('shows it to a person (%s)', async (lang) => {
    const { code, out } = await new FakeIo().run(`dump ${options} --lang ${lang}`);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}0000 {2}[0-9A-F]{2} /m);
    expect(out).not.toMatch(/\{\w+\}/);
  });

  it('records it, and the recording plays back to the same dump', async () => {
    const io = new FakeIo();
    expect(await io.run(`record card.json ${options} --by tester`)).toMatchObject({ code: 0, err: '' });
    expect(json(io.saved.get('card.json') ?? '')).toMatchObject({
      format: 'bianmin-transcript/1',
      provenance: { chip, driven: 'simulated', model: 'acr38u-ccid', date: '2026-01-15', by: 'tester' },
    });
    const { code, out } = await io.run('replay card.json --json');
    expect(code).toBe(0);
    expect(json(out)).toMatchObject({ same: true, chip });
  });

  it('lets no code of the card out, whatever is asked', async () => {
    const io = new FakeIo();
    for (const line of [`identify`, `dump`, `dump --json`, `record card.json`, `readers`]) {
      expect((await io.run(`${line} ${options}`)).code).toBe(0);
    }
    await io.run('replay card.json');
    await io.run('diff card.json card.json');
    for (const { code } of codes) expect(holds(io.everything, code)).toBe(false);
    expect(codes.length > 0).toBe(chip !== 'CPU');
  });
});

describe('what is said of a card that was spoiled', () => {
  it('warns of lost tries and of a locked code', async () => {
    for (const [left, words] of [
      [2, 'only 2 of 3 tries left'],
      [0, 'locked for ever'],
    ] as const) {
      const io = new FakeIo();
      const open = io.openReaders;
      io.openReaders = async (choice) => {
        const readers = await open(choice);
        readers.sample?.card.setTriesLeft(left);
        return readers;
      };
      expect((await io.run('identify --simulate SLE4442')).out).toContain(words);
    }
  });
});

describe('diff', () => {
  it('finds two cards different, by zone and run, and a dump the same as itself', async () => {
    const io = new FakeIo();
    io.saved.set('a', (await io.run('dump --simulate SLE4442:1 --json')).out);
    io.saved.set('b', (await io.run('dump --simulate SLE4442:2 --json')).out);
    const { code, out } = await io.run('diff a b');
    expect(code).toBe(1);
    expect(out).toMatch(/^main: \d+ changed run\(s\)\n {2}00[0-9A-F]{2} {2}- /);
    expect(await io.run('diff a a')).toMatchObject({ code: 0, out: 'The same.' });
    expect(json((await io.run('diff a b --json')).out)).toMatchObject({ same: false, sameChip: true });
  });

  it('tells another chip, and zones of one alone', async () => {
    const io = new FakeIo();
    io.saved.set('a', (await io.run('dump --simulate SLE4442 --json')).out);
    io.saved.set('b', (await io.run('dump --simulate CPU --json')).out);
    const { code, out } = await io.run('diff a b');
    expect(code).toBe(1);
    expect(out).toContain('The chips are not the same.');
    expect(out).toContain('main: read in the first alone');
    expect(out).toContain('Code PSC: tries left 3, then –');
  });
});

describe('replay', () => {
  it('finds a recording whose answer was bent different, and names the zone', async () => {
    const io = new FakeIo();
    await io.run('record card.json --simulate SLE4442:1');
    const text = io.saved.get('card.json') ?? '';
    const bent = text.replace('"FFB00000FF", "A2', '"FFB00000FF", "A3');
    expect(bent).not.toBe(text);
    io.saved.set('card.json', bent);
    const { code, out } = await io.run('replay card.json');
    expect(code).toBe(1);
    expect(out).toContain(
      'The dump is not the recorded one:\nmain: 1 changed run(s)\n  0000  - A2\n        + A3',
    );
  });

  it('shows of the reader that a recording names nothing that a terminal obeys', async () => {
    const io = new FakeIo();
    await io.run('record card.json --simulate SLE4442:1');
    const text = io.saved.get('card.json') ?? '';
    io.saved.set('card.json', text.replace(/"reader": "[^"]*"/u, '"reader": "\\u001b[2Jred"'));
    const { code, out } = await io.run('replay card.json');
    expect(code).toBe(0);
    expect(out).toContain('[2Jred');
    expect(out).not.toContain('\u001b');
  });

  it('refuses one whose commands are not the driver’s', async () => {
    const io = new FakeIo();
    await io.run('record card.json --simulate SLE4442:1');
    io.saved.set('card.json', (io.saved.get('card.json') ?? '').replace('"FFB1000004"', '"FFB1000003"'));
    expect(await io.run('replay card.json')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[transcript.deviates]') as string,
    });
  });
});
