import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { BeatKeys } from '../../../../server/src/fleet/terminals/beat-keys.ts';
import { PROVINCE_PATH } from '../../../../server/src/kernel/org-path.ts';
import type { BeatCredential } from '../terminal-proofs.ts';
import { beatRequest } from './beats.ts';
import { Lines } from './lines.ts';
import { openLoop, type Load } from './open-loop.ts';
import type { Ask, Reply, Reports } from './protocol.ts';
import { beatOf, insertTerminals, makeTerminals, type LoadTerminal } from './terminals.ts';
import { Storm } from './storm.ts';

/** As many as nginx keeps to one web process. */
const LINES = 64;
/** Between signing a load and its first request, s: their times are of the middle of what they may be off. */
const SIGN_AHEAD_S = 5;

/** The load generator: keys and signatures are made before a load, which then only sends and counts. */
class Fleet {
  #terminals: LoadTerminal[] = [];
  #credentials: BeatCredential[] = [];
  #keys: BeatKeys | undefined;
  /** Whose turn it is: each beats once before any beats again; and how often all have. */
  #next = 0;
  #round = 0;

  async prepare({ terminals, mongodbUri, secret }: Extract<Ask, { op: 'prepare' }>): Promise<null> {
    this.#terminals = await makeTerminals(terminals);
    await insertTerminals(mongodbUri, this.#terminals);
    const keys = new BeatKeys({ secret: Buffer.from(secret, 'hex'), clock: systemClock });
    this.#keys = keys;
    this.#credentials = this.#terminals.map(({ id }) =>
      keys.make({ terminalId: id, kind: 'kiosk', orgPath: PROVINCE_PATH }),
    );
    return null;
  }

  plain({ url, perSecond, seconds }: Extract<Ask, { op: 'plain' }>): Promise<Load> {
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: bianmin.test\r\n\r\n');
    return loaded(
      url,
      perSecond,
      Array.from({ length: perSecond * seconds }, () => request),
    );
  }

  beats({ url, perSecond, seconds }: Extract<Ask, { op: 'beats' }>): Promise<Load> {
    const from = Math.floor(Date.now() / 1000) + SIGN_AHEAD_S;
    const requests: Buffer[] = [];
    for (let n = 0; n < perSecond * seconds; n += 1) {
      const credential = this.#credentials[this.#next];
      if (credential === undefined) throw new Error('There are no terminals yet.');
      const beat = beatOf(this.#next, this.#round);
      requests.push(beatRequest(credential, beat, from + Math.floor(n / perSecond)));
      this.#next = (this.#next + 1) % this.#credentials.length;
      if (this.#next === 0) this.#round += 1;
    }
    return loaded(url, perSecond, requests);
  }

  async storm({ url, ...plan }: Extract<Ask, { op: 'storm' }>): Promise<Reports['storm']> {
    const keys = this.#keys;
    if (keys === undefined) throw new Error('There are no terminals yet.');
    const lines = new Lines({ url, count: LINES });
    try {
      const keyOf = (token: string): Buffer => keys.keyOf(token);
      const storm = new Storm({
        ...{ lines, terminals: this.#terminals, credentials: this.#credentials, keyOf, random: Math.random },
        tell: (line) => void process.stderr.write(`${line}\n`),
      });
      return await storm.run(plan);
    } finally {
      lines.close();
    }
  }
}

async function loaded(url: string, perSecond: number, requests: readonly Buffer[]): Promise<Load> {
  const lines = new Lines({ url, count: LINES });
  try {
    return await openLoop({ lines, requests, perSecond });
  } finally {
    lines.close();
  }
}

const fleet = new Fleet();

function done(ask: Ask): Promise<Reports[keyof Reports]> {
  switch (ask.op) {
    case 'prepare':
      return fleet.prepare(ask);
    case 'plain':
      return fleet.plain(ask);
    case 'beats':
      return fleet.beats(ask);
    case 'storm':
      return fleet.storm(ask);
  }
}

process.on('message', ({ no, ask }: { no: number; ask: Ask }) => {
  const tell = (reply: Reply): void => void process.send?.(reply);
  done(ask).then(
    (report) => {
      tell({ no, report });
    },
    (error: unknown) => {
      tell({ no, error: error instanceof Error ? error.message : String(error) });
    },
  );
});
process.on('disconnect', () => process.exit());
