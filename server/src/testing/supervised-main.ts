import process from 'node:process';
import { showSignsOfLife } from '../signs-of-life.ts';

/** For tests: says who it is, lives, and ends by SIGTERM with 0, or as its environment says. */
const { EXIT, DUMB } = process.env;
process.on('SIGTERM', () => process.exit(0));
if (EXIT !== undefined) process.exit(Number(EXIT));
if (DUMB === undefined) showSignsOfLife();
process.stdout.write(`running as ${process.pid}\n`);
setInterval(() => undefined, 1_000);
