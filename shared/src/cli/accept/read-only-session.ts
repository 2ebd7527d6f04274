import type { ChipDriver } from '../../chip/contract.ts';
import { decodeBusCommand, OMNIKEY_BUS } from '../../chip/dialect/omnikey.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { Exchange } from '../../transcript/format.ts';
import { CliError } from '../error.ts';
import { maskedExchange } from './masked-exchange.ts';

/** A driver as far as the visit has one: nothing that presents a code, tries a key or writes. */
export type ReadingDriver = Pick<ChipDriver, 'chip' | 'read' | 'tries' | 'dialect'>;

/** Of ACS readers' pseudo-APDUs: the card's type, and reads of memory, counters, protection and registers. */
const PSEUDO_READS: ReadonlySet<number> = new Set([0xa4, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4]);
/** Of a CPU card's own: SELECT, GET CHALLENGE, READ BINARY, READ RECORD, GET RESPONSE. */
const OWN_READS: ReadonlySet<number> = new Set([0xa4, 0x84, 0xb0, 0xb2, 0xc0]);
/** On the chip's own bus: reads of SLE4442, and of SLE4428, where address bits stand above the operation. */
const TWO_WIRE_READS: ReadonlySet<number> = new Set([0x30, 0x31, 0x34]);
const THREE_WIRE_READS: ReadonlySet<number> = new Set([0x0c, 0x0e]);
const OPERATION = 0x3f;

/**
 * Lets only reading through, by a list of what reads: everything else ends here, and no byte of it reaches the card. Keeps what
 * passed, with every byte of the card's masked.
 */
export class ReadOnlySession implements CardSession {
  readonly atr: Uint8Array;
  readonly exchanges: Exchange[] = [];
  readonly #session: CardSession;

  constructor(session: CardSession) {
    this.#session = session;
    this.atr = session.atr;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (!reads(apdu)) {
      throw new CliError({
        code: 'cli.reads-only',
        message: 'Only reading is done here; this command was not sent. Report it with the card’s name.',
        context: { cla: apdu[0], ins: apdu[1] },
      });
    }
    try {
      const answer = await this.#session.transmit(apdu);
      this.exchanges.push(maskedExchange(apdu, answer));
      return answer;
    } catch (error) {
      this.exchanges.push(maskedExchange(apdu, error));
      throw error;
    }
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
