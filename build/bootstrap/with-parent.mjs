import process from 'node:process';

/** Whoever has not ended by then leaves the rest to be killed. */
const GRACE_MS = 4_000;

/**
 * For a program that `runProgram` started, and that nobody would tell if that was killed: the channel between them then closes.
 * It is asked to end as by a person's signal.
 */
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Nothing is said on it, and it keeps nobody from ending.
process.channel?.unref();
