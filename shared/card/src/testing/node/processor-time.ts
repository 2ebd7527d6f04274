import process from 'node:process';

/** What this process has worked, ms: a machine that is busy with something else is no hang. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
