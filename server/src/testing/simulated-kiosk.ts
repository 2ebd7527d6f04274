import type { Clock } from '@bianmin/card/clock';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { ApiClient } from '@bianmin/purchase/api/client';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { heartbeatAnswer } from '@bianmin/purchase/api/heartbeat';
import { releaseOffer, type ReleaseAsk, type ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import type { TerminalStore } from '../fleet/store/terminals.ts';
import { TestTerminal } from './terminal.ts';

/** How a simulated kiosk fares with a release. */
export type Fares = 'well' | 'falls-back' | 'goes-dark';

/** A kiosk, or a home box, without screen and reader that takes releases: own keys, a real client, calls over HTTP. */
export class SimulatedKiosk {
  readonly id: string;
  /** The release that runs. */
  version = '1.0.0';
  /** Those that it gave up. */
  refused: string[] = [];
  /** The root that it has; undefined: it is of before roots. */
  root: number | undefined = 1;
  readonly #kind: 'kiosk' | 'box';
  readonly #client: ApiClient;
  readonly #url: string;
  readonly #clock: Clock;

  private constructor(init: {
    id: string;
    kind: 'kiosk' | 'box';
    client: ApiClient;
    url: string;
    clock: Clock;
  }) {
    this.id = init.id;
    this.#kind = init.kind;
    this.#client = init.client;
    this.#url = init.url;
    this.#clock = init.clock;
  }

  /** Makes its keys, and its record accepted and placed, as if it had enrolled. */
  static async accepted(init: {
    url: string;
    clock: Clock;
    terminals: TerminalStore;
    orgPath: readonly string[];
    kind?: 'kiosk' | 'box';
  }): Promise<SimulatedKiosk> {
    const { url, clock, terminals, orgPath, kind = 'kiosk' } = init;
    const keys = await TestTerminal.create(clock);
    const at = new Date(clock.now());
    await terminals.enrol({
      ...{ _id: keys.id, signKey: keys.sign.publicJwk, sealKey: keys.seal.publicJwk },
      ...{ kind, name: `simulated ${keys.id.slice(1, 5)}`, version: '1.0.0', enrolledAt: at },
    });
    await terminals.decide({ id: keys.id, from: ['pending'], to: 'accepted', by: 'a test', at });
    await terminals.place(keys.id, { _id: orgPath.at(-1) ?? '', path: orgPath });
    const client = new ApiClient({
      ...{ baseUrl: url, clock, http: axiosCall() },
      identity: {
        terminalId: keys.id,
        signAssertion: () => keys.assertion(),
        proof: ({ method, url: of, accessToken }) => keys.proof({ method, url: of, accessToken }),
      },
    });
    return new SimulatedKiosk({ id: keys.id, kind, client, url, clock });
  }

  /** What it may install now. */
  ask(step?: ReleaseAsk['step']): Promise<ReleaseOffer | undefined> {
    const { version, refused, root } = this;
    const kind = this.#kind === 'box' ? 'box' : 'kiosk-linux';
    const body = {
      ...{ kind, version, refused },
      ...(root === undefined ? {} : { root }),
      ...(step === undefined ? {} : { step }),
    };
    return this.#client.post('/v1/terminal/release', releaseOffer.optional(), body);
  }

  /** Comes again when it is told to: a server with many of them at once takes them in turns. */
  async beat(): Promise<void> {
    for (;;) {
      try {
        const said = { version: this.version, readers: [] };
        await this.#client.post('/v1/terminal/heartbeat', heartbeatAnswer, said);
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'server.busy') throw error;
        await this.#clock.sleep(error.retryAfterMs ?? 1000);
      }
    }
  }

  fetch(offer: ReleaseOffer, name: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#url}${offer.path}${name}`, { headers });
  }

  /**
   * Asks, and takes what it is offered: it comes up with it and says so, falls back and says so, or is never heard of again. Gives
   * whether it was offered anything.
   */
  async update(fares: () => Fares): Promise<boolean> {
    const offer = await this.ask();
    if (offer === undefined) return false;
    const how = fares();
    if ((await this.ask({ version: offer.version, is: 'installing' })) === undefined) return true;
    if (how === 'goes-dark') return true;
    if (how === 'well') this.version = offer.version;
    else this.refused.push(offer.version);
    await this.ask();
    return true;
  }
}
