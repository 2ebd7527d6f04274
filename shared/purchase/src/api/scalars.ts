import { z } from 'zod';
import { CHANNELS } from './channels.ts';

/** Upper-case hex of `min` to `max` bytes. */
export function hexBytes(min: number, max: number = min): z.ZodString {
  return z.string().regex(new RegExp(`^(?:[0-9A-F]{2}){${min},${max}}$`), {
    error:
      min === max
        ? `must be ${min} bytes in upper-case hex`
        : `must be ${min} to ${max} bytes in upper-case hex`,
  });
}

/** What a person writes, `min` to `max` characters without the blanks around it; the pattern tells readers the same. */
export function words(min: number, max: number): z.ZodString {
  const pattern = min < 2 ? /\S/ : new RegExp(`\\S[\\s\\S]{${min - 2},}\\S`);
  return z.string().trim().min(min, { abort: true }).max(max).regex(pattern);
}

/** Money: a whole number of fen. */
export const fen = z.int().min(0).max(99_999_999);

/** `yyMMddHHmmss` and six digits. Suits every channel's out_trade_no with a suffix. */
export const orderNo = z.string().regex(/^\d{18}$/, { error: 'must be an order number of 18 digits' });

/** ISO 8601 with offset, UTC. */
export const timestamp = z.iso.datetime({ offset: true });

/** A kiosk's or box's: made of its signing key. */
export const terminalId = z.string().regex(/^t[0-9a-f]{30}$/);

export const ENTRIES = ['kiosk', 'community', 'iptv2', 'iptv3', 'phone'] as const;
/** Where the purchase came in: kiosk, 智慧社区, IPTV 2.0, IPTV 3.0, phone. */
export const entry = z.enum(ENTRIES);
export type Entry = z.infer<typeof entry>;

export const channel = z.enum(CHANNELS);
/** What a screen shows to be scanned: one wallet's own code, or one for every wallet. */
export const payCode = z.enum([...CHANNELS, 'any']);
export type PayCode = z.infer<typeof payCode>;
