import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { adminTerminal } from '@bianmin/purchase/api/admin-terminals';
import { Operator } from '../../build/run/dev/operator.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { type Clerk, Committee } from './committee.ts';
import type { KioskPage } from './kiosk-page.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

/** What every household of these tests buys, fen. */
export const FACE_FEN = 5000;

/** Of `/v1/admin/terminals`. */
export const terminalList = z.object({ terminals: z.array(adminTerminal) });

/** A clerk in front of a kiosk, and who sees the same at the console. */
export interface AtCounter {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly sandbox: SandboxClient;
  readonly operator: Operator;
  readonly clerk: Clerk;
  /** As it is opened for each test. */
  readonly kiosk: KioskPage;
  /** By the keyboard alone. */
  signIn(pin?: string): Promise<void>;
  leave(): Promise<void>;
  /** A picture of the kiosk, of this name. */
  shoot(name: string): Promise<void>;
}

/**
 * A stack of its own for a file's tests, with a clerk of a committee that has a float; `ready` is called before each test.
 * `shots`: the folder of its pictures.
 */
export function atCounter(shots: string, ready: (at: AtCounter) => void): void {
  let around: Pick<AtCounter, 'stack' | 'browser' | 'sandbox' | 'operator' | 'clerk'>;
  onRealStack(
    shots,
    async (on) => {
      const committee = await Committee.open(on.stack, 10_000_000);
      const clerk = await committee.clerk('zhang', '274913');
      around = { ...on, clerk, operator: await Operator.login(on.stack) };
    },
    // A sale that the grid never heard of is given up soon.
    { env: { server: { LEASE_MS: '2000', GRID_TIMEOUT_MS: '3000', GRID_HORIZON_MS: '500' } } },
  );
  eachAtKiosk({
    on: () => around,
    shots,
    ready: (kiosk) => {
      const { staffNumber, pin: own } = around.clerk;
      ready({
        ...around,
        kiosk,
        signIn: async (pin = own) => {
          const { page } = kiosk;
          await page.keyboard.press('F9');
          // Who took cash at a resident's own purchase is aside, and says the PIN alone.
          const aside = page.getByText(/，请输入密码$/u);
          await page.getByText('工作人员登录').or(aside).first().waitFor();
          await page.keyboard.type((await aside.isVisible()) ? pin : staffNumber + pin);
          await page.keyboard.press('Enter');
        },
        leave: async () => {
          await kiosk.page.keyboard.press('Escape');
          await kiosk.reads('请把电卡插进读卡器');
        },
        shoot: (name) => kiosk.shots(shots, name),
      });
    },
  });
}
