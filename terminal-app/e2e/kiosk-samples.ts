import type { Page } from 'playwright-core';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { HostStatus, PrinterState, PrinterStatus, PrintJob } from '../src/ipc/map.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { SAMPLE_REMOTE_CARD_VIEWS } from './sample-remote-card-views.ts';
import { STAFF_SAMPLES } from './sample-staff.ts';
import { orderNo, SAMPLE_VIEWS } from './sample-views.ts';

export const SAMPLE_STATUS: HostStatus = {
  terminalId: 't1',
  version: '0.1.0',
  server: 'online',
  clock: null,
  entry: 'kiosk',
  helpPhone: '0991-95598',
  voice: 'normal',
  notice: {
    'zh-CN': '今晚二十二点到次日凌晨两点系统维护，期间不能购电，请提前安排。给您带来不便，敬请谅解。',
    en: 'No electricity can be bought tonight from 22:00 to 02:00 while the system is maintained.',
  },
  standing: null,
  blocked: false,
  printer: null,
  sandbox: null,
};

const viewOf = (name: keyof typeof SAMPLE_VIEWS): PurchaseView => SAMPLE_VIEWS[name] ?? { screen: 'reading' };

/** Presses, and waits for what the press brings, which follows it by a frame. */
const bringing =
  (pressed: string, brought: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(pressed).click();
    await page.locator(brought).waitFor();
  };
const toHelp = bringing('footer .help', 'dialog.help');
const toKeypad = bringing('.choice.other', '.keypad');
const toReceipt = bringing('.take', 'dialog.keep');

/** The sample order's paper. */
function paper(state: PrinterState, job: PrintJob['state']): PrinterStatus {
  return { state, job: { orderNo, state: job, again: false } };
}

/** On a desk, and where amounts and the card's purchases are beside each other; what a household reads too is not. */
function isDense({ staff, view }: Partial<Pick<KioskSample, 'staff' | 'view'>>): boolean {
  if (staff?.state !== 'in' || staff.at !== 'desk') return false;
  return view === undefined || view.screen === 'amount';
}

/**
 * The one list of the kiosk's screens: what is measured, photographed and put on the contact sheet. A new view goes to
 * `sample-views.ts`; what needs a press, another status or a session beside it goes here.
 */
export const KIOSK_SAMPLES: Readonly<Record<string, KioskSample>> = {
  ...Object.fromEntries(
    Object.entries(SAMPLE_VIEWS).map(([name, view]): [string, KioskSample] => [name, { view }]),
  ),
  'wait-clock': { view: viewOf('wait'), status: { clock: { skewMs: 5_400_000, wrong: true }, notice: null } },
  'wait-away': { view: viewOf('wait'), status: { server: 'away', notice: null } },
  paused: { view: viewOf('wait'), status: { blocked: true } },
  'paused-card': {
    view: {
      ...{ screen: 'problem', code: 'unexpected', staffCode: 'terminal.blocked', orderNo: null },
      ...{ moneySafe: 'nothing-taken', canRetry: true },
    },
    status: { blocked: true },
  },
  suspended: { view: viewOf('wait'), status: { standing: 'suspended' } },
  retired: { view: viewOf('wait'), status: { standing: 'retired' } },
  rejected: { view: viewOf('wait'), status: { standing: 'rejected' } },
  help: { view: viewOf('amount'), act: toHelp },
  'help-asking': { view: viewOf('amount-asking'), act: toHelp },
  'keypad-asking': { view: viewOf('amount-asking'), act: toKeypad },
  keypad: { view: viewOf('amount'), act: toKeypad },
  'done-print': { view: viewOf('done'), status: { printer: { state: 'ready', job: null } }, act: toReceipt },
  'done-printing': { view: viewOf('done'), status: { printer: paper('ready', 'printing') }, act: toReceipt },
  'done-printed': { view: viewOf('done'), status: { printer: paper('ready', 'printed') }, act: toReceipt },
  'done-no-paper': {
    view: viewOf('done'),
    status: { printer: paper('paper-out', 'waiting') },
    act: toReceipt,
  },
  'credited-print-failed': {
    view: viewOf('credited'),
    status: { printer: paper('absent', 'failed') },
    act: toReceipt,
  },
  'cash-receipt': { view: viewOf('done-cash-back'), act: bringing('button.paper', 'dialog.receipt') },
  'cash-staff-pin': {
    view: viewOf('cash-staff'),
    act: async (page) => {
      for (const digit of '104817274') await page.locator('.keys').getByText(digit, { exact: true }).click();
    },
  },
  ...Object.fromEntries(
    Object.entries(SAMPLE_REMOTE_CARD_VIEWS).map(([name, remote]): [string, KioskSample] => [
      name,
      { view: viewOf('wait'), remote },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(STAFF_SAMPLES).map(([name, sample]): [string, KioskSample] => [
      name,
      { view: viewOf('wait'), ...(isDense(sample) ? { dense: true } : {}), ...sample },
    ]),
  ),
};
