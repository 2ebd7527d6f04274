import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { chinaDay, dayPlus } from '../../../server/src/kernel/china-time.ts';
import type { OrdersStack } from '../bench/orders-stack.ts';
import type { ReconciledDays } from './reconcile-days.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
const SCRIPT = join(import.meta.dirname, 'reconcile-days.ts');
/** Days are over on the day after the last. */
const OVER_DAYS = 1;

/** Reconciles the campaign's days, and one more in which late lines may stand, with the server's own parts. */
export class CampaignDays {
  readonly #on: OrdersStack;
  readonly #first: string;

  /** Before the first order. */
  constructor(on: OrdersStack) {
    this.#on = on;
    this.#first = chinaDay(new Date());
  }

  /** `metersFen`: what meters were credited in all. */
  async reconcile(metersFen: number): Promise<ReconciledDays> {
    const { stack, grid } = this.#on;
    const { world } = grid;
    const open = world.days.open();
    const today = chinaDay(new Date());
    const last = dayPlus(open > today ? open : today, 1);
    while (world.days.open() <= last) world.cutDay();
    const ahead = Date.parse(last) - Date.parse(today) + OVER_DAYS * DAY_MS;
    const args = [
      '--first',
      this.#first,
      '--last',
      last,
      '--ahead',
      String(ahead),
      '--meters',
      String(metersFen),
    ];
    const { stdout } = await run(process.execPath, ['--import', 'tsx', SCRIPT, ...args], {
      env: { ...process.env, ...stack.serverEnv },
      maxBuffer: 256 * 1024 * 1024,
    });
    const line = stdout.trim().split('\n').at(-1) ?? '';
    return JSON.parse(line) as ReconciledDays;
  }
}
