import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { adminTerminal } from '@bianmin/purchase/api/admin-terminals';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { floatEntries, floatList, setPinResponse } from '@bianmin/purchase/api/float';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { Operator } from '../../build/run/dev/operator.ts';

const FLOAT = 'tianshan-1';
const REASON = 'Asked for by a test.';
const terminalList = z.object({ terminals: z.array(adminTerminal) });

export interface Clerk {
  readonly name: string;
  /** Six digits. */
  readonly staffNumber: string;
  readonly pin: string;
}

/** A committee with a float, at the one kiosk of a stack: one person asks for what another allows. */
export class Committee {
  readonly #stack: Stack;
  readonly #asks: Operator;
  readonly #allows: Operator;
  readonly #terminals: string[];

  private constructor(init: { stack: Stack; asks: Operator; allows: Operator; terminals: string[] }) {
    this.#stack = init.stack;
    this.#asks = init.asks;
    this.#allows = init.allows;
    this.#terminals = init.terminals;
  }

  static async open(stack: Stack, fen: number): Promise<Committee> {
    const asks = await Operator.login(stack);
    const second = { name: 'second', password: randomUUID() };
    const body = { ...second, roles: ['administrator'] };
    await asks.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
    const allows = await Operator.login(stack, second);
    const { terminals } = await asks.call({ path: '/v1/admin/terminals' }, terminalList);
    const own = terminals.filter(({ name }) => name === 'kiosk').map(({ id }) => id);
    const committee = new Committee({ stack, asks, allows, terminals: own });
    await committee.set({});
    const topUp = { fen, reference: 'bank-1', reason: REASON };
    await committee.#two(`/v1/admin/floats/${FLOAT}/top-ups`, topUp);
    return committee;
  }

  /** The float as it is from now on; absent: open, and with a limit that is not reached. */
  set(over: { dayLimitFen?: number; frozen?: boolean }): Promise<void> {
    const float = { id: FLOAT, name: '天山一社区', terminals: this.#terminals, dayLimitFen: 10_000_000 };
    return this.#two('/v1/admin/floats', { ...float, ...over, reason: REASON });
  }

  /** A clerk who may take cash, with a number and a PIN. */
  async clerk(name: string, pin: string): Promise<Clerk> {
    const user = { name, password: randomUUID() };
    const body = { ...user, roles: ['administrator'] };
    const asked = { path: '/v1/admin/users', method: 'POST', body } as const;
    const { approval } = await this.#asks.call(asked, z.object({ approval: adminApproval }));
    await this.#allow(approval.id);
    const self = await Operator.login(this.#stack, user);
    const set = { path: '/v1/admin/me/pin', method: 'POST', body: { password: self.password, pin } } as const;
    return { name, pin, ...(await self.call(set, setPinResponse)) };
  }

  async balanceFen(): Promise<number> {
    const { floats } = await this.#asks.call({ path: '/v1/admin/floats' }, floatList);
    return floats[0]?.balanceFen ?? -1;
  }

  /** What was taken for an order, fen, one entry each. */
  async takenFor(orderNo: string): Promise<number[]> {
    const { entries } = await this.#asks.call({ path: `/v1/admin/floats/${FLOAT}/entries` }, floatEntries);
    return entries.filter((each) => each.kind === 'taken' && each.orderNo === orderNo).map(({ fen }) => fen);
  }

  async #two(path: string, body: object): Promise<void> {
    const { id } = await this.#asks.call({ path, method: 'POST', body }, adminApproval);
    await this.#allow(id);
  }

  async #allow(id: string): Promise<void> {
    const path = `/v1/admin/approvals/${id}/decide`;
    await this.#allows.call({ path, method: 'POST', body: { accept: true } }, z.unknown());
  }
}
