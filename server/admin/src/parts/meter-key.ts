import type { MeterAnswer } from '@bianmin/purchase/api/order';

/** The word for what a meter has said of a written card; undefined: nothing yet. */
export function meterKey(meter: MeterAnswer | undefined): 'waiting' | 'credited' | 'full' | 'other' {
  if (meter === undefined) return 'waiting';
  return meter.status === 'credited' ? 'credited' : (meter.reason ?? 'other');
}
