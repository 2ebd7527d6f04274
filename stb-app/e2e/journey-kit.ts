import { expect } from 'vitest';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { TvBench } from './tv-bench.ts';
import type { TvPage } from './tv-page.ts';

/** A family in front of its TV. */
export interface AtTv {
  readonly bench: TvBench;
  readonly tv: TvPage;
  readonly readerId: string;
}

/** From the card in the reader to the code for ¥50, by the remote alone. */
export async function toCode({ bench, tv, readerId }: AtTv, { cardId }: WorldHousehold): Promise<string> {
  await bench.sandbox.insert(readerId, cardId);
  await tv.reads('这是您的电卡吗？');
  expect(await tv.focused()).toBe('是我的');
  await tv.press('ok');
  await tv.reads('充多少？');
  await tv.choose('50 元');
  await tv.reads('请用手机扫码付款', '50.00 元');
  return tv.codeUrl();
}

/** Once in the meter, and never again. */
export async function expectCreditedOnce(
  { bench }: Pick<AtTv, 'bench'>,
  { cardId, meterNo }: WorldHousehold,
  beforeFen: number,
): Promise<void> {
  const first = await bench.sandbox.meterInsert(meterNo, cardId);
  expect(first).toMatchObject({ creditedFen: 5000, error: null, balanceFen: beforeFen + 5000 });
  expect(await bench.sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0 });
}
