import type { MeterAnswer } from '@bianmin/purchase/api/order';
import { isInMeter } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';

/** What a meter has said of an order, and since when its card is written, as screens are told. */
export function meterAnswerOf(order: Order): { writtenAt?: string; meter?: MeterAnswer } {
  const { write } = order;
  const meter = answerOf(order);
  return {
    ...(write.status === 'written' && write.at !== undefined ? { writtenAt: write.at.toISOString() } : {}),
    ...(meter === undefined ? {} : { meter }),
  };
}

function answerOf(order: Order): MeterAnswer | undefined {
  const { meter, updatedAt } = order;
  const at = (meter?.at ?? updatedAt).toISOString();
  if (isInMeter(order)) return { status: 'credited', at };
  if (meter?.status !== 'refused') return undefined;
  const { reason, belowFen } = meter;
  return {
    ...{ status: 'refused', at },
    ...(reason === undefined ? {} : { reason }),
    ...(belowFen === undefined ? {} : { belowFen }),
  };
}
