import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack } from '../../run/dev/stack.ts';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { openKiosk, type Kiosk } from './kiosk.ts';
import { Operator } from '../../run/dev/operator.ts';
import { faultsOf, runJourney } from './purchase.ts';

let stack: Stack;
let kiosk: Kiosk;
beforeAll(async () => {
  stack = await startStack({ kiosk: false, gridProfile: 'agent-string' });
  kiosk = await openKiosk({ stack, operator: await Operator.login(stack), readerId: 'journey-1' });
});
afterAll(async () => {
  await kiosk.close();
  await stack.close();
});

describe('over the string profile, with nothing else of the stack changed,', () => {
  it.each(['SLE4442', 'CPU'])('a whole purchase on %s is in its meter, once', async (chip) => {
    const sandbox = new SandboxClient(stack.urls);
    const row = await runJourney({ kiosk, sandbox, chip, amountFen: 5000, channel: 'wechat' });
    expect(faultsOf(row)).toEqual([]);
  });
});
