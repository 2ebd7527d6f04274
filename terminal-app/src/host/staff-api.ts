import {
  counterOrderDetail,
  counterOrders,
  counterSession,
  counterTakings,
} from '@bianmin/purchase/api/counter';
import { reportSent } from '@bianmin/purchase/api/diagnostics';
import type { ApiClient } from '@bianmin/purchase/api/client';
import { handOut, waitingCashList } from '@bianmin/purchase/api/hand-out';
import { z } from 'zod';
import type { PinPause } from './pin-pause.ts';
import type { StaffApi } from './staff-desk.ts';

const PATH = '/v1/terminal/staff';
const nothing = z.undefined();

/** Staff mode's endpoints; wrong PINs are held up by `pins`. */
export function staffApi(client: Pick<ApiClient, 'post'>, pins: PinPause): StaffApi {
  const post = <T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> =>
    client.post(`${PATH}/${path}`, schema, body);
  return {
    enter: (entry) => pins.check(() => post('sessions', counterSession, entry)),
    leave: (ticket) => post('sessions/end', nothing, { ticket }),
    orders: (ticket, query) => post('orders/search', counterOrders, { ticket, ...query }),
    order: (ticket, orderNo) => post('orders/read', counterOrderDetail, { ticket, orderNo }),
    report: (report) => client.post('/v1/terminal/diagnostics', reportSent, report),
    takings: (ticket) => post('takings', counterTakings, { ticket }),
    waiting: (ticket) => post('cash-waiting', waitingCashList, { ticket }),
    handOut: (ticket, request) => post('hand-outs', handOut, { ticket, ...request }),
  };
}
