import type { RemoteCommand } from '@bianmin/purchase/remote-card/messages';
import type { StepAsked } from '@bianmin/purchase/remote-card/step-check';
import type { PlanCommand } from '../../orders/desk/seal-plan.ts';

/** The step as it goes to the terminal; undefined for a write, whose plan is released and never made up. */
export function plainCommand(asked: StepAsked): Exclude<RemoteCommand, PlanCommand> | undefined {
  switch (asked.do) {
    case 'read':
      return { do: 'read', zone: asked.zone, offset: asked.offset, length: asked.length };
    case 'tries':
      return { do: 'tries', key: asked.key };
    case 'identify':
    case 'read-card':
      return { do: asked.do };
    case 'write':
    case 'continue':
      return undefined;
  }
}

/** For the record and for people: `read main 8+137`. Equal for equal steps. */
export function labelOf(asked: StepAsked): string {
  switch (asked.do) {
    case 'read':
      return `read ${asked.zone} ${asked.offset}+${asked.length}`;
    case 'tries':
      return `tries ${asked.key}`;
    case 'write':
      return asked.lastTry === true ? 'write last-try' : 'write';
    case 'identify':
    case 'read-card':
    case 'continue':
      return asked.do;
  }
}
