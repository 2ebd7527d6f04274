import { systemClock } from '@bianmin/card/node/system-clock';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { dataKeysFrom } from '../../../server/src/config/data-keys.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import type { Stack } from '../dev/stack-contract.ts';
import { seedDatabase, type Seeded } from './seed-database.ts';

/** What customer numbers of this stack are sealed with. */
export function sealOfStack({ serverEnv }: Pick<Stack, 'serverEnv'>): NumberSeal {
  return new NumberSeal(dataKeysFrom(serverEnv));
}

/** A year of orders that ends now, in a stack that runs and has none yet. */
export async function seedStack(
  stack: Pick<Stack, 'urls' | 'serverEnv'>,
  init: { orders: number; seed?: number; report?: (line: string) => void },
): Promise<Seeded> {
  const { orders, seed = 1, report } = init;
  const db = await connectDatabase(stack.urls.mongodbUri);
  try {
    const now = new Date(systemClock.now());
    return await seedDatabase({
      ...{ db, seal: sealOfStack(stack), orders, seed, now },
      ...(report === undefined ? {} : { report }),
    });
  } finally {
    await db.close();
  }
}
