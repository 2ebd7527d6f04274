import type { TestContext as Running } from 'vitest';
import type { Connection } from 'mongoose';

/** Skips a test of what a driver does within sessions (sending writes again, reading of one moment) where the engine has none. */
export async function needsSessions({ skip }: Pick<Running, 'skip'>, db: Connection): Promise<void> {
  // By its older name, which every engine knows.
  const hello = await db.getClient().db().admin().command({ isMaster: 1 });
  skip(hello['logicalSessionTimeoutMinutes'] === undefined, 'this engine has no sessions');
}
