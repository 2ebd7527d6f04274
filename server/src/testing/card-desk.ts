import { expect } from 'vitest';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import type { AdminCardSession, AskedCommand } from '@bianmin/purchase/api/card-session';
import { RemoteCardWorld } from './remote-card-world.ts';
import type { RemoteKiosk } from './remote-kiosk.ts';

/** Staff at the console who work on cards in kiosks from afar, with the real web process between. */
export class CardDesk {
  readonly w: RemoteCardWorld;
  /** Token of a staff member who may inspect and rewrite. */
  readonly staff: string;

  private constructor(w: RemoteCardWorld, staff: string) {
    this.w = w;
    this.staff = staff;
  }

  /** `layouts`: as `RemoteCardWorld.open`. */
  static async open(layouts?: CardLayouts): Promise<CardDesk> {
    const w = await RemoteCardWorld.open({}, layouts);
    return new CardDesk(w, await w.staff('helper'));
  }

  close(): Promise<void> {
    return this.w.close();
  }

  /** Looks again and again, and lets the kiosk ask before each look. */
  poll(kiosk: RemoteKiosk, look: () => unknown): ReturnType<typeof expect.poll> {
    return expect.poll(
      () => {
        kiosk.remote.kick();
        return look();
      },
      { interval: 10 },
    );
  }

  /** A session that its kiosk's person is asked about; `body`: over an inspection. */
  async opened(kiosk: RemoteKiosk, body: object, token = this.staff): Promise<AdminCardSession> {
    const { status, session } = await this.w.admin(token, '', {
      terminalId: kiosk.terminal.id,
      kind: 'inspect',
      reason: 'the meter refuses the card',
      ...body,
    });
    expect(status).toBe(201);
    await this.poll(kiosk, () => kiosk.remote.view.state).toBe('asked');
    return session;
  }

  /** One that the kiosk's person said yes to. */
  async joined(kiosk: RemoteKiosk, body: object, token = this.staff): Promise<AdminCardSession> {
    const session = await this.opened(kiosk, body, token);
    await kiosk.remote.command('yes');
    const state = async (): Promise<string> =>
      (await this.w.admin(this.staff, `GET /${session.id}`)).session.state;
    await expect.poll(state).toBe('working');
    return session;
  }

  /** Puts step `n` and waits for what came of it. */
  async step(
    kiosk: RemoteKiosk,
    id: string,
    n: number,
    command: AskedCommand | object,
  ): Promise<AdminCardSession> {
    const put = await this.w.admin(this.staff, `/${id}/steps`, { n, command });
    expect([put.status, put.code]).toEqual([200, '']);
    let session = put.session;
    await expect
      .poll(
        async () => {
          kiosk.remote.kick();
          session = (await this.w.admin(this.staff, `GET /${id}`)).session;
          return session.steps[n - 1]?.answeredAt ?? session.end;
        },
        { interval: 10 },
      )
      .not.toBeNull();
    return session;
  }
}
