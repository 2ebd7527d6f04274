import { ProblemError } from '../../../kernel/problem.ts';
import { digestOf } from './file-hash.ts';
import type { HouseholdFile } from './file.ts';

const DAY_MS = 24 * 3_600_000;
/** How long parts are kept that nobody carries. */
export const KEEP_MS = 30 * DAY_MS;
/** What is allowed is carried within it. */
const CARRY_MS = DAY_MS;

/** Until when it can be allowed, so that its parts are there while it is carried. */
export function goodUntil({ expiresAt }: Pick<HouseholdFile, 'expiresAt'>): Date {
  return new Date(expiresAt.getTime() - CARRY_MS);
}

/** `now` in ms. */
export function isOver(file: Pick<HouseholdFile, 'expiresAt'>, now: number): boolean {
  return goodUntil(file).getTime() <= now;
}

/** Throws `discount.file-unfit` with what is in the way of being allowed. */
export async function refuseUnfit(file: HouseholdFile, now: number): Promise<void> {
  const why = await whyUnfit(file, now);
  if (why !== undefined) throw new ProblemError({ code: 'discount.file-unfit', message: why });
}

/** What is in the way of asking for it, in a sentence; undefined: nothing. */
export async function whyUnfit(file: HouseholdFile, now: number): Promise<string | undefined> {
  const { offset, bytes, wrong, rows, hash, sha256 } = file;
  if (isOver(file, now)) return 'It was left for too long, and its contents are gone. Send the file again.';
  if (offset < bytes) return `Only ${offset} of its ${bytes} bytes are here. Send the rest.`;
  if (wrong > 0) return `${wrong} of its lines cannot be taken. Correct them and send the file again.`;
  if (rows === 0) return 'It has no household. Put at least one below its first line.';
  if ((await digestOf(hash)) !== sha256)
    return 'What was received is not the file that was said. Send it again.';
  return undefined;
}
