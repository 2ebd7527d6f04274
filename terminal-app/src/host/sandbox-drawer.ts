import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { JSON_LENGTH, parseJson } from '@bianmin/card/json-text';
import { Stop } from '@bianmin/card/stop';
import { answerText } from '@bianmin/purchase/node/answer-text';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { SandboxCard, SandboxStatus } from '../ipc/map.ts';
import { HostError } from './error.ts';

const POLL_MS = 1_000;
const TIMEOUT_MS = 5_000;

const worldCards = z.array(
  z.object({
    id: z.string(),
    label: z.string(),
    note: z.string().default(''),
    noteEn: z.string().default(''),
    chip: z.string(),
    place: z.discriminatedUnion('in', [
      z.object({ in: z.literal('drawer') }),
      z.object({ in: z.literal('reader'), readerId: z.string() }),
    ]),
  }),
);

export interface SandboxDrawerInit {
  /** The grid sandbox. */
  readonly sandboxUrl: string;
  /** The wallet sandbox; without it there is no phone. */
  readonly walletUrl?: string;
  readonly readerId: string;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The cards beside the screen: what the sandbox's world says is where, and the hands that move them. */
export class SandboxDrawer {
  readonly #init: SandboxDrawerInit;
  readonly #stop = new Stop();
  #cards: readonly SandboxCard[] = [];
  #phoneUrl: string | null = null;
  #running: Promise<void> | undefined;

  constructor(init: SandboxDrawerInit) {
    this.#init = init;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.stop();
    await this.#running;
  }

  get status(): SandboxStatus {
    return {
      readerId: this.#init.readerId,
      cards: this.#cards,
      metersUrl: new URL('/', this.#init.sandboxUrl).href,
      phoneUrl: this.#phoneUrl,
    };
  }

  /** The phone follows the code on the screen. */
  show(view: PurchaseView): void {
    const phoneUrl = view.screen === 'pay' ? this.#phoneFor(view) : null;
    if (phoneUrl === this.#phoneUrl) return;
    this.#phoneUrl = phoneUrl;
    this.#init.onChange();
  }

  /** Puts a card in, taking out the one that is there. */
  async insert(cardId: string): Promise<void> {
    // A card can have left by itself since the last look.
    await this.#look();
    const there = this.#cards.find((card) => card.place === 'this-reader');
    if (there?.id === cardId) return;
    if (there !== undefined) await this.#hand('eject');
    await this.#hand('insert', { cardId });
    await this.#look();
  }

  async eject(): Promise<void> {
    await this.#hand('eject');
    await this.#look();
  }

  /** A wallet's own code is for the wallet; the one for every wallet holds the page that any phone opens. */
  #phoneFor({ channel, codeUrl }: Extract<PurchaseView, { screen: 'pay' }>): string | null {
    const { walletUrl } = this.#init;
    if (walletUrl === undefined || codeUrl === null) return null;
    if (channel === 'any') return codeUrl;
    const page = new URL('/phone', walletUrl);
    page.searchParams.set('code_url', codeUrl);
    return page.href;
  }

  async #run(): Promise<void> {
    let away = false;
    while (!this.#stop.stopped) {
      await this.#look().then(
        () => {
          away = false;
        },
        (error: unknown) => {
          // Said once an outage.
          if (!away) this.#init.onFault('sandbox', error);
          away = true;
        },
      );
      await this.#init.clock.sleep(POLL_MS, this.#stop.signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const cards = worldCards
      .parse(await this.#ask('/world/cards', 'GET'))
      .map(({ id, label, note, noteEn, chip, place }): SandboxCard => ({
        id,
        label,
        note,
        noteEn,
        chip,
        place:
          place.in === 'drawer'
            ? 'drawer'
            : place.readerId === this.#init.readerId
              ? 'this-reader'
              : 'elsewhere',
      }));
    if (JSON.stringify(cards) === JSON.stringify(this.#cards)) return;
    this.#cards = cards;
    this.#init.onChange();
  }

  async #hand(action: 'insert' | 'eject', body: unknown = {}): Promise<void> {
    await this.#ask(`/world/readers/${encodeURIComponent(this.#init.readerId)}/${action}`, 'POST', body);
  }

  async #ask(path: string, method: 'GET' | 'POST', body?: unknown): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#init.sandboxUrl), {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw unavailable(path, cause);
    }
    if (!response.ok) throw unavailable(path, undefined, response.status);
    const text = await answerText(response, JSON_LENGTH);
    return text === '' ? null : parseJson(text);
  }
}

function unavailable(path: string, cause: unknown, status?: number): HostError {
  return new HostError({
    code: 'sandbox.unavailable',
    message: 'The sandbox did not do what was asked. Check that its grid process is running.',
    cause,
    context: { path, status },
  });
}
