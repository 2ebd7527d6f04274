import { concatBytes } from '../bytes/compare.ts';
import type { Clock } from '../clock.ts';
import { ACR38_STATUS, HEADER_LENGTH } from '../framing/acr38/constants.ts';
import {
  announcedAcr38Length,
  decodeAcr38Answer,
  decodeAcr38Notice,
  encodeAcr38Command,
} from '../framing/acr38/message.ts';
import type { Acr38Answer, Acr38Command } from '../framing/acr38/message.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import { encodeSlotChange } from '../framing/ccid/interrupt.ts';
import { decodeCommand, encodeResponse } from '../framing/ccid/message.ts';
import type { CcidCommand } from '../framing/ccid/message.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import { ArrivalQueue } from '../usb/hid-queue.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import { Acr38Slot, aborted } from './acr38-slot.ts';

/** What a class descriptor would say (R:acshk/acsccid src/ccid_usb.c): one slot, TPDU level. */
export const ACR38_DESCRIPTOR = encodeDescriptor({
  slots: 1,
  voltages: 0x07,
  protocols: 0x03,
  features: 0x1_0030,
  maxMessage: 271,
  maxIfsd: 248,
});

/** Packets are 64 bytes (full speed); longer messages go in several transfers, as the reader wants them. */
const PACKET = 64;
/** How often a wait for an answer looks whether it was given up. */
const SLICE_MS = 500;
/** How long an answer that was given up is waited for: what comes later would be taken for the next command's. */
const OWED_MS = 1_000;
/** Where it has not come by then, it is looked for before each command, for so long; later it never comes (unconfirmed). */
const STALE_MS = 20;
const SUSPECT_MS = 2_000;
/** A pipe that is silent for so long has nothing left of an answer that came too late. */
const QUIET_MS = 300;

/**
 * The old ACR38 as the CCID port that the whole stack above knows: each CCID command becomes one or more of the
 * reader's own. Its answers carry no number, so that one that comes too late cannot be told from the next: after an
 * abort the card counts as without power, and the pipe is emptied before the next command.
 */
export class Acr38Port implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array = ACR38_DESCRIPTOR;
  readonly #raw: UsbPort;
  readonly #answers: ArrivalQueue<Uint8Array | UsbError>;
  readonly #slot: Acr38Slot;
  #tail: Promise<void> = Promise.resolve();
  /** Grows with each abort: a wait of an older one is over. */
  #epoch = 0;
  #dirty = false;
  /** Whether the reader has a command that it has not answered. */
  #owed = false;
  /** An answer was waited for in vain: until then it may yet come. */
  #suspectUntil = 0;
  readonly #clock: Clock;

  constructor(raw: UsbPort, clock: Clock) {
    this.#raw = raw;
    this.info = raw.info;
    this.#clock = clock;
    this.#answers = new ArrivalQueue(clock);
    this.#slot = new Acr38Slot((command) => this.#exchange(command));
  }

  async bulkOut(data: Uint8Array): Promise<void> {
    const command = decodeCommand(data);
    if (command.name === 'abort') {
      this.#epoch++;
      this.#dirty = true;
      this.#slot.lose();
      // The reader knows no abort: what it still brings is let pass before the next command.
      this.#answers.push(encodeResponse(aborted(command)));
      return;
    }
    const epoch = this.#epoch;
    this.#tail = this.#tail.then(() => this.#carryOut(command, epoch));
    await Promise.resolve();
  }

  async bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    const arrival = await this.#answers.take(timeoutMs);
    if (arrival instanceof UsbError) throw arrival;
    if (arrival.length > maxLength) this.#answers.unshift(arrival.slice(maxLength));
    return arrival.slice(0, maxLength);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#raw.interruptIn(maxLength, timeoutMs).then((bytes) => {
      const notice = decodeAcr38Notice(bytes);
      return notice === undefined ? bytes : encodeSlotChange([{ present: notice.present, changed: true }]);
    });
  }

  controlAbort(): Promise<void> {
    return Promise.resolve();
  }

  clearHalt(endpoint: UsbEndpoint): Promise<void> {
    return this.#raw.clearHalt(endpoint);
  }

  close(): Promise<void> {
    this.#answers.end(new UsbError({ code: 'usb.gone', message: 'The reader was closed; open it again.' }));
    return this.#raw.close();
  }

  async #carryOut(command: CcidCommand, epoch: number): Promise<void> {
    try {
      if (this.#dirty) await this.#drain(this.#owed ? OWED_MS : QUIET_MS);
      const response = await this.#slot.respond(command);
      // What was aborted is not waited for.
      if (epoch === this.#epoch) this.#answers.push(encodeResponse(response));
    } catch (error) {
      const fault = asUsbError(error);
      if (fault.code === 'usb.gone') this.#answers.end(fault);
      else if (epoch === this.#epoch) this.#answers.push(fault);
    }
  }

  async #exchange(command: Acr38Command): Promise<Acr38Answer> {
    const bytes = encodeAcr38Command(command);
    if (this.#clock.monotonic() < this.#suspectUntil) await this.#drain(STALE_MS);
    this.#owed = true;
    for (let at = 0; at < bytes.length; at += PACKET) {
      await this.#raw.bulkOut(bytes.subarray(at, at + PACKET), SLICE_MS * 10);
    }
    const epoch = this.#epoch;
    let answer: Uint8Array = new Uint8Array();
    let whole = HEADER_LENGTH;
    while (answer.length < whole) {
      answer = concatBytes(answer, await this.#packet(epoch));
      whole = announcedAcr38Length(answer) ?? whole;
    }
    this.#owed = false;
    const decoded = decodeAcr38Answer(answer);
    if (decoded.status === ACR38_STATUS.notPowered) this.#slot.lose();
    return decoded;
  }

  async #packet(epoch: number): Promise<Uint8Array> {
    for (;;) {
      try {
        return await this.#raw.bulkIn(PACKET, SLICE_MS);
      } catch (error) {
        if (!(error instanceof UsbError) || error.code !== 'usb.timeout' || epoch !== this.#epoch)
          throw error;
      }
    }
  }

  /** Lets everything pass that is not asked for. What is owed and did not come is looked for again before each command. */
  async #drain(patienceMs: number): Promise<void> {
    let came = false;
    try {
      for (let wait = patienceMs; ; wait = QUIET_MS) {
        await this.#raw.bulkIn(PACKET, wait);
        came = true;
      }
    } catch (error) {
      if (!(error instanceof UsbError) || error.code !== 'usb.timeout') throw error;
      if (came) this.#suspectUntil = 0;
      else if (this.#owed) this.#suspectUntil = this.#clock.monotonic() + SUSPECT_MS;
      this.#dirty = false;
      this.#owed = false;
    }
  }
}

function asUsbError(error: unknown): UsbError {
  if (error instanceof UsbError) return error;
  if (!(error instanceof FramingError)) throw error;
  const message = 'The reader answers something else than it was asked; unplug it and plug it in again.';
  return new UsbError({ code: 'usb.io', message, cause: error });
}
