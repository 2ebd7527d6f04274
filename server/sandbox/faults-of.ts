import process from 'node:process';

/** Says on standard error what a sandbox's listener did not foresee: a fault of ours, which a knob would have answered. */
export function faultsOf(sandbox: string): (error: unknown) => void {
  return (error) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`The ${sandbox} failed in a request: ${what}\n`);
  };
}
