import process from 'node:process';
import { loadConfig } from './config.ts';
import { sayWhoAdministers } from './setup-sentence.ts';
import { startWeb } from './web.ts';

/**
 * Brings the database to where this version needs it, before any process of it serves: a web process makes every
 * collection's indexes before it listens, so one is started where nobody can reach it, and ended. What it needs of its
 * environment is what web needs. Ends with 1, and the old version may go on, where anything of that fails.
 */
const config = loadConfig(process.env);
const web = await startWeb({ ...config, HOST: '127.0.0.1', PORT: 0, DRAIN_MS: 0 });
sayWhoAdministers(web, config);
await web.close();
process.stdout.write('migrated\n');
process.exit();
