import { findCommand } from '../../bootstrap/machine.mjs';
import { freePort } from '@bianmin/card/node/free-port';
import type { Engine, Launch } from './engine.ts';

/** MongoDB's own server, where it is installed. */
export const mongod: Engine = {
  name: 'mongod',
  durable: true,
  note: 'found on PATH',
  async prepare(dir) {
    const command = findCommand('mongod');
    return command === undefined ? { absent: 'mongod is not on PATH' } : launchMongod(command, dir);
  },
};

/** A standalone server: the store uses one document at a time, so no replica set is needed. */
export async function launchMongod(command: string, dir: string): Promise<Launch> {
  const port = await freePort();
  return {
    program: {
      command,
      args: ['--dbpath', dir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ready: /Waiting for connections/,
    },
    uri: () => `mongodb://127.0.0.1:${port}/?directConnection=true`,
  };
}
