import { setTimeout as sleep } from 'node:timers/promises';
import type { Phone } from './phone.ts';

const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Until a phone's order is done. */
export async function credited(phone: Phone, orderNo: string): Promise<void> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    const { state } = await phone.view(orderNo);
    if (state === 'done') return;
    if (performance.now() > until) throw new Error(`Order ${orderNo} is ${state} and not credited.`);
    await sleep(LOOK_EVERY_MS);
  }
}
