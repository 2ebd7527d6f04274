import { afterSilentPolls, AT88_ACK_POLICY, type AckPolicy } from '../../../chip/at88/ack-policy.ts';
import type { TwoWireChip } from './two-wire-chip.ts';

/** What a reader's firmware does after each command that may have begun a write cycle: polls, then goes on. */
export function awaitCycle(
  chip: TwoWireChip,
  pollCommand: number,
  policy: AckPolicy = AT88_ACK_POLICY,
): void {
  for (let silent = 1; ; silent++) {
    if (chip.transfer(Uint8Array.of(pollCommand)).acknowledged > 0) return;
    chip.wait(policy.everyMs);
    if (afterSilentPolls(silent, policy) === 'go-on') return;
  }
}
