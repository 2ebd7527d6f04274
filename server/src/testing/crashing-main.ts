import { createLogger } from '../adapters/log/log.ts';
import { crashInto, crashOnStderr, endOnCrash } from '../crash.ts';

/** A program that crashes in the way that is named first, with what is named second hung on its error by a "library". */
const [way = '', secret = ''] = process.argv.slice(2);
const hung = (): Error =>
  Object.assign(new Error(`connect redis://default:${secret}@cache:6379 failed`), {
    command: { name: 'auth', args: [secret] },
    config: { headers: { authorization: `Bearer ${secret}` } },
  });

endOnCrash(
  way.endsWith('-command')
    ? crashOnStderr
    : crashInto(createLogger({ level: 'info', process: 'test', secrets: [secret] })),
);
if (way.startsWith('timer'))
  setTimeout(() => {
    throw hung();
  }, 1);
if (way.startsWith('rejection')) void Promise.reject(hung());
if (way.startsWith('start')) await Promise.reject(hung());
setTimeout(() => process.exit(0), 20_000);
