import { codeOf } from '@bianmin/card/errors';
import { GridError } from '../../gateways/grid/error.ts';
import { ReconcileError } from './error.ts';

/** What it means for a day that a bill could not be fetched: later the same again, or a person's. */
export function billError(error: unknown, source: string, day: string): unknown {
  const code = codeOf(error);
  if (code === 'payment.mismatch') return unsound(source, day, 'it does not agree with itself', error);
  if (code === 'payment.unavailable' || code === 'grid.unavailable' || isCutLater(error)) {
    return new ReconcileError({
      code: 'reconcile.not-ready',
      message: `The bill of ${source} for ${day} is not available yet. The server asks for it again by itself.`,
      cause: error,
      context: { source, day },
    });
  }
  return error;
}

function isCutLater(error: unknown): boolean {
  return error instanceof GridError && error.refusal === 'day-cut';
}

/** `why` ends the sentence. */
export function unsound(source: string, day: string, why: string, cause?: unknown): ReconcileError {
  return new ReconcileError({
    code: 'reconcile.bill-unsound',
    message: `The bill of ${source} for ${day} cannot be used: ${why}. Nothing was taken from it; fetch it again or ask its maker.`,
    cause,
    context: { source, day },
  });
}
