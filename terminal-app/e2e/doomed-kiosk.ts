import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { programArgs } from '../../build/run/dev/programs.ts';
import { Patron } from '../../build/judge/journey/drive.ts';
import type { HostBridge } from '../src/ipc/map.ts';
import { KIOSK_CHILD } from './build-once.ts';
import type { FaultBench } from './fault-kit.ts';

/** A kiosk in a process of its own, which may be killed, with a person in front of it. */
export class DoomedKiosk {
  readonly readerId: string;
  readonly patron: Patron;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  readonly #listeners = new Set<(view: PurchaseView) => void>();
  #view: PurchaseView = { screen: 'reading' };

  private constructor(readerId: string, env: Readonly<Record<string, string>>) {
    this.readerId = readerId;
    this.#env = env;
    const bridge: Pick<HostBridge, 'call' | 'on'> = {
      call: (name: string, request: object | null) => {
        if (name === 'purchase.command' && request !== null) this.#child?.send(request);
        return Promise.resolve(name === 'purchase.view' ? this.#view : null);
      },
      on: ((_: string, listener: (view: PurchaseView) => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      }) as unknown as HostBridge['on'],
    };
    this.patron = new Patron(bridge);
  }

  static async open({ stack, operator }: FaultBench, readerId: string): Promise<DoomedKiosk> {
    const kiosk = new DoomedKiosk(readerId, {
      BIANMIN_SERVER_URL: stack.urls.webUrl,
      BIANMIN_SANDBOX_URL: stack.urls.gridUrl,
      BIANMIN_DATA_DIR: await mkdtemp(join(tmpdir(), 'bianmin-doomed-')),
      BIANMIN_READER_ID: readerId,
      BIANMIN_TERMINAL_NAME: readerId,
      BIANMIN_ENROL_CODE: await operator.enrolCode(),
    });
    await kiosk.start();
    return kiosk;
  }

  async start(): Promise<void> {
    const args = programArgs(KIOSK_CHILD);
    const child = fork(args.at(-1) ?? '', {
      execArgv: args.slice(0, -1),
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    child.on('message', (view) => {
      this.#view = view as PurchaseView;
      for (const listener of [...this.#listeners]) listener(this.#view);
    });
    await once(child, 'message');
  }

  /** What was paid is offered, or goes on by itself where the grid was not through yet. */
  async finish(orderNo: string): Promise<void> {
    const view = await this.patron.until('resume', 'done');
    expect(view).toMatchObject({ orderNo });
    if (view.screen === 'resume') await this.patron.command({ type: 'resume' });
    await this.patron.until('done');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#env['BIANMIN_DATA_DIR'] ?? '', { recursive: true, force: true });
  }
}
