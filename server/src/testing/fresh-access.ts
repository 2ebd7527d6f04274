import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openAccess, type TestAccess } from './access.ts';
import { openTestContext, type TestContext } from './context.ts';

/** Where tests of persons and their rights call from. */
export const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };
export const PASSWORD = 'correct horse battery';

/** Users, roles, sessions and approvals, empty before each test. */
export class FreshAccess {
  readonly t: TestContext;
  clock = new ManualClock();
  access!: TestAccess;

  private constructor(t: TestContext) {
    this.t = t;
  }

  static async open(): Promise<FreshAccess> {
    return new FreshAccess(await openTestContext());
  }

  close(): Promise<void> {
    return this.t.close();
  }

  async fresh(): Promise<void> {
    const { t } = this;
    await t.empty();
    await t.redis.flushdb();
    t.db.deleteModel(/.*/);
    this.clock = new ManualClock();
    this.access = await openAccess(t, this.clock);
  }
}
