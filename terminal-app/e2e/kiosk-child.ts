import process from 'node:process';
import { z } from 'zod';
import { loadHostEnvironment } from '../src/host/env.ts';
import { startHost } from '../src/host/host.ts';
import { createLog } from '../src/host/log.ts';
import type { HostCalls } from '../src/ipc/map.ts';

/** A kiosk's host in a process of its own, to be killed: views go to the parent, commands come from it. */

const host = await startHost({
  env: loadHostEnvironment(process.env),
  shell: 'none',
  log: createLog('silent'),
});
const command = z.custom<HostCalls['purchase.command']['request']>();
process.on('message', (message) => {
  void host.bridge.call('purchase.command', command.parse(message));
});
host.bridge.on('purchase.view', (view) => process.send?.(view));
process.send?.(await host.bridge.call('purchase.view', null));
