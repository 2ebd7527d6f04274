import type { OrderFilter } from '@bianmin/purchase/api/saved-filters';
import { orderFilter } from '@bianmin/purchase/api/saved-filters';
import type { Search } from './api.ts';
import { DAY_MS } from '../../parts/time.ts';

const CHINA_MS = 8 * 3_600_000;

/** What the form holds. `any` may be a household's number: it is in no address and is not kept. */
export interface OrderForm extends OrderFilter {
  any?: string;
}

/** The last so many days begin at midnight in China, where a day begins. A number is looked for at any time. */
export function searchOf({ lastDays, any, ...rest }: OrderForm, now: number): Search {
  const number = any?.trim() ?? '';
  const today = Math.floor((now + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS;
  const from =
    lastDays === undefined || number !== ''
      ? rest.from
      : new Date(today - (lastDays - 1) * DAY_MS).toISOString();
  return {
    ...rest,
    ...(from === undefined ? {} : { from }),
    ...(number === '' ? {} : { any: number }),
  };
}

/** As a page's address carries it, so that it can be sent to a colleague and statistics can lead to it. */
export function filterOfQuery(query: Readonly<Record<string, unknown>>): OrderFilter {
  const { attention, lastDays } = query;
  const parsed = orderFilter.safeParse({
    ...Object.fromEntries(
      ['state', 'entry', 'channel', 'chip', 'orgId', 'terminalId', 'from', 'to']
        .filter((name) => typeof query[name] === 'string')
        .map((name) => [name, query[name]]),
    ),
    ...(attention === 'true' ? { attention: true } : {}),
    ...(typeof lastDays === 'string' ? { lastDays: Number(lastDays) } : {}),
  });
  return parsed.success ? parsed.data : {};
}

export function queryOfFilter(filter: OrderFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}
