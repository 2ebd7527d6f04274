import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { Migration } from './migration.ts';
import { walk } from './walk.ts';

/**
 * Commands are signed when a person gives them. Those that wait from before are not: whether a person gave them cannot be told, so
 * they are taken back, and the console says that they must be given again. Going back changes nothing: the version before hands out
 * what is signed, too.
 */
export const commandsAreSigned: Migration = {
  version: 6,
  name: '0006-commands-are-signed',
  compatible: true,
  async up(run) {
    await collectionOf(run.db, 'command_batches').updateMany(
      { state: 'making', jws: { $exists: false } },
      { $set: { state: 'cancelled' } },
    );
    await walk(run, 'terminal_commands', (commands, ids) =>
      commands.updateMany(
        { _id: { $in: [...ids] }, state: { $in: ['queued', 'delivered'] }, jws: { $exists: false } },
        { $set: { state: 'cancelled', code: 'command.unsigned' } },
      ),
    );
  },
  down: () => Promise.resolve(),
};
