import { connectSandboxBus } from '../../node/sandbox-bus.ts';
import { runSlotsChild } from '../../node/slots-child.ts';
import { systemClock } from '../../node/system-clock.ts';
import { watchReaders } from '../../reader/readers.ts';

/** `node/reader-child.ts` with a reader of the sandbox: the last argument is its address. SIGUSR2 lets it spin for ever. */
process.on('SIGUSR2', () => {
  while (process.pid > 0);
});
await runSlotsChild(async (onFault) =>
  watchReaders(await connectSandboxBus(process.argv.at(-1) ?? ''), onFault, systemClock),
);
