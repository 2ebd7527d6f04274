import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { Stack } from '../../run/dev/stack-contract.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { RefundCampaign } from './refund-campaign.ts';

/** Of what staff give back, so much takes long, cannot be made, or cannot be made by that wallet at all. */
const REFUNDS = [
  { delayMs: 15_000, times: 2 },
  { outcome: 'ABNORMAL', times: 1 },
  { outcome: 'CLOSED', delayMs: 3_000, times: 1 },
] as const;

/** Two of the staff give money back for purchases that stand, while a worker dies and Redis is emptied. */
export async function officeHour(on: {
  readonly stack: Pick<Stack, 'kill' | 'restart'>;
  readonly sandbox: SandboxClient;
  readonly giving: RefundCampaign;
  readonly flush: () => Promise<void>;
  readonly note: (error: unknown) => void;
}): Promise<void> {
  const { stack, sandbox, giving, flush, note } = on;
  for (const wallet of CHANNELS) {
    await sandbox.walletFault({ wallet, add: true, refunds: REFUNDS });
  }
  const blow = async (): Promise<void> => {
    await Promise.all([stack.kill('worker'), flush()]);
    await stack.restart('worker');
  };
  await Promise.all([giving.work(note), blow()]);
}
