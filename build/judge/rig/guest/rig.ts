import { openPcscPort } from '@bianmin/card/node/pcsc-port';
import { forkReaderChild } from '@bianmin/card/node/reader-fork';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openUsbBus } from '@bianmin/card/node/usb-bus';
import { watchPcscReaders } from '@bianmin/card/reader/pcsc-readers';
import { watchReaders, type Readers } from '@bianmin/card/reader/readers';
import type { CardSession, CardSlot } from '@bianmin/card/reader/slot';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { MeterCard } from '@bianmin/card/testing/meter-files';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase, type SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { writePurchase } from '@bianmin/card/testing/write-purchase';
import type { PcscPort } from '@bianmin/card/usb/ports';
import type { Host } from './host.ts';

/** How the readers are reached: ours over the `usb` package, or by pcscd and libccid. */
export const VIAS = ['usb', 'pcsc'] as const;
export type Via = (typeof VIAS)[number];

const CLOCK = systemClock;
/** An emulated processor takes its time; what hangs takes longer. */
const SEEN_MS = 30_000;
const LOOK_MS = 25;
/** QEMU's reader tells of a change within 255 ms. */
const NOTICE_MS = 400;

interface CardInit {
  readonly seed: number;
  readonly of?: MeterCard;
  readonly protocol?: 'T0' | 'T1';
  readonly seat?: number;
}

/** What a case does with readers and cards. */
export class Rig {
  readonly host: Host;
  readonly via: Via;
  /** What readers could not be opened for. */
  readonly faults: unknown[] = [];
  readonly #open: Readers[] = [];

  constructor(host: Host, via: Via) {
    this.host = host;
    this.via = via;
  }

  /** The readers, as the kiosk watches them. */
  async readers(): Promise<Readers> {
    const readers =
      this.via === 'usb'
        ? await watchReaders(await openUsbBus(CLOCK), (_, error) => this.faults.push(error), CLOCK)
        : await watchPcscReaders(await this.#service());
    this.#open.push(readers);
    return readers;
  }

  /** An emulated processor may need longer than the port waits for the service. */
  async #service(): Promise<PcscPort> {
    for (let again = 0; ; again += 1) {
      try {
        return await openPcscPort({ clock: CLOCK, start: () => forkReaderChild('pcsc') });
      } catch (error) {
        if (again === 3) throw error;
      }
    }
  }

  /** Readers with one plugged in. */
  async oneReader(seat = 0): Promise<{ readers: Readers; slot: CardSlot }> {
    const readers = await this.readers();
    await this.until('readers of before are gone', () => readers.slots().length === 0);
    await this.host.ask('plug', { seat });
    return { readers, slot: await this.slot(readers, 1) };
  }

  /** The slot that is there beside others, once there are so many. */
  async slot(readers: Readers, count: number, others: readonly CardSlot[] = []): Promise<CardSlot> {
    await this.until(`${count} readers are seen`, () => readers.slots().length === count);
    const slot = readers.slots().find((each) => !others.includes(each));
    if (slot === undefined) throw new Error('There is no slot.');
    return slot;
  }

  /** A household's card, put in, and seen to be in. */
  async card(slot: CardSlot, init: CardInit): Promise<SamplePurchase> {
    const purchase = await this.cardIn(init);
    await this.until('the card is seen', () => slot.present());
    return purchase;
  }

  /** The same, seen or not. */
  async cardIn({ seed, of = 'CPU', protocol = 'T0', seat = 0 }: CardInit): Promise<SamplePurchase> {
    await this.host.ask('card', { seat, of, seed, protocol });
    await this.host.ask('insert', { seat });
    return samplePurchase(of, { cipher: tripleDes, seed, protocol });
  }

  async insert(slot: CardSlot, seat = 0): Promise<void> {
    await this.host.ask('insert', { seat });
    await this.until('the card is seen', () => slot.present());
  }

  async remove(slot: CardSlot, seat = 0): Promise<void> {
    await this.host.ask('remove', { seat });
    await this.until('the card is seen to be gone', async () => !(await slot.present()));
    // Else one notice tells of this card, and of the next one that comes and goes before it.
    await CLOCK.sleep(NOTICE_MS);
  }

  write(
    slot: Pick<CardSlot, 'model' | 'open'>,
    purchase: SamplePurchase,
    journal = new MemoryJournal(),
  ): Promise<void> {
    return writePurchase(slot, purchase, { journal, clock: CLOCK });
  }

  /** The card is taken to its meter, twice: it credits what was bought, once. */
  async isCreditedOnce({ amountFen }: SamplePurchase, seat = 0): Promise<void> {
    const first = await this.host.ask('meter', { seat });
    same('credited', `${first.creditedFen} ${first.error ?? ''}`, `${amountFen} `);
    same('credited again', (await this.host.ask('meter', { seat })).creditedFen, 0);
  }

  /** A session on its card, once there is one again: a service that hung is started anew. */
  async session(readers: Readers): Promise<CardSession> {
    const opened: CardSession[] = [];
    await this.until('the card can be used', async () => {
      const session = await readers
        .slots()[0]
        ?.open()
        .catch(() => undefined);
      if (session !== undefined) opened.push(session);
      return opened.length > 0;
    });
    return opened[0] as CardSession;
  }

  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = CLOCK.monotonic() + SEEN_MS;
    while (!(await isSo())) {
      if (CLOCK.monotonic() > end) throw new Error(`It was waited in vain until ${what}.`);
      await CLOCK.sleep(LOOK_MS);
    }
  }

  async close(): Promise<void> {
    for (const readers of this.#open) await readers.close();
  }
}

export function same(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: ${String(got)} where ${String(wanted)} was wanted`);
}
