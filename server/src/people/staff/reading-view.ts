import type { StaffReading } from '@bianmin/purchase/api/staff';
import type { Order } from '../../orders/model/order.ts';
import type { Reading } from './readings-store.ts';
import { againstCard } from './reversal-checks.ts';

/** A card's reading as staff see it, with what stands against a reversal by it. */
export function readingView(reading: Reading, order: Order): StaffReading {
  const against = reading.read === undefined ? undefined : againstCard(order, reading.read);
  return {
    nonce: reading._id,
    orderNo: reading.orderNo,
    terminalId: reading.terminalId,
    expiresAt: reading.expiresAt.toISOString(),
    readAt: reading.read?.at.toISOString() ?? null,
    against: against?.code ?? null,
  };
}
