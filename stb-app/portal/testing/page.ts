import { createContext, runInContext } from 'node:vm';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { portalSources } from '../../../build/run/portal/pages.ts';
import { PORTAL_LANGUAGES, portalWords } from '../../../build/run/portal/words.ts';
import site from '../site.json' with { type: 'json' };

/** What the pages draw, as far as tests look at it. */
export interface SeenScreen {
  readonly name: string;
  readonly title: string;
  readonly lines?: readonly string[];
  readonly code?: string;
  readonly choices?: readonly { readonly id: string; readonly act: () => void; readonly words: string }[];
}

export interface Asked {
  readonly method: string;
  readonly address: string;
  readonly key?: string;
  readonly body?: unknown;
}

export interface PageInit {
  /** What the box's browser gives pages: `STBAppManager` and its like. */
  readonly box?: Readonly<Record<string, unknown>>;
  readonly userAgent?: string;
  readonly search?: string;
  /** In place of what `site.json` says. */
  readonly site?: Readonly<Record<string, unknown>>;
  /** Answers a request; a status alone, or with what comes. */
  readonly server: (asked: Asked) => readonly [status: number, answer?: unknown];
}

type Later = { readonly at: number; readonly run: () => void; readonly every?: number };

/** The pages' scripts without a browser: nothing is drawn, time is the test's. */
export class PortalInVm {
  screen: SeenScreen | undefined;
  readonly asked: Asked[] = [];
  readonly location = {
    search: '',
    protocol: 'http:',
    host: 'portal.test',
    href: 'http://portal.test/portal/',
  };
  backs = 0;
  readonly #context: Record<string, unknown>;
  readonly #later = new Map<number, Later>();
  #now = 1_800_000_000_000;
  #ids = 0;

  private constructor(sources: string, init: PageInit) {
    this.location.search = init.search ?? '';
    const clock = (): number => this.#now;
    class PageDate extends Date {
      constructor() {
        super(clock());
      }
    }
    const document = { addEventListener: () => undefined, onkeydown: undefined };
    const window = {
      ...init.box,
      location: this.location,
      navigator: { userAgent: init.userAgent ?? 'Mozilla/5.0 (Linux; Android 7.1.2; B860AV2.1)' },
      history: { back: () => (this.backs += 1) },
    };
    this.#context = createContext({
      ...{ window, document, Date: PageDate },
      setTimeout: (run: () => void, ms: number) => this.#plan({ at: this.#now + ms, run }),
      clearTimeout: (id: number) => this.#later.delete(id),
      setInterval: (run: () => void, ms: number) => this.#plan({ at: this.#now + ms, run, every: ms }),
    });
    runInContext(sources, this.#context);
    this.#context['draw'] = (screen: SeenScreen) => {
      this.screen = screen;
      this.#context['drawn'] = screen;
    };
    this.#context['load'] = (
      method: string,
      address: string,
      what: { key?: string; body?: unknown },
      then: (status: number, answer: unknown) => void,
    ) => {
      const asked = { method, address, ...what };
      this.asked.push(asked);
      const [status, answer = null] = init.server(asked);
      then(status, answer);
    };
  }

  static async open(init: PageInit): Promise<PortalInVm> {
    const sources = await portalSources();
    const page = new PortalInVm(sources, init);
    const words = portalWords(sources)['zh-CN'];
    page.call('runPortal', { ...site, ...init.site }, PORTAL_LANGUAGES, words, CHANNELS);
    return page;
  }

  /** A function of the pages' own. */
  call(name: string, ...given: readonly unknown[]): unknown {
    return (this.#context[name] as (...given: readonly unknown[]) => unknown)(...given);
  }

  /** A key of the remote, 150 ms after the last. */
  press(code: number): void {
    this.advance(150);
    this.pressNow(code);
  }

  pressNow(code: number): void {
    const { onkeydown } = this.#context['document'] as { onkeydown: (event: object) => void };
    onkeydown({ which: code, keyCode: code, preventDefault: () => undefined });
  }

  choose(id: string): void {
    const choice = this.screen?.choices?.find((each) => each.id === id);
    if (choice === undefined) throw new Error(`Screen ${this.screen?.name ?? '-'} offers no ${id}.`);
    choice.act();
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#later].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > until) break;
      const [id, { at, run, every }] = next;
      this.#now = at;
      this.#later.delete(id);
      if (every !== undefined) this.#later.set(id, { at: at + every, run, every });
      run();
    }
    this.#now = until;
  }

  #plan(later: Later): number {
    this.#ids += 1;
    this.#later.set(this.#ids, later);
    return this.#ids;
  }
}
