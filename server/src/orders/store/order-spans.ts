import { firstOrderNo, madeAt } from '../model/order-no.ts';

/** Order numbers from the first on, up to the second, which does not count any more. */
export interface OrderSpan {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const FIRST_MS = 3_600_000;
const GROWTH = 4;
/** The last one that is bounded is half a year long; what lies before it is one more. */
const BOUNDED = 7;

/**
 * A span of numbers in parts, the newest first: an hour, then each four times as long, then the rest. A page of the newest
 * orders is found in the first parts, where a database that reads everything that matches before it sorts would read the
 * year, and one that walks its index backwards asks at most seven times more. `near` is a moment close to the newest order;
 * without one, and without an end, nothing is divided.
 */
export function* spansBack(span: OrderSpan, near?: Date): Generator<OrderSpan> {
  const end = span.to === undefined ? undefined : madeAt(span.to);
  const begin = end !== undefined && (near === undefined || end < near) ? end : near;
  if (begin === undefined || (span.to !== undefined && end === undefined)) {
    yield span;
    return;
  }
  let { to } = span;
  let ms = FIRST_MS;
  let edge = begin.getTime();
  for (let part = 0; part < BOUNDED; part += 1, ms *= GROWTH) {
    edge -= ms;
    const from = firstOrderNo(new Date(edge));
    if (span.from !== undefined && from <= span.from) break;
    yield { from, to };
    to = from;
  }
  yield { from: span.from, to };
}
