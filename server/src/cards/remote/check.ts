import type { CardLayout, CardLayouts } from '@bianmin/card/meter-card/layout';
import { RemoteCardError } from '@bianmin/purchase/remote-card/error';
import { StepCheck, type StepAsked } from '@bianmin/purchase/remote-card/step-check';
import { notPermitted } from './problems.ts';
import type { RemoteSession, StepAnswer } from './session.ts';

/** Throws `card-session.not-permitted` for a step that the terminal would refuse, by the same table. */
export function checkStep(session: RemoteSession, asked: StepAsked, layouts: CardLayouts): void {
  try {
    checkOf(session, layouts).step(asked);
  } catch (error) {
    if (error instanceof RemoteCardError) throw notPermitted(error.message, error);
    throw error;
  }
}

/**
 * The layouts in force that an identified card may have: its maker's, as its terminal tells; any of its chip where a terminal does
 * not. One that is not in force here permits no single reading, and the card is read whole.
 */
export function layoutsOf(
  { chip, layout }: Pick<StepAnswer, 'chip' | 'layout'>,
  { layouts }: CardLayouts,
): readonly CardLayout[] {
  return layouts.filter((each) => each.chip === chip && (layout === undefined || each.id === layout));
}

/** The check as it stands after the session's steps. */
function checkOf({ kind, serial, subject, steps }: RemoteSession, layouts: CardLayouts): StepCheck {
  const check = new StepCheck({ kind, serial, subject });
  for (const { asked, answer } of steps) {
    if (answer === undefined) continue;
    const done = answer.outcome === 'done';
    switch (asked.do) {
      case 'identify':
        if (done && answer.chip !== undefined)
          check.identified(layoutsOf(answer, layouts), answer.serial ?? null);
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
