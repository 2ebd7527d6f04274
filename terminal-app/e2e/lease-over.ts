import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { connectDatabase } from '../../server/src/adapters/mongo/connection.ts';

/** An order as it is some minutes later: no terminal holds the write any more. */
export async function leaseOver({ urls }: Pick<Stack, 'urls'>, orderNo: string): Promise<void> {
  const db = await connectDatabase(urls.mongodbUri);
  const orders = db.collection<{ _id: string }>('orders');
  await orders.updateOne({ _id: orderNo }, { $set: { 'write.leaseUntil': new Date(0) } });
  await db.close();
}
