import { watchReaders } from '../../reader/readers.ts';
import type { MeterChip } from '../../testing/meter-files.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { samplePurchase, type SamplePurchase } from '../../testing/sample-purchase.ts';
import { SimulatedBus } from '../../testing/sim-bus.ts';
import type { ReaderFaults } from '../../testing/sim-faults.ts';
import { SimulatedReader } from '../../testing/sim-reader.ts';
import { FakeIo } from '../fake-io.ts';
import type { Io } from '../io.ts';

/** A person with a simulated card and reader, who does what the visit says as soon as it is said. */
export class AcceptingIo extends FakeIo {
  readonly sample: SamplePurchase;
  readonly reader: SimulatedReader;
  /** Everything that reached the card. */
  readonly sent: Uint8Array[] = [];
  /** What the person answers, by the start of the question; Enter to anything else. */
  answers: Readonly<Record<string, string | undefined>> = {};
  readonly ask: NonNullable<Io['ask']> = (question) => {
    const found = Object.keys(this.answers).find((start) => question.startsWith(start));
    return Promise.resolve(found === undefined ? '' : this.answers[found]);
  };
  readonly #bus = new SimulatedBus();

  constructor(chip: MeterChip, faults: ReaderFaults = {}) {
    super();
    this.env = { ...this.env, HOME: '/home/clerk' };
    this.sample = samplePurchase(chip, { cipher: tripleDes, seed: 3 });
    const { card } = this.sample;
    const transmit = card.transmit.bind(card);
    card.transmit = (apdu) => {
      this.sent.push(apdu.slice());
      return transmit(apdu);
    };
    this.reader = new SimulatedReader({ clock: this.clock });
    this.reader.faults = faults;
    this.reader.insert(card);
    this.#bus.plug(this.reader);
  }

  override openReaders: FakeIo['openReaders'] = async () => {
    const readers = await watchReaders(this.#bus, () => undefined, this.clock);
    return {
      slots: () => readers.slots().map((slot) => ({ slot, driven: 'simulated' as const })),
      onChange: (listener) => readers.onChange(listener),
      faults: [],
      close: () => readers.close(),
    };
  };

  /** What is said is done. */
  override readonly out = (text: string): void => {
    this.said.push(text);
    setImmediate(() => this.#obey(text));
  };

  #obey(text: string): void {
    const { reader, sample } = this;
    if (text.includes('Take the card out')) reader.eject();
    if (text.includes('Put it in again')) reader.insert(sample.card);
    if (text.includes('as fast as you can')) reader.swap(sample.card);
    if (text.includes('Now unplug')) this.#bus.unplug(reader);
    if (text.includes('Now plug')) this.#bus.plug(reader);
  }

  /** Runs a command line while time goes by. */
  async visit(line: string): ReturnType<FakeIo['run']> {
    const state = { over: false };
    const running = this.run(line).finally(() => (state.over = true));
    for (let i = 0; i < 40_000 && !state.over; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.jump(20);
    }
    return running;
  }
}
