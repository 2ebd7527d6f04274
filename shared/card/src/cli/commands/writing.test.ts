import { describe, expect, it } from 'vitest';
import { toHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { samplePurchase } from '../../testing/sample-purchase.ts';
import type { SamplePurchase } from '../../testing/sample-purchase.ts';
import { holds } from '../fake-io.ts';
import { SIMULATED } from '../simulator.ts';
import { ioWith } from '../kept-card-io.ts';

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
