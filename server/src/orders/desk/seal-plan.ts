import { asReleased, type WritePlan } from '@bianmin/card/meter-card/plan';
import type { RemoteCommand, StepMessage } from '@bianmin/purchase/remote-card/messages';
import { ProblemError } from '../../kernel/problem.ts';
import { sealText, type SealKey } from '../../kernel/seal-text.ts';
import type { KeyPermit } from './refused-keys.ts';

/** To whom a plan goes. */
interface PlanReceiver {
  readonly sealKey: SealKey;
  /** An earlier release of this sale ended without a report. */
  readonly afterSilence?: boolean;
}

/**
 * Seals a plan so that only one terminal can open it: the one way in which a plan leaves. Nothing between this line and the
 * terminal can read it, and it is not stored. `grid.refused` where it is for another card than the permit.
 */
export async function sealPlan(plan: WritePlan, permit: KeyPermit, to: PlanReceiver): Promise<string> {
  checkCard(plan, permit);
  const { afterSilence = false } = to;
  // What a later stage says of tries does not count.
  const lastTry = permit.lastTry && plan.stage === 0;
  return sealText(JSON.stringify(asReleased(plan, { lastTry, afterSilence })), to.sealKey);
}

type StepWith<Command extends RemoteCommand> = Omit<StepMessage, 'command'> & { readonly command: Command };
export type PlanCommand = Extract<RemoteCommand, { readonly release: unknown }>;

/** Seals a step of a remote session by which the card meets no key. */
export function sealStep(step: StepWith<Exclude<RemoteCommand, PlanCommand>>, key: SealKey): Promise<string> {
  return sealText(JSON.stringify(step), key);
}

/** Seals one that carries a plan, which was sealed when it was released and may have waited since. */
export function sealPlanStep(step: StepWith<PlanCommand>, _permit: KeyPermit, key: SealKey): Promise<string> {
  return sealText(JSON.stringify(step), key);
}

function checkCard({ chip, serial }: WritePlan, permit: KeyPermit): void {
  if (chip === permit.chip && serial === permit.serial) return;
  throw new ProblemError({
    code: 'grid.refused',
    message: 'The grid made a plan for another card than the one in the reader. Nothing was written.',
  });
}
