import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { discountResponse, type DiscountRuleRequest } from '@bianmin/purchase/api/discount';
import type { FloatRequest } from '@bianmin/purchase/api/float';
import { adminRefund, refundList, type AdminRefund } from '@bianmin/purchase/api/refund';
import { staffCase, staffReading, type StaffCase } from '@bianmin/purchase/api/staff';
import { orderActions, type Decision, type OrderActions } from '@bianmin/purchase/api/order-decisions';
import { addressOf } from '../bench/terminal-line.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { Operator } from '../../run/dev/operator.ts';
import { persisting } from '../bench/persisting.ts';

const REASON = 'Asked for by the soak.';
const CASES_AT_ONCE = 200;
const MOST_FEN = 99_999_999;
/** Their own addresses, after everybody else's. */
const FIRST_ADDRESS = 30_000;

/** Two persons: what one asks for, the other allows. */
export class Staff {
  readonly asks: Operator;
  readonly #allows: Operator;
  readonly clerk: { readonly staff: string; readonly pin: string };

  private constructor(asks: Operator, allows: Operator, clerk: Staff['clerk']) {
    this.asks = asks;
    this.#allows = allows;
    this.clerk = clerk;
  }

  static async begin(stack: Pick<Stack, 'urls' | 'adminPassword'>): Promise<Staff> {
    const admin = { name: 'admin', password: stack.adminPassword };
    const second = { name: 'second', password: randomUUID() };
    const asks = await Operator.login(stack, { ...admin, address: addressOf(FIRST_ADDRESS) });
    const user = { ...second, roles: ['administrator'] };
    await asks.call({ path: '/v1/admin/users', method: 'POST', body: user }, z.unknown());
    const allows = await Operator.login(stack, { ...second, address: addressOf(FIRST_ADDRESS + 1) });
    const pin = '482913';
    const body = { password: admin.password, pin };
    await asks.call({ path: '/v1/admin/me/pin', method: 'POST', body }, z.unknown());
    return new Staff(asks, allows, { staff: admin.name, pin });
  }

  /** A discount from now on. */
  async discount(rule: Omit<DiscountRuleRequest, 'reason'>): Promise<void> {
    const body = { ...rule, reason: REASON };
    const { approval } = await this.asks.call(
      { path: '/v1/admin/discounts', method: 'POST', body },
      discountResponse,
    );
    mustBeDone(await this.allow(approval.id));
  }

  async households(households: { customerNo: string; community: string; tags: string[] }[]): Promise<void> {
    for (let from = 0; from < households.length; from += 500) {
      const body = { households: households.slice(from, from + 500), reason: REASON };
      await this.#two('/v1/admin/discounts/households', body);
    }
  }

  /** A committee's float, with as much in it as top-ups can bring at `topUps` times. */
  async float(float: Omit<FloatRequest, 'reason' | 'dayLimitFen'>, topUps: number): Promise<void> {
    await this.#two('/v1/admin/floats', { ...float, dayLimitFen: MOST_FEN, reason: REASON });
    for (let n = 1; n <= topUps; n += 1) {
      const body = { fen: MOST_FEN, reference: `bank-${float.id}-${n}`, reason: REASON };
      await this.#two(`/v1/admin/floats/${float.id}/top-ups`, body);
    }
  }

  /** Asks for money back for a purchase that stands; null is all. Gives the refund, or the code of the refusal. */
  async askRefund(orderNo: string, fen: number | null): Promise<AdminRefund | string> {
    const body = { key: randomUUID(), orderNo, fen, reason: REASON };
    try {
      return await persisting(() =>
        this.asks.call({ path: '/v1/admin/refunds', method: 'POST', body }, adminRefund),
      );
    } catch (error) {
      if (error instanceof ApiError && error.code.startsWith('refund.')) return error.code;
      throw error;
    }
  }

