import {
  counterOrderDetail,
  counterOrders,
  counterSession,
  counterTakings,
  type CounterOrderDetail,
  type CounterOrders,
  type CounterSession,
  type CounterTakings,
} from '@bianmin/purchase/api/counter';
import type { CashOffer } from '@bianmin/purchase/api/float';
import { reportSent, type Diagnostics, type ReportSent } from '@bianmin/purchase/api/diagnostics';
import type { ApiClient } from '@bianmin/purchase/api/client';
import {
  handOut,
  waitingCashList,
  type HandOutView,
  type WaitingCashList,
} from '@bianmin/purchase/api/hand-out';
import { closedShift, openShift, type ClosedShift, type OpenShift } from '@bianmin/purchase/api/shift';
import { z } from 'zod';
import type { StaffClose, StaffEntry, StaffHandOut, StaffOrdersQuery } from '../ipc/staff.ts';
import type { PinPause } from './pin-pause.ts';

/** What the desk asks of the server; `ticket` is what `enter` gave. */
export interface StaffApi {
  /** Begins their shift, or goes on with it. */
  enter(entry: StaffEntry): Promise<CounterSession>;
  /** The same person, by their PIN alone: the ticket is good as before. */
  pin(ticket: string, pin: string): Promise<void>;
  leave(ticket: string): Promise<void>;
  orders(ticket: string, query: StaffOrdersQuery & { readonly limit?: number }): Promise<CounterOrders>;
  order(ticket: string, orderNo: string): Promise<CounterOrderDetail>;
  takings(ticket: string): Promise<CounterTakings>;
  waiting(ticket: string): Promise<WaitingCashList>;
  handOut(ticket: string, request: StaffHandOut): Promise<HandOutView>;
  /** Null once it is closed. */
  shift(ticket: string): Promise<OpenShift | null>;
  close(ticket: string, request: StaffClose): Promise<ClosedShift>;
  /** `shift`: the ticket. */
  offerCash(orderNo: string, by: { readonly shift: string; readonly pin?: string }): Promise<CashOffer>;
  report(report: Diagnostics): Promise<ReportSent>;
}

const PATH = '/v1/terminal/staff';
const nothing = z.undefined();
const shiftNow = z.object({ shift: openShift.nullable() });

/** Staff mode's endpoints; wrong PINs are held up by `pins`. */
export function staffApi(client: Pick<ApiClient, 'post' | 'offerCash'>, pins: PinPause): StaffApi {
  const post = <T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> =>
    client.post(`${PATH}/${path}`, schema, body);
  return {
    enter: (entry) => pins.check(() => post('sessions', counterSession, { ...entry, shift: true })),
    pin: (ticket, pin) => pins.check(() => post('sessions/pin', nothing, { ticket, pin })),
    leave: (ticket) => post('sessions/end', nothing, { ticket }),
    orders: (ticket, query) => post('orders/search', counterOrders, { ticket, ...query }),
    order: (ticket, orderNo) => post('orders/read', counterOrderDetail, { ticket, orderNo }),
    report: (report) => client.post('/v1/terminal/diagnostics', reportSent, report),
    takings: (ticket) => post('takings', counterTakings, { ticket }),
    waiting: (ticket) => post('cash-waiting', waitingCashList, { ticket }),
    shift: async (ticket) => (await post('shifts/read', shiftNow, { ticket })).shift,
    close: (ticket, request) => post('shifts/close', closedShift, { ticket, ...request }),
    offerCash: (orderNo, request) => {
      const offer = (): Promise<CashOffer> => client.offerCash(orderNo, request);
      return request.pin === undefined ? offer() : pins.check(offer);
    },
    handOut: (ticket, request) => post('hand-outs', handOut, { ticket, ...request }),
  };
}
