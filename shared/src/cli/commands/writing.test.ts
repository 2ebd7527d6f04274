import { describe, expect, it } from 'vitest';
import { toHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { samplePurchase, type SamplePurchase } from '../../testing/sample-purchase.ts';
import { FakeIo, holds } from '../fake-io.ts';
import { SIMULATED } from '../simulator.ts';

/** An io whose simulated reader keeps one card from run to run. */
function ioWith(sample: SamplePurchase): FakeIo {
  const io = new FakeIo();
  const open = io.openReaders;
  io.openReaders = async (choice) => {
    const readers = await open(choice);
    const { simulatedReader } = readers;
    simulatedReader?.insert(sample.card);
    return { ...readers, sample };
  };
  return io;
}

describe.each(SIMULATED)('write on a simulated %s', (chip) => {
  const options = `--simulate ${chip}:5`;
  const sampleOf = (): SamplePurchase => samplePurchase(chip, { cipher: tripleDes, seed: 5 });

  it('shows and writes nothing without --yes; writes, reads back and can be asked again with it', async () => {
    const sample = sampleOf();
    const io = ioWith(sample);
    io.saved.set('plan.json', JSON.stringify(sample.plan));
    const before = (await io.run(`dump ${options} --json`)).out;

    const shown = await io.run(`write --plan plan.json ${options}`);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('Nothing was written. Add --yes to write it.');
    expect((await io.run(`dump ${options} --json`)).out).toBe(before);

    const written = await io.run(`write --plan plan.json --yes ${options}`);
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toContain('Written, read back, equal.');
    expect([...io.saved.keys()]).toEqual(['plan.json']);
    const after = JSON.parse((await io.run(`dump ${options} --json`)).out) as {
      meter: { purse: { count: number; amountFen: number }; returnData: unknown };
    };
    expect(after.meter.purse).toEqual({ count: sample.count, amountFen: sample.amountFen });
    expect(after.meter.returnData).toBe('blank');

    const again = await io.run(`write --plan plan.json --yes ${options}`);
    expect(again).toMatchObject({ code: 0, err: '' });

    io.saved.delete('plan.json');
    for (const { code } of sample.codes) expect(holds(io.everything, code)).toBe(false);
  });

  it('writes nothing on another card', async () => {
    const io = ioWith(samplePurchase(chip, { cipher: tripleDes, seed: 6 }));
    io.saved.set('plan.json', JSON.stringify(sampleOf().plan));
    expect(await io.run(`write --plan plan.json --yes ${options}`)).toMatchObject({
      code: 4,
      err: expect.stringContaining('[meter-card.other-card]') as string,
    });
  });
});

describe('write', () => {
  it('keeps to what a purchase may do', async () => {
    const sample = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
    const io = ioWith(sample);
    io.saved.set('plan.json', JSON.stringify({ ...sample.plan, ranges: sample.plan.ranges.slice(1) }));
    expect(await io.run('write --plan plan.json --yes --simulate SLE4442')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[meter-card.plan-refused]') as string,
    });
  });

  it('says of a bent plan where it is bent, and never what stands in it', async () => {
    const sample = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
    const io = ioWith(sample);
    const [first, ...others] = sample.plan.steps;
    const code = toHex(sample.codes[0]?.code ?? new Uint8Array());
    io.saved.set(
      'plan.json',
      JSON.stringify({ ...sample.plan, steps: [{ ...first, code: `${code}0` }, ...others] }),
    );
    const bent = await io.run('write --plan plan.json --simulate SLE4442');
    expect(bent).toMatchObject({ code: 2, err: expect.stringContaining('/steps/0/code') as string });
    io.saved.set('plan.json', `{"code":"${code}"`);
    const broken = await io.run('write --plan plan.json --simulate SLE4442');
    expect(broken.code).toBe(2);
    expect(bent.err + broken.err).not.toContain(code);
  });

  it('takes a plan of one’s own for bytes between the files, as the how-to for real cards asks', async () => {
    const sample = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
    const io = ioWith(sample);
    const at = { zone: 'main', offset: 0x4d };
    const [present] = sample.plan.steps;
    const steps = [present, { op: 'write', ...at, data: 'C0FE0E' }];
    io.saved.set('plan.json', JSON.stringify({ ...sample.plan, ranges: [{ ...at, length: 3 }], steps }));
    io.saved.set('before', (await io.run('dump --json --simulate SLE4442')).out);
    expect((await io.run('write --plan plan.json --yes --simulate SLE4442')).code).toBe(0);
    io.saved.set('after', (await io.run('dump --json --simulate SLE4442')).out);
    expect((await io.run('diff before after')).out).toBe(
      'main: 1 changed run(s)\n  004D  - FF FF FF\n        + C0 FE 0E',
    );
  });

  it('leaves a plan of a CPU card that needs the grid to the grid', async () => {
    const sample = samplePurchase('CPU', { cipher: tripleDes, seed: 1 });
    const io = ioWith(sample);
    const open = io.openReaders;
    io.openReaders = async (choice) => {
      const { sample: _, ...readers } = await open(choice);
      return readers;
    };
    io.saved.set('plan.json', JSON.stringify(sample.plan));
    expect(await io.run('write --plan plan.json --yes --simulate CPU')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[cli.grid-needed]') as string,
    });
  });

  it('takes up a write that was cut off, by the journal beside the plan', async () => {
    const sample = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
    const io = ioWith(sample);
    io.saved.set('plan.json', JSON.stringify(sample.plan));
    let operations = 0;
    sample.card.cutHook = () => ++operations > 12;
    expect((await io.run('write --plan plan.json --yes --simulate SLE4442')).code).not.toBe(0);
    sample.card.cutHook = undefined;
    const journal = io.saved.get('plan.json.journal') ?? '';
    expect(JSON.parse(journal)).toMatchObject([{ orderNo: sample.plan.orderNo }]);
    expect(holds(journal, sample.codes[0]?.code ?? new Uint8Array())).toBe(false);
    expect((await io.run('write --plan plan.json --yes --simulate SLE4442')).code).toBe(0);
    expect(io.saved.has('plan.json.journal')).toBe(false);
  });
});

