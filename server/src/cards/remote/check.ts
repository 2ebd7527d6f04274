import type { ChipName } from '@bianmin/shared/chip/contract';
import { BUILT_IN_LAYOUTS } from '@bianmin/shared/meter-card/built-in-layouts';
import type { CardLayout } from '@bianmin/shared/meter-card/layout';
import { RemoteCardError } from '@bianmin/shared/remote-card/error';
import { StepCheck, type StepAsked } from '@bianmin/shared/remote-card/step-check';
import { notPermitted } from './problems.ts';
import type { RemoteSession } from './session.ts';

/** Throws `card-session.not-permitted` for a step that the terminal would refuse, by the same table. */
export function checkStep(session: RemoteSession, asked: StepAsked): void {
  try {
    checkOf(session).step(asked);
  } catch (error) {
    if (error instanceof RemoteCardError) throw notPermitted(error.message, error);
    throw error;
  }
}

/** The layouts that a card of this chip may have: which one it is, its terminal knows and judges by. */
export function layoutsOf(chip: ChipName): readonly CardLayout[] {
  return BUILT_IN_LAYOUTS.layouts.filter((layout) => layout.chip === chip);
}

/** The check as it stands after the session's steps. */
function checkOf({ kind, serial, subject, steps }: RemoteSession): StepCheck {
  const check = new StepCheck({ kind, serial, subject });
  for (const { asked, answer } of steps) {
    if (answer === undefined) continue;
    const done = answer.outcome === 'done';
    switch (asked.do) {
      case 'identify':
        if (done && answer.chip !== undefined)
          check.identified(layoutsOf(answer.chip), answer.serial ?? null);
        break;
      case 'read-card':
        if (done) check.read();
        break;
      case 'write':
      case 'continue':
        check.write(answer.write ?? 'none');
        break;
      case 'read':
      case 'tries':
    }
  }
  return check;
}
