import { METER_CARDS } from '@bianmin/card/testing/meter-files';
import { z } from 'zod';
import { WHEN_FULL } from '../meter/accept.ts';
import { AILMENTS } from '../meter/errors.ts';
import { LINKS } from './concentrator.ts';

export const cardBody = z.strictObject({ cardId: z.string() });

export const consumeBody = z.strictObject({ fen: z.int().min(1).max(1_000_000) });

export const householdsBody = z.strictObject({
  count: z.int().min(1).max(100_000),
  chip: z.enum(METER_CARDS),
  /** Of each one's meter, fen. */
  balanceFen: z.int().min(0).max(99_999_999).optional(),
  hoardLimitFen: z.int().min(0).max(99_999_999).optional(),
  whenFull: z.enum(WHEN_FULL).optional(),
  /** Whether the grid reads it before it sells. */
  read: z.boolean().optional(),
  /** Whether their balance is at the grid; then they have no cards. */
  account: z.boolean().optional(),
});

export const clockBody = z.strictObject({
  advanceHours: z
    .number()
    .positive()
    .max(24 * 400),
});

export const frameBody = z.strictObject({ frame: z.string().regex(/^(?:[0-9A-Fa-f]{2}){1,64}$/) });

export const linkBody = z.strictObject({ link: z.enum(LINKS), ms: z.int().min(0).optional() });

const amount = z.int().min(0).max(99_999_999).optional();

export const settingsBody = z.strictObject({
  loadW: z.int().min(0).max(100_000).optional(),
  overdraftLimitFen: amount,
  alarm1Fen: amount,
  alarm2Fen: amount,
  hoardLimitFen: amount,
  /** null: it is set right. */
  ailment: z.literal(AILMENTS).nullable().optional(),
});

export const stockBody = z.strictObject({ chip: z.enum(METER_CARDS) });

export const knobsBody = z.strictObject({ remoteReading: z.boolean() });

/** What the agent's deposit has from now on; null: it bounds nothing. */
export const depositBody = z.strictObject({
  availableFen: z.int().min(0).max(1_000_000_000_000).nullable(),
  batch: z.enum(['open', 'closed']).default('open'),
});

export const topUpBody = z.strictObject({ fen: z.int().min(1).max(1_000_000_000_000) });

/** The name of an account's new holder. */
export const transferBody = z.strictObject({ name: z.string().min(1).max(32) });