describe('change-code', () => {
  const sampleOf = (): SamplePurchase => samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
  const oldCode = toHex(sampleOf().codes[0]?.code ?? new Uint8Array());
  const codes = JSON.stringify({ old: oldCode, new: 'A1B2C3' });
  const line = 'change-code --codes codes.json --simulate SLE4442';

  it.each(['', ' --yes', ' --i-know-it-can-brick'])('only warns with `%s`', async (flags) => {
    const sample = sampleOf();
    const io = ioWith(sample);
    io.saved.set('codes.json', codes);
    const { code, out } = await io.run(`${line}${flags}`);
    expect(code).toBe(0);
    expect(out).toContain('This is the one step that cannot be made safe.');
    expect(out).toContain('Nothing was changed.');
    expect(JSON.stringify(sample.card.snapshot())).toContain(oldCode);
  });

  it('warns first, then changes and proves the new code on fresh power', async () => {
    const sample = sampleOf();
    const io = ioWith(sample);
    io.saved.set('codes.json', codes);
    const { code, out } = await io.run(`${line} --yes --i-know-it-can-brick`);
    expect(code).toBe(0);
    expect(out.indexOf('cannot be made safe')).toBeLessThan(out.indexOf('Changed.'));
    expect(JSON.stringify(sample.card.snapshot())).toContain('A1B2C3');
    io.saved.clear();
    expect(io.everything).not.toMatch(new RegExp(`A1 ?B2 ?C3|${oldCode}`, 'i'));
  });

  it.each(['SLE4428', 'AT88SC153', 'AT88SC1608'] as const)('changes the code of an %s', async (chip) => {
    const sample = samplePurchase(chip, { cipher: tripleDes, seed: 1 });
    const [{ key, code: old } = { key: 0, code: new Uint8Array() }] = sample.codes;
    const io = ioWith(sample);
    const next = 'A1B2C3'.slice(0, old.length * 2);
    io.saved.set('codes.json', JSON.stringify({ old: toHex(old), new: next, key }));
    const flags = '--yes --i-know-it-can-brick';
    expect(await io.run(`change-code --codes codes.json --simulate ${chip} ${flags}`)).toMatchObject({
      code: 0,
    });
    expect(sample.card.tries.every(({ left, full }) => left === full)).toBe(true);
    // The old code is none any more: with it the change costs a try.
    expect((await io.run(`change-code --codes codes.json --simulate ${chip} ${flags}`)).err).toContain(
      '[chip.code-wrong]',
    );
  });

  it('does not touch a card that has lost tries, or one whose code it does not change', async () => {
    const sample = sampleOf();
    sample.card.setTriesLeft(2);
    const io = ioWith(sample);
    io.saved.set('codes.json', codes);
    expect((await io.run(`${line} --yes --i-know-it-can-brick`)).err).toContain('[cli.code-tries]');
    expect(sample.card.tries[0]?.left).toBe(2);
    const cpu = ioWith(samplePurchase('CPU', { cipher: tripleDes, seed: 1 }));
    cpu.saved.set('codes.json', codes);
    expect((await cpu.run('change-code --codes codes.json --simulate CPU')).err).toContain(
      '[cli.no-code-change]',
    );
  });

  it('costs one try where the old code is wrong, and says so without it', async () => {
    const sample = sampleOf();
    const io = ioWith(sample);
    io.saved.set('codes.json', JSON.stringify({ old: 'A1B2C3', new: 'D4E5F6' }));
    const { code, err } = await io.run(`${line} --yes --i-know-it-can-brick`);
    expect(code).toBe(4);
    expect(err).toContain('[chip.code-wrong]');
    expect(err).not.toContain('A1B2C3');
    expect(sample.card.tries[0]?.left).toBe(2);
  });
});
