import process from 'node:process';

/** What a process says to who started it, again and again, while its event loop turns. */
export const ALIVE = 'alive';
const EVERY_MS = 1_000;

/** Shows signs of life to a supervisor (`main-supervised.ts`), where one started this process, and ends gently when that one is gone. */
export function showSignsOfLife(): void {
  if (process.send === undefined) return;
  const show = (): void => {
    if (process.connected) process.send?.(ALIVE, () => undefined);
  };
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Neither keeps a process from ending that has nothing else to do.
  process.channel?.unref();
  setInterval(show, EVERY_MS).unref();
  show();
}
