import type { Alert } from '../insight/alerts/alert.ts';
import type { Finding, Watch } from '../insight/alerts/finding.ts';
import { AlertWorld } from './alert-world.ts';
import { openTestContext, type TestContext } from './context.ts';

/** Alerts where a test says what the one watch finds. */
export class AlertFlow {
  readonly t: TestContext;
  world!: AlertWorld;
  /** What the one watch of these tests finds now. */
  found: Finding[] = [];
  readonly watch: Watch = {
    covers: ['channel.down', 'terminals.missing'],
    look: () => Promise.resolve(this.found),
  };

  private constructor(t: TestContext) {
    this.t = t;
  }

  static async open(): Promise<AlertFlow> {
    return new AlertFlow(await openTestContext());
  }

  close(): Promise<void> {
    return this.t.close();
  }

  async fresh(): Promise<void> {
    this.found = [];
    this.world = await AlertWorld.open(this.t, { watches: [this.watch] });
  }

  /** Of the whole province. */
  trouble(over: Partial<Finding> = {}): Finding {
    return {
      ...{ rule: 'channel.down', subject: 'alipay', orgPath: ['province'], count: 1 },
      ...{ since: new Date(this.world.clock.now()), ...over },
    };
  }

  inKashi(over: Partial<Finding> = {}): Finding {
    return this.trouble({
      ...{ rule: 'terminals.missing', subject: 'kiosk 1.0.0', orgPath: ['province', '653100'] },
      ...{ facts: { percent: 50 }, ...over },
    });
  }

  /** The first alert that is open. */
  async only(): Promise<Alert> {
    const [alert] = await this.world.stores.alerts.open();
    if (alert === undefined) throw new Error('Nothing is open.');
    return alert;
  }
}

/** What messages are about, by their heads. */
export function kindsOf(texts: readonly string[]): (string | undefined)[] {
  return texts.map((text) => /^【便民(.+?)】/u.exec(text)?.[1]);
}
