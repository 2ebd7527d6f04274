import type { Migration } from '../upkeep/migrations/migration.ts';

/** Migrations that only note that they ran. */
export function notedMigrations(
  count: number,
  compatible = true,
): { migrations: Migration[]; ran: string[] } {
  const ran: string[] = [];
  const migrations = Array.from({ length: count }, (_, n): Migration => ({
    ...{ version: n + 1, name: `000${n + 1}-noted`, compatible },
    up: () => Promise.resolve(void ran.push(`up ${n + 1}`)),
    down: () => Promise.resolve(void ran.push(`down ${n + 1}`)),
  }));
  return { migrations, ran };
}
