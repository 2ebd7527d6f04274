import { equalBytes } from '../bytes/compare.ts';
import { withoutExcess } from '../framing/atr-bytes.ts';
import { endsOddly } from '../framing/atr-deviations.ts';
import { parseAtr } from '../framing/atr.ts';
import { iccPowerOff, iccPowerOn } from '../framing/ccid/commands.ts';
import type { CommandBody } from '../framing/ccid/commands.ts';
import { FEATURE, POWER } from '../framing/ccid/constants.ts';
import type { PowerSelect } from '../framing/ccid/constants.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidResponse } from '../framing/ccid/message.ts';
import { SLOT_ERROR_SENTENCES } from '../framing/ccid/slot-error.ts';
import { FramingError } from '../framing/error.ts';
import { slotFailure } from './ccid-slot-error.ts';
import type { ResetCard } from './ccid-slot-parameters.ts';
import type { Epoch } from './epoch.ts';
import { ReaderError } from './error.ts';

/** In the order in which they are tried; each is the bit before its number in bVoltageSupport. */
const VOLTAGES = [POWER.volts5, POWER.volts3, POWER.volts1_8] as const;

/** Sends a power-up, which takes longer than other commands, or a power-down. */
type PowerCommand = (body: CommandBody, epoch: Epoch) => Promise<CcidResponse>;

/** Power and resets of the card in one slot. */
export class CcidPowerUp {
  readonly #descriptor: CcidDescriptor;
  readonly #command: PowerCommand;
  /** At which the card answered. */
  #voltage: PowerSelect = POWER.automatic;

  constructor(descriptor: CcidDescriptor, command: PowerCommand) {
    this.#descriptor = descriptor;
    this.#command = command;
  }

  /**
   * A cold reset of a card without power. An answer that ends oddly may have been heard badly: it counts when it comes
   * a second time just so.
   */
  async cold(epoch: Epoch): Promise<ResetCard> {
    const card = await this.#on(epoch);
    return endsOddly(card.atr.deviations) ? this.reset(epoch).then((again) => sureOf(card, again)) : card;
  }

  /** A warm reset, which the same command is for a card that has power (§6.1.1); where that fails, a cold one. */
  async reset(epoch: Epoch): Promise<ResetCard> {
    const warm = await this.#command(iccPowerOn(this.#voltage), epoch).catch(() => undefined);
    if (warm?.command === 'done' && warm.icc === 'active') return resetCard(warm.data);
    await this.#command(iccPowerOff, epoch);
    return this.#on(epoch);
  }

  /** Each voltage that the reader has, or the reader's own choice, until the card answers. */
  async #on(epoch: Epoch): Promise<ResetCard> {
    const automatic = FEATURE.autoVoltage | FEATURE.autoActivation;
    const choices =
      (this.#descriptor.features & automatic) !== 0
        ? [POWER.automatic]
        : VOLTAGES.filter((voltage) => (this.#descriptor.voltages & (1 << (voltage - 1))) !== 0);
    let last: CcidResponse | undefined;
    for (const voltage of choices) {
      last = await this.#command(iccPowerOn(voltage), epoch);
      this.#voltage = voltage;
      // The status comes before the data: a reader can send an old ATR for a card that is not there.
      if (last.command === 'done' && last.icc !== 'absent') return resetCard(last.data);
      if (last.icc === 'absent') break;
    }
    if (last !== undefined) throw slotFailure(last, 'power');
    throw new ReaderError({
      code: 'reader.unsupported',
      message: 'This reader names no voltage for cards; use another reader.',
    });
  }
}

function sureOf(card: ResetCard, again: ResetCard): ResetCard {
  if (!endsOddly(again.atr.deviations) || equalBytes(card.bytes, again.bytes)) return again;
  throw new ReaderError({ code: 'reader.mute', message: SLOT_ERROR_SENTENCES.badTck });
}

function resetCard(bytes: Uint8Array): ResetCard {
  try {
    return { bytes: withoutExcess(bytes), atr: parseAtr(bytes) };
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    throw new ReaderError({ code: 'reader.mute', message: error.message, cause: error });
  }
}
