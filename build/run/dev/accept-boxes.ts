import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { adminTerminal } from '@bianmin/purchase/api/admin-terminals';
import { Operator } from './operator.ts';
import type { Stack } from './stack-contract.ts';

const LOOK_MS = 2_000;
const terminalList = z.object({ terminals: z.array(adminTerminal) });

/** Accepts the boxes that wait for it, as an administrator would who was rung up; gives how many. */
export async function acceptBoxes(operator: Operator): Promise<number> {
  const { terminals } = await operator.call({ path: '/v1/admin/terminals?status=pending' }, terminalList);
  const boxes = terminals.filter(({ kind }) => kind === 'box');
  for (const { id } of boxes) {
    await operator.call({ path: `/v1/admin/terminals/${id}/accept`, method: 'POST' }, z.unknown());
  }
  return boxes.length;
}

/** For a person who looks at the TV: the first box that enrols is accepted. Until then it looks every two seconds. */
export async function acceptFirstBox(
  stack: Pick<Stack, 'urls' | 'adminPassword'>,
  signal: AbortSignal,
): Promise<void> {
  const operator = await Operator.login(stack);
  while (!signal.aborted && (await acceptBoxes(operator)) === 0) {
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
