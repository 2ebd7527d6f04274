import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import type { AuditRecord } from '../access/audit.ts';
import { GuessLimiter } from '../access/guesses.ts';
import { AttemptStore } from '../access/store/attempts.ts';

/** The limiter on a test's own database and clock; what it tells the trail is in `told`. */
export function guessesOn(db: Connection, clock: Clock): { guesses: GuessLimiter; told: AuditRecord[] } {
  const told: AuditRecord[] = [];
  const record = (entry: AuditRecord): Promise<void> => {
    told.push(entry);
    return Promise.resolve();
  };
  return { guesses: new GuessLimiter({ store: new AttemptStore(db), audit: { record }, clock }), told };
}
