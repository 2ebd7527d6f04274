import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import { CARD_RECEIPT } from '../../../e2e/printer/sample-receipts.ts';
import { TcpPlug } from '../../../e2e/printer/tcp-plug.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { PatientClock } from '../../testing/patient-clock.ts';
import { PRINTER_MODELS } from './models.ts';
import { Printing } from './printing.ts';
import type { Line } from './line.ts';
import { tcpPrinter } from './tcp-printer.ts';

const { orderNo } = CARD_RECEIPT;
const OTHER = '261127120000000999';
const FAST = 100;

let clock: PatientClock;
let printer: VirtualPrinter;
let plug: TcpPlug;
let printing: Printing;
let asked: string[];
let serverAway: boolean;
beforeEach(async () => {
  clock = new PatientClock(FAST);
  printer = new VirtualPrinter({ dots: 576 });
  plug = new TcpPlug(printer);
  await plug.plugIn();
  [asked, serverAway] = [[], false];
  const receipt = (no: string): Promise<Receipt> => {
    asked.push(no);
    if (serverAway) return Promise.reject(new CodedError({ code: 'server.unavailable', message: 'Away.' }));
    if (no === OTHER) return Promise.reject(new CodedError({ code: 'order.not-found', message: 'None.' }));
    return Promise.resolve({ ...CARD_RECEIPT, orderNo: no });
  };
  const { hostname, port } = new URL(plug.url);
  printing = new Printing({
    link: tcpPrinter({ host: hostname, port: Number(port), clock: systemClock }),
    model: PRINTER_MODELS['generic-80'],
    ...{ receipt, helpPhone: '95598', clock },
    onChange: () => undefined,
    onFault: () => undefined,
  });
  printing.start();
  await says({ state: 'ready' });
});
afterEach(async () => {
  await printing.stop();
  await plug.pull();
  clock.stop();
});

const says = (status: object): Promise<void> => expect.poll(() => printing.status).toMatchObject(status);
const texts = (): string[] => printer.receipts.map(({ text }) => text);

describe('a receipt', () => {
  it('is printed once, and says that it was', async () => {
    printing.print({ orderNo, language: 'en' });
    printing.print({ orderNo, language: 'en' });
    await says({ job: { orderNo, state: 'printed', again: false } });
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain('770X-9RM3-G0CT-KPJQ');
    expect(texts()[0]).not.toContain('补打');
  });

  it('that is printed a second time says so, to residents and staff alike', async () => {
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ job: { state: 'printed' } });
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ job: { state: 'printed', again: true } });
    printing.print({ orderNo: '261127120000000124', language: 'zh-CN' }, true);
    await says({ job: { orderNo: '261127120000000124', state: 'printed', again: true } });
    expect(texts().map((text) => text.includes('补打'))).toEqual([false, true, true]);
  });

  it('is not alone: a slip of staff’s is printed without asking for anything, and stays when the screen changes', async () => {
    const slip = (again: boolean): Line[] => [
      { is: 'text', text: again ? '补打 交接单' : '交接单', language: 'zh-CN' },
    ];
    for (const again of [false, true]) {
      printing.printSlip('a-shift', slip);
      printing.printSlip('a-shift', slip);
      printing.shows(undefined);
      await says({ job: { orderNo: 'a-shift', state: 'printed', again } });
    }
    expect(texts().map((text) => [text.includes('交接单'), text.includes('补打')])).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(asked).toEqual([]);
  });

  it('waits for paper and for a closed cover, and prints by itself', async () => {
    printer.loadPaper(0);
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ state: 'paper-out', job: { state: 'waiting' } });
    expect(asked).toEqual([]);
    printer.openCover(true);
    await says({ state: 'cover-open' });
    printer.loadPaper();
    printer.openCover(false);
    await says({ state: 'ready', job: { state: 'printed' } });
    expect(texts()).toHaveLength(1);
  });

  it('goes on where it stopped when the paper ends in the middle of it', async () => {
    printer.loadPaper(200);
    printing.print({ orderNo, language: 'ug' });
    await says({ state: 'paper-out', job: { state: 'waiting' } });
    expect(texts()).toEqual([]);
    expect(printer.unfinished.length).toBeGreaterThan(0);
    printer.loadPaper();
    await says({ job: { state: 'printed' } });
    expect(texts()).toHaveLength(1);
    expect(texts()[0]?.match(/购电凭证/g)).toHaveLength(1);
  });

  it('is printed anew by a printer that was unplugged in the middle of it', async () => {
    printer.loadPaper(200);
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ state: 'paper-out' });
    await plug.pull();
    await says({ state: 'absent', job: { state: 'waiting' } });
    printer.loadPaper();
    await plug.plugIn();
    await says({ state: 'ready', job: { state: 'printed' } });
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain('购电凭证');
  });

  it('waits for the server too', async () => {
    serverAway = true;
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ state: 'ready', job: { state: 'waiting' } });
    serverAway = false;
    await says({ job: { state: 'printed' } });
  });

  it('that is not waited for any more is not printed: its screen is gone', async () => {
    printing.shows(orderNo);
    printer.loadPaper(0);
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ state: 'paper-out', job: { state: 'waiting' } });
    printing.shows(undefined);
    await says({ job: null });
    printer.loadPaper();
    await says({ state: 'ready', job: null });
    expect([texts(), asked]).toEqual([[], []]);
  });

  it('that staff asked for outlives the screen, and is given up after three minutes', async () => {
    printer.loadPaper(0);
    printing.print({ orderNo, language: 'zh-CN' }, true);
    printing.shows(undefined);
    await says({ job: { state: 'waiting', again: true } });
    await says({ job: { state: 'failed' } });
    printer.loadPaper();
    await says({ state: 'ready' });
    expect(texts()).toEqual([]);
  });

  it('of an order that was never paid is given up at once', async () => {
    printing.print({ orderNo: OTHER, language: 'zh-CN' }, true);
    await says({ job: { orderNo: OTHER, state: 'failed' } });
    expect(asked).toEqual([OTHER]);
  });

  it('is taken for printed by a printer that never answers', async () => {
    printer.goMute();
    await says({ state: 'unknown' });
    printing.print({ orderNo, language: 'zh-CN' });
    await says({ job: { state: 'printed' } });
    // What was sent may still be on its way.
    await expect.poll(texts).toHaveLength(1);
  });
});
