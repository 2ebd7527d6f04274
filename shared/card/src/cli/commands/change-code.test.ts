import { describe, expect, it } from 'vitest';
import { toHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { samplePurchase } from '../../testing/sample-purchase.ts';
import type { SamplePurchase } from '../../testing/sample-purchase.ts';
import { ioWith } from '../kept-card-io.ts';

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
