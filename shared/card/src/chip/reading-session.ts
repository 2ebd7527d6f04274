import type { CardSession } from '../reader/slot.ts';
import { INS } from './cpu/commands.ts';
import { decodeBusCommand, OMNIKEY_BUS } from './dialect/omnikey.ts';
import { ChipError } from './error.ts';

/** Of ACS readers' pseudo-APDUs: the card's type, and reads of memory, counters, protection and registers. */
const PSEUDO_READS: ReadonlySet<number> = new Set([0xa4, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4]);
/** Of a CPU card's own: SELECT, GET CHALLENGE, READ BINARY, READ RECORD, GET RESPONSE. */
const OWN_READS: ReadonlySet<number> = new Set([0xa4, 0x84, 0xb0, 0xb2, 0xc0]);
/** On the chip's own bus: reads of SLE4442, and of SLE4428, where address bits stand above the operation. */
const TWO_WIRE_READS: ReadonlySet<number> = new Set([0x30, 0x31, 0x34]);
const THREE_WIRE_READS: ReadonlySet<number> = new Set([0x0c, 0x0e]);
const OPERATION = 0x3f;
const CHALLENGE = Uint8Array.of(0x00, INS.getChallenge, 0x00, 0x00, 0x08);

/**
 * Lets only reading through, by a list of what reads: everything else is `chip.unsupported`, and no byte of it reaches the card.
 * `heard` is told of what passed: the command, and its answer or error.
 */
export class ReadingSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #session: CardSession;
  readonly #heard: (apdu: Uint8Array, answer: unknown) => void;

  constructor(session: CardSession, heard: (apdu: Uint8Array, answer: unknown) => void = () => undefined) {
    this.#session = session;
    this.#heard = heard;
    this.atr = session.atr;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (!reads(apdu)) {
      throw new ChipError({
        code: 'chip.unsupported',
        message: 'Only reading is done here; this command was not sent. Report it with the card’s name.',
        context: { cla: apdu[0], ins: apdu[1] },
      });
    }
    try {
      const answer = await this.#session.transmit(apdu);
      this.#heard(apdu, answer);
      return answer;
    } catch (error) {
      this.#heard(apdu, error);
      throw error;
    }
  }

  /** GET CHALLENGE of eight bytes: a card that does not know it says so, and nothing comes of it. */
  challenge(): Promise<Uint8Array> {
    return this.transmit(CHALLENGE);
  }

  end(): Promise<void> {
    return this.#session.end();
  }
}

/** Whether a command reads and does nothing else. */
export function reads(apdu: Uint8Array): boolean {
  const [cla, ins = 0] = apdu;
  if (cla === 0x00) return OWN_READS.has(ins);
  if (cla !== 0xff) return false;
  const bus = decodeBusCommand(apdu);
  if (bus === undefined) return PSEUDO_READS.has(ins);
  if (bus.bus === OMNIKEY_BUS.twoWire) return TWO_WIRE_READS.has(bus.control);
  return THREE_WIRE_READS.has(bus.control & OPERATION);
}
