import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Program } from '../process/program.ts';
import { withProgress } from '../process/waiting.ts';
import { ping, untilItAnswers } from './answer.ts';
import { mongodDownload } from './download.ts';
import { ENGINE_NAMES, type Engine, type EngineName } from './engine.ts';
import { droppedAtEnd, nameIn, ownName, type UseOfGiven } from './given.ts';
import { mongoJavaServer } from './java.ts';
import { mongod } from './mongod.ts';
import { secantus } from './secantus.ts';

/** One that is not ours to run: we are not told that it ended. */
const GIVEN_MS = 30_000;

/** In order of preference, after a given `MONGODB_URI`. */
export const ENGINES: readonly Engine[] = [mongod, secantus, mongodDownload, mongoJavaServer];

export interface DatabaseInit {
  /** Folder of the data, made when absent. Each engine keeps to its own folder in it. */
  readonly dir: string;
  /** Refuse an engine that loses acknowledged writes when it is killed. */
  readonly durable?: boolean;
  /** This engine or none; absent: `BIANMIN_DB_ENGINE`, else the first that can be had. */
  readonly engine?: EngineName;
  /** What becomes of `MONGODB_URI`; absent: `own-name`. */
  readonly given?: UseOfGiven;
  /** Told of what takes long. */
  readonly progress?: (line: string) => void;
  /** Ends it where it does not answer yet. */
  readonly signal?: AbortSignal;
}

export interface Database {
  /** Of our own: no database in its path, set `pathname` to your own. Of `MONGODB_URI`: as it names it, or by `own-name`. */
  readonly uri: string;
  readonly engine: EngineName;
  readonly durable: boolean;
  /** One line for people: what was chosen, and what to know about it. */
  readonly note: string;
  /** The process, where it is ours. */
  readonly program?: Program;
  close(): Promise<void>;
}

/**
 * A MongoDB that answers. `MONGODB_URI`, else `mongod` on the PATH, else a built `secantusd-rs`, else a
 * download of MongoDB, else mongo-java-server. Throws with what each of them lacked.
 */
export async function openDatabase(init: DatabaseInit): Promise<Database> {
  const wanted = init.engine ?? engineFromEnvironment();
  const uri = process.env['MONGODB_URI'];
  const use = init.given ?? 'own-name';
  const mayBeGiven = use !== 'ignored' && (wanted === undefined || wanted === 'given');
  if (uri !== undefined && uri !== '' && mayBeGiven) return openGiven(uri, use, init.progress);
  const absences: string[] = [];
  for (const engine of ENGINES) {
    if (wanted !== undefined && wanted !== engine.name) continue;
    if (init.durable === true && !engine.durable) {
      absences.push(
        `${engine.name} is there for a first look only, and this needs a database that loses nothing`,
      );
      continue;
    }
    const opened = await open(engine, init);
    if (!('absent' in opened)) return opened;
    absences.push(opened.absent);
  }
  throw new Error(
    `There is no database${wanted === undefined ? '' : ` "${wanted}"`}: ${absences.join('; ')}. ` +
      'Set MONGODB_URI, install MongoDB, or run npm run db:build.',
  );
}

async function openGiven(
  uri: string,
  use: Exclude<UseOfGiven, 'ignored'>,
  progress: (line: string) => void = () => undefined,
): Promise<Database> {
  await withProgress({ what: 'the database of MONGODB_URI', progress }, ping(uri, GIVEN_MS));
  const facts = { engine: 'given', durable: true } as const;
  if (use === 'as-is') {
    return { ...facts, uri, note: 'MONGODB_URI, as given', close: () => Promise.resolve() };
  }
  const own = ownName(uri);
  const note = `MONGODB_URI, in ${nameIn(own)}, which is dropped at the end`;
  return { ...facts, uri: own, note, close: droppedAtEnd(own) };
}

async function open(engine: Engine, init: DatabaseInit): Promise<Database | { readonly absent: string }> {
  const dir = join(init.dir, engine.name);
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o700);
  const launch = await engine.prepare(dir, init.progress ?? (() => undefined));
  if ('absent' in launch) return launch;
  const { progress = () => undefined, signal } = init;
  const { program, match } = await Program.start({
    ...launch.program,
    ...{ name: engine.name, log: join(init.dir, `${engine.name}.log`), progress },
    ...(signal === undefined ? {} : { signal }),
  });
  const uri = launch.uri(match);
  try {
    await withProgress(
      { what: `an answer of ${engine.name}`, progress },
      untilItAnswers(program, uri, signal),
    );
  } catch (error) {
    await program.stop();
    throw error;
  }
  return {
    uri,
    engine: engine.name,
    durable: engine.durable,
    note: `${engine.name}, ${engine.note}`,
    program,
    close: () => program.stop(10_000),
  };
}

function engineFromEnvironment(): EngineName | undefined {
  const name = process.env['BIANMIN_DB_ENGINE'];
  if (name === undefined || name === '') return undefined;
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (known === undefined) {
    throw new Error(`BIANMIN_DB_ENGINE is "${name}"; it can be ${ENGINE_NAMES.join(', ')}.`);
  }
  return known;
}
