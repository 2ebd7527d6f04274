import { join } from 'node:path';
import process from 'node:process';
import { Program } from '../../../kit/process/program.ts';

const MAIN = join(import.meta.dirname, 'side-main.ts');

/** A listener that no stack has, in a process of its own. */
export async function startSide(
  name: 'invoice' | 'proxy',
  webUrl = '',
): Promise<{ readonly url: string; readonly program: Program }> {
  const { program, match } = await Program.start({
    ...{ name, command: process.execPath, args: ['--import', 'tsx', MAIN, name, webUrl] },
    ready: /^ready (\S+)/,
  });
  return { program, url: match[1] ?? '' };
}
