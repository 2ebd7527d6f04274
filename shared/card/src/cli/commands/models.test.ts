import { expect, it } from 'vitest';
import { CPU_ONLY_MODELS } from '../../reader/cpu-only-models.ts';
import { READER_MODELS } from '../../reader/models.ts';
import { FakeIo } from '../fake-io.ts';

it('models lists each reader once, by USB number, with the source of what is known', async () => {
  const { code, out } = await new FakeIo().run('models --json');
  expect(code).toBe(0);
  const { models } = JSON.parse(out) as {
    models: { id: string; usb: string; source: string; unconfirmed: string[] }[];
  };
  expect(models).toHaveLength(READER_MODELS.length + CPU_ONLY_MODELS.length);
  for (const key of ['id', 'usb'] as const)
    expect(new Set(models.map((each) => each[key])).size).toBe(models.length);
  for (const { source } of models) expect(source).toMatch(/^R:/);
});

it.each([
  ['acr38u-ccid', ['SLE4442', 'SLE4428', 'AT88SC153', 'AT88SC1608', 'AT88SC102', 'AT88SC1602', 'AT88SC1604']],
  ['acr39u', ['SLE4442', 'SLE4428', 'AT88SC153', 'AT88SC1608']],
  ['omnikey-3x21', ['SLE4442', 'SLE4428']],
  ['au9540', []],
])('%s takes CPU cards and %j', async (id, memoryChips) => {
  const { out } = await new FakeIo().run('models --json');
  const { models } = JSON.parse(out) as { models: { id: string }[] };
  expect(models.find((each) => each.id === id)).toMatchObject({ memoryChips });
});

it('models says to a person what is not known', async () => {
  const { out } = await new FakeIo().run('models');
  expect(out).toContain(
    '058F:9540  Alcor Micro AU9540, ccid (au9540)\n   cards: CPU\n   from R:LudovicRousseau/CCID',
  );
  expect(out).toContain('   not known: whether it drives memory cards at all');
  expect((await new FakeIo().run('models --lang zh')).out).toContain('   未知：');
});
