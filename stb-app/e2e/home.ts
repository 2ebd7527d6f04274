import { expect } from 'vitest';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import type { BoxDouble } from '../double/server.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

export const WAITS = '请把电卡插进读卡器';
export const FACE_FEN = 5000;

/** Puts up a box that is new, and has it accepted. */
export async function acceptFirst(bench: Pick<TvBench, 'browser' | 'accept'>, tvUrl: string): Promise<void> {
  const first = await TvPage.open(bench.browser, tvUrl);
  await first.reads('这个盒子还没有启用');
  await bench.accept();
  await first.reads(WAITS);
  await first.close();
}

/** From the card in the reader to the code for ¥50, by the remote alone. */
export async function toCode(
  tv: TvPage,
  { shell }: Pick<BoxDouble, 'shell'>,
): Promise<{ codeUrl: string; orderNo: string }> {
  await tv.reads('这是您的电卡吗？');
  await tv.press('ok');
  await tv.reads('充多少？');
  await tv.choose('50 元');
  await tv.reads('请用手机扫码付款');
  const codeUrl = await tv.codeUrl();
  return { codeUrl, orderNo: orderIn(shell.bodies) };
}

/** The order that the server spoke of last. */
export function orderIn(bodies: readonly string[]): string {
  const last = [...bodies].reverse().flatMap((body) => /"orderNo":"(\d+)"/.exec(body)?.[1] ?? []);
  const [orderNo] = last;
  if (orderNo === undefined) throw new Error('The server spoke of no order.');
  return orderNo;
}

/** Once in the meter, never again, and paid once. */
export async function expectCreditedOnce(
  sandbox: SandboxClient,
  { cardId, meterNo }: WorldHousehold,
  of: { orderNo: string; beforeFen: number },
): Promise<void> {
  const balanceFen = of.beforeFen + FACE_FEN;
  const first = await sandbox.meterInsert(meterNo, cardId);
  expect(first).toMatchObject({ creditedFen: FACE_FEN, error: null, balanceFen });
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0, balanceFen });
  expect(await sandbox.paid(of.orderNo)).toEqual({ takenFen: FACE_FEN, refundedFen: 0 });
}
