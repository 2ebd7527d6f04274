import { describe, expect, it } from 'vitest';
import type { MigrationRecord } from './store.ts';
import { mustFit } from './version.ts';
import { notedMigrations } from '../../testing/noted-migrations.ts';

describe('a server goes on with a database that is', () => {
  const record = (version: number, over: Partial<MigrationRecord> = {}): MigrationRecord => ({
    ...{
      _id: version,
      name: `000${version}-noted`,
      state: 'up',
      compatible: true,
      checksum: '',
      by: '',
      at: new Date(0),
    },
    ...over,
  });
  const two = notedMigrations(2).migrations;

  it.each<[string, MigrationRecord[], string | undefined]>([
    ['its own version', [record(1), record(2)], undefined],
    ['one newer that it can go on with', [record(1), record(2), record(3)], undefined],
    ['on the way there', [record(1), record(2), record(3, { state: 'going-up' })], undefined],
    ['and on the way back', [record(1), record(2), record(3, { state: 'going-down' })], undefined],
    ['one newer that it cannot', [record(1), record(2), record(3, { compatible: false })], 'migration.ahead'],
    ['two newer', [record(1), record(2), record(3), record(4)], 'migration.ahead'],
    ['older', [record(1)], 'migration.behind'],
    ['undone', [record(1), record(2, { state: 'down' })], 'migration.behind'],
    ['half of its own', [record(1), record(2, { state: 'going-up' })], 'migration.unfinished'],
    [
      'half of one that it cannot go on with',
      [record(1), record(2), record(3, { state: 'going-up', compatible: false })],
      'migration.unfinished',
    ],
  ])('%s', (_, records, code) => {
    const fit = (): void => {
      mustFit(records, two);
    };
    if (code === undefined) expect(fit).not.toThrow();
    else expect(fit).toThrow(expect.objectContaining({ code }));
  });
});
