import type { Delivery } from './model.ts';
import type { OPERATIONS } from './faults-request.ts';
import {
  type ApiEntry,
  type FaultsRequest,
  type Named,
  type NormalFaults,
  type NotifyEntry,
  type RefundEntry,
  type RefundPolicy,
  type Settings,
  faultsRequest,
} from './faults-request.ts';

const NORMAL: Settings = {
  outage: false,
  signWith: 'publicKeyMode',
  expiry: 'close',
  refundOutcome: 'SUCCESS',
  refundDelayMs: 0,
  timeScale: 1,
  lateMs: 2_000,
  billsAtOnce: false,
  billLies: [],
  billFault: 'none',
};

/** The knobs: settings that stay, and lists of faults that are used up one by one. */
export class Faults {
  readonly #normal: Settings;
  #settings: Settings;
  #api: ApiEntry[] = [];
  #notify: NotifyEntry[] = [];
  #refunds: RefundEntry[] = [];

  /** `normal`: the settings at the start and after `reset`, where they differ from `NORMAL`. */
  constructor(normal: NormalFaults = {}) {
    this.#normal = changed(NORMAL, normal);
    this.#settings = this.#normal;
  }

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  /** Settings and what is left of the lists. */
  view(): Settings & {
    api: readonly ApiEntry[];
    notify: readonly NotifyEntry[];
    refunds: readonly RefundEntry[];
  } {
    return { ...this.#settings, api: this.#api, notify: this.#notify, refunds: this.#refunds };
  }

  set(request: FaultsRequest): void {
    const { reset, add = false, api, notify, refunds, ...settings } = faultsRequest.parse(request);
    if (reset === true) {
      this.#settings = this.#normal;
      this.#api = [];
      this.#notify = [];
      this.#refunds = [];
    }
    this.#settings = changed(this.#settings, settings);
    if (api !== undefined) this.#api = add ? [...this.#api, ...api] : api;
    if (notify !== undefined) this.#notify = add ? [...this.#notify, ...notify] : notify;
    if (refunds !== undefined) this.#refunds = add ? [...this.#refunds, ...refunds] : refunds;
  }

  /** Told each time when a call gets no answer: a caller that waits for it may as well give up. */
  onSilence: () => void = () => undefined;

  /** `said`: the request's text, which names the number that it is about. */
  takeApi(operation: (typeof OPERATIONS)[number], said = ''): ApiEntry | undefined {
    return take(this.#api, operation, ({ about }) => said.includes(about));
  }

  takeNotify(kind: Delivery['kind'], number: string): NotifyEntry | undefined {
    return take(this.#notify, kind, ({ about }) => number.startsWith(about));
  }

  /** Of a refund that the books did not have before. */
  takeRefund(number: string): RefundPolicy {
    const { refundOutcome: outcome, refundDelayMs: delayMs } = this.#settings;
    const fits = ({ about }: RefundEntry): boolean => number.startsWith(about);
    return take(this.#refunds, 'any', fits) ?? { outcome, delayMs, shortFen: 0 };
  }
}

function changed(settings: Settings, named: Named): Settings {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

function take<Entry extends { on?: string; times: number }>(
  entries: Entry[],
  on: string,
  fits: (entry: Entry) => boolean = () => true,
): Entry | undefined {
  const index = entries.findIndex((each) => [on, 'any', undefined].includes(each.on) && fits(each));
  const entry = entries[index];
  if (entry === undefined) return undefined;
  entry.times -= 1;
  if (entry.times === 0) entries.splice(index, 1);
  return entry;
}
