import process from 'node:process';

/** A program that has not ended by then leaves the rest to be killed. */
const GRACE_MS = 4_000;

/**
 * For a program of `runProgram`, which no signal reaches if that is killed: the channel between them then closes.
 * It is asked to end as by a person's signal.
 */
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Nothing is said on it, and it does not keep the program from ending.
process.channel?.unref();
