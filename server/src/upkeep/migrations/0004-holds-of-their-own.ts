import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { Migration } from './migration.ts';
import { walk } from './walk.ts';

interface Held {
  readonly _id: string;
  readonly orderNo: string;
  readonly fen: number;
  readonly at: Date;
  readonly capId: string;
}
type Budget = { readonly _id: string } & {
  readonly arriving?: readonly Held[];
  readonly ending?: readonly { readonly hold: string }[];
};

/**
 * What is held of a discount's budget has documents of its own. The server takes over by itself what the version before holds, which may
 * still be running beside it; going back puts all that is held inside the budgets again. No server runs while one goes back.
 */
export const holdsOfTheirOwn: Migration = {
  version: 4,
  name: '0004-holds-of-their-own',
  compatible: true,
  up: () => Promise.resolve(),
  down: (run) =>
    walk(run, 'discountbudgets', async (_, ids) => {
      const budgets = collectionOf<Budget>(run.db, 'discountbudgets');
      const open = collectionOf<Held & { budget: string; open?: true }>(run.db, 'discountholds');
      for (const _id of ids) {
        const budget = await budgets.findOne({ _id, ending: { $exists: true } });
        if (budget !== null) {
          const ended = new Set((budget.ending ?? []).map(({ hold }) => hold));
          const held = new Map((budget.arriving ?? []).map((hold) => [hold._id, hold]));
          for (const hold of await open.find({ budget: _id, open: true }).toArray()) held.set(hold._id, hold);
          const holds = [...held.values()]
            .filter((hold) => !ended.has(hold._id))
            .map(({ orderNo, fen, at, capId }) => ({ orderNo, fen, at, capId }));
          await budgets.updateOne(
            { _id },
            { $set: { holds }, $unset: { arriving: 1, ending: 1, round: 1, heldFen: 1 } },
          );
        }
        // Also where the run before was cut off here.
        await open.deleteMany({ budget: _id });
      }
    }),
};
