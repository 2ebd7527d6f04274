import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Operator } from '../../../build/run/dev/operator.ts';
import type { Console } from './console.ts';

export const SECOND = { name: 'second', password: randomUUID() };

/** One more administrator, who allows what the first asks for. */
export async function makeSecondPerson({ stack }: Console): Promise<void> {
  const asks = await Operator.login(stack);
  const body = { ...SECOND, roles: ['administrator'] };
  await asks.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
}

/** Whatever the first asked for and nobody decided, the second allows. */
export async function allowAll({ stack }: Console): Promise<void> {
  const checks = await Operator.login(stack, SECOND);
  const list = z.object({ approvals: z.array(z.object({ id: z.string() })) });
  const { approvals } = await checks.call({ path: '/v1/admin/approvals?status=open' }, list);
  for (const { id } of approvals) {
    const path = `/v1/admin/approvals/${id}/decide`;
    await checks.call({ path, method: 'POST', body: { accept: true } }, z.unknown());
  }
}
