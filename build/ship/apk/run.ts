import process from 'node:process';
import { runToEnd, type RunOptions } from '../../kit/process/run-to-end.ts';

/** Runs a tool and gives what it said; throws its last lines where it failed. Times are those of UTC everywhere. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const env = { ...(options.env ?? process.env), TZ: 'UTC' };
  const { code, output } = await runToEnd(command, args, { ...options, env });
  if (code === 0) return output;
  const end = output.trimEnd().split('\n').slice(-30).join('\n');
  throw new Error(`${command} ${args[0] ?? ''} failed (${code}):\n${end}`);
}
