import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { BreakGlass } from './access/break-glass.ts';
import { dataKeysFrom } from './config/data-keys.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { openDatabase } from './open-database.ts';
import { ProblemError } from './kernel/problem.ts';
import { sealAsOthersDo } from './upkeep/keys/open-keys.ts';
import { breakGlassSheets } from './wiring/break-glass-sheets.ts';
import { createPeople } from './wiring/people.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI, DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) and PUBLIC_URL set as the server has them:
npm run break-glass -- seal --by NAME                            prints two sheets, to be sealed apart
npm run break-glass -- open --by NAME --user NAME --reason WHY   asks for what is on both, lets an administrator in

docs/how-to/break-glass.md says who does what.
`;
const OPTIONS = { by: { type: 'string' }, user: { type: 'string' }, reason: { type: 'string' } } as const;

const { positionals, values } = readOptions({ usage: USAGE, words: 1, options: OPTIONS });
const [what = ''] = positionals;
const { by, user, reason } = values;
if (what !== 'seal' && what !== 'open') failUsage(USAGE, 'Name a command: seal or open.');
if (by === undefined) failUsage(USAGE, 'Say who you are: --by NAME.');
const { PUBLIC_URL: url = '' } = process.env;
if (!URL.canParse(url)) failUsage(USAGE, 'Set PUBLIC_URL.');
const keys = dataKeysFrom(process.env);

/** From the terminal: an argument would stand in the list of processes. */
async function askForCode(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('Sheet 1: ')) + (await lines.question('Sheet 2: '));
  } finally {
    lines.close();
  }
}

const db = await openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
try {
  await sealAsOthersDo(db, keys);
  const config = { DATA_KEYS: keys };
  const people = await createPeople({ db, clock: systemClock, config });
  const { users, setup, guesses, trail, sealedCodes: store } = people;
  const glass = new BreakGlass({ store, users, setup, guesses, audit: trail.audit, clock: systemClock });
  if (what === 'seal') {
    process.stdout.write(breakGlassSheets(await glass.seal(by), { by, at: new Date(systemClock.now()) }));
  } else {
    if (user === undefined || reason === undefined) failUsage(USAGE, 'Name --user and --reason.');
    const link = await glass.open({ code: await askForCode(), name: user, by, reason });
    const site = url.replace(/\/$/u, '');
    process.stdout.write(
      `${user} opens this within an hour and chooses a password: ${site}${link}\nFor a day they allow nothing that others ask for. All who are told of alerts hear of this.\n`,
    );
  }
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await db.close();
}