  /** The other person allows it. Repeating it after an answer that was lost changes nothing. */
  async allowRefund(refundNo: string): Promise<void> {
    const path = `/v1/admin/refunds/${refundNo}/approve`;
    await decided(() => this.#allows.call({ path, method: 'POST' }, adminRefund));
  }

  /** Refunds that are not over, the longest waiting first, as many as a list shows. */
  async openRefunds(status?: 'abnormal'): Promise<AdminRefund[]> {
    const path = `/v1/admin/refunds?limit=200${status === undefined ? '' : `&status=${status}`}`;
    return (await persisting(() => this.asks.call({ path }, refundList))).refunds;
  }

  /** What its channel would not make is sent once more, under its number. */
  async retryRefund(refundNo: string): Promise<void> {
    const path = `/v1/admin/refunds/${refundNo}/retry`;
    await this.asks.call({ path, method: 'POST' }, adminRefund);
  }

  /** What may be done about an order, and why it waits. */
  actions(orderNo: string): Promise<OrderActions> {
    const path = `/v1/admin/orders/${orderNo}/actions`;
    return persisting(() => this.asks.call({ path }, orderActions));
  }

  /** Decided on the word of two, where the order's facts allow it now; `refused`: the grid did not undo the sale. */
  async decide(orderNo: string, action: Decision): Promise<'done' | 'not-now' | 'refused'> {
    const { actions } = await this.actions(orderNo);
    if (actions.find((each) => each.action === action)?.allowed !== true) return 'not-now';
    const failure = await this.#two(`/v1/admin/orders/${orderNo}/decisions`, { action, reason: REASON });
    if (failure === undefined) return 'done';
    if (failure !== 'reversal.refused') throw new Error(`${action} of ${orderNo} failed: ${failure}.`);
    return 'refused';
  }

  /** Every case of a kind. */
  async cases(kind: string): Promise<StaffCase[]> {
    const found = new Map<string, StaffCase>();
    let before = '';
    for (;;) {
      const path = `/v1/admin/cases?kind=${kind}&limit=${CASES_AT_ONCE}${before}`;
      const { cases } = await persisting(() =>
        this.asks.call({ path }, z.object({ cases: z.array(staffCase) })),
      );
      const known = found.size;
      for (const each of cases) found.set(each.id, each);
      const last = cases.at(-1);
      if (cases.length < CASES_AT_ONCE || last === undefined || found.size === known)
        return [...found.values()];
      before = `&before=${encodeURIComponent(last.openedAt)}`;
    }
  }

  /** Money of which only a bill tells goes back, on the word of a reconciliation's case. */
  async giveBack(caseId: string): Promise<void> {
    const path = `/v1/admin/cases/${caseId}/refund`;
    const body = { text: REASON };
    const { id } = await persisting(() => this.asks.call({ path, method: 'POST', body }, adminApproval));
    mustBeDone(await this.allow(id));
  }

  /** Asks for this order's card to be read now at a terminal; gives the nonce. */
  async asksReading(orderNo: string, terminalId: string): Promise<string> {
    const path = `/v1/admin/orders/${orderNo}/readings`;
    const body = { terminalId };
    return (await persisting(() => this.asks.call({ path, method: 'POST', body }, staffReading))).nonce;
  }

  /** The sale is undone by a reading of its card: one asks, the other allows. */
  async reverses(orderNo: string, nonce: string): Promise<void> {
    mustBeDone(await this.#two(`/v1/admin/orders/${orderNo}/reversal`, { nonce, reason: REASON }));
  }

  /** Gives why it could not be carried out; undefined: it was. */
  async allow(approvalId: string): Promise<string | undefined> {
    const call = {
      path: `/v1/admin/approvals/${approvalId}/decide`,
      method: 'POST',
      body: { accept: true },
    } as const;
    const done = await decided(() => this.#allows.call(call, adminApproval));
    return done?.status === 'failed' ? (done.failure ?? 'unknown') : undefined;
  }

  async #two(path: string, body: unknown): Promise<string | undefined> {
    const { id } = await this.asks.call({ path, method: 'POST', body }, adminApproval);
    return this.allow(id);
  }
}

function mustBeDone(failure: string | undefined): void {
  if (failure !== undefined) throw new Error(`What was allowed failed: ${failure}.`);
}

async function decided<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await persisting(call);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'approval.already-decided') return undefined;
    throw error;
  }
}
